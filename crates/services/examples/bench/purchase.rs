//! A purchase that was paid, written as it would stand after all of its steps.

use domain::id::{OrderId, PaymentAttemptId, PaymentMethodId, SubscriptionId};
use domain::ledger::{posting_for_invoice, posting_for_payment};
use domain::order::{OrderKind, OrderState};
use domain::quote::OrderQuote;
use domain::subscription::{Channel, SeatCause};
use domain::time::Instant;
use payments::provider::{Card, ChargeOutcome, ChargeReference};
use store::Tx;
use store::billing::BillingProfile;
use store::books::Cause;
use store::documents::Place as DocumentPlace;
use store::orders::{Attempt, Confirmed, NewAttempt, NewOrder, Order};
use store::people::Place;
use store::subscriptions::NewSubscription;

use crate::Failure;
use crate::article::Article;

/// Somebody who buys in one unit of work.
pub(crate) struct Buyer<'c> {
    place: &'c Place,
    card: String,
    method: PaymentMethodId,
    profile: BillingProfile,
    /// JSON: what the provider has said to every charge.
    outcome: String,
}

impl<'c> Buyer<'c> {
    /// The card is kept and pays from now on.
    pub(crate) async fn begin(tx: &mut Tx<'_>, place: &'c Place, card: &Card) -> Result<Self, Failure> {
        let (organization, person) = (place.organization.id, place.person.id);
        let (token, card) = (card.token.secret(), serde_json::to_string(card)?);
        let method = tx.keep_card(organization, person, "sandbox", token, &card).await?;
        let currency = place.organization.currency.parse()?;
        let profile = tx.own_profile_paid_by(organization, person, currency, Some(method)).await?;
        let outcome = ChargeOutcome::Succeeded { reference: ChargeReference("stock".to_owned()) };
        Ok(Self { place, card, method, profile, outcome: serde_json::to_string(&outcome)? })
    }

    /// An order, confirmed and paid, and all that it brings.
    pub(crate) async fn buy(&self, tx: &mut Tx<'_>, article: &Article) -> Result<(), Failure> {
        let (organization, profile, quote) = (self.place.organization.id, self.profile.id, &article.quote);
        let (order, attempt) = self.order(tx, article).await?;
        let subscription = self.subscribe(tx, article, order.id).await?;
        let place = DocumentPlace {
            organization,
            profile,
            subscription,
            order: Some(order.id),
            due_on: None,
            corrects: None,
        };
        let document = tx.write_document(place, &article.invoice).await?;
        tx.pay_document(organization, document, quote.totals.gross).await?;
        let (seats, days) = ((SeatCause::Start, quote.seats.get()), (article.today, quote.refund_until));
        tx.add_seats(organization, subscription, document, seats, days).await?;
        let postings = [
            (Cause::Invoice(document), posting_for_invoice(profile, subscription, &quote.totals)?),
            (Cause::Payment(document, attempt), posting_for_payment(profile, quote.due_now)?),
        ];
        for (cause, posting) in postings {
            if let Some(posting) = posting {
                tx.post(organization, quote.issuer.as_str(), cause, article.today, &posting).await?;
            }
        }
        let state = order.state.pay(attempt, subscription, document)?;
        Ok(tx.settle_order(&order, state).await?)
    }

    /// An order that is confirmed, with an attempt that was successful.
    async fn order(&self, tx: &mut Tx<'_>, article: &Article) -> Result<(Order, PaymentAttemptId), Failure> {
        let (organization, person) = (self.place.organization.id, self.place.person.id);
        let (id, attempt, at) = (tx.id(OrderId::new), tx.id(PaymentAttemptId::new), tx.at());
        let new = NewOrder {
            id,
            person,
            channel: Channel::SelfService,
            kind: OrderKind::Purchase,
            subscription: None,
            choice: article.choice.clone(),
            converts: false,
            payment: format!("{{\"with\":\"saved\",\"method\":\"{}\"}}", self.method),
        };
        let order = Order {
            organization,
            id,
            person,
            channel: new.channel,
            kind: new.kind,
            subscription: None,
            choice: new.choice.clone(),
            converts: false,
            payment: new.payment.clone(),
            state: OrderState::new(),
            confirmed: None,
            created_at: at,
            version: 1,
        };
        tx.start_order(new).await?;
        let confirmed = Confirmed {
            plan: article.plan,
            price: article.price,
            quote: OrderQuote::Purchase(article.quote.clone()),
            agreed: "{}".to_owned(),
        };
        let state = order.state.confirm(attempt, at)?;
        let new = self.new_attempt(id, attempt, article, at);
        let written = self.attempt(&new, at);
        tx.confirm_order(&order, state, &confirmed, new).await?;
        tx.settle_attempt(&written, self.outcome.clone()).await?;
        Ok((Order { state, ..order }, attempt))
    }

    async fn subscribe(
        &self,
        tx: &mut Tx<'_>,
        article: &Article,
        order: OrderId,
    ) -> Result<SubscriptionId, Failure> {
        let organization = self.place.organization.id;
        let new = NewSubscription {
            id: tx.id(SubscriptionId::new),
            product: article.product,
            plan: article.plan,
            price: article.price,
            profile: self.profile.id,
            order,
            purchaser: self.place.person.id,
            channel: Channel::SelfService,
            state: article.state,
            seats: article.quote.seats.get(),
            billed_to: Some(article.quote.service.end()),
            today: article.today,
            due_at: Some(article.due_at),
        };
        tx.add_subscription(organization, &new).await?;
        if article.is_decided {
            let found = tx.subscription(organization, new.id).await?;
            let mut subscription = found.ok_or("a subscription is gone")?;
            subscription.renewal_price = Some(article.price);
            tx.save_subscription(organization, &mut subscription, Some(article.due_at)).await?;
        }
        Ok(new.id)
    }

    fn new_attempt(
        &self,
        order: OrderId,
        id: PaymentAttemptId,
        article: &Article,
        at: Instant,
    ) -> NewAttempt {
        NewAttempt {
            id,
            order: Some(order),
            document: None,
            person: Some(self.place.person.id),
            seal: None,
            amount: article.quote.due_now,
            provider: "sandbox".to_owned(),
            card: self.card.clone(),
            method: Some(self.method),
            on_session: true,
            ask_at: at,
        }
    }

    /// The same as it stands in the store.
    fn attempt(&self, new: &NewAttempt, at: Instant) -> Attempt {
        Attempt {
            organization: self.place.organization.id,
            id: new.id,
            order: new.order,
            document: None,
            person: new.person,
            provider: new.provider.clone(),
            card: new.card.clone(),
            method: new.method,
            amount: new.amount,
            on_session: true,
            outcome: None,
            created_at: at,
            settled_at: None,
        }
    }
}
