//! What is wrong with a file: where, and what, as data that a page or the command line puts into words.

use std::fmt;

use domain::catalog;
use domain::country::Country;
use domain::language::Language;
use thiserror::Error;

use super::catalog::sentence;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1. None where it is the whole file that cannot be read.
    pub line: Option<usize>,
    /// Character within the line, from 1, where it is known.
    pub column: Option<usize>,
    /// The column of a table by its English name, or the path in a TOML file (`product[2].plan[1].key`).
    pub field: Option<String>,
    /// What is wrong.
    pub code: ProblemCode,
}

impl Problem {
    pub(super) fn of_file(code: ProblemCode) -> Self {
        Self { line: None, column: None, field: None, code }
    }

    pub(crate) fn on_line(line: usize, code: ProblemCode) -> Self {
        Self { line: Some(line), column: None, field: None, code }
    }

    pub(super) fn at(line: usize, column: usize, code: ProblemCode) -> Self {
        Self { line: Some(line), column: Some(column), field: None, code }
    }

    pub(crate) fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Problem {
    /// For the command line, in English: `line 3, column 7, mail: "x" is not a mail address`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place = Vec::new();
        place.extend(self.line.map(|line| format!("line {line}")));
        place.extend(self.column.map(|column| format!("column {column}")));
        place.extend(self.field.clone());
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        self.code.fmt(f)
    }
}

impl std::error::Error for Problem {}

