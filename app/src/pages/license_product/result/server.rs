use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::server::PersonShown;
use crate::error::AppError;

/// What came of giving or taking licenses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultView {
    /// Whether licenses were taken; else they were given.
    pub taken: bool,
    /// Those for whom it was not done.
    pub failed: Vec<ResultRow>,
    /// Those for whom it was.
    pub done: Vec<ResultRow>,
    /// Makes sure that undoing it, asked for twice, is carried out once.
    pub key: String,
}

/// What became of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Who.
    pub person: PersonShown,
    /// `ok`, `danger`, or `info` where nothing was to be done.
    pub kind: String,
    /// The cause and what to do, or what is so now.
    pub text: String,
    /// Whether more seats would help.
    pub more_seats: bool,
}

/// What is kept for the session between the form and the page that shows what came of it: ids, which the page
/// turns into names with the rights of that moment.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::pages::license_product) enum Kept {
    /// Licenses were given.
    Assigned(Vec<services::licenses::Given>),
    /// Licenses were taken.
    Unassigned {
        /// From whom they were to be taken.
        asked: Vec<domain::id::PersonId>,
        /// From whom they were.
        taken: Vec<domain::id::PersonId>,
    },
}

/// What came of the form whose result has this key; nothing if that was too long ago, or for another session.
#[server(endpoint = "license-result", input = leptos::server_fn::codec::GetUrl)]
pub async fn license_result(
    product: String,
    #[server(default)] result: String,
) -> Result<Option<ResultView>, AppError> {
    use services::rights::Right;

    use crate::request::{answer, asker, refused};

    asker().must(Right::AssignLicenses).map_err(|error| answer(&error))?;
    match refused::<Kept>(Some(&result)).await? {
        Some(Kept::Assigned(given)) => show::assigned(&product, given).await.map(Some),
        Some(Kept::Unassigned { asked, taken }) => show::unassigned(&product, &asked, &taken).await.map(Some),
        None => Ok(None),
    }
}

#[cfg(feature = "ssr")]
mod show;
