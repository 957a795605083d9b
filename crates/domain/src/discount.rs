//! Discounts: what is taken off before days are counted (SPEC 4).
//!
//! A discount belongs to the subscription. It reduces the full-period amounts of the lines that it covers; a
//! change of seats or plan then compares amounts after discount, so that it is never applied again to a
//! difference.

use serde::{Deserialize, Serialize};

use crate::catalog::{Charge, TaxRate};
use crate::money::{Currency, Fraction, FractionError, Money, MoneyError, Rounding};

/// How much a discount takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Off {
    /// So many per cent of each line that it covers.
    PerCent(PerCent),
    /// So much for each billing period, in minor units of the price's currency, spread over the lines that it
    /// covers.
    Fixed(u32),
}

/// A per cent from 0 to 100, exact to four decimal places and written as tax rates are: `"25"`, `"12.5"`.
pub type PerCent = TaxRate;

/// Which charges of a price a discount covers. What is paid once is covered only where it is named, since a
/// discount is for periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// Everything that comes again with each period.
    Recurring,
    /// The part that is the same for any number of seats.
    Flat,
    /// The part that grows with the seats.
    Seats,
    /// What is paid once.
    OneTime,
    /// Every line.
    Everything,
}

impl Covers {
    /// Whether this charge is covered.
    pub const fn covers(self, charge: &Charge) -> bool {
        match self {
            Self::Everything => true,
            Self::Recurring => charge.is_recurring(),
            Self::Flat => !charge.is_per_seat(),
            Self::Seats => charge.is_recurring() && charge.is_per_seat(),
            Self::OneTime => !charge.is_recurring(),
        }
    }
}

/// For how many billing periods a discount is given, counted from the first one it was given for (SPEC 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lasts {
    /// For one period.
    Once,
    /// For so many periods.
    Periods(u16),
    /// As long as the subscription lives.
    Forever,
}

/// A discount of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// How much.
    pub off: Off,
    /// Of what.
    pub covers: Covers,
    /// For how long.
    pub lasts: Lasts,
}

impl Discount {
    /// So many per cent off what recurs, for ever.
    pub const fn per_cent(off: PerCent) -> Self {
        Self { off: Off::PerCent(off), covers: Covers::Recurring, lasts: Lasts::Forever }
    }

    /// So many minor units off what recurs in each period, for ever.
    pub const fn fixed(minor: u32) -> Self {
        Self { off: Off::Fixed(minor), covers: Covers::Recurring, lasts: Lasts::Forever }
    }

    /// Whether it is given in period `n`, counted from the first one it was given for, which is 0.
    pub fn is_given(&self, n: u32) -> bool {
        match self.lasts {
            Lasts::Once => n == 0,
            Lasts::Periods(periods) => n < u32::from(periods),
            Lasts::Forever => true,
        }
    }
}

/// What discounts take off the full-period amount of one line: first the per cents, exactly, then a share of the
/// fixed sums in whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// The part of the amount that the per cents leave: 3/4 for 25 % off.
    pub keeps: Fraction,
    /// What fixed sums take off after that. Negative on a line that gives back.
    pub fixed: Money,
}

impl Reduction {
    /// Nothing taken off.
    pub const fn none(currency: Currency) -> Self {
        Self { keeps: Fraction::ONE, fixed: Money::zero(currency) }
    }

    /// Whether nothing is taken off.
    pub fn is_none(&self) -> bool {
        self.keeps == Fraction::ONE && self.fixed.is_zero()
    }

    /// What is left of a full-period amount, times a share of the period: one exact fraction, rounded once.
    pub fn share_of(self, full: Money, share: Fraction, rounding: Rounding) -> Result<Money, MoneyError> {
        let whole = Money::new(1, full.currency());
        self.exact(full)?.times(share).map_err(too_large).and_then(|exact| whole.share(exact, rounding))
    }