/// What can be wrong with an imported file. `Display` is the English of the command line; pages take their
/// words from the locale files by the variant's name and data.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProblemCode {
    /// No organization has this key.
    #[error("there is no organization \"{key}\"; import it first")]
    UnknownOrganization {
        /// The key in the file.
        key: String,
    },
    /// A manager who is neither in the organization nor in the file.
    #[error("the manager \"{mail}\" is neither in the organization nor in this file")]
    UnknownManager {
        /// The manager's address.
        mail: String,
    },
    /// A guest who administers the organization.
    #[error("an administrator of the organization cannot be a guest")]
    GuestAdministrator,
    /// Country or currency of an organization that has documents (SPEC 1).
    #[error("cannot change any more: the organization has an invoice")]
    FixedByDocument,
    /// The operating system could not read it.
    #[error("the file cannot be read: {reason}")]
    Unreadable {
        /// The operating system's words.
        reason: String,
    },
    /// No byte, or nothing but empty lines.
    #[error("the file is empty")]
    EmptyFile,
    /// More than a file of this kind may hold.
    #[error("the file is larger than {limit_mib} MiB")]
    FileTooLarge {
        /// The limit in MiB (1024 × 1024 bytes).
        limit_mib: usize,
    },
    /// UTF-16 or UTF-32.
    #[error("the file is UTF-16; save it as UTF-8 (\"CSV UTF-8\") or CP932")]
    Utf16,
    /// A workbook or another archive.
    #[error("the file is a workbook, not text; save it as CSV")]
    Workbook,
    /// Zero bytes near the beginning.
    #[error("the file is not text: it holds zero bytes")]
    NotText,
    /// Semicolons between the cells of the first line.
    #[error("the cells are separated by semicolons; use commas or tabs")]
    SemicolonSeparated,
    /// Bytes that are no character of the file's encoding.
    #[error("a character is broken: its bytes do not exist in the file's encoding")]
    BrokenCharacter,
    /// A column nobody knows.
    #[error("there is no column \"{name}\"{}", hint(near))]
    UnknownColumn {
        /// As the file has it.
        name: String,
        /// Columns with similar names.
        near: Vec<&'static str>,
    },
    /// A column that must be there.
    #[error("the column \"{name}\" is missing")]
    MissingColumn {
        /// Its English name.
        name: &'static str,
    },
    /// A column that stands there twice.
    #[error("the column \"{name}\" is there twice")]
    RepeatedColumn {
        /// Its English name.
        name: &'static str,
    },
    /// Fewer cells than columns, or text beyond the last column.
    #[error("the row has {found} cells where the first line names {expected}")]
    WrongCellCount {
        /// Columns of the first line.
        expected: usize,
        /// Cells of this row.
        found: usize,
    },
    /// A quoted cell that never ends. Nothing after it can be read.
    #[error("a quoted cell of this row is never closed")]
    UnclosedQuote,
    /// A row beyond all measure, most often an unclosed quote. Nothing after it can be read.
    #[error(
        "the row is longer than {limit_kib} KiB or has more than {limit_cells} cells; is a quote not closed?"
    )]
    RowTooLong {
        /// The limit in KiB.
        limit_kib: usize,
        /// The limit in cells.
        limit_cells: usize,
    },
    /// Nothing where something must be.
    #[error("must not be empty")]
    Required,
    /// Too many characters.
    #[error("has {found} characters; at most {limit} are kept")]
    TooLong {
        /// The limit in characters.
        limit: u32,
        /// How many there are.
        found: usize,
    },
    /// More entries in one cell or list than are kept.
    #[error("has {found} entries; at most {limit} are kept")]
    TooMany {
        /// The limit.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// A line break, a tab, or another character that does not show.
    #[error("holds the control character U+{code_point:04X}")]
    ControlCharacter {
        /// Its code point.
        code_point: u32,
    },
    /// Not the key of an organization.
    #[error("\"{value}\" is not a key: 1 to 64 of a-z, 0-9 and -, neither first nor last a hyphen")]
    InvalidKey {
        /// As the file has it.
        value: String,
    },
    /// Not a mail address.
    #[error("\"{value}\" is not a mail address")]
    InvalidMail {
        /// As the file has it.
        value: String,
    },
    /// Not a domain name of mail addresses.
    #[error("\"{value}\" is not a mail domain")]
    InvalidMailDomain {
        /// As the file has it.
        value: String,
    },
    /// A language there is no interface in.
    #[error("there is no language \"{value}\"; there are: {}", languages())]
    UnknownLanguage {
        /// As the file has it.
        value: String,
    },
    /// Not in the time zone database.
    #[error("there is no time zone \"{value}\"{}", hint(near))]
    UnknownTimeZone {
        /// As the file has it.
        value: String,
        /// Zones with similar names.
        near: Vec<String>,
    },
    /// Not a country code of ISO 3166.
    #[error("there is no country \"{value}\"; it takes two capital letters, such as JP")]
    UnknownCountry {
        /// As the file has it.
        value: String,
    },
    /// Not a currency code of ISO 4217.
    #[error("there is no currency \"{value}\"; it takes three capital letters, such as JPY")]
    UnknownCurrency {
        /// As the file has it.
        value: String,
    },
    /// Neither yes nor no.
    #[error("\"{value}\" is neither true nor false")]
    NotYesNo {
        /// As the file has it.
        value: String,
    },
    /// Not of the form that tax ids have in the country.
    #[error("\"{value}\" does not have the form of a tax id of {country}")]
    InvalidTaxId {
        /// As the file has it.
        value: String,
        /// The organization's country.
        country: Country,
    },
    /// The same mail address a second time in one organization.
    #[error("this mail address is already in line {first_line} for the same organization")]
    DuplicateMail {
        /// Where it stood first.
        first_line: usize,
    },
    /// Somebody who would be their own manager.
    #[error("a person cannot be their own manager")]
    OwnManager,
    /// The same key, domain or address a second time.
    #[error("\"{value}\" is there twice")]
    Repeated {
        /// What is there twice.
        value: String,
    },
    /// Not TOML.
    #[error("{message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// A key nobody knows.
    #[error("there is no key \"{key}\" here{}", hint(near))]
    UnknownKey {
        /// As the file has it.
        key: String,
        /// Keys with similar names that may stand here.
        near: Vec<String>,
    },
    /// A key that must be there.
    #[error("the key \"{key}\" is missing")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of another type or shape than the key takes.
    #[error("{message}")]
    WrongValue {
        /// What was expected and what is there.
        message: String,
    },
    /// The catalog contradicts itself (SPEC 4 and 5).
    #[error("{}", sentence(*.0))]
    Catalog(catalog::ProblemCode),
}

fn languages() -> String {
    Language::ALL.iter().map(|language| language.code()).collect::<Vec<_>>().join(", ")
}

fn hint<T: AsRef<str>>(near: &[T]) -> String {
    match near {
        [] => String::new(),
        some => {
            let quoted: Vec<String> = some.iter().map(|name| format!("\"{}\"", name.as_ref())).collect();
            format!("; did you mean {}?", quoted.join(" or "))
        }
    }
}
