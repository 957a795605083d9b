//! Which card pays: one of the person's own, or one that is typed at the provider.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{CardLine, CardStep, ChooseCard};
use crate::components::{Banner, BannerKind, CardForm, Icon, OnCard, card_frame};
use crate::texts::use_texts;

pub(super) fn form(order: &str, step: CardStep) -> AnyView {
    let words = use_texts().checkout();
    let refused = step
        .refused
        .map(|reason| view! { <Banner kind=BannerKind::Danger cause=words.refused() text=reason /> });
    let typed = step.form.is_some();
    let choose = (!typed || !step.cards.is_empty()).then(|| choices(order.to_owned(), step.cards, typed));
    view! {
        <div class="stack">
            {refused}
            {choose}
            {step.form.map(|form| new_card(order, form))}
        </div>
    }
    .into_any()
}

fn choices(order: String, cards: Vec<CardLine>, typing: bool) -> AnyView {
    let words = use_texts().checkout();
    let only_new = cards.is_empty();
    let lines = cards.into_iter().map(saved).collect_view();
    let new = (!typing).then(|| {
        view! {
            <label class="choice">
                <input class="radio" type="radio" name="card" value="" checked=only_new />
                <Icon name="plus" />
                <span class="choice-name">{words.new_card()}</span>
            </label>
        }
    });
    view! {
        <form class="stack" data-gap="s" method="post" action=ChooseCard::PATH>
            <input type="hidden" name="order" value=order />
            <fieldset>
                <legend class="label">{words.which_card()}</legend>
                <div class="stack" data-gap="xs">
                    {lines}
                    {new}
                </div>
            </fieldset>
            <div class="row">
                <button class="button" data-look=(!typing).then_some("primary") data-size="l">
                    {if only_new { words.begin_again() } else { words.use_card() }}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn saved(card: CardLine) -> AnyView {
    view! {
        <label class="choice">
            <input class="radio" type="radio" name="card" value=card.id checked=card.chosen />
            <Icon name="card" />
            <span class="choice-name">{card.name}</span>
            <span class="choice-note">{card.expires}</span>
        </label>
    }
    .into_any()
}

fn new_card(order: &str, form: CardForm) -> AnyView {
    view! {
        <section class="stack" data-gap="s">
            <h2>{use_texts().checkout().new_card()}</h2>
            {card_frame(form, ["/checkout/", order].concat(), OnCard::GoOn)}
        </section>
    }
    .into_any()
}
