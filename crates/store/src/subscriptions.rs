//! Subscriptions, who manages them, and the purchases of their seats (SPEC 5).

use domain::catalog::Price;
use domain::id::{
    BillingProfileId, DocumentId, OrderId, OrganizationId, PersonId, PlanId, PriceId, ProductId,
    SeatPurchaseId, SubscriptionId,
};
use domain::subscription::{Channel, State, Status};
use domain::time::{Date, Instant, TimeError};

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, json};

/// A subscription with what is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The product.
    pub product: ProductId,
    /// The plan.
    pub plan: PlanId,
    /// The version of the price that its term keeps.
    pub price_id: PriceId,
    /// That price.
    pub price: Price,
    /// Who pays.
    pub profile: BillingProfileId,
    /// The order that it came from.
    pub order: OrderId,
    /// Who bought it.
    pub purchaser: PersonId,
    /// How it was acquired.
    pub channel: Channel,
    /// Where it is in its life.
    pub state: State,
    /// The first day after the term that runs, or ran last.
    pub ends_on: Date,
    /// Its seats.
    pub seats: u32,
    /// Those that are given to somebody.
    pub assigned: u32,
    /// When it was bought.
    pub created_at: Instant,
    /// Counts changes.
    pub version: i64,
}

impl FromRow for Subscription {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            product: row.take()?,
            plan: row.take()?,
            price_id: row.take()?,
            price: row.json()?,
            profile: row.take()?,
            order: row.take()?,
            purchaser: row.take()?,
            channel: row.parse(|code: String| Channel::from_code(&code))?,
            state: row.json()?,
            ends_on: row.take()?,
            seats: row.take()?,
            assigned: row.take()?,
            created_at: row.take()?,
            version: row.take()?,
        })
    }
}

/// What of one's subscriptions is wanted, and from where on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only those acquired like this.
    pub channel: Option<Channel>,
    /// Only those in this state.
    pub status: Option<Status>,
    /// Those that follow this one in the list.
    pub after: Option<(Date, SubscriptionId)>,
}

/// How many of one's subscriptions there are, by how they were acquired and in which state they are.
pub type Counts = Vec<(Channel, Status, u32)>;

impl Conn<'_> {
    /// The subscriptions that a person manages, those that end first at the top.
    pub async fn managed_subscriptions(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        wanted: &Wanted,
        limit: u32,
    ) -> Result<Vec<Subscription>, StoreError> {
        let (day, id) = wanted.after.unzip();
        self.rows(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version
                 FROM subscription_manager m
                 JOIN subscription s ON s.organization_id = m.organization_id AND s.id = m.subscription_id
                 JOIN price p ON p.id = s.price_id
                 WHERE m.organization_id = $1 AND m.person_id = $2
                   AND (s.channel = $3 OR $3 IS NULL)
                   AND (s.status = $4 OR $4 IS NULL)
                   AND (s.ends_on > $5 OR (s.ends_on = $5 AND s.id > $6) OR $5 IS NULL)
                 ORDER BY s.ends_on, s.id
                 LIMIT $7"
            ),
            binds![
                organization,
                person,
                wanted.channel.map(|channel| channel.code().to_owned()),
                wanted.status.map(|status| status.code().to_owned()),
                day,
                id,
                limit
            ],
        )
        .await?
        .iter_mut()
        .map(Subscription::from_row)
        .collect()
    }

    /// How many subscriptions a person manages.
    pub async fn count_managed_subscriptions(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Counts, StoreError> {
        self.rows(
            sql!(
                "SELECT s.channel, s.status, COUNT(*)
                 FROM subscription_manager m
                 JOIN subscription s ON s.organization_id = m.organization_id AND s.id = m.subscription_id
                 WHERE m.organization_id = $1 AND m.person_id = $2
                 GROUP BY s.channel, s.status
                 ORDER BY s.channel, s.status"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(|row| {
            Ok((
                row.parse(|code: String| Channel::from_code(&code))?,
                row.parse(|code: String| Status::from_code(&code))?,
                row.take()?,
            ))
        })
        .collect()
    }

    /// A subscription that the person manages; nothing if it is somebody else's or nowhere.
    pub async fn managed_subscription(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        subscription: SubscriptionId,
    ) -> Result<Option<Subscription>, StoreError> {
        self.row(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version
                 FROM subscription_manager m
                 JOIN subscription s ON s.organization_id = m.organization_id AND s.id = m.subscription_id
                 JOIN price p ON p.id = s.price_id
                 WHERE m.organization_id = $1 AND m.person_id = $2 AND m.subscription_id = $3"
            ),
            binds![organization, person, subscription],
        )
        .await?
        .map(|mut row| Subscription::from_row(&mut row))
        .transpose()
    }

    /// The people who manage a subscription, by how long they do.
    pub async fn managers(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PersonId>, StoreError> {
        self.rows(
            sql!(
                "SELECT person_id FROM subscription_manager
                 WHERE organization_id = $1 AND subscription_id = $2
                 ORDER BY since, person_id"
            ),
            binds![organization, subscription],
        )
        .await?
        .iter_mut()
        .map(Row::take)
        .collect()
    }

    /// The purchases of a subscription's seats, the oldest first: how many, on which day, and until when they can
    /// be given back.
    pub async fn seat_purchases(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<SeatPurchase>, StoreError> {
        self.rows(
            sql!(
                "SELECT id, seats, given_back, bought_on, refund_until FROM seat_purchase
                 WHERE organization_id = $1 AND subscription_id = $2
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
            })
        })
        .collect()
    }
}

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
}

