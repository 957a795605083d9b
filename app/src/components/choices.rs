use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Something to choose, with its consequence, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceView {
    /// Its code in the form.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// What is worth knowing at its right.
    pub note: String,
    /// What comes of it, line by line.
    pub lines: Vec<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Choice cards: radios with their consequences (design guide 6).
#[component]
pub fn Choices(
    /// What is to be chosen.
    legend: &'static str,
    /// The name that the form sends.
    name: &'static str,
    /// What can be chosen.
    choices: Vec<ChoiceView>,
    /// Whether two stand beside each other where there is room.
    #[prop(optional)]
    beside: bool,
) -> impl IntoView {
    let card = |choice: ChoiceView| {
        let lines = choice
            .lines
            .into_iter()
            .map(|line| view! { <span class="choice-text">{line}</span> })
            .collect_view();
        let note =
            (!choice.note.is_empty()).then(|| view! { <span class="choice-note">{choice.note}</span> });
        view! {
            <label class="choice">
                <input class="radio" type="radio" name=name value=choice.value checked=choice.chosen />
                <span class="choice-name">{choice.name}</span>
                {note}
                {lines}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset>
            <legend class="label">{legend}</legend>
            <div class="choices" data-columns=beside.then_some("2")>
                {choices.into_iter().map(card).collect_view()}
            </div>
        </fieldset>
    }
    .into_any()
}
