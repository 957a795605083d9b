//! Billing profiles as those who have a role on them, or on their account, see and change them.

use domain::address::Address;
use domain::billing::BillingRole;
use domain::id::{BillingAccountId, BillingProfileId, OrganizationId, PaymentMethodId, PersonId};
use domain::mail::MailAddress;
use domain::money::{Currency, Money};
use domain::time::Date;
use serde::{Deserialize, Serialize};

use super::PaymentMethod;
use super::roles::optional_role;
use crate::StoreError;
use crate::statement::sql;
use crate::subscriptions::Subscription;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, json, optional_json};

/// A billing profile with everything that is set on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenProfile {
    /// Its id.
    pub id: BillingProfileId,
    /// The account it belongs to.
    pub account: BillingAccountId,
    /// The currency of all that it pays.
    pub currency: Currency,
    /// What is said of it.
    pub details: ProfileDetails,
    /// Who gets its invoices by mail; nobody: its owners do.
    pub recipients: Vec<MailAddress>,
    /// Counts changes.
    pub version: i64,
    /// What the person who looks is on it: the stronger of their roles on the profile and on its account.
    pub role: BillingRole,
    /// What pays it, where that was not removed.
    pub method: Option<PaymentMethod>,
}

/// What is said of a billing profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileDetails {
    /// What it is called, if anything.
    pub name: Option<String>,
    /// The customer's own reference.
    pub purchase_order: Option<String>,
    /// Where its bills go; `None`: to the sold-to address.
    pub bill_to: Option<Address>,
}

/// What hangs on a profile, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileFigures {
    /// The subscriptions that it pays, without those that are deleted.
    pub subscriptions: u32,
    /// The invoices that are not paid.
    pub unpaid: u32,
    /// What is owed on them.
    pub owed: Money,
    /// When the first of them was due.
    pub due_on: Option<Date>,
}

impl FromRow for SeenProfile {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        let (id, account) = (row.take()?, row.take()?);
        let currency = row.parse(|code: String| code.parse::<Currency>().ok())?;
        let (name, purchase_order, bill_to) = (row.take()?, row.take()?, optional_json(row)?);
        let details = ProfileDetails { name, purchase_order, bill_to };
        let (recipients, version) = (row.json()?, row.take()?);
        let roles = [optional_role(row)?, optional_role(row)?];
        let role = roles.into_iter().flatten().min();
        let role = role.ok_or_else(|| StoreError::Corrupt { what: format!("no role on {id}") })?;
        let method = PaymentMethod::optional(row)?;
        Ok(Self { id, account, currency, details, recipients, version, role, method })
    }
}