/// A subscription to be made.
#[derive(Clone, Debug)]
pub struct NewSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The product.
    pub product: ProductId,
    /// The plan.
    pub plan: PlanId,
    /// The version of the price.
    pub price: PriceId,
    /// Who pays.
    pub profile: BillingProfileId,
    /// The order that it comes from.
    pub order: OrderId,
    /// Who buys and from now on manages it.
    pub purchaser: PersonId,
    /// How it is acquired.
    pub channel: Channel,
    /// Its first state.
    pub state: State,
    /// Its seats.
    pub seats: u32,
}

fn days(state: &State) -> Result<(Date, Option<Date>), StoreError> {
    let corrupt = |error: TimeError| StoreError::Corrupt { what: error.to_string() };
    Ok((state.ends_on().map_err(corrupt)?, state.next_day().map_err(corrupt)?))
}

impl Tx<'_> {
    /// Makes a subscription, managed by who bought it.
    pub async fn add_subscription(
        &mut self,
        organization: OrganizationId,
        new: &NewSubscription,
    ) -> Result<(), StoreError> {
        let at = self.at();
        let (ends_on, next_on) = days(&new.state)?;
        self.change_one(
            sql!(
                "INSERT INTO subscription (organization_id, id, product_id, plan_id, price_id, billing_profile_id,
                    order_id, purchaser_id, channel, status, state, ends_on, next_on, seats, assigned, created_at,
                    changed_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $15, 1)"
            ),
            binds![
                organization,
                new.id,
                new.product,
                new.plan,
                new.price,
                new.profile,
                new.order,
                new.purchaser,
                new.channel.code(),
                new.state.status().code(),
                json(&new.state)?,
                ends_on,
                next_on,
                new.seats,
                at
            ],
        )
        .await?;
        self.change_one(
            sql!(
                "INSERT INTO subscription_manager (organization_id, subscription_id, person_id, since)
                 VALUES ($1, $2, $3, $4)"
            ),
            binds![organization, new.id, new.purchaser, at],
        )
        .await
    }

    /// Notes the seats that a subscription begins with, and until when they can be given back.
    pub async fn add_first_seats(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        document: DocumentId,
        seats: u32,
        (bought_on, refund_until): (Date, Date),
    ) -> Result<SeatPurchaseId, StoreError> {
        let id = self.id(SeatPurchaseId::new);
        let at = self.at();
        self.change_one(
            sql!(
                "INSERT INTO seat_purchase (organization_id, id, subscription_id, document_id, cause, seats, given_back,
                                            bought_on, refund_until, at)
                 VALUES ($1, $2, $3, $4, 'start', $5, 0, $6, $7, $8)"
            ),
            binds![organization, id, subscription, document, seats, bought_on, refund_until, at],
        )
        .await?;
        Ok(id)
    }
}
