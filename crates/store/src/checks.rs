//! What must be true of the data at any moment, asked as "what breaks it?" (`zaseki verify`).

use domain::document::Contents;
use domain::id::{DocumentId, OrganizationId};
use uuid::Uuid;

use crate::StoreError;
use crate::statement::{Statement, sql};
use crate::unit::Conn;
use crate::value::{Row, binds};

/// A rule and the first row that breaks it: the organization, and the row's id or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The organization, where the row has one.
    pub organization: Option<OrganizationId>,
    /// Which row.
    pub row: String,
}

/// A rule that one statement can check: its name, what it says, and the statement that finds what breaks it.
/// Each gives the organization and an id; no row means that the rule holds.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What must be true.
    pub rule: &'static str,
    breaks: Statement,
}

/// Every rule that one statement can check.
pub const CHECKS: &[Check] = &[
    Check {
        rule: "the entries of a posting add up to nothing in each currency",
        breaks: sql!(
            "SELECT organization_id, posting_id FROM entry
             GROUP BY organization_id, posting_id, currency HAVING SUM(amount) <> 0
             ORDER BY organization_id, posting_id LIMIT 1"
        ),
    },
    Check {
        rule: "a posting has entries",
        breaks: sql!(
            "SELECT p.organization_id, p.id FROM posting p
             WHERE NOT EXISTS (SELECT 1 FROM entry e
                               WHERE e.organization_id = p.organization_id AND e.posting_id = p.id)
             ORDER BY p.organization_id, p.id LIMIT 1"
        ),
    },
    Check {
        rule: "what a document asks for or takes back stands in the books once",
        breaks: sql!(
            "SELECT d.organization_id, d.id FROM document d
             WHERE d.gross <> 0
               AND ABS(d.gross) <> COALESCE((SELECT SUM(e.amount) FROM posting p
                                        JOIN entry e ON e.organization_id = p.organization_id AND e.posting_id = p.id
                                        WHERE p.organization_id = d.organization_id AND p.document_id = d.id
                                          AND p.cause = d.kind AND e.amount > 0), 0)
             ORDER BY d.organization_id, d.id LIMIT 1"
        ),
    },
    Check {
        rule: "a payment that succeeded stands in the books with its amount, once",
        breaks: sql!(
            "SELECT a.organization_id, a.id FROM payment_attempt a
             WHERE a.settled_at IS NOT NULL AND a.amount > 0
               AND (CASE WHEN a.outcome LIKE '%\"outcome\":\"succeeded\"%' THEN a.amount ELSE 0 END)
                   <> COALESCE((SELECT SUM(e.amount) FROM posting p
                                JOIN entry e ON e.organization_id = p.organization_id AND e.posting_id = p.id
                                WHERE p.organization_id = a.organization_id AND p.payment_attempt_id = a.id
                                  AND e.account = 'clearing'), 0)
             ORDER BY a.organization_id, a.id LIMIT 1"
        ),
    },
    Check {
        rule: "every numbered document has a day of issue, and every other one none",
        breaks: sql!(
            "SELECT organization_id, id FROM document
             WHERE (running IS NULL) <> (number IS NULL) OR (running IS NULL) <> (issued_on IS NULL)
             ORDER BY organization_id, id LIMIT 1"
        ),
    },
    Check {
        rule: "as many seats are taken as licenses are given",
        breaks: sql!(
            "SELECT s.organization_id, s.id FROM subscription s
             WHERE s.assigned <> (SELECT COUNT(*) FROM assignment a
                                  WHERE a.organization_id = s.organization_id AND a.subscription_id = s.id)
             ORDER BY s.organization_id, s.id LIMIT 1"
        ),
    },
    Check {
        rule: "no more seats are taken than there are",
        breaks: sql!(
            "SELECT organization_id, id FROM subscription WHERE assigned > seats OR assigned < 0
             ORDER BY organization_id, id LIMIT 1"
        ),
    },
    Check {
        rule: "a license is for the product of the subscription that it is drawn from",
        breaks: sql!(
            "SELECT a.organization_id, a.id FROM assignment a
             JOIN subscription s ON s.organization_id = a.organization_id AND s.id = a.subscription_id
             WHERE s.product_id <> a.product_id
             ORDER BY a.organization_id, a.id LIMIT 1"
        ),
    },
    Check {
        rule: "only active people who are no guests hold a license",
        breaks: sql!(
            "SELECT a.organization_id, a.id FROM assignment a
             JOIN person p ON p.organization_id = a.organization_id AND p.id = a.person_id
             WHERE NOT p.active OR p.guest
             ORDER BY a.organization_id, a.id LIMIT 1"
        ),
    },
    Check {
        rule: "a subscription has the seats that were bought and not given back",
        breaks: sql!(
            "SELECT s.organization_id, s.id FROM subscription s
             WHERE s.seats <> COALESCE((SELECT SUM(p.seats - p.given_back) FROM seat_purchase p
                                        WHERE p.organization_id = s.organization_id AND p.subscription_id = s.id
                                          AND p.ended_on IS NULL), 0)
               AND s.status <> 'deleted'
             ORDER BY s.organization_id, s.id LIMIT 1"
        ),
    },
    Check {
        rule: "a subscription has a manager or stands under those who have none",
        breaks: sql!(
            "SELECT m.organization_id, m.subscription_id FROM subscription_manager m
             WHERE NOT EXISTS (SELECT 1 FROM person p
                               WHERE p.organization_id = m.organization_id AND p.id = m.person_id)
             ORDER BY m.organization_id, m.subscription_id LIMIT 1"
        ),
    },
    Check {
        rule: "a paid order has one subscription and one invoice",
        breaks: sql!(
            "SELECT o.organization_id, o.id FROM orders o
             WHERE (CASE WHEN o.status = 'paid' THEN 1 ELSE 0 END)
                   <> (SELECT COUNT(*) FROM subscription s
                       WHERE s.organization_id = o.organization_id AND s.order_id = o.id)
                OR (CASE WHEN o.status = 'paid' THEN 1 ELSE 0 END)
                   <> (SELECT COUNT(*) FROM document d
                       WHERE d.organization_id = o.organization_id AND d.order_id = o.id)
             ORDER BY o.organization_id, o.id LIMIT 1"
        ),
    },
    Check {
        rule: "an order that is confirmed has an open attempt, and no other order has one",
        breaks: sql!(
            "SELECT o.organization_id, o.id FROM orders o
             WHERE (CASE WHEN o.status = 'confirmed' THEN 1 ELSE 0 END)
                   <> (SELECT COUNT(*) FROM payment_attempt a
                       WHERE a.organization_id = o.organization_id AND a.order_id = o.id
                         AND a.settled_at IS NULL)
             ORDER BY o.organization_id, o.id LIMIT 1"
        ),
    },
    Check {
        rule: "an organization with a document has its country and currency fixed",
        breaks: sql!(
            "SELECT o.id, o.id FROM organization o
             WHERE NOT o.has_document
               AND EXISTS (SELECT 1 FROM document d WHERE d.organization_id = o.id)
             ORDER BY o.id LIMIT 1"
        ),
    },
];

