//! A payment for a new term of a subscription that is there: a trial is bought, or what has ended comes back.

use domain::conventions::Conventions;
use domain::document::Series;
use domain::notices::{Audience, NoticeKind};
use domain::quote::PurchaseQuote;
use domain::subscription::Channel;
use domain::time::Date;
use store::Tx;
use store::audit::Record;
use store::subscriptions::Subscription;

use super::Standing;
use super::paid::{Paid, audit_payment, has_credit, pay_invoice, settle_and_keep_card};
use super::stray::stray_payment;
use crate::ServiceError;
use crate::trials::{TermFacts, begin_term, begins_on, notices};

/// The term begins: invoice, postings, seats, and everything else of the subscription is kept. What became of the
/// subscription while the bank asked counts: what has run out in the meantime begins today, and where no term can
/// begin any more, or the credit that was to pay a part is gone, the money goes back.
pub(super) async fn write_new_term(tx: &mut Tx<'_>, paid: &Paid) -> Result<Standing, ServiceError> {
    let Paid { attempt, order, quote, today, .. } = paid;
    let organization = attempt.organization;
    let found = match order.subscription {
        Some(subscription) => tx.subscription(organization, subscription).await?,
        None => None,
    };
    let found = if has_credit(tx, paid).await? { found } else { None };
    let begins = found.map(|found| (begins_on(&found, quote.seats.get(), *today), found));
    let Some((Ok(start), mut subscription)) = begins else {
        return stray_payment(tx, attempt, order, &paid.outcome, *today).await;
    };
    let was_trial = subscription.channel == Channel::Trial;
    let facts = facts(paid, begun(quote, start, *today)?);
    let profile = settle_and_keep_card(tx, paid).await?;
    let document = begin_term(tx, &facts, &profile, &mut subscription).await?;
    pay_invoice(tx, paid, profile.id, document).await?;
    let due_at = paid.calendar.due_at(&subscription.agenda())?;
    tx.save_subscription(organization, &mut subscription, due_at).await?;
    let state = order.state.pay(attempt.id, subscription.id, document).map_err(|_| ServiceError::Stale)?;
    tx.settle_order(order, state).await?;
    let (kind, action) = if was_trial {
        (NoticeKind::TrialBought, "trial.buy")
    } else {
        (NoticeKind::Restored, "subscription.reactivate")
    };
    tell(tx, kind, paid, &facts.quote, &subscription).await?;
    audit_payment(tx, paid, document);
    tx.audit(
        Record::new(action, "subscription", subscription.id.uuid())
            .fact("order", order.id.to_string())
            .fact("plan", facts.quote.plan.as_str())
            .fact("seats", subscription.seats)
            .fact("starts_on", start.to_string())
            .fact("profile", profile.id.to_string()),
    );
    Ok(Standing::Paid { subscription: subscription.id, document })
}

/// What was confirmed, from the day on that the term begins; it can be canceled with refund in the days after today.
fn begun(quote: &PurchaseQuote, start: Date, today: Date) -> Result<PurchaseQuote, ServiceError> {
    let conventions = Conventions::default();
    let quote = quote.clone().starting_on(start, conventions).map_err(ServiceError::broken)?;
    let refund_until = conventions.window_until(today).map_err(ServiceError::broken)?;
    Ok(PurchaseQuote { refund_until, ..quote })
}

fn facts(paid: &Paid, quote: PurchaseQuote) -> TermFacts {
    TermFacts {
        organization: paid.attempt.organization,
        quote,
        plan: paid.confirmed.plan,
        price: paid.confirmed.price,
        issuer: paid.issuer.clone(),
        recipient: paid.recipient.clone(),
        series: paid.calendar.series(Series::Invoice),
        test_mode: paid.test_mode,
        on: paid.today,
        order: Some(paid.order.id),
        due_on: None,
    }
}

async fn tell(
    tx: &mut Tx<'_>,
    kind: NoticeKind,
    paid: &Paid,
    quote: &PurchaseQuote,
    subscription: &Subscription,
) -> Result<(), ServiceError> {
    let facts = serde_json::json!({
        "by": paid.order.person,
        "seats": subscription.seats,
        "starts_on": quote.term.start(),
        "ends_on": subscription.ends_on,
        "amount": quote.totals.gross.minor(),
        "currency": quote.currency.code(),
    });
    let told = [Audience::Managers, Audience::Administrators];
    Ok(tx.tell(paid.attempt.organization, notices(kind, &told, subscription.id, &facts)).await?)
}
