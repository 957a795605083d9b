//! The rows of a table in comma- or tab-separated text, with the line each of them starts on.

use std::io::Read;

use csv_core::{ReadRecordResult, ReaderBuilder};

use super::problem::{Problem, ProblemCode};
use super::text::{Recognized, Separator, TextReader, unreadable};

/// The longest row, in bytes of UTF-8. It bounds what an unclosed quote can swallow.
const ROW_BYTES: usize = 64 * 1024;
/// The most cells of a row.
const ROW_CELLS: usize = 256;
const CHUNK: usize = 32 * 1024;

/// A row that holds something.
#[derive(Debug)]
pub(super) struct Row {
    /// The line of the file it starts on, from 1.
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Reads a table row by row. Lines and rows without any text are passed over.
#[derive(Debug)]
pub(super) struct Rows<R> {
    text: TextReader<R>,
    separator: Separator,
    csv: csv_core::Reader,
    chunk: Vec<u8>,
    taken: usize,
    filled: usize,
    line: usize,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    ended: bool,
}

impl<R: Read> Rows<R> {
    pub(super) fn open(input: R) -> Result<Self, Problem> {
        let text = TextReader::open(input)?;
        let separator = text.separator()?;
        Ok(Self {
            text,
            separator,
            csv: ReaderBuilder::new().delimiter(separator.byte()).build(),
            chunk: vec![0; CHUNK],
            taken: 0,
            filled: 0,
            line: 1,
            bytes: vec![0; ROW_BYTES],
            ends: vec![0; ROW_CELLS],
            ended: false,
        })
    }

    pub(super) fn recognized(&self) -> Recognized {
        Recognized { encoding: self.text.encoding(), separator: self.separator }
    }

    /// Bytes of the file held undecoded and decoded, for tests of flat memory.
    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize) {
        let (undecoded, decoded) = self.text.held();
        (undecoded, decoded + self.chunk.capacity() + self.bytes.capacity())
    }

    /// The next row that holds something. After an error nothing more comes.
    pub(super) fn next_row(&mut self) -> Option<Result<Row, Problem>> {
        while !self.ended {
            match self.read_row() {
                Ok(Some(row)) if row.cells.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Ok(None) => self.ended = true,
                Err(problem) => {
                    self.ended = true;
                    return Some(Err(problem));
                }
            }
        }
        None
    }

    fn read_row(&mut self) -> Result<Option<Row>, Problem> {
        self.pass_over_empty_lines()?;
        let line = self.line;
        let (mut length, mut cells) = (0, 0);
        loop {
            self.fill()?;
            let at_end = self.filled == 0;
            let (result, read, written, ended) = self.csv.read_record(
                &self.chunk[self.taken..self.filled],
                &mut self.bytes[length..],
                &mut self.ends[cells..],
            );
            self.line += line_feeds(&self.chunk[self.taken..self.taken + read]);
            self.taken += read;
            length += written;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record if at_end => {
                    // The text ends with a line feed, so a row that is still open there is inside quotes.
                    return Err(Problem::on_line(line, ProblemCode::UnclosedQuote));
                }
                ReadRecordResult::Record => {
                    return Ok(Some(Row { line, cells: self.cells(cells) }));
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    let code =
                        ProblemCode::RowTooLong { limit_kib: ROW_BYTES / 1024, limit_cells: ROW_CELLS };
                    return Err(Problem::on_line(line, code));
                }
            }
        }
    }

    fn cells(&self, count: usize) -> Vec<String> {
        let mut start = 0;
        let mut cells = Vec::with_capacity(count);
        for &end in &self.ends[..count] {
            cells.push(String::from_utf8_lossy(&self.bytes[start..end]).into_owned());
            start = end;
        }
        cells
    }

    /// Between two rows: moves past empty lines, so that the line number is that of the row.
    fn pass_over_empty_lines(&mut self) -> Result<(), Problem> {
        loop {
            self.fill()?;
            let empty = self.chunk[self.taken..self.filled].iter().take_while(|&&byte| byte == b'\n').count();
            if empty == 0 {
                return Ok(());
            }
            self.taken += empty;
            self.line += empty;
        }
    }

    /// Gets more text where all of it has been taken. At the end of the file `filled` is 0.
    fn fill(&mut self) -> Result<(), Problem> {
        if self.taken == self.filled {
            self.taken = 0;
            self.filled =
                self.text.read(&mut self.chunk).map_err(|e| Problem::on_line(self.line, unreadable(&e)))?;
        }
        Ok(())
    }
}

fn line_feeds(bytes: &[u8]) -> usize {
    bytes.split(|&byte| byte == b'\n').count() - 1
}
