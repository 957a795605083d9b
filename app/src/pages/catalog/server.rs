use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A product among others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogCard {
    /// What its address ends with.
    pub key: String,
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// The lowest price of a month, before tax.
    pub from: Option<PriceFrom>,
    /// How long it can be tried.
    pub trial_days: Option<i64>,
    /// Whether this organization cannot have it.
    pub not_sold: bool,
}

/// The lowest price of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceFrom {
    /// Ready to show.
    pub amount: String,
    /// Whether it is for each seat.
    pub per_seat: bool,
}

/// What can be bought.
#[server(endpoint = "catalog", input = leptos::server_fn::codec::GetUrl)]
pub async fn catalog() -> Result<Vec<CatalogCard>, AppError> {
    use domain::catalog::Offer;

    use crate::request::{answer, asker, language, services};

    let window = services().browse(&asker()).await.map_err(|error| answer(&error))?;
    let language = language();
    let card = |(product, offer): (&domain::catalog::Product, Offer<'_>)| CatalogCard {
        key: product.key.to_string(),
        name: product.name.get(language).clone(),
        summary: product.summary.get(language).clone(),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        from: match &offer {
            Offer::Sold(sale) => lowest(sale),
            _ => None,
        },
        trial_days: match &offer {
            Offer::Sold(sale) => sale.trial.map(|trial| i64::from(trial.days)),
            Offer::TrialOnly { trial, .. } => Some(i64::from(trial.days)),
            Offer::NotSoldHere(_) => None,
        },
        not_sold: matches!(offer, Offer::NotSoldHere(_)),
    };
    Ok(window.offers().map(card).collect())
}

/// The lowest amount that one month of one seat (or of the whole, where no seat counts) costs.
#[cfg(feature = "ssr")]
fn lowest(sale: &domain::catalog::Sale<'_>) -> Option<PriceFrom> {
    use domain::catalog::{BillingFrequency, Term};

    // A month's price is only compared with a month's price: a term of a year is cheaper by the month, but
    // it is not what one month costs.
    let monthly = sale.plans.iter().flat_map(|plan| plan.prices.iter()).filter(|price| {
        price.term == Term::OneMonth || price.frequency == BillingFrequency::Monthly
    });
    let shown = monthly.filter_map(|price| crate::pages::product::server::main_charge(price));
    let (amount, per_seat) = shown.min_by_key(|(amount, _)| amount.minor())?;
    Some(PriceFrom { amount: crate::format::money(amount), per_seat })
}
