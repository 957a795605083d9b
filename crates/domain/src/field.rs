//! What people type: read generously, refused clearly (SPEC 7).

use unicode_normalization::UnicodeNormalization as _;

use crate::subscription::SeatCount;

/// Why a field was refused. The sentence for it stands in the locale files; the name says beside which field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("{field}: {problem}")]
pub struct FieldError {
    /// The name of the field, as in forms and files.
    pub field: &'static str,
    /// What is wrong with what stands in it.
    pub problem: FieldProblem,
}

/// What is wrong with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum FieldProblem {
    /// Nothing was typed.
    #[error("is missing")]
    Missing,
    /// More characters than there is room for.
    #[error("is longer than {most} characters")]
    TooLong {
        /// How many there may be.
        most: u32,
    },
    /// Line breaks or other control characters.
    #[error("contains control characters")]
    ControlCharacters,
    /// Not a whole number.
    #[error("is not a whole number")]
    NotANumber,
    /// A number outside its bounds.
    #[error("is not between {least} and {most}")]
    OutOfRange {
        /// The smallest that is allowed.
        least: u32,
        /// The largest that is allowed.
        most: u32,
    },
    /// Not a mail address.
    #[error("is not a mail address")]
    NotAMailAddress,
    /// Not a mail domain.
    #[error("is not a mail domain")]
    NotAMailDomain,
}

impl FieldProblem {
    /// The problem of a named field.
    pub const fn of(self, field: &'static str) -> FieldError {
        FieldError { field, problem: self }
    }

    /// The code of its sentence in the locale files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong { .. } => "too-long",
            Self::ControlCharacters => "control-characters",
            Self::NotANumber => "not-a-number",
            Self::OutOfRange { .. } => "out-of-range",
            Self::NotAMailAddress => "not-a-mail-address",
            Self::NotAMailDomain => "not-a-mail-domain",
        }
    }
}

/// A number of seats as people type it: `105`, `１０５`, `1,050`; spaces do not matter, anything else is
/// refused.
pub fn parse_seat_count(text: &str) -> Result<SeatCount, FieldProblem> {
    let number = parse_number(text)?;
    let largest = SeatCount::LARGEST;
    SeatCount::new(number).ok_or(FieldProblem::OutOfRange { least: 1, most: largest })
}

/// A whole number as people type it: full-width digits, spaces around and commas between are fine.
pub fn parse_number(text: &str) -> Result<u32, FieldProblem> {
    let plain: String = text.nfkc().filter(|character| !character.is_whitespace()).collect();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    if digits.is_empty() {
        return Err(FieldProblem::Missing);
    }
    let digits = if groups_of_three(digits) { digits.replace([',', '、'], "") } else { digits.to_owned() };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FieldProblem::NotANumber);
    }
    digits.parse().map_err(|_| FieldProblem::OutOfRange { least: 0, most: u32::MAX })
}

/// `1,050` but not `1,05`, which in some countries is a little more than one.
fn groups_of_three(digits: &str) -> bool {
    let mut groups = digits.split([',', '、']);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    first && groups.all(|group| group.len() == 3)
}

/// One line of text as people type it: spaces around are taken off and inner runs become one space.
///
/// Nothing is folded: a name stays as it is written. `most` counts characters.
pub fn parse_line(text: &str, most: u32) -> Result<String, FieldProblem> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().any(char::is_control) {
        return Err(FieldProblem::ControlCharacters);
    }
    if u32::try_from(line.chars().count()).map_or(true, |count| count > most) {
        return Err(FieldProblem::TooLong { most });
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn seats_are_read_as_people_type_them() {
        for (typed, seats) in [
            ("105", 105),
            ("１０５", 105),
            (" 105 ", 105),
            ("　１０５　", 105),
            ("1,050", 1050),
            ("１，０５０", 1050),
        ] {
            assert_eq!(parse_seat_count(typed).map(SeatCount::get), Ok(seats), "{typed}");
        }
        for (typed, problem) in [
            ("", FieldProblem::Missing),
            ("　", FieldProblem::Missing),
            ("many", FieldProblem::NotANumber),
            ("-5", FieldProblem::NotANumber),
            ("1.5", FieldProblem::NotANumber),
            ("1,05", FieldProblem::NotANumber),
            (",105", FieldProblem::NotANumber),
            ("10席", FieldProblem::NotANumber),
            ("0", FieldProblem::OutOfRange { least: 1, most: 1_000_000 }),
            ("1000001", FieldProblem::OutOfRange { least: 1, most: 1_000_000 }),
        ] {
            assert_eq!(parse_seat_count(typed), Err(problem), "{typed}");
        }
        assert_eq!(
            parse_number("99999999999999999999"),
            Err(FieldProblem::OutOfRange { least: 0, most: u32::MAX })
        );
    }

    #[test]
    fn a_line_keeps_its_words() {
        assert_eq!(parse_line("  設計　一部 \n", 5), Ok("設計 一部".to_owned()));
        assert_eq!(parse_line("設計一部です", 5), Err(FieldProblem::TooLong { most: 5 }));
        assert_eq!(parse_line("a\u{0}b", 5), Err(FieldProblem::ControlCharacters));
        assert_eq!(parse_line("   ", 5), Ok(String::new()));
    }

    proptest! {
        #[test]
        fn every_number_is_read_in_both_widths(number: u32) {
            let half = number.to_string();
            let wide = |digit: char| char::from_u32(u32::from(digit) + 0xfee0).unwrap();
            let full: String = half.chars().map(wide).collect();
            prop_assert_eq!(parse_number(&half), Ok(number));
            prop_assert_eq!(parse_number(&full), Ok(number));
        }
    }
}
