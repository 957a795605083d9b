//! What is said on the socket: a line of JSON for each message, both ways at once.
//!
//! 1. The asker sends the [`Work`](crate::command::work::Work).
//! 2. Where the work takes a file, the asker sends its bytes in [`Piece`]s. So the asker opens the file,
//!    with its rights and from where it stands, and a pipe is as good as a file.
//! 3. Meanwhile the owner sends [`Answer`]s; `done` or `failed` is the last.
//!
//! An asker that goes before its file is whole takes its work with it.

use std::io::{self, BufRead, Read as _, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest message, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// How much of a file is sent in one piece, in bytes.
pub(super) const PIECE: usize = 64 * 1024;

/// A part of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Piece {
    /// So many bytes follow the line.
    Bytes(usize),
    /// The asker could not read on, in the operating system's words.
    Unreadable(String),
    /// That was the whole file.
    End,
}

/// What the owner says to the asker.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Answer {
    /// A line of the result.
    Result(String),
    /// A line beside it: how far it is, what is wrong.
    Note(String),
    /// The work is done.
    Done,
    /// It is not, and this sentence says why.
    Failed(String),
}

/// Sends a message.
pub(super) fn send(mut to: impl Write, message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    to.write_all(&line)
}

/// Receives a message; `None` if the other side has gone, be it in the middle of one.
/// [`io::ErrorKind::InvalidData`] if it is too long or none that this program knows.
pub(super) fn receive<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    from.take(LONGEST).read_until(b'\n', &mut line)?;
    match line.last() {
        Some(b'\n') => serde_json::from_slice(&line).map(Some).map_err(invalid),
        _ if line.len() as u64 == LONGEST => Err(invalid("a message is too long")),
        _ => Ok(None),
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
