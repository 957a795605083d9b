//! Money: whole minor units of a currency that knows its exponent, exact fractions, and rounding by name
//! (SPEC 4).
//!
//! Nothing here is a float, nothing wraps around and nothing is rounded unless a [`Rounding`] is named.

mod currency;
mod fraction;
mod rounding;

pub use currency::{Currency, UnknownCurrency};
pub use fraction::{Fraction, FractionError};
pub use rounding::Rounding;

use serde::{Deserialize, Serialize};

/// An amount in whole minor units of its currency: ¥1,800 is `1800` JPY, $12.50 is `1250` USD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount cannot be computed. Each of these refuses; none of them changes an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit.
    #[error("the amount is too large")]
    Overflow,
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be counted together")]
    CurrencyMismatch {
        /// The currency of the amount that was added to.
        left: Currency,
        /// The currency of the amount that was added.
        right: Currency,
    },
    /// Nothing to split by: no weights, or only weights of zero.
    #[error("there is nothing to split the amount by")]
    NoWeights,
}

impl Money {
    /// So many minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The minor units, negative for what goes back.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether this is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether this is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The sum of two amounts of one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// The difference of two amounts of one currency.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// The same amount in the other direction.
    pub fn negated(self) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_neg())
    }

    /// So many times the amount.
    pub fn times(self, count: i64) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_mul(count))
    }

    /// An exact fraction of the amount, rounded once in the mode that is named.
    pub fn share(self, fraction: Fraction, rounding: Rounding) -> Result<Self, MoneyError> {
        let product = i128::from(self.minor).checked_mul(fraction.numerator()).ok_or(MoneyError::Overflow)?;
        let minor = rounding.divide(product, fraction.denominator());
        self.with(i64::try_from(minor).ok())
    }

    /// The sum of many amounts of the currency; nothing at all is zero.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Splits the amount in proportion to the weights; the parts add up to the whole (SPEC 4, largest
    /// remainder).
    ///
    /// What whole units leave over goes, one unit each, to the parts with the largest remainders; among equal
    /// remainders to the earlier part. A negative amount is split as its positive counterpart.
    pub fn split(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let total: u128 = weights.iter().copied().map(u128::from).sum();
        if total == 0 {
            return Err(MoneyError::NoWeights);
        }
        let whole = u128::from(self.minor.unsigned_abs());
        // At most 2^63 × 2^64: fits.
        let exact = weights.iter().map(|weight| whole * u128::from(*weight));
        let (mut parts, remainders): (Vec<u128>, Vec<u128>) =
            exact.map(|share| (share / total, share % total)).unzip();
        let left_over =
            usize::try_from(whole - parts.iter().sum::<u128>()).map_err(|_| MoneyError::Overflow)?;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|place| std::cmp::Reverse(remainders[*place]));
        for place in order.into_iter().take(left_over) {
            parts[place] += 1;
        }
        parts.into_iter().map(|part| self.with_size(part)).collect()
    }

    /// Splits the amount in proportion to amounts that may stand on both sides of zero, such as charges and what is
    /// given back; the parts add up to the whole (SPEC 4, largest remainder).
    ///
    /// Among amounts of one sign this is [`Money::split`]. Errors: amounts that come to nothing; two currencies; a
    /// part that does not fit.
    pub fn split_over(self, amounts: &[Self]) -> Result<Vec<Self>, MoneyError> {
        let sum: i128 = amounts.iter().map(|amount| i128::from(amount.minor)).sum();
        if sum == 0 {
            return Err(MoneyError::NoWeights);
        }
        // Counted so that the whole and the sum are positive, and turned back at the end.
        let whole = i128::from(self.minor).abs();
        let mut parts = Vec::with_capacity(amounts.len());
        let mut remainders = Vec::with_capacity(amounts.len());
        for amount in amounts {
            self.same_currency(*amount)?;
            // At most 2^63 × 2^63: fits.
            let exact = whole * i128::from(amount.minor) * sum.signum();
            parts.push(exact.div_euclid(sum.abs()));
            remainders.push(exact.rem_euclid(sum.abs()));
        }
        let left_over =
            usize::try_from(whole - parts.iter().sum::<i128>()).map_err(|_| MoneyError::Overflow)?;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|place| std::cmp::Reverse(remainders[*place]));
        for place in order.into_iter().take(left_over) {
            parts[place] += 1;
        }
        let turned = |part: i128| self.with(i64::try_from(part * i128::from(self.minor.signum())).ok());
        parts.into_iter().map(turned).collect()
    }

    /// The amount as a plain decimal with as many places as the currency has: `-12.50`, `1800`, `0.005`.
    pub fn decimal(self) -> String {
        let places = usize::from(self.currency.exponent());
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }

    fn with(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        minor.map(|minor| Self::new(minor, self.currency)).ok_or(MoneyError::Overflow)
    }

    /// The same sign and currency with another size.
    fn with_size(self, size: u128) -> Result<Self, MoneyError> {
        let size = i128::try_from(size).map_err(|_| MoneyError::Overflow)?;
        let signed = if self.minor < 0 { -size } else { size };
        self.with(i64::try_from(signed).ok())
    }
}

/// For logs and tests: `JPY 1800`. Pages format amounts for the person.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency, self.decimal())
    }
}

#[cfg(test)]
mod tests;
