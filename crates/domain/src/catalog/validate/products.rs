//! What can be wrong with products, plans, trials and prices.

use super::{LARGEST_AMOUNT, ProblemCode, Report, repeats};
use crate::catalog::{BillingFrequency, Catalog, Charge, Plan, Price, Product, Term, Tier, TrialRule};

pub(super) fn check(catalog: &Catalog, report: &mut Report) {
    report.each("products", &catalog.products, |report, place, product| {
        report.when_at(
            "key",
            repeats(&catalog.products, place, |product| &product.key),
            ProblemCode::DuplicateKey,
        );
        report.text("name", &product.name, 100);
        report.text("summary", &product.summary, 300);
        report.too_long("description.ja", &product.description.ja, 10_000);
        report.too_long("description.en", &product.description.en, 10_000);
        let mut rows = catalog.issuers.iter().flat_map(|issuer| &issuer.tax);
        let known = rows.any(|row| row.category == product.tax_category);
        report.when_at("tax_category", !known, ProblemCode::UnknownTaxCategory);
        report.at("lifecycle", |report| {
            report.when_at(
                "expired_days",
                product.lifecycle.expired_days > MOST_DAYS,
                ProblemCode::WrongDays,
            );
            report.when_at(
                "disabled_days",
                product.lifecycle.disabled_days > MOST_DAYS,
                ProblemCode::WrongDays,
            );
            let trial = product.lifecycle.trial_expired_days;
            report.when_at("trial_expired_days", trial > MOST_DAYS, ProblemCode::WrongDays);
        });
        if let Some(rule) = &product.trial {
            report.at("trial", |report| trial(report, product, rule));
        }
        report.when(product.is_trial_only() && product.trial.is_none(), ProblemCode::NothingToSell);
        report.each("plans", &product.plans, |report, place, plan| {
            report.when_at(
                "key",
                repeats(&product.plans, place, |plan| &plan.key),
                ProblemCode::DuplicateKey,
            );
            self::plan(catalog, report, plan);
        });
    });
}

/// Ten years: longer is a slip of the keyboard.
const MOST_DAYS: u16 = 3650;

fn trial(report: &mut Report, product: &Product, rule: &TrialRule) {
    report.when_at("days", !(1..=MOST_DAYS).contains(&rule.days), ProblemCode::WrongDays);
    report.when_at("extension_days", rule.extension_days > MOST_DAYS, ProblemCode::WrongDays);
    report.seats("seats", rule.seats);
    let plan = rule.plan.as_ref().map_or(product.plans.first(), |key| product.plan(key.as_str()));
    report.when_at("plan", plan.is_none(), ProblemCode::UnknownPlan);
}

fn plan(catalog: &Catalog, report: &mut Report, plan: &Plan) {
    report.text("name", &plan.name, 100);
    report.each("features", &plan.features, |report, _, feature| {
        for (language, text) in [("ja", &feature.ja), ("en", &feature.en)] {
            report.when_at(language, text.trim().is_empty(), ProblemCode::EmptyText);
            report.too_long(language, text, 200);
        }
    });
    report.seats("seats.minimum", plan.seats.minimum);
    report.seats("seats.maximum", plan.seats.maximum);
    report.when_at("seats", plan.seats.maximum < plan.seats.minimum, ProblemCode::WrongSeats);
    report.each("prices", &plan.prices, |report, place, price| {
        let same = repeats(&plan.prices, place, |price| (price.currency, price.term, price.frequency));
        report.when(same, ProblemCode::DuplicatePrice);
        let mut currencies = catalog.issuers.iter().flat_map(|issuer| &issuer.currencies);
        let sold = currencies.any(|currency| *currency == price.currency);
        report.when_at("currency", !sold, ProblemCode::CurrencyOfNoIssuer);
        self::price(report, price);
    });
}

fn price(report: &mut Report, price: &Price) {
    let one_month_in_parts = price.term == Term::OneMonth && price.frequency == BillingFrequency::Monthly;
    report.when_at("frequency", one_month_in_parts, ProblemCode::InstalmentsOfOneMonth);
    report.when_at("charges", !price.charges.iter().any(Charge::is_recurring), ProblemCode::NothingRecurring);
    report.each("charges", &price.charges, |report, place, charge| {
        let same = repeats(&price.charges, place, |charge| (charge.is_recurring(), charge.is_per_seat()));
        report.when(same, ProblemCode::ChargeTwice);
        match charge {
            Charge::Flat(amount) | Charge::PerSeat(amount) | Charge::OneTime(amount) => {
                report.when(!is_amount(*amount), ProblemCode::WrongAmount);
            }
            Charge::Graduated(tiers) => report.at("graduated", |report| self::tiers(report, tiers)),
            Charge::Volume(tiers) => report.at("volume", |report| self::tiers(report, tiers)),
        }
    });
}

fn is_amount(amount: i64) -> bool {
    (0..=LARGEST_AMOUNT).contains(&amount)
}

/// Tiers rise from at least one seat; only the last is open, and it is always open.
fn tiers(report: &mut Report, tiers: &[Tier]) {
    let bounds: Option<Vec<u32>> = match tiers {
        [rest @ .., Tier { up_to: None, .. }] => rest.iter().map(|tier| tier.up_to).collect(),
        _ => None,
    };
    let rise = bounds.is_some_and(|bounds| bounds.first() != Some(&0) && bounds.is_sorted_by(|a, b| a < b));
    report.when(!rise, ProblemCode::WrongTiers);
    for (place, tier) in tiers.iter().enumerate() {
        report.when_at(&format!("[{place}]"), !is_amount(tier.per_seat), ProblemCode::WrongAmount);
    }
}
