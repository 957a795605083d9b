//! Settling: the provider is asked, and what it says is written down once.

use domain::id::{DocumentId, OrganizationId, PaymentAttemptId, SubscriptionId};
use domain::language::Language;
use domain::order::{OrderKind, OrderState};
use domain::time::Instant;
use payments::provider::{
    Card, ChargeOutcome, ChargeReference, ChargeRequest, DeclineCode, ProviderError, WebAddress,
};
use serde::{Deserialize, Serialize};
use store::audit::Record;
use store::orders::{Attempt, Order};
use store::{Command, Tx};

use super::changed::release_seats;
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::keys::key_about;
use crate::{ServiceError, Services};

/// How often the provider is asked again at once when an answer was lost.
pub(crate) const TRIES: u32 = 3;
/// An attempt without an outcome is asked about after so many seconds, then at ever longer intervals …
const SHORTEST_WAIT_SECONDS: i64 = 5;
/// … of so many seconds at most.
const LONGEST_WAIT_SECONDS: i64 = 600;

/// What became of a confirmed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// It is paid.
    Paid {
        /// What was bought.
        subscription: SubscriptionId,
        /// Its invoice.
        document: DocumentId,
    },
    /// The card was declined; the order is a draft again.
    Declined {
        /// Why.
        code: DeclineCode,
    },
    /// The bank asks the person.
    Bank {
        /// Where.
        address: WebAddress,
    },
    /// Nobody knows yet; the machine asks on.
    Underway,
    /// It was not paid in time.
    Lapsed,
    /// A trial has started; nothing was to be paid.
    Started {
        /// What is tried.
        subscription: SubscriptionId,
    },
    /// It was paid when it was no longer possible: the money goes back in full (SPEC 4).
    Returned,
}

impl Services {
    /// Where a confirmed order of the asker's own stands, after asking the provider: for whoever comes back from
    /// the bank.
    pub async fn settle_order(
        &self,
        asker: &Asker,
        order: domain::id::OrderId,
    ) -> Result<Standing, ServiceError> {
        let (_, order) = self.own_order(asker, order).await?;
        self.standing(&order).await
    }

    async fn standing(&self, order: &Order) -> Result<Standing, ServiceError> {
        match order.state {
            OrderState::Confirmed { attempt, .. } | OrderState::Draft { declined: Some(attempt) } => {
                self.settle(order.organization, attempt).await
            }
            OrderState::Paid { subscription, document } => Ok(Standing::Paid { subscription, document }),
            OrderState::Lapsed { .. } => Ok(Standing::Lapsed),
            OrderState::Started { subscription } => Ok(Standing::Started { subscription }),
            OrderState::Returned { .. } => Ok(Standing::Returned),
            // Nothing was confirmed, so nothing became of it.
            OrderState::Draft { declined: None } => Err(ServiceError::Stale),
        }
    }

    /// Asks the provider about an attempt and writes down what it says, if it is final. Whoever asks and however
    /// often, the attempt's id is the key of the charge, and the outcome is written once.
    pub(crate) async fn settle(
        &self,
        organization: OrganizationId,
        attempt: PaymentAttemptId,
    ) -> Result<Standing, ServiceError> {
        let found = self.store().read().await?.conn().attempt(organization, attempt).await?;
        let attempt = found.ok_or(ServiceError::NotFound)?;
        if let Some(document) = attempt.document {
            return self.settle_collection(&attempt, document).await;
        }
        let known: Option<ChargeOutcome> =
            attempt.outcome.as_deref().map(serde_json::from_str).transpose().map_err(ServiceError::broken)?;
        if attempt.settled_at.is_some() {
            return self.settled(&attempt, known).await;
        }
        let order = self.order_of(&attempt).await?;
        if let OrderState::Confirmed { lapses_at, .. } = order.state
            && lapses_at <= self.environment().now()
        {
            return self.lapse(&attempt, &order).await;
        }
        match self.collect(&attempt, &order, known.as_ref()).await? {
            None => self.ask_again_later(&attempt, None).await,
            Some(outcome @ ChargeOutcome::NeedsConfirmation { .. }) => {
                self.ask_again_later(&attempt, Some(outcome)).await
            }
            Some(outcome) => self.write_outcome(&attempt, &order, outcome).await,
        }
    }

    /// The 24 hours are over. The attempt is closed at the provider first: from then on it never collects, or it
    /// already has, and then the order is paid.
    async fn lapse(&self, attempt: &Attempt, order: &Order) -> Result<Standing, ServiceError> {
        match self.paying().provider().abandon_charge(attempt.id).await {
            Ok(outcome @ ChargeOutcome::Succeeded { .. }) => {
                self.write_outcome(attempt, order, outcome).await
            }
            Ok(outcome) => self.write_lapse(attempt, order, outcome).await,
            Err(error) => {
                tracing::warn!(attempt = %attempt.id, %error, "an attempt could not be closed");
                self.ask_again_later(attempt, None).await
            }
        }
    }

