//! Refunds: money on its way back to the card that paid (SPEC 4, Credit).

use domain::id::{DocumentId, OrganizationId, PaymentAttemptId, RefundId};
use domain::money::Money;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::Tx;
use crate::value::binds;
use crate::work::Kind;

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
}
