//! PostgreSQL: a transaction for each unit of work, run again when another one was in the way.

use std::str::FromStr as _;
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{Arguments as _, Column as _, ConnectOptions as _, PgConnection, Postgres, Row as _};
use sqlx::{TypeInfo as _, ValueRef as _};
use uuid::Uuid;

use super::{Attempt, Connection, Engine, Job};
use crate::StoreError;
use crate::migrate::Words;
use crate::statement::Statement;
use crate::value::{Kind, Row, Value};

/// What the roles of columns are called here.
pub(super) const WORDS: Words =
    &[("$ID", "UUID"), ("$TEXT", "TEXT COLLATE \"C\""), ("$BYTES", "BYTEA"), (") $TABLE", ")")];

/// How often a unit is run before its asker is told that the database is too busy.
const ATTEMPTS: u32 = 12;

/// What an asker is told whose unit was in somebody's way that often.
const BUSY: &str = "the database is too busy: try again";

const COMMIT: Statement = Statement::new("COMMIT");
const ROLLBACK: Statement = Statement::new("ROLLBACK");

pub(crate) struct PostgresEngine {
    pool: PgPool,
    isolation: Isolation,
    #[cfg(feature = "testing")]
    races: bool,
}

/// How strictly transactions are kept apart. READ COMMITTED is enough; the contract suite also runs under
/// SERIALIZABLE, which is what some engines that speak this protocol give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Isolation {
    #[default]
    ReadCommitted,
    Serializable,
}

fn options(address: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(address).map_err(translate)?;
    Ok(options.application_name("zaseki").statement_cache_capacity(512).disable_statement_logging())
}

/// A connection of its own, for migrations.
pub(crate) async fn connect(address: &str) -> Result<PgConnection, StoreError> {
    options(address)?.connect().await.map_err(translate)
}

/// Runs statements without the checks between tables, and says how many rows the last one changed.
#[cfg(feature = "testing")]
pub(super) async fn behind(address: &str, statements: &[String]) -> Result<u64, StoreError> {
    use sqlx::{Connection as _, Executor as _};

    let mut connection = connect(address).await?;
    connection.execute("SET session_replication_role = replica").await.map_err(translate)?;
    let mut changed = 0;
    for statement in statements {
        let statement = sqlx::AssertSqlSafe(statement.clone());
        changed = connection.execute(statement).await.map_err(translate)?.rows_affected();
    }
    connection.close().await.map_err(translate)?;
    Ok(changed)
}

impl PostgresEngine {
    /// Opens the database at `address` (`postgres://…`).
    pub(crate) async fn open(
        address: &str,
        connections: u32,
        isolation: Isolation,
    ) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .min_connections(1)
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .connect_with(options(address)?)
            .await
            .map_err(translate)?;
        Ok(Self {
            pool,
            isolation,
            #[cfg(feature = "testing")]
            races: races::are_wanted(),
        })
    }
}

impl Engine for PostgresEngine {
    fn reader(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, StoreError>> {
        Box::pin(async {
            let connection = self.pool.acquire().await.map_err(translate)?;
            Ok(Box::new(PostgresConnection(connection)) as Box<dyn Connection>)
        })
    }

    fn carry_out(&self, job: Box<dyn Job>) -> BoxFuture<'_, Result<(), StoreError>> {
        let (pool, isolation) = (self.pool.clone(), self.isolation);
        #[cfg(feature = "testing")]
        if self.races {
            tokio::spawn(races::transaction(pool, isolation, job));
            return Box::pin(async { Ok(()) });
        }
        // On a task of its own: a unit that has begun is finished even if its asker has gone.
        tokio::spawn(transaction(pool, isolation, job));
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.pool.close())
    }
}

async fn transaction(pool: PgPool, isolation: Isolation, mut job: Box<dyn Job>) {
    let mut fate = Err(StoreError::Closed);
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(Duration::from_millis(1 << attempt.min(6))).await;
        }
        match one_attempt(&pool, isolation, job.as_mut()).await {
            Ok(true) => {
                fate = Ok(());
                break;
            }
            Ok(false) => fate = Err(StoreError::engine(BUSY)),
            Err(error) => {
                fate = Err(error);
                break;
            }
        }
    }
    job.answer(fate);
}

/// Whether the unit's transaction is over; `false` asks to run it again.
async fn one_attempt(pool: &PgPool, isolation: Isolation, job: &mut dyn Job) -> Result<bool, StoreError> {
    let Some(mut connection) = begin(pool, isolation).await? else { return Ok(false) };
    let over = to_its_end(&mut connection, job).await;
    if over.is_err() {
        connection.0.close_on_drop();
    }
    over
}

