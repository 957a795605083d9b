//! A world for tests: a fresh database, a clock that stands until it is moved, randomness that repeats.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::time::Instant;
use sha2::{Digest as _, Sha256};
use store::testing::{Fresh, embedded, remote};

use crate::environment::{Clock, Entropy, Environment};
use crate::password::Passwords;
use crate::{ServiceError, Services};

/// The use cases in a world that a test controls.
#[derive(Debug)]
pub struct World {
    /// The use cases.
    pub services: Services,
    clock: Arc<StandingClock>,
    fresh: Fresh,
}

impl World {
    /// On the embedded engine. The clock stands at 24 November 2026, 10:00 in Tokyo.
    pub async fn embedded() -> Result<Self, ServiceError> {
        Self::on(embedded().await?)
    }

    /// On the other engine, where the environment names a server.
    pub async fn remote() -> Result<Option<Self>, ServiceError> {
        remote(false).await?.map(Self::on).transpose()
    }

    fn on(fresh: Fresh) -> Result<Self, ServiceError> {
        let clock = Arc::new(StandingClock(AtomicI64::new(1_795_482_000_000_000)));
        let environment = Environment {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(RepeatingEntropy(Mutex::new(0))),
        };
        // The smallest cost that argon2 allows: tests hash many passwords and keep no secrets.
        let services = Services::new(fresh.store.clone(), environment, Passwords::with_cost(8, 1)?);
        Ok(Self { services, clock, fresh })
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Where the data is.
    pub fn fresh(&self) -> &Fresh {
        &self.fresh
    }
}

#[derive(Debug)]
struct StandingClock(AtomicI64);

impl Clock for StandingClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// SHA-256 of a counter: the same bytes in the same order in every run.
struct RepeatingEntropy(Mutex<u64>);

impl Entropy for RepeatingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut counter = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            *counter += 1;
            let block = Sha256::digest(counter.to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}
