//! SQLite: one file in the data folder, one writer, many readers.
//!
//! The writer is a task with a connection of its own. Units of work wait in a queue; the writer takes up to
//! [`GROUP`] of them, runs each in its own savepoint and commits them together with `synchronous=FULL`. So a
//! commit's wait for the disk is shared, and nobody is answered before it is over.

use std::path::Path;
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{
    Arguments as _, Column as _, ConnectOptions as _, Connection as _, Row as _, Sqlite, SqliteConnection,
};
use sqlx::{TypeInfo as _, ValueRef as _};
use tokio::sync::{mpsc, oneshot};

use super::{Attempt, Connection, Engine, Job};
use crate::StoreError;
use crate::migrate::Words;
use crate::statement::Statement;
use crate::value::{Kind, Row, Value};

/// What the roles of columns are called here. A strict table knows no truth values and no big numbers by those
/// names: both are whole numbers.
pub(super) const WORDS: Words = &[
    ("$ID", "BLOB"),
    ("$TEXT", "TEXT"),
    ("$BYTES", "BLOB"),
    (") $TABLE", ") STRICT, WITHOUT ROWID"),
    ("BOOLEAN", "INTEGER"),
    ("BIGINT", "INTEGER"),
];

/// How many units share a commit at most. Larger groups did not help when it was measured
/// (docs/decisions/0001-store.md).
const GROUP: usize = 16;

/// How many units may wait for the writer before askers wait for a place in the queue.
const QUEUE: usize = 4_096;

pub(crate) struct SqliteEngine {
    readers: SqlitePool,
    queue: mpsc::Sender<Order>,
}

