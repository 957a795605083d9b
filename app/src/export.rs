//! Tables as files: everything that a list shows, page after page, as CSV that spreadsheets open.

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use leptos::prelude::*;
use leptos::server_fn::codec::TextStream;
use leptos_axum::ResponseOptions;

use crate::error::AppError;

/// How many rows a file may have.
const MOST_ROWS: usize = 100_000;

/// A table on its way into a file.
pub(crate) struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    rows: usize,
}

impl Sheet {
    /// A table with these headings.
    pub(crate) fn new(headings: &[&str]) -> Result<Self, AppError> {
        // Spreadsheets take a file for UTF-8 only if it begins so.
        let writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".into());
        let mut sheet = Self { writer, rows: 0 };
        sheet.write(headings.iter().map(|heading| (*heading).to_owned()))?;
        Ok(sheet)
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) -> Result<(), AppError> {
        self.rows += 1;
        self.write(cells)
    }

    /// Whether there is room for more.
    pub(crate) const fn has_room(&self) -> bool {
        self.rows < MOST_ROWS
    }

    fn write(&mut self, cells: impl IntoIterator<Item = String>) -> Result<(), AppError> {
        self.writer.write_record(cells.into_iter().map(harmless)).map_err(|error| broken(&error))
    }

    /// The file, as the answer to this request.
    pub(crate) fn send(self, name: &str) -> Result<TextStream<AppError>, AppError> {
        let text = self.text()?;
        let answer = expect_context::<ResponseOptions>();
        answer.insert_header(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
            answer.insert_header(CONTENT_DISPOSITION, value);
        }
        Ok(TextStream::new(futures::stream::once(async move { Ok(text) })))
    }

    fn text(self) -> Result<String, AppError> {
        let bytes = self.writer.into_inner().map_err(|error| broken(error.error()))?;
        String::from_utf8(bytes).map_err(|error| broken(&error))
    }
}

/// What a spreadsheet would take for a formula becomes a text; a number stays one.
fn harmless(cell: String) -> String {
    let starts = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if starts && cell.parse::<f64>().is_err() { ["'", &cell].concat() } else { cell }
}

fn broken(error: &dyn std::error::Error) -> AppError {
    crate::request::answer(&services::ServiceError::broken(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_in_spreadsheets_and_runs_nothing() {
        let mut sheet = Sheet::new(&["名前", "amount"]).unwrap();
        for (name, amount) in
            [("山田, \"太郎\"", "-12.50"), ("=HYPERLINK(1)", "+1"), ("-cmd|' /C calc", "1800")]
        {
            sheet.row([name, amount].map(str::to_owned)).unwrap();
        }
        let expected = "\u{feff}名前,amount\r\n\"山田, \"\"太郎\"\"\",-12.50\r\n'=HYPERLINK(1),+1\r\n'-cmd|' /C calc,1800\r\n";
        assert_eq!(sheet.text().unwrap(), expected);
    }
}
