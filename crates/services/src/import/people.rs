//! People from a table (CSV), read as a stream: 100,000 rows take no more memory than ten, but for a hash
//! and a line number of each mail address, by which a second row for the same person is found.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::Read;

use domain::catalog::Key;
use domain::field::FieldError;
use domain::language::Language;
use domain::mail::MailAddress;
use domain::name::{LONGEST_PART, NameInput, PersonName};
use domain::time::ZoneName;

pub use column::Column;

use super::problem::{Problem, ProblemCode};
use super::rows::{Row, Rows};
use super::stated::Stated;
use super::text::Recognized;
use super::value;

mod column;

/// The longest department, cost center or group, in characters; names are [`LONGEST_PART`] at most.
pub const TEXT_LIMIT: u32 = 100;
/// The most groups of one person.
pub const GROUPS_LIMIT: usize = 100;

/// One person of one organization, as a row says it.
///
/// Nothing is compared with the database yet: whether organization and manager exist, and whether the person
/// is new, is for the use case that applies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Line of the file the row starts on, from 1.
    pub line: usize,
    /// Key of the organization.
    pub organization: Key,
    /// The account's address.
    pub mail: MailAddress,
    /// Family name; it or the given name is empty for someone who has one name only.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Reading of the family name.
    pub family_kana: Stated<Option<String>>,
    /// Reading of the given name.
    pub given_kana: Stated<Option<String>>,
    /// Family name in Latin letters.
    pub family_romaji: Stated<Option<String>>,
    /// Given name in Latin letters.
    pub given_romaji: Stated<Option<String>>,
    /// Department.
    pub department: Stated<Option<String>>,
    /// Cost center.
    pub cost_center: Stated<Option<String>>,
    /// Every group the person is in, each once, in the order of the file.
    pub groups: Stated<Vec<String>>,
    /// The manager's mail address; never the person's own.
    pub manager: Stated<Option<MailAddress>>,
    /// None: the organization's.
    pub language: Stated<Option<Language>>,
    /// None: the organization's.
    pub time_zone: Stated<Option<ZoneName>>,
    /// Default: no.
    pub guest: Stated<bool>,
    /// Default: yes.
    pub active: Stated<bool>,
}

impl PersonRow {
    /// The person's name: what the row says, and of `stored` the readings that the file leaves out.
    ///
    /// Errors: none for a row that was read and a name that was stored; the type of the rules decides.
    pub fn name(&self, stored: Option<&PersonName>) -> Result<PersonName, Vec<FieldError>> {
        let kana = stored.and_then(PersonName::kana);
        let romaji = stored.and_then(PersonName::romaji);
        PersonName::parse(NameInput {
            family: &self.family_name,
            given: &self.given_name,
            family_kana: part(&self.family_kana, kana.map(|parts| parts.family.as_str())),
            given_kana: part(&self.given_kana, kana.map(|parts| parts.given.as_str())),
            family_romaji: part(&self.family_romaji, romaji.map(|parts| parts.family.as_str())),
            given_romaji: part(&self.given_romaji, romaji.map(|parts| parts.given.as_str())),
        })
    }
}

fn part<'a>(said: &'a Stated<Option<String>>, stored: Option<&'a str>) -> &'a str {
    match said {
        Stated::Said(part) => part.as_deref().unwrap_or_default(),
        Stated::LeftOut => stored.unwrap_or_default(),
    }
}

/// Everything that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblems {
    /// Line of the file the row starts on, from 1. The problems repeat it.
    pub line: usize,
    /// At least one, in the order of the columns.
    pub problems: Vec<Problem>,
}

/// Reads people row by row: an iterator over `Result<PersonRow, RowProblems>`.
///
/// A bad row does not end it, but for an unclosed quote, a row without end, or a file that cannot be read on.
#[derive(Debug)]
pub struct PeopleReader<R> {
    rows: Rows<R>,
    columns: Vec<Column>,
    seen: Seen,
}

