use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Something that happens on a day, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// The day.
    pub day: String,
    /// The color of its mark: `ok`, `danger`, `end`, or nothing.
    pub kind: Option<String>,
    /// What happens.
    pub what: String,
    /// What that means.
    pub more: String,
}

/// What happens, day by day.
#[component]
pub fn Timeline(
    /// What happens, the next first.
    entries: Vec<TimelineEntry>,
) -> impl IntoView {
    let entry = |entry: TimelineEntry| {
        view! {
            <li data-kind=entry.kind>
                <b>{entry.day}</b>
                <div>
                    {entry.what} <small>{entry.more}</small>
                </div>
            </li>
        }
    };
    view! { <ol class="timeline">{entries.into_iter().map(entry).collect_view()}</ol> }.into_any()
}
