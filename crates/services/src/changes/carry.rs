//! Carrying out what was confirmed: an order where it costs money, and what both ways have in common.

use domain::id::{OrderId, OrganizationId, PaymentAttemptId, PlanId, PriceId, SubscriptionId};
use domain::notices::{Audience, NoticeKind};
use domain::order::{Choice, OrderKind, OrderState};
use domain::quote::{ChangeQuote, OrderQuote};
use serde::{Deserialize, Serialize};
use store::audit::Record;
use store::notices::NewNotice;
use store::orders::{Confirmed, NewAttempt, NewOrder, Order};
use store::{Command, Key, Tx};

use super::ChangeOutcome;
use super::managed::Managed;
use crate::asker::{Asker, Place};
use crate::keys::key_of;
use crate::orders::{Agreed, PayWith, TAKEN_UP_AFTER_SECONDS};
use crate::{ServiceError, Services};

/// What was confirmed, as it is kept under its key.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(tag = "carried", rename_all = "kebab-case")]
pub(super) enum Carried {
    /// It is done.
    Done,
    /// An order carries it.
    Order {
        /// Which one.
        order: OrderId,
        /// The attempt to charge it.
        attempt: PaymentAttemptId,
    },
}

/// A change that an order carries.
pub(super) struct Ordered {
    pub(super) kind: OrderKind,
    pub(super) plan: PlanId,
    pub(super) price: PriceId,
    pub(super) choice: Choice,
    pub(super) quote: ChangeQuote,
    pub(super) seal: String,
}

/// The key of a confirmation: whoever sends it again gets what became of it.
pub(super) fn confirming<W: Serialize>(
    place: &Place,
    subscription: SubscriptionId,
    wish: &W,
    seal: &str,
) -> Result<Key, ServiceError> {
    key_of("subscription.change", place, seal, &(subscription, wish))
}

/// Tells those who manage a subscription, or those who pay, what has happened to it.
pub(crate) fn told(
    kind: NoticeKind,
    audience: Audience,
    subscription: SubscriptionId,
    facts: serde_json::Value,
) -> NewNotice {
    NewNotice { kind, audience, person: None, subject: ("subscription", subscription.uuid()), facts }
}

/// What people are told of a change.
pub(crate) fn facts(quote: &ChangeQuote) -> serde_json::Value {
    serde_json::json!({
        "on": quote.on,
        "plan": quote.plan,
        "seats": quote.seats.1,
        "seats_before": quote.seats.0,
        "seats_at_renewal": quote.seats.2,
        "currency": quote.currency,
        "amount": quote.totals.gross.minor(),
        "back": quote.back.as_ref().map_or(0, |back| back.gross.minor()),
        "next_on": quote.next.map(|next| next.on),
        "next_gross": quote.next.map(|next| next.gross.minor()),
    })
}

/// A quote that was made from facts that are no longer true is not carried out: a new one is shown.
pub(super) fn changed(error: ServiceError) -> ServiceError {
    if matches!(error, ServiceError::Stale) { ServiceError::QuoteChanged } else { error }
}

impl Services {
    /// What became of a confirmation that was sent before.
    pub(super) async fn carried_before(
        &self,
        organization: OrganizationId,
        key: &Key,
    ) -> Result<Option<ChangeOutcome>, ServiceError> {
        let before = self.store().read().await?.conn().answered::<Carried>(organization, key).await?;
        match before {
            Some(carried) => self.carried(organization, carried).await.map(Some),
            None => Ok(None),
        }
    }

    /// Where something stands that was carried out.
    pub(super) async fn carried(
        &self,
        organization: OrganizationId,
        carried: Carried,
    ) -> Result<ChangeOutcome, ServiceError> {
        match carried {
            Carried::Done => {
                self.number_what_waits().await;
                Ok(ChangeOutcome::Done)
            }
            Carried::Order { order, attempt } => {
                let standing = self.settle(organization, attempt).await?;
                Ok(ChangeOutcome::Order { order, standing })
            }
        }
    }

    /// The command that carries out a confirmation.
    pub(super) fn confirmed(&self, asker: &Asker, managed: &Managed, key: Key) -> Command {
        self.command(asker, managed.place.organization.id, Some(key))
    }

