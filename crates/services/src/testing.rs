//! A world for tests: a fresh database, a clock that stands until it is moved, randomness that repeats.

pub mod checkout;
mod engines;
mod given_up;
pub mod simulation;
pub mod story;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::time::Instant;
use payments::provider::{Provider, Setup, WebAddress};
use payments::sandbox::{self, Sandbox};
use sha2::{Digest as _, Sha256};
use store::testing::{Fresh, embedded, remote};

pub use given_up::GivenUp;

use crate::environment::{Clock, Entropy, Environment};
use crate::password::Passwords;
use crate::paying::Paying;
use crate::{ServiceError, Services};

/// The use cases in a world that a test controls.
#[derive(Debug)]
pub struct World {
    /// The use cases.
    pub services: Services,
    /// The payment provider.
    pub sandbox: Sandbox,
    clock: Arc<StandingClock>,
    fresh: Fresh,
    _journal: tempfile::TempDir,
}

/// Where the portal of a test's world stands.
pub const PORTAL: &str = "http://127.0.0.1:3000";

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
        let journal = tempfile::tempdir().map_err(ServiceError::broken)?;
        let address = "http://localhost:3000".parse().map_err(ServiceError::broken)?;
        let options = sandbox::Options::new(address, Arc::new(environment.clone()));
        let sandbox = Sandbox::open(journal.path(), options).map_err(ServiceError::broken)?;
        let services = services(&fresh, environment, Arc::new(sandbox.clone()))?;
        Ok(Self { services, sandbox, clock, fresh, _journal: journal })
    }

    /// The same world seen through another provider: one that gets in the way of the sandbox. The server's own
    /// memory begins anew, as after a restart.
    pub fn through(&self, provider: Arc<dyn Provider>) -> Result<Services, ServiceError> {
        services(&self.fresh, self.services.environment().clone(), provider)
    }

    /// Types a card on the sandbox's page, as a person does. It is good until May four years from now.
    pub async fn type_card(&self, setup: &Setup, number: &str) {
        let year = self.services.environment().now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).year() + 4;
        let expiry = format!("05/{:02}", year % 100);
        let fields = [("number", number), ("expiry", &expiry), ("code", "987"), ("name", "MISAKI SASAKI")];
        self.send(&setup.hosted_address, &fields).await;
    }

    /// Types what an edited card can have: another expiry and name, and its code.
    pub async fn edit_card(&self, setup: &Setup) {
        let year = self.services.environment().now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).year() + 5;
        let expiry = format!("07/{:02}", year % 100);
        let fields = [("expiry", expiry.as_str()), ("code", "987"), ("name", "MISAKI SASAKI")];
        self.send(&setup.hosted_address, &fields).await;
    }

    /// Tells the sandbox's bank yes or no.
    pub async fn answer_bank(&self, address: &WebAddress, approve: bool) {
        self.send(address, &[("answer", if approve { "approve" } else { "refuse" })]).await;
    }

    async fn send(&self, address: &WebAddress, fields: &[(&str, &str)]) {
        use tower::ServiceExt as _;

        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = axum::http::Request::post(address.as_str())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(axum::body::Body::from(body))
            .expect("a request");
        let answer = self.sandbox.router().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), axum::http::StatusCode::SEE_OTHER, "{address}");
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
    }

    /// Where the data is.
    pub fn fresh(&self) -> &Fresh {
        &self.fresh
    }
}

/// The use cases over a test's database. The smallest cost that argon2 allows: tests hash many passwords and keep
/// no secrets.
fn services(
    fresh: &Fresh,
    environment: Environment,
    provider: Arc<dyn Provider>,
) -> Result<Services, ServiceError> {
    let portal = PORTAL.parse().map_err(ServiceError::broken)?;
    let passwords = Passwords::with_cost(8, 1)?;
    Ok(Services::new(fresh.store.clone(), environment, passwords, Paying::new(provider, portal)))
}

#[derive(Debug)]
struct StandingClock(AtomicI64);

impl StandingClock {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

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
