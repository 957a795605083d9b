//! Roles on billing accounts and profiles, given and taken by owners. The last owner stays (SPEC 1).

use domain::billing::BillingRole;
use domain::id::PersonId;
use domain::mail::MailAddress;
use store::audit::Record;
use store::billing::Holding;
use store::{Conn, Tx};

use super::{BillingProblem, role_on};
use crate::asker::{Asker, Place};
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// The name of the field in which somebody is named.
const MAIL: &str = "mail";

/// A role to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// To whom: their mail address, as typed.
    pub mail: String,
    /// Which.
    pub role: BillingRole,
}

impl Services {
    /// Gives somebody of the organization a role on an account or a profile, in place of the one they have there.
    /// `version` is the state in which it was seen.
    pub async fn grant_billing_role(
        &self,
        asker: &Asker,
        key: &str,
        (holding, version): (Holding, i64),
        grant: &Grant,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageBilling)?;
        let place = asker.must_place()?.clone();
        let organization = place.organization.id;
        let content = (holding.kind(), holding.uuid().to_string(), version, &grant.mail, grant.role);
        let key = key_of("billing-role.grant", &place, key, &content)?;
        let (command, grant) = (self.command(asker, organization, Some(key)), grant.clone());
        self.store()
            .write(command, move |tx| {
                let (place, grant) = (place.clone(), grant.clone());
                Box::pin(async move {
                    must_grant(tx, &place, holding).await?;
                    let role = grant.role;
                    if matches!(holding, Holding::Account(_)) && !role.is_of_accounts() {
                        return Err(ServiceError::Billing(BillingProblem::NoSuchRole));
                    }
                    let mail = MailAddress::parse(&grant.mail);
                    let mail = mail.map_err(|problem| ServiceError::Fields(vec![problem.of(MAIL)]))?;
                    let person = tx.person_for_role(organization, &mail).await?;
                    let person = person.ok_or(ServiceError::Billing(BillingProblem::NobodyHere))?;
                    let before = tx.billing_role(organization, holding, person).await?;
                    tx.touch_holding(organization, holding, version).await?;
                    if !tx.give_billing_role(organization, holding, person, role).await? {
                        return Err(ServiceError::Billing(BillingProblem::LastOwner));
                    }
                    note(tx, "billing-role.grant", holding, person, [before, Some(role)]);
                    Ok(())
                })
            })
            .await
    }

    /// Takes somebody's role on an account or a profile. `version` is the state in which it was seen.
    pub async fn revoke_billing_role(
        &self,
        asker: &Asker,
        key: &str,
        (holding, version): (Holding, i64),
        person: PersonId,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageBilling)?;
        let place = asker.must_place()?.clone();
        let organization = place.organization.id;
        let content = (holding.kind(), holding.uuid().to_string(), version, person);
        let key = key_of("billing-role.revoke", &place, key, &content)?;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let place = place.clone();
                Box::pin(async move {
                    must_grant(tx, &place, holding).await?;
                    let before = tx.billing_role(organization, holding, person).await?;
                    if before.is_none() {
                        return Err(ServiceError::Stale);
                    }
                    tx.touch_holding(organization, holding, version).await?;
                    if !tx.take_billing_role(organization, holding, person).await? {
                        return Err(ServiceError::Billing(BillingProblem::LastOwner));
                    }
                    note(tx, "billing-role.revoke", holding, person, [before, None]);
                    Ok(())
                })
            })
            .await
    }
}

/// Refuses who does not own it.
async fn must_grant(conn: &mut Conn<'_>, place: &Place, holding: Holding) -> Result<(), ServiceError> {
    match role_on(conn, place, holding).await? {
        Some(role) if role.may_grant() => Ok(()),
        _ => Err(ServiceError::Forbidden(Right::ManageBilling)),
    }
}

fn note(
    tx: &mut Tx<'_>,
    action: &'static str,
    holding: Holding,
    person: PersonId,
    [before, after]: [Option<BillingRole>; 2],
) {
    let code = |role: Option<BillingRole>| role.map(|role| role.code().to_owned());
    tx.audit(
        Record::new(action, holding.kind(), holding.uuid())
            .fact("person", person.to_string())
            .fact("before", code(before))
            .fact("after", code(after)),
    );
}
