//! People's names: how they are written, shown, sorted and found (SPEC 5, 7).

mod fold;
mod search;

pub use fold::fold;
pub use search::{mark, search_keys};

use serde::{Deserialize, Serialize};

use crate::field::{FieldError, FieldProblem, parse_line};
use crate::language::Language;

/// How long one part of a name may be, in characters.
pub const LONGEST_PART: u32 = 64;

/// The two parts of a name in one script. One of them may be empty, for people who have one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NameParts {
    /// 姓
    pub family: String,
    /// 名
    pub given: String,
}

impl NameParts {
    /// From two parts.
    pub fn new(family: impl Into<String>, given: impl Into<String>) -> Self {
        Self { family: family.into(), given: given.into() }
    }

    /// Whether neither part is there.
    pub fn is_empty(&self) -> bool {
        self.family.is_empty() && self.given.is_empty()
    }

    fn family_first(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    fn given_first(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }
}

/// A person's name: as it is written, how it is read (kana) and how it is spelled in Latin letters (romaji).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct PersonName {
    written: NameParts,
    kana: Option<NameParts>,
    romaji: Option<NameParts>,
}

#[derive(Deserialize)]
struct Unchecked {
    written: NameParts,
    kana: Option<NameParts>,
    romaji: Option<NameParts>,
}

/// The parts of a name as a form or a file gives them; what is empty is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameInput<'a> {
    /// 姓
    pub family: &'a str,
    /// 名
    pub given: &'a str,
    /// 姓 in kana
    pub family_kana: &'a str,
    /// 名 in kana
    pub given_kana: &'a str,
    /// 姓 in Latin letters
    pub family_romaji: &'a str,
    /// 名 in Latin letters
    pub given_romaji: &'a str,
}

impl PersonName {
    /// Reads a name. Spaces around and inside are tidied; nothing else is changed. All errors are given, each
    /// with its field: `family`, `given`, `family_kana`, …; a name needs a family or a given name.
    pub fn parse(input: NameInput<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut part = |field: &'static str, text: &str| match parse_line(text, LONGEST_PART) {
            Ok(line) => line,
            Err(problem) => {
                errors.push(problem.of(field));
                String::new()
            }
        };
        let written = NameParts::new(part("family", input.family), part("given", input.given));
        let kana =
            NameParts::new(part("family_kana", input.family_kana), part("given_kana", input.given_kana));
        let romaji = NameParts::new(
            part("family_romaji", input.family_romaji),
            part("given_romaji", input.given_romaji),
        );
        if errors.is_empty() && written.is_empty() {
            errors.push(FieldProblem::Missing.of("family"));
        }
        let there = |parts: NameParts| (!parts.is_empty()).then_some(parts);
        if errors.is_empty() {
            Ok(Self { written, kana: there(kana), romaji: there(romaji) })
        } else {
            Err(errors)
        }
    }

    /// As it is written.
    pub const fn written(&self) -> &NameParts {
        &self.written
    }

    /// How it is read.
    pub const fn kana(&self) -> Option<&NameParts> {
        self.kana.as_ref()
    }

    /// How it is spelled in Latin letters.
    pub const fn romaji(&self) -> Option<&NameParts> {
        self.romaji.as_ref()
    }

    /// The whole name for a reader of this language: 佐々木 美咲 in Japanese, Misaki Sasaki in English.
    ///
    /// A name written in Latin letters keeps its own order in both. In English a name without romaji is shown
    /// as it is written, family name first where it is Japanese.
    pub fn display(&self, language: Language) -> String {
        match (language, &self.romaji) {
            (Language::English, Some(romaji)) => romaji.given_first(),
            _ if is_latin(&self.written) => self.written.given_first(),
            _ => self.written.family_first(),
        }
    }

    /// How the name is read, for the small line below it: ささき みさき. Empty where nothing is known.
    pub fn reading(&self) -> String {
        self.kana.as_ref().map(NameParts::family_first).unwrap_or_default()
    }

    /// What lists are sorted by, byte by byte: the kana in Japanese, the romaji in English, else as written;
    /// family name first. A family name sorts before a longer one that begins with it.
    pub fn sort_key(&self, language: Language) -> String {
        let parts = match language {
            Language::Japanese => self.kana.as_ref(),
            Language::English => self.romaji.as_ref(),
        };
        let parts = parts.unwrap_or(&self.written);
        format!("{} {}", fold(&parts.family), fold(&parts.given))
    }
}

impl TryFrom<Unchecked> for PersonName {
    type Error = FieldError;

    fn try_from(read: Unchecked) -> Result<Self, FieldError> {
        let (kana, romaji) = (read.kana.unwrap_or_default(), read.romaji.unwrap_or_default());
        let input = NameInput {
            family: &read.written.family,
            given: &read.written.given,
            family_kana: &kana.family,
            given_kana: &kana.given,
            family_romaji: &romaji.family,
            given_romaji: &romaji.given,
        };
        Self::parse(input)
            .map_err(|errors| errors.first().copied().unwrap_or(FieldProblem::Missing.of("family")))
    }
}

/// Whether a name is written in Latin letters, accents included.
fn is_latin(parts: &NameParts) -> bool {
    let mut letters = parts.family.chars().chain(parts.given.chars()).filter(|letter| letter.is_alphabetic());
    letters.all(|letter| letter < '\u{0250}' || ('\u{1e00}'..'\u{1f00}').contains(&letter))
}

#[cfg(test)]
mod tests;
