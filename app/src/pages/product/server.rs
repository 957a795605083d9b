use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A product with its plans at the prices of one term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductView {
    /// What its address ends with.
    pub key: String,
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Some paragraphs.
    pub description: Vec<String>,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// The terms that it is sold for.
    pub terms: Vec<TermChoice>,
    /// Its plans, those with a price for the chosen term.
    pub plans: Vec<PlanCard>,
    /// Who sells, and the tax that comes on top.
    pub tax_note: String,
    /// What one should know before buying: name and fact.
    pub facts: Vec<(String, String)>,
    /// Why this organization cannot have it.
    pub not_sold: Option<String>,
}

/// A term to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermChoice {
    /// Its code in the address.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether the prices shown are for it.
    pub chosen: bool,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCard {
    /// Its name.
    pub name: String,
    /// How many seats it can have.
    pub seats: String,
    /// Its prices, the one to look at first.
    pub prices: Vec<PlanPrice>,
    /// What it has.
    pub features: Vec<String>,
}

/// A price, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPrice {
    /// The amount.
    pub amount: String,
    /// For what.
    pub unit: String,
}

/// One product, with the prices of a term (the shortest where none is named).
#[server(endpoint = "product", input = leptos::server_fn::codec::GetUrl)]
pub async fn product(key: String, term: Option<String>) -> Result<ProductView, AppError> {
    use crate::request::{answer, asker, services};

    let window = services().browse(&asker()).await.map_err(|error| answer(&error))?;
    show::product(&window, &key, term.as_deref()).ok_or(AppError::NotFound)
}

#[cfg(feature = "ssr")]
pub(crate) use show::{main_charge, unit_of};

#[cfg(feature = "ssr")]
mod show;
