use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// An organization to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceToGo {
    /// Its id.
    pub organization: String,
    /// Its legal name.
    pub name: String,
    /// The first character of the name.
    pub initial: String,
}

/// Where this account can go.
#[server(endpoint = "places", input = leptos::server_fn::codec::GetUrl)]
pub async fn places() -> Result<Vec<PlaceToGo>, AppError> {
    use crate::request::{answer, asker, go, services};

    let places = match services().places(&asker()).await {
        Ok(places) => places,
        Err(services::ServiceError::SignedOut) => {
            go("/sign-in");
            return Ok(Vec::new());
        }
        Err(error) => return Err(answer(&error)),
    };
    let place = |place: services::asker::PlaceOfAccount| PlaceToGo {
        organization: place.organization.to_string(),
        initial: place.legal_name.chars().next().map(String::from).unwrap_or_default(),
        name: place.legal_name,
    };
    Ok(places.into_iter().map(place).collect())
}

/// Goes there.
#[server(endpoint = "choose-organization")]
pub async fn choose_organization(organization: String) -> Result<(), AppError> {
    use crate::request::{asker, excuse, go, services};

    let organization = organization.parse().map_err(|_| AppError::NotFound)?;
    if let Err(error) = services().choose_place(&asker(), organization).await {
        return excuse("/organizations", &error).await;
    }
    go("/");
    Ok(())
}
