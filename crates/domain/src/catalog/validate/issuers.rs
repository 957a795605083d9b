//! What can be wrong with issuers and their tax rows.

use super::{ProblemCode, Report, repeats};
use crate::address::Address;
use crate::catalog::{Catalog, Issuer, IssuerKind, LegalText, TaxKind};
use crate::tax_id::TaxIdForm;

pub(super) fn check(catalog: &Catalog, report: &mut Report) {
    report.when_at("issuers", catalog.issuers.is_empty(), ProblemCode::EmptyList);
    report.each("issuers", &catalog.issuers, |report, place, issuer| {
        report.when_at(
            "key",
            repeats(&catalog.issuers, place, |issuer| &issuer.key),
            ProblemCode::DuplicateKey,
        );
        report.text("name", &issuer.name, 200);
        address(report, "address.ja", &issuer.address.ja);
        address(report, "address.en", &issuer.address.en);
        time_zone(report, issuer);
        registration_number(report, issuer);
        report.when_at("number_prefix", !is_prefix(&issuer.number_prefix), ProblemCode::WrongPrefix);
        let same_prefix = repeats(&catalog.issuers, place, |issuer| &issuer.number_prefix);
        report.when_at("number_prefix", same_prefix, ProblemCode::DuplicatePrefix);
        markets(report, &catalog.issuers[..place], issuer);
        legal(report, "terms", issuer.terms.as_ref());
        legal(report, "privacy", issuer.privacy.as_ref());
        tax(report, issuer);
    });
}

/// Links that a publisher types are https (house rule "Trust").
fn legal(report: &mut Report, name: &str, text: Option<&LegalText>) {
    let Some(text) = text else { return };
    report.at(name, |report| {
        report.when_at("version", text.version.trim().is_empty(), ProblemCode::EmptyText);
        report.too_long("version", &text.version, 40);
        for (language, address) in [("ja", &text.address.ja), ("en", &text.address.en)] {
            let place = format!("address.{language}");
            report.when_at(&place, !address.starts_with("https://"), ProblemCode::NotHttps);
            report.too_long(&place, address, 500);
        }
    });
}

fn address(report: &mut Report, name: &str, address: &Address) {
    report.at(name, |report| {
        report.when_at("city", address.city.trim().is_empty(), ProblemCode::EmptyText);
        report.when_at("street", address.street.trim().is_empty(), ProblemCode::EmptyText);
        for (name, text) in [
            ("postal_code", &address.postal_code),
            ("region", &address.region),
            ("city", &address.city),
            ("street", &address.street),
            ("building", &address.building),
        ] {
            report.too_long(name, text, 200);
        }
    });
}

#[cfg(feature = "zones")]
fn time_zone(report: &mut Report, issuer: &Issuer) {
    let unknown = crate::time::Zone::find(&issuer.time_zone).is_err();
    report.when_at("time_zone", unknown, ProblemCode::UnknownTimeZone);
}

/// Without the database every well-formed name passes.
#[cfg(not(feature = "zones"))]
fn time_zone(_: &mut Report, _: &Issuer) {}

fn registration_number(report: &mut Report, issuer: &Issuer) {
    report.at("registration_number", |report| match issuer.tax_id() {
        None => {}
        Some(Err(_)) => report.when(true, ProblemCode::WrongRegistrationNumber),
        Some(Ok(id)) => {
            let no_company = id.form() == TaxIdForm::NotACompany;
            let is_company = issuer.kind == IssuerKind::Company;
            report.when(no_company && is_company, ProblemCode::CompanyCheckDigit);
            report.when(no_company && !is_company, ProblemCode::CheckDigitWarning);
        }
    });
}

fn is_prefix(prefix: &str) -> bool {
    (1..=12).contains(&prefix.len())
        && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn markets(report: &mut Report, earlier: &[Issuer], issuer: &Issuer) {
    report.when_at("currencies", issuer.currencies.is_empty(), ProblemCode::EmptyList);
    report.each("currencies", &issuer.currencies, |report, place, _| {
        report.when(repeats(&issuer.currencies, place, |currency| *currency), ProblemCode::Duplicate);
    });
    report.when_at("sells_to", issuer.sells_to.is_empty(), ProblemCode::EmptyList);
    report.each("sells_to", &issuer.sells_to, |report, place, country| {
        report.when(repeats(&issuer.sells_to, place, |country| *country), ProblemCode::Duplicate);
        let taken = earlier.iter().any(|other| other.sells_to.contains(country));
        report.when(taken, ProblemCode::CountryOfTwoIssuers);
    });
}

fn tax(report: &mut Report, issuer: &Issuer) {
    report.each("tax", &issuer.tax, |report, place, row| {
        let has_rate = row.rate.millionths() > 0;
        report.when_at("rate", has_rate != row.kind.is_taxed(), ProblemCode::RateOfKind);
        let same = repeats(&issuer.tax, place, |row| {
            (row.country, &row.category, row.valid_from, row.kind == TaxKind::ReverseCharge)
        });
        report.when(same, ProblemCode::DuplicateTaxRow);
        let unused = !issuer.sells_to.contains(&row.country);
        report.when_at("country", unused, ProblemCode::CountryNotSoldTo);
    });
}
