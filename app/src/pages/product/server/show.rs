//! A product in words and amounts.

use domain::catalog::{
    BillingFrequency, NotSoldReason, Offer, PlanOffer, Product, Sale, TaxKind, Term, TrialCard, TrialRule,
};
use domain::field::FieldProblem;
use domain::time::add_days;
use services::catalog::Window;
use services::orders::Wish;
use services::{ServiceError, Services};

use super::prices::plan_card;
use super::{BuyBox, ProductView, TermChoice, TrialBox};
use crate::format::date_long;
use crate::request::{fresh_key, language};
use crate::texts::Texts;

/// What the address says, as it was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) term: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) frequency: Option<String>,
    pub(super) seats: Option<String>,
}

/// What the page shows; nothing if there is no such product (any more).
pub(super) fn product(services: &Services, window: &Window, key: &str, typed: &Typed) -> Option<ProductView> {
    let language = language();
    let texts = Texts::new(language);
    let (product, offer) = window.offers().find(|(product, _)| product.key.as_str() == key)?;
    let mut view = ProductView {
        key: key.to_owned(),
        name: product.name.get(language).clone(),
        summary: product.summary.get(language).clone(),
        description: paragraphs(product.description.get(language)),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        terms: Vec::new(),
        plans: Vec::new(),
        tax_note: String::new(),
        facts: facts(product, texts),
        not_sold: None,
        buy: None,
        trial: None,
    };
    match &offer {
        Offer::Sold(sale) => {
            sold(&mut view, sale, typed, (services, window), texts);
            view.trial = sale.trial.map(|rule| trial_box(key, rule, window, texts));
        }
        Offer::TrialOnly { trial, .. } => view.trial = Some(trial_box(key, trial, window, texts)),
        Offer::NotSoldHere(reason) => view.not_sold = Some(not_sold(*reason, texts).to_owned()),
    }
    Some(view)
}

fn sold(
    view: &mut ProductView,
    sale: &Sale<'_>,
    typed: &Typed,
    (services, window): (&Services, &Window),
    texts: Texts,
) {
    let mut terms: Vec<Term> =
        sale.plans.iter().flat_map(|plan| &plan.prices).map(|price| price.term).collect();
    terms.sort_by_key(|term| term.months());
    terms.dedup();
    let asked = typed.term.as_deref().and_then(Term::from_code).filter(|term| terms.contains(term));
    let Some(chosen) = asked.or_else(|| terms.first().copied()) else { return };
    let choice = |term: Term| TermChoice {
        code: term.code().to_owned(),
        name: term_name(term, texts).to_owned(),
        chosen: term == chosen,
    };
    view.terms = terms.iter().copied().map(choice).collect();
    view.plans = sale.plans.iter().filter_map(|plan| plan_card(plan, chosen, texts)).collect();
    let issuer = sale.issuer.name.get(texts.language());
    view.tax_note = match sale.tax.kind {
        TaxKind::Standard | TaxKind::Reduced | TaxKind::Zero => {
            texts.product().tax_note(&sale.tax.rate.to_string(), issuer)
        }
        TaxKind::Exempt | TaxKind::OutsideScope => texts.product().no_tax_note(issuer),
        TaxKind::ReverseCharge => texts.product().reverse_charge_note(issuer),
    };
    let asked = typed.plan.as_deref().filter(|asked| view.plans.iter().any(|plan| plan.key == *asked));
    let plan = asked.map(str::to_owned).or_else(|| view.plans.first().map(|plan| plan.key.clone()));
    let Some(plan) = plan else { return };
    for card in &mut view.plans {
        card.chosen = card.key == plan;
    }
    let offer = sale.plans.iter().find(|offer| offer.plan.key.as_str() == plan);
    view.buy = offer.map(|offer| buy_box(&view.key, offer, chosen, typed, (services, window), texts));
}

