use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::StatusView;
use crate::error::AppError;

/// A subscription with its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDetailsView {
    /// Product and plan.
    pub name: String,
    /// The product's glyph.
    pub icon: String,
    /// The product's color.
    pub hue: String,
    /// Its state.
    pub status: StatusView,
    /// The address of its licenses.
    pub licenses: String,
    /// Why none can be given in this state.
    pub cannot_assign: Option<String>,
    /// How many seats are given to somebody.
    pub assigned: String,
    /// How many seats there are.
    pub seats: String,
    /// How many are left.
    pub available: String,
    /// The rest, in the order in which it is shown.
    pub facts: Vec<Fact>,
}

/// Something to know, under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub lines: Vec<FactLine>,
}

/// A line of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactLine {
    /// What it says.
    pub text: String,
    /// What is worth knowing beside it.
    pub note: Option<String>,
    /// Where it leads.
    pub address: Option<String>,
}

/// One subscription that the asker manages.
#[server(endpoint = "product-details", input = leptos::server_fn::codec::GetUrl)]
pub async fn product_details(subscription: String) -> Result<ProductDetailsView, AppError> {
    use crate::request::{answer, asker, language, services};
    use crate::texts::Texts;

    let asker = asker();
    let subscription = subscription.parse().map_err(|_| AppError::NotFound)?;
    let found = services().product_details(&asker, subscription).await.map_err(|error| answer(&error))?;
    let place = asker.must_place().map_err(|error| answer(&error))?;
    show::details(&found, &place.organization.time_zone, Texts::new(language()))
        .map_err(|error| answer(&error))
}

#[cfg(feature = "ssr")]
mod show;
