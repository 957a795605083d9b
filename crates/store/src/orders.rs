//! Orders, from the choice to the receipt, and the attempts to charge them (SPEC 4, 5).

use domain::id::{
    DocumentId, OrderId, OrganizationId, PaymentAttemptId, PaymentMethodId, PersonId, PlanId, PriceId,
    SubscriptionId, WorkerId,
};
use domain::money::Money;
use domain::order::{Choice, OrderKind, OrderState};
use domain::quote::OrderQuote;
use domain::subscription::Channel;
use domain::time::Instant;

use crate::StoreError;
use crate::statement::{rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, json, money};
use crate::work::Kind;

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id.
    pub id: OrderId,
    /// Who buys.
    pub person: PersonId,
    /// How it is bought.
    pub channel: Channel,
    /// What it is for.
    pub kind: OrderKind,
    /// The subscription that it changes, where it is not for a new one.
    pub subscription: Option<SubscriptionId>,
    /// What is wanted.
    pub choice: Choice,
    /// A trial: whether it becomes the purchase of its choice when it ends.
    pub converts: bool,
    /// JSON: which card pays.
    pub payment: String,
    /// How far it is.
    pub state: OrderState,
    /// What was confirmed; `None` before.
    pub confirmed: Option<Confirmed>,
    /// When it was begun.
    pub created_at: Instant,
    /// Counts changes.
    pub version: i64,
}

/// What was confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The plan.
    pub plan: PlanId,
    /// The version of the price.
    pub price: PriceId,
    /// Lines, amounts and days.
    pub quote: OrderQuote,
    /// JSON: the versions of the texts that were agreed to.
    pub agreed: String,
}

impl FromRow for Order {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            person: row.take()?,
            channel: row.parse(|code: String| Channel::from_code(&code))?,
            kind: row.parse(|code: String| OrderKind::from_code(&code))?,
            subscription: row.take()?,
            choice: row.json()?,
            converts: row.take()?,
            payment: row.take()?,
            state: row.json()?,
            confirmed: Confirmed::from_columns(row)?,
            created_at: row.take()?,
            version: row.take()?,
        })
    }
}

impl Confirmed {
    fn from_columns(row: &mut Row) -> Result<Option<Self>, StoreError> {
        let (plan, price) = (row.take::<Option<PlanId>>()?, row.take::<Option<PriceId>>()?);
        let quote = row.parse(|text: Option<String>| {
            text.map(|text| serde_json::from_str::<OrderQuote>(&text)).transpose().ok()
        })?;
        let agreed = row.take::<Option<String>>()?;
        let (Some(plan), Some(price), Some(quote)) = (plan, price, quote) else { return Ok(None) };
        Ok(agreed.map(|agreed| Self { plan, price, quote, agreed }))
    }
}

/// One attempt to collect money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id: the key of the charge.
    pub id: PaymentAttemptId,
    /// The order that it pays, or
    pub order: Option<OrderId>,
    /// the document.
    pub document: Option<DocumentId>,
    /// Who pays; `None`: the machine.
    pub person: Option<PersonId>,
    /// The provider's code.
    pub provider: String,
    /// JSON: the card as it was then.
    pub card: String,
    /// The payment method; `None`: a card that becomes one when it has paid.
    pub method: Option<PaymentMethodId>,
    /// How much.
    pub amount: Money,
    /// Whether the person was there.
    pub on_session: bool,
    /// JSON: what the provider has answered; `None` while nothing is known.
    pub outcome: Option<String>,
    /// When it was written down.
    pub created_at: Instant,
    /// Since when its effects are written.
    pub settled_at: Option<Instant>,
}

impl FromRow for Attempt {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            order: row.take()?,
            document: row.take()?,
            person: row.take()?,
            provider: row.take()?,
            card: row.take()?,
            method: row.take()?,
            amount: money(row)?,
            on_session: row.take()?,
            outcome: row.take()?,
            created_at: row.take()?,
            settled_at: row.take()?,
        })
    }
}

