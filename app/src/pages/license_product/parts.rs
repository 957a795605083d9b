//! What the list and the panes have in common.

use leptos::prelude::*;

use super::address::{Address, PERSON};
use super::server::{LicenseProductView, PersonShown};
use crate::components::{self, Failed, pane_close};
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
    let subject = use_texts().licenses().subject(&page.name, i64::from(page.free));
    components::pane_head(title, Some(subject), &address.closed())
}

/// The same way out, in the foot of a pane.
pub(super) fn close(address: &Address) -> AnyView {
    pane_close(&address.closed())
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
