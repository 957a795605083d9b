//! The receipt: what was bought, what was paid, and what comes next.

use domain::document::{Document, Issued};
use domain::id::OrderId;
use domain::order::OrderState;
use domain::quote::OrderQuote;
use payments::provider::Card;
use store::orders::Order;
use store::subscriptions::Subscription;

use crate::asker::Asker;
use crate::catalog::Window;
use crate::{ServiceError, Services};

/// A paid order.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The order.
    pub order: Order,
    /// What is on the shelf: names and tiles.
    pub window: Window,
    /// What was bought, as it is now.
    pub subscription: Subscription,
    /// What was confirmed, from the day on that it was paid.
    pub quote: OrderQuote,
    /// What paid.
    pub card: Option<Card>,
    /// The invoice; nothing for the moment that it waits for its number.
    pub invoice: Option<Document<Issued>>,
}

impl Services {
    /// The receipt of an order of the asker's own; nothing while it is not paid.
    pub async fn receipt(&self, asker: &Asker, order: OrderId) -> Result<Receipt, ServiceError> {
        let (place, order) = self.own_order(asker, order).await?;
        let OrderState::Paid { subscription, document } = order.state else {
            return Err(ServiceError::NotFound);
        };
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let organization = place.organization.id;
        let subscription = conn.managed_subscription(organization, place.person.id, subscription).await?;
        let subscription = subscription.ok_or(ServiceError::NotFound)?;
        let confirmed = order.confirmed.clone().ok_or(ServiceError::NotFound)?;
        let card = conn.card_that_paid(organization, order.id).await?;
        let card = card.map(|card| serde_json::from_str::<Option<Card>>(&card)).transpose();
        let card = card.map_err(ServiceError::broken)?.flatten();
        let invoice = conn.issued_document(organization, document).await?;
        let written = conn.invoice(organization, document).await?;
        let quote = match (confirmed.quote, written) {
            (OrderQuote::Purchase(quote), Some(written)) => OrderQuote::Purchase(
                quote
                    .starting_on(written.contents.transaction_on, domain::conventions::Conventions::default())
                    .map_err(ServiceError::broken)?,
            ),
            (quote, _) => quote,
        };
        Ok(Receipt { order, window, subscription, quote, card, invoice })
    }
}