/// A connection on which a transaction has begun; `None` if it could not begin there but may on another.
async fn begin(pool: &PgPool, isolation: Isolation) -> Result<Option<PostgresConnection>, StoreError> {
    let begin = match isolation {
        Isolation::ReadCommitted => Statement::new("BEGIN ISOLATION LEVEL READ COMMITTED"),
        Isolation::Serializable => Statement::new("BEGIN ISOLATION LEVEL SERIALIZABLE"),
    };
    let mut connection = PostgresConnection(pool.acquire().await.map_err(translate)?);
    if let Err(error) = connection.run(begin, Vec::new()).await {
        // A connection that slept through a restart of the server. Nothing has begun: take another.
        tracing::warn!(%error, "a connection to the database was lost");
        connection.0.close_on_drop();
        return Ok(None);
    }
    Ok(Some(connection))
}

/// Runs the unit in the transaction that has begun, and ends that. After an error the connection must not be
/// used again: how the transaction ended is not known, and the asker is told so.
async fn to_its_end(connection: &mut dyn Connection, job: &mut dyn Job) -> Result<bool, StoreError> {
    let outcome = job.attempt(connection).await;
    if outcome != Attempt::Keep {
        connection.run(ROLLBACK, Vec::new()).await?;
        return Ok(outcome != Attempt::Again);
    }
    match connection.run(COMMIT, Vec::new()).await {
        Ok(_) => Ok(true),
        Err(error) if connection.lost_a_race(&error) => {
            connection.run(ROLLBACK, Vec::new()).await.ok();
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

struct PostgresConnection(PoolConnection<Postgres>);

impl Connection for PostgresConnection {
    fn rows(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(async move {
            let query = sqlx::query_with(statement.text(), arguments(values)?);
            let rows = query.fetch_all(&mut *self.0).await.map_err(translate)?;
            rows.iter().map(read).collect()
        })
    }

    fn run(&mut self, statement: Statement, values: Vec<Value>) -> BoxFuture<'_, Result<u64, StoreError>> {
        Box::pin(async move {
            let query = sqlx::query_with(statement.text(), arguments(values)?);
            Ok(query.execute(&mut *self.0).await.map_err(translate)?.rows_affected())
        })
    }

    fn has_company(&self) -> bool {
        true
    }

    fn lost_a_race(&self, error: &StoreError) -> bool {
        let StoreError::Engine(cause) = error else { return false };
        let Some(sqlx::Error::Database(refusal)) = cause.downcast_ref::<sqlx::Error>() else { return false };
        matches!(refusal.code().as_deref(), Some("40001" | "40P01"))
    }
}

fn arguments(values: Vec<Value>) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Null(Kind::Bool) => arguments.add(None::<bool>),
            Value::Null(Kind::Int) => arguments.add(None::<i64>),
            Value::Null(Kind::Text) => arguments.add(None::<String>),
            Value::Null(Kind::Bytes) => arguments.add(None::<Vec<u8>>),
            Value::Null(Kind::Id) => arguments.add(None::<Uuid>),
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

fn read(row: &PgRow) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        if row.try_get_raw(at).map_err(translate)?.is_null() {
            values.push(Value::Null(Kind::Int));
            continue;
        }
        let value = match column.type_info().name() {
            "TEXT" | "VARCHAR" | "NAME" => row.try_get(at).map(Value::Text),
            "BYTEA" => row.try_get(at).map(Value::Bytes),
            "UUID" => row.try_get(at).map(Value::Id),
            "BOOL" => row.try_get(at).map(Value::Bool),
            "INT4" => row.try_get::<i32, _>(at).map(|number| Value::Int(i64::from(number))),
            _ => row.try_get(at).map(Value::Int),
        };
        values.push(value.map_err(translate)?);
    }
    Ok(Row::new(values))
}

fn translate(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(refusal) if refusal.is_unique_violation() => {
            StoreError::Taken { constraint: refusal.constraint().unwrap_or_default().to_owned() }
        }
        _ => StoreError::engine(error),
    }
}

/// Races that are lost by order of a test: in a store opened within [`races::forced`], each statement of a unit
/// of work, and its COMMIT, fails with 40001 the first time the unit comes to it. So a unit of four statements
/// is run six times, and whatever it keeps from one run to the next shows.
#[cfg(feature = "testing")]
pub(crate) mod races {
    use std::time::Duration;

    use futures::future::BoxFuture;
    use sqlx::postgres::PgPool;

