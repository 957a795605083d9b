//! A statement: text fixed at compile time, the same for both engines.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A statement that both engines understand: `$1`, `RETURNING`, `ON CONFLICT`, keyset pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement(&'static str);

impl Statement {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    pub(crate) const fn text(self) -> &'static str {
        self.0
    }
}

/// Names a statement. A test finds every use of this macro and has both engines prepare it, so that a typing
/// mistake cannot hide in a branch that no test walks.
macro_rules! sql {
    ($text:literal) => {{
        const STATEMENT: $crate::statement::Statement = $crate::statement::Statement::new($text);
        STATEMENT
    }};
}
pub(crate) use sql;

/// An insert of many rows at once: its head, how many columns it has, and what follows the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) head: &'static str,
    pub(crate) columns: usize,
    pub(crate) tail: &'static str,
}

/// How many rows go into one statement: enough to share its cost, few enough for every engine's limit on values. What
/// is left of many goes into smaller ones.
pub(crate) const SIZES: [usize; 3] = [32, 8, 1];

impl Rows {
    /// The statement for `count` rows. There is one for each of [`SIZES`] per use, so each text is made once.
    pub(crate) fn statement(self, count: usize) -> Statement {
        static MADE: Mutex<BTreeMap<(&str, usize), &str>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        Statement(
            made.entry((self.head, count)).or_insert_with(|| Box::leak(self.text(count).into_boxed_str())),
        )
    }

    fn text(self, count: usize) -> String {
        let row = |row: usize| {
            let values: Vec<String> =
                (1..=self.columns).map(|column| format!("${}", row * self.columns + column)).collect();
            format!("({})", values.join(", "))
        };
        let rows: Vec<String> = (0..count).map(row).collect();
        format!("{} VALUES {} {}", self.head, rows.join(", "), self.tail).trim_end().to_owned()
    }
}

/// Names an insert of many rows: its head up to the columns, their number, and what follows the rows.
macro_rules! rows {
    ($head:literal, $columns:literal) => {
        $crate::statement::Rows { head: $head, columns: $columns, tail: "" }
    };
    ($head:literal, $columns:literal, $tail:literal) => {
        $crate::statement::Rows { head: $head, columns: $columns, tail: $tail }
    };
}
pub(crate) use rows;

#[cfg(test)]
mod tests {
    #[test]
    fn rows_are_numbered_through() {
        let rows = super::Rows { head: "INSERT INTO t (a, b)", columns: 2, tail: "" };
        assert_eq!(rows.statement(1).text(), "INSERT INTO t (a, b) VALUES ($1, $2)");
        assert_eq!(rows.statement(2).text(), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
    }
}
