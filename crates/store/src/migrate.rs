//! Migrations: the shape of the database, written once for both engines.
//!
//! A migration is a file in `migrations/`. Where the engines' column types differ it names them by role, and
//! this module puts the engine's word in:
//!
//! | role | holds |
//! |---|---|
//! | `$ID` | an id (a UUID) |
//! | `$TEXT` | text that is compared and sorted byte by byte |
//! | `$BYTES` | bytes |
//! | `$TABLE` | what ends a table: no hidden row number where the engine would keep one |
//!
//! A migration that has shipped is never edited: what is wrong with it is mended by the next one.

use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection as _, SqlSafeStr as _};

use crate::StoreError;
use crate::door::Location;
use crate::engine::{postgres, sqlite};

/// Every migration: its number, what it brings, its text.
const MIGRATIONS: &[(i64, &str, &str)] =
    &[(1, "foundations", include_str!("../migrations/0001_foundations.sql"))];

/// Whose words the text is put into.
#[derive(Clone, Copy)]
enum Dialect {
    Embedded,
    Remote,
}

/// Brings the database to the shape that this program knows. Does nothing if it has it.
/// Refuses a database that a newer program has changed.
pub async fn migrate(location: &Location) -> Result<(), StoreError> {
    match location {
        Location::Folder(folder) => {
            let mut connection = sqlite::connect(folder).await?;
            run(&mut connection, Dialect::Embedded).await?;
            connection.close().await.map_err(StoreError::engine)
        }
        Location::Address { address, .. } => {
            let mut connection = postgres::connect(address).await?;
            run(&mut connection, Dialect::Remote).await?;
            connection.close().await.map_err(StoreError::engine)
        }
    }
}

async fn run<C: Migrate>(connection: &mut C, dialect: Dialect) -> Result<(), StoreError> {
    let migrations: Vec<Migration> = MIGRATIONS
        .iter()
        .map(|&(version, name, text)| {
            let text = AssertSqlSafe(in_dialect(text, dialect)).into_sql_str();
            Migration::new(version, name.into(), MigrationType::Simple, text, false)
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    // Engines that speak PostgreSQL's protocol do not all have advisory locks.
    migrator.set_locking(false);
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(version) => StoreError::Unusable(format!(
            "a newer program has already brought it to shape {version}; start that program"
        )),
        other => StoreError::engine(other),
    })
}

/// The text of a migration in the words of one engine.
fn in_dialect(text: &str, dialect: Dialect) -> String {
    let [id, words, bytes, table] = match dialect {
        Dialect::Embedded => ["BLOB", "TEXT", "BLOB", "STRICT, WITHOUT ROWID"],
        Dialect::Remote => ["UUID", "TEXT COLLATE \"C\"", "BYTEA", ""],
    };
    let text = text.replace("$ID", id).replace("$TEXT", words).replace("$BYTES", bytes);
    match dialect {
        // A strict table knows no truth values and no big numbers by these names: both are whole numbers.
        Dialect::Embedded => text.replace(") $TABLE", &format!(") {table}")).replace("BOOLEAN", "INTEGER").replace("BIGINT", "INTEGER"),
        Dialect::Remote => text.replace(") $TABLE", ")"),
    }
}
