//! The purchases of seats, each with its own window, and seats that wait for their payment (SPEC 5, Seats).

use domain::id::{DocumentId, OrganizationId, SeatPurchaseId, SubscriptionId};
use domain::subscription::SeatCause;
use domain::time::Date;

use crate::StoreError;
use crate::statement::{rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::binds;

/// One purchase of seats with its own window (SPEC 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatPurchase {
    /// Its id.
    pub id: SeatPurchaseId,
    /// How many.
    pub seats: u32,
    /// How many of them were given back in the window.
    pub given_back: u32,
    /// On which day.
    pub bought_on: Date,
    /// The last day of the window.
    pub refund_until: Date,
    /// The invoice that charged them.
    pub document: DocumentId,
}

impl Conn<'_> {
    /// The purchases of the seats that a subscription holds, the oldest first: how many, on which day, and until when
    /// they can be given back.
    pub async fn seat_purchases(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<SeatPurchase>, StoreError> {
        self.rows(
            sql!(
                "SELECT id, seats, given_back, bought_on, refund_until, document_id FROM seat_purchase
                 WHERE organization_id = $1 AND subscription_id = $2 AND ended_on IS NULL
                 ORDER BY at, id"
            ),
            binds![organization, subscription],
        )
        .await?
        .iter_mut()
        .map(|row| {
            Ok(SeatPurchase {
                id: row.take()?,
                seats: row.take()?,
                given_back: row.take()?,
                bought_on: row.take()?,
                refund_until: row.take()?,
                document: row.take()?,
            })
        })
        .collect()
    }
}

impl Tx<'_> {
    /// Seats that waited for their payment do not any more: they are paid, or will not be. From here on the
    /// subscription is this unit's. Guarded: never more than wait.
    pub async fn take_waiting(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        seats: u32,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE subscription SET waiting = waiting - $3, changed_at = $4, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND waiting >= $3"
            ),
            binds![organization, subscription, seats, at],
        )
        .await
    }

    /// The seats that are held are charged on another invoice from now on: that of a change of plan.
    pub async fn charge_seats_on(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        document: DocumentId,
    ) -> Result<(), StoreError> {
        self.change(
            sql!(
                "UPDATE seat_purchase SET document_id = $3
                 WHERE organization_id = $1 AND subscription_id = $2 AND ended_on IS NULL"
            ),
            binds![organization, subscription, document],
        )
        .await?;
        Ok(())
    }

    /// Notes a purchase of seats, and until when they can be given back.
    pub async fn add_seats(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        document: DocumentId,
        (cause, seats): (SeatCause, u32),
        (bought_on, refund_until): (Date, Date),
    ) -> Result<SeatPurchaseId, StoreError> {
        let id = self.id(SeatPurchaseId::new);
        let at = self.at();
        self.add_row(
            rows!(
                "INSERT INTO seat_purchase (organization_id, id, subscription_id, document_id, cause, seats, given_back,
                                            bought_on, refund_until, at)",
                10
            ),
            binds![
                organization,
                id,
                subscription,
                document,
                cause.code(),
                seats,
                0_i64,
                bought_on,
                refund_until,
                at
            ],
        )
        .await?;
        Ok(id)
    }

    /// Seats of one purchase are given back. Guarded: never more than were bought.
    pub async fn give_seats_back(
        &mut self,
        organization: OrganizationId,
        purchase: SeatPurchaseId,
        seats: u32,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE seat_purchase SET given_back = given_back + $3
                 WHERE organization_id = $1 AND id = $2 AND ended_on IS NULL AND given_back + $3 <= seats"
            ),
            binds![organization, purchase, seats],
        )
        .await
    }

    /// The purchases of a subscription's seats are replaced by a renewal, or end with the subscription.
    pub async fn end_seats(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        on: Date,
    ) -> Result<(), StoreError> {
        self.change(
            sql!(
                "UPDATE seat_purchase SET ended_on = $3
                 WHERE organization_id = $1 AND subscription_id = $2 AND ended_on IS NULL"
            ),
            binds![organization, subscription, on],
        )
        .await?;
        Ok(())
    }
}
