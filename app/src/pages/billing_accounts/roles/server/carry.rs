//! What the forms of the pane do, and where they lead.

use domain::id::{BillingAccountId, PersonId};
use services::ServiceError;
use services::billing::{BillingProblem, BillingRole, Grant, Holding};

use super::show::{Kept, RolesDone, Why};
use crate::error::AppError;
use crate::request::{asker, excuse, fresh_key, go, keep_result, refuse, services};

/// Where a form was sent from.
pub(super) struct Desk {
    holding: Holding,
    version: i64,
    key: String,
    page: String,
    pane: String,
}

impl Desk {
    /// Only what is an id goes into an address again.
    pub(super) fn of(on: &str, account: &str, version: i64, key: String) -> Result<Self, AppError> {
        let account: BillingAccountId = account.parse().map_err(|_| AppError::NotFound)?;
        let (holding, page) = if let Ok(own) = on.parse() {
            (Holding::Account(own), format!("/billing-accounts/{own}?tab=roles"))
        } else {
            let profile = on.parse().map_err(|_| AppError::NotFound)?;
            (Holding::Profile(profile), format!("/billing-accounts/{account}/profiles/{profile}"))
        };
        let joint = if page.contains('?') { '&' } else { '?' };
        let pane = format!("{page}{joint}pane=roles");
        let key = if key.is_empty() { fresh_key() } else { key };
        Ok(Self { holding, version, key, page, pane })
    }

    async fn refused(&self, mail: String, role: &str, error: &ServiceError) -> Result<(), AppError> {
        let why = match error {
            ServiceError::Stale => Why::Stale,
            ServiceError::Fields(_) => Why::NotMail,
            ServiceError::Billing(BillingProblem::LastOwner) => Why::LastOwner,
            ServiceError::Billing(BillingProblem::NobodyHere) => Why::NobodyHere,
            ServiceError::Billing(BillingProblem::NoSuchRole) => Why::NoSuchRole,
            _ => return excuse(&self.pane, error).await,
        };
        refuse(&self.pane, &Kept { mail, role: role.to_owned(), why }).await
    }
}

/// Gives a role.
pub(super) async fn grant(desk: Desk, mail: String, role: &str) -> Result<(), AppError> {
    let given = BillingRole::from_code(role).unwrap_or(BillingRole::Reader);
    let grant = Grant { mail: mail.clone(), role: given };
    let on = (desk.holding, desk.version);
    match services().grant_billing_role(&asker(), &desk.key, on, &grant).await {
        Ok(()) => keep_result(&desk.page, &RolesDone { mail, role: Some(given.code().to_owned()) }).await,
        Err(error) => desk.refused(mail, role, &error).await,
    }
}

/// Takes a role. Who has taken their own may see nothing there any more.
pub(super) async fn revoke(desk: Desk, person: PersonId, mail: String) -> Result<(), AppError> {
    let asker = asker();
    let on = (desk.holding, desk.version);
    match services().revoke_billing_role(&asker, &desk.key, on, person).await {
        Ok(()) if asker.place().is_some_and(|place| place.person.id == person) => {
            go("/billing-accounts");
            Ok(())
        }
        Ok(()) => keep_result(&desk.page, &RolesDone { mail, role: None }).await,
        Err(error) => desk.refused(String::new(), "", &error).await,
    }
}
