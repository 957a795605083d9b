use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;

use super::super::address::{ASSIGN, Address};

/// How long one pauses before what was typed is searched for.
const PAUSE: Duration = Duration::from_millis(150);

/// What happens as one types and ticks, where scripts run: the browser goes to the address that says so, and the
/// address makes the pane, as it does without scripts. It lives as long as the page does: the pane is made anew
/// while one goes on typing.
#[derive(Clone, Copy, Debug)]
pub(in crate::pages::license_product) struct Typing {
    path: Memo<String>,
    query: Memo<ParamsMap>,
    composing: StoredValue<bool>,
    pause: StoredValue<Option<TimeoutHandle>>,
}

impl Typing {
    /// On the page of this address.
    pub(in crate::pages::license_product) fn new(path: Memo<String>, query: Memo<ParamsMap>) -> Self {
        Self { path, query, composing: StoredValue::new(false), pause: StoredValue::new(None) }
    }

    /// A word is being composed: what stands in the field is not yet what is meant.
    pub(super) fn compose(self, composing: bool) {
        self.composing.set_value(composing);
    }

    /// Searches for what was typed, after a pause.
    pub(super) fn search(self, product: String) -> impl Fn(String) + Clone + 'static {
        let lead = self.lead(product);
        move |typed: String| {
            if self.composing.get_value() {
                return;
            }
            if let Some(waiting) = self.pause.get_value() {
                waiting.clear();
            }
            let lead = lead.clone();
            let go = move || lead(&|address: &mut Address| address.who.clone_from(&typed));
            self.pause.set_value(set_timeout_with_handle(go, PAUSE).ok());
        }
    }

    /// Ticks a person, or not any more.
    pub(super) fn tick(self, product: String) -> impl Fn(&str, bool) + Clone + Send + 'static {
        let lead = self.lead(product);
        move |person: &str, ticked: bool| lead(&|address: &mut Address| address.tick(person, ticked))
    }

    /// Goes to the present address with a change, if it still is that of the pane.
    fn lead(self, product: String) -> impl Fn(&dyn Fn(&mut Address)) + Clone + Send + 'static {
        let navigate = use_navigate();
        move |change: &dyn Fn(&mut Address)| {
            let mut address = Address::read(product.clone(), &self.query.get_untracked());
            if self.path.get_untracked() != address.path() || address.pane != ASSIGN {
                return;
            }
            change(&mut address);
            address.problem.clear();
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&address.text(), options);
        }
    }
}
