//! The sandbox's memory: a file to which lines are added and in which nothing is ever changed.
//!
//! # Who reads and writes
//!
//! One process has it open alone, or several share it ([`Access`]). Whoever reads or writes has the [`Turn`].
//! Alone, that costs nothing. Shared, it is a lock of the file that the others wait for, and it begins with
//! the lines that they have added since the last one. What is written in a turn shares one `fsync`.
//!
//! # What a crash leaves
//!
//! A line counts from its line break on. Lines are written in order and answered for only after `fsync`, so a
//! crash can leave at most one line without its break, at the end, and nobody was told about it: opening cuts
//! it off, and so does the next turn of another process. That turn reads the whole lines that a dead process
//! has not answered for like all others, and makes them last before it answers for what it saw. A whole line
//! that cannot be read is damage, not a crash: opening and turns refuse, and change nothing.

mod access;

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use self::access::Access;
pub(crate) use self::access::Sharing;

/// What stands in the first line: this file is ours, in this form.
const HEAD: &str = r#"{"journal":"zaseki-sandbox","version":1}"#;

/// The name of the file in its folder.
const FILE: &str = "sandbox.jsonl";

/// Why the sandbox cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or the file cannot be read or written.
    #[error("{path} cannot be used: {error}")]
    Io {
        /// The folder or the file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Another process has it open, and one of the two wants it alone.
    #[error("{path} is in use by another process")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A whole line that the sandbox has not written.
    #[error("line {line} of {path} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// The open file.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    access: Access,
    /// Where the next line begins: all before it was read or written here.
    end: u64,
    /// How many lines stand before it.
    lines: usize,
    /// Whether there is one among them that may not be on the disk yet.
    unsettled: bool,
}

/// The right to read and write, for as long as this is held.
pub(super) struct Turn<'a> {
    journal: &'a mut Journal,
}

impl Journal {
    /// Opens the journal in a folder, which is made if it is missing, and hands each line to `read`. Waits for
    /// another process's turn, never for its end: see [`OpenError::InUse`].
    pub(super) fn open(
        folder: &Path,
        sharing: Sharing,
        read: impl FnMut(&str) -> Result<(), String>,
    ) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        std::fs::create_dir_all(folder).map_err(|error| OpenError::Io { path: folder.to_owned(), error })?;
        let access = Access::claim(folder, sharing, &path)?;
        let file = open_file(&path)?;
        let mut journal = Self { file, path, access, end: 0, lines: 0, unsettled: false };
        journal.access.enter(&journal.file).map_err(|error| journal.failed(error))?;
        let mut turn = Turn { journal: &mut journal };
        turn.catch_up(read)?;
        turn.prepare(folder).map_err(|error| turn.journal.failed(error))?;
        drop(turn);
        Ok(journal)
    }

    /// Waits for the turn and hands each line that others have added since the last one to `read`. After an
    /// error the next turn begins with the line that could not be read.
    pub(super) fn turn(
        &mut self,
        read: impl FnMut(&str) -> Result<(), String>,
    ) -> Result<Turn<'_>, OpenError> {
        self.access.enter(&self.file).map_err(|error| self.failed(error))?;
        let mut turn = Turn { journal: self };
        if turn.journal.access.is_shared() {
            turn.catch_up(read)?;
        }
        Ok(turn)
    }

    /// What stands after the last line that is known here.
    fn rest(&mut self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn failed(&self, error: std::io::Error) -> OpenError {
        OpenError::Io { path: self.path.clone(), error }
    }

    fn damaged(&self, reason: String) -> OpenError {
        OpenError::Damaged { path: self.path.clone(), line: self.lines + 1, reason }
    }
}

impl Turn<'_> {
    /// Adds lines, and makes them last with all that was read. After an error nobody knows what the file
    /// holds: that has to be read, not assumed, and nothing more may be added before it is opened again.
    pub(super) fn write(&mut self, lines: &[String]) -> std::io::Result<()> {
        let journal = &mut *self.journal;
        if !lines.is_empty() {
            let text = lines.join("\n") + "\n";
            journal.unsettled = true;
            journal.file.seek(SeekFrom::Start(journal.end))?;
            journal.file.write_all(text.as_bytes())?;
            journal.end += text.len() as u64;
            journal.lines += lines.len();
        }
        if journal.unsettled {
            journal.file.sync_data()?;
            journal.unsettled = false;
        }
        Ok(())
    }

    /// Reads what stands after the last line that is known here, and cuts a torn line off.
    fn catch_up(&mut self, mut read: impl FnMut(&str) -> Result<(), String>) -> Result<(), OpenError> {
        let journal = &mut *self.journal;
        let found = journal.file.metadata().map_err(|error| journal.failed(error))?.len();
        if found == journal.end {
            return Ok(());
        }
        if found < journal.end {
            return Err(journal.damaged("lines before it are gone".to_owned()));
        }
        let bytes = journal.rest().map_err(|error| journal.failed(error))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        journal.unsettled = true;
        for line in bytes[..whole].split_inclusive(|byte| *byte == b'\n') {
            let text = std::str::from_utf8(&line[..line.len() - 1]).map_err(|error| error.to_string());
            let done = text.and_then(|text| match journal.lines {
                0 if text == HEAD => Ok(()),
                0 => Err(format!("it should be {HEAD}")),
                _ => read(text),
            });
            done.map_err(|reason| journal.damaged(reason))?;
            journal.end += line.len() as u64;
            journal.lines += 1;
        }
        if whole < bytes.len() {
            let bytes = bytes.len() - whole;
            tracing::warn!(bytes, "a torn line at the end of the sandbox's journal was cut off");
            journal.file.set_len(journal.end).map_err(|error| journal.failed(error))?;
        }
        Ok(())
    }

    /// Writes the first line of a new file, and makes the file last with its name.
    fn prepare(&mut self, folder: &Path) -> std::io::Result<()> {
        if self.journal.lines == 0 {
            self.write(&[HEAD.to_owned()])?;
        }
        self.journal.file.sync_all()?;
        self.journal.unsettled = false;
        File::open(folder)?.sync_all()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.journal.access.leave(&self.journal.file);
    }
}

/// Opens a file for reading and writing, for this user alone if it is new.
fn open_file(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(|error| OpenError::Io { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests;
