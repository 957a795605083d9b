//! Buying: an order from the choice to the receipt (SPEC 4, quote = charge).
//!
//! | step | what is written | file |
//! |---|---|---|
//! | a plan, a term and seats are chosen | a draft, which costs nothing | here |
//! | a card is chosen, or typed at the provider | which card the draft is to be paid with | here |
//! | the last page is shown | nothing: the quote is computed and sealed | `quoted` |
//! | it is confirmed | the order with its quote, and the attempt to charge it | `confirm` |
//! | the provider is asked | nothing: no call is made inside a unit of work | `settle` |
//! | it has answered | all that a purchase brings, or a draft again | `settle`, `paid` |
//! | … for a trial that is bought, or what has ended | the new term of what is there | `new_term` |
//! | … for something no longer possible | that the money goes back | `stray` |
//! | the invoice gets its number | the number | `numbering` |
//!
//! A trial with a card goes the same way up to its last page; nothing is charged when that is confirmed (`trials`).
//!
//! Between any two of these the process may die. What is confirmed and not settled is taken up again by the
//! worker, with the same key at the provider, so that it is charged once.

mod changed;
mod checkout;
mod confirm;
mod new_term;
mod paid;
mod quoted;
mod receipt;
mod settle;
mod stray;

pub(crate) use checkout::Readiness;
pub use checkout::{CardInUse, Checkout, SavedCard, Stage};
pub use confirm::Confirmation;
pub(crate) use confirm::TAKEN_UP_AFTER_SECONDS;
pub(crate) use paid::recipient;
pub use quoted::{Agreed, Quoted};
pub(crate) use quoted::{ids, purchase, refusal};
pub use receipt::Receipt;
pub use settle::Standing;
pub(crate) use settle::{TRIES, next_question, text};

use domain::catalog::{BillingFrequency, Plan, Product, Term};
use domain::field::parse_seat_count;
use domain::id::{OrderId, PaymentMethodId, PersonId, SubscriptionId};
use domain::order::{Choice, OrderKind, OrderStatus};
use domain::subscription::Channel;
use payments::provider::{Setup, SetupKind, SetupRequest};
use serde::{Deserialize, Serialize};
use store::Key;
use store::audit::Record;
use store::orders::{NewOrder, Order};

use crate::asker::{Asker, Place};
use crate::catalog::Window;
use crate::keys::key_of;
use crate::paying::hints;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// Which card an order is to be paid with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "kebab-case")]
pub(crate) enum PayWith {
    /// None: there is nothing to pay.
    Nothing,
    /// One of the person's payment methods.
    Saved {
        /// Which one.
        method: PaymentMethodId,
    },
    /// A card that is typed at the provider.
    New {
        /// Where.
        setup: Setup,
    },
    /// No card: credit covers all of it.
    Credit,
}

impl PayWith {
    pub(crate) fn of(order: &Order) -> Result<Self, ServiceError> {
        serde_json::from_str(&order.payment).map_err(ServiceError::broken)
    }
}

/// What is wanted, as it stands in a form or an address: nothing of it is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The product's key.
    pub product: String,
    /// The plan's key.
    pub plan: String,
    /// The term's code.
    pub term: String,
    /// The frequency's code.
    pub frequency: String,
    /// The seats, as they were typed.
    pub seats: String,
}

impl Wish {
    /// What is wanted, in the types of the rules. Whether it is sold is another question.
    pub fn choice(&self, window: &Window) -> Result<Choice, ServiceError> {
        let product: &Product = window.shelf.catalog.product(&self.product).ok_or(ServiceError::NotFound)?;
        let plan: &Plan = product.plan(&self.plan).ok_or(ServiceError::NotFound)?;
        let seats = parse_seat_count(&self.seats);
        let seats = seats.map_err(|problem| ServiceError::Fields(vec![problem.of("seats")]))?;
        Ok(Choice {
            product: product.key.clone(),
            plan: plan.key.clone(),
            term: Term::from_code(&self.term).ok_or(ServiceError::NotFound)?,
            frequency: BillingFrequency::from_code(&self.frequency).ok_or(ServiceError::NotFound)?,
            seats,
        })
    }
}

/// An order that begins.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    /// What it is for.
    pub(crate) kind: OrderKind,
    /// How it is bought.
    pub(crate) channel: Channel,
    /// The subscription that it is about.
    pub(crate) subscription: Option<SubscriptionId>,
    /// What is wanted.
    pub(crate) choice: Choice,
    /// A trial: whether it becomes the purchase of its choice.
    pub(crate) converts: bool,
}

impl Beginning {
    pub(crate) fn order(self, id: OrderId, person: PersonId, payment: String) -> NewOrder {
        let Self { kind, channel, subscription, choice, converts } = self;
        NewOrder { id, person, channel, kind, subscription, choice, converts, payment }
    }
}

impl Services {
    /// Begins an order. Sending the same form again gives the same order.
    pub async fn start_order(&self, asker: &Asker, key: &str, wish: &Wish) -> Result<OrderId, ServiceError> {
        asker.must(Right::Buy)?;
        let place = asker.must_place()?;
        let window = self.browse(asker).await?;
        let choice = wish.choice(&window)?;
        // Refuses what is not sold, before anything is written.
        self.quote(&window, &choice)?;
        let key = key_of("order.start", place, key, &choice)?;
        let beginning = Beginning {
            kind: OrderKind::Purchase,
            channel: Channel::SelfService,
            subscription: None,
            choice,
            converts: false,
        };
        self.begin_order(asker, place, key, beginning).await
    }

