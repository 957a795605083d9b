//! Payment methods as their owners see them, and the places at the provider where cards are typed (SPEC 5, Cards).

use domain::id::{
    BillingAccountId, BillingProfileId, CardSetupId, OrganizationId, PaymentMethodId, PersonId,
};
use domain::time::Instant;

use crate::StoreError;
use crate::billing::PaymentMethod;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, binds};
use crate::work::Kind;

/// A place at the provider where a card is being typed or edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSetup {
    /// Its id.
    pub id: CardSetupId,
    /// JSON: what it leads to.
    pub wish: String,
    /// JSON: where it is.
    pub setup: String,
    /// When it began.
    pub begun_at: Instant,
    /// The payment method that came of it.
    pub method: Option<PaymentMethodId>,
}

/// A billing profile that a payment method pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidProfile {
    /// The method.
    pub method: PaymentMethodId,
    /// The profile.
    pub profile: BillingProfileId,
    /// The account it belongs to.
    pub account: BillingAccountId,
}

impl Conn<'_> {
    /// A payment method of a person's own, if it was not removed.
    pub async fn own_method(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        method: PaymentMethodId,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        self.row(
            sql!(
                "SELECT id, person_id, provider, card, added_at FROM payment_method
                 WHERE organization_id = $1 AND id = $3 AND person_id = $2 AND removed_at IS NULL"
            ),
            binds![organization, person, method],
        )
        .await?
        .map(|mut row| PaymentMethod::from_row(&mut row))
        .transpose()
    }

    /// A payment method that was removed and has to be forgotten by its provider.
    pub async fn removed_method(
        &mut self,
        organization: OrganizationId,
        method: PaymentMethodId,
    ) -> Result<Option<PaymentMethod>, StoreError> {
        self.row(
            sql!(
                "SELECT id, person_id, provider, card, added_at FROM payment_method
                 WHERE organization_id = $1 AND id = $2 AND removed_at IS NOT NULL"
            ),
            binds![organization, method],
        )
        .await?
        .map(|mut row| PaymentMethod::from_row(&mut row))
        .transpose()
    }

    /// Which profiles the payment methods of a person pay, whoever owns the profiles.
    pub async fn paid_by_methods_of(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<PaidProfile>, StoreError> {
        self.rows(
            sql!(
                "SELECT m.id, b.id, b.billing_account_id
                 FROM payment_method m
                 JOIN billing_profile b ON b.organization_id = m.organization_id AND b.payment_method_id = m.id
                 WHERE m.organization_id = $1 AND m.person_id = $2 AND m.removed_at IS NULL
                 ORDER BY b.id
                 LIMIT 1000"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(|row| Ok(PaidProfile { method: row.take()?, profile: row.take()?, account: row.take()? }))
        .collect()
    }

    /// The payment methods of other people that pay profiles on which, or on whose account, a person has a role, with
    /// what they pay.
    pub async fn methods_of_profiles(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<(PaidProfile, PaymentMethod)>, StoreError> {
        self.rows(
            sql!(
                "SELECT b.id, b.billing_account_id, m.id, m.person_id, m.provider, m.card, m.added_at
                 FROM (SELECT r.billing_profile_id AS id FROM billing_profile_role r
                       WHERE r.organization_id = $1 AND r.person_id = $2
                       UNION
                       SELECT o.id FROM billing_account_role a
                       JOIN billing_profile o
                         ON o.organization_id = a.organization_id AND o.billing_account_id = a.billing_account_id
                       WHERE a.organization_id = $1 AND a.person_id = $2) seen
                 JOIN billing_profile b ON b.organization_id = $1 AND b.id = seen.id
                 JOIN payment_method m ON m.organization_id = b.organization_id AND m.id = b.payment_method_id
                 WHERE m.person_id <> $2 AND m.removed_at IS NULL
                 ORDER BY m.added_at DESC, m.id DESC, b.id
                 LIMIT 1000"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let (profile, account) = (row.take()?, row.take()?);
            let method = PaymentMethod::from_row(row)?;
            Ok((PaidProfile { method: method.id, profile, account }, method))
        })
        .collect()
    }

    /// A place at the provider that a person began.
    pub async fn card_setup(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        setup: CardSetupId,
    ) -> Result<Option<CardSetup>, StoreError> {
        self.row(
            sql!(
                "SELECT id, wish, setup, begun_at, payment_method_id FROM card_setup
                 WHERE organization_id = $1 AND person_id = $2 AND id = $3"
            ),
            binds![organization, person, setup],
        )
        .await?
        .map(|mut row| {
            Ok(CardSetup {
                id: row.take()?,
                wish: row.take()?,
                setup: row.take()?,
                begun_at: row.take()?,
                method: row.take()?,
            })
        })
        .transpose()
    }
}

impl Tx<'_> {
    /// Writes down where a card is typed, and forgets what the same person began before `since`.
    pub async fn begin_card_setup(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        id: CardSetupId,
        (wish, setup): (String, String),
        since: Instant,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change(
            sql!("DELETE FROM card_setup WHERE organization_id = $1 AND person_id = $2 AND begun_at < $3"),
            binds![organization, person, since],
        )
        .await?;
        self.change_one(
            sql!(
                "INSERT INTO card_setup (organization_id, person_id, id, wish, setup, begun_at, payment_method_id)
                 VALUES ($1, $2, $3, $4, $5, $6, NULL)"
            ),
            binds![organization, person, id, wish, setup, at],
        )
        .await
    }

    /// Notes what came of it, once. [`StoreError::Stale`] if that is noted already.
    pub async fn finish_card_setup(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        setup: CardSetupId,
        method: PaymentMethodId,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE card_setup SET payment_method_id = $4
                 WHERE organization_id = $1 AND person_id = $2 AND id = $3 AND payment_method_id IS NULL"
            ),
            binds![organization, person, setup, method],
        )
        .await
    }

    /// A payment method after it was edited at the provider: its token stays.
    pub async fn edit_card(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        method: PaymentMethodId,
        card: &str,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE payment_method SET card = $4, version = version + 1
                 WHERE organization_id = $1 AND id = $3 AND person_id = $2 AND removed_at IS NULL"
            ),
            binds![organization, person, method, card],
        )
        .await
    }

    /// From now on another payment method pays a profile.
    pub async fn attach_method(
        &mut self,
        organization: OrganizationId,
        profile: BillingProfileId,
        method: PaymentMethodId,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE billing_profile SET payment_method_id = $3, version = version + 1
                 WHERE organization_id = $1 AND id = $2"
            ),
            binds![organization, profile, method],
        )
        .await
    }

    /// Whatever a payment method pays, another one pays from now on. Says how many profiles that are.
    pub async fn hand_profiles_over(
        &mut self,
        organization: OrganizationId,
        from: PaymentMethodId,
        to: PaymentMethodId,
    ) -> Result<u64, StoreError> {
        self.change(
            sql!(
                "UPDATE billing_profile SET payment_method_id = $3, version = version + 1
                 WHERE organization_id = $1 AND payment_method_id = $2"
            ),
            binds![organization, from, to],
        )
        .await
    }

    /// Removes a payment method of a person's own that pays nothing any more; its provider will be asked to forget it.
    /// [`StoreError::Stale`] if it pays something.
    pub async fn remove_method(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        method: PaymentMethodId,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE payment_method SET removed_at = $4, version = version + 1
                 WHERE organization_id = $1 AND id = $3 AND person_id = $2 AND removed_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM billing_profile b
                                   WHERE b.organization_id = $1 AND b.payment_method_id = $3)"
            ),
            binds![organization, person, method, at],
        )
        .await?;
        self.set_work(organization, Kind::Method, method.uuid(), Some(at)).await
    }

    /// The provider has forgotten a removed payment method.
    pub async fn forget_method(
        &mut self,
        organization: OrganizationId,
        method: PaymentMethodId,
    ) -> Result<(), StoreError> {
        self.set_work(organization, Kind::Method, method.uuid(), None).await
    }
}
