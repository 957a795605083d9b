//! A unit of work: what stands between the rules and the database while something changes.

use std::ops::{Deref, DerefMut};

use domain::id::{AccountId, AuditId, OrganizationId, PersonId};
use domain::time::Instant;
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;

use crate::StoreError;
use crate::audit::Record;
use crate::engine::Connection;
use crate::statement::{Rows, SIZES, Statement};
use crate::value::{Row, Value};

/// What somebody wants changed: who, from where, when, and the key that makes repeating it harmless.
#[derive(Clone, Debug)]
pub struct Command {
    /// The organization whose books and audit this belongs to; [`Command::PUBLISHER`] for what belongs to none.
    pub organization: OrganizationId,
    /// Who acts.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// When, by the real clock.
    pub at: Instant,
    /// Where the unit's ids and other randomness come from. A unit that runs again gets the same ones.
    pub seed: [u8; 32],
    /// The idempotency key; a command without one is never a repetition.
    pub key: Option<Key>,
    /// Why, where the rules ask for a reason (an operator acting on a customer).
    pub reason: Option<String>,
}

impl Command {
    /// Stands where an organization is asked for and none is concerned: accounts, sessions, the catalog.
    pub const PUBLISHER: OrganizationId = OrganizationId::from_uuid(uuid::Uuid::nil());
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person in their organization.
    Person {
        /// The account that is signed in.
        account: AccountId,
        /// Its place in the organization.
        person: PersonId,
    },
    /// An account before it has chosen an organization, or one that opened a link.
    Account(AccountId),
    /// Nobody yet: a failed sign-in.
    Stranger,
    /// Somebody at the command line of the machine that holds the data.
    CommandLine,
    /// The product itself.
    Machine,
}

/// From where a command came. Stands in the audit's erasable side table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's network address.
    pub address: Option<String>,
    /// What the client says it is.
    pub agent: Option<String>,
}

/// An idempotency key: what the asker calls this command, and a digest of what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// At most 255 characters, unique within the organization.
    pub name: String,
    /// SHA-256 of the command's content: the same name with another content is refused.
    pub digest: [u8; 32],
}

/// A connection seen from the rules: it runs statements and gives rows.
pub struct Conn<'c> {
    connection: &'c mut dyn Connection,
    /// Another transaction was in the way of a statement: whatever the unit answers, it has to run again.
    pub(crate) lost_a_race: bool,
    /// A statement failed for a reason of the engine's.
    pub(crate) failed: bool,
}

impl std::fmt::Debug for Conn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conn").field("failed", &self.failed).finish_non_exhaustive()
    }
}

impl<'c> Conn<'c> {
    pub(crate) fn new(connection: &'c mut dyn Connection) -> Self {
        Self { connection, lost_a_race: false, failed: false }
    }

    /// The rows that a statement gives.
    pub(crate) async fn rows(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let outcome = self.connection.rows(statement, values).await;
        self.note(outcome)
    }

    /// The row of a statement that gives at most one.
    pub(crate) async fn row(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(statement, values).await?.pop())
    }

    async fn run(&mut self, statement: Statement, values: Vec<Value>) -> Result<u64, StoreError> {
        let outcome = self.connection.run(statement, values).await;
        self.note(outcome)
    }

    fn note<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &outcome {
            self.failed = true;
            self.lost_a_race |= self.connection.lost_a_race(error);
        }
        outcome
    }
}

/// A unit of work under way: everything that [`Conn`] reads, and the only way to change something.
pub struct Tx<'c> {
    conn: Conn<'c>,
    command: Command,
    randomness: ChaCha12Rng,
    changes: u64,
    records: Vec<(AuditId, Record)>,
    collects: Option<bool>,
    waiting: Vec<(Rows, Vec<Vec<Value>>)>,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("command", &self.command)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Conn<'c>;

    fn deref(&self) -> &Conn<'c> {
        &self.conn
    }
}

