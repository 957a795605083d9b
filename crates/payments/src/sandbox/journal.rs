//! The sandbox's memory: a file to which lines are added and in which nothing is ever changed.
//!
//! # What a crash leaves
//!
//! A line counts from its line break on. Lines are written in order and answered for only after `fsync`, so a
//! crash can leave at most one line without its break, at the end, and nobody was told about it: opening cuts
//! it off. A whole line that cannot be read is damage, not a crash: opening refuses, and changes nothing.
//!
//! Many lines that wait share one `fsync`. After a failed write the journal takes nothing more until it is
//! opened again, because what the file holds then has to be read, not assumed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::sync::watch;

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
    /// Another process has it open.
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

/// The open file. Dropping it waits for what is being written.
pub(super) struct Journal {
    sender: Option<mpsc::Sender<Lines>>,
    enqueued: std::sync::atomic::AtomicU64,
    settled: watch::Receiver<Settled>,
    writer: Option<JoinHandle<()>>,
}

/// Lines with their breaks, and the ticket of the last of them.
struct Lines {
    text: Vec<u8>,
    ticket: Ticket,
}

/// A place in the order of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

#[derive(Clone, Debug)]
enum Settled {
    UpTo(Ticket),
    Broken(String),
}

impl Journal {
    /// Opens the journal in a folder, which is made if it is missing, and hands each line to `read`.
    pub(super) fn open(
        folder: &Path,
        mut read: impl FnMut(&str) -> Result<(), String>,
    ) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        let failed = |error| OpenError::Io { path: path.clone(), error };
        std::fs::create_dir_all(folder).map_err(|error| OpenError::Io { path: folder.to_owned(), error })?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse { path: path.clone() },
            TryLockError::Error(error) => failed(error),
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        for (place, line) in bytes[..whole].split_inclusive(|byte| *byte == b'\n').enumerate() {
            let line = &line[..line.len() - 1];
            let text = std::str::from_utf8(line).map_err(|error| error.to_string());
            let done = text.and_then(|text| match place {
                0 if text == HEAD => Ok(()),
                0 => Err(format!("it should be {HEAD}")),
                _ => read(text),
            });
            done.map_err(|reason| OpenError::Damaged { path: path.clone(), line: place + 1, reason })?;
        }
        prepare(&mut file, folder, whole, bytes.len()).map_err(failed)?;
        Self::write(file).map_err(failed)
    }

    /// Puts lines at the end of the queue. Whoever holds the lock of the state calls this, so that lines
    /// stand in the order of what they tell. No lines: the ticket of the last that were put.
    pub(super) fn enqueue(&self, lines: &[String]) -> Ticket {
        use std::sync::atomic::Ordering;
        if lines.is_empty() {
            return Ticket(self.enqueued.load(Ordering::SeqCst));
        }
        let ticket = Ticket(self.enqueued.fetch_add(1, Ordering::SeqCst) + 1);
        let text = lines.iter().flat_map(|line| [line.as_bytes(), b"\n"]).flatten().copied().collect();
        if let Some(sender) = &self.sender {
            // A writer that is gone has said so to whoever waits.
            let _gone = sender.send(Lines { text, ticket });
        }
        ticket
    }

    /// Waits until everything up to the ticket is on the disk.
    pub(super) async fn settled(&self, ticket: Ticket) -> Result<(), String> {
        let mut settled = self.settled.clone();
        let reached = settled
            .wait_for(|settled| match settled {
                Settled::UpTo(done) => *done >= ticket,
                Settled::Broken(_) => true,
            })
            .await
            .map(|settled| settled.clone());
        match reached {
            Ok(Settled::UpTo(_)) => Ok(()),
            Ok(Settled::Broken(reason)) => Err(reason),
            Err(_) => Err("the journal is closed".to_owned()),
        }
    }

    /// Starts the thread that writes.
    fn write(mut file: File) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel::<Lines>();
        let (settle, settled) = watch::channel(Settled::UpTo(Ticket(0)));
        let writer = std::thread::Builder::new().name("sandbox-journal".to_owned()).spawn(move || {
            while let Ok(mut lines) = receiver.recv() {
                while let Ok(more) = receiver.try_recv() {
                    lines.text.extend(more.text);
                    lines.ticket = more.ticket;
                }
                let written = file.write_all(&lines.text).and_then(|()| file.sync_data());
                if let Err(error) = written {
                    tracing::error!(%error, "the sandbox's journal cannot be written");
                    settle.send_replace(Settled::Broken(error.to_string()));
                    return;
                }
                settle.send_replace(Settled::UpTo(lines.ticket));
            }
        })?;
        let enqueued = std::sync::atomic::AtomicU64::new(0);
        Ok(Self { sender: Some(sender), enqueued, settled, writer: Some(writer) })
    }
}

/// Cuts a torn line off, writes the first line of a new file, and makes both last.
fn prepare(file: &mut File, folder: &Path, whole: usize, found: usize) -> std::io::Result<()> {
    if whole < found {
        tracing::warn!(bytes = found - whole, "a torn line at the end of the sandbox's journal was cut off");
        file.set_len(u64::try_from(whole).map_err(std::io::Error::other)?)?;
    }
    file.seek(SeekFrom::End(0))?;
    if whole == 0 {
        file.write_all(HEAD.as_bytes())?;
        file.write_all(b"\n")?;
    }
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has written what it could.
            let _panicked = writer.join();
        }
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
