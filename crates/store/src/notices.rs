//! What people are told: written with its cause, delivered afterwards.

use domain::id::{NoticeId, OrganizationId, PersonId};
use domain::notices::{Audience, NoticeKind};
use domain::time::Instant;
use uuid::Uuid;

use crate::StoreError;
use crate::statement::{rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, json};

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// What it says.
    pub kind: NoticeKind,
    /// Whom.
    pub audience: Audience,
    /// Whom, where it is one person.
    pub person: Option<PersonId>,
    /// What it is about: `subscription`, `document`.
    pub subject: (&'static str, Uuid),
    /// The facts of its sentences: amounts in minor units with their currency, days, ids.
    pub facts: serde_json::Value,
}

/// Something that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// What it says.
    pub kind: NoticeKind,
    /// Whom.
    pub audience: Audience,
    /// Whom, where it is one person.
    pub person: Option<PersonId>,
    /// The facts of its sentences.
    pub facts: serde_json::Value,
    /// When it was written.
    pub at: Instant,
}

impl FromRow for Notice {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            kind: row.parse(|code: String| NoticeKind::from_code(&code))?,
            audience: row.parse(|code: String| Audience::from_code(&code))?,
            person: row.take()?,
            facts: row.json()?,
            at: row.take()?,
        })
    }
}

impl Conn<'_> {
    /// What was told about something, the oldest first.
    pub async fn notices_about(
        &mut self,
        organization: OrganizationId,
        subject: Uuid,
    ) -> Result<Vec<Notice>, StoreError> {
        self.rows(
            sql!(
                "SELECT id, kind, audience, person_id, facts, at FROM notice
                 WHERE organization_id = $1 AND subject_id = $2
                 ORDER BY at, id"
            ),
            binds![organization, subject],
        )
        .await?
        .iter_mut()
        .map(Notice::from_row)
        .collect()
    }
}

impl Tx<'_> {
    /// Writes down what people are to be told.
    pub async fn tell(
        &mut self,
        organization: OrganizationId,
        notices: Vec<NewNotice>,
    ) -> Result<(), StoreError> {
        let at = self.at();
        let mut written = Vec::with_capacity(notices.len());
        for notice in notices {
            let id = self.id(NoticeId::new);
            let (kind, subject) = notice.subject;
            written.push(binds![
                organization,
                id,
                notice.kind.code(),
                notice.audience.code(),
                notice.person,
                kind,
                subject,
                json(&notice.facts)?,
                at
            ]);
        }
        self.keep_rows(
            rows!(
                "INSERT INTO notice (organization_id, id, kind, audience, person_id, subject_kind, subject_id, facts, at)",
                9
            ),
            written,
        )
        .await
    }
}
