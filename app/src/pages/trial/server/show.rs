//! The last page before a trial in words and amounts.

use domain::catalog::{Plan, Product, TrialCard};
use services::ServiceError;
use services::trials::{TrialOffer, TrialWish};

use super::{ConvertView, TrialForm, TrialView};
use crate::components::{ChoiceView, SeatsBoxView};
use crate::error::AppError;
use crate::format::{date_long, money};
use crate::pages::checkout::server::legal;
use crate::pages::product::server::{main_charge, seats_error, term_and_frequency, unit_of};
use crate::pages::products::server::full_name;
use crate::request::{answer, asker, fresh_key, language, query, services};
use crate::texts::{Texts, group};

/// What the address says.
pub(super) struct Typed {
    pub(super) convert: bool,
    pub(super) offer: Option<String>,
    pub(super) seats: Option<String>,
}

/// What the page shows.
pub(super) fn trial(offer: &TrialOffer, typed: &Typed) -> Result<TrialView, AppError> {
    let texts = Texts::new(language());
    let product = offer.window.shelf.catalog.product(offer.product.as_str()).ok_or(AppError::NotFound)?;
    let plan = product.plan(offer.plan.as_str()).ok_or(AppError::NotFound)?;
    let convert = (offer.rule.card == TrialCard::Required && !offer.choices.is_empty())
        .then(|| convert(offer, plan, typed, texts));
    let form = TrialForm {
        key: fresh_key(),
        facts: facts(offer, product, plan, texts)?,
        convert,
        legal: offer.window.issuer().map(|issuer| legal(issuer, texts)).unwrap_or_default(),
    };
    Ok(TrialView {
        product: product.key.to_string(),
        name: full_name(product, plan, texts.language()),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        summary: texts.product().trial_more(&offer.rule.days.to_string(), &offer.rule.seats.to_string()),
        form: (!offer.used).then_some(form),
    })
}

fn facts(
    offer: &TrialOffer,
    product: &Product,
    plan: &Plan,
    texts: Texts,
) -> Result<Vec<(String, String)>, AppError> {
    let words = texts.trial();
    let language = texts.language();
    let rule = &offer.rule;
    let last = offer.ends_on.yesterday().unwrap_or(offer.ends_on);
    let kept = i64::from(product.lifecycle.trial_expired_days) + i64::from(product.lifecycle.disabled_days);
    let asker = asker();
    let place = asker.must_place().map_err(|error| answer(&error))?;
    let row = |name: &str, fact: String| (name.to_owned(), fact);
    let mut facts = vec![
        row(words.product(), full_name(product, plan, language)),
        row(words.seats(), words.seats_more(i64::from(rule.seats))),
        row(words.until(), words.until_more(&date_long(last, language), i64::from(rule.days))),
        row(words.cost(), words.cost_more().to_owned()),
        row(words.end(), words.end_by_itself().to_owned()),
    ];
    if rule.extension_days > 0 {
        let (within, days) = (rule.extension_within_days.to_string(), rule.extension_days.to_string());
        facts.push(row(words.extension(), words.extension_more(&days, &within)));
    }
    facts.push(row(words.data(), words.data_more(kept)));
    facts.push(row(words.payer(), place.person.profile.display(language)));
    facts.push(row(texts.checkout().invoice_to(), place.organization.legal_name.clone()));
    Ok(facts)
}

fn convert(offer: &TrialOffer, plan: &Plan, typed: &Typed, texts: Texts) -> ConvertView {
    let words = texts.trial();
    let code = |(term, frequency): &(_, _)| format!("{term}/{frequency}");
    let asked = typed.offer.as_ref().and_then(|asked| offer.choices.iter().find(|each| code(each) == *asked));
    let chosen = asked.or_else(|| offer.choices.first());
    let offers = offer.choices.iter().map(|each| {
        let (term, frequency) = *each;
        let currency = offer.window.customer.currency;
        let slot = (currency, term, frequency);
        let price = plan.prices.iter().find(|price| (price.currency, price.term, price.frequency) == slot);
        let note = price.and_then(main_charge).map(|(amount, per_seat)| {
            [money(amount).as_str(), " ", unit_of(term, frequency, per_seat, texts)].concat()
        });
        ChoiceView {
            value: code(each),
            name: term_and_frequency(term, frequency, texts),
            note: note.unwrap_or_default(),
            lines: Vec::new(),
            chosen: chosen == Some(each),
        }
    });
    let offers = offers.collect();
    let seats = typed.seats.clone().unwrap_or_else(|| plan.seats.minimum.to_string());
    let wish = TrialWish {
        product: offer.product.to_string(),
        seats_to_buy: seats.clone(),
        convert: chosen.map(|(term, frequency)| (term.code().to_owned(), frequency.code().to_owned())),
    };
    let quoted = services().quote_trial(&offer.window, &wish);
    let (then, error, seats_problem) = match quoted {
        Ok(Some(quote)) => {
            let day = date_long(offer.ends_on, texts.language());
            (Some(words.convert_quote(&day, &money(quote.due_now))), None, None)
        }
        Ok(None) => (None, None, None),
        Err(ServiceError::Fields(errors)) => {
            (None, None, errors.first().map(|error| seats_error(error.problem, texts)))
        }
        Err(error) => (None, Some(answer(&error).text(texts)), None),
    };
    let number: u32 = seats.trim().parse().unwrap_or(plan.seats.minimum);
    let step = |seats: u32| {
        let (yes, seats) = ("yes".to_owned(), seats.max(1).to_string());
        let chosen = chosen.map(code).unwrap_or_default();
        let typed = query(&[("convert", &yes), ("offer", &chosen), ("seats", &seats)]);
        format!("/catalog/{}/trial?{typed}", offer.product)
    };
    let [least, most] = [plan.seats.minimum, plan.seats.maximum].map(|seats| group(i64::from(seats)));
    ConvertView {
        ticked: typed.convert,
        offers,
        seats: SeatsBoxView {
            hint: texts.checkout().seats_hint(&least, &most),
            error: seats_problem,
            fewer: step(number.saturating_sub(1)),
            more: step(number.saturating_add(1)),
            value: seats,
        },
        then,
        error,
    }
}
