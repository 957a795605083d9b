//! The two engines behind one small port. Only the files of this folder know which engine is which.

use std::sync::Arc;

use futures::future::BoxFuture;
use sqlx::Connection as _;

use crate::StoreError;
use crate::door::Location;
use crate::migrate::bring_to_shape;
use crate::statement::Statement;
use crate::value::{Row, Value};

pub(crate) mod postgres;
pub(crate) mod sqlite;
mod statistics;

/// How many connections read at once.
pub(crate) const READERS: u32 = 8;

/// Opens the engine of a location.
pub(crate) async fn open(location: &Location, readers: u32) -> Result<Arc<dyn Engine>, StoreError> {
    Ok(match location {
        Location::Folder(folder) => Arc::new(sqlite::SqliteEngine::open(folder, readers).await?),
        Location::Address { address, serializable } => {
            let isolation = if *serializable {
                postgres::Isolation::Serializable
            } else {
                postgres::Isolation::ReadCommitted
            };
            Arc::new(postgres::PostgresEngine::open(address, readers + READERS, isolation).await?)
        }
    })
}

/// Brings the database of a location to its shape, in the words of its engine.
pub(crate) async fn migrate(location: &Location) -> Result<(), StoreError> {
    match location {
        Location::Folder(folder) => {
            let mut connection = sqlite::connect(folder).await?;
            bring_to_shape(&mut connection, sqlite::WORDS).await?;
            statistics::tell(&mut connection).await?;
            connection.close().await.map_err(StoreError::engine)
        }
        Location::Address { address, .. } => {
            let mut connection = postgres::connect(address).await?;
            bring_to_shape(&mut connection, postgres::WORDS).await?;
            connection.close().await.map_err(StoreError::engine)
        }
    }
}

/// Runs statements without the checks between tables, past the store, and says how many rows the last one changed.
#[cfg(feature = "testing")]
pub(crate) async fn behind(location: &Location, statements: &[String]) -> Result<u64, StoreError> {
    match location {
        Location::Folder(folder) => sqlite::behind(folder, statements).await,
        Location::Address { address, .. } => postgres::behind(address, statements).await,
    }
}

/// A connection that runs statements, one at a time.
pub(crate) trait Connection: Send {
    /// Runs a statement and gives its rows.
    fn rows(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>>;

    /// Runs a statement and says how many rows it changed.
    fn run(&mut self, statement: Statement, values: Vec<Value>) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// Whether other units run beside this one, so that a command may meet itself.
    fn has_company(&self) -> bool;

    /// Whether a failed unit is worth running again: another transaction was in the way.
    fn lost_a_race(&self, error: &StoreError) -> bool;
}

/// What an engine offers to the store.
pub(crate) trait Engine: Send + Sync {
    /// A connection for reading that never waits for a writer.
    fn reader(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, StoreError>>;

    /// Carries a unit of work out, whole or not at all, and answers only once it is durable.
    fn carry_out(&self, job: Box<dyn Job>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Stops taking work and waits for what is under way.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// A unit of work on its way through an engine.
pub(crate) trait Job: Send {
    /// Runs the unit. It may be called again, if what it did had to be undone through no fault of its own.
    /// The answer says whether the unit's changes stand.
    fn attempt<'a>(&'a mut self, connection: &'a mut dyn Connection) -> BoxFuture<'a, Attempt>;

    /// Answers the asker. `durable` is the fate of the transaction that the last attempt ran in.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

/// How an attempt at a unit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// Keep what it did.
    Keep,
    /// It refused by the rules, or the engine failed under it: undo what it did.
    Undo,
    /// Another transaction was in the way: undo and run it again.
    Again,
}
