//! What falls due, and who carries it out.
//!
//! Each subscription, open attempt and open refund has one row with the instant at which it wants attention. Whoever
//! changes the thing moves its row in the same unit of work. A worker claims rows for a while, so that several do
//! not do the same; what is done twice all the same is refused by the condition in the statement that acts.

pub use domain::agenda::WorkKind as Kind;
use domain::id::{OrganizationId, WorkerId};
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StoreError;
use crate::statement::{Rows, rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

/// Something that wants attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Whose.
    pub organization: OrganizationId,
    /// What.
    pub kind: Kind,
    /// Which one.
    pub subject: Uuid,
    /// Since when.
    pub due_at: Instant,
    /// How often it failed in a row.
    pub tries: u32,
}

/// Something that failed too often and is set aside until somebody looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// What.
    pub work: Work,
    /// Since when.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

impl FromRow for Work {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            organization: row.take()?,
            kind: row.parse(|code: String| Kind::from_code(&code))?,
            subject: row.take()?,
            due_at: row.take()?,
            tries: row.take()?,
        })
    }
}

impl Conn<'_> {
    /// Which subscription falls due first in an organization on a test clock.
    pub async fn first_held_work(
        &mut self,
        organization: OrganizationId,
        until: Instant,
    ) -> Result<Option<Work>, StoreError> {
        self.row(
            sql!(
                "SELECT organization_id, kind, subject_id, due_at, tries FROM work
                 WHERE organization_id = $1 AND held AND aside_at IS NULL AND kind = 'subscription' AND due_at <= $2
                 ORDER BY due_at, subject_id
                 LIMIT 1"
            ),
            binds![organization, until],
        )
        .await?
        .map(|mut row| Work::from_row(&mut row))
        .transpose()
    }

    /// What is due in an organization on a test clock, in the order in which it is carried out. What the bank or the
    /// provider has to say comes first, whenever it is due.
    pub async fn held_work(
        &mut self,
        organization: OrganizationId,
        until: Instant,
    ) -> Result<Vec<Work>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, kind, subject_id, due_at, tries FROM work
                 WHERE organization_id = $1 AND held AND aside_at IS NULL
                   AND (due_at <= $2 OR kind <> 'subscription')
                 ORDER BY CASE WHEN kind = 'subscription' THEN 1 ELSE 0 END, due_at, kind, subject_id
                 LIMIT 100"
            ),
            binds![organization, until],
        )
        .await?
        .iter_mut()
        .map(Work::from_row)
        .collect()
    }

    /// What something wants, if it wants anything.
    pub async fn work(
        &mut self,
        organization: OrganizationId,
        kind: Kind,
        subject: Uuid,
    ) -> Result<Option<Work>, StoreError> {
        self.row(
            sql!(
                "SELECT organization_id, kind, subject_id, due_at, tries FROM work
                 WHERE organization_id = $1 AND kind = $2 AND subject_id = $3"
            ),
            binds![organization, kind.code(), subject],
        )
        .await?
        .map(|mut row| Work::from_row(&mut row))
        .transpose()
    }

    /// What is set aside, the longest first.
    pub async fn work_set_aside(&mut self, limit: u32) -> Result<Vec<Aside>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, kind, subject_id, due_at, tries, aside_at, reason FROM work
                 WHERE aside_at IS NOT NULL
                 ORDER BY aside_at, organization_id, kind, subject_id
                 LIMIT $1"
            ),
            binds![limit],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let work = Work::from_row(row)?;
            Ok(Aside { work, at: row.take()?, reason: row.take()? })
        })
        .collect()
    }
}

/// What something wants, for many at once.
const TO_SET: Rows = rows!(
    "INSERT INTO work (organization_id, kind, subject_id, due_at, held, tries)",
    6,
    "ON CONFLICT (organization_id, kind, subject_id) DO UPDATE
     SET due_at = excluded.due_at, worker = NULL, claimed_until = NULL, tries = 0, aside_at = NULL, reason = NULL"
);

