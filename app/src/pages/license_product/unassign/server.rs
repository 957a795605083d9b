use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::server::PersonShown;
use crate::error::AppError;

/// What the pane asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnassignView {
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// How many are ticked.
    pub ticked: i64,
    /// Those of them who would lose a license; nobody where too many are ticked.
    pub people: Vec<PersonShown>,
}

/// Whose license would be taken.
#[server(endpoint = "unassign-question", input = leptos::server_fn::codec::GetUrl)]
pub async fn unassign_question(
    product: String,
    #[server(default)] person: Vec<String>,
) -> Result<UnassignView, AppError> {
    use domain::license::MOST_AT_ONCE;

    use super::super::server::show;
    use crate::request::{answer, asker, fresh_key, services};

    let ids = show::ids(&person);
    let asked: &[_] = if ids.len() > MOST_AT_ONCE { &[] } else { ids.as_slice() };
    let holders = services().holders_among(&asker(), &product, asked).await;
    let holders = holders.map_err(|error| answer(&error))?;
    let people = holders.iter().map(|holder| show::person(holder.person, &holder.profile));
    Ok(UnassignView {
        key: fresh_key(),
        ticked: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        people: people.collect(),
    })
}

/// Takes the license of each of these people and shows what came of it.
#[server(endpoint = "unassign-licenses")]
pub async fn unassign_licenses(
    product: String,
    #[server(default)] key: String,
    #[server(default)] person: Vec<String>,
) -> Result<(), AppError> {
    use services::ServiceError;

    use super::super::address::{Address, RESULT, UNASSIGN};
    use super::super::result::Kept;
    use super::super::server::show;
    use crate::request::{asker, excuse, fresh_key, go, keep_result, services};

    let asked = show::ids(&person);
    let pane = Address { people: person, ..Address::of_pane(&product, UNASSIGN) }.text();
    if asked.is_empty() {
        go(&pane);
        return Ok(());
    }
    let key = if key.is_empty() { fresh_key() } else { key };
    match services().unassign_licenses(&asker(), &key, &product, &asked).await {
        Ok(taken) => {
            let page = Address::of_pane(&product, RESULT).text();
            keep_result(&page, &Kept::Unassigned { asked, taken }).await
        }
        // The pane says so itself, since all of them stand in its address.
        Err(ServiceError::TooManyAtOnce) => {
            go(&pane);
            Ok(())
        }
        Err(error) => excuse(&pane, &error).await,
    }
}
