//! Due work: what nobody waits for, or nobody came back for. Safe to stop at any point and to run twice.

use crate::{ServiceError, Services};

/// How many open attempts are asked about in one go.
const TOGETHER: u32 = 100;

/// What one round has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Attempts that the provider was asked about.
    pub asked: u32,
    /// Documents that were given their number.
    pub numbered: u32,
}

impl Services {
    /// One round: asks the provider about open payments that are due for it, closes those whose time is over, and
    /// numbers documents that wait.
    ///
    /// What fails is said to the log and tried again in the next round; it stops nothing else.
    pub async fn do_due_work(&self) -> Result<Done, ServiceError> {
        let now = self.environment().now();
        let attempts = self.store().read().await?.conn().attempts_to_ask(now, TOGETHER).await?;
        let mut done = Done::default();
        for attempt in attempts {
            done.asked += 1;
            if let Err(error) = self.settle(attempt.organization, attempt.id).await {
                tracing::error!(attempt = %attempt.id, %error, "an open payment could not be settled");
            }
        }
        done.numbered = self.number_documents().await?;
        Ok(done)
    }
}
