//! What must be true of the data at any moment, asked as "what breaks it?" (`zaseki verify`).

mod twice;

pub use twice::{CreditState, WaitingSeats};

use domain::agenda::Agenda;
use domain::document::Contents;
use domain::id::{DocumentId, OrganizationId, SubscriptionId};
use domain::subscription::Status;
use domain::time::Date;
use uuid::Uuid;

use crate::StoreError;
use crate::statement::{Statement, sql};
use crate::subscriptions::Subscription;
use crate::unit::Conn;
use crate::value::{FromRow as _, Row, binds};

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
            "SELECT b.organization_id, b.id
             FROM (SELECT a.organization_id, a.id, a.amount FROM payment_attempt a
                   WHERE a.settled_at IS NOT NULL AND a.outcome LIKE '%\"outcome\":\"succeeded\"%'
                   UNION ALL
                   SELECT p.organization_id, p.payment_attempt_id, -e.amount FROM posting p
                   JOIN entry e ON e.organization_id = p.organization_id AND e.posting_id = p.id
                   WHERE p.payment_attempt_id IS NOT NULL AND e.account = 'clearing' AND e.amount > 0) b
             GROUP BY b.organization_id, b.id HAVING SUM(b.amount) <> 0
             ORDER BY b.organization_id, b.id LIMIT 1"
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
               AND s.status <> 'deleted' AND s.channel <> 'trial'
               AND (s.status <> 'disabled'
                    OR EXISTS (SELECT 1 FROM seat_purchase p
                               WHERE p.organization_id = s.organization_id AND p.subscription_id = s.id
                                 AND p.ended_on IS NULL))
             ORDER BY s.organization_id, s.id LIMIT 1"
        ),
    },
    Check {
        rule: "what is not paid of an invoice is what its subscription owes",
        breaks: sql!(
            "SELECT d.organization_id, d.id FROM document d
             LEFT JOIN subscription s ON s.organization_id = d.organization_id AND s.id = d.subscription_id
             WHERE d.kind = 'invoice'
               AND (d.gross - d.lowered - d.paid > 0) <> (s.owes_document_id IS NOT NULL AND s.owes_document_id = d.id)
             ORDER BY d.organization_id, d.id LIMIT 1"
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
        rule: "a paid order has one invoice, and no other order has one",
        breaks: sql!(
            "SELECT o.organization_id, o.id FROM orders o
             WHERE (CASE WHEN o.status = 'paid' THEN 1 ELSE 0 END)
                   <> (SELECT COUNT(*) FROM document d
                       WHERE d.organization_id = o.organization_id AND d.order_id = o.id AND d.kind = 'invoice')
             ORDER BY o.organization_id, o.id LIMIT 1"
        ),
    },
    Check {
        rule: "a purchase and a trial have made one subscription, and no other order has",
        breaks: sql!(
            "SELECT b.organization_id, b.id
             FROM (SELECT o.organization_id, o.id, 1 AS made FROM orders o
                   WHERE o.status IN ('paid', 'started') AND o.kind IN ('purchase', 'trial')
                   UNION ALL
                   SELECT s.organization_id, s.order_id, -1 FROM subscription s) b
             GROUP BY b.organization_id, b.id HAVING SUM(b.made) <> 0
             ORDER BY b.organization_id, b.id LIMIT 1"
        ),
    },
    Check {
        rule: "an order for a subscription names one of its organization",
        breaks: sql!(
            "SELECT o.organization_id, o.id FROM orders o
             WHERE o.kind NOT IN ('purchase', 'trial')
               AND NOT EXISTS (SELECT 1 FROM subscription s
                               WHERE s.organization_id = o.organization_id AND s.id = o.subscription_id)
             ORDER BY o.organization_id, o.id LIMIT 1"
        ),
    },
    Check {
        rule: "what is tried has a trial of its product, and its numbers have no gaps",
        breaks: sql!(
            "SELECT s.organization_id, s.id FROM subscription s
             WHERE s.channel = 'trial'
               AND NOT EXISTS (SELECT 1 FROM trial t
                               WHERE t.organization_id = s.organization_id AND t.product_id = s.product_id
                                 AND t.subscription_id = s.id
                                 AND t.number <= (SELECT COUNT(*) FROM trial u
                                                  WHERE u.organization_id = t.organization_id
                                                    AND u.product_id = t.product_id))
             ORDER BY s.organization_id, s.id LIMIT 1"
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
        rule: "what was paid of an invoice stands in the books",
        breaks: sql!(
            "SELECT d.organization_id, d.id FROM document d
             WHERE d.kind = 'invoice'
               AND d.paid <> COALESCE((SELECT -SUM(e.amount) FROM posting p
                                       JOIN entry e ON e.organization_id = p.organization_id AND e.posting_id = p.id
                                       WHERE p.organization_id = d.organization_id AND p.document_id = d.id
                                         AND p.cause IN ('payment', 'credit-used')
                                         AND e.account LIKE 'receivable:%'), 0)
             ORDER BY d.organization_id, d.id LIMIT 1"
        ),
    },
    Check {
        rule: "what was credited of an invoice is what its credit notes say",
        breaks: sql!(
            "SELECT d.organization_id, d.id FROM document d
             WHERE d.kind = 'invoice'
               AND d.lowered + d.returned
                   <> COALESCE((SELECT -SUM(n.gross) FROM document n
                                WHERE n.organization_id = d.organization_id AND n.corrects_id = d.id), 0)
             ORDER BY d.organization_id, d.id LIMIT 1"
        ),
    },
    Check {
        rule: "what came back of an invoice stands in the books",
        breaks: sql!(
            "SELECT d.organization_id, d.id FROM document d
             WHERE d.kind = 'invoice'
               AND d.returned <> COALESCE((SELECT SUM(e.amount) FROM document n
                                           JOIN posting p ON p.organization_id = n.organization_id
                                                         AND p.document_id = n.id
                                           JOIN entry e ON e.organization_id = p.organization_id
                                                       AND e.posting_id = p.id
                                           WHERE n.organization_id = d.organization_id AND n.corrects_id = d.id
                                             AND p.cause IN ('credit-granted', 'refund')
                                             AND e.account LIKE 'receivable:%'), 0)
             ORDER BY d.organization_id, d.id LIMIT 1"
        ),
    },
    Check {
        rule: "no more goes back to a card than it paid",
        breaks: sql!(
            "SELECT a.organization_id, a.id FROM payment_attempt a
             WHERE (CASE WHEN a.outcome LIKE '%\"outcome\":\"succeeded\"%' THEN a.amount ELSE 0 END)
                   < COALESCE((SELECT SUM(r.amount) FROM refund r
                               WHERE r.organization_id = a.organization_id AND r.payment_attempt_id = a.id
                                 AND (r.outcome IS NULL OR r.outcome NOT LIKE '%\"outcome\":\"failed\"%')), 0)
             ORDER BY a.organization_id, a.id LIMIT 1"
        ),
    },
    Check {
        rule: "what is on its way back stands in the books",
        breaks: sql!(
            "SELECT o.id, o.id FROM organization o
             WHERE COALESCE((SELECT SUM(r.amount) FROM refund r
                             WHERE r.organization_id = o.id AND r.settled_at IS NULL), 0)
                   <> COALESCE((SELECT -SUM(e.amount) FROM entry e
                                WHERE e.organization_id = o.id AND e.account = 'refunds'), 0)
             ORDER BY o.id LIMIT 1"
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

/// A subscription with what of it is kept beside it.
#[derive(Clone, Debug)]
pub struct Living {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id.
    pub id: SubscriptionId,
    /// What the calendar has to know of it.
    pub agenda: Agenda,
    /// Its state, by name.
    pub status: Status,
    /// The first day after its term.
    pub ends_on: Date,
    /// When something changes by itself.
    pub next_on: Option<Date>,
    /// Whether it is among the due work.
    pub has_work: bool,
}

impl Conn<'_> {
    /// Subscriptions behind one of them, by organization and id: a page to go through all of them.
    pub async fn living_after(
        &mut self,
        after: Option<(OrganizationId, SubscriptionId)>,
        limit: u32,
    ) -> Result<Vec<Living>, StoreError> {
        let (organization, id) = after.unzip();
        self.rows(
            sql!(
                "SELECT s.organization_id, s.status, s.next_on, w.subject_id IS NOT NULL,
                        s.id, s.product_id, s.plan_id, s.price_id, p.content, s.billing_profile_id, s.order_id,
                        s.purchaser_id, s.channel, s.state, s.ends_on, s.seats, s.assigned, s.created_at, s.version,
                        s.billed_to, s.waiting, s.scheduled, s.renewal_price_id, s.owes_document_id, s.dunning,
                        s.told_to
                 FROM subscription s
                 JOIN price p ON p.id = s.price_id
                 LEFT JOIN work w ON w.organization_id = s.organization_id AND w.kind = 'subscription'
                                 AND w.subject_id = s.id
                 WHERE s.organization_id > $1 OR (s.organization_id = $1 AND s.id > $2) OR $1 IS NULL
                 ORDER BY s.organization_id, s.id
                 LIMIT $3"
            ),
            binds![organization, id, limit],
        )
        .await?
        .iter_mut()
        .map(|row: &mut Row| {
            let organization = row.take()?;
            let status = row.parse(|code: String| Status::from_code(&code))?;
            let (next_on, has_work) = (row.take()?, row.take()?);
            let subscription = Subscription::from_row(row)?;
            let (id, ends_on, agenda) = (subscription.id, subscription.ends_on, subscription.agenda());
            Ok(Living { organization, id, agenda, status, ends_on, next_on, has_work })
        })
        .collect()
    }

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
