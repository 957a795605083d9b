//! `?pane=recurring`: whether it renews, what happens on which day, and the switch.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::SetRecurring;
use super::parts::subject;
use super::server::RecurringView;
use crate::components::{Banner, BannerKind, Icon, Timeline, notices, pane_close, pane_head};
use crate::texts::use_texts;

/// The pane.
pub(super) fn pane(view: RecurringView, address: &str) -> AnyView {
    let words = use_texts().recurring();
    let (then, button) =
        if view.on { (words.if_off(), words.turn_off()) } else { (words.if_on(), words.turn_on()) };
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=SetRecurring::PATH>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="key" value=view.key />
                    <input type="hidden" name="turn" value=if view.on { "off" } else { "on" } />
                    {subject(&view.subject)}
                    <Banner kind=BannerKind::Info cause=view.now text=view.now_more />
                    <section>
                        <h3 class="label">{then}</h3>
                        <Timeline entries=view.then />
                    </section>
                    {notices(view.drops.into_iter().collect())}
                    <section class="banner">
                        <Icon name="undo" />
                        <p>{view.way_back}</p>
                    </section>
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.note()}</p>
                    {pane_close(address)}
                    <button class="button" data-look="primary">
                        {button}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}
