//! What the payment of a change brings (SPEC 5): seats that waited, or another plan. What became impossible while the
//! bank asked is not carried out, and the payment goes back in full (SPEC 4).

use domain::catalog::Issuer;
use domain::conventions::Conventions;
use domain::document::{Document, Recipient, Series, Unnumbered};
use domain::id::{DocumentId, SubscriptionId};
use domain::ledger::{posting_for_credit_used, posting_for_invoice, posting_for_payment};
use domain::notices::{Audience, NoticeKind};
use domain::order::OrderKind;
use domain::quote::ChangeQuote;
use domain::subscription::{Active, PaidTerm, Run, SeatCause, State};
use domain::time::Date;
use payments::provider::ChargeOutcome;
use store::Tx;
use store::audit::Record;
use store::books::Cause;
use store::documents::Place;
use store::orders::{Attempt, Confirmed, Order};
use store::subscriptions::Subscription;

use super::Standing;
use super::paid::recipient;
use super::settle::text;
use super::stray::give_back;
use crate::calendar::Calendar;
use crate::changes::{facts, paid_term, told};
use crate::crediting::{self, Giver, Prepared};
use crate::{ServiceError, Services};

/// Everything that the unit needs, read before it.
#[derive(Clone)]
struct Paid {
    attempt: Attempt,
    order: Order,
    subscription: SubscriptionId,
    confirmed: Confirmed,
    quote: ChangeQuote,
    outcome: String,
    issuer: Issuer,
    recipient: Recipient,
    today: Date,
    test_mode: bool,
    calendar: Calendar,
}

impl Services {
    /// Writes down that a change is paid, with all that it brings. Then its documents get their numbers.
    pub(super) async fn write_changed(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: &ChargeOutcome,
    ) -> Result<Standing, ServiceError> {
        let paid = self.paid_change(attempt, order, outcome).await?;
        let command = self.settling(attempt);
        let standing = self
            .store()
            .write(command, move |tx| {
                let paid = paid.clone();
                Box::pin(write(tx, paid))
            })
            .await?;
        self.number_what_waits().await;
        Ok(standing)
    }

    async fn paid_change(
        &self,
        attempt: &Attempt,
        order: &Order,
        outcome: &ChargeOutcome,
    ) -> Result<Paid, ServiceError> {
        let lost = |what: &str| ServiceError::broken(format!("the {what} of {} is gone", attempt.id));
        let confirmed = order.confirmed.clone().ok_or_else(|| lost("quote"))?;
        let quote = confirmed.quote.change().cloned().ok_or_else(|| lost("quote"))?;
        let mut reader = self.store().read().await?;
        let place = reader.conn().buyer_place(attempt.organization, order.person).await?;
        drop(reader);
        let place = place.ok_or_else(|| lost("buyer"))?;
        let shelf = self.shelf().await?;
        let issuer = shelf.catalog.issuer(quote.issuer.as_str()).ok_or_else(|| lost("issuer"))?;
        Ok(Paid {
            attempt: attempt.clone(),
            order: order.clone(),
            subscription: order.subscription.ok_or_else(|| lost("subscription"))?,
            confirmed,
            quote,
            outcome: text(outcome)?,
            issuer: issuer.clone(),
            recipient: recipient(&place)?,
            today: self.customer(&place.organization)?.today,
            test_mode: self.paying().provider().is_test(),
            calendar: Calendar::of(&place.organization)?,
        })
    }
}

/// Seats that waited for the payment of an order wait no more: it is paid, or will not be. What waited for them
/// falls due.
pub(super) async fn release_seats(
    tx: &mut Tx<'_>,
    order: &Order,
    calendar: &Calendar,
) -> Result<(), ServiceError> {
    let organization = order.organization;
    let quote = order.confirmed.as_ref().and_then(|confirmed| confirmed.quote.change());
    let waited = quote.map_or(0, ChangeQuote::added);
    let Some(subscription) = order.subscription.filter(|_| waited > 0) else { return Ok(()) };
    tx.take_waiting(organization, subscription, waited).await?;
    let subscription = tx.subscription(organization, subscription).await?;
    let mut subscription = subscription.ok_or_else(|| ServiceError::broken("a change of nothing"))?;
    let due_at = calendar.due_at(&subscription.agenda())?;
    Ok(tx.save_subscription(organization, &mut subscription, due_at).await?)
}

