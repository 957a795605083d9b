//! A form with an address (GET) that answers at once where scripts run: without them its button does.

mod typed;

use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast as _;

pub use typed::Typed;

/// What to do when a control of such a form has changed: go where its button would lead, without leaving the page.
/// `names` are the controls that stand in the address.
pub fn on_change(
    path: String,
    names: &'static [&'static str],
) -> impl Fn(leptos::ev::Event) + Clone + 'static {
    let navigate = use_navigate();
    move |event| {
        let control = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(form) = control.and_then(|control| control.form()) else { return };
        let Ok(data) = web_sys::FormData::new_with_form(&form) else { return };
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
