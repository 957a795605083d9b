//! A form with an address (GET) that answers at once where scripts run: without them its button does.

mod typed;

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlFormElement, HtmlInputElement};

pub use typed::Typed;

/// How long one pauses before what was typed is answered.
const PAUSE: Duration = Duration::from_millis(200);

/// What to do when a control of such a form has changed: go where its button would lead, without leaving the page.
/// `names` are the controls that stand in the address.
pub fn on_change(
    path: String,
    names: &'static [&'static str],
) -> impl Fn(leptos::ev::Event) + Clone + 'static {
    let follow = follow(path, names);
    move |event| {
        if let Some(form) = control_of(&event).and_then(|control| control.form()) {
            follow(&form);
        }
    }
}

/// What to do while somebody types into a field of such a form: the same after a pause.
pub fn on_type(path: String, names: &'static [&'static str]) -> impl Fn(leptos::ev::Event) + Clone + 'static {
    let follow = follow(path, names);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    move |event| {
        let control = control_of(&event).filter(|control| !matches!(control.type_().as_str(), "radio"));
        let Some(form) = control.and_then(|control| control.form()) else { return };
        if let Some(waiting) = waiting.try_get_value().flatten() {
            waiting.clear();
        }
        let follow = follow.clone();
        let answer = move || {
            // Whoever has closed the pane meanwhile is not led back to it.
            if form.is_connected() {
                follow(&form);
            }
        };
        waiting.try_set_value(set_timeout_with_handle(answer, PAUSE).ok());
    }
}

/// What a button beside a number does: one more or one fewer, and the same as if that had been typed. What is no
/// number stays.
pub fn on_step(
    path: String,
    names: &'static [&'static str],
    field: &'static str,
    more: bool,
) -> impl Fn(leptos::ev::MouseEvent) + Clone + 'static {
    let follow = follow(path, names);
    move |event| {
        let element = document().get_element_by_id(field);
        let Some(input) = element.and_then(|element| element.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        // Its link leads to the same, only that it knows nothing of what was typed since.
        let Ok(number) = input.value().trim().parse::<u32>() else { return };
        event.prevent_default();
        let number = if more { number.saturating_add(1) } else { number.saturating_sub(1).max(1) };
        input.set_value(&number.to_string());
        if let Some(form) = input.form() {
            follow(&form);
        }
    }
}

fn control_of(event: &leptos::ev::Event) -> Option<HtmlInputElement> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Goes where the form's button would lead.
fn follow(path: String, names: &'static [&'static str]) -> impl Fn(&HtmlFormElement) + Clone + 'static {
    let navigate = use_navigate();
    move |form| {
        let Ok(data) = web_sys::FormData::new_with_form(form) else { return };
        let Ok(query) = web_sys::UrlSearchParams::new() else { return };
        for name in names {
            if let Some(value) = data.get(name).as_string() {
                query.append(name, &value);
            }
        }
        let address = [path.as_str(), "?", &String::from(query.to_string())].concat();
        navigate(&address, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    }
}
