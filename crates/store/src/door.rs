//! The door: opening the store, reading, and the one way of writing.

use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use domain::id::OrganizationId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use crate::StoreError;
use crate::engine::{self, Attempt, Connection, Engine, Job};
use crate::statement::sql;
use crate::unit::{Command, Conn, Key, Tx};
use crate::value::{binds, json};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Embedded, in a file of this folder.
    Folder(PathBuf),
    /// Behind an address that begins with the protocol's name.
    Address {
        /// The address, with user and password.
        address: String,
        /// Whether transactions are serializable, as some engines that speak this protocol demand.
        serializable: bool,
    },
}

/// The store. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store. [`crate::migrate`] must have been run on it.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        Self::open_with(location, engine::READERS).await
    }

    /// Opens the store with so many readers at once. With one, a task that holds a reader and asks for another, or
    /// for a second one in its stead before it is given back, waits in vain: tests open it so to find such tasks,
    /// which with more readers wait in vain only when enough of them run at once.
    pub async fn open_with(location: &Location, readers: u32) -> Result<Self, StoreError> {
        Ok(Self { engine: engine::open(location, readers).await? })
    }

    /// A reader: it never waits for the writer, and sees only what is durable.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(Reader { connection: self.engine.reader().await? })
    }

    /// Carries out a unit of work: whole or not at all, durable when this returns.
    ///
    /// `unit` may be run more than once, so it takes nothing from outside but what it was given, and awaits
    /// nothing but the database. It goes on even if the asker stops waiting. Its answer is kept under the
    /// command's key: a repetition gets the first answer, a key that comes with another content gets
    /// [`StoreError::KeyReused`]. A unit that changes something must say so to the audit ([`Tx::audit`]).
    pub async fn write<T, E, F>(&self, command: Command, unit: F) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx<'_>) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        let (asker, answer) = oneshot::channel();
        let job = UnitJob { command, unit, refused: false, outcome: None, asker, types: PhantomData };
        self.engine.carry_out(Box::new(job)).await?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Finishes what is under way and closes the database.
    pub async fn close(&self) {
        self.engine.close().await;
    }
}

/// Reads, on a connection of its own.
pub struct Reader {
    connection: Box<dyn Connection>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    /// What can be asked.
    pub fn conn(&mut self) -> Conn<'_> {
        Conn::new(self.connection.as_mut())
    }
}

struct UnitJob<T, E, F> {
    command: Command,
    unit: F,
    /// Whether it was refused once and is being looked at again.
    refused: bool,
    outcome: Option<Result<T, E>>,
    asker: oneshot::Sender<Result<T, E>>,
    types: PhantomData<fn() -> (T, E)>,
}

impl<T, E, F> Job for UnitJob<T, E, F>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx<'_>) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    fn attempt<'a>(&'a mut self, connection: &'a mut dyn Connection) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            let company = connection.has_company();
            let mut tx = Tx::new(Conn::new(connection), self.command.clone());
            // A unit that panics is undone like any other; the writer and the other units go on.
            let outcome = AssertUnwindSafe(run(&self.unit, &mut tx)).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
            let attempt = match &outcome {
                _ if tx.lost_a_race => Attempt::Again,
                // A refusal may come from the same command, carried out beside us since we looked its key up:
                // look once more before it counts.
                Err(_) if company && !self.refused && tx.command().key.is_some() => {
                    self.refused = true;
                    Attempt::Again
                }
                Ok(_) => Attempt::Keep,
                Err(_) => Attempt::Undo,
            };
            self.outcome = Some(outcome);
            attempt
        })
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let outcome = match (durable, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // The asker may have gone; what was done stands all the same.
        self.asker.send(outcome).ok();
    }
}

/// Runs a unit between looking its key up and keeping its answer.
async fn run<T, E, F>(unit: &F, tx: &mut Tx<'_>) -> Result<T, E>
where
    T: Serialize + DeserializeOwned,
    E: From<StoreError>,
    F: for<'a> Fn(&'a mut Tx<'_>) -> BoxFuture<'a, Result<T, E>>,
{
    let (organization, key) = (tx.command().organization, tx.command().key.clone());
    if let Some(key) = &key
        && let Some(first) = first_answer(tx, organization, key).await?
    {
        return Ok(read_answer(&first)?);
    }
    let answer = unit(tx).await?;
    tx.finish().await?;
    if let Some(key) = key {
        keep_answer(tx, &key, json(&answer)?).await?;
    }
    Ok(answer)
}

async fn first_answer(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    key: &Key,
) -> Result<Option<String>, StoreError> {
    let row = conn
        .row(
            sql!("SELECT digest, answer FROM command WHERE organization_id = $1 AND key = $2"),
            binds![organization, key.name.as_str()],
        )
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    if row.take::<[u8; 32]>()? != key.digest {
        return Err(StoreError::KeyReused);
    }
    row.take().map(Some)
}

fn read_answer<T: DeserializeOwned>(answer: &str) -> Result<T, StoreError> {
    serde_json::from_str(answer)
        .map_err(|error| StoreError::Corrupt { what: format!("a kept answer: {error}") })
}

impl Conn<'_> {
    /// What a command was answered, if it was carried out before. For those whose facts have to be read before the
    /// unit, and are other facts once it was carried out. Errors: the key was used for something else.
    pub async fn answered<T: DeserializeOwned>(
        &mut self,
        organization: OrganizationId,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        let first = first_answer(self, organization, key).await?;
        first.map(|answer| read_answer(&answer)).transpose()
    }
}

async fn keep_answer(tx: &mut Tx<'_>, key: &Key, answer: String) -> Result<(), StoreError> {
    let (organization, at) = (tx.command().organization, tx.at());
    let kept = tx
        .keep_books(
            sql!(
                "INSERT INTO command (organization_id, key, digest, answer, at) VALUES ($1, $2, $3, $4, $5)"
            ),
            binds![organization, key.name.as_str(), key.digest, answer, at],
        )
        .await;
    // The same command was carried out beside us: undo ours, run again, and give the first answer.
    tx.lost_a_race |= matches!(kept, Err(StoreError::Taken { .. }));
    kept.map(drop)
}
