use leptos::prelude::*;

use super::Icon;
use crate::texts::use_texts;

/// The way to save all of a list as a file that spreadsheets open.
#[component]
pub fn SaveAsCsv(
    /// The address of the file.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! {
        <a class="link" href=href rel="external" download="">
            <Icon name="download" />
            {use_texts().frame().save_csv()}
        </a>
    }
}

/// The ways to other pages of a list; nothing if there are none.
#[component]
pub fn Pager(
    /// What it is called.
    label: &'static str,
    /// The way to the first page, where one is behind it.
    first: Option<String>,
    /// What that way is called.
    first_word: &'static str,
    /// The way to the next page, if there is one.
    next: Option<String>,
    /// What that way is called.
    next_word: &'static str,
) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=label>
                {first
                    .map(|first| {
                        view! {
                            <a class="button" href=first>
                                <Icon name="chevron-left" />
                                {first_word}
                            </a>
                        }
                    })}
                {next
                    .map(|next| {
                        view! {
                            <a class="button" href=next>
                                {next_word}
                                <Icon name="chevron-right" />
                            </a>
                        }
                    })}
            </nav>
        }
    })
}
