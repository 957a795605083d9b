//! The parts that a price is made of, for a number of seats.

use serde::{Deserialize, Serialize};

use crate::catalog::{Charge, Tier};
use crate::money::{Currency, Money, MoneyError};

/// So many seats at one unit price, for a whole billing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePart {
    /// How many; negative for seats that leave a tier. A flat part counts once.
    pub quantity: i64,
    /// The price of one, in minor units of the line's currency.
    pub unit_price: i64,
    /// The tier they are in, where the price has tiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierSpan>,
}

/// Which seats a tier is for, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierSpan {
    /// Its first seat.
    pub from: u32,
    /// Its last seat; the last tier has none.
    pub to: Option<u32>,
}

impl LinePart {
    /// Quantity × unit price.
    pub fn amount(self, currency: Currency) -> Result<Money, MoneyError> {
        Money::new(self.unit_price, currency).times(self.quantity)
    }
}

/// What a charge comes to for so many seats in a whole billing period. No seats: no parts, or the flat one.
pub fn parts(charge: &Charge, seats: u32) -> Vec<LinePart> {
    let quantity = i64::from(seats);
    let parts = match charge {
        Charge::Flat(amount) => vec![LinePart { quantity: 1, unit_price: *amount, tier: None }],
        Charge::PerSeat(amount) | Charge::OneTime(amount) => {
            vec![LinePart { quantity, unit_price: *amount, tier: None }]
        }
        Charge::Graduated(tiers) => spans(tiers)
            .map(|(span, unit_price)| {
                let last = span.to.unwrap_or(seats).min(seats);
                let quantity = i64::from(last) - i64::from(span.from) + 1;
                LinePart { quantity: quantity.max(0), unit_price, tier: Some(span) }
            })
            .collect(),
        Charge::Volume(tiers) => spans(tiers)
            .filter(|(span, _)| span.from <= seats && span.to.is_none_or(|to| seats <= to))
            .map(|(span, unit_price)| LinePart { quantity, unit_price, tier: Some(span) })
            .collect(),
    };
    parts.into_iter().filter(|part| part.quantity != 0).collect()
}

/// New minus old: what a change of the number of seats adds, tier by tier; what leaves one is negative.
pub fn parts_of_difference(charge: &Charge, from: u32, to: u32) -> Vec<LinePart> {
    let mut difference: Vec<LinePart> = parts(charge, to);
    for old in parts(charge, from) {
        match difference.iter_mut().find(|part| (part.tier, part.unit_price) == (old.tier, old.unit_price)) {
            Some(part) => part.quantity -= old.quantity,
            None => difference.push(LinePart { quantity: -old.quantity, ..old }),
        }
    }
    difference.retain(|part| part.quantity != 0);
    difference.sort_by_key(|part| part.tier.map(|tier| tier.from));
    difference
}

/// Each tier with its first and last seat and its price.
fn spans(tiers: &[Tier]) -> impl Iterator<Item = (TierSpan, i64)> {
    let firsts = std::iter::once(1).chain(tiers.iter().filter_map(|tier| tier.up_to?.checked_add(1)));
    firsts.zip(tiers).map(|(from, tier)| (TierSpan { from, to: tier.up_to }, tier.per_seat))
}
