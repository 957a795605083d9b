use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::StatusView;
use crate::error::AppError;
use crate::pages::products::server::DayView;

/// A license that I hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenseView {
    /// The product.
    pub name: String,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// Whether it works now.
    pub status: StatusView,
    /// Since when I hold it.
    pub since: String,
    /// The last day on which it works at least, or the day on which the term behind it ended.
    pub until: DayView,
}

/// The licenses that the asker holds, those given last at the top.
#[server(endpoint = "my-licenses", input = leptos::server_fn::codec::GetUrl)]
pub async fn my_licenses() -> Result<Vec<LicenseView>, AppError> {
    use crate::format::instant_date;
    use crate::request::{answer, asker, services};

    let asker = asker();
    let (window, held) = services().my_licenses(&asker).await.map_err(|error| answer(&error))?;
    let zone = asker.must_place().map_err(|error| answer(&error))?.time_zone();
    let mut licenses = Vec::with_capacity(held.len());
    for held in &held {
        let since = instant_date(held.assigned_at, zone);
        let shown = license(&window, held.product, held.status, (since, held.ends_on));
        licenses.push(shown.map_err(|error| answer(&error))?);
    }
    Ok(licenses)
}

/// A license, ready to show. It is held since the first day; the term behind it ends before the second one.
#[cfg(feature = "ssr")]
pub(crate) fn license(
    window: &services::catalog::Window,
    product: domain::id::ProductId,
    status: domain::subscription::Status,
    (since, ends_on): (domain::time::Date, domain::time::Date),
) -> Result<LicenseView, services::ServiceError> {
    use domain::subscription::Status;
    use services::ServiceError;

    use crate::format::{date_long, date_short};
    use crate::texts::Texts;

    let language = crate::request::language();
    let words = Texts::new(language).my_licenses();
    let product = window
        .product(product)
        .ok_or_else(|| ServiceError::broken("a license's product is not on the shelf"))?;
    let (kind, word) = match status {
        Status::Active => ("ok", words.works()),
        Status::Expired => ("warning", words.works()),
        Status::Scheduled | Status::Disabled | Status::Deleted => ("off", words.stopped()),
    };
    // What runs may renew, so its last day is the least that is known.
    let (day, note) = match status {
        Status::Scheduled | Status::Active => (ends_on.yesterday().unwrap_or(ends_on), words.at_least()),
        Status::Expired | Status::Disabled | Status::Deleted => (ends_on, words.ended()),
    };
    Ok(LicenseView {
        name: product.name.get(language).clone(),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        status: StatusView { kind: kind.to_owned(), word: word.to_owned() },
        since: words.since(&date_long(since, language)),
        until: DayView {
            date: day.to_string(),
            shown: date_short(day, language),
            note: note.to_owned(),
            urgent: false,
        },
    })
}
