//! Who looks at the page, as far as the page needs to know.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The signed-in person and where they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Their name as their language writes it, or their mail address before they have chosen a place.
    pub name: String,
    /// The first character of the name, for the round mark.
    pub initial: String,
    /// The organization's legal name.
    pub organization: String,
    /// Whether they administer it.
    pub administrator: bool,
    /// A guest buys nothing and is given no license (SPEC 1).
    pub guest: bool,
    /// The day on the organization's test clock, where it is on one (SPEC 3).
    pub test_clock: Option<String>,
    /// Whether the account has a place in another organization to switch to.
    pub elsewhere: bool,
}

/// What the server tells the page once, with the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who looks, if somebody is signed in and has chosen a place.
    pub viewer: Option<Viewer>,
    /// The publisher's name in the page's language.
    pub publisher: String,
    /// Whether payments move no money: then every page says so (SPEC 5, Cards).
    pub test_mode: bool,
}

/// The viewer of this page.
pub fn use_viewer() -> Option<Viewer> {
    use_context::<StoredValue<Told>>().and_then(|told| told.read_value().viewer.clone())
}

/// The publisher's name in the page's language.
pub fn use_publisher() -> String {
    use_context::<StoredValue<Told>>().map(|told| told.read_value().publisher.clone()).unwrap_or_default()
}

/// Whether payments move no money.
pub fn use_test_mode() -> bool {
    use_context::<StoredValue<Told>>().is_some_and(|told| told.read_value().test_mode)
}

/// Makes known to the whole page what the server knows of its viewer.
pub fn provide_told() {
    let told = SharedValue::new(server_told).into_inner();
    provide_context(StoredValue::new(told));
}

#[cfg(feature = "ssr")]
fn server_told() -> Told {
    crate::request::told()
}

#[cfg(not(feature = "ssr"))]
fn server_told() -> Told {
    Told::default()
}
