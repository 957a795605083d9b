use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{Command, StatusView};
use crate::error::AppError;

/// A subscription with its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDetailsView {
    /// Its id.
    pub id: String,
    /// What a form has done a moment ago.
    pub done: Option<DoneView>,
    /// Product and plan.
    pub name: String,
    /// The product's glyph.
    pub icon: String,
    /// The product's color.
    pub hue: String,
    /// Its state.
    pub status: StatusView,
    /// The product's key.
    pub product: String,
    /// What can be done with it, and what cannot in its state.
    pub commands: Vec<Command>,
    /// How many seats are given to somebody.
    pub assigned: String,
    /// How many seats there are.
    pub seats: String,
    /// How many more wait for their payment.
    pub waiting: Option<String>,
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

/// What a form has done, and how it can be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneView {
    /// What was done.
    pub cause: String,
    /// What that means.
    pub text: String,
    /// The way back, or on: what it is called, and where it leads.
    pub way: Option<(String, String)>,
}

/// One subscription that the asker manages. `result` names what a form has done a moment ago.
#[server(endpoint = "product-details", input = leptos::server_fn::codec::GetUrl)]
pub async fn product_details(
    subscription: String,
    #[server(default)] result: Option<String>,
) -> Result<ProductDetailsView, AppError> {
    use crate::request::{answer, asker, language, refused, services};
    use crate::texts::Texts;

    let asker = asker();
    let subscription = subscription.parse().map_err(|_| AppError::NotFound)?;
    let found = services().product_details(&asker, subscription).await.map_err(|error| answer(&error))?;
    let place = asker.must_place().map_err(|error| answer(&error))?;
    let done = refused(result.as_deref()).await?;
    show::details(&found, done, &place.organization.time_zone, Texts::new(language()))
        .map_err(|error| answer(&error))
}

#[cfg(feature = "ssr")]
pub(crate) mod commands;
#[cfg(feature = "ssr")]
pub(crate) mod done;
#[cfg(feature = "ssr")]
pub(in crate::pages::product_details) mod show;
