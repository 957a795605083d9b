use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::StatusView;
use crate::error::AppError;

/// A document as it was issued, with what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceView {
    /// What it is, with its number.
    pub title: String,
    /// How it stands.
    pub status: StatusView,
    /// Whether no money moved: then every copy of it says so (SPEC 5, Cards).
    pub test: bool,
    /// Whom it is addressed to: the organization in the first line.
    pub recipient: Vec<String>,
    /// Who issues it: the name in the first line.
    pub issuer: Vec<String>,
    /// Whether the amounts of the lines include tax.
    pub tax_included: bool,
    /// What is charged or taken back.
    pub lines: Vec<LineView>,
    /// Whether a line is taxed at the reduced rate.
    pub reduced: bool,
    /// What each rate comes to; the last row is the total.
    pub rates: Vec<RateView>,
    /// What their tax is called.
    pub tax_name: String,
    /// What its total is called.
    pub gross_name: String,
    /// What it comes to, tax included.
    pub gross: String,
    /// Days and numbers: name and fact.
    pub facts: Vec<(String, String)>,
    /// What of it was paid, lowered and given back, and what is owed: name and fact.
    pub money: Vec<(String, String)>,
    /// What has happened, the oldest first.
    pub events: Vec<EventView>,
    /// The address where it is paid, if something is owed and the asker may pay it.
    pub pay: Option<String>,
    /// The address of the subscription, if the asker manages it.
    pub subscription: Option<String>,
    /// The invoice that a credit note corrects.
    pub corrects: Option<LinkView>,
}

/// A line of the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// What it is for.
    pub name: String,
    /// How its amount comes about.
    pub detail: String,
    /// How many.
    pub quantity: String,
    /// What one costs.
    pub price: String,
    /// The tax on it.
    pub rate: String,
    /// The amount.
    pub amount: String,
}

/// What a rate comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateView {
    /// Which one.
    pub name: String,
    /// Without tax.
    pub net: String,
    /// The tax.
    pub tax: String,
    /// With tax.
    pub gross: String,
}

/// Something that has happened to the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// When, as machines read it.
    pub date: String,
    /// When, as people read it.
    pub day: String,
    /// The color of its mark, if it has one.
    pub kind: Option<String>,
    /// What.
    pub what: String,
    /// How much, and by which card.
    pub more: String,
    /// The document that did it.
    pub by: Option<LinkView>,
}

/// A link to another document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// Its number.
    pub number: String,
    /// Its address.
    pub address: String,
    /// What is worth knowing beside it.
    pub note: String,
}

/// An invoice or a credit note that one sees.
#[server(endpoint = "invoice", input = leptos::server_fn::codec::GetUrl)]
pub async fn invoice(invoice: String) -> Result<InvoiceView, AppError> {
    use crate::request::{answer, asker, language, services};
    use crate::texts::Texts;

    let id = invoice.parse().map_err(|_| AppError::NotFound)?;
    let found = services().bill(&asker(), id).await.map_err(|error| answer(&error))?;
    show::invoice(&found, Texts::new(language())).map_err(|error| answer(&error))
}

#[cfg(feature = "ssr")]
mod show;
