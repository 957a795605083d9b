//! What the panes have in common.

use leptos::prelude::*;

use super::server::{ConfirmView, ImpossibleView, SubjectView};
use crate::components::{
    Banner, BannerKind, ChangeQuote, Choices, Failed, Icon, StatusBadge, Tile, pane_close, pane_head,
};
use crate::error::AppError;
use crate::texts::use_texts;

/// What the pane is about.
pub(super) fn subject(subject: &SubjectView) -> AnyView {
    view! {
        <div class="item subject">
            <Tile icon=subject.icon.clone() hue=subject.hue.clone() />
            <div>
                <b>{subject.name.clone()}</b>
                <small>{subject.line.clone()}</small>
            </div>
            <StatusBadge status=subject.status.clone() />
        </div>
    }
    .into_any()
}

/// What every change with a quote shows below what is wanted: when, how much, what pays, the way back.
pub(super) fn quoted(confirm: &mut ConfirmView) -> AnyView {
    let words = use_texts().change();
    let when = std::mem::take(&mut confirm.when);
    let when = (!when.is_empty())
        .then(|| view! { <Choices legend=words.when() name="when" choices=when beside=true /> });
    let quote = match confirm.quote.take() {
        Some(quote) => view! { <ChangeQuote quote /> }.into_any(),
        None => view! {
            <div class="quote">
                <div class="quote-head">
                    <h3>{words.quote()}</h3>
                </div>
                <p class="quiet">{std::mem::take(&mut confirm.no_quote)}</p>
            </div>
        }
        .into_any(),
    };
    let way_back = std::mem::take(&mut confirm.way_back);
    let way_back = (!way_back.is_empty()).then(|| {
        view! {
            <section class="banner">
                <Icon name="undo" />
                <p>{way_back}</p>
            </section>
        }
    });
    view! {
        {when}
        <div class="row">
            <button class="button" data-size="s">
                {words.update()}
            </button>
        </div>
        <div role="status">{quote}</div>
        {confirm.card.take().map(method)}
        {way_back}
    }
    .into_any()
}

fn method((name, expires): (String, String)) -> AnyView {
    let words = use_texts().change();
    view! {
        <div class="field">
            <span class="label">{words.pays_with()}</span>
            <span class="method">
                <Icon name="card" />
                {name}
                " "
                <small>{expires}</small>
            </span>
        </div>
    }
    .into_any()
}

/// The foot of a change with a quote: what pressing the button brings, the way out, the button.
pub(super) fn foot(confirm: ConfirmView, address: &str, action: &'static str) -> AnyView {
    let ready = confirm.confirmation.is_some();
    view! {
        <footer class="pane-foot">
            <p class="pane-note">{confirm.note}</p>
            {pane_close(address)}
            <button
                class="button"
                data-look="primary"
                name="confirmation"
                value=confirm.confirmation
                formmethod="post"
                formaction=action
                disabled=!ready
            >
                {confirm.button}
            </button>
        </footer>
    }
    .into_any()
}

/// A pane for what cannot be done in this state.
pub(super) fn impossible(view: ImpossibleView, address: &str) -> AnyView {
    let way = view.way.map(|(name, address)| {
        view! {
            <div class="row">
                <a class="button" href=address>
                    {name}
                </a>
            </div>
        }
    });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(view.subject.title.clone(), None, address)}
            <div class="pane-body">
                {subject(&view.subject)} <Banner kind=BannerKind::Info cause=view.cause text=view.text />
                {way}
            </div>
            <footer class="pane-foot">{pane_close(address)}</footer>
        </section>
    }
    .into_any()
}

/// A pane that could not be loaded.
pub(super) fn failed(error: AppError, address: &str) -> AnyView {
    let words = use_texts().change();
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(words.not_loaded().to_owned(), None, address)}
            <div class="pane-body">
                <Failed error />
            </div>
        </section>
    }
    .into_any()
}
