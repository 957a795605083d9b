//! Where a form leads when its use case has answered.

use domain::address::Address;
use domain::id::{BillingAccountId, BillingProfileId};
use services::ServiceError;
use services::billing::{BillingProblem, DetailsTyped};

use super::super::show::{KeptDetails, KeptMethod, KeptRecipients};
use crate::error::AppError;
use crate::pages::billing_accounts::profile::server::show::{Done, Saved};
use crate::request::{asker, excuse, fresh_key, keep_result, refuse, services};

/// Where a form was sent from.
pub(super) struct Desk {
    profile: BillingProfileId,
    version: i64,
    key: String,
    page: String,
}

impl Desk {
    /// Only what is an id goes into an address again.
    pub(super) fn of(account: &str, profile: &str, version: i64, key: String) -> Result<Self, AppError> {
        let account: BillingAccountId = account.parse().map_err(|_| AppError::NotFound)?;
        let profile: BillingProfileId = profile.parse().map_err(|_| AppError::NotFound)?;
        let key = if key.is_empty() { fresh_key() } else { key };
        let page = format!("/billing-accounts/{account}/profiles/{profile}");
        Ok(Self { profile, version, key, page })
    }

    fn pane(&self, pane: &str) -> String {
        format!("{}?pane={pane}", self.page)
    }

    async fn done(&self, what: Saved) -> Result<(), AppError> {
        keep_result(&self.page, &Done::Own(what)).await
    }
}

/// What was typed.
pub(super) fn details(name: String, purchase_order: String, bill_to: Address) -> DetailsTyped {
    DetailsTyped { name, purchase_order, bill_to }
}

/// Saves name, PO number and address, or shows again what was typed with what is wrong with it.
pub(super) async fn describe(desk: &Desk, typed: DetailsTyped) -> Result<(), AppError> {
    let (asker, pane) = (asker(), desk.pane("details"));
    match services().describe_profile(&asker, &desk.key, desk.profile, desk.version, &typed).await {
        Ok(()) => desk.done(Saved::Details).await,
        Err(ServiceError::Fields(_)) => refuse(&pane, &KeptDetails::of(typed, false)).await,
        Err(ServiceError::Stale) => refuse(&pane, &KeptDetails::of(typed, true)).await,
        Err(error) => excuse(&pane, &error).await,
    }
}

/// Saves who gets the invoices, or shows again what was typed with what is wrong with it.
pub(super) async fn recipients(desk: &Desk, typed: String) -> Result<(), AppError> {
    let (asker, pane) = (asker(), desk.pane("recipients"));
    match services().set_recipients(&asker, &desk.key, desk.profile, desk.version, &typed).await {
        Ok(()) => desk.done(Saved::Recipients).await,
        Err(ServiceError::Billing(BillingProblem::Recipients(_))) => {
            refuse(&pane, &KeptRecipients { typed, stale: false }).await
        }
        Err(ServiceError::Stale) => refuse(&pane, &KeptRecipients { typed, stale: true }).await,
        Err(error) => excuse(&pane, &error).await,
    }
}

/// Has the profile paid by another method, or says why not.
pub(super) async fn replace(desk: &Desk, method: &str) -> Result<(), AppError> {
    let (asker, pane) = (asker(), desk.pane("replace"));
    let Ok(method) = method.parse() else {
        return refuse(&pane, &KeptMethod { chosen: String::new(), stale: false }).await;
    };
    match services().replace_method(&asker, &desk.key, desk.profile, desk.version, method).await {
        Ok(()) => desk.done(Saved::Method).await,
        Err(ServiceError::NoCard) => refuse(&pane, &KeptMethod { chosen: String::new(), stale: false }).await,
        Err(ServiceError::Stale) => {
            refuse(&pane, &KeptMethod { chosen: method.to_string(), stale: true }).await
        }
        Err(error) => excuse(&pane, &error).await,
    }
}
