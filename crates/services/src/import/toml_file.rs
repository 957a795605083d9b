//! TOML read piece by piece, so that a file with several mistakes says all of them, each with its place.
//!
//! `serde` stops at the first mistake. Here every table of a list is a piece of its own, and a piece with
//! unknown keys is read again without them.

use std::io::Read;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::near::near;
use super::problem::{Problem, ProblemCode};
use super::text::{Encoding, read_whole};

/// The largest file, decoded: 8 MiB.
const LARGEST: usize = 8 * 1024 * 1024;

/// The text of a TOML file.
#[derive(Debug)]
pub(super) struct TomlText {
    pub(super) text: String,
    pub(super) encoding: Encoding,
}

impl TomlText {
    pub(super) fn read(input: impl Read) -> Result<Self, Problem> {
        let (text, encoding) = read_whole(input, LARGEST)?;
        Ok(Self { text, encoding })
    }

    /// Parses it; everything that is not TOML is said at once.
    pub(super) fn parse(&self) -> Result<(Pieces<'_>, Spanned<DeValue<'_>>), Vec<Problem>> {
        let mut pieces = Pieces { text: &self.text, problems: Vec::new() };
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        for error in errors {
            let code = ProblemCode::Syntax { message: error.message().to_owned() };
            pieces.note(error.span(), None, code);
        }
        if pieces.problems.is_empty() {
            let span = root.span();
            Ok((pieces, Spanned::new(span, DeValue::Table(root.into_inner()))))
        } else {
            Err(pieces.problems)
        }
    }
}

/// Reads pieces of a file and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Pieces<'i> {
    text: &'i str,
    problems: Vec<Problem>,
}

impl<'i> Pieces<'i> {
    /// Reads one table. `path` says where it stands: `products[2]`, empty for the whole file.
    pub(super) fn read<T: DeserializeOwned>(
        &mut self,
        mut piece: Spanned<DeValue<'i>>,
        path: &str,
    ) -> Option<T> {
        let before = self.problems.len();
        loop {
            let error = match T::deserialize(ValueDeserializer::from(piece.clone())) {
                Ok(value) => return (self.problems.len() == before).then_some(value),
                Err(error) => error,
            };
            let code = code_of(&error);
            let span = error.span().unwrap_or(piece.span());
            let unknown = error.message().starts_with("unknown field `");
            self.note(Some(span.clone()), Some(path), code);
            // Without the unknown key the rest of the piece can be looked at.
            if !unknown || !remove_key(piece.get_mut(), &span) {
                return None;
            }
        }
    }

    /// Notes something that is wrong at a place of the text.
    pub(super) fn note(&mut self, span: Option<Range<usize>>, path: Option<&str>, code: ProblemCode) {
        let problem = self.problem(span, path, code);
        self.problems.push(problem);
    }

    /// Something that is wrong at a place of the text.
    pub(super) fn problem(
        &self,
        span: Option<Range<usize>>,
        path: Option<&str>,
        code: ProblemCode,
    ) -> Problem {
        let problem = match span {
            Some(span) => {
                let (line, column) = self.place(span.start);
                Problem::at(line, column, code)
            }
            None => Problem::of_file(code),
        };
        match path {
            Some(path) if !path.is_empty() => problem.in_field(path),
            _ => problem,
        }
    }

    /// The line, from 1, of a byte of the text.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.place(byte).0
    }

    /// Everything that was noted, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
        self.problems
    }

    /// Line and character, both from 1, of a byte of the text.
    fn place(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Takes a list out of a table. What is no list stays, to be refused with the rest of the table.
pub(super) fn take_list<'i>(table: &mut Spanned<DeValue<'i>>, key: &str) -> Vec<Spanned<DeValue<'i>>> {
    let DeValue::Table(table) = table.get_mut() else {
        return Vec::new();
    };
    if !matches!(table.get(key).map(Spanned::get_ref), Some(DeValue::Array(_))) {
        return Vec::new();
    }
    match table.remove(key).map(Spanned::into_inner) {
        Some(DeValue::Array(list)) => list.into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Removes the key that stands at `span`, wherever in `value` it is.
fn remove_key(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    match value {
        DeValue::Table(table) => {
            let found = table.keys().find(|key| key.span() == *span).cloned();
            match found {
                Some(key) => table.remove(key.get_ref().as_ref()).is_some(),
                None => table.iter_mut().any(|(_, inner)| remove_key(inner.get_mut(), span)),
            }
        }
        DeValue::Array(list) => list.iter_mut().any(|inner| remove_key(inner.get_mut(), span)),
        _ => false,
    }
}

/// What a message of `serde` is about. Its words for unknown and missing keys are part of its interface
/// (`de::Error::unknown_field`, `unknown_variant`, `missing_field`) and the same for every format.
fn code_of(error: &Error) -> ProblemCode {
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(key)
            if ["unknown field `", "unknown variant `"].iter().any(|start| message.starts_with(start)) =>
        {
            ProblemCode::UnknownKey {
                key: key.to_owned(),
                near: near(key, quoted).into_iter().map(str::to_owned).collect(),
            }
        }
        Some(key) if message.starts_with("missing field `") => {
            ProblemCode::MissingKey { key: key.to_owned() }
        }
        _ => ProblemCode::WrongValue { message: message.to_owned() },
    }
}
