//! Items: lines before they have a name and a tax. They depend on plain values alone.

use super::{LineKind, LinePart, parts, parts_of_difference};
use crate::catalog::Charge;
use crate::conventions::{Conventions, QuantityLines};
use crate::discount::{Discount, Reduction, reductions};
use crate::money::{Currency, Fraction, Money, MoneyError};

/// What is charged, and how it came about: `share` of what the reduction leaves of `full`, rounded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is for.
    pub kind: LineKind,
    /// Seats × unit price, once for each tier that is touched. They add up to `full`.
    pub parts: Vec<LinePart>,
    /// What the parts cost for the whole billing period, in minor units; negative for what goes back.
    pub full: Money,
    /// What discounts take off that.
    pub reduction: Reduction,
    /// Which part of the billing period is charged: 14/30.
    pub share: Fraction,
    /// What is charged.
    pub amount: Money,
}

/// A number of seats at a price, after discounts: what a subscription costs in one billing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding<'a> {
    /// The currency of every amount.
    pub currency: Currency,
    /// The charges of the price, in minor units for a whole billing period.
    pub charges: &'a [Charge],
    /// How many seats.
    pub seats: u32,
    /// The discounts that are given in this period.
    pub discounts: &'a [Discount],
}

impl Item {
    /// An item for these parts.
    pub fn new(
        kind: LineKind,
        parts: Vec<LinePart>,
        reduction: Reduction,
        share: Fraction,
        conventions: Conventions,
    ) -> Result<Self, MoneyError> {
        let currency = reduction.fixed.currency();
        let full = full(currency, &parts)?;
        // What is paid once is never counted by days.
        let share = if kind == LineKind::OneTime { Fraction::ONE } else { share };
        let amount = reduction.share_of(full, share, conventions.line_rounding)?;
        Ok(Self { kind, parts, full, reduction, share, amount })
    }

    /// The same, given back.
    pub fn given_back(self) -> Result<Self, MoneyError> {
        let back = |part: LinePart| LinePart { quantity: -part.quantity, ..part };
        Ok(Self {
            parts: self.parts.into_iter().map(back).collect(),
            full: self.full.negated()?,
            reduction: Reduction { fixed: self.reduction.fixed.negated()?, ..self.reduction },
            amount: self.amount.negated()?,
            ..self
        })
    }
}

