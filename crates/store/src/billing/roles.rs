//! Roles on billing accounts and profiles: who has which, giving and taking them (SPEC 1).
//!
//! Whoever changes roles first moves the version of the thing they hang on. So two who do it at once follow each other,
//! and the condition that keeps the last owner is looked at by one after the other.

use domain::billing::BillingRole;
use domain::id::{BillingAccountId, BillingProfileId, OrganizationId, PersonId};
use domain::mail::MailAddress;
use uuid::Uuid;

use crate::StoreError;
use crate::people::Profile;
use crate::statement::{Statement, sql};
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

/// What roles hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// A billing account: a role counts on all its profiles.
    Account(BillingAccountId),
    /// A billing profile.
    Profile(BillingProfileId),
}

impl Holding {
    /// What it is called in the audit.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Account(_) => "billing-account",
            Self::Profile(_) => "billing-profile",
        }
    }

    /// Its id.
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Account(account) => account.uuid(),
            Self::Profile(profile) => profile.uuid(),
        }
    }

    const fn choose(self, account: Statement, profile: Statement) -> Statement {
        match self {
            Self::Account(_) => account,
            Self::Profile(_) => profile,
        }
    }
}

/// Somebody with a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleHolder {
    /// Who.
    pub person: PersonId,
    /// What they are.
    pub role: BillingRole,
    /// What they are called.
    pub profile: Profile,
}

impl FromRow for RoleHolder {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { person: row.take()?, role: role(row)?, profile: Profile::from_row(row)? })
    }
}

pub(super) fn role(row: &mut Row) -> Result<BillingRole, StoreError> {
    row.parse(|code: String| BillingRole::from_code(&code))
}

pub(super) fn optional_role(row: &mut Row) -> Result<Option<BillingRole>, StoreError> {
    row.parse(|code: Option<String>| match code {
        Some(code) => BillingRole::from_code(&code).map(Some),
        None => Some(None),
    })
}

impl Conn<'_> {
    /// Who has a role there, in the order of their names; at most 200. People who have left are among them.
    pub async fn role_holders(
        &mut self,
        organization: OrganizationId,
        holding: Holding,
    ) -> Result<Vec<RoleHolder>, StoreError> {
        let statement = holding.choose(
            sql!(
                "SELECT p.id, r.role, p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji,
                        p.given_romaji, p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest,
                        p.active
                 FROM billing_account_role r
                 JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
                 WHERE r.organization_id = $1 AND r.billing_account_id = $2
                 ORDER BY p.sort_key, p.id
                 LIMIT 200"
            ),
            sql!(
                "SELECT p.id, r.role, p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji,
                        p.given_romaji, p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest,
                        p.active
                 FROM billing_profile_role r
                 JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
                 WHERE r.organization_id = $1 AND r.billing_profile_id = $2
                 ORDER BY p.sort_key, p.id
                 LIMIT 200"
            ),
        );
        self.rows(statement, binds![organization, holding.uuid()])
            .await?
            .iter_mut()
            .map(RoleHolder::from_row)
            .collect()
    }

    /// What somebody is there.
    pub async fn billing_role(
        &mut self,
        organization: OrganizationId,
        holding: Holding,
        person: PersonId,
    ) -> Result<Option<BillingRole>, StoreError> {
        let statement = holding.choose(
            sql!(
                "SELECT role FROM billing_account_role
                 WHERE organization_id = $1 AND billing_account_id = $2 AND person_id = $3"
            ),
            sql!(
                "SELECT role FROM billing_profile_role
                 WHERE organization_id = $1 AND billing_profile_id = $2 AND person_id = $3"
            ),
        );
        let row = self.row(statement, binds![organization, holding.uuid(), person]).await?;
        row.map(|mut row| role(&mut row)).transpose()
    }

    /// What somebody is on a profile: the stronger of their roles on it and on its account (SPEC 1).
    pub async fn profile_role(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        person: PersonId,
    ) -> Result<Option<BillingRole>, StoreError> {
        let mut rows = self
            .rows(
                sql!(
                    "SELECT r.role FROM billing_profile_role r
                     WHERE r.organization_id = $1 AND r.billing_profile_id = $2 AND r.person_id = $3
                     UNION ALL
                     SELECT a.role FROM billing_profile b
                     JOIN billing_account_role a
                       ON a.organization_id = b.organization_id AND a.billing_account_id = b.billing_account_id
                     WHERE b.organization_id = $1 AND b.id = $2 AND a.person_id = $3"
                ),
                binds![organization, profile, person],
            )
            .await?;
        let roles: Result<Vec<_>, _> = rows.iter_mut().map(role).collect();
        Ok(roles?.into_iter().min())
    }

    /// Somebody to whom a role can be given: an active person of the organization who is no guest.
    pub async fn person_for_role(
        &mut self,
        organization: OrganizationId,
        mail: &MailAddress,
    ) -> Result<Option<PersonId>, StoreError> {
        self.row(
            sql!("SELECT id FROM person WHERE organization_id = $1 AND mail = $2 AND active AND NOT guest"),
            binds![organization, mail.as_str()],
        )
        .await?
        .map(|mut row| row.take())
        .transpose()
    }
}

