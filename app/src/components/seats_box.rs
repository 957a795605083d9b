use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::live_form::{Typed, on_step};
use super::{Icon, field_error};
use crate::texts::use_texts;

/// A number of seats to type, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsBoxView {
    /// The seats, as they were typed.
    pub value: String,
    /// What is accepted.
    pub hint: String,
    /// Why so many cannot be had.
    pub error: Option<String>,
    /// Where the step down leads without scripts.
    pub fewer: String,
    /// Where the step up leads without scripts.
    pub more: String,
}

/// A total to type into, with a step down and a step up, in a form that answers as one types.
#[component]
pub fn SeatsBox(
    /// What stands there.
    seats: SeatsBoxView,
    /// What it is called.
    label: &'static str,
    /// Where the form leads.
    path: String,
    /// The controls that stand in its address.
    names: &'static [&'static str],
    /// What the number means, beside it.
    #[prop(optional, into)]
    beside: Option<AnyView>,
) -> impl IntoView {
    let words = use_texts().seats();
    let described = if seats.error.is_some() { "seats-hint seats-error" } else { "seats-hint" };
    let step = |address: String, label: &'static str, icon: &'static str, more: bool| {
        let press = on_step(path.clone(), names, "seats", more);
        view! {
            <a class="icon-button" href=address aria-label=label on:click=press>
                <Icon name=icon />
            </a>
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label class="label" for="seats">
                {label}
            </label>
            <div class="row">
                <div class="input-box seat-box">
                    {step(seats.fewer, words.fewer(), "minus", false)}
                    <input
                        class="input"
                        id="seats"
                        name="seats"
                        inputmode="numeric"
                        autocomplete="off"
                        prop:value=Typed::new(&seats.value)
                        value=seats.value
                        aria-invalid=seats.error.is_some().then_some("true")
                        aria-describedby=described
                        on:keydown=|event| {
                            // The key that ends composing a number must not send the form.
                            if event.key() == "Enter" && (event.is_composing() || event.key_code() == 229) {
                                event.prevent_default();
                            }
                        }
                    />
                    {step(seats.more, words.more(), "plus", true)}
                </div>
                {beside}
            </div>
            {field_error("seats-error", seats.error)}
            <p class="hint" id="seats-hint">
                {seats.hint}
            </p>
        </div>
    }
    .into_any()
}
