//! What the sandbox remembers, as lines of its journal. Lines of older versions are read for ever: a field
//! may be added with a default, never renamed or given another meaning.

use domain::id::PaymentAttemptId;
use domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::test_card::Behavior;
use crate::provider::{
    BillingAddress, Card, CardToken, ChargeReference, ChargeRequest, DeclineCode, Expiry, RefundOutcome,
    RefundRequest, SetupId, SetupRefusal, SetupRequest,
};

/// One line.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Line {
    /// When it happened.
    pub(super) at: Instant,
    /// What happened.
    #[serde(flatten)]
    pub(super) event: Event,
}

/// What happened. No variant has a place for a card's number or its security code.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Event {
    /// A set-up was begun.
    SetupBegun { setup: SetupId, request: SetupRequest },
    /// The bank refused what was typed.
    TryRefused { setup: SetupId },
    /// No card will come of the set-up.
    SetupRefused { setup: SetupId, reason: SetupRefusal },
    /// A card was typed and accepted.
    CardAdded { setup: SetupId, card: Card, behavior: Behavior },
    /// A card was changed.
    CardEdited { setup: SetupId, expiry: Expiry, holder: String, address: Option<BillingAddress> },
    /// A card was forgotten.
    CardForgotten { card: CardToken },
    /// A charge was received and decided upon.
    ChargeReceived { request: ChargeRequest, decision: Decision },
    /// The person answered the bank, or the attempt was closed: what was waiting is decided.
    ChargeDecided { attempt: PaymentAttemptId, decision: Decision },
    /// An attempt was closed before its charge was received.
    ChargeForestalled { attempt: PaymentAttemptId },
    /// A refund was received and decided upon.
    RefundReceived { request: RefundRequest, outcome: RefundOutcome },
}

/// What the bank said to a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub(super) enum Decision {
    /// Collected.
    Collected { reference: ChargeReference },
    /// Not collected, for good.
    Declined { code: DeclineCode },
    /// The person has to confirm.
    Waiting,
}
