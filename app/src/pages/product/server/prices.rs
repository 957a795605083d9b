//! Plans and their prices in words and amounts.

use domain::catalog::{BillingFrequency, Charge, PlanOffer, Price, Term, Tier};
use domain::money::Money;

use super::{PlanCard, PlanPrice};
use crate::format::money;
use crate::texts::Texts;

/// A plan at the prices of a term; nothing where it has none.
pub(super) fn plan_card(offer: &PlanOffer<'_>, term: Term, texts: Texts) -> Option<PlanCard> {
    let language = texts.language();
    let prices = offer.prices.iter().filter(|price| price.term == term);
    let prices: Vec<PlanPrice> = prices.flat_map(|price| amounts(price, texts)).collect();
    let limits = offer.plan.seats;
    (!prices.is_empty()).then(|| PlanCard {
        key: offer.plan.key.to_string(),
        chosen: false,
        name: offer.plan.name.get(language).clone(),
        seats: texts.product().seats(&group(limits.minimum), &group(limits.maximum)),
        prices,
        features: offer.plan.features.iter().map(|feature| feature.get(language).clone()).collect(),
    })
}

/// Every amount of a price, each with what it is for.
fn amounts(price: &Price, texts: Texts) -> Vec<PlanPrice> {
    let words = texts.product();
    let per_seat = unit_of(price.term, price.frequency, true, texts);
    let whole = unit_of(price.term, price.frequency, false, texts);
    let instalments = price.frequency == BillingFrequency::Monthly && price.term != Term::OneMonth;
    let unit = |unit: &str| if instalments { words.instalments(unit) } else { unit.to_owned() };
    let amount = |minor: i64| money(Money::new(minor, price.currency));
    let mut shown = Vec::new();
    for charge in &price.charges {
        match charge {
            Charge::Flat(minor) => shown.push(PlanPrice { amount: amount(*minor), unit: unit(whole) }),
            Charge::PerSeat(minor) => shown.push(PlanPrice { amount: amount(*minor), unit: unit(per_seat) }),
            Charge::OneTime(minor) => {
                shown.push(PlanPrice { amount: amount(*minor), unit: words.once_per_seat().to_owned() });
            }
            Charge::Graduated(tiers) | Charge::Volume(tiers) => {
                let graduated = matches!(charge, Charge::Graduated(_));
                shown.extend(tier_amounts(tiers, graduated, texts).map(|(minor, range)| PlanPrice {
                    amount: amount(minor),
                    unit: [unit(per_seat), range].join(texts.product().joint()),
                }));
            }
        }
    }
    shown
}

/// What an amount per billing period is for, in words.
pub(crate) fn unit_of(term: Term, frequency: BillingFrequency, per_seat: bool, texts: Texts) -> &'static str {
    let words = texts.product();
    match (frequency.months(term), per_seat) {
        (1, true) => words.per_seat_month(),
        (1, false) => words.per_month(),
        (36, true) => words.per_seat_three_years(),
        (36, false) => words.per_three_years(),
        (_, true) => words.per_seat_year(),
        (_, false) => words.per_year(),
    }
}

/// The price of each tier, and for which seats it stands.
fn tier_amounts(tiers: &[Tier], graduated: bool, texts: Texts) -> impl Iterator<Item = (i64, String)> {
    let words = texts.product();
    let starts = std::iter::once(1).chain(tiers.iter().filter_map(|tier| tier.up_to.map(|last| last + 1)));
    tiers.iter().zip(starts).map(move |(tier, first)| {
        let range = match (tier.up_to, graduated) {
            (Some(last), true) => words.tier_graduated(&group(first), &group(last)),
            (None, true) => words.tier_graduated_last(&group(first)),
            (Some(last), false) => words.tier_volume(&group(first), &group(last)),
            (None, false) => words.tier_volume_last(&group(first)),
        };
        (tier.per_seat, range)
    })
}

/// The charge by which a price is compared with others: the recurring one that grows with the seats, else the
/// flat one. Of tiers the first, which is what one seat costs.
pub(crate) fn main_charge(price: &Price) -> Option<(Money, bool)> {
    let per_seat = price.charges.iter().find_map(|charge| match charge {
        Charge::PerSeat(minor) => Some(*minor),
        Charge::Graduated(tiers) | Charge::Volume(tiers) => tiers.first().map(|tier| tier.per_seat),
        Charge::Flat(_) | Charge::OneTime(_) => None,
    });
    let flat = price.charges.iter().find_map(|charge| match charge {
        Charge::Flat(minor) => Some(*minor),
        _ => None,
    });
    match (flat, per_seat) {
        (None, None) => None,
        (None, Some(minor)) => Some((Money::new(minor, price.currency), true)),
        // One seat of a workspace with a base price costs both.
        (Some(flat), per_seat) => Some((Money::new(flat + per_seat.unwrap_or(0), price.currency), false)),
    }
}

fn group(number: u32) -> String {
    crate::texts::group(i64::from(number))
}
