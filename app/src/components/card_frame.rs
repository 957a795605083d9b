//! The place where a card is typed: the payment provider's, never ours.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use serde::{Deserialize, Serialize};

use super::Icon;
use crate::texts::{escape, use_texts};

/// Where a card is typed: the provider's own form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardForm {
    /// What the frame shows, where scripts run.
    pub frame: Option<String>,
    /// The frame's origin: only its messages are heard.
    pub origin: String,
    /// The whole page, there and back by links.
    pub hosted: String,
    /// On whose host, to be read.
    pub host: String,
    /// The provider's name.
    pub provider: String,
}

/// What happens as soon as the provider's frame says that the card is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCard {
    /// The next page is opened.
    GoOn,
    /// The form with this id is sent.
    Send(&'static str),
}

/// The provider's own form in its frame; without scripts the way to its page, there and back by links. `next` is the
/// page that goes on from there.
pub fn card_frame(form: CardForm, next: String, on_card: OnCard) -> AnyView {
    let words = use_texts().checkout();
    listen(form.origin.clone(), next.clone(), on_card);
    let title = words.frame_title(&form.provider);
    let hosted =
        hosted(&words.hosted(&form.provider), &words.hosted_link(&form.provider, &form.host), &form.hosted);
    view! {
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

/// Goes on as soon as the provider's frame says that the card is there, once, however often it says so. Only a hint: the
/// server asks the provider.
fn listen(origin: String, next: String, on_card: OnCard) {
    Effect::new(move || {
        let (origin, next, waits) = (origin.clone(), next.clone(), Cell::new(true));
        let heard = window_event_listener(leptos::ev::message, move |event: web_sys::MessageEvent| {
            if event.origin() != origin || !waits.replace(false) {
                return;
            }
            match on_card {
                OnCard::GoOn => {
                    window().location().set_href(&next).ok();
                }
                OnCard::Send(id) => {
                    let form = document().get_element_by_id(id);
                    if let Some(form) = form.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok())
                    {
                        form.submit().ok();
                    }
                }
            }
        });
        on_cleanup(move || heard.remove());
    });
}
