//! The quote of a change: everything that is said and charged, or given back, when seats or the plan of a running
//! subscription change or it is canceled (SPEC 4, 5). It is made of the rules in [`crate::change`].

mod held;
mod next;

pub use held::{Bought, Held};
pub use next::Next;

use serde::{Deserialize, Serialize};

use super::{LaterPayment, NoteQuote, QuoteError};
use crate::catalog::{Key, NotSoldReason};
use crate::change::{ChangeRefusal, GivenBack};
use crate::credit::{CreditError, ReturnTo};
use crate::line::Line;
use crate::money::{Currency, Money, MoneyError};
use crate::tax::{NoTaxRow, TaxTotals};
use crate::time::{Date, TimeError};

/// Everything that is said of a change before it is confirmed: what is charged, what comes back, and what follows.
///
/// Its serialized form is canonical, as that of [`super::PurchaseQuote`] is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeQuote {
    /// The currency of every amount.
    pub currency: Currency,
    /// Whether the lines' amounts include tax.
    pub tax_included: bool,
    /// Who sells.
    pub issuer: Key,
    /// The day it takes effect: today, or the day of the renewal.
    pub on: Date,
    /// The seats: before, from today on, and from the renewal on.
    pub seats: (u32, u32, u32),
    /// The plan from then on.
    pub plan: Key,
    /// The seats that end today, by the place of their purchase among those that are held, the oldest first.
    pub given_back: Vec<GivenBack>,
    /// What is charged now; none where nothing is.
    pub lines: Vec<Line>,
    /// What that comes to, tax per rate.
    pub totals: TaxTotals,
    /// How much of it credit of the billing profile pays, what comes back with this change included.
    pub credit_used: Money,
    /// How much is charged to the card.
    pub due_now: Money,
    /// What comes back; below zero.
    pub back_lines: Vec<Line>,
    /// What that comes to; below zero. Nothing comes back: none.
    pub back: Option<TaxTotals>,
    /// Where it goes.
    pub returned_to: Option<ReturnTo>,
    /// The credit notes that give it back: each corrects one invoice, and says what of it is owed less, kept as
    /// credit, and sent to a card.
    pub notes: Vec<NoteQuote>,
    /// The next invoice with what is known now; none: it ends.
    pub next: Option<LaterPayment>,
    /// The same without the change.
    pub next_was: Option<LaterPayment>,
    /// A new term starts on this day.
    pub anchor: Option<Date>,
}

impl ChangeQuote {
    /// Whether an invoice is written for it: then an order carries it.
    pub const fn is_charged(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Seats that are added today.
    pub const fn added(&self) -> u32 {
        self.seats.1.saturating_sub(self.seats.0)
    }

    /// What is kept for the profile.
    pub fn to_credit(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.notes.iter().map(|note| note.to_credit))
    }

    /// What goes back to the cards that paid.
    pub fn to_method(&self) -> Result<Money, MoneyError> {
        Money::sum(self.currency, self.notes.iter().map(|note| note.to_method))
    }
}

/// Why a change cannot be quoted. Nothing was changed by asking.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeQuoteError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] ChangeRefusal),
    /// Nothing of it is sold any more, or not here.
    #[error("not sold here: {0}")]
    NotSold(NotSoldReason),
    /// What comes back cannot be credited.
    #[error(transparent)]
    Credit(#[from] CreditError),
}

impl From<MoneyError> for ChangeQuoteError {
    fn from(error: MoneyError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<TimeError> for ChangeQuoteError {
    fn from(error: TimeError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<NoTaxRow> for ChangeQuoteError {
    fn from(reason: NoTaxRow) -> Self {
        Self::NotSold(reason.into())
    }
}

impl From<QuoteError> for ChangeQuoteError {
    fn from(error: QuoteError) -> Self {
        match error {
            QuoteError::Seats { least, most } => ChangeRefusal::OutsideLimits { least, most }.into(),
            QuoteError::NotSold(reason) => Self::NotSold(reason),
            QuoteError::Money(error) => error.into(),
            QuoteError::Time(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests;
