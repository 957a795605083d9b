//! A checkout in words and amounts.

use domain::catalog::{BillingFrequency, Issuer, LegalText, Offer, SeatLimits};
use domain::id::OrderId;
use domain::language::Language;
use domain::quote::PurchaseQuote;
use services::ServiceError;
use services::asker::Place;
use services::orders::{Checkout, Quoted, Stage, Standing};
use services::paying::{Card, DeclineCode, Setup, SetupRefusal};

use super::{CardForm, CardLine, CardStep, CheckoutView, ConfirmStep, OfferChoice, SeatsStep, Step};
use crate::error::AppError;
use crate::format::{date_long, instant_time, money, month};
use crate::pages::product::server::{main_charge, seats_error, term_name, unit_of};
use crate::pages::products::server::full_name;
use crate::request::{answer, asker, language, services};
use crate::texts::{Texts, group};

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
    let quote = match &checkout.order.confirmed {
        Some(confirmed) if !matches!(checkout.stage, Stage::Confirm { .. } | Stage::Card { .. }) => {
            confirmed.quote.purchase().cloned()
        }
        _ => services().quote(&checkout.window, choice).ok(),
    };
    let seller = checkout.window.issuer().map_or(checkout.window.customer.country, |issuer| issuer.country);
    let name = full_name(product, plan, texts.language());
    let summary =
        texts.checkout().summary(&group(i64::from(choice.seats.get())), term_name(choice.term, texts));
    let (order, key) = (checkout.order.id.to_string(), choice.product.to_string());
    let (icon, hue) = (product.tile.icon.to_string(), product.tile.hue.code().to_owned());
    let step = step(&checkout, asked, place, texts);
    let last_page = matches!(step, Step::Confirm(_));
    let quote = quote.filter(|_| !last_page).map(|quote| crate::quoting::quote(&quote, seller, texts));
    Ok(CheckoutView { order, product: key, name, icon, hue, summary, quote, step })
}

