use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Icon;
use crate::texts::use_texts;

/// What something costs, line by line, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteView {
    /// What is charged for, and the tax on it.
    pub lines: Vec<QuoteLine>,
    /// What is due now.
    pub due_now: String,
    /// Every later payment, and the total of the term.
    pub later: Vec<QuoteLine>,
    /// Until when it stands; nothing where it is not confirmed from here.
    pub until: Option<String>,
}

/// A line of a quote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// What it is for.
    pub name: String,
    /// How it comes about.
    pub detail: String,
    /// How much.
    pub amount: String,
}

/// A quote as a box.
#[component]
pub fn Quote(
    /// What it says.
    quote: QuoteView,
    /// Whether it is paid: then it is no quote any more.
    #[prop(optional)]
    paid: bool,
) -> impl IntoView {
    let words = use_texts().quote();
    let (title, sum) = if paid { (words.details(), words.paid()) } else { (words.title(), words.due_now()) };
    let line = |line: QuoteLine, class: Option<&'static str>| {
        view! {
            <tr class=class>
                <th scope="row">
                    {line.name} {(!line.detail.is_empty()).then(|| view! { <small>{line.detail}</small> })}
                </th>
                <td>{line.amount}</td>
            </tr>
        }
    };
    let lines = quote.lines.into_iter().map(|each| line(each, None)).collect_view();
    let later = quote.later.into_iter().map(|each| line(each, Some("later"))).collect_view();
    view! {
        <div class="quote">
            <div class="quote-head">
                <h2>{title}</h2>
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
                <caption class="hidden">{title}</caption>
                <tbody>
                    {lines}
                    <tr class="total">
                        <th scope="row">
                            {sum} <small>{words.with_tax()}</small>
                        </th>
                        <td>{quote.due_now}</td>
                    </tr>
                    {later}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
