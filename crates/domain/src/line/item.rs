//! Items: lines before they have a name and a tax. They depend on plain values alone.

use super::{LineKind, LinePart, parts, parts_of_difference};
use crate::catalog::Charge;
use crate::conventions::{Conventions, QuantityLines};
use crate::discount::{Discount, Off, Reduction, reductions};
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

impl<'a> Holding<'a> {
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
    /// does not come back. Where all seats get cheaper with their number (volume tiers), more of them can cost
    /// less: then the amount is below zero, and above it for fewer.
    ///
    /// A fixed sum stays what it is for the period. Only where the old or the new amount is smaller than the
    /// sum does a change of what it takes off count, on the lines that change. Off what is paid once for the new
    /// seats only per cents are taken: the sums were given before.
    pub fn change_seats(
        self,
        to: u32,
        share: Fraction,
        conventions: Conventions,
    ) -> Result<Vec<Item>, MoneyError> {
        if self.seats == to {
            return Ok(Vec::new());
        }
        let new = self.with_seats(to);
        let mut items = match conventions.quantity {
            QuantityLines::One => self.difference(to, share, conventions, Charge::is_recurring)?,
            QuantityLines::Two => {
                let of_seats = |item: &Item| item.kind == LineKind::Seats;
                let was = self.recurring(share, conventions)?.into_iter().filter(of_seats);
                let is = new.recurring(share, conventions)?.into_iter().filter(of_seats);
                was.map(Item::given_back).chain(is.map(Ok)).collect::<Result<_, _>>()?
            }
        };
        if to > self.seats {
            let per_cents = self.discounts.iter().filter(|each| matches!(each.off, Off::PerCent(_)));
            let discounts: Vec<Discount> = per_cents.copied().collect();
            let once = Holding { discounts: &discounts, ..self };
            items.extend(once.difference(to, share, conventions, |charge| !charge.is_recurring())?);
        }
        Ok(items)
    }

    /// New minus old, for those of these charges that depend on seats. What fixed sums take off more or less, over
    /// all of these charges, goes to them alone.
    fn difference(
        self,
        to: u32,
        share: Fraction,
        conventions: Conventions,
        of: impl Fn(&Charge) -> bool,
    ) -> Result<Vec<Item>, MoneyError> {
        let (was, is) = (self.reduced(&of)?, self.with_seats(to).reduced(&of)?);
        let fixed =
            |of: &[(&Charge, Reduction)]| Money::sum(self.currency, of.iter().map(|(_, each)| each.fixed));
        let moved = fixed(&is)?.minus(fixed(&was)?)?;
        let changed = is.into_iter().filter(|(charge, _)| charge.is_per_seat());
        let changed: Vec<(&Charge, Reduction, Vec<LinePart>)> = changed
            .map(|(charge, reduction)| (charge, reduction, parts_of_difference(charge, self.seats, to)))
            .collect();
        let weight = |parts: &[LinePart]| Ok(full(self.currency, parts)?.minor().unsigned_abs());
        let weights = changed.iter().map(|(_, _, parts)| weight(parts));
        let weights = weights.collect::<Result<Vec<_>, MoneyError>>()?;
        let moved = match moved.split(&weights) {
            Err(MoneyError::NoWeights) => vec![Money::zero(self.currency); weights.len()],
            parts => parts?,
        };
        let items = changed.into_iter().zip(moved).map(|((charge, reduction, parts), fixed)| {
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
        let items = self.reduced(of)?.into_iter().map(|(charge, reduction)| {
            let parts = parts(charge, self.seats);
            Item::new(LineKind::of(charge), parts, reduction, share, conventions)
        });
        items.collect()
    }

    /// These charges, and what the discounts take off each. Sums are spread over what is charged together, so that
    /// nothing of them is lost on a fee that was paid before.
    fn reduced(self, of: impl Fn(&Charge) -> bool) -> Result<Vec<(&'a Charge, Reduction)>, MoneyError> {
        let with_full =
            |charge: &'a Charge| full(self.currency, &parts(charge, self.seats)).map(|full| (charge, full));
        let charges = self.charges.iter().filter(|charge| of(charge)).map(with_full);
        let charges = charges.collect::<Result<Vec<_>, _>>()?;
        let reductions = reductions(self.currency, &charges, self.discounts)?;
        Ok(charges.into_iter().map(|(charge, _)| charge).zip(reductions).collect())
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