impl Tx<'_> {
    /// Claims what is due by now and nobody has claimed, the longest due first. It is this worker's until `until`.
    pub async fn claim_work(
        &mut self,
        worker: WorkerId,
        until: Instant,
        limit: u32,
    ) -> Result<Vec<Work>, StoreError> {
        let now = self.at();
        self.keep_books(
            sql!(
                "UPDATE work SET worker = $1, claimed_until = $3
                 WHERE (organization_id, kind, subject_id) IN (
                        SELECT organization_id, kind, subject_id FROM work
                        WHERE aside_at IS NULL AND NOT held AND due_at <= $2
                          AND (claimed_until IS NULL OR claimed_until <= $2)
                        ORDER BY due_at, organization_id, kind, subject_id
                        LIMIT $4)
                   AND (claimed_until IS NULL OR claimed_until <= $2)"
            ),
            binds![worker, now, until, limit],
        )
        .await?;
        self.rows(
            sql!(
                "SELECT organization_id, kind, subject_id, due_at, tries FROM work
                 WHERE worker = $1 AND aside_at IS NULL AND NOT held AND due_at <= $2
                 ORDER BY organization_id, kind, due_at, subject_id"
            ),
            binds![worker, now],
        )
        .await?
        .iter_mut()
        .map(Work::from_row)
        .collect()
    }

    /// Notes when something wants attention next, free for everybody and with a clean record; `None`: never again.
    pub async fn set_work(
        &mut self,
        organization: OrganizationId,
        kind: Kind,
        subject: Uuid,
        due_at: Option<Instant>,
    ) -> Result<(), StoreError> {
        let key = binds![organization, kind.code(), subject];
        let Some(due_at) = due_at else {
            self.unwait(TO_SET, &key);
            self.keep_books(
                sql!("DELETE FROM work WHERE organization_id = $1 AND kind = $2 AND subject_id = $3"),
                key,
            )
            .await?;
            return Ok(());
        };
        if let Some(held) = self.collects() {
            // One statement must not set the same row twice: the last word counts.
            self.unwait(TO_SET, &key);
            self.wait(TO_SET, key.into_iter().chain(binds![due_at, held, 0_i64]).collect());
            return Ok(());
        }
        self.keep_books(
            sql!(
                "INSERT INTO work (organization_id, kind, subject_id, due_at, held, tries)
                 SELECT id, $2, $3, $4, test_clock IS NOT NULL, 0 FROM organization WHERE id = $1
                 ON CONFLICT (organization_id, kind, subject_id) DO UPDATE
                    SET due_at = excluded.due_at, worker = NULL, claimed_until = NULL, tries = 0, aside_at = NULL,
                        reason = NULL"
            ),
            binds![organization, kind.code(), subject, due_at],
        )
        .await?;
        Ok(())
    }

    /// Moves the attention that something wants to another instant, if it still wants any.
    pub(crate) async fn postpone_work(
        &mut self,
        organization: OrganizationId,
        kind: Kind,
        subject: Uuid,
        due_at: Instant,
    ) -> Result<(), StoreError> {
        self.keep_books(
            sql!(
                "UPDATE work SET due_at = $4, worker = NULL, claimed_until = NULL
                 WHERE organization_id = $1 AND kind = $2 AND subject_id = $3"
            ),
            binds![organization, kind.code(), subject, due_at],
        )
        .await?;
        Ok(())
    }

    /// Notes that something failed: it is tried again at an instant, or set aside with the reason where there is
    /// none.
    pub async fn fail_work(
        &mut self,
        work: Work,
        again_at: Option<Instant>,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.at();
        let (due_at, aside_at) = (again_at.unwrap_or(work.due_at), again_at.is_none().then_some(now));
        self.keep_books(
            sql!(
                "UPDATE work SET due_at = $4, worker = NULL, claimed_until = NULL, tries = tries + 1, aside_at = $5,
                        reason = $6
                 WHERE organization_id = $1 AND kind = $2 AND subject_id = $3"
            ),
            binds![work.organization, work.kind.code(), work.subject, due_at, aside_at, reason],
        )
        .await?;
        Ok(())
    }
}
