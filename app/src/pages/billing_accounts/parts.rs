//! What the pages of billing accounts and profiles have in common.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{Banner, BannerKind};

/// What a form has done a moment ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneView {
    /// What was done.
    pub cause: String,
    /// What that means.
    pub text: String,
}

/// What a form has done.
pub(super) fn done(done: Option<DoneView>) -> AnyView {
    done.map(|done| view! { <Banner kind=BannerKind::Ok cause=done.cause text=done.text /> }).into_any()
}