    /// Writes a draft, with the card that it is to be paid with.
    pub(crate) async fn begin_order(
        &self,
        asker: &Asker,
        place: &Place,
        key: Key,
        beginning: Beginning,
    ) -> Result<OrderId, ServiceError> {
        let id = OrderId::new(self.environment().now(), self.environment().bytes());
        let payment = self.first_payment(place, id).await?;
        let payment = serde_json::to_string(&payment).map_err(ServiceError::broken)?;
        let person = place.person.id;
        let command = self.command(asker, place.organization.id, Some(key));
        self.store()
            .write(command, move |tx| {
                let new = beginning.clone().order(id, person, payment.clone());
                Box::pin(async move {
                    let record = Record::new("order.start", "order", id.uuid())
                        .fact("kind", new.kind.code())
                        .fact("subscription", new.subscription.map(|subscription| subscription.to_string()))
                        .fact("product", new.choice.product.as_str())
                        .fact("plan", new.choice.plan.as_str())
                        .fact("seats", new.choice.seats.get());
                    tx.start_order(new).await?;
                    tx.audit(record);
                    Ok(id)
                })
            })
            .await
    }

    /// The card that paid last, else one to be typed.
    async fn first_payment(&self, place: &Place, order: OrderId) -> Result<PayWith, ServiceError> {
        let (organization, person) = (place.organization.id, place.person.id);
        let newest = self.store().read().await?.conn().payment_methods(organization, person).await?;
        match newest.first() {
            Some(method) => Ok(PayWith::Saved { method: method.id }),
            None => self.new_card(place, order).await,
        }
    }

    /// Opens a place at the provider where a card is typed for this order.
    async fn new_card(&self, place: &Place, order: OrderId) -> Result<PayWith, ServiceError> {
        let request = SetupRequest {
            key: uuid::Uuid::from_bytes(self.environment().bytes()),
            kind: SetupKind::Add,
            language: place.reads_in(),
            return_address: self.paying().page(&format!("/checkout/{order}")),
            holder: hints(place)?,
        };
        Ok(PayWith::New { setup: self.paying().provider().begin_setup(request).await? })
    }

    /// Changes what is wanted. The card stays.
    pub async fn change_order(&self, asker: &Asker, order: OrderId, wish: &Wish) -> Result<(), ServiceError> {
        let (place, order) = self.own_draft(asker, order).await?;
        let window = self.browse(asker).await?;
        let choice = wish.choice(&window)?;
        self.quote_order(&window, &order, &choice).await?;
        let payment = PayWith::of(&order)?;
        self.save_draft(asker, &place, order, choice, &payment).await
    }

    /// Chooses the card: one of the person's own, or one to be typed at the provider.
    pub async fn choose_card(
        &self,
        asker: &Asker,
        order: OrderId,
        saved: Option<PaymentMethodId>,
    ) -> Result<(), ServiceError> {
        let (place, order) = self.own_draft(asker, order).await?;
        let payment = match saved {
            Some(method) => {
                let (organization, person) = (place.organization.id, place.person.id);
                let own = self.store().read().await?.conn().payment_methods(organization, person).await?;
                own.iter().find(|own| own.id == method).ok_or(ServiceError::NotFound)?;
                PayWith::Saved { method }
            }
            None => self.new_card(&place, order.id).await?,
        };
        let choice = order.choice.clone();
        self.save_draft(asker, &place, order, choice, &payment).await
    }

    async fn save_draft(
        &self,
        asker: &Asker,
        place: &Place,
        order: Order,
        choice: Choice,
        payment: &PayWith,
    ) -> Result<(), ServiceError> {
        let payment = serde_json::to_string(payment).map_err(ServiceError::broken)?;
        let command = self.command(asker, place.organization.id, None);
        self.store()
            .write(command, move |tx| {
                let (order, choice, payment) = (order.clone(), choice.clone(), payment.clone());
                Box::pin(async move {
                    tx.change_order(&order, &choice, payment).await?;
                    tx.audit(
                        Record::new("order.change", "order", order.id.uuid())
                            .fact("plan", choice.plan.as_str())
                            .fact("seats", choice.seats.get()),
                    );
                    Ok(())
                })
            })
            .await
    }

    /// An order of the asker's own. Somebody else's is nowhere (SPEC 1).
    pub(crate) async fn own_order(
        &self,
        asker: &Asker,
        order: OrderId,
    ) -> Result<(Place, Order), ServiceError> {
        asker.must(Right::Buy)?;
        let place = asker.must_place()?.clone();
        let found = self.store().read().await?.conn().order(place.organization.id, order).await?;
        let own = found.filter(|order| order.person == place.person.id).ok_or(ServiceError::NotFound)?;
        Ok((place, own))
    }

    async fn own_draft(&self, asker: &Asker, order: OrderId) -> Result<(Place, Order), ServiceError> {
        let (place, order) = self.own_order(asker, order).await?;
        // A change is confirmed where it is quoted, never from a draft.
        let open = order.state.status() == OrderStatus::Draft && !order.kind.is_change();
        if open { Ok((place, order)) } else { Err(ServiceError::Stale) }
    }
}
