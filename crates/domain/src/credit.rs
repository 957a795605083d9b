//! Credit: what comes back, how much tax with it, and where it goes (SPEC 4).
//!
//! A [credit note](credit_note) corrects an invoice and never exceeds it. [`InvoiceStanding::settle`] says what
//! becomes of it: first less is owed, and only the paid rest comes back. [`ProfileCredit`] is kept for a billing
//! profile and used before its card.

mod balance;
mod netting;
mod note;
mod standing;

pub use balance::{CreditUse, ProfileCredit, usable};
pub use netting::{Netted, net, netted_on};
pub use note::{Invoiced, credit_note};
pub use standing::{BillState, InvoiceStanding, ReturnTo, Returned, Settlement};

use crate::money::{Money, MoneyError};
use crate::tax::AppliedTax;

/// Why nothing is credited, paid or given back. Nothing was changed by asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// More than the invoice has left to credit at this rate.
    #[error("only {left} is left to credit at {}", .applied.rate)]
    MoreThanInvoiced {
        /// Which tax.
        applied: AppliedTax,
        /// What is left, as the invoice counts: without tax unless its prices include it.
        left: Money,
    },
    /// More than is owed, paid or kept.
    #[error("there is only {0}")]
    MoreThanThereIs(Money),
    /// An amount in the wrong direction: what is credited is negative on its lines, what is paid is positive.
    #[error("{0} has the wrong sign")]
    WrongSign(Money),
    /// An amount that cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// An amount that is not negative.
fn not_negative(amount: Money) -> Result<Money, CreditError> {
    if amount.is_negative() { Err(CreditError::WrongSign(amount)) } else { Ok(amount) }
}

/// An amount of at least nothing and at most this.
fn at_most(amount: Money, most: Money) -> Result<Money, CreditError> {
    let left = most.minus(not_negative(amount)?)?;
    if left.is_negative() { Err(CreditError::MoreThanThereIs(most)) } else { Ok(amount) }
}

#[cfg(test)]
mod tests;
