//! `?pane=pay`: what is owed is paid at once, with the usual card or another one.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::PayInvoice;
use super::parts::subject;
use super::server::{BankView, PayView};
use crate::components::{Banner, BannerKind, Choices, Facts, Icon, notices, pane_close, pane_head};
use crate::texts::use_texts;

/// The pane.
pub(super) fn pane(view: PayView, address: &str) -> AnyView {
    let words = use_texts().pay();
    let way = match view.bank {
        Some(bank) => under_way(bank),
        None if view.cards.is_empty() => ().into_any(),
        None => view! { <Choices legend=words.card() name="method" choices=view.cards /> }.into_any(),
    };
    let new_card = (!view.new_card.is_empty()).then(|| {
        view! {
            <div class="row">
                <a class="button" href=view.new_card rel="external">
                    <Icon name="plus" />
                    {words.new_card()}
                </a>
            </div>
        }
    });
    let button = view.button.map(|button| {
        view! {
            <button class="button" data-look="primary">
                {button}
            </button>
        }
    });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=PayInvoice::PATH>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    <input type="hidden" name="document" value=view.document />
                    {notices(view.notices)}
                    {subject(&view.subject)}
                    <Facts facts=view.facts lines=true />
                    {way}
                    {new_card}
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{view.note}</p>
                    {pane_close(address)}
                    {button}
                </footer>
            </form>
        </section>
    }
    .into_any()
}

/// A payment that is under way: at the bank, or on its way there.
fn under_way(bank: BankView) -> AnyView {
    let (words, pay) = (use_texts().checkout(), use_texts().pay());
    let BankView { address, host } = bank;
    if address.is_empty() {
        return view! { <Banner kind=BannerKind::Info cause=words.underway() text=words.underway_more() /> }
            .into_any();
    }
    view! {
        <div class="stack">
            <Banner kind=BannerKind::Info cause=pay.bank() text=pay.bank_more() />
            <div class="row">
                <a class="button" href=address rel="external">
                    <Icon name="external" />
                    {words.bank_link(&host)}
                </a>
            </div>
            <p class="quiet">{words.bank_done()}</p>
        </div>
    }
    .into_any()
}
