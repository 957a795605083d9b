//! What every pane has in common: its head, the way out, and what one should know before the button.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Banner, BannerKind, Icon};
use crate::texts::use_texts;

/// Something that one should know before the button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    /// Whether something is wrong.
    pub danger: bool,
    /// The cause, in bold; may be empty.
    pub cause: String,
    /// The sentence.
    pub text: String,
}

/// The head of a pane: what it is called, what it is about where that is not said below, and the way out.
pub fn pane_head(title: String, subject: Option<String>, address: &str) -> AnyView {
    let words = use_texts().change();
    view! {
        <header class="pane-head">
            <h2 id="pane-title">{title}</h2>
            <a class="icon-button" href=address.to_owned() aria-label=words.close()>
                <Icon name="close" />
            </a>
            {subject.map(|subject| view! { <p>{subject}</p> })}
        </header>
    }
    .into_any()
}

/// The way out, in the foot of a pane.
pub fn pane_close(address: &str) -> AnyView {
    view! {
        <a class="button" data-close href=address.to_owned()>
            {use_texts().change().close()}
        </a>
    }
    .into_any()
}

/// What one should know before the button.
pub fn notices(notices: Vec<NoticeView>) -> AnyView {
    let notice = |notice: NoticeView| {
        let kind = if notice.danger { BannerKind::Danger } else { BannerKind::Info };
        if notice.cause.is_empty() {
            return view! { <Banner kind text=notice.text /> }.into_any();
        }
        view! { <Banner kind cause=notice.cause text=notice.text /> }.into_any()
    };
    notices.into_iter().map(notice).collect_view().into_any()
}
