//! What is owed on an invoice, and what becomes of its credit notes.

use super::{CreditError, at_most, not_negative};
use crate::money::{Currency, Money, MoneyError};

/// Where the money of one invoice stands. It can only be made by what happens to an invoice, so that what comes
/// back never exceeds what was paid, nor what is credited what was invoiced. Amounts include tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvoiceStanding {
    invoiced: Money,
    lowered: Money,
    paid: Money,
    returned: Money,
}

crate::code::coded! {
    /// Where money goes that comes back (SPEC 4).
    pub enum ReturnTo {
        /// Kept for the billing profile and used before its card: seats given back in a window.
        Credit = "credit",
        /// To the method that paid: what is canceled in a window.
        Method = "method",
    }
}

crate::code::coded! {
    /// How an invoice or a credit note stands, in one word.
    pub enum BillState {
        /// An invoice on which something is owed.
        Unpaid = "unpaid",
        /// An invoice on which nothing is owed.
        Paid = "paid",
        /// An invoice of which credit notes have taken back everything.
        Credited = "credited",
        /// A credit note.
        CreditNote = "credit-note",
    }
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// How much: more than nothing.
    pub amount: Money,
    /// Where to.
    pub to: ReturnTo,
}

/// What becomes of a credit note. Both parts together are the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// By how much less is owed.
    pub lowers: Money,
    /// What comes back of what was paid.
    pub returned: Option<Returned>,
}

impl Returned {
    /// The method did not take it: it becomes credit of the profile, and people are told (SPEC 4).
    #[must_use]
    pub const fn refund_failed(self) -> Self {
        Self { to: ReturnTo::Credit, ..self }
    }
}

impl InvoiceStanding {
    /// An invoice of this gross amount, of which nothing is paid. Errors: a negative amount.
    pub fn issued(gross: Money) -> Result<Self, CreditError> {
        let nothing = Money::zero(gross.currency());
        Ok(Self { invoiced: not_negative(gross)?, lowered: nothing, paid: nothing, returned: nothing })
    }

    /// An invoice as it stands: by how much it was lowered, what was paid, and what of that came back. Errors:
    /// what cannot have happened.
    pub fn new(invoiced: Money, lowered: Money, paid: Money, returned: Money) -> Result<Self, CreditError> {
        let standing = Self { lowered: not_negative(lowered)?, ..Self::issued(invoiced)? };
        at_most(paid, standing.owed()?)?;
        let standing = Self { paid, ..standing };
        at_most(returned, paid)?;
        Ok(Self { returned, ..standing })
    }

    /// By how much credit notes lowered it.
    pub const fn lowered(self) -> Money {
        self.lowered
    }

    /// What was paid, by card or by credit.
    pub const fn paid(self) -> Money {
        self.paid
    }

    /// What of that came back.
    pub const fn returned(self) -> Money {
        self.returned
    }

    /// What is still owed: never negative.
    pub fn owed(self) -> Result<Money, MoneyError> {
        self.invoiced.minus(self.lowered)?.minus(self.paid)
    }

    /// What was paid and did not come back: never negative.
    pub fn kept(self) -> Result<Money, MoneyError> {
        self.paid.minus(self.returned)
    }

    /// How it stands: credited only where notes have taken back all of it, and there was something to take back.
    pub fn state(self) -> Result<BillState, MoneyError> {
        Ok(if self.owed()?.is_positive() {
            BillState::Unpaid
        } else if self.invoiced.is_positive() && self.kept()?.is_zero() {
            BillState::Credited
        } else {
            BillState::Paid
        })
    }

    /// A payment, by card or by credit. Errors: more than is owed; that is refunded instead (SPEC 4).
    pub fn pay(self, amount: Money) -> Result<Self, CreditError> {
        let paid = self.paid.plus(at_most(amount, self.owed()?)?)?;
        Ok(Self { paid, ..self })
    }

    /// The bank took a payment back: the invoice is open again (SPEC 5, Unpaid). Errors: more than was kept.
    pub fn charge_back(self, amount: Money) -> Result<Self, CreditError> {
        let paid = self.paid.minus(at_most(amount, self.kept()?)?)?;
        Ok(Self { paid, ..self })
    }

    /// A credit note of this gross amount, which is positive here: it first lowers what is owed, and only the
    /// paid rest comes back (SPEC 4). Errors: more than is left of the invoice.
    pub fn settle(self, note: Money, to: ReturnTo) -> Result<(Self, Settlement), CreditError> {
        let (owed, kept) = (self.owed()?, self.kept()?);
        at_most(note, owed.plus(kept)?)?;
        let lowers = smaller(note, owed);
        let back = note.minus(lowers)?;
        let (lowered, returned) = (self.lowered.plus(lowers)?, self.returned.plus(back)?);
        let settlement =
            Settlement { lowers, returned: back.is_positive().then_some(Returned { amount: back, to }) };
        Ok((Self { lowered, returned, ..self }, settlement))
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.invoiced.currency()
    }
}

const fn smaller(a: Money, b: Money) -> Money {
    if a.minor() < b.minor() { a } else { b }
}
