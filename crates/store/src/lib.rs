//! The one door to the database.
//!
//! Nothing else in the product sees an engine. Reading goes through [`Store::read`], changing through
//! [`Store::write`], which takes who acts, from where and when, runs a unit of work whole or not at all,
//! demands an audit record, keeps the answer under the command's key, and answers after the commit is durable.
//!
//! Two engines stand behind the door (`engine/`). What they have in common is small: run a statement with
//! values, give rows. Everything above it is written once:
//!
//! - `value` is the closed set of values; `statement` is text fixed at compile time.
//! - `migrate` puts each engine's column types into one set of migrations.
//!
//! **To add a query:** 1. write it as a function on [`Conn`] (reads) or [`Tx`] (changes) in the module of its
//! noun, with `sql!("…")` in the common dialect (`$1`, `RETURNING`, `ON CONFLICT`, keyset pages, `ORDER BY`
//! that ends with the id); 2. a change is guarded by a condition in the statement that acts and goes through
//! [`Tx::change`] or `change_one`; 3. add it to the contract suite (`tests/contract.rs`), which runs on both
//! engines. A test has both engines prepare every statement, so a typing mistake cannot hide.

pub mod accounts;
pub mod audit;
pub mod billing;
pub mod bills;
pub mod books;
pub mod cards;
pub mod checks;
pub mod documents;
mod door;
mod engine;
mod error;
mod forms;
pub mod imports;
pub mod licenses;
mod migrate;
pub mod notices;
pub mod orders;
pub mod organizations;
pub mod people;
#[cfg(test)]
mod prepared;
pub mod refunds;
pub mod shelf;
mod statement;
pub mod subscriptions;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trials;
mod unit;
mod value;
pub mod work;

pub use door::{Location, Reader, Store};
pub use error::StoreError;
pub use migrate::migrate;
pub use unit::{Actor, Command, Conn, Key, Origin, Tx};
