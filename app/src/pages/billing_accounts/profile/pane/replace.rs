//! `?pane=replace`: another of one's own payment methods pays a profile from now on.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::ReplaceView;
use super::act::ReplaceMethod;
use crate::components::{Banner, BannerKind, Choices, Icon, notices, pane_close, pane_head};
use crate::texts::use_texts;

/// The pane.
pub(super) fn pane(view: ReplaceView, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    let ReplaceView { mut sent, cards, add } = view;
    let inputs = sent.inputs();
    let warnings = notices(std::mem::take(&mut sent.notes));
    let ready = !cards.is_empty();
    let cards = if ready {
        view! { <Choices legend=words.use_method() name="method" choices=cards /> }.into_any()
    } else {
        view! { <Banner kind=BannerKind::Info cause=words.no_cards() text=words.no_cards_more() /> }
            .into_any()
    };
    let button = ready.then(|| {
        view! {
            <button class="button" data-look="primary">
                {words.replace()}
            </button>
        }
    });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=ReplaceMethod::PATH>
                {pane_head(words.replace_title().to_owned(), Some(sent.subject.clone()), address)} <div class="pane-body">
                    {inputs} {warnings} {cards} <div class="row">
                        <a class="button" href=add>
                            <Icon name="plus" />
                            {words.add_method()}
                        </a>
                    </div> <p class="quiet">{words.replace_info()}</p>
                </div> <footer class="pane-foot">
                    <p class="pane-note">{words.replace_note()}</p>
                    {pane_close(address)}
                    {button}
                </footer>
            </form>
        </section>
    }
    .into_any()
}