impl<R: Read> PeopleReader<R> {
    /// Recognizes the file and reads its first line, which names the columns.
    ///
    /// Errors, all of them: a file that is no such text, columns that are unknown, missing or there twice.
    pub fn open(input: R) -> Result<Self, Vec<Problem>> {
        let mut rows = Rows::open(input).map_err(|problem| vec![problem])?;
        let header = match rows.next_row() {
            Some(Ok(row)) => row,
            Some(Err(problem)) => return Err(vec![problem]),
            None => return Err(vec![Problem::of_file(ProblemCode::EmptyFile)]),
        };
        let columns = column::read_header(&header)?;
        Ok(Self { rows, columns, seen: Seen::default() })
    }

    /// What the file was recognized to be. The encoding is final once a character that is not ASCII has been
    /// read, so say it after the last row.
    pub fn recognized(&self) -> Recognized {
        self.rows.recognized()
    }

    /// The columns of the file, in its order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn person(&mut self, row: &Row) -> Result<PersonRow, RowProblems> {
        let mut cells = Cells::new(&self.columns, row);
        let person = cells.person(&mut self.seen);
        let problems = cells.problems;
        match person {
            Some(person) if problems.is_empty() => Ok(person),
            _ => Err(RowProblems { line: row.line, problems }),
        }
    }
}

impl<R: Read> Iterator for PeopleReader<R> {
    type Item = Result<PersonRow, RowProblems>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self.rows.next_row()? {
            Ok(row) => self.person(&row),
            Err(problem) => {
                Err(RowProblems { line: problem.line.unwrap_or_default(), problems: vec![problem] })
            }
        })
    }
}

/// Which mail address stood first where: one hash of organization and address, and the line.
#[derive(Debug, Default)]
struct Seen(HashMap<u64, usize, BuildHasherDefault<DefaultHasher>>);

impl Seen {
    /// The line of an earlier row for the same person, if there is one.
    fn earlier(&mut self, organization: &Key, mail: &MailAddress, line: usize) -> Option<usize> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((organization, mail));
        match self.0.entry(hash) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(free) => {
                free.insert(line);
                None
            }
        }
    }
}

/// The cells of one row, and what is wrong with them so far.
struct Cells<'a> {
    columns: &'a [Column],
    row: &'a Row,
    problems: Vec<Problem>,
}

impl<'a> Cells<'a> {
    fn new(columns: &'a [Column], row: &'a Row) -> Self {
        Self { columns, row, problems: Vec::new() }
    }

    /// The person, where nothing is missing; the problems tell whether it may be used.
    fn person(&mut self, seen: &mut Seen) -> Option<PersonRow> {
        let (expected, found) = (self.columns.len(), self.row.cells.len());
        if found < expected || self.row.cells[expected..].iter().any(|cell| !cell.trim().is_empty()) {
            let code = ProblemCode::WrongCellCount { expected, found };
            self.problems.push(Problem::on_line(self.row.line, code));
            return None;
        }
        let organization = self.required(Column::Organization, value::key);
        let mail = self.required(Column::Mail, value::mail);
        if let (Some(organization), Some(mail)) = (&organization, &mail)
            && let Some(first_line) = seen.earlier(organization, mail, self.row.line)
        {
            self.problem(Column::Mail, ProblemCode::DuplicateMail { first_line });
        }
        let family_name = self.optional(Column::FamilyName, name);
        let given_name = self.optional(Column::GivenName, name);
        if self.is_empty(Column::FamilyName) && self.is_empty(Column::GivenName) {
            self.problem(Column::FamilyName, ProblemCode::Required);
        }
        let family_kana = self.optional(Column::FamilyKana, name);
        let given_kana = self.optional(Column::GivenKana, name);
        let family_romaji = self.optional(Column::FamilyRomaji, name);
        let given_romaji = self.optional(Column::GivenRomaji, name);
        let department = self.optional(Column::Department, text);
        let cost_center = self.optional(Column::CostCenter, text);
        let groups = self.groups();
        let manager = self.manager(mail.as_ref());
        let language = self.optional(Column::Language, value::language);
        let time_zone = self.optional(Column::TimeZone, value::time_zone);
        let guest = self.yes_no(Column::Guest, false);
        let active = self.yes_no(Column::Active, true);
        Some(PersonRow {
            line: self.row.line,
            organization: organization?,
            mail: mail?,
            family_name: family_name.or(None).unwrap_or_default(),
            given_name: given_name.or(None).unwrap_or_default(),
            family_kana,
            given_kana,
            family_romaji,
            given_romaji,
            department,
            cost_center,
            groups,
            manager,
            language,
            time_zone,
            guest,
            active,
        })
    }

