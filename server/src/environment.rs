//! The real clock and the real randomness: the only place where either is read.

use std::sync::Arc;

use domain::time::Instant;
use services::environment::{Clock, Entropy, Environment};

/// The world as it is.
pub(crate) fn real() -> Environment {
    Environment { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
}

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the real clock")]
    fn now(&self) -> Instant {
        Instant::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // An operating system that cannot give random bytes cannot keep a secret either: stop here.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
