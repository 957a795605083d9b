//! What PostgreSQL's own catalogue says about the tables: that an engine which speaks its protocol can spread
//! them over machines by organization (house rule "Beyond one machine").
//!
//! Passed over in silence where no server is named, as in the contract suite.

use sqlx::{Connection as _, PgConnection};
use store::Location;
use store::testing::remote;

/// What every key of a customer's table begins with.
const ORGANIZATION: &str = "organization_id";

/// Tables whose keys need not begin with the organization, and why.
const TABLES: &[(&str, &str)] = &[
    ("issuer", "the catalog: it belongs to the publisher"),
    ("tax_rate", "the catalog: it belongs to the publisher"),
    ("product", "the catalog: it belongs to the publisher"),
    ("plan", "the catalog: it belongs to the publisher"),
    ("price", "the catalog: it belongs to the publisher"),
    ("shelf", "the catalog: one row that counts its changes"),
    ("account", "an account may have places in several organizations"),
    ("session", "it is found by its token, before anybody knows for which organization"),
    ("link", "it is found by its token, and belongs to an account"),
    ("organization", "its own id is what the others begin with"),
    ("refused_form", "it may be typed before signing in"),
    ("import_person", "a file may hold several organizations, and is applied as a whole"),
    ("import_key", "a file may hold several organizations, and is applied as a whole"),
    ("import_group", "a file may hold several organizations, and is applied as a whole"),
    ("number_series", "an issuer numbers the documents of all its customers (SPEC 5)"),
    ("_sqlx_migrations", "sqlx's own: which migrations the database has had"),
];

/// Single unique indexes of customers' tables that need not begin with the organization, and why.
const INDEXES: &[(&str, &str)] = &[(
    "document_running",
    "a number is given once in its issuer's series, whoever the customer is (SPEC 5)",
)];

/// A fresh database's catalogue, if there is a server.
async fn catalogue() -> Option<PgConnection> {
    let fresh = remote(false).await.expect("a database on the server")?;
    let Location::Address { address, .. } = &fresh.location else {
        panic!("a remote database has an address")
    };
    let connection = PgConnection::connect(address).await.expect("a connection");
    fresh.store.close().await;
    Some(connection)
}

fn is_listed(list: &[(&str, &str)], name: &str) -> bool {
    list.iter().any(|(listed, _)| *listed == name)
}

/// Says what is wrong with each of `faults`, if there are any.
fn refuse(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n{}", faults.join("\n"));
}

/// Every primary key and unique index: its table, its name, and its first column, which an expression has not.
async fn unique_keys(catalogue: &mut PgConnection) -> Vec<(String, String, Option<String>)> {
    sqlx::query_as(
        "SELECT t.relname::text, i.relname::text, a.attname::text
         FROM pg_index x
         JOIN pg_class t ON t.oid = x.indrelid
         JOIN pg_class i ON i.oid = x.indexrelid
         JOIN pg_namespace n ON n.oid = t.relnamespace
         LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
         WHERE n.nspname = 'public' AND x.indisunique
         ORDER BY 1, 2",
    )
    .fetch_all(catalogue)
    .await
    .expect("the unique keys")
}

#[tokio::test]
async fn every_unique_key_begins_with_the_organization() {
    let Some(mut catalogue) = catalogue().await else { return };
    let keys = unique_keys(&mut catalogue).await;
    let others: Vec<&(String, String, Option<String>)> =
        keys.iter().filter(|(_, _, first)| first.as_deref() != Some(ORGANIZATION)).collect();
    assert!(others.len() < keys.len(), "no table of a customer's was found: {keys:?}");

    let unlisted = others.iter().filter(|(table, index, _)| {
        // The exception of an index is for that one; other keys of its table follow the rule.
        !is_listed(TABLES, table) && !is_listed(INDEXES, index)
    });
    let faults: Vec<String> =
        unlisted.map(|(table, index, first)| format!("{index} of {table} begins with {first:?}")).collect();
    refuse(
        &faults,
        "a key of a customer's table begins with organization_id, or is listed here with a reason",
    );

    let tables = TABLES.iter().filter(|(name, _)| !others.iter().any(|(table, _, _)| table == name));
    let indexes = INDEXES.iter().filter(|(name, _)| !others.iter().any(|(_, index, _)| index == name));
    let faults: Vec<String> =
        tables.chain(indexes).map(|(name, reason)| format!("{name} ({reason})")).collect();
    refuse(&faults, "an exception that no key needs any more is taken off the list");
}

#[tokio::test]
async fn every_table_has_a_primary_key() {
    let Some(mut catalogue) = catalogue().await else { return };
    let faults: Vec<String> = sqlx::query_scalar(
        "SELECT t.relname::text
         FROM pg_class t
         JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE n.nspname = 'public' AND t.relkind IN ('r', 'p')
           AND NOT EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = t.oid AND x.indisprimary)
         ORDER BY 1",
    )
    .fetch_all(&mut catalogue)
    .await
    .expect("the tables");
    refuse(&faults, "a table without a primary key cannot be spread by one");
}

#[tokio::test]
async fn no_foreign_key_leaves_the_organization() {
    let Some(mut catalogue) = catalogue().await else { return };
    // Whether both sides name the organization at the same place of the key.
    let keys: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT c.conname::text, t.relname::text, r.relname::text,
                EXISTS (SELECT 1
                        FROM unnest(c.conkey, c.confkey) AS pair (mine, theirs)
                        JOIN pg_attribute m ON m.attrelid = c.conrelid AND m.attnum = pair.mine
                        JOIN pg_attribute o ON o.attrelid = c.confrelid AND o.attnum = pair.theirs
                        WHERE m.attname = 'organization_id' AND o.attname = 'organization_id')
         FROM pg_constraint c
         JOIN pg_class t ON t.oid = c.conrelid
         JOIN pg_class r ON r.oid = c.confrelid
         JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE n.nspname = 'public' AND c.contype = 'f'
         ORDER BY 2, 1",
    )
    .fetch_all(&mut catalogue)
    .await
    .expect("the foreign keys");
    assert!(!keys.is_empty(), "no foreign key was found");

    let leaving = keys.iter().filter(|(_, _, target, inside)| !inside && !is_listed(TABLES, target));
    let faults: Vec<String> =
        leaving.map(|(name, table, target, _)| format!("{name}: from {table} to {target}")).collect();
    refuse(&faults, "a foreign key to a customer's table names organization_id on both sides");
}

#[tokio::test]
async fn nothing_but_tables_is_needed() {
    let Some(mut catalogue) = catalogue().await else { return };
    // The triggers that the engine makes for its own foreign keys are not ours.
    let faults: Vec<String> = sqlx::query_scalar(
        "SELECT 'the sequence ' || c.relname::text
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind = 'S'
         UNION ALL
         SELECT 'the trigger ' || g.tgname::text
         FROM pg_trigger g
         JOIN pg_class c ON c.oid = g.tgrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND NOT g.tgisinternal
         UNION ALL
         SELECT 'the function ' || p.proname::text
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = 'public'",
    )
    .fetch_all(&mut catalogue)
    .await
    .expect("what there is besides tables");
    refuse(&faults, "sequences, triggers and functions bind the tables to one engine, or to one machine");
}
