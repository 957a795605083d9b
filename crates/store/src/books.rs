//! The books: postings and their entries, added and never changed (SPEC 4, Books).

use domain::id::{DocumentId, OrganizationId, PaymentAttemptId, PostingId};
use domain::ledger::{Account, Posting};
use domain::money::{Currency, Money};
use domain::time::Date;

use crate::StoreError;
use crate::statement::{rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::binds;

/// What a posting is for.
#[derive(Clone, Copy, Debug)]
pub enum Cause {
    /// An invoice.
    Invoice(DocumentId),
    /// A payment of a document.
    Payment(DocumentId, PaymentAttemptId),
    /// Credit of the profile that paid a document.
    CreditUsed(DocumentId),
    /// A credit note.
    CreditNote(DocumentId),
    /// What of a credit note is kept as credit.
    CreditGranted(DocumentId),
    /// What of a credit note goes back to a card.
    Refund(DocumentId),
    /// The provider has sent it.
    RefundSent(DocumentId),
    /// The card did not take it: it is kept as credit.
    RefundFailed(DocumentId),
    /// A payment that arrived for something no longer possible, and goes back in full: no document is about it.
    Stray(PaymentAttemptId),
    /// The provider has sent that back.
    StraySent(PaymentAttemptId),
    /// The card did not take that back: it is kept as credit.
    StrayKept(PaymentAttemptId),
}

impl Cause {
    const fn code(self) -> &'static str {
        match self {
            Self::Invoice(_) => "invoice",
            Self::Payment(..) => "payment",
            Self::CreditUsed(_) => "credit-used",
            Self::CreditNote(_) => "credit-note",
            Self::CreditGranted(_) => "credit-granted",
            Self::Refund(_) => "refund",
            Self::RefundSent(_) => "refund-sent",
            Self::RefundFailed(_) => "refund-failed",
            Self::Stray(_) => "stray",
            Self::StraySent(_) => "stray-sent",
            Self::StrayKept(_) => "stray-kept",
        }
    }

    const fn document(self) -> Option<DocumentId> {
        match self {
            Self::Invoice(document)
            | Self::Payment(document, _)
            | Self::CreditUsed(document)
            | Self::CreditNote(document)
            | Self::CreditGranted(document)
            | Self::Refund(document)
            | Self::RefundSent(document)
            | Self::RefundFailed(document) => Some(document),
            Self::Stray(_) | Self::StraySent(_) | Self::StrayKept(_) => None,
        }
    }

    const fn attempt(self) -> Option<PaymentAttemptId> {
        match self {
            Self::Payment(_, attempt)
            | Self::Stray(attempt)
            | Self::StraySent(attempt)
            | Self::StrayKept(attempt) => Some(attempt),
            _ => None,
        }
    }
}

impl Conn<'_> {
    /// What stands in an account of an organization's books: debits less credits.
    pub async fn balance(
        &mut self,
        organization: OrganizationId,
        account: Account,
        currency: Currency,
    ) -> Result<Money, StoreError> {
        let row = self
            .row(
                sql!(
                    "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry
                     WHERE organization_id = $1 AND account = $2 AND currency = $3"
                ),
                binds![organization, account.to_string(), currency.code()],
            )
            .await?;
        row.map_or(Ok(Money::zero(currency)), |mut row| Ok(Money::new(row.take()?, currency)))
    }
}

impl Conn<'_> {
    /// What the provider has collected and not given back, over all organizations, in minor units of whatever currency:
    /// for simulations, which compare it with what the provider says.
    pub async fn cleared_by_provider(&mut self) -> Result<i64, StoreError> {
        let row = self
            .row(
                sql!("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry WHERE account = 'clearing'"),
                binds![],
            )
            .await?;
        row.map_or(Ok(0), |mut row| row.take())
    }
}

impl Tx<'_> {
    /// Writes a posting into an issuer's books. Only what balances is one: see [`Posting`].
    pub async fn post(
        &mut self,
        organization: OrganizationId,
        issuer: &str,
        cause: Cause,
        on: Date,
        posting: &Posting,
    ) -> Result<PostingId, StoreError> {
        let id = self.id(PostingId::new);
        let at = self.at();
        self.add_row(
            rows!(
                "INSERT INTO posting (organization_id, id, issuer_key, cause, document_id, payment_attempt_id, on_day,
                                      at)",
                8
            ),
            binds![organization, id, issuer, cause.code(), cause.document(), cause.attempt(), on, at],
        )
        .await?;
        for (position, entry) in (0_u32..).zip(posting.entries()) {
            self.add_row(
                rows!(
                    "INSERT INTO entry (organization_id, posting_id, position, account, currency, amount)",
                    6
                ),
                binds![
                    organization,
                    id,
                    position,
                    entry.account.to_string(),
                    entry.amount.currency().code(),
                    entry.amount.minor()
                ],
            )
            .await?;
        }
        Ok(id)
    }
}
