//! What happens while the answer of the provider is late: time passes, and other processes go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::{self, Either};
use payments::sandbox::Sandbox;

use crate::testing::StandingClock;
use crate::{ServiceError, Services};

/// The rest of the world, seen from a process that waits for the provider.
pub(super) struct Elsewhere {
    /// Another process.
    pub(super) services: Services,
    pub(super) sandbox: Sandbox,
    pub(super) clock: Arc<StandingClock>,
    /// How long the answer takes.
    pub(super) seconds: i64,
    /// Counts how often this happened.
    pub(super) late: Arc<AtomicU64>,
}

impl Elsewhere {
    /// Carries out what happens here. When an answer of the provider is held, the time passes, another process works
    /// for a round, and the answer comes.
    pub(super) async fn meanwhile<F: Future>(self, here: F) -> Result<F::Output, ServiceError> {
        let (here, there) = (Box::pin(here), Box::pin(self.goes_on()));
        match future::select(here, there).await {
            Either::Left((answer, _)) => Ok(answer),
            Either::Right((gone_on, here)) => {
                gone_on?;
                Ok(here.await)
            }
        }
    }

    async fn goes_on(self) -> Result<(), ServiceError> {
        self.sandbox.holding().await;
        self.late.fetch_add(1, Ordering::SeqCst);
        self.clock.pass(self.seconds);
        self.services.do_due_work().await?;
        self.sandbox.catch_up().await;
        // Whatever is held from now on comes at once.
        loop {
            self.sandbox.holding().await;
            self.sandbox.catch_up().await;
        }
    }
}
