//! What stands at an address where nothing is, or nothing for this person: the two look the same (SPEC 1).

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::Entry;
use crate::texts::use_texts;
use crate::viewer::use_publisher;

/// A 404 that helps.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    say_not_found();
    let words = use_texts().not_found();
    view! {
        <Entry title=words.title() lead=words.lead()>
            <div class="row">
                <a class="button" data-look="primary" href="/" rel="external">
                    {words.to_home()}
                </a>
            </div>
        </Entry>
    }
    .into_any()
}

/// The same inside the frame, where a page has found nothing.
#[component]
pub fn Nothing() -> impl IntoView {
    say_not_found();
    let words = use_texts().not_found();
    let title = [words.title(), " - ", &use_publisher()].concat();
    view! {
        <Title text=title />
        <section class="lost">
            <svg class="drawing" data-soft width="92" height="36" aria-hidden="true">
                <use href="/empty-seats.svg#lost"></use>
            </svg>
            <h1>{words.title()}</h1>
            <p>{words.lead()}</p>
            <div class="row">
                <a class="button" data-look="primary" href="/">
                    {words.to_home()}
                </a>
            </div>
        </section>
    }
    .into_any()
}

fn say_not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}