impl<'c> DerefMut for Tx<'c> {
    fn deref_mut(&mut self) -> &mut Conn<'c> {
        &mut self.conn
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>, command: Command) -> Self {
        let randomness = ChaCha12Rng::from_seed(command.seed);
        let (records, waiting) = (Vec::new(), Vec::new());
        Self { conn, command, randomness, changes: 0, records, collects: None, waiting }
    }

    /// The command that is being carried out.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// When this happens.
    pub fn at(&self) -> Instant {
        self.command.at
    }

    /// A new id: `tx.id(PersonId::new)`.
    pub fn id<T>(&mut self, make: impl FnOnce(Instant, [u8; 10]) -> T) -> T {
        let entropy = self.bytes();
        make(self.command.at, entropy)
    }

    /// Random bytes from the command's seed.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill_bytes(&mut bytes);
        bytes
    }

    /// Says to the audit what this unit does. Written with the unit, in the same commit.
    pub fn audit(&mut self, record: Record) {
        let id = self.id(AuditId::new);
        self.records.push((id, record));
    }

    /// Runs a statement that changes something and says how many rows it changed.
    pub(crate) async fn change(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let changed = self.conn.run(statement, values).await?;
        self.changes += changed;
        Ok(changed)
    }

    /// Runs a statement that changes exactly one row, or finds that somebody else was quicker.
    pub(crate) async fn change_one(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        match self.change(statement, values).await? {
            1 => Ok(()),
            0 => Err(StoreError::Stale),
            more => Err(StoreError::Corrupt { what: format!("{more} rows where there is one") }),
        }
    }

    /// Bookkeeping of the door itself: not a change that the audit has to know.
    pub(crate) async fn keep_books(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.conn.run(statement, values).await
    }

    /// Bookkeeping of many rows, as few statements as they fit into.
    pub(crate) async fn keep_rows(&mut self, head: Rows, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let mut rows = rows.into_iter();
        for size in SIZES {
            while rows.len() >= size {
                let values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
                self.keep_books(head.statement(size), values).await?;
            }
        }
        Ok(())
    }

    /// From now on rows that are added wait until [`Tx::flush`], or the end of the unit, and go in together. For units
    /// that carry much of one organization: what reads or changes a row that may still wait flushes before. `held`
    /// says whether the organization is on a test clock.
    pub fn collect_rows(&mut self, held: bool) {
        self.collects = Some(held);
    }

    /// Whether rows are collected, and if so, whether due work of the organization is held.
    pub(crate) const fn collects(&self) -> Option<bool> {
        self.collects
    }

    /// Adds a row: at once, or with others of its kind.
    pub(crate) async fn add_row(&mut self, head: Rows, row: Vec<Value>) -> Result<(), StoreError> {
        self.changes += 1;
        if self.collects.is_none() {
            self.keep_books(head.statement(1), row).await?;
            return Ok(());
        }
        self.wait(head, row);
        Ok(())
    }

    /// Has a row wait for [`Tx::flush`].
    pub(crate) fn wait(&mut self, head: Rows, row: Vec<Value>) {
        match self.waiting.iter_mut().find(|(known, _)| *known == head) {
            Some((_, rows)) => rows.push(row),
            None => self.waiting.push((head, vec![row])),
        }
    }

    /// Takes back the rows of a kind that wait and begin with these values.
    pub(crate) fn unwait(&mut self, head: Rows, key: &[Value]) {
        for (_, rows) in self.waiting.iter_mut().filter(|(known, _)| *known == head) {
            rows.retain(|row| !row.starts_with(key));
        }
    }

    /// Writes the rows that wait, in the order in which their kinds came up.
    pub async fn flush(&mut self) -> Result<(), StoreError> {
        for (head, rows) in std::mem::take(&mut self.waiting) {
            self.keep_rows(head, rows).await?;
        }
        Ok(())
    }

    /// Ends the unit: writes its audit records, and refuses it if it changed something and wrote none.
    pub(crate) async fn finish(&mut self) -> Result<(), StoreError> {
        if self.failed {
            // After a failed statement one engine would go on and the other would not: neither may.
            let what = "a unit of work went on after a failed statement".to_owned();
            return Err(StoreError::Corrupt { what });
        }
        self.flush().await?;
        let records = std::mem::take(&mut self.records);
        if self.changes > 0 && records.is_empty() {
            return Err(StoreError::Unaudited { changes: self.changes });
        }
        self.write_audit(records).await
    }
}
