use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::pages::billing_accounts::parts::DoneView;
use crate::pages::billing_accounts::roles::{HolderView, RolesView};
use crate::pages::product_details::Fact;

/// An account, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub kind: String,
    /// What a form has done a moment ago.
    pub done: Option<DoneView>,
    /// The code of the open tab; nothing for the overview.
    pub open: String,
    /// How many of its profiles are seen.
    pub profiles: i64,
    /// How many people have a role on it; nothing to whom that is not shown.
    pub roles: Option<i64>,
    /// What the open tab shows.
    pub tab: TabView,
    /// The open pane.
    pub pane: Option<RolesView>,
}

/// What the open tab shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TabView {
    /// What is known of the account.
    Overview {
        /// Under their names.
        facts: Vec<Fact>,
    },
    /// Its billing profiles.
    Profiles {
        /// One a row.
        rows: Vec<ProfileRow>,
    },
    /// Who has a role on it.
    Roles {
        /// One a row.
        holders: Vec<HolderView>,
        /// Whether I may change that.
        may_change: bool,
    },
}

/// A profile in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The currency.
    pub currency: String,
    /// What pays it.
    pub method: Option<String>,
    /// Until when that is good.
    pub expires: String,
    /// How many subscriptions it pays.
    pub subscriptions: i64,
    /// What is owed, if anything.
    pub owed: Option<String>,
}

/// One account on which, or on whose profiles, I have a role. `form` names a refused form, `result` what one has done.
#[server(endpoint = "billing-account", input = leptos::server_fn::codec::GetUrl)]
pub async fn billing_account(
    account: String,
    #[server(default)] tab: Option<String>,
    #[server(default)] pane: Option<String>,
    #[server(default)] form: Option<String>,
    #[server(default)] result: Option<String>,
) -> Result<AccountView, AppError> {
    use crate::request::{answer, asker, language, refused, services};
    use crate::texts::Texts;

    let account = account.parse().map_err(|_| AppError::NotFound)?;
    let page = services().billing_account(&asker(), account).await.map_err(|error| answer(&error))?;
    let (done, kept) = (refused(result.as_deref()).await?, refused(form.as_deref()).await?);
    let asked = show::Asked { tab: tab.unwrap_or_default(), roles: pane.as_deref() == Some("roles"), kept };
    Ok(show::account(&page, asked, done, Texts::new(language())))
}

#[cfg(feature = "ssr")]
mod show;
