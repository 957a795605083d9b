//! Refunds: money back to the card that paid.

use domain::money::Money;
use serde::{Deserialize, Serialize};

use super::ChargeReference;

/// A wish to give back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// The key: the id of what the store wrote down before this is sent.
    pub key: uuid::Uuid,
    /// The charge that is given back.
    pub charge: ChargeReference,
    /// How much of it, more than nothing.
    pub amount: Money,
}

/// What became of a refund. Both are final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum RefundOutcome {
    /// The money is on its way back.
    Succeeded {
        /// The provider's name for it.
        reference: RefundReference,
    },
    /// It cannot go back to this card, and counts as not given back (SPEC 4: then as credit).
    Failed {
        /// Why.
        reason: RefundFailure,
    },
}

/// The provider's name for a refund.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RefundReference(pub String);

/// Why money cannot go back to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundFailure {
    /// The account behind the card is closed.
    AccountClosed,
    /// The bank says no, or the charge is too old for it.
    NotAccepted,
}
