use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{ChoiceView, NoticeView};
use crate::error::AppError;
use crate::pages::license_product::server::PersonShown;

/// The pane, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesView {
    /// What the roles hang on: the id of an account or a profile.
    pub on: String,
    /// The account, in whose address the page stands.
    pub account: String,
    /// The state in which it was seen.
    pub version: i64,
    /// Makes sure that a form, sent twice, is carried out once.
    pub key: String,
    /// What it is called.
    pub subject: String,
    /// Who has a role.
    pub holders: Vec<HolderView>,
    /// The roles that can be given.
    pub roles: Vec<ChoiceView>,
    /// The address that was typed.
    pub mail: String,
    /// What is wrong with it.
    pub mail_error: Option<String>,
    /// Why nothing was done.
    pub notes: Vec<NoticeView>,
}

/// Somebody with a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderView {
    /// Who.
    pub person: PersonShown,
    /// The code of their role.
    pub role: String,
    /// What it is called.
    pub role_name: String,
    /// Whether they are with the organization.
    pub active: bool,
}

/// Gives somebody a role, in place of the one they have.
#[server(endpoint = "grant-billing-role")]
pub async fn grant_billing_role(
    on: String,
    account: String,
    version: i64,
    #[server(default)] key: String,
    #[server(default)] mail: String,
    #[server(default)] role: String,
) -> Result<(), AppError> {
    carry::grant(carry::Desk::of(&on, &account, version, key)?, mail, &role).await
}

/// Takes somebody's role.
#[server(endpoint = "revoke-billing-role")]
pub async fn revoke_billing_role(
    on: String,
    account: String,
    version: i64,
    #[server(default)] key: String,
    #[server(default)] person: String,
    #[server(default)] mail: String,
) -> Result<(), AppError> {
    let person = person.parse().map_err(|_| AppError::NotFound)?;
    carry::revoke(carry::Desk::of(&on, &account, version, key)?, person, mail).await
}

#[cfg(feature = "ssr")]
mod carry;
#[cfg(feature = "ssr")]
pub(in crate::pages::billing_accounts) mod show;