    /// What the provider says: `None` if nobody knows yet.
    async fn collect(
        &self,
        attempt: &Attempt,
        order: &Order,
        known: Option<&ChargeOutcome>,
    ) -> Result<Option<ChargeOutcome>, ServiceError> {
        if !attempt.amount.is_positive() {
            let reference = ChargeReference("nothing-to-collect".to_owned());
            return Ok(Some(ChargeOutcome::Succeeded { reference }));
        }
        let request = self.charge_request(attempt, order).await?;
        self.ask_provider(attempt, request, known).await
    }

    /// Sends a request, or asks what became of it: `None` if nobody knows yet.
    pub(crate) async fn ask_provider(
        &self,
        attempt: &Attempt,
        request: ChargeRequest,
        known: Option<&ChargeOutcome>,
    ) -> Result<Option<ChargeOutcome>, ServiceError> {
        let provider = self.paying().provider();
        // After a question of the bank's the charge is there; before, it may be or not, and the key says which.
        let mut ask = known.is_some();
        for _ in 0..TRIES {
            let answer = if ask {
                provider.charge_outcome(attempt.id).await
            } else {
                provider.charge(request.clone()).await.map(Some)
            };
            match answer {
                Ok(Some(outcome)) => return Ok(Some(outcome)),
                // It never arrived: the same request may be sent.
                Ok(None) => ask = false,
                Err(ProviderError::Unknown(reason)) => {
                    tracing::warn!(attempt = %attempt.id, reason, "the outcome of a charge is unknown");
                    ask = true;
                }
                // It has arrived before, in other words: what came of it then counts.
                Err(ProviderError::KeyReused) => ask = true,
                Err(ProviderError::Unavailable(reason)) => {
                    tracing::warn!(attempt = %attempt.id, reason, "the payment provider cannot be reached");
                    return Ok(None);
                }
                Err(refused) => {
                    tracing::error!(attempt = %attempt.id, %refused, "a charge was refused");
                    let code = DeclineCode::ProcessingFailed;
                    return Ok(Some(ChargeOutcome::Declined { code }));
                }
            }
        }
        Ok(None)
    }

    async fn charge_request(&self, attempt: &Attempt, order: &Order) -> Result<ChargeRequest, ServiceError> {
        let card: Card = serde_json::from_str(&attempt.card).map_err(ServiceError::broken)?;
        let mut reader = self.store().read().await?;
        let buyer = reader.conn().buyer_place(attempt.organization, order.person).await?;
        drop(reader);
        let shelf = self.shelf().await?;
        let issuer =
            order.confirmed.as_ref().and_then(|known| shelf.catalog.issuer(known.quote.issuer().as_str()));
        Ok(ChargeRequest {
            attempt: attempt.id,
            card: card.token,
            amount: attempt.amount,
            on_session: attempt.on_session,
            statement: issuer.map(|issuer| issuer.name.en.clone()).unwrap_or_default(),
            language: buyer.map_or(Language::English, |buyer| buyer.reads_in()),
            return_address: self.paying().page(&format!("/checkout/{}", order.id)),
        })
    }

    async fn order_of(&self, attempt: &Attempt) -> Result<Order, ServiceError> {
        let order = attempt.order.ok_or_else(|| ServiceError::broken("an attempt without an order"))?;
        let order = self.store().read().await?.conn().order(attempt.organization, order).await?;
        order.ok_or_else(|| ServiceError::broken("an attempt whose order is gone"))
    }

    async fn settled(
        &self,
        attempt: &Attempt,
        known: Option<ChargeOutcome>,
    ) -> Result<Standing, ServiceError> {
        match (known, self.order_of(attempt).await?.state) {
            (Some(ChargeOutcome::Succeeded { .. }), OrderState::Paid { subscription, document }) => {
                Ok(Standing::Paid { subscription, document })
            }
            (_, OrderState::Lapsed { .. }) => Ok(Standing::Lapsed),
            (Some(ChargeOutcome::Succeeded { .. }), OrderState::Returned { .. }) => Ok(Standing::Returned),
            (Some(ChargeOutcome::Declined { code }), _) => Ok(Standing::Declined { code }),
            (known, state) => Err(ServiceError::broken(format!("{known:?} does not fit {state:?}"))),
        }
    }

