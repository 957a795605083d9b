//! Limits with a clear answer: how often something may be tried.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::ServiceError;
use crate::environment::Clock;

/// Tries to sign in, for one mail address: ten at once, then one a minute.
const PER_MAIL: (u32, u64) = (10, 60);
/// Tries to sign in or to use a link, from one network address: a hundred at once, then one every two seconds.
const PER_ADDRESS: (u32, u64) = (100, 2);

type Limiter =
    RateLimiter<[u8; 32], HashMapStateStore<[u8; 32]>, OurClock, governor::middleware::NoOpMiddleware<Nanos>>;

/// The limits of one server.
pub(crate) struct Limits {
    clock: OurClock,
    mail: Limiter,
    address: Limiter,
}

impl Limits {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = OurClock(clock);
        let limiter = |(burst, seconds): (u32, u64)| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(Duration::from_secs(seconds)).unwrap_or(Quota::per_minute(burst));
            RateLimiter::new(quota.allow_burst(burst), HashMapStateStore::default(), clock.clone())
        };
        Self { mail: limiter(PER_MAIL), address: limiter(PER_ADDRESS), clock }
    }

    /// One more try to sign in as this address from there.
    pub(crate) fn sign_in(&self, mail: &str, address: Option<&str>) -> Result<(), ServiceError> {
        self.link(address)?;
        self.spend(&self.mail, mail)
    }

    /// One more try with a link from there.
    pub(crate) fn link(&self, address: Option<&str>) -> Result<(), ServiceError> {
        address.map_or(Ok(()), |address| self.spend(&self.address, address))
    }

    fn spend(&self, limiter: &Limiter, what: &str) -> Result<(), ServiceError> {
        // Whoever tries a million addresses must not fill the memory.
        if limiter.len() > 100_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&crate::token::digest(what)).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            ServiceError::TooMany { retry_after: u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX) }
        })
    }
}

/// The services' clock, as the limiter wants it.
#[derive(Clone)]
struct OurClock(Arc<dyn Clock>);

impl GovernorClock for OurClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().as_micros()).unwrap_or(0);
        Nanos::from(Duration::from_micros(micros))
    }
}
