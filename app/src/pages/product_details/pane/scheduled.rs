//! `?pane=scheduled`: what waits for the renewal, and dropping it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::{ChooseLosing, RevokeScheduled};
use super::parts::subject;
use super::server::{LosingView, ScheduledView};
use crate::components::{Banner, BannerKind, Facts, pane_close, pane_head};
use crate::pages::license_product::parts::avatar;
use crate::pages::license_product::server::PersonShown;
use crate::texts::use_texts;

/// The pane.
pub(super) fn pane(view: ScheduledView, address: &str) -> AnyView {
    let words = use_texts().scheduled();
    let nothing = view.facts.is_empty();
    let body = if nothing {
        view! { <Banner kind=BannerKind::Info cause=words.nothing() text=words.nothing_more() /> }.into_any()
    } else {
        view! { <Facts facts=view.facts lines=true /> }.into_any()
    };
    let foot = (!nothing).then(|| {
        view! {
            <button class="button" data-look="primary">
                {words.revoke()}
            </button>
        }
    });
    let note = (!nothing).then(|| view! { <p class="pane-note">{words.note()}</p> });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=RevokeScheduled::PATH>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="key" value=view.key />
                    {subject(&view.subject)}
                    {body}
                    {view.losing.map(losing)}
                </div>
                <footer class="pane-foot">{note} {pane_close(address)} {foot}</footer>
            </form>
        </section>
    }
    .into_any()
}

/// Who loses their license: ticked, and saved with a button of its own.
fn losing(view: LosingView) -> AnyView {
    let words = use_texts().scheduled();
    let error = view.error.map(|error| view! { <Banner kind=BannerKind::Danger text=error /> });
    view! {
        <fieldset class="stack" data-gap="s">
            <legend class="label">{words.losing()}</legend>
            {error}
            <p class="quiet">{view.lead}</p>
            <ul class="people">{view.people.into_iter().map(person).collect_view()}</ul>
            <div class="row">
                <button class="button" formaction=ChooseLosing::PATH>
                    {words.losing_save()}
                </button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn person((person, ticked): (PersonShown, bool)) -> AnyView {
    let PersonShown { id, name, initial, hue, department, mail, .. } = person;
    let hue = Some(hue).filter(|hue| !hue.is_empty());
    let second = if department.is_empty() { mail } else { department };
    view! {
        <li>
            <label class="person">
                <input class="check" type="checkbox" name="person[]" value=id checked=ticked />
                {avatar(initial, hue, None)}
                <span class="person-text">
                    <b>{name}</b>
                    <small>{second}</small>
                </span>
            </label>
        </li>
    }
    .into_any()
}
