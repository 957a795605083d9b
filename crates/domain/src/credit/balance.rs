//! Credit that is kept for a billing profile.

use super::{CreditError, at_most, not_negative};
use crate::money::{Currency, Money, MoneyError};

/// What is kept for a billing profile in one currency: never less than nothing. It does not lapse (SPEC 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileCredit(Money);

/// Credit that pays for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditUse {
    /// How much of the credit.
    pub used: Money,
    /// What is left to pay by other means.
    pub to_pay: Money,
    /// The credit afterwards.
    pub left: ProfileCredit,
}

impl ProfileCredit {
    /// No credit.
    pub const fn none(currency: Currency) -> Self {
        Self(Money::zero(currency))
    }

    /// So much credit. Errors: a negative amount.
    pub fn new(amount: Money) -> Result<Self, CreditError> {
        not_negative(amount).map(Self)
    }

    /// How much.
    pub const fn amount(self) -> Money {
        self.0
    }

    /// More credit. Errors: a negative amount.
    pub fn grant(self, amount: Money) -> Result<Self, CreditError> {
        Ok(Self(self.0.plus(not_negative(amount)?)?))
    }

    /// Pays a document with it, before any card (SPEC 4). Errors: a negative amount.
    pub fn pay(self, due: Money) -> Result<CreditUse, CreditError> {
        let used = usable(self.0, not_negative(due)?)?;
        Ok(CreditUse { used, to_pay: due.minus(used)?, left: Self(self.0.minus(used)?) })
    }

    /// Pays it out to the owner, once nothing is active any more (SPEC 4). Errors: more than there is.
    pub fn pay_out(self, amount: Money) -> Result<Self, CreditError> {
        Ok(Self(self.0.minus(at_most(amount, self.0)?)?))
    }
}

/// As much of the credit as the amount needs: never below nothing, never more than there is.
pub fn usable(credit: Money, amount: Money) -> Result<Money, MoneyError> {
    let rest = amount.minus(credit)?;
    let nothing = Money::zero(amount.currency());
    Ok(match (credit.is_positive() && amount.is_positive(), rest.is_negative()) {
        (false, _) => nothing,
        (true, true) => amount,
        (true, false) => credit,
    })
}
