use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::pane::PaneView;
use crate::components::StatusView;
use crate::error::AppError;
use crate::pages::billing_accounts::parts::DoneView;
use crate::pages::license_product::server::PersonShown;
use crate::pages::product_details::Fact;

/// A billing profile, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The id of its account.
    pub account: String,
    /// What that is called.
    pub account_name: String,
    /// What is wrong with it, if anything.
    pub status: Option<StatusView>,
    /// What a form has done a moment ago.
    pub done: Option<DoneView>,
    /// What pays it.
    pub method: MethodView,
    /// What is owed, who gets the invoices.
    pub notifications: Vec<Fact>,
    /// Where the bills go.
    pub bill_to: Vec<Fact>,
    /// What it pays.
    pub subscriptions: Vec<PayedRow>,
    /// Who has a role on it or on its account.
    pub people: Vec<HeldView>,
    /// The open pane.
    pub pane: Option<PaneView>,
}

/// What pays a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodView {
    /// What it is called.
    pub name: String,
    /// What else is known of it.
    pub more: String,
    /// Where I edit it, if it is mine.
    pub edit: Option<String>,
    /// Who can, if it is not.
    pub edit_by: Option<String>,
}

/// A subscription that a profile pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayedRow {
    /// Where it can be opened, if I manage it.
    pub address: Option<String>,
    /// Product and plan.
    pub name: String,
    /// The product's glyph.
    pub icon: String,
    /// The product's color.
    pub hue: String,
    /// Its seats, and when it changes next.
    pub line: String,
    /// Its state.
    pub status: StatusView,
}

/// Somebody with a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldView {
    /// Who.
    pub person: PersonShown,
    /// Which, and where it hangs if that is not here.
    pub role: String,
}

/// One billing profile on which, or on whose account, I have a role. `form` names a refused form, `result` what one has
/// done.
#[server(endpoint = "billing-profile", input = leptos::server_fn::codec::GetUrl)]
pub async fn billing_profile(
    account: String,
    profile: String,
    #[server(default)] pane: Option<String>,
    #[server(default)] form: Option<String>,
    #[server(default)] result: Option<String>,
) -> Result<ProfileView, AppError> {
    use domain::id::BillingAccountId;

    use super::pane::show as panes;
    use crate::request::{answer, asker, language, refused, services};
    use crate::texts::Texts;

    let account: BillingAccountId = account.parse().map_err(|_| AppError::NotFound)?;
    let profile = profile.parse().map_err(|_| AppError::NotFound)?;
    let page = services().billing_profile(&asker(), profile).await.map_err(|error| answer(&error))?;
    if page.profile.account != account {
        return Err(AppError::NotFound);
    }
    let texts = Texts::new(language());
    let done = refused(result.as_deref()).await?;
    let view = show::profile(&page, done, texts).map_err(|error| answer(&error))?;
    let pane = panes::pane(&page, pane.as_deref(), form.as_deref(), texts).await?;
    Ok(ProfileView { pane, ..view })
}

#[cfg(feature = "ssr")]
pub(in crate::pages::billing_accounts) mod show;
