//! Lines: what is charged, said so that people can check it (SPEC 4).
//!
//! A line is the exact fraction of days × seats × unit price, rounded once. The same line stands in the
//! quote, in the charge, on the invoice and under the posting.

mod item;
mod parts;

pub use item::{Holding, Item, sum};
pub use parts::{LinePart, TierSpan, parts, parts_of_difference};

use serde::{Deserialize, Serialize};

use crate::catalog::{Charge, Plan, Product};
use crate::conventions::Conventions;
use crate::discount::Reduction;
use crate::language::Localized;
use crate::money::{Currency, Money, MoneyError};
use crate::tax::AppliedTax;
use crate::time::Period;

crate::code::coded! {
    /// What a line charges for. It decides which sentence names the line.
    pub enum LineKind {
        /// The part of a price that is the same for any number of seats.
        Flat = "flat",
        /// Seats for a whole billing period, or for the rest of one.
        Seats = "seats",
        /// What is paid once for each seat.
        OneTime = "one-time",
        /// The difference between an old and a new number of seats.
        SeatChange = "seat-change",
    }
}

impl LineKind {
    /// What a charge charges for.
    pub const fn of(charge: &Charge) -> Self {
        match charge {
            Charge::Flat(_) => Self::Flat,
            Charge::PerSeat(_) | Charge::Graduated(_) | Charge::Volume(_) => Self::Seats,
            Charge::OneTime(_) => Self::OneTime,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is for.
    pub kind: LineKind,
    /// The product, copied: a later name does not change what was charged.
    pub product: Localized,
    /// The plan, copied.
    pub plan: Localized,
    /// Seats × unit price, once for each tier that is touched. They add up to `full`.
    pub parts: Vec<LinePart>,
    /// What the parts cost for the whole billing period.
    pub full: Money,
    /// What a discount takes off that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<Reduction>,
    /// The days that the line pays for.
    pub service: Period,
    /// The billing period they lie in. The line is `service.days() / billing.days()` of what is left of `full`.
    pub billing: Period,
    /// What is charged: net, or with tax where the document's prices include it.
    pub amount: Money,
    /// The tax on it.
    pub tax: AppliedTax,
}

/// What lines of one billing period have in common.
#[derive(Clone, Copy, Debug)]
pub struct LineContext<'a> {
    /// The product.
    pub product: &'a Product,
    /// The plan.
    pub plan: &'a Plan,
    /// The currency of the price.
    pub currency: Currency,
    /// The billing period that an amount of the price is for.
    pub billing: Period,
    /// The days of it that are paid for: all, or the rest from a day on.
    pub service: Period,
    /// The tax in force on the first of those days.
    pub tax: AppliedTax,
    /// How lines are rounded.
    pub conventions: Conventions,
}

impl LineContext<'_> {
    /// The line for a charge and a number of seats.
    pub fn line(&self, charge: &Charge, seats: u32) -> Result<Line, MoneyError> {
        self.line_of(LineKind::of(charge), parts(charge, seats))
    }

    /// The one line for a change of the number of seats: new minus old full-period amount, times the days
    /// (SPEC 4). Nothing where the charge does not depend on seats, or where one-time fees would be given
    /// back. With discounts: [`Holding::change_seats`].
    pub fn line_of_change(&self, charge: &Charge, from: u32, to: u32) -> Result<Option<Line>, MoneyError> {
        let given_back = !charge.is_recurring() && to < from;
        if !charge.is_per_seat() || given_back || from == to {
            return Ok(None);
        }
        let kind = if charge.is_recurring() { LineKind::SeatChange } else { LineKind::OneTime };
        self.line_of(kind, parts_of_difference(charge, from, to)).map(Some)
    }

    /// Gives an item the names, the days and the tax of this context.
    pub fn name(&self, item: Item) -> Line {
        Line {
            kind: item.kind,
            product: self.product.name.clone(),
            plan: self.plan.name.clone(),
            parts: item.parts,
            full: item.full,
            reduction: Some(item.reduction).filter(|reduction| !reduction.is_none()),
            service: self.service,
            billing: self.billing,
            amount: item.amount,
            tax: self.tax,
        }
    }

    fn line_of(&self, kind: LineKind, parts: Vec<LinePart>) -> Result<Line, MoneyError> {
        let share = self.conventions.share(self.service, self.billing);
        let reduction = Reduction::none(self.currency);
        Item::new(kind, parts, reduction, share, self.conventions).map(|item| self.name(item))
    }
}

impl Line {
    /// How many seats the line is about; 1 for a flat part.
    pub fn quantity(&self) -> i64 {
        self.parts.iter().map(|part| part.quantity).sum()
    }

    /// The price of one seat where all its seats have the same.
    pub fn unit_price(&self) -> Option<Money> {
        let (first, others) = self.parts.split_first()?;
        let same = others.iter().all(|part| part.unit_price == first.unit_price);
        same.then(|| Money::new(first.unit_price, self.full.currency()))
    }

    /// Whether it pays for less than the billing period, so that its days are worth showing.
    pub fn is_by_days(&self) -> bool {
        self.kind != LineKind::OneTime && self.service != self.billing
    }
}

#[cfg(test)]
mod tests;
