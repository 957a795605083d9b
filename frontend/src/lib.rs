//! Wakes the server-rendered page up, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's own script once the browser has this module.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::waking::wake();
}