async fn write(tx: &mut Tx<'_>, paid: Paid) -> Result<Standing, ServiceError> {
    let organization = paid.attempt.organization;
    tx.settle_attempt(&paid.attempt, paid.outcome.clone()).await?;
    if paid.order.kind == OrderKind::Seats {
        release_seats(tx, &paid.order, &paid.calendar).await?;
    }
    let subscription = tx.subscription(organization, paid.subscription).await?;
    let subscription = subscription.ok_or_else(|| ServiceError::broken("a change of nothing"))?;
    match possible(tx, &paid, &subscription).await? {
        Some(notes) => carry_out(tx, paid, subscription, notes).await,
        None => give_back(tx, &paid.attempt, &paid.order, paid.today).await,
    }
}

/// What was confirmed, if it can still be carried out: the subscription runs, a change of plan finds it as it was, and
/// the credit that was to pay is there.
async fn possible(
    tx: &mut Tx<'_>,
    paid: &Paid,
    subscription: &Subscription,
) -> Result<Option<Vec<Prepared>>, ServiceError> {
    let Paid { quote, order, .. } = paid;
    let Ok(term) = paid_term(subscription) else { return Ok(None) };
    if order.kind == OrderKind::Plan && !is_as_quoted(subscription, quote, term) {
        return Ok(None);
    }
    let notes = match crediting::prepare(tx, giver(paid), &quote.notes).await {
        Ok(notes) => notes,
        Err(ServiceError::QuoteChanged) => return Ok(None),
        Err(error) => return Err(error),
    };
    let organization = paid.attempt.organization;
    let kept = tx.profile_credit(organization, subscription.profile, quote.currency).await?;
    let kept = quote.to_credit().and_then(|added| kept.plus(added)).map_err(ServiceError::broken)?;
    Ok((kept.minor() >= quote.credit_used.minor()).then_some(notes))
}

/// Whether a change of plan finds what it was quoted for: the same seats, and no further period invoiced.
fn is_as_quoted(subscription: &Subscription, quote: &ChangeQuote, term: PaidTerm) -> bool {
    let billed_to = match quote.anchor {
        None => quote.lines.first().map(|line| line.service.end()),
        Some(_) => quote.back_lines.first().map(|line| line.service.end()),
    };
    let same_days = billed_to.is_none_or(|day| subscription.billed_to == Some(day));
    same_days
        && subscription.seats == quote.seats.0
        && term.period().is_ok_and(|term| term.contains(quote.on))
}

fn giver(paid: &Paid) -> Giver {
    Giver { organization: paid.attempt.organization, subscription: paid.subscription, today: paid.today }
}

async fn carry_out(
    tx: &mut Tx<'_>,
    paid: Paid,
    mut subscription: Subscription,
    notes: Vec<Prepared>,
) -> Result<Standing, ServiceError> {
    let organization = paid.attempt.organization;
    let before = (subscription.seats, subscription.plan);
    match paid.order.kind {
        OrderKind::Plan => change_plan(&mut subscription, &paid)?,
        _ => subscription.seats += paid.quote.added(),
    }
    let due_at = paid.calendar.due_at(&subscription.agenda())?;
    tx.save_subscription(organization, &mut subscription, due_at).await?;
    crediting::write(tx, giver(&paid), notes).await?;
    let document = invoice(tx, &paid, &subscription).await?;
    purchases(tx, &paid, &subscription, document).await?;
    let state = paid.order.state.pay(paid.attempt.id, subscription.id, document);
    tx.settle_order(&paid.order, state.map_err(|_| ServiceError::Stale)?).await?;
    audit(tx, &paid, &subscription, (before, document));
    tell(tx, &paid).await?;
    Ok(Standing::Paid { subscription: subscription.id, document })
}

/// Another plan from the quote's day on: with the same term the period stays, with another one a new term begins.
fn change_plan(subscription: &mut Subscription, paid: &Paid) -> Result<(), ServiceError> {
    let Paid { quote, confirmed, order, .. } = paid;
    let was = paid_term(subscription)?;
    subscription.schedule(None);
    (subscription.plan, subscription.price_id) = (confirmed.plan, confirmed.price);
    subscription.renewal_price = None;
    if let Some(anchor) = quote.anchor {
        let term = PaidTerm::first(order.choice.term, order.choice.frequency, anchor);
        let run = Run::Paid(PaidTerm { recurring: was.recurring, ..term });
        subscription.state = State::Active(Active { run, payment_due: None });
        subscription.billed_to = quote.lines.first().map(|line| line.service.end());
        subscription.told_to = paid.today;
    }
    Ok(())
}

