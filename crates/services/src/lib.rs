//! The use cases: who may → load → ask the domain → save → enqueue, one unit of work each.
//!
//! A use case is a method of [`Services`] in the file of its noun. It begins with who asks ([`asker::Asker`])
//! and what they may ([`rights`]), gets the time and randomness from the [`environment::Environment`], and changes
//! things only through `store`'s door.
//!
//! **To add a use case:** 1. the right in [`rights::TABLE`]; 2. the method, in the file of its noun; 3. a test
//! on a real database with a fixed clock; 4. the server function in `app` that calls it.

use std::sync::Arc;

use domain::id::WorkerId;
use store::Store;

pub mod asker;
pub mod billing;
pub mod bills;
mod calendar;
pub mod cards;
pub mod catalog;
pub mod changes;
pub mod clock;
mod collecting;
mod crediting;
mod engine;
pub mod environment;
mod error;
mod forms;
pub mod import;
pub mod importing;
pub mod invoices;
mod keys;
pub mod licenses;
mod limits;
pub mod links;
mod numbering;
pub mod orders;
pub mod password;
pub mod paying;
pub mod products;
mod refunds;
pub mod rights;
pub mod settings;
pub mod sign_in;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
pub mod trials;
pub mod verify;
pub mod worker;

pub use engine::Happened;
pub use error::ServiceError;

use environment::Environment;
use limits::Limits;
use password::Passwords;
use paying::Paying;

/// All use cases of one server. Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

struct Parts {
    store: Store,
    environment: Environment,
    passwords: Passwords,
    limits: Limits,
    shelf: catalog::ShelfCache,
    paying: Paying,
    numberer: tokio::sync::Mutex<()>,
    worker: WorkerId,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}

impl Services {
    /// The use cases over a store, in a world.
    pub fn new(store: Store, environment: Environment, passwords: Passwords, paying: Paying) -> Self {
        let limits = Limits::new(Arc::clone(&environment.clock));
        let (shelf, numberer) = (catalog::ShelfCache::default(), tokio::sync::Mutex::new(()));
        let worker = WorkerId::new(environment.now(), environment.bytes());
        Self(Arc::new(Parts { store, environment, passwords, limits, shelf, paying, numberer, worker }))
    }

    /// The store behind the use cases.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The world outside.
    pub fn environment(&self) -> &Environment {
        &self.0.environment
    }

    fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    fn shelf_cache(&self) -> &catalog::ShelfCache {
        &self.0.shelf
    }

    /// Through whom people pay.
    pub fn paying(&self) -> &Paying {
        &self.0.paying
    }

    fn numberer(&self) -> &tokio::sync::Mutex<()> {
        &self.0.numberer
    }

    /// By which name this process claims due work.
    fn worker(&self) -> WorkerId {
        self.0.worker
    }

    fn limits(&self) -> &Limits {
        &self.0.limits
    }
}
