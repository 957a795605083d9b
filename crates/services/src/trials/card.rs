//! A trial with a card: its last page, and what confirming it brings. Nothing is charged.

use domain::order::OrderStatus;
use domain::time::Instant;
use payments::provider::Card;
use store::orders::Order;

use super::TrialQuoted;
use super::offer::{quote_trial_end, tried};
use super::start::{TrialFacts, start, started};
use crate::asker::{Asker, Place};
use crate::calendar::Calendar;
use crate::catalog::Window;
use crate::keys::{digest, key_about};
use crate::orders::{Agreed, CardInUse, Confirmation, Readiness, Standing, ids};
use crate::{ServiceError, Services};

/// The last page of a trial as it was, or would have been, shown at this instant of today. Sealed as a quote is:
/// see docs/decisions/0004-quotes.md.
pub(crate) fn trial_quoted(
    window: &Window,
    place: &Place,
    order: &Order,
    at: Instant,
) -> Result<TrialQuoted, ServiceError> {
    let tried = tried(window, order.choice.product.as_str())?;
    let converts = quote_trial_end(window, order, &order.choice)?;
    let price = converts.is_some().then(|| ids(window, &order.choice)).transpose()?;
    let ends_on = tried.ends_on(window.customer.today)?;
    let (plan, seats, agreed) = (tried.plan.key.clone(), tried.rule.seats, Agreed::now(window));
    let order_and_version = (place.organization.id, order.person, order.id, order.version);
    let bound = (order_and_version, price, at, &agreed, &plan, seats, ends_on, &converts);
    let seal = hex::encode(digest(&bound)?);
    let until = Calendar::of(&place.organization)?.quote_stands_until(at)?;
    Ok(TrialQuoted { plan, seats, ends_on, converts, agreed, at, until, seal })
}

impl Services {
    /// Confirms the last page of a trial: it starts, and the card is kept. Confirming again gives the same.
    pub(crate) async fn confirm_trial(
        &self,
        asker: &Asker,
        place: &Place,
        order: &Order,
        confirmation: &Confirmation,
    ) -> Result<Standing, ServiceError> {
        if let Some(subscription) = started(order) {
            return Ok(Standing::Started { subscription });
        }
        if order.state.status() != OrderStatus::Draft {
            return Err(ServiceError::Stale);
        }
        let card = match self.readiness(place, order).await? {
            Readiness::Ready(card) => *card,
            Readiness::Missing { .. } => return Err(ServiceError::NoCard),
        };
        let window = self.browse(asker).await?;
        let now = self.environment().now();
        let quoted = trial_quoted(&window, place, order, confirmation.quoted_at)?;
        let stands = quoted.at <= now && now < quoted.until;
        if quoted.seal != confirmation.seal || !stands {
            return Err(ServiceError::QuoteChanged);
        }
        let converts = match quoted.converts {
            Some(quote) => Some((quote, ids(&window, &order.choice)?.1)),
            None => None,
        };
        let tried = tried(&window, order.choice.product.as_str())?;
        let facts = TrialFacts::new(&window, place, &tried, converts)?;
        self.write_trial(asker, order, facts, card).await
    }

    async fn write_trial(
        &self,
        asker: &Asker,
        order: &Order,
        facts: TrialFacts,
        card: CardInUse,
    ) -> Result<Standing, ServiceError> {
        let provider = self.paying().provider().name().to_owned();
        let key = key_about("trial.confirm", &order.id);
        let command = self.command(asker, order.organization, Some(key));
        let order = order.clone();
        self.store()
            .write(command, move |tx| {
                let (order, facts) = (order.clone(), facts.clone());
                let (provider, card) = (provider.clone(), card.clone());
                Box::pin(async move {
                    let CardInUse { card, method } = card;
                    let method = if let Some(method) = method {
                        method
                    } else {
                        let (token, text) = (card.token.secret(), as_text(&card)?);
                        tx.keep_card(order.organization, order.person, &provider, token, &text).await?
                    };
                    let subscription = start(tx, &facts, &order, Some(method)).await?;
                    Ok(Standing::Started { subscription })
                })
            })
            .await
    }
}

fn as_text(card: &Card) -> Result<String, ServiceError> {
    serde_json::to_string(card).map_err(ServiceError::broken)
}
