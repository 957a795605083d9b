//! A checkout in words and amounts.

mod confirm;
mod ended;
mod seats;

use domain::catalog::Product;
use domain::id::OrderId;
use domain::order::OrderKind;
use services::ServiceError;
use services::asker::Place;
use services::orders::{Checkout, Stage, Standing};
use services::paying::{Card, DeclineCode, Setup, SetupRefusal};

use super::{CardLine, CardStep, CheckoutView, Step};
use crate::components::CardForm;
use crate::error::AppError;
use crate::format::month;
use crate::pages::product::server::term_name;
use crate::pages::products::server::full_name;
use crate::request::{answer, asker, language, services};
use crate::texts::{Texts, group};

pub(crate) use confirm::legal;

/// What the address says.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) step: Option<String>,
    pub(super) seats: Option<String>,
    pub(super) changed: bool,
}

/// Where somebody goes after confirming.
pub(super) fn next_page(order: OrderId, standing: &Standing) -> String {
    match standing {
        Standing::Paid { .. } => format!("/orders/{order}"),
        Standing::Started { subscription } => format!("/products/{subscription}"),
        _ => format!("/checkout/{order}"),
    }
}

/// What the page shows.
pub(super) fn checkout(checkout: Checkout, asked: &Asked) -> Result<CheckoutView, AppError> {
    let texts = Texts::new(language());
    let asker = asker();
    let place = asker.must_place().map_err(|error| answer(&error))?;
    let choice = &checkout.order.choice;
    let product = checkout.window.shelf.catalog.product(choice.product.as_str()).ok_or(AppError::NotFound)?;
    let plan = product.plan(choice.plan.as_str()).ok_or(AppError::NotFound)?;
    let seller = checkout.window.issuer().map_or(checkout.window.customer.country, |issuer| issuer.country);
    let name = full_name(product, plan, texts.language());
    let kind = checkout.order.kind;
    let step = step(&checkout, asked, place, texts);
    let last_page = matches!(step, Step::Confirm(_));
    // A trial costs nothing now; what it becomes stands on its last page.
    let quote = checkout.quote.as_ref().filter(|_| !last_page && kind != OrderKind::Trial);
    let quote = quote.map(|quote| crate::quoting::quote(quote, seller, texts));
    let confirmed = checkout.order.confirmed.as_ref();
    let changed = confirmed.and_then(|confirmed| confirmed.quote.change());
    let changed = changed.map(|changed| crate::quoting::change(changed, seller, None, texts));
    let changed = changed.transpose().map_err(|error| answer(&ServiceError::broken(error)))?;
    Ok(CheckoutView {
        order: checkout.order.id.to_string(),
        title: title(kind, texts).to_owned(),
        steps: !kind.is_change(),
        back: (texts.checkout().back(&name), back(&checkout)),
        change: change(&checkout),
        product: choice.product.to_string(),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        summary: summary(&checkout, product, texts),
        name,
        quote: if kind.is_change() { None } else { quote },
        changed,
        step,
    })
}

fn title(kind: OrderKind, texts: Texts) -> &'static str {
    match kind {
        OrderKind::Purchase | OrderKind::Conversion => texts.checkout().title(),
        OrderKind::Trial => texts.trial().title(),
        OrderKind::Reactivation => texts.trial().reactivate(),
        OrderKind::Seats => texts.seats().buy(),
        OrderKind::Plan => texts.plan_change().title(),
    }
}

/// Seats and term; of a trial the seats of its rule.
fn summary(checkout: &Checkout, product: &Product, texts: Texts) -> String {
    let choice = &checkout.order.choice;
    match (checkout.order.kind, &product.trial) {
        (OrderKind::Trial, Some(rule)) => texts.trial().seats_more(i64::from(rule.seats)),
        _ => texts.checkout().summary(&group(i64::from(choice.seats.get())), term_name(choice.term, texts)),
    }
}

/// Where somebody came from.
fn back(checkout: &Checkout) -> String {
    match (checkout.order.kind, checkout.order.subscription) {
        (OrderKind::Purchase | OrderKind::Trial, _) | (_, None) => {
            ["/catalog/", checkout.order.choice.product.as_str()].concat()
        }
        (_, Some(subscription)) => format!("/products/{subscription}"),
    }
}

/// Where what is wanted can be changed, while it can.
fn change(checkout: &Checkout) -> Option<String> {
    let back = back(checkout);
    let draft = matches!(
        checkout.stage,
        Stage::Card { .. } | Stage::Choose | Stage::Confirm { .. } | Stage::Trial { .. }
    );
    let pane = |pane: &str| [back.as_str(), pane].concat();
    draft.then(|| match checkout.order.kind {
        OrderKind::Purchase => format!("/checkout/{}?step=seats", checkout.order.id),
        OrderKind::Trial => pane("/trial"),
        OrderKind::Conversion => pane("?pane=buy"),
        OrderKind::Reactivation => pane("?pane=reactivate"),
        OrderKind::Seats => pane("?pane=seats"),
        OrderKind::Plan => pane("?pane=plan"),
    })
}

