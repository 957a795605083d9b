//! Invoices: paying what is due (SPEC 5, Unpaid).

use domain::billing::BillingRole;
use domain::document::Issued;
use domain::id::{BillingProfileId, DocumentId, PaymentAttemptId, PaymentMethodId, SubscriptionId};
use domain::money::Money;
use domain::time::Date;
use payments::provider::{Card, ChargeOutcome, WebAddress};
use store::Tx;
use store::audit::Record;
use store::billing::PaymentMethod;
use store::orders::NewAttempt;

use crate::asker::{Asker, Place};
use crate::orders::{Standing, TAKEN_UP_AFTER_SECONDS};
use crate::rights::Right;
use crate::{ServiceError, Services};

/// An invoice that is not paid, as whoever pays it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payable {
    /// Which one.
    pub document: DocumentId,
    /// Its number and day of issue, once it has them.
    pub issued: Option<Issued>,
    /// When it is due.
    pub due_on: Option<Date>,
    /// What it says, tax included.
    pub gross: Money,
    /// What of that is to be paid.
    pub owed: Money,
    /// The cards that can pay it: that of its profile, and the asker's own, the newest first.
    pub cards: Vec<PayingCard>,
    /// The profile whose usual card the asker may replace; `None`: they may only pay.
    pub profile: Option<BillingProfileId>,
    /// A payment that is under way, and where the bank asks about it if it does.
    pub under_way: Option<Option<WebAddress>>,
}

/// A card that can pay an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayingCard {
    /// Which payment method.
    pub method: PaymentMethodId,
    /// The card.
    pub card: Card,
    /// Whether the profile is paid by it: it pays unless another one is chosen.
    pub usual: bool,
}

impl Services {
    /// What is owed on a subscription that the asker manages and may pay for; `None`: nothing.
    pub async fn payable(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<Option<Payable>, ServiceError> {
        asker.must(Right::PayInvoices)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let found = conn.managed_subscription(organization, person, subscription).await?;
        let found = found.ok_or(ServiceError::NotFound)?;
        if !conn.profile_role(organization, found.profile, person).await?.is_some_and(BillingRole::may_pay) {
            return Err(ServiceError::NotFound);
        }
        let Some(document) = found.owes else { return Ok(None) };
        let invoice = conn.invoice(organization, document).await?;
        let invoice = invoice.ok_or_else(|| ServiceError::broken("what is owed has no invoice"))?;
        let usual = conn.paying_profile(organization, invoice.profile).await?;
        let usual = usual.and_then(|paying| paying.method);
        let own = conn.payment_methods(organization, person).await?;
        let chooses = conn
            .profile_role(organization, invoice.profile, person)
            .await?
            .is_some_and(BillingRole::may_change);
        let open = match conn.open_attempt_of(organization, document).await? {
            Some(attempt) => conn.attempt(organization, attempt).await?,
            None => None,
        };
        let under_way = open.map(|attempt| asked_at(attempt.outcome.as_deref())).transpose()?;
        Ok(Some(Payable {
            document,
            due_on: invoice.due_on,
            gross: invoice.contents.totals.gross,
            owed: invoice.standing.owed().map_err(ServiceError::broken)?,
            issued: invoice.issued,
            cards: cards(usual, own)?,
            profile: chooses.then_some(invoice.profile),
            under_way,
        }))
    }

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
                    if !tx
                        .profile_role(organization, invoice.profile, person)
                        .await?
                        .is_some_and(BillingRole::may_pay)
                    {
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

/// Where the bank asks, if that is what the provider has answered.
fn asked_at(outcome: Option<&str>) -> Result<Option<WebAddress>, ServiceError> {
    let outcome: Option<ChargeOutcome> =
        outcome.map(serde_json::from_str).transpose().map_err(ServiceError::broken)?;
    Ok(match outcome {
        Some(ChargeOutcome::NeedsConfirmation { address }) => Some(address),
        _ => None,
    })
}

fn cards(usual: Option<PaymentMethod>, own: Vec<PaymentMethod>) -> Result<Vec<PayingCard>, ServiceError> {
    let first = usual.as_ref().map(|method| method.id);
    let others = own.into_iter().filter(|method| Some(method.id) != first);
    let cards = usual.into_iter().chain(others).map(|method| {
        let card = serde_json::from_str(&method.card).map_err(ServiceError::broken)?;
        Ok(PayingCard { method: method.id, card, usual: Some(method.id) == first })
    });
    cards.collect()
}
