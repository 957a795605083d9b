//! Why a server function did not do what was asked: a code that travels, never a sentence from below.

use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

use crate::texts::Texts;

/// An error that the page can show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in (any more).
    SignedOut,
    /// There is nothing here for this person; it may be elsewhere or nowhere (SPEC 1: the same answer).
    NotFound,
    /// Seen, but not to be done by this person.
    Forbidden,
    /// What was typed cannot be accepted.
    Refused,
    /// Too many tries; after so many seconds it works again.
    TooMany {
        /// Seconds.
        retry_after: u32,
    },
    /// More people than can be served in one go.
    TooManyPeople,
    /// The payment provider cannot be reached.
    Provider,
    /// Somebody else changed it in the meantime.
    Stale,
    /// Something in the product or under it failed; the log knows more under this number.
    Broken {
        /// The reference.
        reference: String,
    },
    /// The server could not be reached, or did not understand.
    Unreachable,
}

impl AppError {
    /// What happened and what to do, in words.
    pub fn text(&self, texts: Texts) -> String {
        let words = texts.errors();
        match self {
            Self::SignedOut => words.signed_out().to_owned(),
            Self::NotFound => words.not_found().to_owned(),
            Self::Forbidden => words.forbidden().to_owned(),
            Self::Refused => words.refused().to_owned(),
            Self::TooMany { retry_after } => words.too_many(i64::from(retry_after.div_ceil(60))),
            Self::TooManyPeople => words.too_many_people().to_owned(),
            Self::Provider => words.provider().to_owned(),
            Self::Stale => words.stale().to_owned(),
            Self::Broken { reference } => words.broken(reference),
            Self::Unreachable => words.unreachable().to_owned(),
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Unreachable
    }
}
