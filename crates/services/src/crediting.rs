//! Credit notes: what comes back of invoices, and where it goes (SPEC 4, Credit). They are made inside the unit of
//! work whose change gives something back.

use domain::change::ChangeRefusal;
use domain::document::{Document, Unnumbered};
use domain::id::{BillingProfileId, DocumentId, OrganizationId, SubscriptionId};
use domain::ledger::{posting_for_credit_granted, posting_for_credit_note, posting_for_refund};
use domain::money::Money;
use domain::quote::NoteQuote;
use domain::time::Date;
use store::Tx;
use store::audit::Record;
use store::books::Cause;
use store::documents::Place;

use crate::ServiceError;

/// A credit note that can be written as it was quoted.
#[derive(Debug)]
pub(crate) struct Prepared {
    note: NoteQuote,
    profile: BillingProfileId,
    document: Document<Unnumbered>,
}

/// Whose subscription gives something back, and on which day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Giver {
    pub(crate) organization: OrganizationId,
    pub(crate) subscription: SubscriptionId,
    pub(crate) today: Date,
}

/// Reads whether the invoices still give back what was quoted, and writes nothing.
/// [`ServiceError::QuoteChanged`] if they do not.
pub(crate) async fn prepare(
    tx: &mut Tx<'_>,
    giver: Giver,
    notes: &[NoteQuote],
) -> Result<Vec<Prepared>, ServiceError> {
    let mut prepared = Vec::with_capacity(notes.len());
    for note in notes {
        let invoice = tx.invoice(giver.organization, note.invoice).await?;
        let invoice = invoice.ok_or(ServiceError::QuoteChanged)?;
        let number = invoice.issued.clone().ok_or(ServiceError::QuoteChanged)?;
        let issued = Document { number, contents: invoice.contents.clone() };
        let before = tx.credit_notes_of(giver.organization, note.invoice).await?;
        let before: Vec<_> = before.into_iter().flat_map(|contents| contents.lines).collect();
        let document = Document::credit_note(&issued, &before, note.lines.clone(), giver.today);
        let document = document.map_err(|_| ServiceError::QuoteChanged)?;
        let owed = invoice.standing.owed().map_err(ServiceError::broken)?;
        // What is owed goes down first, as quoted; the rest comes back.
        let back = note.to_credit.plus(note.to_method).map_err(ServiceError::broken)?;
        let lowers_all = back.is_zero() || note.lowers == owed;
        if document.contents.totals != note.totals || note.lowers.minor() > owed.minor() || !lowers_all {
            return Err(ServiceError::QuoteChanged);
        }
        // Whoever is paying it just now would pay more than is owed.
        if note.lowers.is_positive() && tx.open_attempt_of(giver.organization, note.invoice).await?.is_some()
        {
            return Err(ServiceError::Change(ChangeRefusal::PaymentUnderway));
        }
        prepared.push(Prepared { note: note.clone(), profile: invoice.profile, document });
    }
    Ok(prepared)
}

/// Writes credit notes with their postings, credit and refunds.
pub(crate) async fn write(
    tx: &mut Tx<'_>,
    giver: Giver,
    prepared: Vec<Prepared>,
) -> Result<Vec<DocumentId>, ServiceError> {
    let mut written = Vec::with_capacity(prepared.len());
    for prepared in prepared {
        written.push(write_one(tx, giver, prepared).await?);
    }
    Ok(written)
}

async fn write_one(tx: &mut Tx<'_>, giver: Giver, prepared: Prepared) -> Result<DocumentId, ServiceError> {
    let Giver { organization, subscription, today } = giver;
    let Prepared { note, profile, document } = prepared;
    let place = Place {
        organization,
        profile,
        subscription,
        order: None,
        due_on: None,
        corrects: Some(note.invoice),
    };
    let id = tx.write_document(place, &document).await?;
    let back = note.to_credit.plus(note.to_method).map_err(ServiceError::broken)?;
    tx.credit_document(organization, note.invoice, (note.lowers, back)).await?;
    let postings = [
        (Cause::CreditNote(id), posting_for_credit_note(profile, subscription, &note.totals)),
        (Cause::CreditGranted(id), posting_for_credit_granted(profile, note.to_credit)),
        (Cause::Refund(id), posting_for_refund(profile, note.to_method)),
    ];
    let issuer = document.contents.issuer.key.as_str();
    for (cause, posting) in postings {
        if let Some(posting) = posting.map_err(ServiceError::broken)? {
            tx.post(organization, issuer, cause, today, &posting).await?;
        }
    }
    if note.to_credit.is_positive() {
        tx.change_credit(organization, profile, note.to_credit).await?;
    }
    refund(tx, organization, (id, note.invoice), note.to_method).await?;
    tx.audit(
        Record::new("document.credit", "document", id.uuid())
            .fact("invoice", note.invoice.to_string())
            .fact("currency", note.to_credit.currency().code())
            .fact("gross", note.totals.gross.minor())
            .fact("lowers", note.lowers.minor())
            .fact("credit", note.to_credit.minor())
            .fact("refund", note.to_method.minor()),
    );
    Ok(id)
}

/// One refund for each payment of the invoice, the oldest first: never more than it collected and has not given back.
async fn refund(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (note, invoice): (DocumentId, DocumentId),
    amount: Money,
) -> Result<(), ServiceError> {
    let mut rest = amount;
    if !rest.is_positive() {
        return Ok(());
    }
    for payment in tx.card_payments(organization, invoice).await? {
        let part = if payment.left.minor() < rest.minor() { payment.left } else { rest };
        if part.is_positive() {
            tx.add_refund(organization, Some(note), payment.attempt, part).await?;
            rest = rest.minus(part).map_err(ServiceError::broken)?;
        }
    }
    if rest.is_positive() { Err(ServiceError::QuoteChanged) } else { Ok(()) }
}
