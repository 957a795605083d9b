//! One process owns the data folder (house rule "One door for writing").
//!
//! The owner holds an exclusive lock of the operating system's on `zaseki.lock`, so that the folder is free
//! again when the owner ends, however it ends. `zaseki serve` also listens on `zaseki.sock` in the folder: every other
//! command hands its work over there (`protocol` says how). Where nothing runs, a command owns the folder
//! itself for as long as it works. A database behind an address is owned by nobody.

mod hand_over;
mod listener;
mod protocol;

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use domain::time::Instant;
use serde::{Deserialize, Serialize};
use store::Location;

use crate::config::Config;
use crate::environment;

pub(crate) use hand_over::{Turn, turn};
pub(crate) use listener::Listener;

/// This process owns a data folder until this is dropped.
#[derive(Debug)]
pub(crate) struct Owner {
    folder: PathBuf,
    /// Held for its lock alone: closing it gives the folder up.
    _lock: File,
}

/// Who owns a data folder, as its lock file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    process: u32,
    /// What it does: `serve`, `import people`.
    command: String,
    /// When it began, as RFC 3339.
    since: String,
}

/// Why a folder could not be claimed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotClaimed {
    /// Another process owns it.
    #[error("the data folder {} is in use by {owner}", folder.display())]
    Taken { folder: PathBuf, owner: Claimant },
    /// The file system refuses.
    #[error("cannot {what} {}", path.display())]
    Failed {
        what: &'static str,
        path: PathBuf,
        #[source]
        error: io::Error,
    },
}

/// Another process, as far as it has said who it is: between taking the lock and writing its name, it has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimant(Option<Holder>);

/// Claims the configured data for `command`. A database behind an address is owned by nobody: `None`.
pub(crate) fn claim(config: &Config, command: &str) -> Result<Option<Owner>, NotClaimed> {
    match &config.location {
        Location::Folder(folder) => Owner::claim(folder, command, environment::real().now()).map(Some),
        Location::Address { .. } => Ok(None),
    }
}

impl Owner {
    /// Makes `folder` this process's, creating it for this user alone where there is none.
    ///
    /// `command` and `since` are what the lock file says about this process. Never waits:
    /// [`NotClaimed::Taken`] while another process owns the folder.
    pub(crate) fn claim(folder: &Path, command: &str, since: Instant) -> Result<Self, NotClaimed> {
        let failed = |what, path: &Path| {
            let path = path.to_owned();
            move |error| NotClaimed::Failed { what, path, error }
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed("make", folder))?;
        let path = lock_path(folder);
        let mut options = OpenOptions::new();
        let mut lock = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(NotClaimed::Taken { folder: folder.to_owned(), owner: Claimant::of(folder) });
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock", &path)(error)),
        }
        let holder = Holder::this_process(command, since);
        holder.write_to(&mut lock).map_err(failed("write", &path))?;
        // Left behind by an owner that was killed. Nobody listens there: the lock is ours.
        let socket = socket_path(folder);
        match std::fs::remove_file(&socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", &socket)(error)),
            _ => Ok(Self { folder: folder.to_owned(), _lock: lock }),
        }
    }

    fn socket_path(&self) -> PathBuf {
        socket_path(&self.folder)
    }
}

impl Holder {
    fn this_process(command: &str, since: Instant) -> Self {
        let since = format!("{:.0}", since.timestamp());
        Self { process: std::process::id(), command: command.to_owned(), since }
    }

    fn write_to(&self, lock: &mut File) -> io::Result<()> {
        // A shorter name than the last owner's must not keep that one's end.
        lock.set_len(0)?;
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        lock.write_all(&line)
    }
}

impl Claimant {
    fn of(folder: &Path) -> Self {
        let line = std::fs::read(lock_path(folder)).ok();
        Self(line.and_then(|line| serde_json::from_slice(&line).ok()))
    }
}

impl fmt::Display for Claimant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(holder) => write!(f, "process {} (zaseki {})", holder.process, holder.command),
            None => f.write_str("another process"),
        }
    }
}

impl NotClaimed {
    /// The sentence, with what to do about it where another process is in the way.
    pub(crate) fn advise(self, advice: &str) -> anyhow::Error {
        match self {
            Self::Taken { .. } => anyhow::anyhow!("{self}; {advice}"),
            Self::Failed { .. } => self.into(),
        }
    }
}

fn lock_path(folder: &Path) -> PathBuf {
    folder.join("zaseki.lock")
}

fn socket_path(folder: &Path) -> PathBuf {
    folder.join("zaseki.sock")
}

#[cfg(test)]
mod tests;
