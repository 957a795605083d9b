use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// The organization's legal name.
    pub organization: String,
}

/// The home page of the signed-in person.
#[server(endpoint = "home", input = leptos::server_fn::codec::GetUrl)]
pub async fn home() -> Result<HomeView, AppError> {
    use crate::request::{answer, asker};

    let asker = asker();
    asker.must(services::rights::Right::SeeHome).map_err(|error| answer(&error))?;
    let place = asker.must_place().map_err(|error| answer(&error))?;
    Ok(HomeView { organization: place.organization.legal_name.clone() })
}
