//! `?pane=scheduled`: what waits for the renewal, and dropping it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::RevokeScheduled;
use super::parts::{close, head, subject};
use super::server::ScheduledView;
use crate::components::{Banner, BannerKind, Facts};
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
                {head(view.subject.title.clone(), address)}
                <div class="pane-body">
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="key" value=view.key />
                    {subject(&view.subject)}
                    {body}
                </div>
                <footer class="pane-foot">{note} {close(address)} {foot}</footer>
            </form>
        </section>
    }
    .into_any()
}
