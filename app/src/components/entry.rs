use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};

use super::frame::TestMode;
use super::{Icon, Notice};
use crate::texts::use_texts;
use crate::viewer::use_publisher;

/// The frame of the pages before one is inside: the panel of seats, and a narrow form.
#[component]
pub fn Entry(
    /// What the page is called.
    #[prop(into)]
    title: String,
    /// What it is for, in a sentence.
    #[prop(into)]
    lead: String,
    children: Children,
) -> impl IntoView {
    let texts = use_texts();
    let words = texts.entry();
    let publisher = use_publisher();
    view! {
        <Title text=[title.as_str(), " - ", publisher.as_str()].concat() />
        <TestMode />
        <div class="entry">
            <aside class="entry-panel">
                <p>{words.motto()}</p>
                <p>{words.motto_more()}</p>
            </aside>
            <div class="entry-page">
                <main class="entry-form" id="main">
                    <a class="brand" href="/" rel="external">
                        <img src="/minato.svg" width="28" height="28" alt="" />
                        <span>{publisher}</span>
                    </a>
                    <div>
                        <h1>{title}</h1>
                        <p>{lead}</p>
                    </div>
                    <Notice />
                    {children()}
                </main>
                <footer class="entry-foot">
                    <LanguageLinks />
                </footer>
            </div>
        </div>
    }
    .into_any()
}

/// The same address in each language: before somebody has signed in, the language stands in the address.
#[component]
fn LanguageLinks() -> impl IntoView {
    let path = use_location().pathname;
    let query = use_query_map();
    let link = |code: &'static str, name: &'static str| {
        let address = move || {
            let mut query = query.get();
            query.replace("lang", code.to_owned());
            [path.get(), query.to_query_string()].concat()
        };
        view! {
            <a class="link" lang=code hreflang=code rel="external" href=address>
                {name}
            </a>
        }
    };
    view! {
        <span class="row">
            <Icon name="globe" size="s" />
            {link("ja", "日本語")}
            {link("en", "English")}
        </span>
    }
}
