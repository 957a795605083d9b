//! Many subscriptions that are due when somebody begins to serve.

use std::path::Path;

use domain::time::{Instant, Zone};
use jiff::ToSpan as _;
use services::environment::Clock as _;
use store::Location;

use crate::Failure;
use crate::renewals::MONTH;
use crate::shop::{Shop, StandingClock, SystemClock};
use crate::stock::{customers, sell};

/// How many subscriptions an organization has.
const EACH: u32 = 1_000;

/// In a data folder that nobody serves and that has a catalog, so many monthly subscriptions are bought a month ago:
/// all of them renew at the first instant of today, or of a day shortly before, where the month before has fewer days.
pub(crate) async fn due(data: &Path, count: u32) -> Result<(), Failure> {
    let now = SystemClock.now();
    let clock = StandingClock::at(month_before(now)?);
    let shop = Shop::open_on(&Location::Folder(data.to_owned()), data, clock).await?;
    let organizations = count.div_ceil(EACH);
    let customers = customers(&shop, "due", organizations).await?;
    let mut left = count;
    for (number, customer) in (1_u32..).zip(&customers) {
        let due_at = sell(&shop, customer, MONTH, left.min(EACH), true).await?;
        if due_at > now {
            return Err("what was bought a month ago is not due yet".into());
        }
        left = left.saturating_sub(EACH);
        if number.is_multiple_of(100) {
            println!("{} of {count}", number * EACH);
        }
    }
    shop.services.number_documents().await?;
    println!("{{\"count\": {count}, \"organizations\": {organizations}}}");
    shop.services.store().close().await;
    Ok(())
}

/// Ten o'clock in Tokyo, a month before today.
fn month_before(now: Instant) -> Result<Instant, Failure> {
    let zone = Zone::find(&"Asia/Tokyo".parse()?)?;
    let day = zone.date(now).checked_sub(1.month())?;
    Ok(zone.start_of(day)?.plus_seconds(10 * 3_600))
}
