//! What a payment brings: one unit of work for all of it.

use domain::catalog::Issuer;
use domain::conventions::Conventions;
use domain::document::{Document, Recipient, Series, Unnumbered};
use domain::id::{ProductId, SubscriptionId};
use domain::language::Language;
use domain::ledger::{posting_for_credit_used, posting_for_invoice, posting_for_payment};
use domain::quote::PurchaseQuote;
use domain::subscription::{SeatCause, State};
use domain::tax_id::TaxId;
use domain::time::Date;
use payments::provider::{Card, ChargeOutcome};
use store::Tx;
use store::audit::Record;
use store::books::Cause;
use store::documents::Place as DocumentPlace;
use store::orders::{Attempt, Confirmed, Order};
use store::people::Place;
use store::subscriptions::NewSubscription;

use super::Standing;
use super::settle::text;
use crate::calendar::Calendar;
use crate::{ServiceError, Services};

/// Everything that the unit needs, read and computed before it.
#[derive(Clone)]
struct Purchase {
    attempt: Attempt,
    order: Order,
    confirmed: Confirmed,
    outcome: String,
    card: Card,
    issuer: Issuer,
    recipient: Recipient,
    product: ProductId,
    quote: PurchaseQuote,
    state: State,
    today: Date,
    test_mode: bool,
    calendar: Calendar,
}

impl Services {
    /// Writes down that an order is paid: payment method, billing account and profile, subscription, invoice,
    /// postings, all or nothing. Then the invoice gets its number.
    pub(super) async fn write_paid(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: &ChargeOutcome,
    ) -> Result<Standing, ServiceError> {
        let purchase = self.purchase(attempt, order, outcome).await?;
        let command = self.settling(attempt);
        let standing = self
            .store()
            .write(command, move |tx| {
                let purchase = purchase.clone();
                Box::pin(async move { write(tx, purchase).await })
            })
            .await?;
        // Should this fail or the process die, the worker numbers what waits.
        if let Err(error) = self.number_documents().await {
            tracing::warn!(%error, "an invoice waits for its number");
        }
        Ok(standing)
    }

    async fn purchase(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: &ChargeOutcome,
    ) -> Result<Purchase, ServiceError> {
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
        // A purchase starts on the day it is paid; its amounts stand (SPEC 4).
        let today = self.customer(&place.organization)?.today;
        let quote = bought.clone().starting_on(today, Conventions::default());
        let quote = quote.map_err(ServiceError::broken)?;
        Ok(Purchase {
            outcome: text(outcome)?,
            card: serde_json::from_str(&attempt.card).map_err(ServiceError::broken)?,
            issuer: issuer.clone(),
            recipient: recipient(&place)?,
            product: *product,
            state: State::purchased(quote.paid_term, today).map_err(ServiceError::broken)?,
            quote,
            today,
            test_mode: self.paying().provider().is_test(),
            calendar: Calendar::of(&place.organization)?,
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

async fn write(tx: &mut Tx<'_>, purchase: Purchase) -> Result<Standing, ServiceError> {
    let Purchase { attempt, order, confirmed, quote, .. } = &purchase;
    let organization = attempt.organization;
    let subscription = tx.id(SubscriptionId::new);
    tx.settle_attempt(attempt, purchase.outcome.clone()).await?;
    let method = if let Some(method) = attempt.method {
        method
    } else {
        let token = purchase.card.token.secret();
        tx.keep_card(organization, order.person, &attempt.provider, token, &attempt.card).await?
    };
    let profile = tx.own_profile_paid_by(organization, order.person, quote.currency, method).await?;
    let new = NewSubscription {
        id: subscription,
        product: purchase.product,
        plan: confirmed.plan,
        price: confirmed.price,
        profile: profile.id,
        order: order.id,
        purchaser: order.person,
        channel: order.channel,
        state: purchase.state,
        seats: quote.seats.get(),
        billed_to: Some(quote.service.end()),
        today: purchase.today,
        due_at: None,
    };
    let due_at = purchase.calendar.due_at(&new.agenda())?;
    let new = NewSubscription { due_at, ..new };
    tx.add_subscription(organization, &new).await?;
    let invoice = Document::<Unnumbered>::invoice(
        quote,
        &purchase.issuer,
        purchase.recipient.clone(),
        profile.purchase_order.clone(),
        purchase.calendar.series(Series::Invoice),
        purchase.test_mode,
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
    tx.pay_document(organization, document, quote.totals.gross).await?;
    tx.fix_country_and_currency(organization).await?;
    let days = (purchase.today, quote.refund_until);
    let seats = (SeatCause::Start, quote.seats.get());
    tx.add_seats(organization, subscription, document, seats, days).await?;
    let postings = [
        (Cause::Invoice(document), posting_for_invoice(profile.id, subscription, &quote.totals)),
        (Cause::CreditUsed(document), posting_for_credit_used(profile.id, quote.credit_used)),
        (Cause::Payment(document, attempt.id), posting_for_payment(profile.id, quote.due_now)),
    ];
    for (cause, posting) in postings {
        if let Some(posting) = posting.map_err(ServiceError::broken)? {
            tx.post(organization, quote.issuer.as_str(), cause, purchase.today, &posting).await?;
        }
    }
    let state = order.state.pay(attempt.id, subscription, document).map_err(|_| ServiceError::Stale)?;
    tx.settle_order(order, state).await?;
    audit(tx, &purchase, &new, document);
    Ok(Standing::Paid { subscription, document })
}

fn audit(tx: &mut Tx<'_>, purchase: &Purchase, new: &NewSubscription, document: domain::id::DocumentId) {
    let Purchase { attempt, order, quote, .. } = purchase;
    tx.audit(
        Record::new("order.pay", "order", order.id.uuid())
            .fact("attempt", attempt.id.to_string())
            .fact("amount", quote.due_now.minor())
            .fact("currency", quote.currency.code())
            .fact("document", document.to_string()),
    );
    tx.audit(
        Record::new("subscription.start", "subscription", new.id.uuid())
            .fact("order", order.id.to_string())
            .fact("product", quote.product.as_str())
            .fact("plan", quote.plan.as_str())
            .fact("seats", new.seats)
            .fact("purchaser", order.person.to_string())
            .fact("profile", new.profile.to_string()),
    );
}
