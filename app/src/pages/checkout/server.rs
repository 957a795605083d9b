use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::quote::QuoteView;
use crate::components::{CardForm, ChangeQuoteView};
use crate::error::AppError;

/// An order on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutView {
    /// The order's id.
    pub order: String,
    /// What the page is called.
    pub title: String,
    /// Whether it goes by steps: what was confirmed elsewhere only waits here.
    pub steps: bool,
    /// Where one came from: what it is called, and where it is.
    pub back: (String, String),
    /// Where what is wanted can be changed, while it can.
    pub change: Option<String>,
    /// The product's key.
    pub product: String,
    /// Product and plan.
    pub name: String,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// Seats and term.
    pub summary: String,
    /// What it costs, beside every step but the last.
    pub quote: Option<QuoteView>,
    /// The same for a change of what there is.
    pub changed: Option<ChangeQuoteView>,
    /// How far it is.
    pub step: Step,
}

/// How far an order is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Plan, term and seats are chosen anew.
    Seats(SeatsStep),
    /// A card is chosen or typed.
    Card(CardStep),
    /// The last page.
    Confirm(Box<ConfirmStep>),
    /// The bank asks.
    Bank {
        /// Where.
        address: String,
        /// On whose host, to be read.
        host: String,
    },
    /// Nobody knows yet.
    Underway,
    /// Nothing came of it.
    Ended(EndedStep),
}

/// Nothing came of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedStep {
    /// What did not happen.
    pub cause: String,
    /// Why.
    pub text: String,
    /// The way on: what it is called, and where it leads.
    pub way: (String, String),
}

/// Plan, term and seats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsStep {
    /// Every plan for every term and way of paying that it is sold for.
    pub offers: Vec<OfferChoice>,
    /// The seats, as they were typed.
    pub seats: String,
    /// How many there can be.
    pub hint: String,
    /// Why so many cannot be had.
    pub error: Option<String>,
}

/// A plan for a term, paid in a way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferChoice {
    /// Plan, term and frequency by their codes, with a slash between.
    pub code: String,
    /// The plan's name.
    pub plan: String,
    /// Term and way of paying.
    pub term: String,
    /// What the first seat costs.
    pub price: String,
    /// Whether it is the one that is chosen.
    pub chosen: bool,
}

/// Which card pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardStep {
    /// The person's cards.
    pub cards: Vec<CardLine>,
    /// Where a new one is typed; nothing while one of the person's cards is chosen.
    pub form: Option<CardForm>,
    /// Why nothing came of the last form.
    pub refused: Option<String>,
}

/// A card on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardLine {
    /// Which payment method; empty for a card that is none yet.
    pub id: String,
    /// Brand and last four digits.
    pub name: String,
    /// Until when it is good.
    pub expires: String,
    /// Whether the order is to be paid with it.
    pub chosen: bool,
}

/// Everything on one screen (SPEC 4, the last page).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmStep {
    /// What it costs, now and later.
    pub quote: QuoteView,
    /// What pays.
    pub card: CardLine,
    /// What one should know: name and fact.
    pub facts: Vec<(String, String)>,
    /// By doing what one agrees.
    pub agree: String,
    /// What is agreed to: text and address.
    pub legal: Vec<(String, String)>,
    /// By which the quote is confirmed.
    pub seal: String,
    /// When it was made, in microseconds since 1970.
    pub quoted_at: i64,
    /// What the button does.
    pub button: String,
    /// What is charged, beside the button.
    pub note: String,
    /// Why the payment before did not go through.
    pub declined: Option<String>,
    /// Whether another quote stood here before.
    pub changed: bool,
}

/// An order's checkout. A paid one leads to its receipt.
#[server(endpoint = "checkout", input = leptos::server_fn::codec::GetUrl)]
pub async fn checkout(
    order: String,
    step: Option<String>,
    seats: Option<String>,
    changed: Option<String>,
) -> Result<CheckoutView, AppError> {
    use services::orders::Stage;

    use crate::request::{answer, asker, go, services};

    let id = order.parse().map_err(|_| AppError::NotFound)?;
    let checkout = services().checkout(&asker(), id).await.map_err(|error| answer(&error))?;
    match (&checkout.stage, checkout.order.subscription) {
        (Stage::Paid, Some(subscription)) if checkout.order.kind.is_change() => {
            go(&format!("/products/{subscription}"));
        }
        (Stage::Paid, _) => go(&format!("/orders/{id}")),
        (Stage::Started { subscription }, _) => go(&format!("/products/{subscription}")),
        _ => {}
    }
    let asked = show::Asked { step, seats, changed: changed.is_some() };
    show::checkout(checkout, &asked)
}

