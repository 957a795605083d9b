//! Refunds: the provider is asked to give back what was written down, and what it says is written once (SPEC 4).

use domain::id::{BillingProfileId, OrganizationId, RefundId, SubscriptionId};
use domain::ledger::{posting_for_refund_failed, posting_for_refund_sent};
use domain::notices::{Audience, NoticeKind};
use domain::time::Date;
use payments::provider::{
    ChargeOutcome, ChargeReference, ProviderError, RefundFailure, RefundOutcome, RefundRequest,
};
use store::Tx;
use store::audit::Record;
use store::books::Cause;
use store::notices::NewNotice;
use store::orders::Attempt;
use store::refunds::Refund;
use store::work::Work;

use crate::calendar::Calendar;
use crate::keys::key_about;
use crate::orders::{TRIES, next_question};
use crate::{ServiceError, Services};

/// What the outcome of a refund is written with.
#[derive(Clone)]
struct Answered {
    refund: Refund,
    outcome: String,
    failed: bool,
    issuer: String,
    profile: BillingProfileId,
    subscription: Option<SubscriptionId>,
    today: Date,
}

impl Services {
    /// The same for several that are due.
    pub(crate) async fn settle_refunds(&self, due: &[Work]) -> Result<(), ServiceError> {
        for work in due {
            self.settle_refund(work.organization, RefundId::from_uuid(work.subject)).await?;
        }
        Ok(())
    }

    /// Asks the provider to give back what waits for it, and writes down what it says. Whoever asks and however
    /// often, the refund's id is its key, and the outcome is written once.
    pub(crate) async fn settle_refund(
        &self,
        organization: OrganizationId,
        refund: RefundId,
    ) -> Result<(), ServiceError> {
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let refund = conn.refund(organization, refund).await?.ok_or(ServiceError::NotFound)?;
        if refund.settled_at.is_some() {
            return Ok(());
        }
        let attempt = conn.attempt(organization, refund.attempt).await?;
        drop(reader);
        let attempt = attempt.ok_or_else(|| ServiceError::broken("a refund of nothing"))?;
        match self.give_back(&refund, &attempt).await? {
            Some(outcome) => self.write_refund(refund, &attempt, &outcome).await,
            None => self.ask_refund_later(refund).await,
        }
    }

    /// What the provider says: `None` if nobody knows yet.
    async fn give_back(
        &self,
        refund: &Refund,
        attempt: &Attempt,
    ) -> Result<Option<RefundOutcome>, ServiceError> {
        let provider = self.paying().provider();
        let key = refund.id.uuid();
        let request = RefundRequest { key, charge: reference(attempt)?, amount: refund.amount };
        let mut ask = false;
        for _ in 0..TRIES {
            let answer = if ask {
                provider.refund_outcome(key).await
            } else {
                provider.refund(request.clone()).await.map(Some)
            };
            match answer {
                Ok(Some(outcome)) => return Ok(Some(outcome)),
                // It never arrived: the same request may be sent.
                Ok(None) => ask = false,
                Err(ProviderError::Unknown(reason)) => {
                    tracing::warn!(refund = %refund.id, reason, "the outcome of a refund is unknown");
                    ask = true;
                }
                Err(ProviderError::KeyReused) => ask = true,
                Err(ProviderError::Unavailable(reason)) => {
                    tracing::warn!(refund = %refund.id, reason, "the payment provider cannot be reached");
                    return Ok(None);
                }
                // It can never be done this way: then it is kept as credit.
                Err(refused) => {
                    tracing::error!(refund = %refund.id, %refused, "a refund was refused");
                    return Ok(Some(RefundOutcome::Failed { reason: RefundFailure::NotAccepted }));
                }
            }
        }
        Ok(None)
    }

    async fn ask_refund_later(&self, refund: Refund) -> Result<(), ServiceError> {
        let ask_at = next_question(refund.created_at, self.environment().now());
        let command = self.command_of_machine(refund.organization, None);
        self.store()
            .write(command, move |tx| {
                let refund = refund.clone();
                Box::pin(async move { Ok::<_, ServiceError>(tx.ask_refund_again(&refund, ask_at).await?) })
            })
            .await
    }

