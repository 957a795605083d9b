use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::quote::QuoteView;
use crate::error::AppError;

/// A paid order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderView {
    /// Product and plan.
    pub name: String,
    /// The product's key.
    pub product: String,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// How many seats.
    pub seats: i64,
    /// The subscription's id.
    pub subscription: String,
    /// What was bought: name and fact.
    pub bought: Vec<(String, String)>,
    /// How it was paid: name and fact.
    pub paid: Vec<(String, String)>,
    /// The address of its invoice, once that has its number.
    pub invoice: Option<String>,
    /// Line by line.
    pub quote: QuoteView,
}

/// A receipt. An order that is not paid leads to its checkout.
#[server(endpoint = "order", input = leptos::server_fn::codec::GetUrl)]
pub async fn order(order: String) -> Result<OrderView, AppError> {
    use domain::id::OrderId;
    use services::ServiceError;

    use crate::request::{answer, asker, go, services};

    let id: OrderId = order.parse().map_err(|_| AppError::NotFound)?;
    let asker = asker();
    match services().receipt(&asker, id).await {
        Ok(receipt) => {
            // A change is seen where it was made.
            if receipt.order.kind.is_change() {
                go(&format!("/products/{}", receipt.subscription.id));
            }
            show::receipt(&receipt)
        }
        Err(error @ ServiceError::NotFound) => {
            // Somebody else's is nowhere; one's own that is not paid yet has a page of its own.
            if services().checkout(&asker, id).await.is_ok() {
                go(&format!("/checkout/{id}"));
            }
            Err(answer(&error))
        }
        Err(error) => Err(answer(&error)),
    }
}

#[cfg(feature = "ssr")]
mod show {
    use domain::order::OrderState;
    use services::orders::Receipt;

    use super::OrderView;
    use crate::error::AppError;
    use crate::format::{date_long, money};
    use crate::pages::checkout::server::card_name;
    use crate::pages::product::server::term_name;
    use crate::pages::products::server::full_name;
    use crate::request::{answer, asker, language};
    use crate::texts::{Texts, group};

    /// What the page shows.
    pub(super) fn receipt(receipt: &Receipt) -> Result<OrderView, AppError> {
        let texts = Texts::new(language());
        let words = texts.order();
        let quote = receipt.quote.purchase().ok_or(AppError::NotFound)?;
        let catalog = &receipt.window.shelf.catalog;
        let product = catalog.product(quote.product.as_str()).ok_or(AppError::NotFound)?;
        let plan = product.plan(quote.plan.as_str()).ok_or(AppError::NotFound)?;
        let seller = catalog.issuer(quote.issuer.as_str());
        let country = seller.map_or(receipt.window.customer.country, |issuer| issuer.country);
        let day = |day| date_long(day, texts.language());
        let row = |name: &str, fact: String| (name.to_owned(), fact);
        let name = full_name(product, plan, texts.language());
        let renewal = words.recurring_more(&day(quote.renewal.on), &money(quote.renewal.gross));
        let seats = quote.seats.get();
        let asker = asker();
        let place = asker.must_place().map_err(|error| answer(&error))?;
        let buyer = place.person.profile.display(texts.language());
        let card = receipt.card.as_ref();
        let mut paid: Vec<_> =
            card.map(|card| row(words.paid_with(), card_name(card, texts))).into_iter().collect();
        match &receipt.invoice {
            Some(invoice) => {
                paid.push(row(words.invoice(), invoice.number.number.clone()));
                paid.push(row(words.issued(), day(invoice.number.issued_on)));
                paid.push(row(words.addressed(), invoice.contents.recipient.name.clone()));
                paid.push(row(words.seller(), invoice.contents.issuer.name.get(texts.language()).clone()));
            }
            None => paid.push(row(words.invoice(), words.invoice_waits().to_owned())),
        }
        let invoice = match receipt.order.state {
            OrderState::Paid { document, .. } if receipt.invoice.is_some() => {
                Some(["/bills/invoices/", &document.to_string()].concat())
            }
            _ => None,
        };
        Ok(OrderView {
            product: product.key.to_string(),
            icon: product.tile.icon.to_string(),
            hue: product.tile.hue.code().to_owned(),
            seats: i64::from(seats),
            subscription: receipt.subscription.id.to_string(),
            bought: vec![
                row(words.product(), name.clone()),
                row(words.seats(), group(i64::from(seats))),
                row(words.term(), term_name(quote.term_length(), texts).to_owned()),
                row(words.days(), crate::quoting::days(quote.term, texts)),
                row(words.recurring(), renewal),
                row(words.refund(), day(quote.refund_until)),
                row(words.buyer(), buyer),
                row(words.order(), receipt.order.id.to_string()),
            ],
            paid,
            invoice,
            quote: crate::quoting::quote(quote, country, texts),
            name,
        })
    }
}
