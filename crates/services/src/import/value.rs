//! Single values as they stand in cells and files, read into the types of the rules.

use domain::catalog::Key;
use domain::country::Country;
use domain::field::{FieldProblem, parse_line};
use domain::language::Language;
use domain::mail::{MailAddress, MailDomain};
use domain::money::Currency;
use domain::tax_id::TaxId;
use domain::time::{Zone, ZoneName};

use super::near::near;
use super::problem::ProblemCode;

/// A cell without the spaces around it and without the `'` that protects spreadsheets from it.
///
/// On the way out a cell that starts with `=`, `+`, `-`, `@`, a tab or a line break gets a leading `'`
/// (SPEC 7); it comes off here, and only there: `'t Hooft` is a name.
pub(super) fn plain(cell: &str) -> &str {
    let trimmed = cell.trim();
    match trimmed.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => rest.trim(),
        _ => trimmed,
    }
}

/// One line of text of at most `limit` characters: inner spaces and line breaks become one space.
pub(super) fn line(text: &str, limit: u32) -> Result<String, ProblemCode> {
    if text.contains('\u{fffd}') {
        return Err(ProblemCode::BrokenCharacter);
    }
    let hidden = |c: &char| (c.is_control() && !c.is_whitespace()) || turns_text_around(*c);
    if let Some(character) = text.chars().find(hidden) {
        return Err(ProblemCode::ControlCharacter { code_point: character.into() });
    }
    parse_line(text, limit).map_err(|problem| refused(text, &problem))
}

/// Characters that reorder what is shown, so that one name could be made to look like another, and the mark
/// that belongs at the beginning of a file.
fn turns_text_around(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

pub(super) fn key(text: &str) -> Result<Key, ProblemCode> {
    text.parse().map_err(|_| ProblemCode::InvalidKey { value: text.to_owned() })
}

pub(super) fn mail(text: &str) -> Result<MailAddress, ProblemCode> {
    text.parse().map_err(|problem| refused(text, &problem))
}

pub(super) fn mail_domain(text: &str) -> Result<MailDomain, ProblemCode> {
    text.parse().map_err(|problem| refused(text, &problem))
}

pub(super) fn country(text: &str) -> Result<Country, ProblemCode> {
    text.parse().map_err(|_| ProblemCode::UnknownCountry { value: text.to_owned() })
}

pub(super) fn currency(text: &str) -> Result<Currency, ProblemCode> {
    text.parse().map_err(|_| ProblemCode::UnknownCurrency { value: text.to_owned() })
}

pub(super) fn tax_id(country: Country, text: &str) -> Result<TaxId, ProblemCode> {
    TaxId::parse(country, text).map_err(|_| ProblemCode::InvalidTaxId { value: text.to_owned(), country })
}

pub(super) fn language(text: &str) -> Result<Language, ProblemCode> {
    text.parse().map_err(|_| ProblemCode::UnknownLanguage { value: text.to_owned() })
}

pub(super) fn time_zone(text: &str) -> Result<ZoneName, ProblemCode> {
    let unknown = || ProblemCode::UnknownTimeZone { value: text.to_owned(), near: zones_like(text) };
    let name: ZoneName = text.parse().map_err(|_| unknown())?;
    Zone::find(&name).map_err(|_| unknown())?;
    Ok(name)
}

pub(super) fn yes_no(text: &str) -> Result<bool, ProblemCode> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" | "はい" => Ok(true),
        "false" | "no" | "0" | "いいえ" => Ok(false),
        _ => Err(ProblemCode::NotYesNo { value: text.to_owned() }),
    }
}

fn zones_like(text: &str) -> Vec<String> {
    let names: Vec<String> =
        jiff::tz::TimeZoneDatabase::bundled().available().map(|zone| zone.as_str().to_owned()).collect();
    near(text, names.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
}

fn refused(text: &str, problem: &FieldProblem) -> ProblemCode {
    match *problem {
        FieldProblem::Missing => ProblemCode::Required,
        FieldProblem::TooLong { most } => ProblemCode::TooLong { limit: most, found: text.chars().count() },
        FieldProblem::NotAMailDomain => ProblemCode::InvalidMailDomain { value: text.to_owned() },
        _ => ProblemCode::InvalidMail { value: text.to_owned() },
    }
}