    /// What is left of a full-period amount, in minor units, exactly.
    fn exact(self, full: Money) -> Result<Fraction, MoneyError> {
        // Two currencies do not meet.
        full.minus(self.fixed)?;
        let (over, under) = (self.keeps.numerator(), self.keeps.denominator());
        let kept = i128::from(full.minor()).checked_mul(over);
        let fixed = i128::from(self.fixed.minor()).checked_mul(under);
        let left = kept.zip(fixed).and_then(|(kept, fixed)| kept.checked_sub(fixed));
        Fraction::new(left.ok_or(MoneyError::Overflow)?, under).map_err(too_large)
    }
}

/// What the discounts take off each of these charges, whose full-period amounts are given beside them (SPEC 4).
///
/// Of several discounts all per cents apply first, each to what the others leave (50 % and 25 % off leave 3/8), then
/// the fixed sums in their order. So the order in which per cents and sums were given makes no difference, and a
/// sum is worth what it says. A sum is spread in proportion to the full-period amounts by largest remainder; it
/// never takes more off a line than the line has left, in whole minor units, and what finds no room on one line
/// goes to the others that it covers. Errors: an amount that does not fit.
pub fn reductions(
    currency: Currency,
    charges: &[(&Charge, Money)],
    discounts: &[Discount],
) -> Result<Vec<Reduction>, MoneyError> {
    let mut reductions = vec![Reduction::none(currency); charges.len()];
    for discount in discounts {
        if let Off::PerCent(off) = discount.off {
            for ((charge, _), reduction) in charges.iter().zip(&mut reductions) {
                if discount.covers.covers(charge) {
                    reduction.keeps = reduction.keeps.times(rest_of(off)).map_err(too_large)?;
                }
            }
        }
    }
    for discount in discounts {
        if let Off::Fixed(sum) = discount.off {
            let sum = Money::new(sum.into(), currency);
            take_off(sum, discount.covers, charges, &mut reductions)?;
        }
    }
    Ok(reductions)
}

/// Takes a sum off the charges that are covered, as far as there is room on them.
fn take_off(
    mut sum: Money,
    covers: Covers,
    charges: &[(&Charge, Money)],
    reductions: &mut [Reduction],
) -> Result<(), MoneyError> {
    loop {
        let rooms = charges.iter().zip(&*reductions).map(|((charge, full), reduction)| {
            let left = reduction.share_of(*full, Fraction::ONE, Rounding::Down)?;
            Ok(if covers.covers(charge) && left.is_positive() { left } else { Money::zero(full.currency()) })
        });
        let rooms = rooms.collect::<Result<Vec<_>, MoneyError>>()?;
        let over = charges.iter().zip(&rooms);
        let over: Vec<Money> =
            over.map(|((_, full), room)| if room.is_zero() { *room } else { *full }).collect();
        if sum.is_zero() || rooms.iter().all(|room| room.is_zero()) {
            return Ok(());
        }
        // Each turn uses up the sum, or the room on at least one line.
        for ((share, room), reduction) in spread(sum, &over)?.into_iter().zip(rooms).zip(&mut *reductions) {
            let taken = if share.minor() < room.minor() { share } else { room };
            reduction.fixed = reduction.fixed.plus(taken)?;
            sum = sum.minus(taken)?;
        }
    }
}

/// Spreads a fixed sum over amounts in proportion to them (SPEC 4, largest remainder). It never takes more than
/// there is; amounts below zero are left alone.
pub fn spread(sum: Money, over: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let currency = sum.currency();
    let weights: Vec<u64> = over.iter().map(|amount| u64::try_from(amount.minor()).unwrap_or(0)).collect();
    let there_is = Money::sum(currency, over.iter().copied().filter(|amount| amount.is_positive()))?;
    let sum = if sum.minor() < there_is.minor() { sum } else { there_is };
    match sum.split(&weights) {
        Err(MoneyError::NoWeights) => Ok(vec![Money::zero(currency); over.len()]),
        parts => parts,
    }
}

fn rest_of(off: PerCent) -> Fraction {
    let whole = i128::from(TaxRate::WHOLE);
    Fraction::new(whole - i128::from(off.millionths()), whole).unwrap_or(Fraction::ONE).lowest()
}

const fn too_large(_: FractionError) -> MoneyError {
    MoneyError::Overflow
}

#[cfg(test)]
mod tests;