    fn required<T>(&mut self, column: Column, parse: impl Fn(&str) -> Result<T, ProblemCode>) -> Option<T> {
        let before = self.problems.len();
        match self.optional(column, parse) {
            Stated::Said(Some(value)) => Some(value),
            _ if self.problems.len() > before => None,
            _ => {
                self.problem(column, ProblemCode::Required);
                None
            }
        }
    }

    /// The cell's value: `Said(None)` where the cell is empty, and where it is wrong, which is noted.
    fn optional<T>(
        &mut self,
        column: Column,
        parse: impl Fn(&str) -> Result<T, ProblemCode>,
    ) -> Stated<Option<T>> {
        let Some(cell) = self.cell(column) else {
            return Stated::LeftOut;
        };
        if cell.is_empty() {
            return Stated::Said(None);
        }
        match parse(cell) {
            Ok(value) => Stated::Said(Some(value)),
            Err(code) => {
                self.problem(column, code);
                Stated::Said(None)
            }
        }
    }

    fn groups(&mut self) -> Stated<Vec<String>> {
        let Some(cell) = self.cell(Column::Groups) else {
            return Stated::LeftOut;
        };
        let mut groups: Vec<String> = Vec::new();
        for part in cell.split([';', '；']).map(value::plain).filter(|part| !part.is_empty()) {
            match text(part) {
                Ok(group) if groups.contains(&group) => {}
                Ok(group) => groups.push(group),
                Err(code) => self.problem(Column::Groups, code),
            }
        }
        if groups.len() > GROUPS_LIMIT {
            self.problem(Column::Groups, ProblemCode::TooMany { limit: GROUPS_LIMIT, found: groups.len() });
        }
        Stated::Said(groups)
    }

    fn manager(&mut self, own: Option<&MailAddress>) -> Stated<Option<MailAddress>> {
        let manager = self.optional(Column::Manager, value::mail);
        if let (Stated::Said(Some(manager)), Some(own)) = (&manager, own)
            && manager == own
        {
            self.problem(Column::Manager, ProblemCode::OwnManager);
        }
        manager
    }

    fn yes_no(&mut self, column: Column, default: bool) -> Stated<bool> {
        match self.optional(column, value::yes_no) {
            Stated::LeftOut => Stated::LeftOut,
            Stated::Said(value) => Stated::Said(value.unwrap_or(default)),
        }
    }

    fn is_empty(&self, column: Column) -> bool {
        self.cell(column).is_none_or(str::is_empty)
    }

    fn cell(&self, column: Column) -> Option<&'a str> {
        let place = self.columns.iter().position(|&c| c == column)?;
        self.row.cells.get(place).map(|cell| value::plain(cell))
    }

    fn problem(&mut self, column: Column, code: ProblemCode) {
        self.problems.push(Problem::on_line(self.row.line, code).in_field(column.name()));
    }
}

fn name(cell: &str) -> Result<String, ProblemCode> {
    value::line(cell, LONGEST_PART)
}

fn text(cell: &str) -> Result<String, ProblemCode> {
    value::line(cell, TEXT_LIMIT)
}

#[cfg(test)]
mod tests;
