use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::StatusView;
use crate::error::AppError;
use crate::pages::products::FilterView;

/// A page of the invoices that one sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicesView {
    /// How many there are, whatever the filters.
    pub total: i64,
    /// What is owed, if something is.
    pub unpaid: Option<UnpaidView>,
    /// The periods to choose from.
    pub periods: Vec<PeriodView>,
    /// The code of the chosen period, where it is not the first.
    pub period: Option<String>,
    /// The days of the range, where one is chosen.
    pub range: Option<[DayField; 2]>,
    /// Whether those days cannot be accepted: then nothing is shown.
    pub refused: bool,
    /// The states to choose from.
    pub status: FilterView,
    /// What was typed to search.
    pub search: String,
    /// The filters beside the period, named one after the other; empty where none is applied.
    pub applied: String,
    /// The address without those filters.
    pub clear: String,
    /// The days of the period, in words.
    pub days: String,
    /// The rows.
    pub rows: Vec<InvoiceRow>,
    /// How many rows of how many stand here, and of which days.
    pub shown: String,
    /// What the filters leave comes to: once for each currency.
    pub sums: Vec<String>,
    /// What is hidden, and how to see it.
    pub hidden: Vec<HiddenView>,
    /// The address of all of it as a file.
    pub file: String,
    /// The address of the first page, where this is a later one.
    pub first: Option<String>,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpaidView {
    /// On how many invoices, and how much.
    pub text: String,
    /// The address of the list that shows only those.
    pub address: String,
}

/// A period to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodView {
    /// What it is called.
    pub name: String,
    /// The address of the list with it.
    pub address: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A day that can be typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayField {
    /// What stands in it.
    pub value: String,
    /// Whether that is a day: a field for days would not show anything else.
    pub is_day: bool,
    /// Why it cannot be accepted.
    pub error: Option<String>,
}

/// Invoices that are hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenView {
    /// How many, and by what.
    pub text: String,
    /// The address that shows them.
    pub address: String,
}

/// An invoice or a credit note as a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// When it was issued, as machines read it.
    pub date: String,
    /// When it was issued, as people read it.
    pub day: String,
    /// What it is for.
    pub what: String,
    /// The days that it pays for, or the invoice that it credits.
    pub service: String,
    /// How it stands.
    pub status: StatusView,
    /// What it comes to, tax included.
    pub amount: String,
}

/// The invoices and credit notes that one sees, the newest first. What is no state or place in the list is passed
/// over; days that cannot be accepted are said.
#[server(endpoint = "invoices", input = leptos::server_fn::codec::GetUrl)]
pub async fn invoices(
    period: Option<String>,
    from: Option<String>,
    to: Option<String>,
    status: Option<String>,
    q: Option<String>,
    after: Option<String>,
) -> Result<InvoicesView, AppError> {
    use address::Address;

    use crate::request::{answer, asker, language, services};
    use crate::texts::Texts;

    let asked = Address::read(period, [from, to], status, q, after);
    let filter = asked.filter();
    let found = services().bills(&asker(), &filter).await.map_err(|error| answer(&error))?;
    Ok(show::invoices(&found, &asked, Texts::new(language())))
}

/// All of the list as a file.
#[server(
    endpoint = "export-invoices",
    input = leptos::server_fn::codec::GetUrl,
    output = leptos::server_fn::codec::StreamingText,
)]
pub async fn export_invoices(
    period: Option<String>,
    from: Option<String>,
    to: Option<String>,
    status: Option<String>,
    q: Option<String>,
) -> Result<leptos::server_fn::codec::TextStream<AppError>, AppError> {
    show::export(&address::Address::read(period, [from, to], status, q, None)).await
}

#[cfg(feature = "ssr")]
mod address;
#[cfg(feature = "ssr")]
pub(crate) mod show;
