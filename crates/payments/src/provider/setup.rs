//! Set-ups: the place on the provider's side where a person types a card.

use domain::language::Language;
use serde::{Deserialize, Serialize};

use super::{BillingAddress, Card, CardToken, WebAddress};

/// A wish for a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupRequest {
    /// The key, made when the person asked for the form, so that a reload leads to the same set-up.
    pub key: uuid::Uuid,
    /// A new card, or one to edit.
    pub kind: SetupKind,
    /// The person's language.
    pub language: Language,
    /// The portal's page that the provider's hosted page leads back to. Its origin is the only one that may
    /// show the frame, and the one that the frame tells when the card is there.
    pub return_address: WebAddress,
    /// What the portal knows about the holder already.
    pub holder: HolderHints,
}

/// What the person does there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SetupKind {
    /// Types a new card.
    Add,
    /// Changes expiry, name and address of a card, never its number. The provider asks for the security code
    /// at every edit and keeps it no longer than it takes to check it (SPEC 5, Cards).
    Edit {
        /// The card. Its token stays the same.
        card: CardToken,
    },
}

/// What the portal knows about the holder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderHints {
    /// What stands in the name field at first; may be empty. The person may change it there.
    pub name: String,
    /// The address, which is typed in the portal and kept with the card as it stands here. In an edit, `None`
    /// leaves the card's address as it is.
    pub address: Option<BillingAddress>,
}

/// A set-up that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The provider's name for it.
    pub id: SetupId,
    /// What the frame shows, where scripts run and the provider has a frame. The frame's page tells the page
    /// around it `{zaseki: "card-ready", setup}` when the card is there: a hint to ask for the outcome.
    pub frame_address: Option<WebAddress>,
    /// The same as a whole page, there and back by links.
    pub hosted_address: WebAddress,
}

/// The provider's name for a set-up. Whoever knows it can type a card into it, so it cannot be guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SetupId(pub String);

/// What became of a set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum SetupOutcome {
    /// Nothing was typed yet, or nothing the bank accepts.
    Pending,
    /// The card is there, or was edited: as it was at that moment. Final.
    Ready(Card),
    /// No card will come of this set-up; another may be begun. Final.
    Refused {
        /// Why.
        reason: SetupRefusal,
    },
}

/// Why no card came of a set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetupRefusal {
    /// The bank refused too often: whoever tries numbers stops here.
    TooManyTries,
    /// Nobody finished it in time.
    TimedOut,
    /// The card to edit was forgotten meanwhile.
    CardForgotten,
}

impl SetupRefusal {
    /// The stable code, for locale keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooManyTries => "too-many-tries",
            Self::TimedOut => "timed-out",
            Self::CardForgotten => "card-forgotten",
        }
    }
}
