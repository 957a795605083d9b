//! Confirming: the quote that was shown is charged, or a new one is shown.

use domain::id::{OrderId, PaymentAttemptId};
use domain::order::{OrderKind, OrderStatus};
use domain::quote::OrderQuote;
use domain::time::Instant;
use store::audit::Record;
use store::orders::{Confirmed, NewAttempt};

use super::checkout::Readiness;
use super::{CardInUse, Quoted, Standing};
use crate::asker::{Asker, Place};
use crate::keys::key_of;
use crate::{ServiceError, Services};

/// After so many seconds the machine takes up an attempt whose asker has not come back with the outcome.
pub(crate) const TAKEN_UP_AFTER_SECONDS: i64 = 15;

/// What the last page sends: the quote that was shown on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The quote's seal.
    pub seal: String,
    /// When it was made.
    pub quoted_at: Instant,
}

impl Services {
    /// Confirms an order and charges it.
    ///
    /// The attempt is written down first, then the provider is called, then the outcome is written down. Confirming
    /// again what was confirmed gives what became of it, at any age.
    pub async fn confirm_order(
        &self,
        asker: &Asker,
        order: OrderId,
        confirmation: &Confirmation,
    ) -> Result<Standing, ServiceError> {
        let (place, order) = self.own_order(asker, order).await?;
        if order.kind == OrderKind::Trial {
            return self.confirm_trial(asker, &place, &order, confirmation).await;
        }
        let organization = place.organization.id;
        let seal = confirmation.seal.as_str();
        let before = self.store().read().await?.conn().attempt_by_seal(organization, order.id, seal).await?;
        if let Some(attempt) = before {
            return self.settle(organization, attempt).await;
        }
        let attempt = match self.confirm_draft(asker, &place, &order, confirmation).await {
            Ok(attempt) => attempt,
            // Somebody may have confirmed it while this was looked at: then what was true before is not any more.
            Err(error) => {
                let mut reader = self.store().read().await?;
                let meanwhile = reader.conn().attempt_by_seal(organization, order.id, seal).await?;
                meanwhile.ok_or(error)?
            }
        };
        self.settle(organization, attempt).await
    }

    async fn confirm_draft(
        &self,
        asker: &Asker,
        place: &Place,
        order: &store::orders::Order,
        confirmation: &Confirmation,
    ) -> Result<PaymentAttemptId, ServiceError> {
        if order.state.status() != OrderStatus::Draft || order.kind.is_change() {
            return Err(ServiceError::Stale);
        }
        let card = match self.readiness(place, order).await? {
            Readiness::Ready(card) => *card,
            Readiness::Missing { .. } => return Err(ServiceError::NoCard),
        };
        let window = self.browse(asker).await?;
        let now = self.environment().now();
        let quoted = self.quoted(&window, &place.organization, order, confirmation.quoted_at).await?;
        let stands = quoted.at <= now && now < quoted.until;
        if quoted.seal != confirmation.seal || !stands {
            return Err(ServiceError::QuoteChanged);
        }
        self.write_attempt(asker, place, order.clone(), &quoted, &card).await
    }

    /// Writes down that the order is confirmed, and the attempt that is about to be made.
    async fn write_attempt(
        &self,
        asker: &Asker,
        place: &Place,
        order: store::orders::Order,
        quoted: &Quoted,
        card: &CardInUse,
    ) -> Result<PaymentAttemptId, ServiceError> {
        let json = |error: serde_json::Error| ServiceError::broken(error);
        let confirmed = Confirmed {
            plan: quoted.plan,
            price: quoted.price,
            quote: OrderQuote::Purchase(quoted.quote.clone()),
            agreed: serde_json::to_string(&quoted.agreed).map_err(json)?,
        };
        let provider = self.paying().provider().name().to_owned();
        let (method, card) = (card.method, serde_json::to_string(&card.card).map_err(json)?);
        let seal = quoted.seal.clone();
        let key = key_of("order.confirm", place, &seal, &(order.id, &seal))?;
        let command = self.command(asker, place.organization.id, Some(key));
        self.store()
            .write(command, move |tx| {
                let (order, confirmed) = (order.clone(), confirmed.clone());
                let (provider, card, seal) = (provider.clone(), card.clone(), seal.clone());
                Box::pin(async move {
                    let id = tx.id(PaymentAttemptId::new);
                    let state = order.state.confirm(id, tx.at()).map_err(|_| ServiceError::Stale)?;
                    let ask_at = tx.at().plus_seconds(TAKEN_UP_AFTER_SECONDS);
                    let amount = confirmed.quote.due_now();
                    let attempt = NewAttempt {
                        id,
                        order: Some(order.id),
                        document: None,
                        person: Some(order.person),
                        seal: Some(seal),
                        amount,
                        provider,
                        card,
                        method,
                        on_session: true,
                        ask_at,
                    };
                    tx.confirm_order(&order, state, &confirmed, attempt).await?;
                    tx.audit(
                        Record::new("order.confirm", "order", order.id.uuid())
                            .fact("attempt", id.to_string())
                            .fact("amount", amount.minor())
                            .fact("currency", amount.currency().code()),
                    );
                    Ok(id)
                })
            })
            .await
    }
}
