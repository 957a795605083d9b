//! What a payment brings: one unit of work for all of it.

use domain::catalog::Issuer;
use domain::conventions::Conventions;
use domain::document::{Document, Recipient, Series, Unnumbered};
use domain::id::{BillingProfileId, DocumentId, ProductId, SubscriptionId};
use domain::language::Language;
use domain::ledger::{posting_for_credit_used, posting_for_invoice, posting_for_payment};
use domain::order::OrderKind;
use domain::quote::PurchaseQuote;
use domain::subscription::{SeatCause, State};
use domain::tax_id::TaxId;
use domain::time::Date;
use payments::provider::{Card, ChargeOutcome};
use store::Tx;
use store::audit::Record;
use store::billing::BillingProfile;
use store::books::Cause;
use store::documents::Place as DocumentPlace;
use store::orders::{Attempt, Confirmed, Order};
use store::people::Place;
use store::subscriptions::NewSubscription;

use super::Standing;
use super::new_term::write_new_term;
use super::settle::text;
use super::stray::stray_payment;
use crate::calendar::Calendar;
use crate::{ServiceError, Services};

/// Everything that the unit needs, read and computed before it.
#[derive(Clone)]
pub(super) struct Paid {
    pub(super) attempt: Attempt,
    pub(super) order: Order,
    pub(super) confirmed: Confirmed,
    pub(super) quote: PurchaseQuote,
    pub(super) outcome: String,
    pub(super) card: Card,
    pub(super) issuer: Issuer,
    pub(super) recipient: Recipient,
    pub(super) product: ProductId,
    pub(super) today: Date,
    pub(super) test_mode: bool,
    pub(super) calendar: Calendar,
}

impl Services {
    /// Writes down that an order is paid, with all that this brings, or nothing. Then its invoice gets its number.
    pub(super) async fn write_paid(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: &ChargeOutcome,
    ) -> Result<Standing, ServiceError> {
        let paid = self.paid(attempt, order, outcome).await?;
        let command = self.settling(attempt);
        let standing = self
            .store()
            .write(command, move |tx| {
                let paid = paid.clone();
                Box::pin(async move {
                    match paid.order.kind {
                        OrderKind::Purchase => write_purchase(tx, &paid).await,
                        OrderKind::Conversion | OrderKind::Reactivation => write_new_term(tx, &paid).await,
                        kind @ (OrderKind::Trial | OrderKind::Seats | OrderKind::Plan) => {
                            Err(ServiceError::broken(format!("a payment of a {kind}")))
                        }
                    }
                })
            })
            .await?;
        self.number_what_waits().await;
        Ok(standing)
    }

    async fn paid(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: &ChargeOutcome,
    ) -> Result<Paid, ServiceError> {
        let lost = |what: &str| ServiceError::broken(format!("the {what} of {} is gone", attempt.id));
        let confirmed = order.confirmed.clone().ok_or_else(|| lost("quote"))?;
        let bought = confirmed.quote.purchase().ok_or_else(|| lost("quote"))?;
        let mut reader = self.store().read().await?;
        let place = reader.conn().buyer_place(attempt.organization, order.person).await?;
        drop(reader);
        let place = place.ok_or_else(|| lost("buyer"))?;
        let shelf = self.shelf().await?;
        let issuer = shelf.catalog.issuer(bought.issuer.as_str()).ok_or_else(|| lost("issuer"))?;
        let product = shelf.products.get(bought.product.as_str()).ok_or_else(|| lost("product"))?;
        Ok(Paid {
            outcome: text(outcome)?,
            card: serde_json::from_str(&attempt.card).map_err(ServiceError::broken)?,
            issuer: issuer.clone(),
            recipient: recipient(&place)?,
            product: *product,
            today: self.customer(&place.organization)?.today,
            test_mode: self.paying().provider().is_test(),
            calendar: Calendar::of(&place.organization)?,
            quote: bought.clone(),
            attempt: attempt.clone(),
            order: order.clone(),
            confirmed,
        })
    }
}

/// To whom an invoice is addressed: the organization, below it the buyer's department and name (SPEC 5).
pub(crate) fn recipient(place: &Place) -> Result<Recipient, ServiceError> {
    let organization = &place.organization;
    let country = organization.country.parse().map_err(ServiceError::broken)?;
    let tax_id = organization.tax_id.as_deref().map(|id| TaxId::parse(country, id)).transpose();
    let language = Language::from_code(&organization.language).unwrap_or(Language::English);
    let profile = &place.person.profile;
    Ok(Recipient {
        name: organization.legal_name.clone(),
        country,
        address: serde_json::from_str(&organization.address).map_err(ServiceError::broken)?,
        tax_id: tax_id.map_err(ServiceError::broken)?,
        department: Some(profile.department.clone()).filter(|department| !department.is_empty()),
        person: Some(profile.display(language)),
    })
}

/// Whether the credit that was to pay a part is still there.
pub(super) async fn has_credit(tx: &mut Tx<'_>, paid: &Paid) -> Result<bool, ServiceError> {
    let (organization, used) = (paid.attempt.organization, paid.quote.credit_used);
    if !used.is_positive() {
        return Ok(true);
    }
    let own = tx.own_profile(organization, paid.order.person, used.currency()).await?;
    let Some(own) = own else { return Ok(false) };
    let kept = tx.profile_credit(organization, own.id, used.currency()).await?;
    Ok(kept.minor() >= used.minor())
}

