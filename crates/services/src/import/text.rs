//! Text files as they come: encoding and separator are recognized, said, and out of the way.
//!
//! Files are UTF-8 with or without a byte order mark, or CP932; cells are separated by commas or tabs
//! (SPEC 7). Memory is flat whatever the size of the file: what is not yet decided is at most one window.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::{Decoder, SHIFT_JIS, UTF_8};

use super::problem::{Problem, ProblemCode};

/// How many bytes are looked at to tell encodings apart, and the most that is held undecoded.
const WINDOW: usize = 64 * 1024;
const CHUNK: usize = 16 * 1024;

/// The encoding a file was recognized to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; also every file that holds nothing but ASCII.
    Utf8,
    /// UTF-8 that starts with a byte order mark, as spreadsheets write it.
    Utf8WithMark,
    /// CP932 (Windows-31J), what Japanese Windows programs call Shift JIS.
    Cp932,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8WithMark => "UTF-8 with BOM",
            Self::Cp932 => "CP932",
        })
    }
}

/// The character between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// A tab.
    Tab,
}

impl Separator {
    /// The separator as a byte.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
        }
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comma => "commas",
            Self::Tab => "tabs",
        })
    }
}

/// What was recognized about a table, to be said to whoever imports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognized {
    /// See [`TextReader::encoding`] for when this is final.
    pub encoding: Encoding,
    /// Taken from the first line.
    pub separator: Separator,
}

impl fmt::Display for Recognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, separated by {}", self.encoding, self.separator)
    }
}

/// A file decoded as it is read.
///
/// Reading gives UTF-8 whose lines end with a line feed, the last one included, whatever the file has.
/// Bytes that are no character come out as U+FFFD, so that the row they stand in can be named.
pub struct TextReader<R> {
    input: R,
    undecoded: Vec<u8>,
    input_ended: bool,
    decoder: Option<Decoder>,
    encoding: Encoding,
    decoded: Vec<u8>,
    given: usize,
    after_return: bool,
    last_byte: u8,
    ended: bool,
}

impl<R> fmt::Debug for TextReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextReader").field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

impl<R: Read> TextReader<R> {
    /// Looks at the beginning of `input`.
    ///
    /// Errors: unreadable, empty, UTF-16, a workbook, or not text at all.
    pub fn open(input: R) -> Result<Self, Problem> {
        let mut reader = Self {
            input,
            undecoded: Vec::with_capacity(WINDOW + CHUNK),
            input_ended: false,
            decoder: None,
            encoding: Encoding::Utf8,
            decoded: Vec::with_capacity(3 * (WINDOW + CHUNK)),
            given: 0,
            after_return: false,
            last_byte: b'\n',
            ended: false,
        };
        reader.read_input(WINDOW).map_err(|error| Problem::of_file(unreadable(&error)))?;
        if let Some(code) = refusal(&reader.undecoded) {
            return Err(Problem::of_file(code));
        }
        if reader.undecoded.starts_with(b"\xef\xbb\xbf") {
            reader.undecoded.drain(..3);
            reader.encoding = Encoding::Utf8WithMark;
            reader.decoder = Some(UTF_8.new_decoder_without_bom_handling());
        }
        if reader.undecoded.is_empty() {
            return Err(Problem::of_file(ProblemCode::EmptyFile));
        }
        Ok(reader)
    }

    /// The encoding as far as it is known: [`Encoding::Utf8`] until the first character that is not ASCII
    /// has been read, final from then on.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The separator, from the first line that is not empty. A single column counts as separated by commas.
    ///
    /// To be asked before anything has been read. Error: the line is separated by semicolons.
    pub fn separator(&self) -> Result<Separator, Problem> {
        let first = self.undecoded.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
        let count = count_separators(&self.undecoded[first..]);
        if count.tabs > count.commas {
            Ok(Separator::Tab)
        } else if count.commas == 0 && count.semicolons > 0 {
            Err(Problem::of_file(ProblemCode::SemicolonSeparated))
        } else {
            Ok(Separator::Comma)
        }
    }

