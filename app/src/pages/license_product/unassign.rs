//! `?pane=unassign`: the question before people lose their license.

pub mod server;

use domain::license::MOST_AT_ONCE;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::address::Address;
use super::parts::{avatar_of, close, pane_head, sent};
use super::server::{LicenseProductView, PersonShown};
use crate::components::{Banner, BannerKind};
use crate::texts::use_texts;
pub use server::{UnassignLicenses, UnassignView, unassign_licenses, unassign_question};

/// The pane.
pub(super) fn pane(view: UnassignView, page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let most = i64::try_from(MOST_AT_ONCE).unwrap_or(i64::MAX);
    let refusal = if view.ticked == 0 {
        Some((words.nobody_ticked(), words.nobody_ticked_more().to_owned()))
    } else if view.ticked > most {
        Some((words.too_many_ticked(), words.too_many_ticked_more(view.ticked - most)))
    } else if view.people.is_empty() {
        Some((words.nobody_holds(), words.nobody_holds_more().to_owned()))
    } else {
        None
    };
    match refusal {
        Some((cause, text)) => refused(cause, text, page, address),
        None => question(view, page, address),
    }
}

/// Nothing can be asked: why, and what to do in the list.
fn refused(cause: &'static str, text: String, page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(words.unassign_title().to_owned(), page, address)} <div class="pane-body">
                <Banner kind=BannerKind::Info cause=cause text=text />
            </div> <footer class="pane-foot">
                <p class="pane-note">{words.nothing_changed()}</p>
                <a class="button" href=address.closed()>
                    {words.back_to_list()}
                </a>
            </footer>
        </section>
    }
    .into_any()
}

fn question(view: UnassignView, page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let count = i64::try_from(view.people.len()).unwrap_or(i64::MAX);
    let ids: Vec<String> = view.people.iter().map(|person| person.id.clone()).collect();
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=UnassignLicenses::PATH>
                {pane_head(words.question(count), page, address)} <div class="pane-body">
                    <input type="hidden" name="product" value=page.key.clone() />
                    <input type="hidden" name="key" value=view.key />
                    {sent(ids)}
                    <p class="prose">{words.question_more(&page.name)}</p>
                    <section class="results">
                        <ul>{view.people.into_iter().map(affected).collect_view()}</ul>
                    </section>
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.question_way_back()}</p>
                    {close(address)}
                    <button class="button" data-look="danger">
                        {words.unassign()}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}

/// Somebody who is about to lose their license.
fn affected(person: PersonShown) -> AnyView {
    let avatar = avatar_of(&person);
    let second = if person.department.is_empty() { person.mail } else { person.department };
    view! {
        <li class="result">
            {avatar} <div>
                <b>{person.name}</b>
                <p>{second}</p>
            </div>
        </li>
    }
    .into_any()
}
