//! The receipt: what was bought, what was paid, and what comes next.

use domain::conventions::Conventions;
use domain::document::{Document, Issued};
use domain::id::OrderId;
use domain::order::OrderState;
use domain::quote::{OrderQuote, PurchaseQuote};
use domain::time::Period;
use payments::provider::Card;
use store::documents::Invoice;
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
        let written = conn.invoice(organization, document).await?.ok_or(ServiceError::NotFound)?;
        let (quote, invoice) = as_paid(confirmed.quote, written)?;
        Ok(Receipt { order, window, subscription, quote, card, invoice })
    }
}

/// The quote from the day on that the paid term began, and the invoice, if it has its number.
fn as_paid(
    quote: OrderQuote,
    written: Invoice,
) -> Result<(OrderQuote, Option<Document<Issued>>), ServiceError> {
    let conventions = Conventions::default();
    let contents = written.contents;
    let quote = match quote {
        OrderQuote::Purchase(quote) => quote,
        change @ OrderQuote::Change(_) => {
            return Ok((change, written.issued.map(|number| Document { number, contents })));
        }
    };
    let start = contents.service().map_or(quote.service.start(), Period::start);
    let refund_until = conventions.window_until(contents.transaction_on).map_err(ServiceError::broken)?;
    let quote = quote.starting_on(start, conventions).map_err(ServiceError::broken)?;
    let quote = PurchaseQuote { refund_until, ..quote };
    let invoice = written.issued.map(|number| Document { number, contents });
    Ok((OrderQuote::Purchase(quote), invoice))
}