enum Order {
    Unit(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// How to open the database in `folder`.
fn options(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join("zaseki.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(512)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-16000")
        .pragma("mmap_size", "67108864")
        .disable_statement_logging()
}

/// A connection that may write, for migrations and the writer.
pub(crate) async fn connect(folder: &Path) -> Result<SqliteConnection, StoreError> {
    options(folder).connect().await.map_err(translate)
}

/// Runs statements without the checks between tables, and says how many rows the last one changed.
#[cfg(feature = "testing")]
pub(super) async fn behind(folder: &Path, statements: &[String]) -> Result<u64, StoreError> {
    use sqlx::Executor as _;

    let mut connection = connect(folder).await?;
    connection.execute("PRAGMA foreign_keys = OFF").await.map_err(translate)?;
    let mut changed = 0;
    for statement in statements {
        let statement = sqlx::AssertSqlSafe(statement.clone());
        changed = connection.execute(statement).await.map_err(translate)?.rows_affected();
    }
    connection.close().await.map_err(translate)?;
    Ok(changed)
}

impl SqliteEngine {
    /// Opens the database in `folder`. The caller owns the folder (see `ownership`).
    pub(crate) async fn open(folder: &Path, readers: u32) -> Result<Self, StoreError> {
        let writer = connect(folder).await?;
        let readers = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(readers)
            .test_before_acquire(false)
            .connect_with(options(folder).pragma("query_only", "true"))
            .await
            .map_err(translate)?;
        let (queue, orders) = mpsc::channel(QUEUE);
        tokio::spawn(Writer { connection: SqliteWriter(writer), orders }.work());
        Ok(Self { readers, queue })
    }
}

impl Engine for SqliteEngine {
    fn reader(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, StoreError>> {
        Box::pin(async {
            let connection = self.readers.acquire().await.map_err(translate)?;
            Ok(Box::new(SqliteReader(connection)) as Box<dyn Connection>)
        })
    }

    fn carry_out(&self, job: Box<dyn Job>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { self.queue.send(Order::Unit(job)).await.map_err(|_| StoreError::Closed) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let (closed, wait) = oneshot::channel();
            if self.queue.send(Order::Close(closed)).await.is_ok() {
                // The writer answers when the last unit before us is durable; if it is gone, so is the work.
                wait.await.ok();
            }
            self.readers.close().await;
        })
    }
}

/// The only task that changes the database.
struct Writer {
    connection: SqliteWriter,
    orders: mpsc::Receiver<Order>,
}

impl Writer {
    async fn work(mut self) {
        let mut taken = Vec::with_capacity(GROUP);
        while self.orders.recv_many(&mut taken, GROUP).await > 0 {
            let mut group = Vec::with_capacity(taken.len());
            let mut closing = None;
            for order in taken.drain(..) {
                match order {
                    Order::Unit(job) => group.push(job),
                    Order::Close(closed) => closing = Some(closed),
                }
            }
            self.commit_together(group).await;
            if let Some(closed) = closing {
                self.connection.0.close().await.ok();
                closed.send(()).ok();
                return;
            }
        }
    }

    async fn commit_together(&mut self, mut group: Vec<Box<dyn Job>>) {
        match self.try_group(&mut group).await {
            Ok(()) => group.into_iter().for_each(|job| job.answer(Ok(()))),
            // The transaction fell as a whole: a full disk, an I/O error. Alone, each unit gets its own fate.
            Err(error) if group.len() > 1 => {
                tracing::warn!(%error, units = group.len(), "a group of units is run again one by one");
                for job in group {
                    let mut alone = vec![job];
                    let fate = self.try_group(&mut alone).await;
                    if let Some(job) = alone.pop() {
                        job.answer(fate);
                    }
                }
            }
            Err(error) => {
                if let Some(job) = group.pop() {
                    job.answer(Err(error));
                }
            }
        }
    }

    /// Runs the units of a group in one transaction. An error means that nothing of it stands.
    async fn try_group(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        const BEGIN: Statement = Statement::new("BEGIN IMMEDIATE");
        const COMMIT: Statement = Statement::new("COMMIT");
        const ROLLBACK: Statement = Statement::new("ROLLBACK");
        if group.is_empty() {
            return Ok(());
        }
        self.connection.run(BEGIN, Vec::new()).await?;
        let done = async {
            for job in group {
                self.in_savepoint(job.as_mut()).await?;
            }
            self.connection.run(COMMIT, Vec::new()).await.map(drop)
        }
        .await;
        if done.is_err() {
            // SQLite may have rolled back already; then this says so, and there is nothing left to do.
            self.connection.run(ROLLBACK, Vec::new()).await.ok();
        }
        done
    }

    async fn in_savepoint(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        const SAVEPOINT: Statement = Statement::new("SAVEPOINT unit");
        const UNDO: Statement = Statement::new("ROLLBACK TO unit");
        const RELEASE: Statement = Statement::new("RELEASE unit");
        self.connection.run(SAVEPOINT, Vec::new()).await?;
        if job.attempt(&mut self.connection).await != Attempt::Keep {
            // If the whole transaction is gone, the savepoint is too, and this fails: that is the check.
            self.connection.run(UNDO, Vec::new()).await?;
        }
        self.connection.run(RELEASE, Vec::new()).await.map(drop)
    }
}

struct SqliteWriter(SqliteConnection);

struct SqliteReader(PoolConnection<Sqlite>);

macro_rules! connection {
    ($type:ty, |$this:ident| $inner:expr) => {
        impl Connection for $type {
            fn rows(
                &mut self,
                statement: Statement,
                values: Vec<Value>,
            ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
                let $this = self;
                Box::pin(fetch($inner, statement, values))
            }

            fn run(
                &mut self,
                statement: Statement,
                values: Vec<Value>,
            ) -> BoxFuture<'_, Result<u64, StoreError>> {
                let $this = self;
                Box::pin(execute($inner, statement, values))
            }

            /// There is one writer.
            fn has_company(&self) -> bool {
                false
            }

            /// There is one writer: nobody is in its way.
            fn lost_a_race(&self, _: &StoreError) -> bool {
                false
            }
        }
    };
}

connection!(SqliteWriter, |this| &mut this.0);
connection!(SqliteReader, |this| &mut *this.0);

async fn fetch(
    connection: &mut SqliteConnection,
    statement: Statement,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let query = sqlx::query_with(statement.text(), arguments(values)?);
    let rows = query.fetch_all(connection).await.map_err(translate)?;
    rows.iter().map(read).collect()
}

async fn execute(
    connection: &mut SqliteConnection,
    statement: Statement,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    let query = sqlx::query_with(statement.text(), arguments(values)?);
    Ok(query.execute(connection).await.map_err(translate)?.rows_affected())
}

fn arguments(values: Vec<Value>) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Null(kind) => match kind {
                Kind::Bool | Kind::Int => arguments.add(None::<i64>),
                Kind::Text => arguments.add(None::<String>),
                Kind::Bytes | Kind::Id => arguments.add(None::<Vec<u8>>),
            },
            Value::Bool(truth) => arguments.add(truth),
            Value::Int(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Bytes(bytes) => arguments.add(bytes),
            Value::Id(id) => arguments.add(id),
        }
        .map_err(StoreError::Engine)?;
    }
    Ok(arguments)
}

fn read(row: &SqliteRow) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        let raw = row.try_get_raw(at).map_err(translate)?;
        if raw.is_null() {
            values.push(Value::Null(Kind::Int));
            continue;
        }
        let value = match raw.type_info().name() {
            "TEXT" => row.try_get_unchecked(at).map(Value::Text),
            "BLOB" => row.try_get_unchecked(at).map(Value::Bytes),
            _ => row.try_get_unchecked(at).map(Value::Int),
        };
        values.push(value.map_err(translate)?);
    }
    Ok(Row::new(values))
}

fn translate(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(refusal) if refusal.is_unique_violation() => {
            StoreError::Taken { constraint: refusal.message().to_owned() }
        }
        _ => StoreError::engine(error),
    }
}
