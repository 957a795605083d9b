//! Documents and the series that number them (SPEC 5, Documents).

use domain::credit::InvoiceStanding;
use domain::document::{Contents, Document, Issued, Series, Unnumbered};
use domain::id::{BillingProfileId, DocumentId, OrderId, OrganizationId, SubscriptionId, WorkerId};
use domain::money::Money;
use domain::time::Date;

use crate::StoreError;
use crate::statement::{rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, json};

/// A document that waits for its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id.
    pub id: DocumentId,
    /// What it says.
    pub document: Document<Unnumbered>,
}

impl Conn<'_> {
    /// The series in which documents wait for a number: the issuers' keys.
    pub async fn series_with_waiting(&mut self) -> Result<Vec<(String, Series)>, StoreError> {
        self.rows(
            sql!(
                "SELECT issuer_key, series FROM document WHERE running IS NULL
                 GROUP BY issuer_key, series ORDER BY issuer_key, series"
            ),
            binds![],
        )
        .await?
        .iter_mut()
        .map(|row| Ok((row.take()?, row.parse(|code: String| Series::from_code(&code))?)))
        .collect()
    }

    /// The documents of a series that wait for a number, in the order in which they were written.
    pub async fn waiting_documents(
        &mut self,
        issuer: &str,
        series: Series,
        limit: u32,
    ) -> Result<Vec<Waiting>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, id, content FROM document
                 WHERE issuer_key = $1 AND series = $2 AND running IS NULL
                 ORDER BY written_at, id
                 LIMIT $3"
            ),
            binds![issuer, series.code(), limit],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let (organization, id) = (row.take()?, row.take()?);
            let document = Document { number: Unnumbered {}, contents: row.json::<Contents>()? };
            Ok(Waiting { organization, id, document })
        })
        .collect()
    }

    /// The number that the next document of a series gets: 1 before the first.
    pub async fn next_number(&mut self, issuer: &str, series: Series) -> Result<i64, StoreError> {
        self.row(
            sql!("SELECT next FROM number_series WHERE issuer_key = $1 AND series = $2"),
            binds![issuer, series.code()],
        )
        .await?
        .map_or(Ok(1), |mut row| row.take())
    }

    /// An invoice of an organization, numbered or not.
    pub async fn invoice(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
    ) -> Result<Option<Invoice>, StoreError> {
        self.row(
            sql!(
                "SELECT id, billing_profile_id, subscription_id, order_id, running, number, issued_on, content, due_on,
                        gross, lowered, paid, returned
                 FROM document WHERE organization_id = $1 AND id = $2 AND kind = 'invoice'"
            ),
            binds![organization, document],
        )
        .await?
        .map(|mut row| Invoice::from_row(&mut row))
        .transpose()
    }

    /// The invoices that the attempts of an organization collect for that a worker has claimed.
    pub async fn invoices_claimed(
        &mut self,
        worker: WorkerId,
        organization: OrganizationId,
    ) -> Result<Vec<Invoice>, StoreError> {
        self.rows(
            sql!(
                "SELECT d.id, d.billing_profile_id, d.subscription_id, d.order_id, d.running, d.number, d.issued_on,
                        d.content, d.due_on, d.gross, d.lowered, d.paid, d.returned
                 FROM work w
                 JOIN payment_attempt a ON a.organization_id = w.organization_id AND a.id = w.subject_id
                 JOIN document d ON d.organization_id = a.organization_id AND d.id = a.document_id
                 WHERE w.worker = $1 AND w.organization_id = $2 AND w.kind = 'attempt' AND d.kind = 'invoice'"
            ),
            binds![worker, organization],
        )
        .await?
        .iter_mut()
        .map(Invoice::from_row)
        .collect()
    }

    /// Who has issued what the attempts of an organization collect for that a worker has claimed: the issuers' keys.
    pub async fn issuers_claimed(
        &mut self,
        worker: WorkerId,
        organization: OrganizationId,
    ) -> Result<Vec<(DocumentId, String)>, StoreError> {
        self.rows(
            sql!(
                "SELECT d.id, d.issuer_key
                 FROM work w
                 JOIN payment_attempt a ON a.organization_id = w.organization_id AND a.id = w.subject_id
                 JOIN document d ON d.organization_id = a.organization_id AND d.id = a.document_id
                 WHERE w.worker = $1 AND w.organization_id = $2 AND w.kind = 'attempt'"
            ),
            binds![worker, organization],
        )
        .await?
        .iter_mut()
        .map(|row| Ok((row.take()?, row.take()?)))
        .collect()
    }

    /// The key of the issuer of a document.
    pub async fn issuer_of(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
    ) -> Result<Option<String>, StoreError> {
        self.row(
            sql!("SELECT issuer_key FROM document WHERE organization_id = $1 AND id = $2"),
            binds![organization, document],
        )
        .await?
        .map(|mut row| row.take())
        .transpose()
    }

    /// The invoices of a subscription, the oldest first.
    pub async fn invoices_of(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<Invoice>, StoreError> {
        self.rows(
            sql!(
                "SELECT id, billing_profile_id, subscription_id, order_id, running, number, issued_on, content, due_on,
                        gross, lowered, paid, returned
                 FROM document WHERE organization_id = $1 AND subscription_id = $2 AND kind = 'invoice'
                 ORDER BY written_at, id"
            ),
            binds![organization, subscription],
        )
        .await?
        .iter_mut()
        .map(Invoice::from_row)
        .collect()
    }

    /// Whose books a document stands in: the issuer's key, who pays, and the subscription that it is about.
    pub async fn document_parties(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
    ) -> Result<Option<(String, BillingProfileId, Option<SubscriptionId>)>, StoreError> {
        self.row(
            sql!(
                "SELECT issuer_key, billing_profile_id, subscription_id FROM document
                 WHERE organization_id = $1 AND id = $2"
            ),
            binds![organization, document],
        )
        .await?
        .map(|mut row| Ok((row.take()?, row.take()?, row.take()?)))
        .transpose()
    }

    /// What the credit notes of an invoice say, the oldest first.
    pub async fn credit_notes_of(
        &mut self,
        organization: OrganizationId,
        invoice: DocumentId,
    ) -> Result<Vec<Contents>, StoreError> {
        self.rows(
            sql!(
                "SELECT content FROM document
                 WHERE organization_id = $1 AND corrects_id = $2
                 ORDER BY written_at, id"
            ),
            binds![organization, invoice],
        )
        .await?
        .iter_mut()
        .map(Row::json)
        .collect()
    }

    /// An issued document; nothing while it has no number.
    pub async fn issued_document(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
    ) -> Result<Option<Document<Issued>>, StoreError> {
        let row = self
            .row(
                sql!(
                    "SELECT running, number, issued_on, content FROM document
                     WHERE organization_id = $1 AND id = $2 AND running IS NOT NULL"
                ),
                binds![organization, document],
            )
            .await?;
        row.map(|mut row| {
            let running = row.parse(|running: i64| u64::try_from(running).ok())?;
            let number = Issued { running, number: row.take()?, issued_on: row.take()? };
            Ok(Document { number, contents: row.json()? })
        })
        .transpose()
    }
}