impl Conn<'_> {
    /// An order of an organization.
    pub async fn order(
        &mut self,
        organization: OrganizationId,
        order: OrderId,
    ) -> Result<Option<Order>, StoreError> {
        self.row(
            sql!(
                "SELECT organization_id, id, person_id, channel, kind, subscription_id, choice, converts, payment, state,
                        plan_id, price_id, quote, agreed, created_at, version
                 FROM orders WHERE organization_id = $1 AND id = $2"
            ),
            binds![organization, order],
        )
        .await?
        .map(|mut row| Order::from_row(&mut row))
        .transpose()
    }

    /// An attempt of an organization.
    pub async fn attempt(
        &mut self,
        organization: OrganizationId,
        attempt: PaymentAttemptId,
    ) -> Result<Option<Attempt>, StoreError> {
        self.row(
            sql!(
                "SELECT organization_id, id, order_id, document_id, person_id, provider, card, payment_method_id, amount,
                        currency, on_session, outcome, created_at, settled_at
                 FROM payment_attempt WHERE organization_id = $1 AND id = $2"
            ),
            binds![organization, attempt],
        )
        .await?
        .map(|mut row| Attempt::from_row(&mut row))
        .transpose()
    }

    /// The attempts of an organization that a worker has claimed.
    pub async fn attempts_claimed(
        &mut self,
        worker: WorkerId,
        organization: OrganizationId,
    ) -> Result<Vec<Attempt>, StoreError> {
        self.rows(
            sql!(
                "SELECT a.organization_id, a.id, a.order_id, a.document_id, a.person_id, a.provider, a.card,
                        a.payment_method_id, a.amount, a.currency, a.on_session, a.outcome, a.created_at, a.settled_at
                 FROM work w
                 JOIN payment_attempt a ON a.organization_id = w.organization_id AND a.id = w.subject_id
                 WHERE w.worker = $1 AND w.organization_id = $2 AND w.kind = 'attempt'"
            ),
            binds![worker, organization],
        )
        .await?
        .iter_mut()
        .map(Attempt::from_row)
        .collect()
    }

    /// The attempt that is under way for a document.
    pub async fn open_attempt_of(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
    ) -> Result<Option<PaymentAttemptId>, StoreError> {
        self.row(
            sql!(
                "SELECT id FROM payment_attempt
                 WHERE organization_id = $1 AND document_id = $2 AND settled_at IS NULL"
            ),
            binds![organization, document],
        )
        .await?
        .map(|mut row| row.take())
        .transpose()
    }

    /// The attempt that was made when a quote of an order was confirmed.
    pub async fn attempt_by_seal(
        &mut self,
        organization: OrganizationId,
        order: OrderId,
        seal: &str,
    ) -> Result<Option<PaymentAttemptId>, StoreError> {
        self.row(
            sql!(
                "SELECT id FROM payment_attempt
                 WHERE organization_id = $1 AND order_id = $2 AND quote_seal = $3
                 ORDER BY created_at, id
                 LIMIT 1"
            ),
            binds![organization, order, seal],
        )
        .await?
        .map(|mut row| row.take())
        .transpose()
    }

    /// JSON: the card that has paid an order.
    pub async fn card_that_paid(
        &mut self,
        organization: OrganizationId,
        order: OrderId,
    ) -> Result<Option<String>, StoreError> {
        self.row(
            sql!(
                "SELECT card FROM payment_attempt
                 WHERE organization_id = $1 AND order_id = $2 AND settled_at IS NOT NULL
                 ORDER BY created_at DESC, id DESC
                 LIMIT 1"
            ),
            binds![organization, order],
        )
        .await?
        .map(|mut row| row.take())
        .transpose()
    }
}

impl Conn<'_> {
    /// Whether a change of plan of this subscription waits for its payment.
    pub async fn has_open_plan_order(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<bool, StoreError> {
        let open = self
            .row(
                sql!(
                    "SELECT id FROM orders
                     WHERE organization_id = $1 AND subscription_id = $2 AND kind = 'plan' AND status = 'confirmed'
                     ORDER BY created_at, id
                     LIMIT 1"
                ),
                binds![organization, subscription],
            )
            .await?;
        Ok(open.is_some())
    }
}

/// A new order.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Its id.
    pub id: OrderId,
    /// Who buys.
    pub person: PersonId,
    /// How.
    pub channel: Channel,
    /// What for.
    pub kind: OrderKind,
    /// The subscription that it changes.
    pub subscription: Option<SubscriptionId>,
    /// What.
    pub choice: Choice,
    /// A trial: whether it becomes the purchase of its choice when it ends.
    pub converts: bool,
    /// JSON: which card pays.
    pub payment: String,
}

/// A new attempt.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// Its id.
    pub id: PaymentAttemptId,
    /// The order that it pays, or
    pub order: Option<OrderId>,
    /// the document.
    pub document: Option<DocumentId>,
    /// Who pays; `None`: the machine.
    pub person: Option<PersonId>,
    /// The name by which the quote was confirmed.
    pub seal: Option<String>,
    /// How much.
    pub amount: Money,
    /// The provider's code.
    pub provider: String,
    /// JSON: the card.
    pub card: String,
    /// The payment method, if the card is one already.
    pub method: Option<PaymentMethodId>,
    /// Whether the person is there and can be asked by the bank.
    pub on_session: bool,
    /// When the machine asks about it, should nobody have come back by then.
    pub ask_at: Instant,
}