fn step(checkout: &Checkout, asked: &Asked, place: &Place, texts: Texts) -> Step {
    match &checkout.stage {
        Stage::Bank { address } => Step::Bank { address: address.as_str().to_owned(), host: address.host() },
        // A paid order has sent the browser on.
        Stage::Underway | Stage::Paid | Stage::Started { .. } => Step::Underway,
        Stage::Lapsed | Stage::Declined | Stage::Returned => Step::Ended(ended::step(checkout, texts)),
        _ if asked.step.as_deref() == Some("seats") && checkout.order.kind == OrderKind::Purchase => {
            Step::Seats(seats::step(checkout, asked, texts))
        }
        Stage::Card { setup, refused } => {
            let refused = refused.map(|reason| refusal(reason, texts).to_owned());
            let form = refused.is_none().then(|| card_form(setup));
            Step::Card(CardStep { cards: saved(checkout, texts), form, refused })
        }
        Stage::Choose => {
            let refused = Some(refusal(SetupRefusal::CardForgotten, texts).to_owned());
            Step::Card(CardStep { cards: saved(checkout, texts), form: None, refused })
        }
        Stage::Confirm { .. } | Stage::Trial { .. } if asked.step.as_deref() == Some("card") => {
            Step::Card(CardStep { cards: saved(checkout, texts), form: None, refused: None })
        }
        Stage::Confirm { card, quoted } => {
            Step::Confirm(Box::new(confirm::step(checkout, &card.card, quoted, asked, place, texts)))
        }
        Stage::Trial { card, quoted } => {
            Step::Confirm(Box::new(confirm::trial(checkout, &card.card, quoted, asked, place, texts)))
        }
    }
}

fn saved(checkout: &Checkout, texts: Texts) -> Vec<CardLine> {
    let line = |saved: &services::orders::SavedCard| CardLine {
        id: saved.method.to_string(),
        chosen: saved.chosen,
        ..card_line(&saved.card, texts)
    };
    checkout.cards.iter().map(line).collect()
}

fn card_line(card: &Card, texts: Texts) -> CardLine {
    CardLine {
        id: String::new(),
        name: card_name(card, texts),
        expires: card_expires(card, texts),
        chosen: true,
    }
}

/// A card as it is named: `Visa 末尾 4242`.
pub(crate) fn card_name(card: &Card, texts: Texts) -> String {
    texts.checkout().ends_in(card.brand.name(), &card.last_four.to_string())
}

/// Until when a card is good.
pub(crate) fn card_expires(card: &Card, texts: Texts) -> String {
    let month = month(card.expiry.year(), card.expiry.month(), texts.language());
    texts.checkout().expires(&month)
}

pub(crate) fn card_form(setup: &Setup) -> CardForm {
    CardForm {
        frame: setup.frame_address.as_ref().map(|address| address.as_str().to_owned()),
        origin: setup.hosted_address.origin(),
        hosted: setup.hosted_address.as_str().to_owned(),
        host: setup.hosted_address.host(),
        provider: services().paying().provider().display_name().to_owned(),
    }
}

pub(crate) fn refusal(reason: SetupRefusal, texts: Texts) -> &'static str {
    let words = texts.checkout();
    match reason {
        SetupRefusal::TooManyTries => words.refused_tries(),
        SetupRefusal::TimedOut => words.refused_time(),
        SetupRefusal::CardForgotten => words.refused_card(),
    }
}

/// Why a card was declined.
pub(crate) fn declined(code: DeclineCode, texts: Texts) -> &'static str {
    let words = texts.checkout();
    match code {
        DeclineCode::Declined | DeclineCode::Abandoned => words.declined_declined(),
        DeclineCode::InsufficientFunds => words.declined_funds(),
        DeclineCode::LimitExceeded => words.declined_limit(),
        DeclineCode::ConfirmationNeeded | DeclineCode::ConfirmationRefused => words.declined_confirmation(),
        DeclineCode::ProcessingFailed => words.declined_processing(),
        DeclineCode::Expired => words.declined_expired(),
        DeclineCode::Lost | DeclineCode::Stolen | DeclineCode::AccountClosed | DeclineCode::Fraud => {
            words.declined_lost()
        }
        DeclineCode::NotSupported => words.declined_kind(),
        DeclineCode::CardForgotten => words.declined_gone(),
    }
}
