//! Subscriptions, who manages them, and the purchases of their seats (SPEC 5).

mod many;
mod seats;

pub use seats::SeatPurchase;

use domain::agenda::{Agenda, Dunning, NextAmount};
use domain::catalog::Price;
use domain::change::ScheduledChange;
use domain::id::{
    BillingProfileId, DocumentId, OrderId, OrganizationId, PersonId, PlanId, PriceId, ProductId,
    SubscriptionId,
};
use domain::subscription::{Channel, State, Status};
use domain::time::{Date, Instant, TimeError};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, json, optional_json};
use crate::work::Kind;

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
    /// The first day that is not invoiced; `None` while nothing is: a trial.
    pub billed_to: Option<Date>,
    /// Seats that are confirmed and wait for their payment.
    pub waiting: u32,
    /// What happens at the renewal.
    pub scheduled: Option<Scheduled>,
    /// The price that the renewal takes, once that is decided.
    pub renewal_price: Option<PriceId>,
    /// The invoice that is not paid yet.
    pub owes: Option<DocumentId>,
    /// What has happened since a payment failed.
    pub dunning: Option<Dunning>,
    /// What is announced on or before this day was announced.
    pub told_to: Date,
}

/// A change that waits for the renewal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// What changes.
    pub change: ScheduledChange,
    /// Who asked for it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Who loses their license, as ticked; the newest where nobody is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub losing: Vec<PersonId>,
}

impl Subscription {
    /// Puts what happens at the renewal in the place of what was scheduled before, which is returned. The price of
    /// the next term is decided anew where it was, or will be, that of another plan.
    pub fn schedule(&mut self, change: Option<Scheduled>) -> Option<Scheduled> {
        let before = std::mem::replace(&mut self.scheduled, change);
        let is_plan = |scheduled: &Option<Scheduled>| {
            scheduled.as_ref().is_some_and(|known| matches!(known.change, ScheduledChange::Plan { .. }))
        };
        if is_plan(&before) || is_plan(&self.scheduled) {
            self.renewal_price = None;
        }
        before
    }

    /// What the calendar has to know of it.
    pub fn agenda(&self) -> Agenda {
        let scheduled = self.scheduled.as_ref().map(|scheduled| &scheduled.change);
        Agenda {
            state: self.state,
            billed_to: self.billed_to,
            owes: self.owes.is_some(),
            waits: self.waiting > 0,
            dunning: self.dunning,
            next_amount: match self.renewal_price {
                None => NextAmount::Undecided,
                Some(price) if price == self.price_id && scheduled.is_none() => NextAmount::Same,
                Some(_) => NextAmount::Differs,
            },
            loses_seats: scheduled.is_some_and(|change| change.losing(self.seats, self.assigned) > 0),
            told_to: self.told_to,
        }
    }
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
            billed_to: row.take()?,
            waiting: row.take()?,
            scheduled: optional_json(row)?,
            renewal_price: row.take()?,
            owes: row.take()?,
            dunning: optional_json(row)?,
            told_to: row.take::<Option<Date>>()?.unwrap_or(Date::MIN),
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
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
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
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
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

    /// A subscription of an organization, whoever manages it.
    pub async fn subscription(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Option<Subscription>, StoreError> {
        self.row(
            sql!(
                "SELECT s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
                 FROM subscription s
                 JOIN price p ON p.id = s.price_id
                 WHERE s.organization_id = $1 AND s.id = $2"
            ),
            binds![organization, subscription],
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
    /// The first day that is not invoiced; `None`: a trial.
    pub billed_to: Option<Date>,
    /// The day on which it is made: what would have been announced by then is not.
    pub today: Date,
    /// When its next day begins; `None`: nothing will happen by itself.
    pub due_at: Option<Instant>,
}

fn next_on(agenda: &Agenda) -> Result<Option<Date>, StoreError> {
    agenda.next().map(|next| next.map(|(on, _)| on)).map_err(corrupt)
}

fn corrupt(error: TimeError) -> StoreError {
    StoreError::Corrupt { what: error.to_string() }
}

impl NewSubscription {
    /// What the calendar has to know of it.
    pub fn agenda(&self) -> Agenda {
        Agenda { billed_to: self.billed_to, ..Agenda::new(self.state, self.today) }
    }
}

impl Tx<'_> {
    /// Makes a subscription, managed by who bought it.
    pub async fn add_subscription(
        &mut self,
        organization: OrganizationId,
        new: &NewSubscription,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "INSERT INTO subscription (organization_id, id, product_id, plan_id, price_id, billing_profile_id,
                    order_id, purchaser_id, channel, status, state, ends_on, next_on, seats, assigned, created_at,
                    changed_at, version, billed_to, told_to)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $15, 1, $16, $17)"
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
                new.state.ends_on().map_err(corrupt)?,
                next_on(&new.agenda())?,
                new.seats,
                at,
                new.billed_to,
                new.today
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
        .await?;
        self.set_work(organization, Kind::Subscription, new.id.uuid(), new.due_at).await
    }

    /// Writes down everything of a subscription that can change but its assigned seats, and when it falls due next.
    /// Guarded by the version that was seen; counts it on.
    pub async fn save_subscription(
        &mut self,
        organization: OrganizationId,
        subscription: &mut Subscription,
        due_at: Option<Instant>,
    ) -> Result<(), StoreError> {
        let at = self.at();
        let (state, agenda) = (subscription.state, subscription.agenda());
        let ends_on = state.ends_on().map_err(corrupt)?;
        self.change_one(
            sql!(
                "UPDATE subscription SET plan_id = $4, price_id = $5, billing_profile_id = $6, channel = $7,
                        status = $8, state = $9, ends_on = $10, next_on = $11, seats = $12, billed_to = $13,
                        waiting = $14, scheduled = $15, renewal_price_id = $16, owes_document_id = $17, dunning = $18,
                        told_to = $19, changed_at = $20, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            binds![
                organization,
                subscription.id,
                subscription.version,
                subscription.plan,
                subscription.price_id,
                subscription.profile,
                subscription.channel.code(),
                state.status().code(),
                json(&state)?,
                ends_on,
                next_on(&agenda)?,
                subscription.seats,
                subscription.billed_to,
                subscription.waiting,
                subscription.scheduled.as_ref().map(json).transpose()?,
                subscription.renewal_price,
                subscription.owes,
                subscription.dunning.as_ref().map(json).transpose()?,
                subscription.told_to,
                at
            ],
        )
        .await?;
        subscription.version += 1;
        subscription.ends_on = ends_on;
        self.set_work(organization, Kind::Subscription, subscription.id.uuid(), due_at).await
    }
}
