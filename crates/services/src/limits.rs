//! Limits with a clear answer: how often something may be tried.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use domain::time::Instant;

use crate::ServiceError;
use crate::environment::Clock;
use crate::token::digest;

/// Failed tries to sign in as one mail address: ten at once, then one a minute.
const PER_MAIL: (u32, u64) = (10, 60);
/// Failed tries to sign in or to use a link from one network address: a hundred at once, then one in two seconds.
const PER_ADDRESS: (u32, u64) = (100, 2);
/// Above so many remembered keys those that no longer matter are forgotten.
const REMEMBERED: usize = 100_000;

type Limiter =
    RateLimiter<[u8; 32], HashMapStateStore<[u8; 32]>, OurClock, governor::middleware::NoOpMiddleware<Nanos>>;

/// The limits of one server. Only failures count: whoever knows the password may sign in as often as they like.
pub(crate) struct Limits {
    clock: OurClock,
    mail: Limiter,
    address: Limiter,
    /// Who has failed too often, and until when they have to wait.
    waiting: Mutex<HashMap<[u8; 32], Instant>>,
}

impl Limits {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = OurClock(clock);
        let limiter = |(burst, seconds): (u32, u64)| {
            let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(Duration::from_secs(seconds)).unwrap_or(Quota::per_minute(burst));
            RateLimiter::new(quota.allow_burst(burst), HashMapStateStore::default(), clock.clone())
        };
        Self { mail: limiter(PER_MAIL), address: limiter(PER_ADDRESS), waiting: Mutex::default(), clock }
    }

    /// Whether one more try may be made, by this mail address and from there.
    pub(crate) fn may_try(&self, mail: Option<&str>, address: Option<&str>) -> Result<(), ServiceError> {
        let now = self.clock.0.now();
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let until = [mail, address].into_iter().flatten().filter_map(|key| waiting.get(&digest(key))).max();
        match until {
            Some(until) if *until > now => {
                let seconds = (until.as_micros() - now.as_micros()).unsigned_abs().div_ceil(1_000_000);
                Err(ServiceError::TooMany { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX) })
            }
            _ => Ok(()),
        }
    }

    /// A try has failed.
    pub(crate) fn failed(&self, mail: Option<&str>, address: Option<&str>) {
        self.count(&self.mail, mail);
        self.count(&self.address, address);
    }

    fn count(&self, limiter: &Limiter, key: Option<&str>) {
        let Some(key) = key.map(digest) else { return };
        // Whoever tries a million addresses must not fill the memory.
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        if let Err(not_until) = limiter.check_key(&key) {
            let wait = not_until.wait_time_from(self.clock.now());
            let now = self.clock.0.now();
            let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.len() > REMEMBERED {
                waiting.retain(|_, until| *until > now);
            }
            waiting.insert(key, Instant::from_micros(now.as_micros().saturating_add(wait)));
        }
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
