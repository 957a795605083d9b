//! What the checkout shows: it depends on how far the order is. Looking changes nothing.

use domain::id::{OrderId, PaymentMethodId, SubscriptionId};
use domain::order::{OrderKind, OrderState};
use domain::quote::PurchaseQuote;
use payments::provider::{Card, ChargeOutcome, DeclineCode, Setup, SetupOutcome, SetupRefusal, WebAddress};
use store::orders::Order;

use super::{PayWith, Quoted};
use crate::asker::{Asker, Place};
use crate::catalog::Window;
use crate::trials::{TrialQuoted, trial_quoted};
use crate::{ServiceError, Services};

/// An order on its way.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// The order.
    pub order: Order,
    /// What is on the shelf.
    pub window: Window,
    /// The person's cards, the newest first.
    pub cards: Vec<SavedCard>,
    /// What it costs, or for a trial what it becomes: while it is a draft as of now, then as confirmed. `None`: it
    /// costs nothing, or cannot be had any more.
    pub quote: Option<PurchaseQuote>,
    /// Why the card was declined before, if it was.
    pub declined: Option<DeclineCode>,
    /// How far it is.
    pub stage: Stage,
}

/// One of the person's cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCard {
    /// Which payment method.
    pub method: PaymentMethodId,
    /// The card.
    pub card: Card,
    /// Whether the order is to be paid with it.
    pub chosen: bool,
}

/// How far an order is, seen from the person who buys.
#[derive(Clone, Debug)]
pub enum Stage {
    /// A card has to be typed at the provider.
    Card {
        /// Where; the page's frame and its hosted form.
        setup: Setup,
        /// Why nothing came of it: then another has to be begun.
        refused: Option<SetupRefusal>,
    },
    /// The card that was chosen has been deleted: another one has to be chosen, or a new one typed.
    Choose,
    /// Everything is known: the last page.
    Confirm {
        /// What pays.
        card: Box<CardInUse>,
        /// What is confirmed.
        quoted: Box<Quoted>,
    },
    /// The last page of a trial that asks for a card: nothing is charged now.
    Trial {
        /// What pays if it becomes a purchase.
        card: Box<CardInUse>,
        /// What is confirmed.
        quoted: Box<TrialQuoted>,
    },
    /// The bank asks the person.
    Bank {
        /// Where.
        address: WebAddress,
    },
    /// The payment is under way, or has an outcome that is not written down yet.
    Underway,
    /// It is paid: the receipt has the rest.
    Paid,
    /// The card was declined for a change: it can be quoted and confirmed anew at its subscription.
    Declined,
    /// It was not paid in time.
    Lapsed,
    /// A trial has started: its page has the rest.
    Started {
        /// What is tried.
        subscription: SubscriptionId,
    },
    /// It was paid when it was no longer possible: the money goes back.
    Returned,
}

/// The card that an order is to be paid with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardInUse {
    /// The card.
    pub card: Card,
    /// The payment method, if it is one already.
    pub method: Option<PaymentMethodId>,
}

/// Whether a card is there.
pub(crate) enum Readiness {
    Ready(Box<CardInUse>),
    Missing { setup: Setup, refused: Option<SetupRefusal> },
}

impl Services {
    /// An order of the asker's own, as its checkout shows it. The provider is asked about a card that is being
    /// typed and about a payment that the bank asks about.
    pub async fn checkout(&self, asker: &Asker, order: OrderId) -> Result<Checkout, ServiceError> {
        let (place, order) = self.own_order(asker, order).await?;
        let window = self.browse(asker).await?;
        let cards = self.saved_cards(&place, &order).await?;
        let (declined, stage) = match order.state {
            OrderState::Draft { declined } => {
                let declined = match declined {
                    Some(attempt) => self.decline_code(&place, attempt).await?,
                    None => None,
                };
                let stage = if order.kind.is_change() {
                    Stage::Declined
                } else {
                    self.draft_stage(&place, &window, &order).await?
                };
                (declined, stage)
            }
            OrderState::Confirmed { attempt, .. } => {
                let provider = self.paying().provider();
                // Whatever it says is only shown: a button, or the worker, writes it down.
                let stage = match provider.charge_outcome(attempt).await {
                    Ok(Some(ChargeOutcome::NeedsConfirmation { address })) => Stage::Bank { address },
                    _ => Stage::Underway,
                };
                (None, stage)
            }
            OrderState::Paid { .. } => (None, Stage::Paid),
            OrderState::Lapsed { .. } => (None, Stage::Lapsed),
            OrderState::Started { subscription } => (None, Stage::Started { subscription }),
            OrderState::Returned { .. } => (None, Stage::Returned),
        };
        let quote = match &order.confirmed {
            Some(confirmed) => confirmed.quote.purchase().cloned(),
            None => self.quote_order(&window, &order, &order.choice).await.unwrap_or(None),
        };
        Ok(Checkout { order, window, cards, quote, declined, stage })
    }

