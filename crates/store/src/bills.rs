//! Bills: issued invoices and credit notes, as those see them who have a role on who pays them, or on its account
//! (SPEC 1, 2). Whoever has none finds nothing here.

use domain::credit::{BillState, InvoiceStanding};
use domain::document::{Contents, Issued};
use domain::id::{DocumentId, OrganizationId, PersonId, SubscriptionId};
use domain::money::Money;
use domain::time::Date;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::Conn;
use crate::value::{FromRow, Row, binds, money};

/// A document that has its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Its id.
    pub id: DocumentId,
    /// What it is about.
    pub subscription: Option<SubscriptionId>,
    /// Its number and day of issue.
    pub issued: Issued,
    /// What it says.
    pub contents: Contents,
    /// When it is due; `None`: it was paid before it was written, or is a credit note.
    pub due_on: Option<Date>,
    /// The invoice that a credit note corrects.
    pub corrects: Option<DocumentId>,
    /// What was credited, paid and given back; `None`: a credit note.
    pub standing: Option<InvoiceStanding>,
    /// How it stands, in one word.
    pub state: BillState,
}

impl FromRow for Bill {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        let (id, subscription): (DocumentId, _) = (row.take()?, row.take()?);
        let running = row.parse(|running: i64| u64::try_from(running).ok())?;
        let issued = Issued { running, number: row.take()?, issued_on: row.take()? };
        let contents: Contents = row.json()?;
        let (due_on, corrects): (_, Option<DocumentId>) = (row.take()?, row.take()?);
        let mut amount = || row.take().map(|minor| Money::new(minor, contents.currency));
        let (gross, lowered, paid, returned) = (amount()?, amount()?, amount()?, amount()?);
        let corrupt = |error: String| StoreError::Corrupt { what: format!("{id}: {error}") };
        let (standing, state) = if corrects.is_some() {
            (None, BillState::CreditNote)
        } else {
            let standing = InvoiceStanding::new(gross, lowered, paid, returned);
            let standing = standing.map_err(|error| corrupt(error.to_string()))?;
            (Some(standing), standing.state().map_err(|error| corrupt(error.to_string()))?)
        };
        Ok(Self { id, subscription, issued, contents, due_on, corrects, standing, state })
    }
}

/// Which bills are wanted: those that were issued on these days, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// From this day on.
    pub from: Date,
    /// Up to this day.
    pub to: Date,
    /// Only those that stand like this.
    pub state: Option<BillState>,
    /// Only those that are found by what was typed.
    pub search: Option<Search>,
    /// Only those that follow this one in the list.
    pub after: Option<(Date, DocumentId)>,
}

/// What was typed to find bills: a part of the number, or the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// A part of the number, folded.
    pub number: String,
    /// The amount in minor units, without its sign, where what was typed can be one.
    pub amount: Option<i64>,
}

impl Search {
    /// The pattern that finds the part, whatever characters are in it.
    fn pattern(&self) -> String {
        let mut pattern = String::from("%");
        for character in self.number.chars() {
            if matches!(character, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(character);
        }
        pattern.push('%');
        pattern
    }
}

/// How many bills stand like this, in one currency, before, within and after a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// How they stand.
    pub state: BillState,
    /// How many were issued before the span.
    pub older: i64,
    /// How many within it.
    pub within: i64,
    /// How many after it.
    pub later: i64,
    /// What those within come to, tax included.
    pub sum: Money,
    /// What is owed on all of them.
    pub owed: Money,
    /// The day on which the first of all was issued.
    pub first: Date,
    /// The day on which the last of all was issued.
    pub last: Date,
}

impl FromRow for Count {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        let state = row.parse(|code: String| BillState::from_code(&code))?;
        let (older, within, later) = (row.take()?, row.take()?, row.take()?);
        let (first, last) = (row.take()?, row.take()?);
        let (owed, sum): (i64, _) = (row.take()?, money(row)?);
        Ok(Self { state, older, within, later, sum, owed: Money::new(owed, sum.currency()), first, last })
    }
}

/// What has become of a document's money, in the order in which one follows the other on the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Movement {
    /// A card paid.
    Payment,
    /// Credit paid.
    CreditUsed,
    /// It is kept as credit.
    CreditGranted,
    /// It is on its way back to the card.
    Refund,
    /// The provider has sent it.
    RefundSent,
    /// The card did not take it: it is kept as credit.
    RefundFailed,
}

impl Movement {
    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "payment" => Self::Payment,
            "credit-used" => Self::CreditUsed,
            "credit-granted" => Self::CreditGranted,
            "refund" => Self::Refund,
            "refund-sent" => Self::RefundSent,
            "refund-failed" => Self::RefundFailed,
            _ => return None,
        })
    }
}

