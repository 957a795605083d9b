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
    /// The lowest price, before tax.
    pub from: Option<PriceFrom>,
    /// How long it can be tried.
    pub trial_days: Option<i64>,
    /// Whether this organization cannot have it.
    pub not_sold: bool,
}

/// The lowest price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceFrom {
    /// Ready to show.
    pub amount: String,
    /// For what: a seat, a month.
    pub unit: String,
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

/// The lowest price of the shortest term: what one month costs, unless it is only sold for longer. Prices of
/// different terms are not compared, since a longer commitment is not a lower price of the same thing.
#[cfg(feature = "ssr")]
fn lowest(sale: &domain::catalog::Sale<'_>) -> Option<PriceFrom> {
    use domain::catalog::BillingFrequency;

    use crate::pages::product::server::{main_charge, unit_of};
    use crate::texts::Texts;

    let prices = || sale.plans.iter().flat_map(|plan| plan.prices.iter().copied());
    let shortest = prices()
        .map(|price| (price.term, price.frequency))
        .min_by_key(|&(term, frequency)| (term.months(), frequency != BillingFrequency::Monthly))?;
    let offered = prices().filter(|price| (price.term, price.frequency) == shortest);
    let (amount, per_seat) = offered.filter_map(main_charge).min_by_key(|(amount, _)| amount.minor())?;
    let unit = unit_of(shortest.0, shortest.1, per_seat, Texts::new(crate::request::language())).to_owned();
    Some(PriceFrom { amount: crate::format::money(amount), unit })
}
