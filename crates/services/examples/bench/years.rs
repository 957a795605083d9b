//! Years go by, day by day.

use std::path::Path;
use std::time::Duration;

use domain::catalog::{BillingFrequency, Term};
use domain::time::Instant;
use services::worker::Done;
use store::Location;

use crate::Failure;
use crate::memory::{forget_peak, peak_mb};
use crate::renewals::BOUGHT_AT;
use crate::shop::{CATALOG, Shop, StandingClock};
use crate::stock::{Customer, customers, sell};

/// What every organization buys.
const TERMS: &[(Term, BillingFrequency)] = &[
    (Term::OneMonth, BillingFrequency::UpFront),
    (Term::OneYear, BillingFrequency::UpFront),
    (Term::OneYear, BillingFrequency::Monthly),
];

/// On how many days in a row organizations buy, so that what they buy falls due on different days.
const BUYING_DAYS: u32 = 28;

const DAY_SECONDS: i64 = 24 * 3_600;

/// So many years of so many organizations with a subscription of each kind. What counts is the time that the worker
/// takes, not that of writing the purchases.
pub(crate) async fn years(data: &Path, years: u32, organizations: u32) -> Result<(), Failure> {
    let clock = StandingClock::at(BOUGHT_AT);
    let shop = Shop::open_on(&Location::Folder(data.to_owned()), data, clock.clone()).await?;
    shop.services.import_catalog(CATALOG).await?;
    let customers = customers(&shop, "house", organizations).await?;
    // Every buyer has all the years: the first of them a few days more.
    let days = years * 365 + years.div_ceil(4) + BUYING_DAYS;

    forget_peak();
    let (mut all, mut time) = (Done::default(), Duration::ZERO);
    for day in 0..days {
        clock.set(morning(day));
        buy_today(&shop, &customers, day).await?;
        let start = std::time::Instant::now();
        let (done, _) = shop.do_what_is_due().await?;
        time += start.elapsed();
        all.advanced += done.advanced;
        all.asked += done.asked;
        all.numbered += done.numbered;
        all.failed += done.failed;
    }
    if all.failed > 0 {
        return Err(format!("something failed: {all:?}").into());
    }
    let peak = peak_mb()?;
    shop.verify().await?;
    println!(
        "{{\"seconds\": {:.6}, \"days\": {days}, \"organizations\": {organizations}, \"advanced\": {}, \
         \"charges\": {}, \"invoices\": {}, \"peak_mb\": {peak:.1}}}",
        time.as_secs_f64(),
        all.advanced,
        all.asked,
        all.numbered
    );
    shop.services.store().close().await;
    Ok(())
}

/// The same time of day, so many days after the first.
fn morning(day: u32) -> Instant {
    BOUGHT_AT.plus_seconds(i64::from(day) * DAY_SECONDS)
}

async fn buy_today(shop: &Shop, customers: &[Customer], day: u32) -> Result<(), Failure> {
    if day < BUYING_DAYS {
        for (_, customer) in (0_u32..).zip(customers).filter(|(number, _)| number % BUYING_DAYS == day) {
            sell(shop, customer, TERMS, u32::try_from(TERMS.len())?, false).await?;
        }
        shop.services.number_documents().await?;
    }
    Ok(())
}