/// An invoice with where its money stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: DocumentId,
    /// Who pays.
    pub profile: BillingProfileId,
    /// What it is about.
    pub subscription: Option<SubscriptionId>,
    /// The order that caused it.
    pub order: Option<OrderId>,
    /// Its number and day of issue; `None` while it waits for them.
    pub issued: Option<Issued>,
    /// What it says.
    pub contents: Contents,
    /// When it is due; `None`: it was paid before it was written.
    pub due_on: Option<Date>,
    /// What was credited, paid and given back.
    pub standing: InvoiceStanding,
}

impl FromRow for Invoice {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        let (id, profile, subscription, order) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let running = row.parse(|running: Option<i64>| running.map(u64::try_from).transpose().ok())?;
        let (number, issued_on): (Option<String>, Option<Date>) = (row.take()?, row.take()?);
        let (contents, due_on): (Contents, Option<Date>) = (row.json()?, row.take()?);
        let issued = running.zip(number).zip(issued_on);
        let issued = issued.map(|((running, number), issued_on)| Issued { number, running, issued_on });
        let mut amount = || row.take().map(|minor| Money::new(minor, contents.currency));
        let (gross, lowered, paid, returned) = (amount()?, amount()?, amount()?, amount()?);
        let standing = InvoiceStanding::new(gross, lowered, paid, returned);
        let standing = standing.map_err(|error| StoreError::Corrupt { what: format!("{id}: {error}") })?;
        Ok(Self { id, profile, subscription, order, issued, contents, due_on, standing })
    }
}

