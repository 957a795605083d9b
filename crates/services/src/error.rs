//! Why a use case did not do what was asked.

use domain::field::FieldError;
use store::StoreError;

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
    /// Too many tries; it works again after so many seconds.
    #[error("too many tries, again in {retry_after} s")]
    TooMany {
        /// Seconds.
        retry_after: u32,
    },
    /// Somebody else changed it in the meantime, or the same form was used for something else before.
    #[error("this has changed in the meantime")]
    Stale,
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
