//! The last page before a purchase: everything on one screen (SPEC 4).

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{CardLine, ConfirmOrder, ConfirmStep};
use crate::components::{Banner, BannerKind, Facts, Icon, Legal, Quote};
use crate::texts::use_texts;

pub(super) fn form(order: String, step: ConfirmStep) -> AnyView {
    let words = use_texts().checkout();
    let other_card = ["/checkout/", &order, "?step=card"].concat();
    let sent = RwSignal::new(false);
    view! {
        <form
            class="stack"
            method="post"
            action=ConfirmOrder::PATH
            on:submit=move |event| {
                // A second click is the same purchase, and the server knows; the person should see it too.
                if sent.get_untracked() {
                    event.prevent_default();
                }
                sent.set(true);
            }
        >
            <h2>{words.last_page()}</h2>
            {step
                .declined
                .map(|reason| {
                    view! { <Banner kind=BannerKind::Danger cause=words.declined() text=reason /> }
                })}
            {step
                .changed
                .then(|| {
                    view! {
                        <Banner kind=BannerKind::Danger cause=words.changed() text=words.changed_more() />
                    }
                })}
            <input type="hidden" name="order" value=order />
            <input type="hidden" name="seal" value=step.seal />
            <input type="hidden" name="quoted_at" value=step.quoted_at.to_string() />
            <Quote quote=step.quote />
            {method(step.card, other_card)}
            <Facts facts=step.facts lines=true />
            <Legal agree=step.agree texts=step.legal />
            <div class="stack" data-gap="xs">
                <button
                    class="button"
                    data-look="primary"
                    data-size="l"
                    data-wide
                    aria-busy=move || sent.get().then_some("true")
                >
                    {step.button}
                </button>
                <small>{step.note}</small>
            </div>
        </form>
    }
    .into_any()
}

fn method(card: CardLine, other_card: String) -> AnyView {
    let words = use_texts().checkout();
    view! {
        <div class="field">
            <span class="label">{words.pays_with()}</span>
            <span class="method">
                <Icon name="card" />
                {card.name}
                " "
                <small>{card.expires}</small>
                <a class="link end" href=other_card>
                    {words.other_card()}
                </a>
            </span>
        </div>
    }
    .into_any()
}