impl Tx<'_> {
    /// Begins an order in the command's organization.
    pub async fn start_order(&mut self, new: NewOrder) -> Result<(), StoreError> {
        let (organization, at, state) = (self.command().organization, self.at(), OrderState::new());
        self.change_one(
            sql!(
                "INSERT INTO orders (organization_id, id, person_id, channel, choice, payment, status, state,
                                     created_at, changed_at, version, kind, subscription_id, converts)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1, $10, $11, $12)"
            ),
            binds![
                organization,
                new.id,
                new.person,
                new.channel.code(),
                json(&new.choice)?,
                new.payment,
                state.status().code(),
                json(&state)?,
                at,
                new.kind.code(),
                new.subscription,
                new.converts
            ],
        )
        .await
    }

    /// Changes what is wanted and which card pays. Guarded by the version that was seen; only a draft changes.
    pub async fn change_order(
        &mut self,
        order: &Order,
        choice: &Choice,
        payment: String,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE orders SET choice = $4, payment = $5, changed_at = $6, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3 AND status = 'draft'"
            ),
            binds![order.organization, order.id, order.version, json(choice)?, payment, at],
        )
        .await
    }

    /// Writes down that an order is confirmed, with the attempt that is about to be made. Guarded by the version
    /// that was seen.
    pub async fn confirm_order(
        &mut self,
        order: &Order,
        state: OrderState,
        confirmed: &Confirmed,
        attempt: NewAttempt,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE orders SET status = $4, state = $5, plan_id = $6, price_id = $7, quote = $8,
                        agreed = $9, changed_at = $10, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3 AND status = 'draft'"
            ),
            binds![
                order.organization,
                order.id,
                order.version,
                state.status().code(),
                json(&state)?,
                confirmed.plan,
                confirmed.price,
                json(&confirmed.quote)?,
                confirmed.agreed.as_str(),
                at
            ],
        )
        .await?;
        self.add_attempt(order.organization, attempt).await
    }

    /// Writes down an attempt to collect money, before the provider is asked.
    pub async fn add_attempt(
        &mut self,
        organization: OrganizationId,
        attempt: NewAttempt,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.add_row(
            rows!(
                "INSERT INTO payment_attempt (organization_id, id, order_id, document_id, person_id, quote_seal,
                    provider, card, payment_method_id, amount, currency, on_session, created_at, version)",
                14
            ),
            binds![
                organization,
                attempt.id,
                attempt.order,
                attempt.document,
                attempt.person,
                attempt.seal,
                attempt.provider,
                attempt.card,
                attempt.method,
                attempt.amount.minor(),
                attempt.amount.currency().code(),
                attempt.on_session,
                at,
                1_i64
            ],
        )
        .await?;
        self.set_work(organization, Kind::Attempt, attempt.id.uuid(), Some(attempt.ask_at)).await
    }

    /// Writes down what became of a confirmed order. Guarded: only a confirmed one becomes something.
    pub async fn settle_order(&mut self, order: &Order, state: OrderState) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE orders SET status = $3, state = $4, changed_at = $5, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND status = 'confirmed'"
            ),
            binds![order.organization, order.id, state.status().code(), json(&state)?, at],
        )
        .await
    }

    /// Writes down the final outcome of an attempt, once.
    pub async fn settle_attempt(&mut self, attempt: &Attempt, outcome: String) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE payment_attempt SET outcome = $3, settled_at = $4, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND settled_at IS NULL"
            ),
            binds![attempt.organization, attempt.id, outcome, at],
        )
        .await?;
        self.set_work(attempt.organization, Kind::Attempt, attempt.id.uuid(), None).await
    }

    /// Notes what the provider has said so far and when to ask again. Bookkeeping: nothing is decided yet, and an
    /// attempt that is settled meanwhile stays as it is.
    pub async fn ask_attempt_again(
        &mut self,
        organization: OrganizationId,
        attempt: PaymentAttemptId,
        outcome: Option<String>,
        ask_at: Instant,
    ) -> Result<(), StoreError> {
        self.keep_books(
            sql!(
                "UPDATE payment_attempt SET outcome = COALESCE($3, outcome), version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND settled_at IS NULL"
            ),
            binds![organization, attempt, outcome],
        )
        .await?;
        self.postpone_work(organization, Kind::Attempt, attempt.uuid(), ask_at).await
    }
}
