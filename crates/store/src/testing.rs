//! Fresh databases for tests of this crate and of those above it, on either engine.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use crate::door::Location;
use crate::engine::{self, postgres};
use crate::{Store, StoreError, migrate};

/// The variable that names a PostgreSQL server for tests, as `cargo xtask test` sets it.
pub const SERVER: &str = "ZASEKI_TEST_POSTGRES";

/// A database of a test's own; it goes with this value.
#[derive(Debug)]
pub struct Fresh {
    /// The store.
    pub store: Store,
    /// Where its data is.
    pub location: Location,
    folder: Option<tempfile::TempDir>,
}

impl Fresh {
    /// Changes a table behind the store's back, past every rule but the table's own, and says how many rows that
    /// changed. [`Fresh::mend`] undoes it.
    pub async fn spoil(&self, table: &str, statement: &str) -> Result<u64, StoreError> {
        let kept = format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}");
        engine::behind(&self.location, &[kept, statement.to_owned()]).await
    }

    /// Puts a table back as it was before it was spoilt.
    pub async fn mend(&self, table: &str) -> Result<(), StoreError> {
        let back = format!("INSERT INTO {table} SELECT * FROM kept_{table}");
        let (empty, gone) = (format!("DELETE FROM {table}"), format!("DROP TABLE kept_{table}"));
        engine::behind(&self.location, &[empty, back, gone]).await.map(drop)
    }

    /// The folder of an embedded database.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(tempfile::TempDir::path)
    }
}

/// Whoever holds a reader and asks for another must wait in vain in every test, not only under load.
const ONE_READER: u32 = 1;

/// A fresh embedded database.
pub async fn embedded() -> Result<Fresh, StoreError> {
    let folder = tempfile::tempdir().map_err(StoreError::engine)?;
    let location = Location::Folder(folder.path().to_owned());
    migrate(&location).await?;
    Ok(Fresh { store: Store::open_with(&location, ONE_READER).await?, location, folder: Some(folder) })
}

/// A fresh database on the server that the environment names, if it names one.
pub async fn remote(serializable: bool) -> Result<Option<Fresh>, StoreError> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var(SERVER) else { return Ok(None) };
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = postgres::connect(&server).await?;
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.map_err(StoreError::engine)?;
    connection.close().await.map_err(StoreError::engine)?;
    let (base, _) = server.rsplit_once('/').unwrap_or((&server, ""));
    let location = Location::Address { address: format!("{base}/{name}"), serializable };
    migrate(&location).await?;
    Ok(Some(Fresh { store: Store::open(&location).await?, location, folder: None }))
}

/// A fresh database on that server, on which every unit of work is in somebody's way all the time: each of its
/// statements, and its commit, fails once as it does when a race is lost, and the unit is run again from the
/// start. Reading is as ever.
pub async fn remote_with_races() -> Result<Option<Fresh>, StoreError> {
    postgres::races::forced(remote(false)).await
}
