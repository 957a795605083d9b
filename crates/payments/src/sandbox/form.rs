//! The card form: what is typed, what of it may be shown again, and what is wrong with it.
//!
//! The only place of the house where a card's number and security code exist, for as long as one request
//! takes.

use domain::field::{FieldProblem, parse_line};
use domain::name::LONGEST_PART;
use domain::time::Date;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use super::test_card::{Behavior, TestCard, WRONG_CODE, passes_luhn};
use crate::provider::{Expiry, LastFour};

/// How long the name on a card may be: both parts of a name.
const LONGEST_NAME: u32 = LONGEST_PART * 2;

/// So many digits in a row are a card's number, wherever they are typed.
const DIGITS_OF_A_NUMBER: usize = 12;

/// How many years ahead a card can be good.
const FURTHEST_YEARS: i16 = 20;

/// What was typed. Neither shown by `Debug` nor kept.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    number: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
}

/// What a refused form shows again: everything but number and code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// As it was typed.
    pub(super) expiry: String,
    /// As it was typed.
    pub(super) name: String,
}

/// What was typed and is in order.
#[derive(Debug)]
pub(super) struct Checked {
    /// What is left of the number; `None` in an edit, which has none.
    pub(super) number: Option<CheckedNumber>,
    /// The expiry.
    pub(super) expiry: Expiry,
    /// The name on the card.
    pub(super) holder: String,
}

/// What is left of a number.
#[derive(Debug)]
pub(super) struct CheckedNumber {
    /// The test card that it is.
    pub(super) test_card: &'static TestCard,
    /// Its end.
    pub(super) last_four: LastFour,
}

/// What is wrong, field by field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Problems {
    pub(super) number: Option<Problem>,
    pub(super) expiry: Option<Problem>,
    pub(super) code: Option<Problem>,
    pub(super) name: Option<Problem>,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    NumberMissing,
    NumberWrong,
    NotATestCard,
    ExpiryMissing,
    ExpiryWrong,
    ExpiryPast,
    CodeMissing,
    CodeWrong,
    CodeRefused,
    NameMissing,
    NameTooLong,
    NameHoldsNumber,
}

impl Problems {
    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it was the bank that said no, which may not be tried for ever.
    pub(super) fn spend_a_try(&self) -> bool {
        self.number == Some(Problem::NotATestCard) || self.code == Some(Problem::CodeRefused)
    }
}

impl Typed {
    /// What may be shown again. A number that was typed into the wrong field is not.
    pub(super) fn kept(&self) -> Kept {
        let harmless =
            |text: &str| if holds_number(text) { String::new() } else { text.chars().take(500).collect() };
        Kept { expiry: harmless(&self.expiry), name: harmless(&self.name) }
    }

    /// Checks everything. `with_number`: a new card, which has a number; an edit has none.
    pub(super) fn check(&self, with_number: bool, today: Date) -> Result<Checked, Problems> {
        let mut problems = Problems::default();
        let number = if with_number { note(check_number(&self.number), &mut problems.number) } else { None };
        let expiry = note(check_expiry(&self.expiry, today), &mut problems.expiry);
        note(check_code(&self.code), &mut problems.code);
        let holder = note(check_name(&self.name), &mut problems.name);
        // The bank is asked only about what could be a card.
        let refused = plain(&self.code) == WRONG_CODE
            || number.as_ref().is_some_and(|number| number.test_card.behavior == Behavior::WrongCode);
        if problems.is_empty() && refused {
            problems.code = Some(Problem::CodeRefused);
        }
        match (expiry, holder) {
            (Some(expiry), Some(holder)) if problems.is_empty() => Ok(Checked { number, expiry, holder }),
            _ => Err(problems),
        }
    }
}

fn note<T>(checked: Result<T, Problem>, place: &mut Option<Problem>) -> Option<T> {
    checked.map_err(|problem| *place = Some(problem)).ok()
}

/// Half-width, without spaces and hyphens of any kind: how digits are meant.
fn plain(text: &str) -> String {
    let joins = |character: char| character.is_whitespace() || "-‐‑‒–—―−ーｰ".contains(character);
    text.nfkc().filter(|character| !joins(*character)).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn holds_number(text: &str) -> bool {
    plain(text)
        .split(|character: char| !character.is_ascii_digit())
        .any(|run| run.len() >= DIGITS_OF_A_NUMBER)
}

fn check_number(text: &str) -> Result<CheckedNumber, Problem> {
    let number = plain(text);
    if number.is_empty() {
        return Err(Problem::NumberMissing);
    }
    if !is_digits(&number) || !(12..=19).contains(&number.len()) || !passes_luhn(&number) {
        return Err(Problem::NumberWrong);
    }
    let test_card = TestCard::find(&number).ok_or(Problem::NotATestCard)?;
    let last_four = number[number.len() - 4..].parse().map_err(|_| Problem::NumberWrong)?;
    Ok(CheckedNumber { test_card, last_four })
}

/// `05/30`, `5 / 2030`, `0530`, `０５／３０`: month first, as on the card.
fn check_expiry(text: &str, today: Date) -> Result<Expiry, Problem> {
    let typed = plain(text);
    if typed.is_empty() {
        return Err(Problem::ExpiryMissing);
    }
    let (month, year) = match typed.split_once('/') {
        Some(parts) => parts,
        None if is_digits(&typed) && matches!(typed.len(), 4 | 6) => typed.split_at(2),
        None => return Err(Problem::ExpiryWrong),
    };
    let lengths = matches!(month.len(), 1 | 2) && matches!(year.len(), 2 | 4);
    if !lengths || !is_digits(month) || !is_digits(year) {
        return Err(Problem::ExpiryWrong);
    }
    let century = if year.len() == 2 { 2000 } else { 0 };
    let year = year.parse::<i16>().map_err(|_| Problem::ExpiryWrong)? + century;
    let month = month.parse().map_err(|_| Problem::ExpiryWrong)?;
    let expiry = Expiry::new(year, month).ok_or(Problem::ExpiryWrong)?;
    if expiry.is_past(today) {
        return Err(Problem::ExpiryPast);
    }
    if year > today.year() + FURTHEST_YEARS {
        return Err(Problem::ExpiryWrong);
    }
    Ok(expiry)
}

fn check_code(text: &str) -> Result<(), Problem> {
    let code = plain(text);
    match code.len() {
        0 => Err(Problem::CodeMissing),
        3 if is_digits(&code) => Ok(()),
        _ => Err(Problem::CodeWrong),
    }
}

fn check_name(text: &str) -> Result<String, Problem> {
    if holds_number(text) {
        return Err(Problem::NameHoldsNumber);
    }
    match parse_line(text, LONGEST_NAME) {
        Ok(name) if name.is_empty() => Err(Problem::NameMissing),
        Ok(name) => Ok(name),
        Err(FieldProblem::TooLong { .. }) => Err(Problem::NameTooLong),
        Err(_) => Err(Problem::NameMissing),
    }
}

#[cfg(test)]
mod tests;
