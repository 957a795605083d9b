//! Waking the server-rendered page up.
//!
//! The router hears clicks before the part of the page that is loaded by itself is awake. Whoever followed a link then
//! would change a page that is still being matched with what the server has sent, and break it. So until all of it is
//! awake, links and forms do what they do without scripts.

use leptos::prelude::*;

/// Wakes the page up, and says on `<body>` when all of it is awake.
pub fn wake() {
    use leptos::wasm_bindgen::JsCast as _;
    use leptos::wasm_bindgen::closure::Closure;

    let keep =
        Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| event.stop_immediate_propagation());
    let keep = keep.into_js_value();
    // Before every other listener, those of the router among them.
    window().add_event_listener_with_callback_and_bool("click", keep.unchecked_ref(), true).ok();
    wasm_bindgen_futures::spawn_local(async move {
        let Some(body) = document().body() else { return };
        Box::pin(leptos::mount::hydrate_from_async(body.clone(), crate::App)).await.forget();
        window().remove_event_listener_with_callback_and_bool("click", keep.unchecked_ref(), true).ok();
        body.set_attribute("data-hydrated", "").ok();
    });
}
