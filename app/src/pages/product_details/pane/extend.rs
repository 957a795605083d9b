//! `?pane=extend`: a trial is extended, once.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::ExtendTrial;
use super::parts::subject;
use super::server::ExtendView;
use crate::components::{Facts, pane_close, pane_head};
use crate::texts::use_texts;

/// The pane.
pub(super) fn pane(view: ExtendView, address: &str) -> AnyView {
    let words = use_texts().trial();
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=ExtendTrial::PATH>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="key" value=view.key />
                    {subject(&view.subject)}
                    <Facts facts=view.facts lines=true />
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.extend_once()}</p>
                    {pane_close(address)}
                    <button class="button" data-look="primary">
                        {view.button}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}
