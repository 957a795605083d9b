//! The last page: everything on one screen (SPEC 4).

use domain::catalog::{Issuer, LegalText};
use domain::language::Language;
use domain::money::Money;
use domain::order::OrderKind;
use domain::quote::PurchaseQuote;
use services::asker::Place;
use services::orders::{Checkout, Quoted};
use services::paying::Card;
use services::trials::TrialQuoted;

use super::super::ConfirmStep;
use super::{Asked, card_line, declined};
use crate::components::quote::{QuoteLine, QuoteView};
use crate::format::{date_long, instant_time, money};
use crate::texts::Texts;

/// Of what is paid now.
pub(super) fn step(
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
    let again = checkout.order.kind == OrderKind::Reactivation;
    let button = match (again, nothing_due) {
        (true, true) => texts.trial().reactivate().to_owned(),
        (true, false) => words.pay_again(&due),
        (false, true) => words.pay_nothing().to_owned(),
        (false, false) => words.pay(&due),
    };
    ConfirmStep {
        card: card_line(card, texts),
        facts: facts(&quoted.quote, seller, place, texts),
        agree: words.agree().to_owned(),
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

/// The texts that are agreed to, by version: name and address.
pub(crate) fn legal(issuer: &Issuer, texts: Texts) -> Vec<(String, String)> {
    let words = texts.checkout();
    let link =
        |text: &LegalText, name: String, language: Language| (name, text.address.get(language).clone());
    let terms = issuer.terms.as_ref().map(|text| link(text, words.terms(&text.version), texts.language()));
    let privacy = issuer.privacy.as_ref();
    let privacy = privacy.map(|text| link(text, words.privacy(&text.version), texts.language()));
    terms.into_iter().chain(privacy).collect()
}

/// Of a trial that asks for a card: nothing is charged now.
pub(super) fn trial(
    checkout: &Checkout,
    card: &Card,
    quoted: &TrialQuoted,
    asked: &Asked,
    place: &Place,
    texts: Texts,
) -> ConfirmStep {
    let words = texts.trial();
    let language = texts.language();
    let seller = checkout.window.issuer();
    let country = seller.map_or(checkout.window.customer.country, |issuer| issuer.country);
    let nothing = money(Money::zero(checkout.window.customer.currency));
    let day = |day| date_long(day, language);
    let last = day(quoted.ends_on.yesterday().unwrap_or(quoted.ends_on));
    let mut quote = QuoteView {
        lines: vec![QuoteLine {
            name: words.seats_more(i64::from(quoted.seats)),
            detail: words.trial_until(&last),
            amount: nothing.clone(),
        }],
        due_now: nothing,
        later: Vec::new(),
        until: Some(texts.quote().until(&instant_time(quoted.until, place.time_zone()))),
    };
    let row = |name: &str, fact: String| (name.to_owned(), fact);
    let mut facts = vec![row(words.until(), last)];
    match &quoted.converts {
        Some(becomes) => {
            let becomes_quote = crate::quoting::quote(becomes, country, texts);
            quote.later.push(QuoteLine {
                name: words.becomes(i64::from(becomes.seats.get())),
                detail: words.becomes_on(&day(quoted.ends_on)),
                amount: money(becomes.due_now),
            });
            quote.later.extend(becomes_quote.later);
            facts.push(row(words.end(), words.convert_quote(&day(quoted.ends_on), &money(becomes.due_now))));
            facts.push(row(words.convert(), words.convert_assigned().to_owned()));
        }
        None => facts.push(row(words.end(), words.end_by_itself().to_owned())),
    }
    facts.push(row(texts.checkout().payer(), place.person.profile.display(language)));
    facts.push(row(texts.checkout().invoice_to(), place.organization.legal_name.clone()));
    facts.extend(seller.map(|issuer| row(texts.checkout().seller(), issuer.name.get(language).clone())));
    ConfirmStep {
        card: card_line(card, texts),
        facts,
        agree: words.agree().to_owned(),
        legal: seller.map(|issuer| legal(issuer, texts)).unwrap_or_default(),
        seal: quoted.seal.clone(),
        quoted_at: quoted.at.as_micros(),
        button: words.button().to_owned(),
        note: words.nothing_now().to_owned(),
        declined: None,
        changed: asked.changed,
        quote,
    }
}