    /// Writes down a final outcome with everything that it brings.
    async fn write_outcome(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: ChargeOutcome,
    ) -> Result<Standing, ServiceError> {
        match outcome {
            // What a payment brings depends on what it is for.
            ChargeOutcome::Succeeded { .. } => match order.kind {
                OrderKind::Seats | OrderKind::Plan => self.write_changed(attempt, order, &outcome).await,
                _ => self.write_paid(attempt, order, &outcome).await,
            },
            ChargeOutcome::Declined { code } => self.write_declined(attempt, order, code).await,
            ChargeOutcome::NeedsConfirmation { .. } => Err(ServiceError::broken("not a final outcome")),
        }
    }

    async fn write_declined(
        &self,
        attempt: &Attempt,
        order: &Order,
        code: DeclineCode,
    ) -> Result<Standing, ServiceError> {
        let outcome = text(&ChargeOutcome::Declined { code })?;
        let (attempt, order) = (attempt.clone(), order.clone());
        let command = self.settling(&attempt);
        self.store()
            .write(command, move |tx| {
                let (attempt, order, outcome) = (attempt.clone(), order.clone(), outcome.clone());
                Box::pin(async move {
                    let state = order.state.decline(attempt.id).map_err(|_| ServiceError::Stale)?;
                    tx.settle_attempt(&attempt, outcome).await?;
                    tx.settle_order(&order, state).await?;
                    let_go(tx, &order).await?;
                    tx.audit(
                        Record::new("order.decline", "order", order.id.uuid())
                            .fact("attempt", attempt.id.to_string())
                            .fact("reason", code.code()),
                    );
                    Ok(Standing::Declined { code })
                })
            })
            .await
    }

    async fn write_lapse(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: ChargeOutcome,
    ) -> Result<Standing, ServiceError> {
        let outcome = text(&outcome)?;
        let (attempt, order) = (attempt.clone(), order.clone());
        let command = self.settling(&attempt);
        self.store()
            .write(command, move |tx| {
                let (attempt, order, outcome) = (attempt.clone(), order.clone(), outcome.clone());
                Box::pin(async move {
                    let state = order.state.lapse(attempt.id, tx.at()).map_err(|_| ServiceError::Stale)?;
                    tx.settle_attempt(&attempt, outcome).await?;
                    tx.settle_order(&order, state).await?;
                    let_go(tx, &order).await?;
                    tx.audit(
                        Record::new("order.lapse", "order", order.id.uuid())
                            .fact("attempt", attempt.id.to_string()),
                    );
                    Ok(Standing::Lapsed)
                })
            })
            .await
    }

    /// Nothing is final yet: notes what is known and when to ask again.
    async fn ask_again_later(
        &self,
        attempt: &Attempt,
        outcome: Option<ChargeOutcome>,
    ) -> Result<Standing, ServiceError> {
        let known = outcome.as_ref().map(text).transpose()?;
        let ask_at = next_question(attempt.created_at, self.environment().now());
        let (organization, id) = (attempt.organization, attempt.id);
        let command = Command { key: None, ..self.settling(attempt) };
        self.store()
            .write::<(), ServiceError, _>(command, move |tx| {
                let known = known.clone();
                Box::pin(async move { Ok(tx.ask_attempt_again(organization, id, known, ask_at).await?) })
            })
            .await?;
        Ok(match outcome {
            Some(ChargeOutcome::NeedsConfirmation { address }) => Standing::Bank { address },
            _ => Standing::Underway,
        })
    }

    /// The command that settles an attempt: the machine's, whoever asked, and done once.
    pub(super) fn settling(&self, attempt: &Attempt) -> Command {
        self.command_of_machine(attempt.organization, Some(key_about("attempt.settle", &attempt.id)))
    }
}

/// What waited for an order that will not be paid waits no more.
async fn let_go(tx: &mut Tx<'_>, order: &Order) -> Result<(), ServiceError> {
    match order.kind {
        OrderKind::Seats => {
            let organization = tx.organization(order.organization).await?;
            let organization =
                organization.ok_or_else(|| ServiceError::broken("the organization is gone"))?;
            release_seats(tx, order, &Calendar::of(&organization)?).await
        }
        _ => Ok(()),
    }
}

/// The longer an attempt or a refund is open, the less often the provider is asked.
pub(crate) fn next_question(created: Instant, now: Instant) -> Instant {
    let age = crate::asker::seconds_between(created, now);
    now.plus_seconds((age / 4).clamp(SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS))
}

pub(crate) fn text(outcome: &ChargeOutcome) -> Result<String, ServiceError> {
    serde_json::to_string(outcome).map_err(ServiceError::broken)
}
