//! The port: what can be asked of a payment provider, and what its answers mean.
//!
//! The doc comments are the contract. `contract` (feature `contract`) proves them for each provider.

mod address;
mod card;
mod charge;
mod refund;
mod setup;

pub use address::{NotAWebAddress, WebAddress};
pub use card::{BillingAddress, Brand, Card, CardToken, Expiry, LastFour, NotACardDetail};
pub use charge::{ChargeOutcome, ChargeReference, ChargeRequest, DeclineCode};
pub use refund::{RefundFailure, RefundOutcome, RefundReference, RefundRequest};
pub use setup::{HolderHints, Setup, SetupId, SetupKind, SetupOutcome, SetupRefusal, SetupRequest};

use domain::id::PaymentAttemptId;
use domain::money::Money;
use futures::future::BoxFuture;

/// What a provider says, some time later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ProviderError>>;

/// A payment provider.
///
/// **What `Err` means.** After [`ProviderError::Unknown`] nobody knows whether it was done: ask for the
/// outcome, never guess, never repeat under another key. After every other error nothing was done.
///
/// **What a key means.** A repeated key gives the first outcome, at any age, however many ask at once. The
/// same key with other content is [`ProviderError::KeyReused`], and nothing is done.
///
/// None of these calls is made inside a unit of work.
pub trait Provider: Send + Sync + std::fmt::Debug {
    /// The stable code under which its tokens and references are stored: `sandbox`.
    fn name(&self) -> &'static str;

    /// What people know it by, on pages that lead to it.
    fn display_name(&self) -> &'static str;

    /// Whether no money moves: then every page and document says so (SPEC 5, Cards).
    fn is_test(&self) -> bool;

    /// What it can do, for pages that offer it and for their content policy.
    fn capabilities(&self) -> Capabilities;

    /// Opens a place on the provider's side where a person types a new card, or edits one. Moves no money.
    ///
    /// The key is [`SetupRequest::key`]; every field is its content.
    /// Errors: [`Subject::Card`] is not found where the card to edit is unknown or forgotten.
    fn begin_setup(&self, request: SetupRequest) -> Answer<'_, Setup>;

    /// What became of a set-up. [`SetupOutcome::Pending`] may change; the others are final.
    ///
    /// This, not the browser's return or message, says that a card is there.
    /// Errors: [`Subject::Setup`] is not found.
    fn setup_outcome(&self, setup: &SetupId) -> Answer<'_, SetupOutcome>;

    /// Makes the token useless, for ever. A card that is forgotten already stays so: `Ok`.
    ///
    /// What was charged stays charged and can be refunded.
    /// Errors: [`Subject::Card`] is not found.
    fn forget_card(&self, card: &CardToken) -> Answer<'_, ()>;

    /// Collects money once.
    ///
    /// `Ok` with [`Succeeded`](ChargeOutcome::Succeeded) or [`Declined`](ChargeOutcome::Declined) is final:
    /// the money of this attempt has moved, or never will. A retry of the dunning days is another attempt.
    /// [`NeedsConfirmation`](ChargeOutcome::NeedsConfirmation) has moved nothing yet: the person goes to that
    /// address, and [`charge_outcome`](Self::charge_outcome) tells what came of it.
    ///
    /// The key is [`ChargeRequest::attempt`]; its content is the card, the amount, whether it is on session
    /// and the statement. Addresses and language may differ when it is repeated. Errors: [`Subject::Card`] is
    /// not found where the token never was one of this provider's; a forgotten card is a decline.
    /// [`Refusal::NotPositive`].
    fn charge(&self, request: ChargeRequest) -> Answer<'_, ChargeOutcome>;

    /// What became of an attempt. `None`: the provider never received it, so the same `charge` may be sent.
    ///
    /// It tells of the first request under this key; whether a later one had other content it does not say.
    fn charge_outcome(&self, attempt: PaymentAttemptId) -> Answer<'_, Option<ChargeOutcome>>;

    /// Closes an attempt, so that it can never collect from now on, not even if its `charge` is still under
    /// way: for a purchase that lapsed while the bank asked (SPEC 4).
    ///
    /// Gives the outcome that stands: [`Declined`](ChargeOutcome::Declined) with
    /// [`DeclineCode::Abandoned`], or what was final before; never `NeedsConfirmation`.
    fn abandon_charge(&self, attempt: PaymentAttemptId) -> Answer<'_, ChargeOutcome>;

    /// Gives back all or a part of what a charge collected, to the card that paid.
    ///
    /// All refunds of a charge together never exceed it. `Ok` is final, also
    /// [`Failed`](RefundOutcome::Failed): then nothing comes back this way (SPEC 4: credit instead).
    ///
    /// The key is [`RefundRequest::key`]; charge and amount are its content.
    /// Errors: [`Subject::Charge`] is not found; [`Refusal`], each of them.
    fn refund(&self, request: RefundRequest) -> Answer<'_, RefundOutcome>;

    /// What became of a refund. `None`: the provider never received it.
    fn refund_outcome(&self, key: uuid::Uuid) -> Answer<'_, Option<RefundOutcome>>;
}

/// What a provider can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The origin that `frame-src` names where its frame is shown; `None` where it has hosted pages only.
    pub frame_origin: Option<String>,
    /// Whether expiry, name and address of a card can be edited (SPEC 5, Cards).
    pub edits_cards: bool,
    /// Whether a part of a charge can be given back, several times.
    pub refunds_in_parts: bool,
}

/// Why a call has no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It may have been done or not: ask for the outcome. What went wrong stands inside, for the log.
    #[error("nobody knows whether the provider did it: {0}")]
    Unknown(String),
    /// Certainly nothing was done; the same call may be made again later.
    #[error("the provider cannot be reached, and nothing was done: {0}")]
    Unavailable(String),
    /// The key stands for something else.
    #[error("this key was used with other content, and nothing was done")]
    KeyReused,
    /// There is no such thing at this provider.
    #[error("the provider knows no such {0}")]
    NotFound(Subject),
    /// It can never be done.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl ProviderError {
    /// Whether it may have been done: whoever gets this has to ask.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A set-up.
    Setup,
    /// A card.
    Card,
    /// A charge.
    Charge,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Setup => "set-up",
            Self::Card => "card",
            Self::Charge => "charge",
        })
    }
}

/// Why something can never be done, whoever asks and however often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only more than nothing can be charged or refunded.
    #[error("the amount is not more than nothing")]
    NotPositive,
    /// The charge was in another currency.
    #[error("the charge was in another currency")]
    OtherCurrency,
    /// More than is left of the charge after earlier refunds.
    #[error("only {left} of the charge can still be given back")]
    MoreThanLeft {
        /// What can still be given back.
        left: Money,
    },
}
