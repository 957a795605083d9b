//! Billing accounts as those who have a role on them, or on one of their profiles, see them.

use domain::billing::{AccountKind, BillingRole};
use domain::id::{BillingAccountId, OrganizationId, PersonId};

use crate::StoreError;
use crate::people::Profile;
use crate::statement::sql;
use crate::unit::Conn;
use crate::value::{FromRow, Row, binds};

/// A billing account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingAccount {
    /// Its id.
    pub id: BillingAccountId,
    /// What it is for.
    pub kind: AccountKind,
    /// Counts changes.
    pub version: i64,
    /// What the person who looks is on it; `None` where they have a role on one of its profiles only.
    pub role: Option<BillingRole>,
    /// Who made it, where that is a person.
    pub made_by: Option<Profile>,
}

impl FromRow for BillingAccount {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        let (id, kind) = (row.take()?, row.parse(|code: String| AccountKind::from_code(&code))?);
        let (version, role) = (row.take()?, super::roles::optional_role(row)?);
        let maker: Option<PersonId> = row.take()?;
        let made_by = maker.map(|_| Profile::from_row(row)).transpose()?;
        Ok(Self { id, kind, version, role, made_by })
    }
}

impl Conn<'_> {
    /// The accounts on which, or on whose profiles, a person has a role: the central one first; at most 100.
    pub async fn seen_accounts(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<BillingAccount>, StoreError> {
        self.rows(
            sql!(
                "SELECT a.id, a.kind, a.version, r.role, p.id, p.mail, p.family, p.given, p.family_kana, p.given_kana,
                        p.family_romaji, p.given_romaji, p.department, p.cost_center, p.manager_mail, p.language,
                        p.time_zone, p.guest, p.active
                 FROM billing_account a
                 LEFT JOIN billing_account_role r
                   ON r.organization_id = a.organization_id AND r.billing_account_id = a.id AND r.person_id = $2
                 LEFT JOIN person p ON p.organization_id = a.organization_id AND p.id = a.made_by
                 WHERE a.organization_id = $1
                   AND a.id IN (SELECT o.billing_account_id FROM billing_account_role o
                                WHERE o.organization_id = $1 AND o.person_id = $2
                                UNION
                                SELECT b.billing_account_id FROM billing_profile_role q
                                JOIN billing_profile b
                                  ON b.organization_id = q.organization_id AND b.id = q.billing_profile_id
                                WHERE q.organization_id = $1 AND q.person_id = $2)
                 ORDER BY a.kind, a.id
                 LIMIT 100"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(BillingAccount::from_row)
        .collect()
    }

    /// One of them; nothing if the person has no role there.
    pub async fn seen_account(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        account: BillingAccountId,
    ) -> Result<Option<BillingAccount>, StoreError> {
        self.row(
            sql!(
                "SELECT a.id, a.kind, a.version, r.role, p.id, p.mail, p.family, p.given, p.family_kana, p.given_kana,
                        p.family_romaji, p.given_romaji, p.department, p.cost_center, p.manager_mail, p.language,
                        p.time_zone, p.guest, p.active
                 FROM billing_account a
                 LEFT JOIN billing_account_role r
                   ON r.organization_id = a.organization_id AND r.billing_account_id = a.id AND r.person_id = $2
                 LEFT JOIN person p ON p.organization_id = a.organization_id AND p.id = a.made_by
                 WHERE a.organization_id = $1 AND a.id = $3
                   AND (r.role IS NOT NULL
                        OR EXISTS (SELECT 1 FROM billing_profile b
                                   JOIN billing_profile_role q
                                     ON q.organization_id = b.organization_id AND q.billing_profile_id = b.id
                                    AND q.person_id = $2
                                   WHERE b.organization_id = $1 AND b.billing_account_id = $3))"
            ),
            binds![organization, person, account],
        )
        .await?
        .map(|mut row| BillingAccount::from_row(&mut row))
        .transpose()
    }
}
