//! A small publisher for tests: the story of the design guide.

use crate::catalog::{
    BillingFrequency, Catalog, Charge, Issuer, Plan, Price, Product, SeatLimits, Term, Tier,
};
use crate::country::Country;
use crate::money::{Currency, Money};
use crate::tax::Buyer;

/// The catalog of `sample.toml`.
pub(crate) fn catalog() -> Catalog {
    toml::from_str(include_str!("sample.toml")).unwrap()
}

pub(crate) fn issuer(key: &str) -> Issuer {
    catalog().issuer(key).unwrap().clone()
}

/// Minato Draft with a plan of this price, 1 to 300 seats.
pub(crate) fn product(price: Price) -> (Product, Plan) {
    let mut product = catalog().product("draft").unwrap().clone();
    let plan = product.plans.first_mut().unwrap();
    plan.seats = SeatLimits { minimum: 1, maximum: 300 };
    plan.prices = vec![price];
    let plan = plan.clone();
    (product, plan)
}

pub(crate) fn price(term: Term, frequency: BillingFrequency, charges: Vec<Charge>) -> Price {
    Price { currency: Currency::JPY, term, frequency, tax_included: false, charges }
}

/// Money case S8: 1–10 at $10, 11 and more at $8.
pub(crate) fn tiers() -> Vec<Tier> {
    vec![Tier { up_to: Some(10), per_seat: 1000 }, Tier { up_to: None, per_seat: 800 }]
}

pub(crate) fn japanese_buyer() -> Buyer<'static> {
    Buyer { country: Country::JAPAN, tax_id: None }
}

pub(crate) fn yen(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}
