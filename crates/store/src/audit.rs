//! The audit: who did what, when, from where, before and after (SPEC 6, "Audit").
//!
//! Two tables hold a record. `audit` has ids, plain facts and keyed digests, and is what a sealer chains; it is
//! never changed. `audit_private` has names, mails, network addresses and the key of that record's digests:
//! erasing its row erases what is personal, and what stays proves nothing about a person any more.

use std::collections::BTreeMap;

use domain::id::{AuditId, OrganizationId};
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::StoreError;
use crate::statement::{rows, sql};
use crate::unit::{Actor, Conn, Tx};
use crate::value::{FromRow, Row, Value, binds, json};

/// What a unit of work did to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    organization: Option<OrganizationId>,
    action: &'static str,
    subject: Subject,
    facts: BTreeMap<&'static str, Fact>,
}

/// The thing that something was done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What it is: `person`, `subscription`, …
    pub kind: String,
    /// Which one.
    pub id: Uuid,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Plain(Json),
    Personal(String),
}

impl Record {
    /// `action` is a verb in the words of the vocabulary, as `person.import` or `session.start`.
    pub fn new(action: &'static str, kind: &str, id: Uuid) -> Self {
        Self {
            organization: None,
            action,
            subject: Subject { kind: kind.to_owned(), id },
            facts: BTreeMap::new(),
        }
    }

    /// Puts the record into the audit of an organization other than the command's: that of the customer whom
    /// the publisher's command concerns.
    #[must_use]
    pub fn of(mut self, organization: OrganizationId) -> Self {
        self.organization = Some(organization);
        self
    }

    /// Adds a fact that names nobody: an id, a number, a state. Before and after are two facts.
    #[must_use]
    pub fn fact(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.facts.insert(name, Fact::Plain(value.into()));
        self
    }

    /// Adds a fact that names somebody: a mail address, a name.
    #[must_use]
    pub fn personal(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.insert(name, Fact::Personal(value.into()));
        self
    }
}

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Instant,
    /// The kind of who acted: `person`, `account`, `stranger`, `command-line`, `machine`.
    pub actor_kind: String,
    /// Their id, where they have one.
    pub actor: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: Subject,
    /// The facts; a personal one is `{"digest": …}` here.
    pub facts: Json,
    /// What is personal, while it is kept: the facts by name.
    pub personal: Option<Json>,
}

impl FromRow for Kept {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            at: row.take()?,
            actor_kind: row.take()?,
            actor: row.take()?,
            action: row.take()?,
            subject: Subject { kind: row.take()?, id: row.take()? },
            facts: row.json()?,
            personal: row.parse(|text: Option<String>| {
                text.map(|text| serde_json::from_str(&text)).transpose().ok()
            })?,
        })
    }
}

impl Conn<'_> {
    /// The newest `limit` records of an organization, newest first.
    pub async fn audit_newest(
        &mut self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<Kept>, StoreError> {
        self.rows(
            sql!(
                "SELECT a.id, a.at, a.actor_kind, a.actor_id, a.action, a.subject_kind, a.subject_id, a.facts,
                        p.facts
                 FROM audit a
                 LEFT JOIN audit_private p ON p.organization_id = a.organization_id AND p.audit_id = a.id
                 WHERE a.organization_id = $1
                 ORDER BY a.at DESC, a.id DESC
                 LIMIT $2"
            ),
            binds![organization, limit],
        )
        .await?
        .iter_mut()
        .map(Kept::from_row)
        .collect()
    }
}

impl Tx<'_> {
    pub(crate) async fn write_audit(&mut self, records: Vec<(AuditId, Record)>) -> Result<(), StoreError> {
        let (mut plain, mut private) = (Vec::with_capacity(records.len()), Vec::new());
        for (id, record) in records {
            let (row, personal) = self.audit_rows(id, record)?;
            plain.push(row);
            private.extend(personal);
        }
        let head = rows!(
            "INSERT INTO audit (organization_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, facts)",
            9
        );
        self.keep_rows(head, plain).await?;
        let head = rows!(
            "INSERT INTO audit_private (organization_id, audit_id, digest_key, address, agent, facts)",
            6
        );
        self.keep_rows(head, private).await
    }

    /// The row of a record, and what of it is personal.
    fn audit_rows(
        &mut self,
        id: AuditId,
        record: Record,
    ) -> Result<(Vec<Value>, Option<Vec<Value>>), StoreError> {
        let digest_key: [u8; 32] = self.bytes();
        let mut facts = BTreeMap::new();
        let mut personal = BTreeMap::new();
        for (name, fact) in record.facts {
            match fact {
                Fact::Plain(value) => facts.insert(name, value),
                Fact::Personal(value) => {
                    let digest = keyed_digest(&digest_key, &value);
                    personal.insert(name, value);
                    facts.insert(name, serde_json::json!({ "digest": digest }))
                }
            };
        }
        let command = self.command();
        let organization = record.organization.unwrap_or(command.organization);
        if let Some(reason) = &command.reason {
            facts.insert("reason", Json::from(reason.as_str()));
        }
        let (actor_kind, actor) = actor_columns(&command.actor);
        let row = binds![
            organization,
            id,
            command.at,
            actor_kind,
            actor,
            record.action,
            record.subject.kind,
            record.subject.id,
            json(&facts)?
        ];
        let origin = &command.origin;
        if personal.is_empty() && origin.address.is_none() && origin.agent.is_none() {
            return Ok((row, None));
        }
        let (address, agent) = (origin.address.clone(), origin.agent.clone());
        Ok((row, Some(binds![organization, id, digest_key, address, agent, json(&personal)?])))
    }
}

fn actor_columns(actor: &Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Person { person, .. } => ("person", Some(person.uuid())),
        Actor::Account(account) => ("account", Some(account.uuid())),
        Actor::Stranger => ("stranger", None),
        Actor::CommandLine => ("command-line", None),
        Actor::Machine => ("machine", None),
    }
}

/// SHA-256 over the key and the value, as hexadecimal. The key has a fixed length and is used
/// for one record only, so nothing longer is needed.
fn keyed_digest(key: &[u8; 32], value: &str) -> String {
    let digest = Sha256::new().chain_update(key).chain_update(value).finalize();
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").ok();
        text
    })
}
