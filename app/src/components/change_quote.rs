use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Icon;
use super::quote::QuoteLine;
use crate::texts::use_texts;

/// What a change costs or gives back, line by line, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeQuoteView {
    /// What is charged or comes back, and the tax on it.
    pub lines: Vec<QuoteLine>,
    /// What is due now, or comes back: its name, how it comes, how much.
    pub total: QuoteLine,
    /// The next invoice: its name, what it is made of, how much.
    pub next: QuoteLine,
    /// What the next invoice would be without the change.
    pub next_was: Option<String>,
    /// Until when it stands; nothing where it is confirmed.
    pub until: Option<String>,
    /// Whether another one was shown before.
    pub changed: bool,
}

/// The quote of a change as a box.
#[component]
pub fn ChangeQuote(
    /// What it says.
    quote: ChangeQuoteView,
) -> impl IntoView {
    let words = use_texts().change();
    let line = |line: QuoteLine, class: Option<&'static str>, was: Option<String>| {
        view! {
            <tr class=class>
                <th scope="row">
                    {line.name} {(!line.detail.is_empty()).then(|| view! { <small>{line.detail}</small> })}
                </th>
                <td>{line.amount} {was.map(|was| view! { <small>{was}</small> })}</td>
            </tr>
        }
        .into_any()
    };
    let lines = quote.lines.into_iter().map(|each| line(each, None, None)).collect_view();
    let kind = quote.changed.then_some("changed");
    let icon = quote.changed.then(|| view! { <Icon name="warning" size="s" /> });
    view! {
        <div class="quote" data-kind=kind>
            <div class="quote-head">
                <h3>{icon} {words.quote()}</h3>
                {quote
                    .until
                    .map(|until| {
                        view! {
                            <small>
                                <Icon name="clock" />
                                {until}
                            </small>
                        }
                    })}
            </div>
            <table>
                <caption class="hidden">{words.quote()}</caption>
                <tbody>
                    {lines}
                    {line(quote.total, Some("total"), None)}
                    {line(quote.next, Some("next"), quote.next_was)}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