impl Tx<'_> {
    /// Counts a change of what roles hang on. Guarded by the version that was seen.
    pub async fn touch_holding(
        &mut self,
        organization: OrganizationId,
        holding: Holding,
        version: i64,
    ) -> Result<(), StoreError> {
        let statement = holding.choose(
            sql!(
                "UPDATE billing_account SET version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            sql!(
                "UPDATE billing_profile SET version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
        );
        self.change_one(statement, binds![organization, holding.uuid(), version]).await
    }

    /// Gives somebody a role, in place of the one they have. Says whether it was done: the last active owner stays one.
    pub async fn give_billing_role(
        &mut self,
        organization: OrganizationId,
        holding: Holding,
        person: PersonId,
        role: BillingRole,
    ) -> Result<bool, StoreError> {
        let at = self.at();
        let update = holding.choose(
            sql!(
                "UPDATE billing_account_role SET role = $4, granted_at = $5
                 WHERE organization_id = $1 AND billing_account_id = $2 AND person_id = $3
                   AND ($4 = 'owner' OR role <> 'owner'
                        OR EXISTS (SELECT 1 FROM billing_account_role o
                                   JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
                                   WHERE o.organization_id = $1 AND o.billing_account_id = $2 AND o.role = 'owner'
                                     AND o.person_id <> $3 AND p.active))"
            ),
            sql!(
                "UPDATE billing_profile_role SET role = $4, granted_at = $5
                 WHERE organization_id = $1 AND billing_profile_id = $2 AND person_id = $3
                   AND ($4 = 'owner' OR role <> 'owner'
                        OR EXISTS (SELECT 1 FROM billing_profile_role o
                                   JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
                                   WHERE o.organization_id = $1 AND o.billing_profile_id = $2 AND o.role = 'owner'
                                     AND o.person_id <> $3 AND p.active))"
            ),
        );
        let values = || binds![organization, holding.uuid(), person, role.code(), at];
        if self.change(update, values()).await? == 1 {
            return Ok(true);
        }
        // Either they have none yet, or they are the last owner.
        let insert = holding.choose(
            sql!(
                "INSERT INTO billing_account_role (organization_id, billing_account_id, person_id, role, granted_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (organization_id, billing_account_id, person_id) DO NOTHING"
            ),
            sql!(
                "INSERT INTO billing_profile_role (organization_id, billing_profile_id, person_id, role, granted_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (organization_id, billing_profile_id, person_id) DO NOTHING"
            ),
        );
        Ok(self.change(insert, values()).await? == 1)
    }

    /// Takes somebody's role. Says whether it was done: the last active owner keeps theirs.
    pub async fn take_billing_role(
        &mut self,
        organization: OrganizationId,
        holding: Holding,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        let statement = holding.choose(
            sql!(
                "DELETE FROM billing_account_role
                 WHERE organization_id = $1 AND billing_account_id = $2 AND person_id = $3
                   AND (role <> 'owner'
                        OR EXISTS (SELECT 1 FROM billing_account_role o
                                   JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
                                   WHERE o.organization_id = $1 AND o.billing_account_id = $2 AND o.role = 'owner'
                                     AND o.person_id <> $3 AND p.active))"
            ),
            sql!(
                "DELETE FROM billing_profile_role
                 WHERE organization_id = $1 AND billing_profile_id = $2 AND person_id = $3
                   AND (role <> 'owner'
                        OR EXISTS (SELECT 1 FROM billing_profile_role o
                                   JOIN person p ON p.organization_id = o.organization_id AND p.id = o.person_id
                                   WHERE o.organization_id = $1 AND o.billing_profile_id = $2 AND o.role = 'owner'
                                     AND o.person_id <> $3 AND p.active))"
            ),
        );
        Ok(self.change(statement, binds![organization, holding.uuid(), person]).await? == 1)
    }
}