impl Holding<'_> {
    /// The same price and discounts for another number of seats.
    #[must_use]
    pub const fn with_seats(self, seats: u32) -> Self {
        Self { seats, ..self }
    }

    /// What this share of a billing period costs: one item for each charge that recurs.
    pub fn recurring(self, share: Fraction, conventions: Conventions) -> Result<Vec<Item>, MoneyError> {
        self.items(share, conventions, Charge::is_recurring)
    }

    /// What the first period costs: one item for each charge, what is paid once included.
    pub fn first(self, share: Fraction, conventions: Conventions) -> Result<Vec<Item>, MoneyError> {
        self.items(share, conventions, |_| true)
    }

    /// What a period costs in which so many seats are newly bought: each charge in the order of the price, what is
    /// paid once for those seats alone.
    pub fn period(
        self,
        bought: u32,
        share: Fraction,
        conventions: Conventions,
    ) -> Result<Vec<Item>, MoneyError> {
        match bought {
            0 => self.recurring(share, conventions),
            bought if bought >= self.seats => self.first(share, conventions),
            bought => {
                let mut items = self.recurring(share, conventions)?;
                let once = |charge: &Charge| !charge.is_recurring();
                items.extend(self.with_seats(bought).items(share, conventions, once)?);
                Ok(items)
            }
        }
    }

    /// What another number of seats changes, for this share of the period (SPEC 4): one item for each charge that
    /// depends on seats, new minus old full-period amount after discount, times the share. What was paid once
    /// does not come back.
    ///
    /// A fixed sum stays what it is for the period. Only where the old or the new amount is smaller than the
    /// sum does a change of what it takes off count, on the lines that change.
    pub fn change_seats(
        self,
        to: u32,
        share: Fraction,
        conventions: Conventions,
    ) -> Result<Vec<Item>, MoneyError> {
        let (old, new) = (self, self.with_seats(to));
        if self.seats == to {
            return Ok(Vec::new());
        }
        let once = |charge: &Charge| !charge.is_recurring() && to > self.seats;
        let seats = |charge: &Charge| charge.is_recurring() && charge.is_per_seat();
        match conventions.quantity {
            QuantityLines::One => {
                old.difference(new, share, conventions, |each| seats(each) || once(each), |_| true)
            }
            QuantityLines::Two => {
                let back = old.items(share, conventions, seats)?.into_iter().map(Item::given_back);
                let mut items = back.collect::<Result<Vec<_>, _>>()?;
                items.extend(new.items(share, conventions, seats)?);
                items.extend(old.difference(new, share, conventions, once, once)?);
                Ok(items)
            }
        }
    }

    /// New minus old, for these charges of one price. What fixed sums take off more or less, over those that are
    /// named last, goes to them alone.
    fn difference(
        self,
        new: Self,
        share: Fraction,
        conventions: Conventions,
        of: impl Fn(&Charge) -> bool,
        counted: impl Fn(&Charge) -> bool,
    ) -> Result<Vec<Item>, MoneyError> {
        let (was, is) = (self.reductions()?, new.reductions()?);
        let fixed = |of: &[Reduction]| {
            let counted = self.charges.iter().zip(of).filter(|(charge, _)| counted(charge));
            Money::sum(self.currency, counted.map(|(_, each)| each.fixed))
        };
        let moved = fixed(&is)?.minus(fixed(&was)?)?;
        let changed: Vec<(&Charge, Reduction)> =
            self.charges.iter().zip(is).filter(|(charge, _)| of(charge)).collect();
        let parts = |(charge, _): &(&Charge, _)| parts_of_difference(charge, self.seats, new.seats);
        let differences: Vec<Vec<LinePart>> = changed.iter().map(parts).collect();
        let weights = differences.iter().map(|parts| Ok(full(self.currency, parts)?.minor().unsigned_abs()));
        let weights = weights.collect::<Result<Vec<_>, MoneyError>>()?;
        let moved = match moved.split(&weights) {
            Err(MoneyError::NoWeights) => vec![Money::zero(self.currency); weights.len()],
            parts => parts?,
        };
        let items =
            changed.into_iter().zip(differences).zip(moved).map(|(((charge, reduction), parts), fixed)| {
                let kind = if charge.is_recurring() { LineKind::SeatChange } else { LineKind::OneTime };
                Item::new(kind, parts, Reduction { fixed, ..reduction }, share, conventions)
            });
        items.collect()
    }

    fn items(
        self,
        share: Fraction,
        conventions: Conventions,
        of: impl Fn(&Charge) -> bool,
    ) -> Result<Vec<Item>, MoneyError> {
        let reductions = self.reductions()?;
        let charges = self.charges.iter().zip(reductions).filter(|(charge, _)| of(charge));
        let items = charges.map(|(charge, reduction)| {
            let parts = parts(charge, self.seats);
            Item::new(LineKind::of(charge), parts, reduction, share, conventions)
        });
        items.collect()
    }

    fn reductions(self) -> Result<Vec<Reduction>, MoneyError> {
        let with_full = |charge| full(self.currency, &parts(charge, self.seats)).map(|full| (charge, full));
        let charges = self.charges.iter().map(with_full).collect::<Result<Vec<_>, _>>()?;
        reductions(self.currency, &charges, self.discounts)
    }
}

/// What items come to together.
pub fn sum(currency: Currency, items: &[Item]) -> Result<Money, MoneyError> {
    Money::sum(currency, items.iter().map(|item| item.amount))
}

fn full(currency: Currency, parts: &[LinePart]) -> Result<Money, MoneyError> {
    let amounts = parts.iter().map(|part| part.amount(currency));
    Money::sum(currency, amounts.collect::<Result<Vec<_>, _>>()?)
}