/// The chosen plan for the chosen term: how it can be paid, for how many, and what it costs.
fn buy_box(
    product: &str,
    offer: &PlanOffer<'_>,
    term: Term,
    typed: &Typed,
    (services, window): (&Services, &Window),
    texts: Texts,
) -> BuyBox {
    let words = texts.product();
    let of_term = offer.prices.iter().filter(|price| price.term == term);
    let mut frequencies: Vec<BillingFrequency> = of_term.map(|price| price.frequency).collect();
    frequencies.sort_unstable();
    let asked = typed.frequency.as_deref().and_then(BillingFrequency::from_code);
    let asked = asked.filter(|asked| frequencies.contains(asked));
    let frequency = asked.or_else(|| frequencies.first().copied()).unwrap_or(BillingFrequency::UpFront);
    let name = |frequency: BillingFrequency| match frequency {
        BillingFrequency::UpFront => words.up_front(),
        BillingFrequency::Monthly => words.monthly(),
    };
    let choice = |each: BillingFrequency| TermChoice {
        code: each.code().to_owned(),
        name: name(each).to_owned(),
        chosen: each == frequency,
    };
    let seats = typed.seats.clone().unwrap_or_else(|| offer.plan.seats.minimum.to_string());
    let wish = Wish {
        product: product.to_owned(),
        plan: offer.plan.key.to_string(),
        term: term.code().to_owned(),
        frequency: frequency.code().to_owned(),
        seats: seats.clone(),
    };
    let quoted = wish.choice(window).and_then(|choice| services.quote(window, &choice));
    let seats_error = match &quoted {
        Err(ServiceError::Fields(errors)) => errors.first().map(|error| seats_error(error.problem, texts)),
        _ => None,
    };
    let seller = window.issuer().map_or(window.customer.country, |issuer| issuer.country);
    let product_name =
        window.shelf.catalog.product(product).map(|product| product.name.get(texts.language()));
    BuyBox {
        key: fresh_key(),
        name: format!(
            "{} {}",
            product_name.map(String::as_str).unwrap_or_default(),
            offer.plan.name.get(texts.language())
        ),
        plan: wish.plan,
        term: wish.term,
        frequencies: frequencies.into_iter().map(choice).collect(),
        seats,
        seats_error,
        quote: quoted.ok().map(|quote| crate::quoting::quote(&quote, seller, texts)),
    }
}

/// How the product can be tried before.
fn trial_box(product: &str, rule: &TrialRule, window: &Window, texts: Texts) -> TrialBox {
    let words = texts.trial();
    let seats = words.offer_note(&group(rule.seats));
    let end = add_days(window.customer.today, i32::from(rule.days) - 1).ok();
    let end = end.map(|end| date_long(end, texts.language())).unwrap_or_default();
    let more = match rule.card {
        TrialCard::None => words.offer_no_card(&end),
        TrialCard::Required => words.offer_card().to_owned(),
    };
    TrialBox {
        button: words.start_days(&rule.days.to_string()),
        note: [seats, more].join(" "),
        address: ["/catalog/", product, "/trial"].concat(),
    }
}

/// Why a number of seats is refused.
pub(crate) fn seats_error(problem: FieldProblem, texts: Texts) -> String {
    let words = texts.product();
    match problem {
        FieldProblem::Missing => words.seats_missing().to_owned(),
        FieldProblem::OutOfRange { least, most } => words.seats_out_of_range(&group(least), &group(most)),
        _ => words.seats_not_a_number().to_owned(),
    }
}

fn facts(product: &Product, texts: Texts) -> Vec<(String, String)> {
    let words = texts.product();
    let lifecycle = product.lifecycle;
    let mut facts = vec![
        (words.canceling().to_owned(), words.canceling_more().to_owned()),
        (words.adding().to_owned(), words.adding_more().to_owned()),
        (words.renewal().to_owned(), words.renewal_more().to_owned()),
        (
            words.your_data().to_owned(),
            words.your_data_more(&lifecycle.expired_days.to_string(), &lifecycle.disabled_days.to_string()),
        ),
    ];
    if let Some(trial) = &product.trial {
        let more = words.trial_more(&trial.days.to_string(), &trial.seats.to_string());
        facts.push((words.trial().to_owned(), more));
    }
    facts
}

/// A term in words.
pub(crate) fn term_name(term: Term, texts: Texts) -> &'static str {
    match term {
        Term::OneMonth => texts.product().one_month(),
        Term::OneYear => texts.product().one_year(),
        Term::ThreeYears => texts.product().three_years(),
    }
}

/// A term and how it is paid: `1 year, monthly`.
pub(crate) fn term_and_frequency(term: Term, frequency: BillingFrequency, texts: Texts) -> String {
    let words = texts.product();
    let paid = match frequency {
        BillingFrequency::UpFront => words.up_front(),
        BillingFrequency::Monthly => words.monthly(),
    };
    if term == Term::OneMonth {
        return term_name(term, texts).to_owned();
    }
    [term_name(term, texts), paid].join(texts.quote().joint())
}

fn not_sold(reason: NotSoldReason, texts: Texts) -> &'static str {
    let words = texts.product();
    match reason {
        NotSoldReason::Retired => words.not_sold_retired(),
        NotSoldReason::Country => words.not_sold_country(),
        NotSoldReason::IssuerCurrency | NotSoldReason::Price => words.not_sold_currency(),
        NotSoldReason::TaxRow => words.not_sold_tax(),
        NotSoldReason::NeedsTaxId => words.not_sold_tax_id(),
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(|paragraph| paragraph.trim().replace('\n', " "))
        .filter(|p| !p.is_empty())
        .collect()
}

fn group(number: u32) -> String {
    crate::texts::group(i64::from(number))
}
