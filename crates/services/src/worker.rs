//! Due work: what nobody waits for, or nobody came back for. Safe to stop at any point and to run twice.
//!
//! A round claims what is due, the longest due first, carries it out, and notes when each thing wants attention next.
//! What fails is tried again later and, when it fails too often, set aside with its reason; it stops nothing else.

use std::collections::BTreeMap;

use domain::id::{OrganizationId, PaymentAttemptId};
use futures::StreamExt as _;
use store::work::{Kind, Work};

use crate::{ServiceError, Services};

/// How much one round claims.
const TOGETHER: u32 = 200;

/// Work of so many organizations and kinds is carried out at once.
const AT_ONCE: usize = 8;

/// How often something is looked at again that somebody else was changing.
const STALE_TRIES: u32 = 5;

/// For so long what a worker has claimed is its own: longer than a round takes.
const CLAIMED_SECONDS: i64 = 120;

/// What fails is tried again after so many seconds, and set aside when none is left.
const AGAIN_AFTER_SECONDS: [i64; 4] = [5, 60, 600, 3_600];

/// What one round has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Attempts and refunds that the provider was asked about.
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
        self.round(AT_ONCE).await
    }

    /// A round in which the work of so many organizations and kinds is carried out at once.
    pub(crate) async fn round(&self, at_once: usize) -> Result<Done, ServiceError> {
        let mut done = Done::default();
        let claimed = self.claim_due_work().await?;
        let groups =
            claimed.chunk_by(|one, next| (one.organization, one.kind) == (next.organization, next.kind));
        let groups: Vec<Vec<Work>> = groups.map(<[Work]>::to_vec).collect();
        let carry_out = |group: Vec<Work>| {
            let services = self.clone();
            async move {
                let failed = services.carry_out(&group).await;
                (group, failed)
            }
        };
        let mut under_way = futures::stream::iter(groups).map(carry_out).buffer_unordered(at_once);
        while let Some((group, failed)) = under_way.next().await {
            let count = u32::try_from(group.len()).map_err(ServiceError::broken)?;
            match group.first().map(|work| work.kind) {
                Some(Kind::Subscription) => done.advanced += count,
                _ => done.asked += count,
            }
            done.failed += u32::try_from(failed.len()).map_err(ServiceError::broken)?;
            for (work, error) in failed {
                self.note_failure(work, &error).await?;
            }
        }
        done.numbered = self.number_documents().await?;
        Ok(done)
    }

    /// Carries out work of one organization and kind, all in one unit if that goes, and otherwise one by one, so that
    /// what fails stops nobody. Gives what failed.
    async fn carry_out(&self, group: &[Work]) -> Vec<(Work, ServiceError)> {
        if self.carry_out_together(group).await.is_ok() {
            return Vec::new();
        }
        let mut failed = Vec::new();
        for work in group {
            if let Err(error) = self.carry_out_alone(*work).await {
                failed.push((*work, error));
            }
        }
        failed
    }

    async fn carry_out_together(&self, group: &[Work]) -> Result<(), ServiceError> {
        let Some(first) = group.first() else { return Ok(()) };
        match first.kind {
            Kind::Subscription => self.advance(first.organization, group.to_vec()).await.map(drop),
            Kind::Attempt => self.settle_all(first.organization, group).await,
            Kind::Refund => self.settle_refunds(group).await,
            Kind::Method => self.forget_methods(group).await,
        }
    }

    /// Somebody may be changing the same thing just now: then it is looked at again.
    async fn carry_out_alone(&self, work: Work) -> Result<(), ServiceError> {
        let mut outcome = self.carry_out_together(&[work]).await;
        for _ in 0..STALE_TRIES {
            if !matches!(outcome, Err(ServiceError::Stale)) {
                break;
            }
            outcome = self.carry_out_together(&[work]).await;
        }
        outcome
    }

    async fn settle_all(&self, organization: OrganizationId, group: &[Work]) -> Result<(), ServiceError> {
        let (mut collections, mut purchases) = (Vec::new(), Vec::new());
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let (mut attempts, mut issuers) = (BTreeMap::new(), BTreeMap::new());
        if group.len() > 1 {
            let found = conn.attempts_claimed(self.worker(), organization).await?;
            attempts.extend(found.into_iter().map(|attempt| (attempt.id, attempt)));
            issuers.extend(conn.issuers_claimed(self.worker(), organization).await?);
        }
        for work in group {
            let id = PaymentAttemptId::from_uuid(work.subject);
            let attempt = match attempts.remove(&id) {
                Some(attempt) => Some(attempt),
                None => conn.attempt(organization, id).await?,
            };
            let Some((attempt, document)) =
                attempt.and_then(|attempt| attempt.document.map(|document| (attempt, document)))
            else {
                purchases.push(id);
                continue;
            };
            let issuer = match issuers.remove(&document) {
                Some(issuer) => Some(issuer),
                None => conn.issuer_of(organization, document).await?,
            };
            collections.push((attempt, issuer));
        }
        drop(reader);
        for attempt in purchases {
            self.settle(organization, attempt).await?;
        }
        self.collect_all(organization, collections).await.map(drop)
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
