//! Who pays: billing accounts, their profiles, roles on both, and payment methods (SPEC 1, 4, 5).

mod accounts;
mod profiles;
mod roles;

pub use accounts::BillingAccount;
pub use profiles::{ProfileDetails, ProfileFigures, SeenProfile};
pub use roles::{Holding, RoleHolder};

use domain::id::{BillingAccountId, BillingProfileId, ImportId, OrganizationId, PaymentMethodId, PersonId};
use domain::money::{Currency, Money};
use domain::time::Instant;
use uuid::Uuid;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

/// A payment method: what stands for a card at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentMethod {
    /// Its id.
    pub id: PaymentMethodId,
    /// Whose it is: only they edit it.
    pub person: PersonId,
    /// The provider's code.
    pub provider: String,
    /// JSON: the card with its token.
    pub card: String,
    /// When it was added.
    pub added_at: Instant,
}

impl FromRow for PaymentMethod {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            person: row.take()?,
            provider: row.take()?,
            card: row.take()?,
            added_at: row.take()?,
        })
    }
}

impl PaymentMethod {
    /// The method of a row that may have none; where it has none, the columns after its id are left.
    fn optional(row: &mut Row) -> Result<Option<Self>, StoreError> {
        let Some(id) = row.take()? else { return Ok(None) };
        let (person, provider, card, added_at) = (row.take()?, row.take()?, row.take()?, row.take()?);
        Ok(Some(Self { id, person, provider, card, added_at }))
    }
}

/// A billing profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingProfile {
    /// Its id.
    pub id: BillingProfileId,
    /// The account it belongs to.
    pub account: BillingAccountId,
    /// The customer's own reference.
    pub purchase_order: Option<String>,
    /// What pays it.
    pub method: Option<PaymentMethodId>,
}

/// A billing profile with what can be charged for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayingProfile {
    /// The profile.
    pub profile: BillingProfile,
    /// The card; `None` where there is none, or where its owner has left.
    pub method: Option<PaymentMethod>,
}

impl FromRow for BillingProfile {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.take()?, account: row.take()?, purchase_order: row.take()?, method: row.take()? })
    }
}

