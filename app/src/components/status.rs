use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A state, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// Its shape and color: `ok`, `info`, `warning`, `danger`, `off`.
    pub kind: String,
    /// Its word.
    pub word: String,
}

/// A state as a badge. The word is the meaning; shape and color repeat it.
#[component]
pub fn StatusBadge(
    /// Which state.
    status: StatusView,
) -> impl IntoView {
    view! {
        <span class="badge" data-kind=status.kind>
            {status.word}
        </span>
    }
}
