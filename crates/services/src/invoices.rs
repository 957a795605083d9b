//! Invoices: paying what is due (SPEC 5, Unpaid).

use domain::id::{DocumentId, PaymentAttemptId, PaymentMethodId};
use store::Tx;
use store::audit::Record;
use store::orders::NewAttempt;

use crate::asker::{Asker, Place};
use crate::orders::{Standing, TAKEN_UP_AFTER_SECONDS};
use crate::rights::Right;
use crate::{ServiceError, Services};

impl Services {
    /// Pays what is owed on an invoice, with one of the asker's cards, or with the card of its profile where none is
    /// named. What is under way already is waited for: an invoice is paid once, however often one asks.
    pub async fn pay_now(
        &self,
        asker: &Asker,
        document: DocumentId,
        method: Option<PaymentMethodId>,
    ) -> Result<Standing, ServiceError> {
        asker.must(Right::PayInvoices)?;
        let place = asker.must_place()?.clone();
        let attempt = self.begin_payment(asker, &place, document, method).await?;
        self.settle(place.organization.id, attempt).await
    }

    async fn begin_payment(
        &self,
        asker: &Asker,
        place: &Place,
        document: DocumentId,
        method: Option<PaymentMethodId>,
    ) -> Result<PaymentAttemptId, ServiceError> {
        let (organization, person) = (place.organization.id, place.person.id);
        let command = self.command(asker, organization, None);
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    let invoice = tx.invoice(organization, document).await?.ok_or(ServiceError::NotFound)?;
                    if !tx.may_pay(organization, invoice.profile, person).await? {
                        return Err(ServiceError::NotFound);
                    }
                    if let Some(open) = tx.open_attempt_of(organization, document).await? {
                        return Ok(open);
                    }
                    let owed = invoice.standing.owed().map_err(ServiceError::broken)?;
                    if !owed.is_positive() {
                        return Err(ServiceError::Stale);
                    }
                    let card = match method {
                        Some(method) => {
                            let own = tx.payment_methods(organization, person).await?;
                            own.into_iter().find(|own| own.id == method)
                        }
                        None => tx
                            .paying_profile(organization, invoice.profile)
                            .await?
                            .and_then(|paying| paying.method),
                    };
                    let card = card.ok_or(ServiceError::NoCard)?;
                    let id = tx.id(PaymentAttemptId::new);
                    let attempt = NewAttempt {
                        id,
                        order: None,
                        document: Some(document),
                        person: Some(person),
                        seal: None,
                        amount: owed,
                        provider: card.provider,
                        card: card.card,
                        method: Some(card.id),
                        on_session: true,
                        ask_at: tx.at().plus_seconds(TAKEN_UP_AFTER_SECONDS),
                    };
                    write_attempt(tx, document, attempt).await?;
                    Ok(id)
                })
            })
            .await
    }
}

async fn write_attempt(
    tx: &mut Tx<'_>,
    document: DocumentId,
    attempt: NewAttempt,
) -> Result<(), ServiceError> {
    let (organization, amount) = (tx.command().organization, attempt.amount);
    tx.audit(
        Record::new("document.pay-now", "document", document.uuid())
            .fact("attempt", attempt.id.to_string())
            .fact("amount", amount.minor())
            .fact("currency", amount.currency().code()),
    );
    Ok(tx.add_attempt(organization, attempt).await?)
}
