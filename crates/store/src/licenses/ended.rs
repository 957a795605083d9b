//! What becomes of licenses when seats go: at a renewal with fewer, or with the subscription.

use domain::id::{OrganizationId, PersonId, ProductId, SubscriptionId};
use domain::license::SeatSource;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow as _, Row, binds};

impl Conn<'_> {
    /// Who holds a license from a subscription, in the order in which they were given it.
    pub async fn holders_in_order(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.rows(
            sql!(
                "SELECT person_id FROM assignment
                 WHERE organization_id = $1 AND subscription_id = $2
                 ORDER BY assigned_at, id"
            ),
            binds![organization, subscription],
        )
        .await?
        .iter_mut()
        .map(Row::take)
        .collect()
    }

    /// The other subscriptions of its product that work, have a free seat and have a manager in common with this one.
    pub async fn seats_beside(
        &mut self,
        organization: OrganizationId,
        (product, subscription): (ProductId, SubscriptionId),
    ) -> Result<Vec<SeatSource>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.id, s.status, s.ends_on, s.seats, s.assigned
                 FROM subscription s
                 WHERE s.organization_id = $1 AND s.product_id = $2 AND s.id <> $3
                   AND s.status IN ('active', 'expired') AND s.assigned < s.seats
                   AND EXISTS (SELECT 1 FROM subscription_manager m
                               JOIN subscription_manager o
                                 ON o.organization_id = m.organization_id AND o.person_id = m.person_id
                               WHERE m.organization_id = s.organization_id AND m.subscription_id = s.id
                                 AND o.subscription_id = $3)
                 ORDER BY s.id"
            ),
            binds![organization, product, subscription],
        )
        .await?
        .iter_mut()
        .map(SeatSource::from_row)
        .collect()
    }
}

impl Tx<'_> {
    /// A person's license is drawn from another subscription from now on, whose seat was taken for it.
    pub async fn move_assignment(
        &mut self,
        organization: OrganizationId,
        (product, person): (ProductId, PersonId),
        (from, to): (SubscriptionId, SubscriptionId),
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE assignment SET subscription_id = $5
                 WHERE organization_id = $1 AND product_id = $2 AND person_id = $3 AND subscription_id = $4"
            ),
            binds![organization, product, person, from, to],
        )
        .await
    }

    /// A person loses the license that is drawn from a subscription.
    pub async fn lose_assignment(
        &mut self,
        organization: OrganizationId,
        (product, person): (ProductId, PersonId),
        from: SubscriptionId,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "DELETE FROM assignment
                 WHERE organization_id = $1 AND product_id = $2 AND person_id = $3 AND subscription_id = $4"
            ),
            binds![organization, product, person, from],
        )
        .await
    }

    /// So many licenses are drawn from a subscription from now on. Guarded by the version that was seen.
    pub async fn set_assigned(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        (version, assigned): (i64, u32),
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE subscription SET assigned = $4 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            binds![organization, subscription, version, assigned],
        )
        .await
    }
}