/// The payment is settled, and its card pays the buyer's own profile from now on.
pub(super) async fn settle_and_keep_card(
    tx: &mut Tx<'_>,
    paid: &Paid,
) -> Result<BillingProfile, ServiceError> {
    let Paid { attempt, order, .. } = paid;
    tx.settle_attempt(attempt, paid.outcome.clone()).await?;
    let method = if let Some(method) = attempt.method {
        method
    } else {
        let token = paid.card.token.secret();
        tx.keep_card(attempt.organization, order.person, &attempt.provider, token, &attempt.card).await?
    };
    let currency = paid.quote.currency;
    Ok(tx.own_profile_paid_by(attempt.organization, order.person, currency, Some(method)).await?)
}

/// The invoice is paid, by credit of the profile and by the card.
pub(super) async fn pay_invoice(
    tx: &mut Tx<'_>,
    paid: &Paid,
    profile: BillingProfileId,
    document: DocumentId,
) -> Result<(), ServiceError> {
    let Paid { attempt, quote, .. } = paid;
    let organization = attempt.organization;
    tx.pay_document(organization, document, quote.totals.gross).await?;
    if quote.credit_used.is_positive() {
        let less = quote.credit_used.negated().map_err(ServiceError::broken)?;
        tx.change_credit(organization, profile, less).await?;
    }
    let postings = [
        (Cause::CreditUsed(document), posting_for_credit_used(profile, quote.credit_used)),
        (Cause::Payment(document, attempt.id), posting_for_payment(profile, quote.due_now)),
    ];
    for (cause, posting) in postings {
        if let Some(posting) = posting.map_err(ServiceError::broken)? {
            tx.post(organization, quote.issuer.as_str(), cause, paid.today, &posting).await?;
        }
    }
    Ok(())
}

/// A purchase: payment method, billing account and profile, subscription, invoice, postings.
async fn write_purchase(tx: &mut Tx<'_>, paid: &Paid) -> Result<Standing, ServiceError> {
    let Paid { attempt, order, confirmed, quote, today, .. } = paid;
    let organization = attempt.organization;
    if !has_credit(tx, paid).await? {
        return stray_payment(tx, attempt, order, &paid.outcome, *today).await;
    }
    // A purchase starts on the day it is paid; its amounts stand (SPEC 4).
    let quote = quote.clone().starting_on(*today, Conventions::default());
    let quote = quote.map_err(ServiceError::broken)?;
    let subscription = tx.id(SubscriptionId::new);
    let profile = settle_and_keep_card(tx, paid).await?;
    let new = NewSubscription {
        id: subscription,
        product: paid.product,
        plan: confirmed.plan,
        price: confirmed.price,
        profile: profile.id,
        order: order.id,
        purchaser: order.person,
        channel: order.channel,
        state: State::purchased(quote.paid_term, *today)?,
        seats: quote.seats.get(),
        billed_to: Some(quote.service.end()),
        today: *today,
        due_at: None,
    };
    let due_at = paid.calendar.due_at(&new.agenda())?;
    let new = NewSubscription { due_at, ..new };
    tx.add_subscription(organization, &new).await?;
    let invoice = Document::<Unnumbered>::invoice(
        &quote,
        &paid.issuer,
        paid.recipient.clone(),
        profile.purchase_order.clone(),
        paid.calendar.series(Series::Invoice),
        paid.test_mode,
    );
    let place = DocumentPlace {
        organization,
        profile: profile.id,
        subscription,
        order: Some(order.id),
        due_on: None,
        corrects: None,
    };
    let document = tx.write_document(place, &invoice).await?;
    tx.fix_country_and_currency(organization).await?;
    let posting = posting_for_invoice(profile.id, subscription, &quote.totals);
    if let Some(posting) = posting.map_err(ServiceError::broken)? {
        tx.post(organization, quote.issuer.as_str(), Cause::Invoice(document), *today, &posting).await?;
    }
    pay_invoice(tx, paid, profile.id, document).await?;
    let days = (*today, quote.refund_until);
    tx.add_seats(organization, subscription, document, (SeatCause::Start, new.seats), days).await?;
    let state = order.state.pay(attempt.id, subscription, document).map_err(|_| ServiceError::Stale)?;
    tx.settle_order(order, state).await?;
    audit_payment(tx, paid, document);
    tx.audit(
        Record::new("subscription.start", "subscription", new.id.uuid())
            .fact("order", order.id.to_string())
            .fact("product", quote.product.as_str())
            .fact("plan", quote.plan.as_str())
            .fact("seats", new.seats)
            .fact("purchaser", order.person.to_string())
            .fact("profile", new.profile.to_string()),
    );
    Ok(Standing::Paid { subscription, document })
}

pub(super) fn audit_payment(tx: &mut Tx<'_>, paid: &Paid, document: DocumentId) {
    let Paid { attempt, order, quote, .. } = paid;
    tx.audit(
        Record::new("order.pay", "order", order.id.uuid())
            .fact("attempt", attempt.id.to_string())
            .fact("amount", quote.due_now.minor())
            .fact("currency", quote.currency.code())
            .fact("document", document.to_string()),
    );
}