fn step(checkout: &Checkout, asked: &Asked, place: &Place, texts: Texts) -> Step {
    match &checkout.stage {
        Stage::Bank { address } => Step::Bank { address: address.as_str().to_owned(), host: address.host() },
        // A paid order has sent the browser on.
        Stage::Underway | Stage::Paid | Stage::Started { .. } | Stage::Trial { .. } => Step::Underway,
        Stage::Lapsed | Stage::Returned | Stage::Declined => Step::Lapsed,
        _ if asked.step.as_deref() == Some("seats") => Step::Seats(seats_step(checkout, asked, texts)),
        Stage::Card { setup, refused } => {
            let refused = refused.map(|reason| refusal(reason, texts).to_owned());
            let form = refused.is_none().then(|| card_form(setup));
            Step::Card(CardStep { cards: saved(checkout, texts), form, refused })
        }
        Stage::Confirm { .. } if asked.step.as_deref() == Some("card") => {
            Step::Card(CardStep { cards: saved(checkout, texts), form: None, refused: None })
        }
        Stage::Confirm { card, quoted } => {
            Step::Confirm(Box::new(confirm_step(checkout, &card.card, quoted, asked, place, texts)))
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
fn card_expires(card: &Card, texts: Texts) -> String {
    let month = month(card.expiry.year(), card.expiry.month(), texts.language());
    texts.checkout().expires(&month)
}

fn card_form(setup: &Setup) -> CardForm {
    CardForm {
        frame: setup.frame_address.as_ref().map(|address| address.as_str().to_owned()),
        origin: setup.hosted_address.origin(),
        hosted: setup.hosted_address.as_str().to_owned(),
        host: setup.hosted_address.host(),
        provider: services().paying().provider().display_name().to_owned(),
    }
}

fn refusal(reason: SetupRefusal, texts: Texts) -> &'static str {
    let words = texts.checkout();
    match reason {
        SetupRefusal::TooManyTries => words.refused_tries(),
        SetupRefusal::TimedOut => words.refused_time(),
        SetupRefusal::CardForgotten => words.refused_card(),
    }
}

fn seats_step(checkout: &Checkout, asked: &Asked, texts: Texts) -> SeatsStep {
    let words = texts.checkout();
    let choice = &checkout.order.choice;
    let product = checkout.window.shelf.catalog.product(choice.product.as_str());
    let sale = product.map(|product| checkout.window.offer(product));
    let mut offers = Vec::new();
    let mut limits = SeatLimits::default();
    if let Some(Offer::Sold(sale)) = &sale {
        for offer in &sale.plans {
            if offer.plan.key == choice.plan {
                limits = offer.plan.seats;
            }
            for price in &offer.prices {
                let paid = match price.frequency {
                    BillingFrequency::UpFront => words.up_front(),
                    BillingFrequency::Monthly => words.monthly(),
                };
                let of_one = main_charge(price).map(|(amount, per_seat)| {
                    [money(amount).as_str(), " ", unit_of(price.term, price.frequency, per_seat, texts)]
                        .concat()
                });
                offers.push(OfferChoice {
                    code: format!("{}/{}/{}", offer.plan.key, price.term, price.frequency),
                    plan: offer.plan.name.get(texts.language()).clone(),
                    term: [term_name(price.term, texts), paid].join(texts.quote().joint()),
                    price: of_one.unwrap_or_default(),
                    chosen: (&offer.plan.key, price.term, price.frequency)
                        == (&choice.plan, choice.term, choice.frequency),
                });
            }
        }
    }
    let seats = asked.seats.clone().unwrap_or_else(|| choice.seats.get().to_string());
    let wish = services::orders::Wish {
        product: choice.product.to_string(),
        plan: choice.plan.to_string(),
        term: choice.term.code().to_owned(),
        frequency: choice.frequency.code().to_owned(),
        seats: seats.clone(),
    };
    let wanted = wish.choice(&checkout.window);
    let error = match wanted.and_then(|choice| services().quote(&checkout.window, &choice)) {
        Err(ServiceError::Fields(errors)) => errors.first().map(|error| seats_error(error.problem, texts)),
        _ => None,
    };
    let hint = words.seats_hint(&group(limits.minimum.into()), &group(limits.maximum.into()));
    SeatsStep { offers, seats, hint, error }
}

fn confirm_step(
    checkout: &Checkout,
    card: &Card,
    quoted: &Quoted,
    asked: &Asked,
    place: &Place,
    texts: Texts,
) -> ConfirmStep {
    let words = texts.checkout();
    let seller = checkout.window.issuer();
    let country = seller.map_or(checkout.window.customer.country, |issuer| issuer.country);
    let mut quote = crate::quoting::quote(&quoted.quote, country, texts);
    // Instants are shown in the person's own zone (SPEC 3).
    let zone = place.time_zone();
    quote.until = Some(texts.quote().until(&instant_time(quoted.until, zone)));
    let due = money(quoted.quote.due_now);
    let nothing_due = quoted.quote.due_now.is_zero();
    let button = if nothing_due { words.pay_nothing().to_owned() } else { words.pay(&due) };
    ConfirmStep {
        card: card_line(card, texts),
        facts: facts(&quoted.quote, seller, place, texts),
        legal: seller.map(|issuer| legal(issuer, texts)).unwrap_or_default(),
        seal: quoted.seal.clone(),
        quoted_at: quoted.at.as_micros(),
        button,
        note: words.pays_note(&due),
        declined: checkout.declined.map(|code| words.declined_more(declined(code, texts))),
        changed: asked.changed,
        quote,
    }
}

fn facts(
    quote: &PurchaseQuote,
    seller: Option<&Issuer>,
    place: &Place,
    texts: Texts,
) -> Vec<(String, String)> {
    let words = texts.checkout();
    let language = texts.language();
    let day = |day| date_long(day, language);
    let renewal = words.recurring_more(&day(quote.renewal.on), &money(quote.renewal.gross));
    let canceling = words.canceling_more(&day(quote.refund_until), &day(quote.term.end()));
    let mut facts = vec![
        (words.starts().to_owned(), words.starts_more(&day(quote.term.start()))),
        (words.recurring().to_owned(), renewal),
        (words.canceling().to_owned(), canceling),
        (words.payer().to_owned(), place.person.profile.display(language)),
        (words.invoice_to().to_owned(), place.organization.legal_name.clone()),
    ];
    facts.extend(seller.map(|issuer| (words.seller().to_owned(), issuer.name.get(language).clone())));
    facts
}

fn legal(issuer: &Issuer, texts: Texts) -> Vec<(String, String)> {
    let words = texts.checkout();
    let link =
        |text: &LegalText, name: String, language: Language| (name, text.address.get(language).clone());
    let terms = issuer.terms.as_ref().map(|text| link(text, words.terms(&text.version), texts.language()));
    let privacy = issuer.privacy.as_ref();
    let privacy = privacy.map(|text| link(text, words.privacy(&text.version), texts.language()));
    terms.into_iter().chain(privacy).collect()
}

fn declined(code: DeclineCode, texts: Texts) -> &'static str {
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
