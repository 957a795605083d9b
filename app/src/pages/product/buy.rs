//! The box beside a product: what is chosen, and what can be done about it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::{BuyBox, StartOrder, TermChoice, TrialBox};
use crate::components::live_form::Typed;
use crate::components::{Quote, field_error};
use crate::texts::use_texts;

/// What is chosen, what it costs, and the ways on.
pub(super) fn buy_box(product: String, buy: BuyBox, trial: Option<TrialBox>) -> AnyView {
    let words = use_texts().product();
    let frequencies = (buy.frequencies.len() > 1).then(|| segment(words.frequency(), &buy.frequencies));
    let only = (buy.frequencies.len() == 1).then(|| buy.frequencies[0].code.clone());
    let ready = buy.quote.is_some();
    view! {
        <aside class="stack" data-gap="s">
            <section class="card buy">
                <h2>{buy.name}</h2>
                <input type="hidden" name="product" value=product />
                <input type="hidden" name="key" value=buy.key />
                <input type="hidden" name="term" value=buy.term />
                {only.map(|code| view! { <input type="hidden" name="frequency" value=code /> })}
                {frequencies}
                <div class="row" data-spread>
                    <label class="label" for="seats">
                        {words.seats_label()}
                    </label>
                    <div class="input-box seat-box" data-size="s">
                        <input
                            class="input"
                            id="seats"
                            name="seats"
                            inputmode="numeric"
                            autocomplete="off"
                            prop:value=Typed::new(&buy.seats)
                            value=buy.seats
                            aria-invalid=buy.seats_error.is_some().then_some("true")
                            aria-describedby=buy.seats_error.is_some().then_some("seats-error")
                        />
                    </div>
                </div>
                // First among the buttons: what Enter in the field does.
                <button class="button" data-size="s" data-wide>
                    {words.update()}
                </button>
                {field_error("seats-error", buy.seats_error)}
                <div role="status">
                    {match buy.quote {
                        Some(quote) => view! { <Quote quote /> }.into_any(),
                        None => view! { <p class="quiet">{words.no_quote()}</p> }.into_any(),
                    }}
                </div>
                <div class="stack" data-gap="xs">
                    {ready
                        .then(|| {
                            view! {
                                <button
                                    class="button"
                                    data-look="primary"
                                    data-size="l"
                                    data-wide
                                    formmethod="post"
                                    formaction=StartOrder::PATH
                                >
                                    {words.go_on()}
                                </button>
                            }
                        })}
                </div>
                <small>{words.next_step()}</small>
                {trial.map(|trial| trial_box(trial, false))}
            </section>
        </aside>
    }
    .into_any()
}

/// The way to a trial: what one looks at first only where it cannot be bought.
pub(super) fn trial_box(trial: TrialBox, alone: bool) -> AnyView {
    view! {
        <div class="stack" data-gap="xs">
            <a
                class="button"
                data-look=alone.then_some("primary")
                data-size="l"
                data-wide
                href=trial.address
            >
                {trial.button}
            </a>
            <small>{trial.note}</small>
        </div>
    }
    .into_any()
}

/// How the term can be paid.
fn segment(legend: &'static str, choices: &[TermChoice]) -> AnyView {
    let choices = choices
        .iter()
        .cloned()
        .map(|choice| {
            view! {
                <label>
                    <input type="radio" name="frequency" value=choice.code checked=choice.chosen />
                    <span>{choice.name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="label">{legend}</legend>
            <div class="segment">{choices}</div>
        </fieldset>
    }
    .into_any()
}
