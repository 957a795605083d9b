use leptos::prelude::*;

use super::Icon;
use crate::error::AppError;
use crate::texts::use_texts;

/// A labelled line to type into, with its hint and, where it was refused, what is wrong with it.
#[component]
pub fn TextField(
    /// The name that the form sends.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it is: `text`, `email`, `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// What browsers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What is accepted.
    #[prop(optional_no_strip, into)]
    hint: Option<String>,
    /// Why what was typed is refused.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// Whether typing begins here.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let hint_id = hint.is_some().then(|| format!("{name}-hint"));
    let error_id = error.is_some().then(|| format!("{name}-error"));
    let described: Vec<String> = [hint_id.clone(), error_id.clone()].into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    view! {
        <div class="field">
            <label class="label" for=name>
                {label}
            </label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                required=true
                autofocus=focus
                aria-describedby=described
                aria-invalid=error.is_some().then_some("true")
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {field_error([name, "-error"].concat(), error)}
        </div>
    }
    .into_any()
}

/// Why what stands in a field is refused; `id` is what the field names it by.
pub fn field_error(id: impl Into<String>, error: Option<String>) -> Option<AnyView> {
    error.map(|error| {
        view! {
            <p class="error" id=id.into()>
                <Icon name="error" />
                <span>{error}</span>
            </p>
        }
        .into_any()
    })
}

/// What stands where a part of the page could not be loaded.
#[component]
pub fn Failed(
    /// Why.
    error: AppError,
) -> impl IntoView {
    view! { <Banner kind=BannerKind::Danger text=error.text(use_texts()) /> }
}

/// What a banner is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Something to know.
    Info,
    /// Something is done.
    Ok,
    /// Something failed.
    Danger,
}

/// A message inside the page.
#[component]
pub fn Banner(
    /// What it is about.
    kind: BannerKind,
    /// The cause, in bold.
    #[prop(optional, into)]
    cause: Option<String>,
    /// The sentence.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let (kind, icon, role) = match kind {
        BannerKind::Info => ("info", "info", None),
        BannerKind::Ok => ("ok", "check", Some("status")),
        BannerKind::Danger => ("danger", "error", Some("alert")),
    };
    view! {
        <div class="banner" data-kind=kind role=role>
            <Icon name=icon />
            <div>{cause.map(|cause| view! { <b>{cause}</b> })}<p>{text}</p></div>
        </div>
    }
    .into_any()
}
