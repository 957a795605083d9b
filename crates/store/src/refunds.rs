//! Refunds: money on its way back to the card that paid (SPEC 4, Credit).

use domain::id::{DocumentId, OrganizationId, PaymentAttemptId, RefundId};
use domain::money::Money;
use domain::time::Instant;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds, money};
use crate::work::Kind;

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Whose.
    pub organization: OrganizationId,
    /// Its id: the key at the provider.
    pub id: RefundId,
    /// The credit note; `None`: a payment that arrived for something no longer possible.
    pub document: Option<DocumentId>,
    /// What is given back, all or a part of it.
    pub attempt: PaymentAttemptId,
    /// How much.
    pub amount: Money,
    /// JSON: what the provider has answered; `None` while nothing is known.
    pub outcome: Option<String>,
    /// When it was written down.
    pub created_at: Instant,
    /// Since when its effects are written.
    pub settled_at: Option<Instant>,
}

impl FromRow for Refund {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            document: row.take()?,
            attempt: row.take()?,
            amount: money(row)?,
            outcome: row.take()?,
            created_at: row.take()?,
            settled_at: row.take()?,
        })
    }
}

/// What a card paid of an invoice and has not got back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardPayment {
    /// The attempt that collected it.
    pub attempt: PaymentAttemptId,
    /// How much of it can still be given back.
    pub left: Money,
}

impl Conn<'_> {
    /// What cards paid of an invoice and have not got back, the oldest payment first. What a card did not take back
    /// counts as not given back.
    pub async fn card_payments(
        &mut self,
        organization: OrganizationId,
        invoice: DocumentId,
    ) -> Result<Vec<CardPayment>, StoreError> {
        self.rows(
            sql!(
                "SELECT a.id,
                        CAST(a.amount - COALESCE((SELECT SUM(r.amount) FROM refund r
                                                  WHERE r.organization_id = a.organization_id
                                                    AND r.payment_attempt_id = a.id
                                                    AND (r.outcome IS NULL
                                                         OR r.outcome NOT LIKE '%\"outcome\":\"failed\"%')), 0)
                             AS BIGINT),
                        a.currency
                 FROM document d
                 JOIN payment_attempt a ON a.organization_id = d.organization_id
                                       AND (a.document_id = d.id OR a.order_id = d.order_id)
                 WHERE d.organization_id = $1 AND d.id = $2 AND a.settled_at IS NOT NULL AND a.amount > 0
                   AND a.outcome LIKE '%\"outcome\":\"succeeded\"%'
                 ORDER BY a.created_at, a.id"
            ),
            binds![organization, invoice],
        )
        .await?
        .iter_mut()
        .map(|row| Ok(CardPayment { attempt: row.take()?, left: money(row)? }))
        .collect()
    }

    /// A refund of an organization.
    pub async fn refund(
        &mut self,
        organization: OrganizationId,
        refund: RefundId,
    ) -> Result<Option<Refund>, StoreError> {
        self.row(
            sql!(
                "SELECT organization_id, id, document_id, payment_attempt_id, amount, currency, outcome, created_at,
                        settled_at
                 FROM refund WHERE organization_id = $1 AND id = $2"
            ),
            binds![organization, refund],
        )
        .await?
        .map(|mut row| Refund::from_row(&mut row))
        .transpose()
    }
}

impl Tx<'_> {
    /// Writes down a refund before the provider is asked, which is then due at once.
    pub async fn add_refund(
        &mut self,
        organization: OrganizationId,
        document: Option<DocumentId>,
        attempt: PaymentAttemptId,
        amount: Money,
    ) -> Result<RefundId, StoreError> {
        let id = self.id(RefundId::new);
        let at = self.at();
        self.change_one(
            sql!(
                "INSERT INTO refund (organization_id, id, document_id, payment_attempt_id, amount, currency, outcome,
                                     created_at, settled_at)
                 VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, NULL)"
            ),
            binds![organization, id, document, attempt, amount.minor(), amount.currency().code(), at],
        )
        .await?;
        self.set_work(organization, Kind::Refund, id.uuid(), Some(at)).await?;
        Ok(id)
    }

    /// Writes down what became of a refund, once.
    pub async fn settle_refund(&mut self, refund: &Refund, outcome: String) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE refund SET outcome = $3, settled_at = $4
                 WHERE organization_id = $1 AND id = $2 AND settled_at IS NULL"
            ),
            binds![refund.organization, refund.id, outcome, at],
        )
        .await?;
        self.set_work(refund.organization, Kind::Refund, refund.id.uuid(), None).await
    }

    /// Nothing is known of a refund yet: it is asked about again.
    pub async fn ask_refund_again(&mut self, refund: &Refund, ask_at: Instant) -> Result<(), StoreError> {
        self.postpone_work(refund.organization, Kind::Refund, refund.id.uuid(), ask_at).await
    }
}
