//! Due work: what nobody waits for, or nobody came back for. Safe to stop at any point and to run twice.
//!
//! A round claims what is due, the longest due first, carries it out, and notes when each thing wants attention next.
//! What fails is tried again later and, when it fails too often, set aside with its reason; it stops nothing else.

use domain::id::{PaymentAttemptId, RefundId};
use store::work::{Kind, Work};

use crate::{ServiceError, Services};

/// How much one round claims.
const TOGETHER: u32 = 200;

/// For so long what a worker has claimed is its own: longer than a round takes.
const CLAIMED_SECONDS: i64 = 120;

/// What fails is tried again after so many seconds, and set aside when none is left.
const AGAIN_AFTER_SECONDS: [i64; 4] = [5, 60, 600, 3_600];

/// What one round has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Attempts that the provider was asked about.
    pub asked: u32,
    /// Subscriptions whose day had come.
    pub advanced: u32,
    /// Documents that were given their number.
    pub numbered: u32,
    /// What failed: it is tried again later, or was set aside.
    pub failed: u32,
}

impl Services {
    /// One round: asks the provider about open payments that are due for it, closes those whose time is over, carries
    /// out what the calendar brings, and numbers documents that wait.
    pub async fn do_due_work(&self) -> Result<Done, ServiceError> {
        let mut done = Done::default();
        for work in self.claim_due_work().await? {
            let outcome = match work.kind {
                Kind::Attempt => {
                    done.asked += 1;
                    let attempt = PaymentAttemptId::from_uuid(work.subject);
                    self.settle(work.organization, attempt).await.map(drop)
                }
                Kind::Refund => {
                    self.settle_refund(work.organization, RefundId::from_uuid(work.subject)).await
                }
                Kind::Subscription => Ok(()),
            };
            if let Err(error) = outcome {
                done.failed += 1;
                self.note_failure(work, &error).await?;
            }
        }
        done.numbered = self.number_documents().await?;
        Ok(done)
    }

    async fn claim_due_work(&self) -> Result<Vec<Work>, ServiceError> {
        let (worker, now) = (self.worker(), self.environment().now());
        let command = self.command_of_machine(store::Command::PUBLISHER, None);
        self.store()
            .write(command, move |tx| {
                let until = now.plus_seconds(CLAIMED_SECONDS);
                Box::pin(async move { Ok::<_, ServiceError>(tx.claim_work(worker, until, TOGETHER).await?) })
            })
            .await
    }

    /// What failed is tried again later, less and less often, and then set aside.
    pub(crate) async fn note_failure(&self, work: Work, error: &ServiceError) -> Result<(), ServiceError> {
        let tries = usize::try_from(work.tries).unwrap_or(usize::MAX);
        let again_at =
            AGAIN_AFTER_SECONDS.get(tries).map(|wait| self.environment().now().plus_seconds(*wait));
        let reason = error.to_string();
        tracing::error!(kind = %work.kind, subject = %work.subject, tries, reason, "due work failed");
        let command = self.command_of_machine(work.organization, None);
        self.store()
            .write(command, move |tx| {
                let reason = reason.clone();
                Box::pin(async move { Ok::<_, ServiceError>(tx.fail_work(work, again_at, &reason).await?) })
            })
            .await
    }
}