    use super::{ATTEMPTS, BUSY, COMMIT, Isolation, PostgresConnection, ROLLBACK, begin, to_its_end};
    use crate::StoreError;
    use crate::engine::{Connection, Job};
    use crate::statement::Statement;
    use crate::value::{Row, Value};

    /// What the server is sent in a statement's place. It refuses as it would for another transaction's sake,
    /// and what stands in the unit's transaction is lost in earnest.
    const LOST: Statement = Statement::new(
        "DO $$ BEGIN RAISE EXCEPTION 'a race is lost by order' USING ERRCODE = '40001'; END $$",
    );

    tokio::task_local! {
        /// Whether a store that is being opened is to lose its races.
        static FORCED: bool;
    }

    /// Makes every store that `opening` opens lose its races.
    pub(crate) async fn forced<T>(opening: impl Future<Output = T>) -> T {
        FORCED.scope(true, opening).await
    }

    pub(super) fn are_wanted() -> bool {
        FORCED.try_with(|forced| *forced).unwrap_or(false)
    }

    /// What a unit has lost so far.
    #[derive(Debug, Default)]
    struct Races {
        /// How many of its statements have failed, from the first on.
        statements: usize,
        /// Whether its COMMIT has.
        commit: bool,
    }

    /// As the product's own loop, but an attempt that fails by order costs nothing: there is no pause after it,
    /// and a unit of many statements gets through all the same.
    pub(super) async fn transaction(pool: PgPool, isolation: Isolation, mut job: Box<dyn Job>) {
        let mut races = Races::default();
        let mut fate = Err(StoreError::engine(BUSY));
        let mut attempts: u32 = 0;
        while attempts < ATTEMPTS {
            match one_attempt(&pool, isolation, job.as_mut(), &mut races).await {
                Ok(End::Over) => {
                    fate = Ok(());
                    break;
                }
                Ok(End::LostByOrder) => {}
                Ok(End::LostInEarnest) => {
                    attempts += 1;
                    tokio::time::sleep(Duration::from_millis(1 << attempts.min(6))).await;
                }
                Err(error) => {
                    fate = Err(error);
                    break;
                }
            }
        }
        job.answer(fate);
    }

    /// How an attempt ended.
    enum End {
        Over,
        LostByOrder,
        LostInEarnest,
    }

    async fn one_attempt(
        pool: &PgPool,
        isolation: Isolation,
        job: &mut dyn Job,
        races: &mut Races,
    ) -> Result<End, StoreError> {
        let Some(mut connection) = begin(pool, isolation).await? else { return Ok(End::LostInEarnest) };
        let mut losing = Losing { connection: &mut connection, races, reached: 0, lost: false };
        let over = to_its_end(&mut losing, job).await;
        let lost = losing.lost;
        if over.is_err() {
            connection.0.close_on_drop();
        }
        Ok(if over? {
            End::Over
        } else if lost {
            End::LostByOrder
        } else {
            End::LostInEarnest
        })
    }

    /// The connection of one attempt.
    struct Losing<'a> {
        connection: &'a mut PostgresConnection,
        races: &'a mut Races,
        /// How many statements this attempt has come to.
        reached: usize,
        /// Whether it has lost its race. What the unit still asks after that, the server refuses by itself.
        lost: bool,
    }

    impl Losing<'_> {
        /// Whether this statement's time to fail has come.
        fn loses(&mut self, statement: Statement) -> bool {
            if self.lost || statement.text() == ROLLBACK.text() {
                return false;
            }
            if statement.text() == COMMIT.text() {
                self.lost = !self.races.commit;
                self.races.commit = true;
            } else {
                self.lost = self.reached == self.races.statements;
                self.races.statements += usize::from(self.lost);
                self.reached += 1;
            }
            self.lost
        }
    }

    impl Connection for Losing<'_> {
        fn rows(
            &mut self,
            statement: Statement,
            values: Vec<Value>,
        ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
            if self.loses(statement) {
                return self.connection.rows(LOST, Vec::new());
            }
            self.connection.rows(statement, values)
        }

        fn run(
            &mut self,
            statement: Statement,
            values: Vec<Value>,
        ) -> BoxFuture<'_, Result<u64, StoreError>> {
            if self.loses(statement) {
                return self.connection.run(LOST, Vec::new());
            }
            self.connection.run(statement, values)
        }

        fn has_company(&self) -> bool {
            self.connection.has_company()
        }

        fn lost_a_race(&self, error: &StoreError) -> bool {
            self.connection.lost_a_race(error)
        }
    }
}