/// The invoice with its postings, paid by credit and by the card.
async fn invoice(
    tx: &mut Tx<'_>,
    paid: &Paid,
    subscription: &Subscription,
) -> Result<DocumentId, ServiceError> {
    let Paid { quote, attempt, order, .. } = paid;
    let (organization, profile) = (attempt.organization, subscription.profile);
    let paying = tx.paying_profile(organization, profile).await?;
    let invoice = Document::<Unnumbered>::invoice_of_change(
        quote,
        &paid.issuer,
        paid.recipient.clone(),
        paying.and_then(|paying| paying.profile.purchase_order),
        paid.calendar.series(Series::Invoice),
        paid.test_mode,
    );
    let (order, due_on, corrects) = (Some(order.id), None, None);
    let place = Place { organization, profile, subscription: subscription.id, order, due_on, corrects };
    let document = tx.write_document(place, &invoice).await?;
    tx.pay_document(organization, document, quote.totals.gross).await?;
    if quote.credit_used.is_positive() {
        let used = quote.credit_used.negated().map_err(ServiceError::broken)?;
        tx.change_credit(organization, profile, used).await?;
    }
    let postings = [
        (Cause::Invoice(document), posting_for_invoice(profile, subscription.id, &quote.totals)),
        (Cause::CreditUsed(document), posting_for_credit_used(profile, quote.credit_used)),
        (Cause::Payment(document, attempt.id), posting_for_payment(profile, quote.due_now)),
    ];
    for (cause, posting) in postings {
        if let Some(posting) = posting.map_err(ServiceError::broken)? {
            tx.post(organization, quote.issuer.as_str(), cause, paid.today, &posting).await?;
        }
    }
    Ok(document)
}

/// Seats that were added have a window of their own; a new term begins with a purchase of all of them; with another
/// plan in the same term the windows stay, and the new invoice has charged them.
async fn purchases(
    tx: &mut Tx<'_>,
    paid: &Paid,
    subscription: &Subscription,
    document: DocumentId,
) -> Result<(), ServiceError> {
    let (organization, id, on) = (paid.attempt.organization, subscription.id, paid.quote.on);
    let until = Conventions::default().window_until(on).map_err(ServiceError::broken)?;
    let bought = match (paid.order.kind, paid.quote.anchor) {
        (OrderKind::Plan, None) => return Ok(tx.charge_seats_on(organization, id, document).await?),
        (OrderKind::Plan, Some(_)) => {
            tx.end_seats(organization, id, on).await?;
            (SeatCause::Renewal, subscription.seats)
        }
        _ => (SeatCause::Increase, paid.quote.added()),
    };
    tx.add_seats(organization, id, document, bought, (on, until)).await?;
    Ok(())
}

fn audit(
    tx: &mut Tx<'_>,
    paid: &Paid,
    subscription: &Subscription,
    ((seats, plan), document): ((u32, domain::id::PlanId), DocumentId),
) {
    let Paid { quote, attempt, order, .. } = paid;
    tx.audit(
        Record::new("order.pay", "order", order.id.uuid())
            .fact("attempt", attempt.id.to_string())
            .fact("amount", quote.due_now.minor())
            .fact("credit", quote.credit_used.minor())
            .fact("currency", quote.currency.code())
            .fact("document", document.to_string()),
    );
    let action = if order.kind == OrderKind::Plan { "subscription.plan" } else { "subscription.seats" };
    tx.audit(
        Record::new(action, "subscription", subscription.id.uuid())
            .fact("order", order.id.to_string())
            .fact("before", seats)
            .fact("after", subscription.seats)
            .fact("plan_before", plan.to_string())
            .fact("plan_after", subscription.plan.to_string())
            .fact("person", order.person.to_string()),
    );
}

async fn tell(tx: &mut Tx<'_>, paid: &Paid) -> Result<(), ServiceError> {
    let (subscription, facts) = (paid.subscription, facts(&paid.quote));
    let due_now = paid.quote.due_now.minor();
    let money =
        serde_json::json!({ "amount": due_now, "currency": paid.quote.currency, "by": paid.order.person });
    let notices = vec![
        told(NoticeKind::Changed, Audience::Managers, subscription, facts),
        told(NoticeKind::Paid, Audience::Payers, subscription, money),
    ];
    Ok(tx.tell(paid.attempt.organization, notices).await?)
}
