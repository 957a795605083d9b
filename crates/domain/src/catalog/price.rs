//! Prices: for what, for how long, and when it is paid.

use serde::{Deserialize, Serialize};

use crate::money::Currency;

crate::code::coded! {
    /// How long a subscription runs before it renews (SPEC 5).
    pub enum Term {
        /// 1 month.
        OneMonth = "1-month",
        /// 1 year.
        OneYear = "1-year",
        /// 3 years.
        ThreeYears = "3-years",
    }
}

impl Term {
    /// The length in calendar months: 1, 12 or 36.
    pub const fn months(self) -> u16 {
        match self {
            Self::OneMonth => 1,
            Self::OneYear => 12,
            Self::ThreeYears => 36,
        }
    }
}

crate::code::coded! {
    /// When a term is paid (SPEC 5).
    pub enum BillingFrequency {
        /// The whole term at its start.
        UpFront = "up-front",
        /// In monthly instalments, each at the start of its month.
        Monthly = "monthly",
    }
}

impl BillingFrequency {
    /// How many calendar months one payment of this term covers: the billing period.
    pub const fn months(self, term: Term) -> u16 {
        match self {
            Self::UpFront => term.months(),
            Self::Monthly => 1,
        }
    }

    /// How many payments one term takes.
    pub const fn payments(self, term: Term) -> u16 {
        term.months() / self.months(term)
    }
}

/// One price of a plan. A plan has at most one for each currency, term and frequency.
///
/// Every amount is **per billing period**: the whole term where it is paid up front (1 year up front: a
/// year's price), one month where it is paid in instalments (1 year monthly: a month's price, charged twelve
/// times). The charges add up: 10,000 for the workspace plus 5,000 for each seat are two charges of one
/// price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The currency of all its amounts.
    pub currency: Currency,
    /// How long the customer commits to.
    pub term: Term,
    /// When it is paid; a term of one month is always paid up front.
    #[serde(default = "up_front")]
    pub frequency: BillingFrequency,
    /// Whether the amounts include tax. They are net unless this says so (SPEC 4).
    #[serde(default)]
    pub tax_included: bool,
    /// What is charged.
    pub charges: Vec<Charge>,
}

const fn up_front() -> BillingFrequency {
    BillingFrequency::UpFront
}

/// One part of a price, in minor units of the price's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// The same for any number of seats.
    Flat(i64),
    /// So much for each seat.
    PerSeat(i64),
    /// Each seat at the price of the tier that it falls into: 14 seats at 1–10 $10, 11+ $8 are $132.
    Graduated(Vec<Tier>),
    /// Every seat at the price of the tier that the number reaches: the same 14 seats are $112.
    Volume(Vec<Tier>),
    /// Once for each seat, when it is bought: never by days, never at renewal.
    OneTime(i64),
}

impl Charge {
    /// Whether it comes again with every billing period.
    pub const fn is_recurring(&self) -> bool {
        !matches!(self, Self::OneTime(_))
    }

    /// Whether it grows with the number of seats.
    pub const fn is_per_seat(&self) -> bool {
        !matches!(self, Self::Flat(_))
    }
}

/// One step of a price that depends on the number of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The last seat of this tier; the last tier has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<u32>,
    /// The price of each of its seats.
    pub per_seat: i64,
}
