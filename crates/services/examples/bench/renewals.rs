//! Many subscriptions fall due at one instant.

use std::path::Path;

use domain::catalog::{BillingFrequency, Term};
use domain::time::Instant;
use store::Location;
use store::testing::remote;

use crate::Failure;
use crate::memory::{forget_peak, peak_mb};
use crate::shop::{CATALOG, Shop, StandingClock};
use crate::stock::{customers, sell};

/// 24 November 2026, 10:00 in Tokyo.
pub(crate) const BOUGHT_AT: Instant = Instant::from_micros(1_795_482_000_000_000);

/// What is bought, and renews a month later.
pub(crate) const MONTH: &[(Term, BillingFrequency)] = &[(Term::OneMonth, BillingFrequency::UpFront)];

/// So many subscriptions of so many organizations renew, in a fresh database: in the `folder`, or on the `server` that
/// the environment names. Measured until each is renewed, paid and its invoice numbered.
pub(crate) async fn renewals(
    data: &Path,
    place: &str,
    count: u32,
    organizations: u32,
) -> Result<(), Failure> {
    let clock = StandingClock::at(BOUGHT_AT);
    let location = match place {
        "folder" => Location::Folder(data.to_owned()),
        "server" => {
            let fresh = remote(false).await?.ok_or("the environment names no server")?;
            fresh.store.close().await;
            fresh.location
        }
        other => return Err(format!("`{other}` is no place for a database").into()),
    };
    let shop = Shop::open_on(&location, data, clock.clone()).await?;
    shop.services.import_catalog(CATALOG).await?;
    let mut due_at = BOUGHT_AT;
    let customers = customers(&shop, "house", organizations).await?;
    for (number, customer) in (0..organizations).zip(&customers) {
        let share = count / organizations + u32::from(number < count % organizations);
        due_at = sell(&shop, customer, MONTH, share, true).await?;
    }
    shop.services.number_documents().await?;
    clock.set(due_at);

    forget_peak();
    let start = std::time::Instant::now();
    let (done, rounds) = shop.do_what_is_due().await?;
    let seconds = start.elapsed().as_secs_f64();
    let peak = peak_mb()?;
    if (done.advanced, done.asked, done.numbered, done.failed) != (count, count, count, 0) {
        return Err(format!("of {count} renewals, {done:?} was done").into());
    }
    shop.verify().await?;
    println!(
        "{{\"seconds\": {seconds:.6}, \"count\": {count}, \"organizations\": {organizations}, \
         \"rounds\": {rounds}, \"peak_mb\": {peak:.1}}}"
    );
    shop.services.store().close().await;
    Ok(())
}
