use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the pane shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListView {
    /// `assign` or `unassign`.
    pub wish: String,
    /// What stands in the field.
    pub text: String,
    /// Why what was typed is refused.
    pub error: Option<String>,
    /// What comes of it, once it was checked.
    pub checked: Option<CheckedView>,
}

/// A list with what comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedView {
    /// Whether it is carried out; else it only was checked.
    pub done: bool,
    /// For how many it is done, or will be.
    pub fits: i64,
    /// How many there are.
    pub all: i64,
    /// How many of each kind: its color, its word, the number.
    pub counts: Vec<(String, String, i64)>,
    /// The entries, what is wrong first; the first few hundred.
    pub rows: Vec<ListRow>,
    /// How many are not shown.
    pub hidden: i64,
    /// The seats that are free afterwards; nothing where licenses are taken.
    pub free: Option<i64>,
    /// By which the checked list is known.
    pub list: String,
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListRow {
    /// Its line.
    pub line: u32,
    /// As it was typed.
    pub typed: String,
    /// Who it is.
    pub person: String,
    /// `ok`, `danger`, or `info` where nothing is to be done.
    pub kind: String,
    /// What comes of it.
    pub text: String,
}

/// What is kept for the session between the form and the page that shows what comes of it.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    text: String,
    /// What came of each entry, once it is carried out.
    came: Option<Vec<services::licenses::Verdict>>,
}

/// The pane in which people are given or lose licenses by a list. `result` names the list that was checked or carried
/// out.
#[server(endpoint = "license-list", input = leptos::server_fn::codec::GetUrl)]
pub async fn license_list(
    product: String,
    wish: String,
    #[server(default)] result: String,
) -> Result<ListView, AppError> {
    show::view(&product, &wish, &result).await
}

/// Checks a list: nothing changes.
#[server(endpoint = "check-list")]
pub async fn check_list(
    product: String,
    wish: String,
    #[server(default)] list: String,
) -> Result<(), AppError> {
    show::check(&product, &wish, list).await
}

/// Carries a checked list out.
#[server(endpoint = "carry-list-out")]
pub async fn carry_list_out(
    product: String,
    wish: String,
    #[server(default)] checked: String,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    show::carry_out(&product, &wish, &checked, key).await
}

#[cfg(feature = "ssr")]
mod show;
