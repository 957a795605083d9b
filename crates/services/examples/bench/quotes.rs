//! Quotes, as the pages and the engine compute them: nothing but arithmetic.

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::catalog::{BillingFrequency, Catalog, Term};
use domain::conventions::Conventions;
use domain::country::Country;
use domain::money::{Currency, Money};
use domain::quote::Purchase;
use domain::subscription::SeatCount;
use domain::tax::Buyer;
use domain::time::Date;
use services::import::catalog::CatalogFile;

use crate::Failure;
use crate::shop::CATALOG;

/// What is quoted, from the documented catalog: plan, term, frequency, seats.
const KINDS: [(&str, &str, Term, BillingFrequency, u32); 3] = [
    ("per_seat", "standard", Term::OneMonth, BillingFrequency::UpFront, 14),
    ("graduated", "business", Term::OneMonth, BillingFrequency::UpFront, 14),
    ("instalments", "standard", Term::OneYear, BillingFrequency::Monthly, 14),
];

/// How many quotes are computed between two looks at the clock.
const ROUND: u32 = 1_000;

/// How many quotes of each kind one core computes in a second. `mix`: as many of each.
pub(crate) fn quotes(time: Duration) -> Result<(), Failure> {
    let file = CatalogFile::read(CATALOG);
    let catalog = file.map_err(|problems| format!("the catalog is not right: {problems:?}"))?.catalog;
    let mut parts = Vec::new();
    let mut slowness = 0.0;
    for (name, plan, term, frequency, seats) in KINDS {
        let purchase = purchase(&catalog, plan, term, frequency, seats)?;
        run(&purchase, time / 10)?;
        let per_second = run(&purchase, time)?;
        slowness += 1.0 / per_second;
        parts.push(format!("\"{name}\": {per_second:.0}"));
    }
    let mix = f64::from(u32::try_from(KINDS.len())?) / slowness;
    println!("{{{}, \"mix\": {mix:.0}, \"seconds\": {}}}", parts.join(", "), time.as_secs_f64());
    Ok(())
}

fn purchase<'c>(
    catalog: &'c Catalog,
    plan: &str,
    term: Term,
    frequency: BillingFrequency,
    seats: u32,
) -> Result<Purchase<'c>, Failure> {
    let product = catalog.product("paper").ok_or("no product")?;
    let plan = product.plan(plan).ok_or("no plan")?;
    let slot = (Currency::JPY, term, frequency);
    let price = plan.prices.iter().find(|price| (price.currency, price.term, price.frequency) == slot);
    Ok(Purchase {
        issuer: catalog.issuer_for(Country::JAPAN).ok_or("no issuer")?,
        product,
        plan,
        price: price.ok_or("no price")?,
        seats: SeatCount::try_from(seats)?,
        buyer: Buyer { country: Country::JAPAN, tax_id: None },
        start: Date::constant(2026, 11, 24),
    })
}

/// Quotes per second.
fn run(purchase: &Purchase<'_>, time: Duration) -> Result<f64, Failure> {
    let (mut count, start) = (0, Instant::now());
    while start.elapsed() < time {
        for _ in 0..ROUND {
            black_box(black_box(purchase).quote(Money::zero(Currency::JPY), Conventions::default())?);
        }
        count += ROUND;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}