/// Something that has become of a document's money, as the books say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What.
    pub what: Movement,
    /// When, in the organization's calendar.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// JSON: the card that paid.
    pub card: Option<String>,
}

/// A credit note of an invoice, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: DocumentId,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_on: Date,
    /// What it comes to, tax included: below zero.
    pub gross: Money,
}

impl Conn<'_> {
    /// The bills that a person sees, the newest first.
    pub async fn bills(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        wanted: &Wanted,
        limit: u32,
    ) -> Result<Vec<Bill>, StoreError> {
        let (day, id) = wanted.after.unzip();
        self.rows(
            sql!(
                "SELECT d.id, d.subscription_id, d.running, d.number, d.issued_on, d.content, d.due_on, d.corrects_id,
                        d.gross, d.lowered, d.paid, d.returned
                 FROM document d
                 WHERE d.organization_id = $1
                   AND d.billing_profile_id IN (
                        SELECT r.billing_profile_id FROM billing_profile_role r
                        WHERE r.organization_id = $1 AND r.person_id = $2
                        UNION
                        SELECT p.id FROM billing_account_role a
                        JOIN billing_profile p
                          ON p.organization_id = a.organization_id AND p.billing_account_id = a.billing_account_id
                        WHERE a.organization_id = $1 AND a.person_id = $2)
                   AND d.issued_on >= $3 AND d.issued_on <= $4
                   AND (CASE WHEN d.kind = 'credit-note' THEN 'credit-note'
                             WHEN d.gross - d.lowered - d.paid > 0 THEN 'unpaid'
                             WHEN d.gross > 0 AND d.paid = d.returned THEN 'credited'
                             ELSE 'paid' END = $5 OR $5 IS NULL)
                   AND (lower(d.number) LIKE $6 ESCAPE '!' OR ABS(d.gross) = $7 OR $6 IS NULL)
                   AND (d.issued_on < $8 OR (d.issued_on = $8 AND d.id < $9) OR $8 IS NULL)
                 ORDER BY d.issued_on DESC, d.id DESC
                 LIMIT $10"
            ),
            binds![
                organization,
                person,
                wanted.from,
                wanted.to,
                wanted.state.map(|state| state.code().to_owned()),
                wanted.search.as_ref().map(Search::pattern),
                wanted.search.as_ref().and_then(|search| search.amount),
                day,
                id,
                limit
            ],
        )
        .await?
        .iter_mut()
        .map(Bill::from_row)
        .collect()
    }

    /// How many bills a person sees that are found by what was typed, whenever they were issued and however they stand.
    pub async fn count_bills(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        (from, to): (Date, Date),
        search: Option<&Search>,
    ) -> Result<Vec<Count>, StoreError> {
        self.rows(
            sql!(
                "SELECT x.state,
                        CAST(SUM(CASE WHEN x.issued_on < $3 THEN 1 ELSE 0 END) AS BIGINT),
                        CAST(SUM(CASE WHEN x.issued_on >= $3 AND x.issued_on <= $4 THEN 1 ELSE 0 END) AS BIGINT),
                        CAST(SUM(CASE WHEN x.issued_on > $4 THEN 1 ELSE 0 END) AS BIGINT),
                        MIN(x.issued_on), MAX(x.issued_on),
                        CAST(SUM(CASE WHEN x.state = 'unpaid' THEN x.owed ELSE 0 END) AS BIGINT),
                        CAST(SUM(CASE WHEN x.issued_on >= $3 AND x.issued_on <= $4 THEN x.gross ELSE 0 END) AS BIGINT),
                        x.currency
                 FROM (
                    SELECT d.issued_on, d.currency, d.gross, d.gross - d.lowered - d.paid AS owed,
                           CASE WHEN d.kind = 'credit-note' THEN 'credit-note'
                                WHEN d.gross - d.lowered - d.paid > 0 THEN 'unpaid'
                                WHEN d.gross > 0 AND d.paid = d.returned THEN 'credited'
                                ELSE 'paid' END AS state
                    FROM document d
                    WHERE d.organization_id = $1
                      AND d.billing_profile_id IN (
                            SELECT r.billing_profile_id FROM billing_profile_role r
                            WHERE r.organization_id = $1 AND r.person_id = $2
                            UNION
                            SELECT p.id FROM billing_account_role a
                            JOIN billing_profile p
                              ON p.organization_id = a.organization_id AND p.billing_account_id = a.billing_account_id
                            WHERE a.organization_id = $1 AND a.person_id = $2)
                      AND d.issued_on IS NOT NULL
                      AND (lower(d.number) LIKE $5 ESCAPE '!' OR ABS(d.gross) = $6 OR $5 IS NULL)) x
                 GROUP BY x.state, x.currency
                 ORDER BY x.state, x.currency"
            ),
            binds![
                organization,
                person,
                from,
                to,
                search.map(Search::pattern),
                search.and_then(|search| search.amount)
            ],
        )
        .await?
        .iter_mut()
        .map(Count::from_row)
        .collect()
    }

    /// A bill that a person sees; nothing if it is somebody else's, nowhere, or waits for its number.
    pub async fn bill(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        document: DocumentId,
    ) -> Result<Option<Bill>, StoreError> {
        self.row(
            sql!(
                "SELECT d.id, d.subscription_id, d.running, d.number, d.issued_on, d.content, d.due_on, d.corrects_id,
                        d.gross, d.lowered, d.paid, d.returned
                 FROM document d
                 WHERE d.organization_id = $1 AND d.id = $3 AND d.running IS NOT NULL
                   AND (EXISTS (SELECT 1 FROM billing_profile_role r
                                WHERE r.organization_id = d.organization_id
                                  AND r.billing_profile_id = d.billing_profile_id AND r.person_id = $2)
                        OR EXISTS (SELECT 1 FROM billing_profile p
                                   JOIN billing_account_role a ON a.organization_id = p.organization_id
                                                              AND a.billing_account_id = p.billing_account_id
                                   WHERE p.organization_id = d.organization_id AND p.id = d.billing_profile_id
                                     AND a.person_id = $2))"
            ),
            binds![organization, person, document],
        )
        .await?
        .map(|mut row| Bill::from_row(&mut row))
        .transpose()
    }

    /// The newest invoice of a subscription that a person sees: its id, number and day of issue.
    pub async fn newest_bill_of(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        subscription: SubscriptionId,
    ) -> Result<Option<(DocumentId, String, Date)>, StoreError> {
        self.row(
            sql!(
                "SELECT d.id, d.number, d.issued_on
                 FROM document d
                 WHERE d.organization_id = $1 AND d.subscription_id = $3 AND d.running IS NOT NULL
                   AND d.kind = 'invoice'
                   AND (EXISTS (SELECT 1 FROM billing_profile_role r
                                WHERE r.organization_id = d.organization_id
                                  AND r.billing_profile_id = d.billing_profile_id AND r.person_id = $2)
                        OR EXISTS (SELECT 1 FROM billing_profile p
                                   JOIN billing_account_role a ON a.organization_id = p.organization_id
                                                              AND a.billing_account_id = p.billing_account_id
                                   WHERE p.organization_id = d.organization_id AND p.id = d.billing_profile_id
                                     AND a.person_id = $2))
                 ORDER BY d.written_at DESC, d.id DESC
                 LIMIT 1"
            ),
            binds![organization, person, subscription],
        )
        .await?
        .map(|mut row| Ok((row.take()?, row.take()?, row.take()?)))
        .transpose()
    }

    /// The issued credit notes of an invoice, the oldest first.
    pub async fn issued_notes_of(
        &mut self,
        organization: OrganizationId,
        invoice: DocumentId,
    ) -> Result<Vec<Note>, StoreError> {
        self.rows(
            sql!(
                "SELECT id, number, issued_on, gross, currency FROM document
                 WHERE organization_id = $1 AND corrects_id = $2 AND running IS NOT NULL
                 ORDER BY written_at, id"
            ),
            binds![organization, invoice],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let (id, number, issued_on) = (row.take()?, row.take()?, row.take()?);
            Ok(Note { id, number, issued_on, gross: money(row)? })
        })
        .collect()
    }

    /// What has become of a document's money, the oldest first: what its postings moved.
    pub async fn moved(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
    ) -> Result<Vec<Moved>, StoreError> {
        self.rows(
            sql!(
                "SELECT p.cause, p.on_day, CAST(SUM(e.amount) AS BIGINT), e.currency, a.card
                 FROM posting p
                 JOIN entry e ON e.organization_id = p.organization_id AND e.posting_id = p.id
                 LEFT JOIN payment_attempt a
                   ON a.organization_id = p.organization_id AND a.id = p.payment_attempt_id
                 WHERE p.organization_id = $1 AND p.document_id = $2 AND e.amount > 0
                   AND p.cause IN ('payment', 'credit-used', 'credit-granted', 'refund', 'refund-sent',
                                   'refund-failed')
                 GROUP BY p.id, p.cause, p.on_day, p.at, e.currency, a.card
                 ORDER BY p.at, p.id"
            ),
            binds![organization, document],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let what = row.parse(|code: String| Movement::from_code(&code))?;
            Ok(Moved { what, on: row.take()?, amount: money(row)?, card: row.take()? })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn what_was_typed_is_no_pattern() {
        let search = Search { number: "a%_!1".into(), amount: None };
        assert_eq!(search.pattern(), "%a!%!_!!1%");
    }
}
