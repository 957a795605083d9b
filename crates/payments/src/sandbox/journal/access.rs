//! Who has the journal open, and whose turn it is: locks of the operating system's, which are free again when
//! their process ends, however it ends.
//!
//! | file | locked | for |
//! |---|---|---|
//! | `sandbox.lock` | by one alone, or by all that share | as long as it is open |
//! | `sandbox.jsonl` | by one of those that share | one turn |

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::{OpenError, open_file};

/// The name of the file that is locked for as long as the journal is open.
const LOCK: &str = "sandbox.lock";

/// Whether other processes may have the journal open too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// None may.
    Alone,
    /// Those may that share it too.
    Shared,
}

/// The right to have the journal open. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Access {
    sharing: Sharing,
    /// Held for its lock alone.
    _lock: File,
}

impl Access {
    /// Claims the journal at `path`, which stands in this folder. Never waits.
    pub(super) fn claim(folder: &Path, sharing: Sharing, path: &Path) -> Result<Self, OpenError> {
        let lock_path = folder.join(LOCK);
        let lock = open_file(&lock_path)?;
        let claimed = match sharing {
            Sharing::Alone => lock.try_lock(),
            Sharing::Shared => lock.try_lock_shared(),
        };
        claimed.map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse { path: path.to_owned() },
            TryLockError::Error(error) => OpenError::Io { path: lock_path, error },
        })?;
        Ok(Self { sharing, _lock: lock })
    }

    /// Whether others may have written since the last turn.
    pub(super) fn is_shared(&self) -> bool {
        self.sharing == Sharing::Shared
    }

    /// Waits for the turn.
    pub(super) fn enter(&self, file: &File) -> io::Result<()> {
        if self.is_shared() { file.lock() } else { Ok(()) }
    }

    /// Ends the turn.
    pub(super) fn leave(&self, file: &File) {
        let left = if self.is_shared() { file.unlock() } else { Ok(()) };
        if let Err(error) = left {
            tracing::error!(%error, "the lock of the sandbox's journal cannot be given back");
        }
    }
}
