use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// An account in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The organization.
    pub organization: String,
    /// What it is for.
    pub kind: String,
    /// What I am on it.
    pub role: String,
    /// How many of its profiles I see.
    pub profiles: i64,
    /// Whether anything is owed.
    pub owes: bool,
    /// What is owed, a sum for each currency.
    pub owed: Vec<String>,
}

/// The accounts on which, or on whose profiles, I have a role.
#[server(endpoint = "billing-accounts", input = leptos::server_fn::codec::GetUrl)]
pub async fn billing_accounts() -> Result<Vec<AccountRow>, AppError> {
    use super::words::{account_name, kind_word, role_word};
    use crate::format::money;
    use crate::request::{answer, asker, language, services};
    use crate::texts::Texts;

    let (asker, texts) = (asker(), Texts::new(language()));
    let lines = services().billing_accounts(&asker).await.map_err(|error| answer(&error))?;
    let organization = &asker.must_place().map_err(|error| answer(&error))?.organization;
    let row = |line: services::billing::AccountLine| AccountRow {
        id: line.account.id.to_string(),
        name: account_name(&line.account, organization, texts),
        organization: organization.legal_name.clone(),
        kind: kind_word(line.account.kind, texts).to_owned(),
        role: match line.account.role {
            Some(role) => role_word(role, texts).to_owned(),
            None => texts.billing_accounts().profiles_only().to_owned(),
        },
        profiles: i64::try_from(line.profiles).unwrap_or(i64::MAX),
        owes: !line.owed.is_empty(),
        owed: line.owed.into_iter().map(money).collect(),
    };
    Ok(lines.into_iter().map(row).collect())
}
