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
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use crate::StoreError;
use crate::door::Location;
use crate::engine;

/// Every migration: its number, what it brings, its text.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "foundations", include_str!("../migrations/0001_foundations.sql")),
    (2, "purchase", include_str!("../migrations/0002_purchase.sql")),
    (3, "engine", include_str!("../migrations/0003_engine.sql")),
    (4, "finding", include_str!("../migrations/0004_finding.sql")),
    (6, "billing profiles", include_str!("../migrations/0006_billing_profiles.sql")),
    (7, "cards", include_str!("../migrations/0007_cards.sql")),
];

/// An engine's words for what a migration names by role, put in in this order.
pub(crate) type Words = &'static [(&'static str, &'static str)];

/// Brings the database to the shape that this program knows. Does nothing if it has it.
/// Refuses a database that a newer program has changed.
pub async fn migrate(location: &Location) -> Result<(), StoreError> {
    engine::migrate(location).await
}

/// Runs the migrations that a database has not had, in an engine's words.
pub(crate) async fn bring_to_shape<C: Migrate>(connection: &mut C, words: Words) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.iter().map(|&(version, name, text)| {
        let text = words.iter().fold(text.to_owned(), |text, (role, word)| text.replace(role, word));
        let text = AssertSqlSafe(text).into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, text, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // Engines that speak PostgreSQL's protocol do not all have advisory locks.
    migrator.set_locking(false);
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(version) => StoreError::Unusable(format!(
            "a newer program has already brought it to shape {version}; start that program"
        )),
        other => StoreError::engine(other),
    })
}
