//! Charges: one attempt, one outcome.

use domain::id::PaymentAttemptId;
use domain::language::Language;
use domain::money::Money;
use serde::{Deserialize, Serialize};

use super::{CardToken, WebAddress};

/// A wish for money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRequest {
    /// The key: the id of the attempt that stands in the store before this is sent.
    pub attempt: PaymentAttemptId,
    /// The card that pays.
    pub card: CardToken,
    /// How much, more than nothing.
    pub amount: Money,
    /// Whether the person is there and can be asked by the bank. Without them (a renewal), a card that wants
    /// confirmation is declined with [`DeclineCode::ConfirmationNeeded`].
    pub on_session: bool,
    /// What the holder reads on the card's statement; the provider shortens and spells it as the networks
    /// want.
    pub statement: String,
    /// The person's language, for the page where the bank asks.
    pub language: Language,
    /// Where the page of the bank leads back to.
    pub return_address: WebAddress,
}

/// What became of a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum ChargeOutcome {
    /// The money was collected. Final.
    Succeeded {
        /// The provider's name for it: needed for refunds, and what operators look up there.
        reference: ChargeReference,
    },
    /// Nothing was collected, and nothing will be under this attempt. Final.
    Declined {
        /// Why.
        code: DeclineCode,
    },
    /// The bank wants to ask the person (3-D Secure). Nothing was collected yet.
    NeedsConfirmation {
        /// The provider's page on which the bank asks.
        address: WebAddress,
    },
}

impl ChargeOutcome {
    /// Whether this never changes any more.
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::NeedsConfirmation { .. })
    }
}

/// The provider's name for a charge that succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChargeReference(pub String);

/// Why a card was not charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclineCode {
    /// The bank says no and not why.
    Declined,
    /// Not enough money.
    InsufficientFunds,
    /// Too much, or too often, for this card.
    LimitExceeded,
    /// The bank wants to ask the person, who is not there.
    ConfirmationNeeded,
    /// The person, or the bank, refused when it asked.
    ConfirmationRefused,
    /// Something went wrong between the banks.
    ProcessingFailed,
    /// Closed before it was paid: see `abandon_charge`.
    Abandoned,
    /// The card has expired.
    Expired,
    /// The card is reported lost.
    Lost,
    /// The card is reported stolen.
    Stolen,
    /// The account behind the card is closed.
    AccountClosed,
    /// The bank takes it for fraud.
    Fraud,
    /// The card does not do this currency or kind of payment.
    NotSupported,
    /// The card was forgotten here.
    CardForgotten,
}

impl DeclineCode {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::Declined,
        Self::InsufficientFunds,
        Self::LimitExceeded,
        Self::ConfirmationNeeded,
        Self::ConfirmationRefused,
        Self::ProcessingFailed,
        Self::Abandoned,
        Self::Expired,
        Self::Lost,
        Self::Stolen,
        Self::AccountClosed,
        Self::Fraud,
        Self::NotSupported,
        Self::CardForgotten,
    ];

    /// The stable code, for columns and locale keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::InsufficientFunds => "insufficient-funds",
            Self::LimitExceeded => "limit-exceeded",
            Self::ConfirmationNeeded => "confirmation-needed",
            Self::ConfirmationRefused => "confirmation-refused",
            Self::ProcessingFailed => "processing-failed",
            Self::Abandoned => "abandoned",
            Self::Expired => "expired",
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::AccountClosed => "account-closed",
            Self::Fraud => "fraud",
            Self::NotSupported => "not-supported",
            Self::CardForgotten => "card-forgotten",
        }
    }

    /// The reason of this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    /// Whether trying this card again is useless until a person changes something: a hard decline skips the
    /// retries (SPEC 5, Unpaid).
    pub const fn is_hard(self) -> bool {
        match self {
            Self::Declined
            | Self::InsufficientFunds
            | Self::LimitExceeded
            | Self::ConfirmationNeeded
            | Self::ConfirmationRefused
            | Self::ProcessingFailed
            | Self::Abandoned => false,
            Self::Expired
            | Self::Lost
            | Self::Stolen
            | Self::AccountClosed
            | Self::Fraud
            | Self::NotSupported
            | Self::CardForgotten => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_spelled_in_one_way() {
        for reason in DeclineCode::ALL {
            assert_eq!(DeclineCode::from_code(reason.code()), Some(*reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
        assert_eq!(DeclineCode::from_code("no"), None);
    }
}
