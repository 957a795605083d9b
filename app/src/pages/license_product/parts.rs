//! What the list and the panes have in common.

use leptos::prelude::*;

use super::address::{Address, PERSON};
use super::server::{LicenseProductView, PersonShown};
use crate::components::{Failed, Icon};
use crate::error::AppError;
use crate::texts::use_texts;

/// The round mark of a person; gray without a color.
pub(in crate::pages) fn avatar(initial: String, hue: Option<String>, size: Option<&'static str>) -> AnyView {
    view! {
        <span class="avatar" data-hue=hue data-size=size aria-hidden="true">
            {initial}
        </span>
    }
    .into_any()
}

/// The round mark of somebody who is shown.
pub(super) fn avatar_of(person: &PersonShown) -> AnyView {
    let hue = Some(person.hue.clone()).filter(|hue| !hue.is_empty());
    avatar(person.initial.clone(), hue, None)
}

/// The head of a pane: what it is called, what it is about, the way out.
pub(super) fn pane_head(title: String, page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    view! {
        <header class="pane-head">
            <h2 id="pane-title">{title}</h2>
            <a class="icon-button" href=address.closed() aria-label=words.close()>
                <Icon name="close" />
            </a>
            <p>{words.subject(&page.name, i64::from(page.free))}</p>
        </header>
    }
    .into_any()
}

/// The same way out, in the foot of a pane.
pub(super) fn close(address: &Address) -> AnyView {
    let words = use_texts().licenses();
    view! {
        <a class="button" data-close href=address.closed()>
            {words.close()}
        </a>
    }
    .into_any()
}

/// These people in a form that is sent.
pub(super) fn sent(people: impl IntoIterator<Item = String>) -> AnyView {
    people
        .into_iter()
        .map(|person| view! { <input type="hidden" name=PERSON value=person /> })
        .collect_view()
        .into_any()
}

/// A pane that could not be loaded.
pub(super) fn failed(error: AppError, page: &LicenseProductView, address: &Address) -> AnyView {
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(page.name.clone(), page, address)} <div class="pane-body">
                <Failed error />
            </div>
        </section>
    }
    .into_any()
}
