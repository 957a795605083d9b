//! Which card pays: one of the person's own, or one that is typed at the provider.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{CardForm, CardLine, CardStep, ChooseCard};
use crate::components::{Banner, BannerKind, Icon};
use crate::texts::{escape, use_texts};

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

/// The provider's own form in its frame; without scripts the way to its page, there and back by links.
fn card_form(order: &str, form: CardForm) -> AnyView {
    let words = use_texts().checkout();
    let next = ["/checkout/", order].concat();
    listen(form.origin.clone(), next.clone());
    let title = words.frame_title(&form.provider);
    let hosted =
        hosted(&words.hosted(&form.provider), &words.hosted_link(&form.provider, &form.host), &form.hosted);
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
                {form.frame.map(|frame| view! { <iframe title=title src=frame></iframe> })}
                <noscript inner_html=hosted></noscript>
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

/// What stands where scripts do not run. As text, since a browser with scripts takes it for nothing else.
fn hosted(why: &str, link: &str, address: &str) -> String {
    [
        "<div class=\"card-frame-link\"><p>",
        &escape(why),
        "</p><a class=\"button\" data-look=\"primary\" data-size=\"l\" href=\"",
        &escape(address),
        "\">",
        &escape(link),
        "</a></div>",
    ]
    .concat()
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