impl Conn<'_> {
    /// A person's payment methods, the newest first; those that were removed are not among them.
    pub async fn payment_methods(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<PaymentMethod>, StoreError> {
        self.rows(
            sql!(
                "SELECT id, person_id, provider, card, added_at FROM payment_method
                 WHERE organization_id = $1 AND person_id = $2 AND removed_at IS NULL
                 ORDER BY added_at DESC, id DESC
                 LIMIT 100"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(PaymentMethod::from_row)
        .collect()
    }

    /// The profile of a person's own account in a currency; nothing before the first purchase.
    pub async fn own_profile(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        currency: Currency,
    ) -> Result<Option<BillingProfile>, StoreError> {
        self.row(
            sql!(
                "SELECT p.id, p.billing_account_id, p.purchase_order, p.payment_method_id
                 FROM billing_account a
                 JOIN billing_profile p
                   ON p.organization_id = a.organization_id AND p.billing_account_id = a.id
                 WHERE a.organization_id = $1 AND a.made_by = $2 AND a.kind = 'personal' AND p.currency = $3
                 ORDER BY p.created_at, p.id
                 LIMIT 1"
            ),
            binds![organization, person, currency.code()],
        )
        .await?
        .map(|mut row| BillingProfile::from_row(&mut row))
        .transpose()
    }
}

impl Conn<'_> {
    /// A billing profile with the method that pays it, where there is one that was not removed, and whether its owner
    /// is still an active person: a card is not charged after its owner has left (SPEC 6, Leavers).
    pub async fn paying_profile(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
    ) -> Result<Option<PayingProfile>, StoreError> {
        self.row(
            sql!(
                "SELECT b.id, b.billing_account_id, b.purchase_order, b.payment_method_id,
                        m.id, m.person_id, m.provider, m.card, m.added_at, p.active
                 FROM billing_profile b
                 LEFT JOIN payment_method m
                   ON m.organization_id = b.organization_id AND m.id = b.payment_method_id AND m.removed_at IS NULL
                 LEFT JOIN person p ON p.organization_id = m.organization_id AND p.id = m.person_id
                 WHERE b.organization_id = $1 AND b.id = $2"
            ),
            binds![organization, profile],
        )
        .await?
        .map(|mut row| {
            let profile = BillingProfile::from_row(&mut row)?;
            let method = PaymentMethod::optional(&mut row)?;
            let active = if method.is_some() { row.take()? } else { false };
            Ok(PayingProfile { profile, method: method.filter(|_| active) })
        })
        .transpose()
    }

    /// The credit that is kept for a profile.
    pub async fn profile_credit(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        currency: Currency,
    ) -> Result<Money, StoreError> {
        let row = self
            .row(
                sql!(
                    "SELECT amount FROM profile_credit
                     WHERE organization_id = $1 AND billing_profile_id = $2 AND currency = $3"
                ),
                binds![organization, profile, currency.code()],
            )
            .await?;
        row.map_or(Ok(Money::zero(currency)), |mut row| Ok(Money::new(row.take()?, currency)))
    }

    /// The active people who own a billing profile.
    pub async fn profile_owners(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.rows(
            sql!(
                "SELECT p.id FROM billing_profile_role r
                 JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
                 WHERE r.organization_id = $1 AND r.billing_profile_id = $2 AND r.role = 'owner' AND p.active
                 ORDER BY p.id"
            ),
            binds![organization, profile],
        )
        .await?
        .iter_mut()
        .map(Row::take)
        .collect()
    }
}

impl Tx<'_> {
    /// Accounts and profiles of these organizations whose last active owner has gone are owned by the administrators
    /// from now on (SPEC 1). Says which.
    pub(crate) async fn pass_ownership_on(
        &mut self,
        import: ImportId,
    ) -> Result<Vec<(OrganizationId, &'static str, Uuid)>, StoreError> {
        let at = self.at();
        let mut passed = Vec::new();
        let orphans = [
            (
                "billing-account",
                sql!(
                    "SELECT DISTINCT o.organization_id, o.billing_account_id
                     FROM import_person i
                     JOIN billing_account_role o ON o.organization_id = i.organization_id AND o.person_id = i.person_id
                     WHERE i.import_id = $1 AND NOT i.active AND o.role = 'owner'
                       AND NOT EXISTS (SELECT 1 FROM billing_account_role r
                                       JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
                                       WHERE r.organization_id = o.organization_id
                                         AND r.billing_account_id = o.billing_account_id
                                         AND r.role = 'owner' AND p.active)
                     ORDER BY o.organization_id, o.billing_account_id"
                ),
                sql!(
                    "INSERT INTO billing_account_role (organization_id, billing_account_id, person_id, role, granted_at)
                     SELECT p.organization_id, $2, p.id, 'owner', $3 FROM person p
                     WHERE p.organization_id = $1 AND p.administrator AND p.active
                     ON CONFLICT (organization_id, billing_account_id, person_id)
                        DO UPDATE SET role = 'owner', granted_at = excluded.granted_at"
                ),
            ),
            (
                "billing-profile",
                sql!(
                    "SELECT DISTINCT o.organization_id, o.billing_profile_id
                     FROM import_person i
                     JOIN billing_profile_role o ON o.organization_id = i.organization_id AND o.person_id = i.person_id
                     WHERE i.import_id = $1 AND NOT i.active AND o.role = 'owner'
                       AND NOT EXISTS (SELECT 1 FROM billing_profile_role r
                                       JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
                                       WHERE r.organization_id = o.organization_id
                                         AND r.billing_profile_id = o.billing_profile_id
                                         AND r.role = 'owner' AND p.active)
                     ORDER BY o.organization_id, o.billing_profile_id"
                ),
                sql!(
                    "INSERT INTO billing_profile_role (organization_id, billing_profile_id, person_id, role, granted_at)
                     SELECT p.organization_id, $2, p.id, 'owner', $3 FROM person p
                     WHERE p.organization_id = $1 AND p.administrator AND p.active
                     ON CONFLICT (organization_id, billing_profile_id, person_id)
                        DO UPDATE SET role = 'owner', granted_at = excluded.granted_at"
                ),
            ),
        ];
        for (kind, find, pass) in orphans {
            for row in &mut self.rows(find, binds![import]).await? {
                let (organization, id): (OrganizationId, Uuid) = (row.take()?, row.take()?);
                if self.change(pass, binds![organization, id, at]).await? > 0 {
                    passed.push((organization, kind, id));
                }
            }
        }
        Ok(passed)
    }

    /// The profile of a person's own account: with the first purchase or trial both are made and are theirs (SPEC 1).
    /// The card, where there is one, pays it from now on; without one it is paid as before.
    pub async fn own_profile_paid_by(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        currency: Currency,
        method: Option<PaymentMethodId>,
    ) -> Result<BillingProfile, StoreError> {
        if let Some(profile) = self.own_profile(organization, person, currency).await? {
            let Some(method) = method else { return Ok(profile) };
            self.change_one(
                sql!(
                    "UPDATE billing_profile SET payment_method_id = $3, version = version + 1
                     WHERE organization_id = $1 AND id = $2"
                ),
                binds![organization, profile.id, method],
            )
            .await?;
            return Ok(BillingProfile { method: Some(method), ..profile });
        }
        let account = self.own_account(organization, person).await?;
        let id = self.id(BillingProfileId::new);
        let at = self.at();
        self.change_one(
            sql!(
                "INSERT INTO billing_profile (organization_id, id, billing_account_id, currency, payment_method_id,
                                              purchase_order, created_at, version)
                 VALUES ($1, $2, $3, $4, $5, NULL, $6, 1)"
            ),
            binds![organization, id, account, currency.code(), method, at],
        )
        .await?;
        self.change_one(
            sql!(
                "INSERT INTO billing_profile_role (organization_id, billing_profile_id, person_id, role, granted_at)
                 VALUES ($1, $2, $3, 'owner', $4)"
            ),
            binds![organization, id, person, at],
        )
        .await?;
        Ok(BillingProfile { id, account, purchase_order: None, method })
    }

    async fn own_account(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<BillingAccountId, StoreError> {
        let at = self.at();
        let id = self.id(BillingAccountId::new);
        let made = self
            .change(
                sql!(
                    "INSERT INTO billing_account (organization_id, id, kind, made_by, created_at, version)
                     VALUES ($1, $2, 'personal', $3, $4, 1)
                     ON CONFLICT (organization_id, made_by) WHERE kind = 'personal' DO NOTHING"
                ),
                binds![organization, id, person, at],
            )
            .await?;
        if made == 0 {
            let known = self
                .row(
                    sql!(
                        "SELECT id FROM billing_account
                         WHERE organization_id = $1 AND made_by = $2 AND kind = 'personal'"
                    ),
                    binds![organization, person],
                )
                .await?;
            return known.map_or(Err(StoreError::Stale), |mut row| row.take());
        }
        self.change_one(
            sql!(
                "INSERT INTO billing_account_role (organization_id, billing_account_id, person_id, role, granted_at)
                 VALUES ($1, $2, $3, 'owner', $4)"
            ),
            binds![organization, id, person, at],
        )
        .await?;
        Ok(id)
    }

    /// More or, where it is negative, less credit of a profile. Guarded: there is never less than none.
    pub async fn change_credit(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        by: Money,
    ) -> Result<(), StoreError> {
        if by.is_negative() {
            return self
                .change_one(
                    sql!(
                        "UPDATE profile_credit SET amount = amount + $4
                         WHERE organization_id = $1 AND billing_profile_id = $2 AND currency = $3 AND amount + $4 >= 0"
                    ),
                    binds![organization, profile, by.currency().code(), by.minor()],
                )
                .await;
        }
        self.change_one(
            sql!(
                "INSERT INTO profile_credit (organization_id, billing_profile_id, currency, amount)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (organization_id, billing_profile_id, currency)
                    DO UPDATE SET amount = profile_credit.amount + excluded.amount"
            ),
            binds![organization, profile, by.currency().code(), by.minor()],
        )
        .await
    }

    /// Keeps a card that has paid as a payment method of its owner; a token that is known stays the one it is.
    pub async fn keep_card(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        provider: &str,
        token: &str,
        card: &str,
    ) -> Result<PaymentMethodId, StoreError> {
        let id = self.id(PaymentMethodId::new);
        let at = self.at();
        let kept = self
            .change(
                sql!(
                    "INSERT INTO payment_method (organization_id, id, person_id, provider, token, card, added_at,
                                                 removed_at, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 1)
                     ON CONFLICT (organization_id, provider, token) DO NOTHING"
                ),
                binds![organization, id, person, provider, token, card, at],
            )
            .await?;
        if kept == 1 {
            return Ok(id);
        }
        let known = self
            .row(
                sql!(
                    "SELECT id FROM payment_method
                     WHERE organization_id = $1 AND provider = $2 AND token = $3 AND person_id = $4"
                ),
                binds![organization, provider, token, person],
            )
            .await?;
        known.map_or(Err(StoreError::Stale), |mut row| row.take())
    }
}
