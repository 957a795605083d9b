use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{Command, StatusView};
use crate::error::AppError;

/// A page of the subscriptions that one manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductsView {
    /// How many there are, whatever the filters.
    pub total: i64,
    /// What the list can be narrowed by.
    pub filters: Vec<FilterView>,
    /// The filters that are applied, named one after the other; empty where none is.
    pub applied: String,
    /// The rows.
    pub rows: Vec<ProductRow>,
    /// How many rows of how many stand here.
    pub shown: String,
    /// How many the filters hide.
    pub hidden: i64,
    /// The address of all of it as a file.
    pub file: String,
    /// The address of the first page, where this is a later one.
    pub first: Option<String>,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
}

/// One thing that the list can be narrowed by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterView {
    /// Its name in the address.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What is chosen, if it is applied.
    pub chosen: Option<String>,
    /// The address of the list without it.
    pub clear: String,
    /// What can be chosen, everything first.
    pub choices: Vec<FilterChoice>,
}

/// Something to narrow the list to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterChoice {
    /// Its code in the address; empty for everything.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// How many rows it leaves.
    pub count: String,
    /// Whether it is applied.
    pub chosen: bool,
}

/// A subscription as a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    /// Its id.
    pub id: String,
    /// Product and plan.
    pub name: String,
    /// For how long it runs, and how it is paid.
    pub term: String,
    /// The product's glyph.
    pub icon: String,
    /// The product's color.
    pub hue: String,
    /// Its state.
    pub status: StatusView,
    /// The seats that are given to somebody.
    pub assigned: u32,
    /// Its seats.
    pub seats: u32,
    /// The day that matters next.
    pub day: DayView,
    /// What it costs.
    pub price: PriceView,
    /// How many more seats wait for their payment.
    pub waiting: Option<String>,
    /// The product's key.
    pub product: String,
    /// What can be done with it, and what cannot in its state.
    pub commands: Vec<Command>,
}

/// A day and what happens on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// As machines read it.
    pub date: String,
    /// As people read it.
    pub shown: String,
    /// What happens.
    pub note: String,
    /// Whether something has to be done before it.
    pub urgent: bool,
}

/// What a subscription costs per billing period, before tax unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceView {
    /// The amount.
    pub amount: String,
    /// How it comes about, and for which period.
    pub formula: String,
}

/// The subscriptions that one manages, those that end first at the top. What is no channel, state or place in
/// the list is passed over.
#[server(endpoint = "products", input = leptos::server_fn::codec::GetUrl)]
pub async fn products(
    channel: Option<String>,
    status: Option<String>,
    after: Option<String>,
) -> Result<ProductsView, AppError> {
    use domain::subscription::{Channel, Status};
    use services::products::Filter;

    use crate::request::{answer, asker, language, services};
    use crate::texts::Texts;

    let filter = Filter {
        channel: channel.as_deref().and_then(Channel::from_code),
        status: status.as_deref().and_then(Status::from_code),
        after: after.as_deref().and_then(show::cursor),
    };
    let found = services().products(&asker(), filter).await.map_err(|error| answer(&error))?;
    show::products(&found, filter, Texts::new(language())).map_err(|error| answer(&error))
}

/// All of the list as a file.
#[server(
    endpoint = "export-products",
    input = leptos::server_fn::codec::GetUrl,
    output = leptos::server_fn::codec::StreamingText,
)]
pub async fn export_products(
    channel: Option<String>,
    status: Option<String>,
) -> Result<leptos::server_fn::codec::TextStream<AppError>, AppError> {
    use domain::subscription::{Channel, Status};

    let channel = channel.as_deref().and_then(Channel::from_code);
    show::export(channel, status.as_deref().and_then(Status::from_code)).await
}

#[cfg(feature = "ssr")]
pub(crate) use show::{day_view, full_name, is_sold, is_trial, on_shelf, price_view, status_view, term_line};

#[cfg(feature = "ssr")]
mod show;