/// Changes plan, term and seats.
#[server(endpoint = "change-order")]
pub async fn change_order(
    order: String,
    product: String,
    #[server(default)] offer: String,
    #[server(default)] seats: String,
) -> Result<(), AppError> {
    use domain::id::OrderId;
    use services::ServiceError;
    use services::orders::Wish;

    use crate::request::{asker, excuse, go, query, services};

    let id: OrderId = order.parse().map_err(|_| AppError::NotFound)?;
    let again = format!("/checkout/{id}?step=seats&{}", query(&[("seats", &seats)]));
    let mut parts = offer.split('/').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let wish = Wish { product, plan: next(), term: next(), frequency: next(), seats };
    match services().change_order(&asker(), id, &wish).await {
        Ok(()) => go(&format!("/checkout/{id}")),
        Err(ServiceError::Fields(_)) => go(&again),
        Err(error) => return excuse(&again, &error).await,
    }
    Ok(())
}

/// Chooses one of the person's cards, or opens the provider's form for a new one.
#[server(endpoint = "choose-card")]
pub async fn choose_card(order: String, #[server(default)] card: String) -> Result<(), AppError> {
    use domain::id::OrderId;

    use crate::request::{asker, excuse, go, services};

    let id: OrderId = order.parse().map_err(|_| AppError::NotFound)?;
    let page = format!("/checkout/{id}");
    let method = if card.is_empty() { None } else { Some(card.parse().map_err(|_| AppError::NotFound)?) };
    match services().choose_card(&asker(), id, method).await {
        Ok(()) => go(&page),
        Err(error) => return excuse(&page, &error).await,
    }
    Ok(())
}

/// Confirms the quote that was shown, and charges it.
#[server(endpoint = "confirm-order")]
pub async fn confirm_order(order: String, seal: String, quoted_at: i64) -> Result<(), AppError> {
    use domain::id::OrderId;
    use domain::time::Instant;
    use services::ServiceError;
    use services::orders::{Confirmation, Standing};

    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, excuse, go, keep_result, services};

    let id: OrderId = order.parse().map_err(|_| AppError::NotFound)?;
    let confirmation = Confirmation { seal, quoted_at: Instant::from_micros(quoted_at) };
    match services().confirm_order(&asker(), id, &confirmation).await {
        Ok(Standing::Started { subscription }) => {
            return keep_result(&format!("/products/{subscription}"), &Done::Started).await;
        }
        Ok(standing) => go(&show::next_page(id, &standing)),
        Err(ServiceError::QuoteChanged | ServiceError::NotSold(_)) => {
            go(&format!("/checkout/{id}?changed=1"));
        }
        Err(ServiceError::NoCard) => go(&format!("/checkout/{id}?step=card")),
        Err(error) => return excuse(&format!("/checkout/{id}"), &error).await,
    }
    Ok(())
}

/// Asks what became of a payment: for whoever comes back from the bank.
#[server(endpoint = "settle-order")]
pub async fn settle_order(order: String) -> Result<(), AppError> {
    use domain::id::OrderId;

    use crate::request::{asker, excuse, go, services};

    let id: OrderId = order.parse().map_err(|_| AppError::NotFound)?;
    match services().settle_order(&asker(), id).await {
        // The checkout knows what was paid for, and leads there.
        Ok(_) => go(&format!("/checkout/{id}")),
        Err(error) => return excuse(&format!("/checkout/{id}"), &error).await,
    }
    Ok(())
}

#[cfg(feature = "ssr")]
pub(crate) use show::{card_expires, card_form, card_name, declined, legal, refusal};

#[cfg(feature = "ssr")]
mod show;
