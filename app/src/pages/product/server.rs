use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::quote::QuoteView;
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
    /// What is chosen, and what it costs.
    pub buy: Option<BuyBox>,
    /// How it can be tried before.
    pub trial: Option<TrialBox>,
}

/// The way to a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialBox {
    /// What its button says.
    pub button: String,
    /// For how many, and what happens at its end.
    pub note: String,
    /// Its last page.
    pub address: String,
}

/// What is chosen on the product's page, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyBox {
    /// The form's idempotency key.
    pub key: String,
    /// Product and plan.
    pub name: String,
    /// The code of the chosen plan.
    pub plan: String,
    /// The code of the chosen term.
    pub term: String,
    /// How the term can be paid.
    pub frequencies: Vec<TermChoice>,
    /// The seats, as they were typed.
    pub seats: String,
    /// Why so many seats cannot be had.
    pub seats_error: Option<String>,
    /// What it costs.
    pub quote: Option<QuoteView>,
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
    /// Its code in the address.
    pub key: String,
    /// Whether it is the one that is chosen.
    pub chosen: bool,
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

/// One product, with the prices of a term (the shortest where none is named), and what the choice that stands in the
/// address costs.
#[server(endpoint = "product", input = leptos::server_fn::codec::GetUrl)]
pub async fn product(
    key: String,
    term: Option<String>,
    plan: Option<String>,
    frequency: Option<String>,
    seats: Option<String>,
) -> Result<ProductView, AppError> {
    use crate::request::{answer, asker, services};

    let services = services();
    let window = services.browse(&asker()).await.map_err(|error| answer(&error))?;
    let typed = show::Typed { term, plan, frequency, seats };
    show::product(&services, &window, &key, &typed).ok_or(AppError::NotFound)
}

/// Begins an order with what is chosen, and leads to its checkout. Seats that cannot be had are said beside their
/// field, on the page that they came from.
#[server(endpoint = "start-order")]
pub async fn start_order(
    key: String,
    product: String,
    #[server(default)] plan: String,
    #[server(default)] term: String,
    #[server(default)] frequency: String,
    #[server(default)] seats: String,
) -> Result<(), AppError> {
    use services::ServiceError;
    use services::orders::Wish;

    use crate::request::{asker, excuse, go, query, services};

    let parts = [("plan", &plan), ("term", &term), ("frequency", &frequency), ("seats", &seats)];
    // Whatever comes in as a product goes out as part of an address.
    let safe = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let page = format!("/catalog/{}?{}", product.chars().filter(safe).collect::<String>(), query(&parts));
    let wish = Wish { product, plan, term, frequency, seats };
    match services().start_order(&asker(), &key, &wish).await {
        Ok(order) => go(&format!("/checkout/{order}")),
        Err(ServiceError::Fields(_)) => go(&page),
        Err(error) => return excuse(&page, &error).await,
    }
    Ok(())
}

#[cfg(feature = "ssr")]
pub(crate) use prices::{main_charge, unit_of};
#[cfg(feature = "ssr")]
pub(crate) use show::{seats_error, term_and_frequency, term_name};

#[cfg(feature = "ssr")]
mod prices;
#[cfg(feature = "ssr")]
mod show;
