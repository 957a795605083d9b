//! What stands in a field.

use std::sync::Arc;

use leptos::prelude::document;
use leptos::tachys::html::property::IntoProperty;
use leptos::tachys::renderer::types::Element;
use wasm_bindgen::JsValue;

/// The value of a field as the server has it, for `prop:value`. It replaces what stands there whenever the server
/// has answered anew, but not when the page wakes up, and not while somebody is in the field: what they have typed
/// meanwhile is newer than any answer.
#[derive(Clone, Debug)]
pub struct Typed(Arc<str>);

impl Typed {
    /// With this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }
}

impl IntoProperty for Typed {
    type State = <Arc<str> as IntoProperty>::State;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element, _: &str) -> Self::State {
        (element.clone(), JsValue::from_str(&self.0))
    }

    fn build(self, element: &Element, key: &str) -> Self::State {
        self.0.build(element, key)
    }

    fn rebuild(self, state: &mut Self::State, key: &str) {
        let (element, known) = state;
        if document().active_element().as_ref() == Some(element) {
            *known = JsValue::from_str(&self.0);
        } else {
            self.0.rebuild(state, key);
        }
    }

    fn into_cloneable(self) -> Self::Cloneable {
        self
    }

    fn into_cloneable_owned(self) -> Self::CloneableOwned {
        self
    }
}
