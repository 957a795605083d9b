//! Why a use case did not do what was asked.

use domain::catalog::NotSoldReason;
use domain::change::ChangeRefusal;
use domain::field::FieldError;
use domain::subscription::TransitionError;
use payments::provider::ProviderError;
use store::StoreError;

use crate::billing::BillingProblem;
use crate::password::PasswordProblem;

/// What a use case answers when it does not do what was asked. The page finds the words.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Nobody is signed in, or no longer.
    #[error("nobody is signed in")]
    SignedOut,
    /// There is nothing here for this person: it is elsewhere or nowhere, which is the same answer (SPEC 1).
    #[error("there is nothing here")]
    NotFound,
    /// Seen, but not to be done by this person; the right that is missing says who can give it.
    #[error("not allowed: {0:?}")]
    Forbidden(crate::rights::Right),
    /// Mail address and password do not belong together.
    #[error("mail address and password do not belong together")]
    WrongPassword,
    /// A one-time link that is unknown, used or too old.
    #[error("this link does not work any more")]
    DeadLink,
    /// A new password is not accepted.
    #[error("this password is not accepted: {0:?}")]
    Password(PasswordProblem),
    /// Fields that cannot be accepted.
    #[error("{} fields are refused", .0.len())]
    Fields(Vec<FieldError>),
    /// It is not sold to this organization, or not any more.
    #[error("not sold here: {0}")]
    NotSold(NotSoldReason),
    /// The quote that was named does not stand any more: a new one is shown (SPEC 4, quote = charge).
    #[error("the quote does not stand any more")]
    QuoteChanged,
    /// The rules of changes refuse it (SPEC 5).
    #[error("the change is refused: {0}")]
    Change(ChangeRefusal),
    /// Something is owed first (SPEC 5, Unpaid).
    #[error("a payment is due")]
    PaymentDue,
    /// Not in the state that the subscription is in.
    #[error("not now: {0}")]
    NotNow(TransitionError),
    /// The organization has tried the product before (SPEC 5, Trials: once).
    #[error("the organization has tried this before")]
    TriedBefore,
    /// There is no card that could pay.
    #[error("no card is chosen")]
    NoCard,
    /// The payment method still pays something: another one has to take its place.
    #[error("the payment method pays something")]
    CardInUse,
    /// The payment provider cannot be reached; nothing was done there.
    #[error("the payment provider cannot be reached: {0}")]
    Provider(#[from] ProviderError),
    /// More people than can be served in one go; nothing was done.
    #[error("too many people at once")]
    TooManyAtOnce,
    /// Too many tries; it works again after so many seconds.
    #[error("too many tries, again in {retry_after} s")]
    TooMany {
        /// Seconds.
        retry_after: u32,
    },
    /// Somebody else changed it in the meantime, or the same form was used for something else before.
    #[error("this has changed in the meantime")]
    Stale,
    /// A billing account or profile does not take the change.
    #[error("the billing change is refused: {0}")]
    Billing(BillingProblem),
    /// A test clock does not do what was asked.
    #[error(transparent)]
    Clock(#[from] crate::clock::ClockProblem),
    /// Something failed that nobody asked for.
    #[error("failed: {0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ServiceError {
    /// Something failed that nobody asked for.
    pub fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string().into())
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale | StoreError::KeyReused => Self::Stale,
            other => Self::Broken(Box::new(other)),
        }
    }
}

impl From<TransitionError> for ServiceError {
    fn from(error: TransitionError) -> Self {
        match error {
            TransitionError::PaymentDue => Self::PaymentDue,
            TransitionError::Time(error) => Self::broken(error),
            other => Self::NotNow(other),
        }
    }
}