    async fn last_page(
        &self,
        window: &Window,
        place: &Place,
        order: &Order,
        card: Box<CardInUse>,
    ) -> Result<Stage, ServiceError> {
        let now = self.environment().now();
        if order.kind == OrderKind::Trial {
            let quoted = Box::new(trial_quoted(window, place, order, now)?);
            return Ok(Stage::Trial { card, quoted });
        }
        let quoted = Box::new(self.quoted(window, &place.organization, order, now).await?);
        Ok(Stage::Confirm { card, quoted })
    }

    /// A draft: either its card is there or has to be typed.
    async fn draft_stage(
        &self,
        place: &Place,
        window: &Window,
        order: &Order,
    ) -> Result<Stage, ServiceError> {
        let readiness = match self.readiness(place, order).await {
            Err(ServiceError::NoCard) if matches!(PayWith::of(order)?, PayWith::Saved { .. }) => {
                return Ok(Stage::Choose);
            }
            readiness => readiness?,
        };
        Ok(match readiness {
            Readiness::Ready(card) => self.last_page(window, place, order, card).await?,
            Readiness::Missing { setup, refused } => Stage::Card { setup, refused },
        })
    }

    async fn saved_cards(&self, place: &Place, order: &Order) -> Result<Vec<SavedCard>, ServiceError> {
        let (organization, person) = (place.organization.id, place.person.id);
        let methods = self.store().read().await?.conn().payment_methods(organization, person).await?;
        let pays = PayWith::of(order)?;
        let saved = |method: store::billing::PaymentMethod| {
            let card = serde_json::from_str(&method.card).map_err(ServiceError::broken)?;
            let chosen = matches!(&pays, PayWith::Saved { method: chosen } if *chosen == method.id);
            Ok(SavedCard { method: method.id, card, chosen })
        };
        methods.into_iter().map(saved).collect()
    }

    async fn decline_code(
        &self,
        place: &Place,
        attempt: domain::id::PaymentAttemptId,
    ) -> Result<Option<DeclineCode>, ServiceError> {
        let attempt = self.store().read().await?.conn().attempt(place.organization.id, attempt).await?;
        let outcome = attempt.and_then(|attempt| attempt.outcome);
        let outcome = outcome.map(|outcome| serde_json::from_str(&outcome)).transpose();
        Ok(match outcome.map_err(ServiceError::broken)? {
            Some(ChargeOutcome::Declined { code }) => Some(code),
            _ => None,
        })
    }

    /// The card that the order is to be paid with, if it is there.
    pub(crate) async fn readiness(&self, place: &Place, order: &Order) -> Result<Readiness, ServiceError> {
        match PayWith::of(order)? {
            PayWith::Saved { method } => {
                let cards = self.saved_cards(place, order).await?;
                let card = cards.into_iter().find(|card| card.method == method);
                let card = card.ok_or(ServiceError::NoCard)?.card;
                Ok(Readiness::Ready(Box::new(CardInUse { card, method: Some(method) })))
            }
            PayWith::Nothing | PayWith::Credit => Err(ServiceError::NoCard),
            PayWith::New { setup } => match self.paying().provider().setup_outcome(&setup.id).await? {
                SetupOutcome::Ready(card) => Ok(Readiness::Ready(Box::new(CardInUse { card, method: None }))),
                SetupOutcome::Pending => Ok(Readiness::Missing { setup, refused: None }),
                SetupOutcome::Refused { reason } => Ok(Readiness::Missing { setup, refused: Some(reason) }),
            },
        }
    }
}
