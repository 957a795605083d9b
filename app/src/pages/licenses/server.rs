use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The seats of one product, over all subscriptions that one manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenseRow {
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
    /// All seats.
    pub seats: u32,
}

/// The products whose licenses one gives.
#[server(endpoint = "licenses", input = leptos::server_fn::codec::GetUrl)]
pub async fn licenses() -> Result<Vec<LicenseRow>, AppError> {
    use crate::request::{answer, asker, language, services};

    let list = services().licenses(&asker()).await.map_err(|error| answer(&error))?;
    let language = language();
    let rows = list.products.iter().filter_map(|seats| {
        let product = list.window.product(seats.product)?;
        Some(LicenseRow {
            key: product.key.to_string(),
            name: product.name.get(language).clone(),
            icon: product.tile.icon.to_string(),
            hue: product.tile.hue.code().to_owned(),
            assigned: seats.assigned,
            free: seats.seats.saturating_sub(seats.assigned),
            seats: seats.seats,
        })
    });
    Ok(rows.collect())
}