/// A series of an issuer's numbers, as the documents have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesState {
    /// The issuer's key and the series' code.
    pub name: (String, String),
    /// How many documents have a number.
    pub numbered: i64,
    /// The smallest and the largest number.
    pub ends: (i64, i64),
    /// The number that the next document gets.
    pub next: i64,
}

/// A document as it stands in its columns and in its content.
#[derive(Clone, Debug)]
pub struct Written {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id.
    pub id: DocumentId,
    /// Net, tax and gross in its columns, in minor units.
    pub columns: (i64, i64, i64),
    /// What it says.
    pub contents: Contents,
}

impl Conn<'_> {
    /// The first row that breaks a rule.
    pub async fn broken(&mut self, check: Check) -> Result<Option<Broken>, StoreError> {
        let row = self.row(check.breaks, binds![]).await?;
        row.map(|mut row| {
            let organization: OrganizationId = row.take()?;
            let id: Uuid = row.take()?;
            Ok(Broken { organization: Some(organization), row: id.to_string() })
        })
        .transpose()
    }

    /// Every series of numbers that is in use.
    pub async fn series_in_use(&mut self) -> Result<Vec<SeriesState>, StoreError> {
        self.rows(
            sql!(
                "SELECT d.issuer_key, d.series, COUNT(*), MIN(d.running), MAX(d.running),
                        COALESCE((SELECT n.next FROM number_series n
                                  WHERE n.issuer_key = d.issuer_key AND n.series = d.series), 0)
                 FROM document d
                 WHERE d.running IS NOT NULL
                 GROUP BY d.issuer_key, d.series
                 ORDER BY d.issuer_key, d.series"
            ),
            binds![],
        )
        .await?
        .iter_mut()
        .map(|row| {
            Ok(SeriesState {
                name: (row.take()?, row.take()?),
                numbered: row.take()?,
                ends: (row.take()?, row.take()?),
                next: row.take()?,
            })
        })
        .collect()
    }

    /// Documents behind one of them, by organization and id: a page to go through all of them.
    pub async fn documents_after(
        &mut self,
        after: Option<(OrganizationId, DocumentId)>,
        limit: u32,
    ) -> Result<Vec<Written>, StoreError> {
        let (organization, id) = after.unzip();
        self.rows(
            sql!(
                "SELECT organization_id, id, net, tax, gross, content FROM document
                 WHERE organization_id > $1 OR (organization_id = $1 AND id > $2) OR $1 IS NULL
                 ORDER BY organization_id, id
                 LIMIT $3"
            ),
            binds![organization, id, limit],
        )
        .await?
        .iter_mut()
        .map(|row: &mut Row| {
            Ok(Written {
                organization: row.take()?,
                id: row.take()?,
                columns: (row.take()?, row.take()?, row.take()?),
                contents: row.json()?,
            })
        })
        .collect()
    }
}