    async fn write_refund(
        &self,
        refund: Refund,
        attempt: &Attempt,
        outcome: &RefundOutcome,
    ) -> Result<(), ServiceError> {
        let answered = self.answered(refund, attempt, outcome).await?;
        let key = key_about("refund.settle", &answered.refund.id);
        let command = self.command_of_machine(answered.refund.organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let answered = answered.clone();
                Box::pin(async move { write(tx, answered).await })
            })
            .await
    }

    /// A refund belongs to a credit note, or to the order whose payment came too late.
    async fn answered(
        &self,
        refund: Refund,
        attempt: &Attempt,
        outcome: &RefundOutcome,
    ) -> Result<Answered, ServiceError> {
        let lost = || ServiceError::broken(format!("what {} gives back is gone", refund.id));
        let organization = refund.organization;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let (issuer, profile, subscription) = if let Some(note) = refund.document {
            let (issuer, profile, subscription) =
                conn.document_parties(organization, note).await?.ok_or_else(lost)?;
            (issuer, profile, subscription)
        } else {
            let order = attempt.order.ok_or_else(lost)?;
            let order = conn.order(organization, order).await?.ok_or_else(lost)?;
            let subscription = order.subscription.ok_or_else(lost)?;
            let changed = conn.subscription(organization, subscription).await?.ok_or_else(lost)?;
            let confirmed = order.confirmed.ok_or_else(lost)?;
            (confirmed.quote.issuer().to_string(), changed.profile, Some(subscription))
        };
        let place = conn.organization(organization).await?.ok_or_else(lost)?;
        drop(reader);
        let today = Calendar::of(&place)?.today(self.environment().now());
        let failed = matches!(outcome, RefundOutcome::Failed { .. });
        let outcome = serde_json::to_string(outcome).map_err(ServiceError::broken)?;
        Ok(Answered { refund, outcome, failed, issuer, profile, subscription, today })
    }
}

fn reference(attempt: &Attempt) -> Result<ChargeReference, ServiceError> {
    let outcome = attempt.outcome.as_deref().map(serde_json::from_str).transpose();
    match outcome.map_err(ServiceError::broken)? {
        Some(ChargeOutcome::Succeeded { reference }) => Ok(reference),
        _ => Err(ServiceError::broken("a refund of a payment that did not succeed")),
    }
}

async fn write(tx: &mut Tx<'_>, answered: Answered) -> Result<(), ServiceError> {
    let Answered { refund, outcome, failed, issuer, profile, subscription, today } = answered;
    let (organization, amount) = (refund.organization, refund.amount);
    tx.settle_refund(&refund, outcome).await?;
    let posting =
        if failed { posting_for_refund_failed(profile, amount) } else { posting_for_refund_sent(amount) };
    let cause = match (refund.document, failed) {
        (Some(note), false) => Cause::RefundSent(note),
        (Some(note), true) => Cause::RefundFailed(note),
        (None, false) => Cause::StraySent(refund.attempt),
        (None, true) => Cause::StrayKept(refund.attempt),
    };
    if let Some(posting) = posting.map_err(ServiceError::broken)? {
        tx.post(organization, &issuer, cause, today, &posting).await?;
    }
    if failed {
        tx.change_credit(organization, profile, amount).await?;
    }
    let action = if failed { "refund.fail" } else { "refund.send" };
    tx.audit(
        Record::new(action, "refund", refund.id.uuid())
            .fact("document", refund.document.map(|note| note.to_string()))
            .fact("attempt", refund.attempt.to_string())
            .fact("amount", amount.minor())
            .fact("currency", amount.currency().code()),
    );
    let kind = if failed { NoticeKind::RefundFailed } else { NoticeKind::Refunded };
    let subject = subscription.map_or(("refund", refund.id.uuid()), |id| ("subscription", id.uuid()));
    let facts = serde_json::json!({ "amount": amount.minor(), "currency": amount.currency() });
    let notice = NewNotice { kind, audience: Audience::Payers, person: None, subject, facts };
    Ok(tx.tell(organization, vec![notice]).await?)
}