impl Conn<'_> {
    /// The profiles of an account that a person sees, the oldest first; at most 100.
    pub async fn seen_profiles(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        account: BillingAccountId,
    ) -> Result<Vec<SeenProfile>, StoreError> {
        self.rows(
            sql!(
                "SELECT b.id, b.billing_account_id, b.currency, b.name, b.purchase_order, b.bill_to, b.recipients,
                        b.version, r.role, a.role, m.id, m.person_id, m.provider, m.card, m.added_at
                 FROM billing_profile b
                 LEFT JOIN billing_profile_role r
                   ON r.organization_id = b.organization_id AND r.billing_profile_id = b.id AND r.person_id = $2
                 LEFT JOIN billing_account_role a
                   ON a.organization_id = b.organization_id AND a.billing_account_id = b.billing_account_id
                  AND a.person_id = $2
                 LEFT JOIN payment_method m
                   ON m.organization_id = b.organization_id AND m.id = b.payment_method_id AND m.removed_at IS NULL
                 WHERE b.organization_id = $1 AND b.billing_account_id = $3
                   AND (r.role IS NOT NULL OR a.role IS NOT NULL)
                 ORDER BY b.created_at, b.id
                 LIMIT 100"
            ),
            binds![organization, person, account],
        )
        .await?
        .iter_mut()
        .map(SeenProfile::from_row)
        .collect()
    }

    /// One profile; nothing if the person has no role on it or its account.
    pub async fn seen_profile(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        profile: BillingProfileId,
    ) -> Result<Option<SeenProfile>, StoreError> {
        self.row(
            sql!(
                "SELECT b.id, b.billing_account_id, b.currency, b.name, b.purchase_order, b.bill_to, b.recipients,
                        b.version, r.role, a.role, m.id, m.person_id, m.provider, m.card, m.added_at
                 FROM billing_profile b
                 LEFT JOIN billing_profile_role r
                   ON r.organization_id = b.organization_id AND r.billing_profile_id = b.id AND r.person_id = $2
                 LEFT JOIN billing_account_role a
                   ON a.organization_id = b.organization_id AND a.billing_account_id = b.billing_account_id
                  AND a.person_id = $2
                 LEFT JOIN payment_method m
                   ON m.organization_id = b.organization_id AND m.id = b.payment_method_id AND m.removed_at IS NULL
                 WHERE b.organization_id = $1 AND b.id = $3
                   AND (r.role IS NOT NULL OR a.role IS NOT NULL)"
            ),
            binds![organization, person, profile],
        )
        .await?
        .map(|mut row| SeenProfile::from_row(&mut row))
        .transpose()
    }

    /// What hangs on a profile.
    pub async fn profile_figures(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        currency: Currency,
    ) -> Result<ProfileFigures, StoreError> {
        let row = self
            .row(
                sql!(
                    "SELECT COUNT(CASE WHEN s.status <> 'deleted' THEN 1 END), COUNT(d.id),
                            CAST(COALESCE(SUM(d.gross - d.lowered - d.paid), 0) AS BIGINT), MIN(d.due_on)
                     FROM subscription s
                     LEFT JOIN document d ON d.organization_id = s.organization_id AND d.id = s.owes_document_id
                     WHERE s.organization_id = $1 AND s.billing_profile_id = $2"
                ),
                binds![organization, profile],
            )
            .await?;
        let mut row = row.ok_or_else(|| StoreError::Corrupt { what: "sums without a row".to_owned() })?;
        Ok(ProfileFigures {
            subscriptions: row.take()?,
            unpaid: row.take()?,
            owed: Money::new(row.take()?, currency),
            due_on: row.take()?,
        })
    }

    /// Who gets the invoices of a profile by mail: its recipients, or its active owners where none are named.
    pub async fn invoice_recipients(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
    ) -> Result<Vec<MailAddress>, StoreError> {
        let named = self
            .row(
                sql!("SELECT recipients FROM billing_profile WHERE organization_id = $1 AND id = $2"),
                binds![organization, profile],
            )
            .await?;
        let named: Vec<MailAddress> = named.map_or(Ok(Vec::new()), |mut row| row.json())?;
        if !named.is_empty() {
            return Ok(named);
        }
        self.rows(
            sql!(
                "SELECT p.mail FROM billing_profile_role r
                 JOIN person p ON p.organization_id = r.organization_id AND p.id = r.person_id
                 WHERE r.organization_id = $1 AND r.billing_profile_id = $2 AND r.role = 'owner' AND p.active
                 ORDER BY p.sort_key, p.id"
            ),
            binds![organization, profile],
        )
        .await?
        .iter_mut()
        .map(|row| row.parse(|mail: String| MailAddress::parse(&mail).ok()))
        .collect()
    }

    /// The subscriptions that a profile pays, without those that are deleted, and whether a person manages each; the
    /// first 100 by the day on which their term ends.
    pub async fn subscriptions_of_profile(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        person: PersonId,
    ) -> Result<Vec<(Subscription, bool)>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to,
                        EXISTS (SELECT 1 FROM subscription_manager m
                                WHERE m.organization_id = s.organization_id AND m.subscription_id = s.id
                                  AND m.person_id = $3)
                 FROM subscription s
                 JOIN price p ON p.id = s.price_id
                 WHERE s.organization_id = $1 AND s.billing_profile_id = $2 AND s.status <> 'deleted'
                 ORDER BY s.ends_on, s.id
                 LIMIT 100"
            ),
            binds![organization, profile, person],
        )
        .await?
        .iter_mut()
        .map(|row| Ok((Subscription::from_row(row)?, row.take()?)))
        .collect()
    }
}

impl Tx<'_> {
    /// Says other things of a profile. Guarded by the version that was seen.
    pub async fn describe_profile(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        version: i64,
        details: &ProfileDetails,
    ) -> Result<(), StoreError> {
        let bill_to = details.bill_to.as_ref().map(json).transpose()?;
        self.change_one(
            sql!(
                "UPDATE billing_profile SET name = $4, purchase_order = $5, bill_to = $6, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            binds![
                organization,
                profile,
                version,
                details.name.clone(),
                details.purchase_order.clone(),
                bill_to
            ],
        )
        .await
    }

    /// Has the invoices of a profile mailed to others. Guarded by the version that was seen.
    pub async fn set_recipients(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        version: i64,
        recipients: &[MailAddress],
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE billing_profile SET recipients = $4, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            binds![organization, profile, version, json(&recipients)?],
        )
        .await
    }

    /// Has a profile paid by another payment method of a person's. Guarded by the version that was seen, and by whose
    /// method it is.
    pub async fn pay_profile_by(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        version: i64,
        (person, method): (PersonId, PaymentMethodId),
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE billing_profile SET payment_method_id = $4, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3
                   AND EXISTS (SELECT 1 FROM payment_method m
                               WHERE m.organization_id = $1 AND m.id = $4 AND m.person_id = $5
                                 AND m.removed_at IS NULL)"
            ),
            binds![organization, profile, version, method, person],
        )
        .await
    }
}