/// What a document belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The customer.
    pub organization: OrganizationId,
    /// Who pays.
    pub profile: BillingProfileId,
    /// What it is about.
    pub subscription: SubscriptionId,
    /// The purchase that caused it.
    pub order: Option<OrderId>,
    /// When it is due; `None`: it is paid already, or a credit note.
    pub due_on: Option<Date>,
    /// The invoice that a credit note corrects.
    pub corrects: Option<DocumentId>,
}

impl Tx<'_> {
    /// Writes a document, complete and without a number.
    pub async fn write_document(
        &mut self,
        place: Place,
        document: &Document<Unnumbered>,
    ) -> Result<DocumentId, StoreError> {
        let id = self.id(DocumentId::new);
        let at = self.at();
        let contents = &document.contents;
        let totals = &contents.totals;
        self.add_row(
            rows!(
                "INSERT INTO document (organization_id, id, issuer_key, series, billing_profile_id, subscription_id,
                    order_id, content, currency, net, tax, gross, written_at, kind, corrects_id, due_on)",
                16
            ),
            binds![
                place.organization,
                id,
                contents.issuer.key.as_str(),
                contents.series.code(),
                place.profile,
                place.subscription,
                place.order,
                json(contents)?,
                contents.currency.code(),
                totals.net.minor(),
                totals.tax.minor(),
                totals.gross.minor(),
                at,
                contents.kind().code(),
                place.corrects,
                place.due_on
            ],
        )
        .await?;
        Ok(id)
    }

    /// An invoice is paid, all or a part of it, by card or by credit. Guarded: never more than is owed.
    pub async fn pay_document(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
        amount: Money,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE document SET paid = paid + $3
                 WHERE organization_id = $1 AND id = $2 AND kind = 'invoice' AND paid + $3 <= gross - lowered"
            ),
            binds![organization, document, amount.minor()],
        )
        .await
    }

    /// A credit note lowers what is owed on an invoice, and gives back some of what was paid. Guarded: never more than
    /// there is.
    pub async fn credit_document(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
        (lowers, returned): (Money, Money),
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE document SET lowered = lowered + $3, returned = returned + $4
                 WHERE organization_id = $1 AND id = $2 AND kind = 'invoice'
                   AND lowered + $3 <= gross - paid AND returned + $4 <= paid"
            ),
            binds![organization, document, lowers.minor(), returned.minor()],
        )
        .await
    }

    /// From the first invoice on, country and currency of an organization are fixed (SPEC 1).
    pub async fn fix_country_and_currency(&mut self, organization: OrganizationId) -> Result<(), StoreError> {
        let at = self.at();
        self.change(
            sql!(
                "UPDATE organization SET has_document = TRUE, version = version + 1, changed_at = $2
                 WHERE id = $1 AND NOT has_document"
            ),
            binds![organization, at],
        )
        .await?;
        Ok(())
    }

    /// Takes so many numbers from a series. [`StoreError::Stale`] if another numberer was quicker.
    pub async fn take_numbers(
        &mut self,
        issuer: &str,
        series: Series,
        first: i64,
        count: u32,
    ) -> Result<(), StoreError> {
        let next = first + i64::from(count);
        let taken = self
            .change(
                sql!(
                    "INSERT INTO number_series (issuer_key, series, next) VALUES ($1, $2, $4)
                     ON CONFLICT (issuer_key, series) DO UPDATE SET next = excluded.next
                        WHERE number_series.next = $3"
                ),
                binds![issuer, series.code(), first, next],
            )
            .await?;
        if taken == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Issues a document under its number, once.
    pub async fn issue_document(
        &mut self,
        organization: OrganizationId,
        document: DocumentId,
        number: &str,
        running: i64,
        issued_on: Date,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE document SET running = $3, number = $4, issued_on = $5
                 WHERE organization_id = $1 AND id = $2 AND running IS NULL"
            ),
            binds![organization, document, running, number, issued_on],
        )
        .await
    }
}
