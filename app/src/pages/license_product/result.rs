//! `?pane=result`: what came of giving or taking licenses, person by person, what failed first.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::address::Address;
use super::assign::AssignLicenses;
use super::parts::{avatar_of, close, pane_head, sent};
use super::server::LicenseProductView;
use super::unassign::UnassignLicenses;
use crate::components::{Banner, BannerKind, Icon};
use crate::texts::{Licenses, group, use_texts};
#[cfg(feature = "ssr")]
pub(super) use server::Kept;
pub use server::{ResultRow, ResultView, license_result};

/// The pane.
pub(super) fn pane(view: Option<ResultView>, page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let taken = view.as_ref().is_some_and(|view| view.taken);
    let title = if taken { words.unassign_result() } else { words.assign_result() };
    let undo = view.as_ref().and_then(|view| undo(view, page));
    let body = match view {
        Some(view) => people(view, page),
        None => {
            view! { <Banner kind=BannerKind::Info cause=words.no_result() text=words.no_result_more() /> }
                .into_any()
        }
    };
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(title.to_owned(), page, address)} <div class="pane-body">{body}</div>
            <footer class="pane-foot">
                <p class="pane-note">{words.result_note()}</p>
                {undo}
                {close(address)}
            </footer>
        </section>
    }
    .into_any()
}

fn people(view: ResultView, page: &LicenseProductView) -> AnyView {
    let words = use_texts().licenses();
    let (failed, done) = if view.taken {
        (words.not_taken_people(), words.taken_people())
    } else {
        (words.not_given_people(), words.given_people())
    };
    let summary = summary(&view, words);
    view! {
        {summary}
        {rows(failed, view.failed, page)}
        {rows(done, view.done, page)}
    }
    .into_any()
}

/// For how many of them it was done.
fn summary(view: &ResultView, words: Licenses) -> AnyView {
    let [failed, done] =
        [view.failed.len(), view.done.len()].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let total = group(failed + done);
    let (kind, icon) = match (failed, done) {
        (0, _) => ("ok", "success"),
        (_, 0) => ("danger", "error"),
        (_, _) => ("warning", "warning"),
    };
    let (cause, rest) = match (view.taken, failed) {
        (false, 0) => (words.given(done), None),
        (false, _) => (words.given_of(done, &total), Some(words.not_given(failed))),
        (true, 0) => (words.taken(done), None),
        (true, _) => (words.taken_of(done, &total), Some(words.not_taken(failed))),
    };
    view! {
        <section class="banner" data-kind=kind>
            <Icon name=icon />
            <div>
                <p>
                    <b>{cause}</b>
                </p>
                {rest.map(|rest| view! { <p>{rest}</p> })}
            </div>
        </section>
    }
    .into_any()
}

fn rows(title: &'static str, rows: Vec<ResultRow>, page: &LicenseProductView) -> Option<AnyView> {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|shown| row(shown, page)).collect_view();
        view! {
            <section class="results">
                <h3>{title}</h3>
                <ul>{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn row(row: ResultRow, page: &LicenseProductView) -> AnyView {
    let words = use_texts().licenses();
    let icon = match row.kind.as_str() {
        "ok" => "success",
        "danger" => "error",
        _ => "info",
    };
    let more_seats = row.more_seats.then(|| {
        let address = ["/catalog/", &page.key].concat();
        view! { <a href=address>{words.buy_seats()}</a> }
    });
    view! {
        <li class="result" data-kind=row.kind>
            {avatar_of(&row.person)} <div>
                <b>{row.person.name.clone()}</b>
                <p>{row.text}</p>
            </div>
            {more_seats}
            <Icon name=icon />
        </li>
    }
    .into_any()
}

/// The way back: the same people, the other way round.
fn undo(view: &ResultView, page: &LicenseProductView) -> Option<AnyView> {
    let words = use_texts().licenses();
    let action = if view.taken { AssignLicenses::PATH } else { UnassignLicenses::PATH };
    let people: Vec<String> = view.done.iter().map(|row| row.person.id.clone()).collect();
    (!people.is_empty()).then(|| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="product" value=page.key.clone() />
                <input type="hidden" name="key" value=view.key.clone() />
                {sent(people)}
                <button class="button" data-wide>
                    {words.undo()}
                </button>
            </form>
        }
        .into_any()
    })
}
