use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A product with those who hold a license of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenseProductView {
    /// What its address ends with.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// Seats that are given to somebody.
    pub assigned: u32,
    /// Seats that can be given now.
    pub free: u32,
    /// All seats of the subscriptions that work.
    pub seats: u32,
    /// How many people hold a license, of subscriptions that do not work (any more) as well.
    pub people: u32,
    /// A page of them.
    pub holders: Vec<HolderRow>,
    /// What the address of the next page says, if there is one.
    pub next: Option<String>,
}

/// Somebody who holds a license.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HolderRow {
    /// Who.
    pub person: PersonShown,
    /// How they came to it.
    pub source: String,
    /// The day on which they did.
    pub since: String,
    /// The same day for machines.
    pub since_code: String,
}

/// A person as lists show them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PersonShown {
    /// Their id.
    pub id: String,
    /// The first character of the name, for the round mark.
    pub initial: String,
    /// The color of the mark; nothing for gray.
    pub hue: String,
    /// The name as the page's language writes it; the mail address of somebody who has none.
    pub name: String,
    /// The second line: the kana on a Japanese page, the name as it is written on an English one. May be empty.
    pub second: String,
    /// Department.
    pub department: String,
    /// Mail address.
    pub mail: String,
}

/// One product with a page of those who hold a license of it. The page begins behind `after`, which is what
/// [`LicenseProductView::next`] said; at the start if it says nothing.
#[server(endpoint = "license-product", input = leptos::server_fn::codec::GetUrl)]
pub async fn license_product(
    product: String,
    #[server(default)] after: String,
) -> Result<LicenseProductView, AppError> {
    use crate::request::{answer, asker, language, services};

    let (asker, language) = (asker(), language());
    let page = services().license_page(&asker, &product, show::place_in_list(&after)).await;
    let page = page.map_err(|error| answer(&error))?;
    let product = page.window.product(page.product).ok_or(AppError::NotFound)?;
    let (seats, assigned) = page.seats();
    let holders = page.holders.iter().map(|holder| {
        let since = show::day_of(holder.assigned_at);
        HolderRow {
            person: show::person(holder.person, &holder.profile),
            source: show::source(holder.source).to_owned(),
            since: crate::format::date_short(since, language),
            since_code: since.to_string(),
        }
    });
    Ok(LicenseProductView {
        key: product.key.to_string(),
        name: product.name.get(language).clone(),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        assigned,
        free: page.free(),
        seats,
        people: page.sources.iter().map(|source| source.assigned).sum(),
        holders: holders.collect(),
        next: page.next.as_ref().map(|(sort_key, person)| show::after(sort_key, *person)),
    })
}

/// Everybody who holds a license of a product, as a file.
#[server(
    endpoint = "export-licenses",
    input = leptos::server_fn::codec::GetUrl,
    output = leptos::server_fn::codec::StreamingText,
)]
pub async fn export_licenses(
    product: String,
) -> Result<leptos::server_fn::codec::TextStream<AppError>, AppError> {
    use crate::export::Sheet;
    use crate::request::{answer, asker, language, services};
    use crate::texts::Texts;

    let (services, asker, texts) = (services(), asker(), Texts::new(language()));
    let words = texts.licenses();
    let headings =
        [words.name(), words.kana(), words.mail(), words.department(), words.source(), words.since()];
    let mut sheet = Sheet::new(&headings)?;
    let mut after = None;
    loop {
        let page = services.license_page(&asker, &product, after).await.map_err(|error| answer(&error))?;
        for holder in &page.holders {
            let person = show::person(holder.person, &holder.profile);
            let since = show::day_of(holder.assigned_at).to_string();
            let source = show::source(holder.source).to_owned();
            sheet.row([person.name, person.second, person.mail, person.department, source, since])?;
        }
        match page.next {
            Some(next) if sheet.has_room() => after = Some(next),
            _ => return sheet.send(&["licenses-", &product].concat()),
        }
    }
}

#[cfg(feature = "ssr")]
pub(in crate::pages) use show::person as person_shown;

#[cfg(feature = "ssr")]
pub(super) mod show;
