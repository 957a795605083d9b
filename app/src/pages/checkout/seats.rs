//! Plan, term and seats, chosen anew.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{ChangeOrder, OfferChoice, SeatsStep};
use crate::components::TextField;
use crate::texts::use_texts;

pub(super) fn form(order: String, product: String, step: SeatsStep) -> AnyView {
    let words = use_texts().checkout();
    let offers = step.offers.into_iter().map(offer).collect_view();
    view! {
        <form class="stack" method="post" action=ChangeOrder::PATH>
            <input type="hidden" name="order" value=order />
            <input type="hidden" name="product" value=product />
            <fieldset>
                <legend class="label">{words.plan()}</legend>
                <div class="stack" data-gap="xs">
                    {offers}
                </div>
            </fieldset>
            <TextField name="seats" label=words.seats() value=step.seats hint=step.hint error=step.error />
            <div class="row">
                <button class="button" data-look="primary" data-size="l">
                    {words.save()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn offer(offer: OfferChoice) -> AnyView {
    view! {
        <label class="choice">
            <input class="radio" type="radio" name="offer" value=offer.code checked=offer.chosen />
            <span class="choice-name">{offer.plan}</span>
            <span class="choice-note">{offer.price}</span>
            <span class="choice-text">{offer.term}</span>
        </label>
    }
    .into_any()
}
