//! Which card pays: one of the person's own, or one that is typed at the provider.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{CardForm, CardLine, CardStep, ChooseCard};
use crate::components::{Banner, BannerKind, Icon};
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
            {step.form.map(|form| card_form(order, form))}
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

/// The provider's own form: its frame once scripts run, a link to its page before and without them. Both have the
/// same height, so nothing moves.
fn card_form(order: &str, form: CardForm) -> AnyView {
    let words = use_texts().checkout();
    let next = ["/checkout/", order].concat();
    let awake = RwSignal::new(false);
    listen(form.origin.clone(), next.clone());
    Effect::new(move || awake.set(true));
    let (frame, title) = (form.frame, words.frame_title(&form.provider));
    let (why, link, address) =
        (words.hosted(&form.provider), words.hosted_link(&form.provider, &form.host), form.hosted);
    let place = move || match frame.clone().filter(|_| awake.get()) {
        Some(frame) => view! { <iframe title=title.clone() src=frame></iframe> }.into_any(),
        None => hosted(why.clone(), link.clone(), address.clone()),
    };
    view! {
        <section class="stack" data-gap="s">
            <h2>{words.new_card()}</h2>
            <div class="card-frame">
                <div class="card-frame-head">
                    <Icon name="lock" />
                    <span>
                        <b>{form.provider}</b>
                        " "
                        {words.frame_head()}
                    </span>
                    <span>{form.host}</span>
                </div>
                {place}
            </div>
            <p class="hint">{words.frame_hint()}</p>
            <p class="quiet">{words.card_typed()}</p>
            <div class="row">
                <a class="button" href=next rel="external">
                    {words.go_on()}
                </a>
            </div>
        </section>
    }
    .into_any()
}

fn hosted(why: String, link: String, address: String) -> AnyView {
    view! {
        <div class="card-frame-link">
            <p>{why}</p>
            <a class="button" data-look="primary" data-size="l" href=address rel="external">
                <Icon name="external" />
                {link}
            </a>
        </div>
    }
    .into_any()
}

/// Goes on as soon as the provider's frame says that the card is there. Only a hint: the server asks the provider.
fn listen(origin: String, next: String) {
    Effect::new(move || {
        let (origin, next) = (origin.clone(), next.clone());
        let heard = window_event_listener(leptos::ev::message, move |event: web_sys::MessageEvent| {
            if event.origin() == origin {
                window().location().set_href(&next).ok();
            }
        });
        on_cleanup(move || heard.remove());
    });
}
