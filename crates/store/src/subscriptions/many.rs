//! Subscriptions by the many: those that a worker has claimed, and those of an organization.

use domain::id::{OrganizationId, SubscriptionId, WorkerId};

use super::Subscription;
use crate::StoreError;
use crate::statement::sql;
use crate::unit::Conn;
use crate::value::{FromRow as _, binds};

impl Conn<'_> {
    /// The subscriptions of an organization that a worker has claimed.
    pub async fn subscriptions_claimed(
        &mut self,
        worker: WorkerId,
        organization: OrganizationId,
    ) -> Result<Vec<Subscription>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
                 FROM work w
                 JOIN subscription s ON s.organization_id = w.organization_id AND s.id = w.subject_id
                 JOIN price p ON p.id = s.price_id
                 WHERE w.worker = $1 AND w.organization_id = $2 AND w.kind = 'subscription'"
            ),
            binds![worker, organization],
        )
        .await?
        .iter_mut()
        .map(Subscription::from_row)
        .collect()
    }

    /// The subscriptions that the attempts of an organization pay for that a worker has claimed.
    pub async fn subscriptions_paid_by_claimed(
        &mut self,
        worker: WorkerId,
        organization: OrganizationId,
    ) -> Result<Vec<Subscription>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
                 FROM work w
                 JOIN payment_attempt a ON a.organization_id = w.organization_id AND a.id = w.subject_id
                 JOIN document d ON d.organization_id = a.organization_id AND d.id = a.document_id
                 JOIN subscription s ON s.organization_id = d.organization_id AND s.id = d.subscription_id
                 JOIN price p ON p.id = s.price_id
                 WHERE w.worker = $1 AND w.organization_id = $2 AND w.kind = 'attempt'"
            ),
            binds![worker, organization],
        )
        .await?
        .iter_mut()
        .map(Subscription::from_row)
        .collect()
    }

    /// The subscriptions of an organization behind one of them, whoever manages them.
    pub async fn subscriptions_of(
        &mut self,
        organization: OrganizationId,
        after: Option<SubscriptionId>,
        limit: u32,
    ) -> Result<Vec<Subscription>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
                 FROM subscription s
                 JOIN price p ON p.id = s.price_id
                 WHERE s.organization_id = $1 AND (s.id > $2 OR $2 IS NULL)
                 ORDER BY s.id
                 LIMIT $3"
            ),
            binds![organization, after, limit],
        )
        .await?
        .iter_mut()
        .map(Subscription::from_row)
        .collect()
    }
}
