//! What the panes of billing accounts and profiles have in common.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{Banner, BannerKind, Icon};
use crate::texts::use_texts;

/// What one should know before the button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteView {
    /// Whether something is wrong.
    pub danger: bool,
    /// The cause, in bold; may be empty.
    pub cause: String,
    /// The sentence.
    pub text: String,
}

/// What a form has done a moment ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneView {
    /// What was done.
    pub cause: String,
    /// What that means.
    pub text: String,
}

/// A pane: its head, what stands in it, and its foot.
pub(super) fn head(title: &'static str, subject: String, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    view! {
        <header class="pane-head">
            <h2 id="pane-title">{title}</h2>
            <a class="icon-button" href=address.to_owned() aria-label=words.close()>
                <Icon name="close" />
            </a>
            <p>{subject}</p>
        </header>
    }
    .into_any()
}

/// The way out, in the foot of a pane.
pub(super) fn close(address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    view! {
        <a class="button" data-close href=address.to_owned()>
            {words.close()}
        </a>
    }
    .into_any()
}

/// What one should know.
pub(super) fn notes(notes: Vec<NoteView>) -> AnyView {
    let note = |note: NoteView| {
        let kind = if note.danger { BannerKind::Danger } else { BannerKind::Info };
        if note.cause.is_empty() {
            return view! { <Banner kind text=note.text /> }.into_any();
        }
        view! { <Banner kind cause=note.cause text=note.text /> }.into_any()
    };
    notes.into_iter().map(note).collect_view().into_any()
}

/// What a form has done.
pub(super) fn done(done: Option<DoneView>) -> AnyView {
    done.map(|done| view! { <Banner kind=BannerKind::Ok cause=done.cause text=done.text /> }).into_any()
}

/// Why what stands in a field is refused.
pub(super) fn problem(id: String, error: Option<String>) -> Option<AnyView> {
    error.map(|error| {
        view! {
            <p class="error" id=id>
                <Icon name="error" />
                <span>{error}</span>
            </p>
        }
        .into_any()
    })
}