    /// Bytes held undecoded and decoded, for tests of flat memory.
    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize) {
        (self.undecoded.capacity(), self.decoded.capacity())
    }

    /// Reads until at least `wanted` bytes stand undecoded or the input ends.
    fn read_input(&mut self, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(self.undecoded.len());
        if !self.input_ended && missing > 0 {
            let most = u64::try_from(missing).unwrap_or(u64::MAX);
            let read = self.input.by_ref().take(most).read_to_end(&mut self.undecoded)?;
            self.input_ended = read < missing;
        }
        Ok(())
    }

    /// Decodes the next piece into `decoded`.
    fn decode_more(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.given = 0;
        self.read_input(CHUNK)?;
        if self.decoder.is_none() {
            let ascii =
                self.undecoded.iter().position(|byte| !byte.is_ascii()).unwrap_or(self.undecoded.len());
            if ascii == 0 && !self.undecoded.is_empty() {
                self.read_input(WINDOW)?;
                self.decide();
            } else {
                let plain: Vec<u8> = self.undecoded.drain(..ascii).collect();
                self.take_decoded(&plain);
            }
        }
        if self.decoder.is_some() {
            self.decode_window();
        }
        if self.input_ended && self.undecoded.is_empty() {
            if self.last_byte != b'\n' {
                self.take_decoded(b"\n");
            }
            self.ended = true;
        }
        Ok(())
    }

    /// Tells UTF-8 and CP932 apart by the window that starts with the first byte that is not ASCII.
    fn decide(&mut self) {
        let utf8 = match std::str::from_utf8(&self.undecoded) {
            Ok(_) => true,
            // A character cut by the window's end is no error.
            Err(error) if error.error_len().is_none() => !self.input_ended,
            Err(_) => false,
        };
        if utf8 || damage(UTF_8, &self.undecoded) < damage(SHIFT_JIS, &self.undecoded) {
            self.decoder = Some(UTF_8.new_decoder_without_bom_handling());
        } else {
            self.encoding = Encoding::Cp932;
            self.decoder = Some(SHIFT_JIS.new_decoder_without_bom_handling());
        }
    }

    fn decode_window(&mut self) {
        let Some(decoder) = self.decoder.as_mut() else {
            return;
        };
        let room =
            decoder.max_utf8_buffer_length(self.undecoded.len()).unwrap_or(4 * self.undecoded.len() + 16);
        let mut text = vec![0; room];
        let (_, read, written, _) = decoder.decode_to_utf8(&self.undecoded, &mut text, self.input_ended);
        self.undecoded.drain(..read);
        self.take_decoded(&text[..written]);
    }

    /// Takes decoded bytes over, with every line end as one line feed.
    fn take_decoded(&mut self, text: &[u8]) {
        for &byte in text {
            match byte {
                b'\n' if self.after_return => {}
                b'\r' => self.decoded.push(b'\n'),
                other => self.decoded.push(other),
            }
            self.after_return = byte == b'\r';
        }
        if let Some(&byte) = self.decoded.last() {
            self.last_byte = byte;
        }
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() {
            if self.ended {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let count = to.len().min(self.decoded.len() - self.given);
        to[..count].copy_from_slice(&self.decoded[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Reads a whole text of at most `limit` bytes (counted decoded), as small files are read.
///
/// Errors: what [`TextReader::open`] refuses, a file that is too large, bytes that are no character.
pub fn read_whole(input: impl Read, limit: usize) -> Result<(String, Encoding), Problem> {
    let mut reader = TextReader::open(input)?;
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    (&mut reader).take(most).read_to_end(&mut bytes).map_err(|error| Problem::of_file(unreadable(&error)))?;
    if bytes.len() > limit {
        return Err(Problem::of_file(ProblemCode::FileTooLarge { limit_mib: limit / (1024 * 1024) }));
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if let Some((index, line)) = text.lines().enumerate().find(|(_, line)| line.contains('\u{fffd}')) {
        let column = line.chars().take_while(|&c| c != '\u{fffd}').count() + 1;
        return Err(Problem::at(index + 1, column, ProblemCode::BrokenCharacter));
    }
    Ok((text, reader.encoding()))
}

pub(super) fn unreadable(error: &io::Error) -> ProblemCode {
    ProblemCode::Unreadable { reason: error.to_string() }
}

/// Why a file that begins like this is not read at all.
fn refusal(start: &[u8]) -> Option<ProblemCode> {
    if start.is_empty() {
        return Some(ProblemCode::EmptyFile);
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Some(ProblemCode::Utf16);
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(ProblemCode::Workbook);
    }
    start.contains(&0).then_some(ProblemCode::NotText)
}

/// How many places of `bytes` are no character in `encoding`.
fn damage(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(4 * bytes.len() + 16);
    let mut text = vec![0; room];
    let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut text, false);
    String::from_utf8_lossy(&text[..written]).matches('\u{fffd}').count()
}

#[derive(Default)]
struct SeparatorCount {
    commas: usize,
    tabs: usize,
    semicolons: usize,
}

/// Counts in the first line of `bytes`, outside quotes. All of these are below 0x40, where CP932 has no
/// second byte of a character, so undecoded bytes do.
fn count_separators(bytes: &[u8]) -> SeparatorCount {
    let mut count = SeparatorCount::default();
    let mut quoted = false;
    for &byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' | b'\r' => break,
            b',' => count.commas += 1,
            b'\t' => count.tabs += 1,
            b';' => count.semicolons += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests;