    /// Writes down an order that is confirmed, with the attempt to charge it. Guarded by the version of the
    /// subscription that was quoted.
    pub(super) async fn order_change(
        &self,
        command: Command,
        managed: &Managed,
        ordered: Ordered,
    ) -> Result<Carried, ServiceError> {
        let order = self.order_of_change(managed, &ordered)?;
        let Ordered { plan, price, quote, seal, .. } = ordered;
        let agreed = managed.window.issuer().map_or_else(Agreed::default, Agreed::of);
        let agreed = serde_json::to_string(&agreed).map_err(ServiceError::broken)?;
        let attempt = self.attempt_for(managed, &order, &quote, seal)?;
        let confirmed = Confirmed { plan, price, quote: OrderQuote::Change(quote), agreed };
        // Also where nothing waits: whatever else was quoted is quoted anew.
        let mut subscription = managed.subscription.clone();
        subscription.waiting += confirmed.quote.change().map_or(0, ChangeQuote::added);
        let due_at = managed.calendar.due_at(&subscription.agenda())?;
        self.store()
            .write(command, move |tx| {
                let (order, attempt, confirmed) = (order.clone(), attempt.clone(), confirmed.clone());
                let mut subscription = subscription.clone();
                Box::pin(async move {
                    tx.save_subscription(order.organization, &mut subscription, due_at).await?;
                    write(tx, order, confirmed, attempt).await
                })
            })
            .await
            .map_err(changed)
    }

    fn order_of_change(&self, managed: &Managed, ordered: &Ordered) -> Result<Order, ServiceError> {
        let now = self.environment().now();
        let method = managed.method.as_ref().filter(|_| ordered.quote.due_now.is_positive());
        let payment = method.map_or(PayWith::Credit, |method| PayWith::Saved { method: method.id });
        Ok(Order {
            organization: managed.place.organization.id,
            id: OrderId::new(now, self.environment().bytes()),
            person: managed.place.person.id,
            channel: managed.subscription.channel,
            kind: ordered.kind,
            subscription: Some(managed.subscription.id),
            converts: false,
            choice: ordered.choice.clone(),
            payment: serde_json::to_string(&payment).map_err(ServiceError::broken)?,
            state: OrderState::new(),
            confirmed: None,
            created_at: now,
            version: 1,
        })
    }

    /// The profile's card pays what credit does not; where credit covers all of it, no card is needed.
    fn attempt_for(
        &self,
        managed: &Managed,
        order: &Order,
        quote: &ChangeQuote,
        seal: String,
    ) -> Result<NewAttempt, ServiceError> {
        let method = managed.method.as_ref().filter(|_| quote.due_now.is_positive());
        if quote.due_now.is_positive() && method.is_none() {
            return Err(ServiceError::NoCard);
        }
        let now = self.environment().now();
        let provider = self.paying().provider().name();
        Ok(NewAttempt {
            id: PaymentAttemptId::new(now, self.environment().bytes()),
            order: Some(order.id),
            document: None,
            person: Some(order.person),
            seal: Some(seal),
            amount: quote.due_now,
            provider: method.map_or_else(|| provider.to_owned(), |method| method.provider.clone()),
            card: method.map_or_else(|| "null".to_owned(), |method| method.card.clone()),
            method: method.map(|method| method.id),
            on_session: true,
            ask_at: now.plus_seconds(TAKEN_UP_AFTER_SECONDS),
        })
    }
}

async fn write(
    tx: &mut Tx<'_>,
    order: Order,
    confirmed: Confirmed,
    attempt: NewAttempt,
) -> Result<Carried, ServiceError> {
    let (id, attempt_id, amount) = (order.id, attempt.id, attempt.amount);
    let new = NewOrder {
        id,
        person: order.person,
        channel: order.channel,
        kind: order.kind,
        subscription: order.subscription,
        converts: false,
        choice: order.choice.clone(),
        payment: order.payment.clone(),
    };
    tx.start_order(new).await?;
    let state = order.state.confirm(attempt_id, tx.at()).map_err(|_| ServiceError::Stale)?;
    tx.confirm_order(&order, state, &confirmed, attempt).await?;
    tx.audit(
        Record::new("order.confirm", "order", id.uuid())
            .fact("kind", order.kind.code())
            .fact("subscription", order.subscription.map(|subscription| subscription.to_string()))
            .fact("attempt", attempt_id.to_string())
            .fact("amount", amount.minor())
            .fact("currency", amount.currency().code())
            .fact("seats", order.choice.seats.get())
            .fact("plan", order.choice.plan.as_str()),
    );
    Ok(Carried::Order { order: id, attempt: attempt_id })
}
