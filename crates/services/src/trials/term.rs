//! A term begins: a trial is bought, before or at its end, or what has ended comes back (SPEC 5).

use domain::catalog::Issuer;
use domain::document::{Document, Recipient, Series, Unnumbered};
use domain::id::{DocumentId, OrderId, OrganizationId, PlanId, PriceId};
use domain::ledger::posting_for_invoice;
use domain::quote::PurchaseQuote;
use domain::subscription::{Channel, SeatCause};
use domain::time::Date;
use store::Tx;
use store::billing::BillingProfile;
use store::books::Cause;
use store::documents::Place;
use store::subscriptions::Subscription;

use crate::ServiceError;

/// What has to be known of a term that begins.
#[derive(Clone, Debug)]
pub(crate) struct TermFacts {
    /// Whose.
    pub(crate) organization: OrganizationId,
    /// Lines, amounts and days.
    pub(crate) quote: PurchaseQuote,
    /// The plan.
    pub(crate) plan: PlanId,
    /// The version of the price.
    pub(crate) price: PriceId,
    /// Who sells.
    pub(crate) issuer: Issuer,
    /// To whom the invoice is addressed.
    pub(crate) recipient: Recipient,
    /// Which numbers the invoice takes.
    pub(crate) series: Series,
    /// Whether no money moves.
    pub(crate) test_mode: bool,
    /// The day: that of the transaction, of the posting, and from which the window of the seats is counted.
    pub(crate) on: Date,
    /// The order that caused it.
    pub(crate) order: Option<OrderId>,
    /// When the invoice is due; `None`: it is paid in this unit.
    pub(crate) due_on: Option<Date>,
}

/// Writes the invoice of the term's first period, its posting, and the purchase of its seats, and changes the
/// subscription in memory: it is for whoever calls this to pay the invoice or to note that it is owed, and to save.
///
/// Everything else of the subscription is kept: its people, its managers, its history. The seats that it had before
/// are replaced, and their windows with them. [`ServiceError::Stale`] where its state does not begin this term.
pub(crate) async fn begin_term(
    tx: &mut Tx<'_>,
    facts: &TermFacts,
    profile: &BillingProfile,
    subscription: &mut Subscription,
) -> Result<DocumentId, ServiceError> {
    let (organization, quote, on) = (facts.organization, &facts.quote, facts.on);
    let term = quote.paid_term;
    let begins = subscription.state.new_term_starts_on(on).map_err(|_| ServiceError::Stale)?;
    if begins != term.anchor || subscription.assigned > quote.seats.get() {
        return Err(ServiceError::Stale);
    }
    let price = tx.price(facts.price).await?.ok_or_else(|| ServiceError::broken("a price that is gone"))?;
    let mut invoice = Document::<Unnumbered>::invoice(
        quote,
        &facts.issuer,
        facts.recipient.clone(),
        profile.purchase_order.clone(),
        facts.series,
        facts.test_mode,
    );
    invoice.contents.transaction_on = on;
    let place = Place {
        organization,
        profile: profile.id,
        subscription: subscription.id,
        order: facts.order,
        due_on: facts.due_on,
        corrects: None,
    };
    let document = tx.write_document(place, &invoice).await?;
    tx.fix_country_and_currency(organization).await?;
    let posting = posting_for_invoice(profile.id, subscription.id, &quote.totals);
    if let Some(posting) = posting.map_err(ServiceError::broken)? {
        tx.post(organization, quote.issuer.as_str(), Cause::Invoice(document), on, &posting).await?;
    }
    tx.end_seats(organization, subscription.id, on).await?;
    let seats = (SeatCause::Start, quote.seats.get());
    tx.add_seats(organization, subscription.id, document, seats, (on, quote.refund_until)).await?;
    *subscription = Subscription {
        state: subscription.state.begin_term(term.term, term.frequency, on)?,
        plan: facts.plan,
        price_id: facts.price,
        price,
        profile: profile.id,
        channel: match subscription.channel {
            Channel::Trial => Channel::SelfService,
            channel => channel,
        },
        seats: quote.seats.get(),
        billed_to: Some(quote.service.end()),
        scheduled: None,
        renewal_price: None,
        dunning: None,
        told_to: on,
        ..subscription.clone()
    };
    Ok(document)
}
