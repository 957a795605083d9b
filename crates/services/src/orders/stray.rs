//! A payment that arrives for something no longer possible: it goes back in full, and both sides are told (SPEC 4).

use domain::ledger::posting_for_stray;
use domain::notices::{Audience, NoticeKind};
use domain::time::Date;
use store::Tx;
use store::audit::Record;
use store::books::Cause;
use store::notices::NewNotice;
use store::orders::{Attempt, Order};

use super::Standing;
use crate::ServiceError;

/// Settles an attempt that has collected money for something that cannot be had any more.
pub(crate) async fn stray_payment(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    order: &Order,
    outcome: &str,
    on: Date,
) -> Result<Standing, ServiceError> {
    tx.settle_attempt(attempt, outcome.to_owned()).await?;
    give_back(tx, attempt, order, on).await
}

/// What an attempt that is settled has collected for something that cannot be had any more is owed to the card from now
/// on, and a refund of all of it is due at once. `on` is the day in the organization's calendar.
pub(crate) async fn give_back(
    tx: &mut Tx<'_>,
    attempt: &Attempt,
    order: &Order,
    on: Date,
) -> Result<Standing, ServiceError> {
    let (organization, amount) = (attempt.organization, attempt.amount);
    let lost = || ServiceError::broken(format!("the quote of {} is gone", attempt.id));
    let quote = &order.confirmed.as_ref().ok_or_else(lost)?.quote;
    tx.settle_order(order, order.state.give_back(attempt.id).map_err(|_| ServiceError::Stale)?).await?;
    let mut record = Record::new("order.return", "order", order.id.uuid())
        .fact("attempt", attempt.id.to_string())
        .fact("amount", amount.minor())
        .fact("currency", amount.currency().code());
    if let Some(posting) = posting_for_stray(amount).map_err(ServiceError::broken)? {
        tx.post(organization, quote.issuer().as_str(), Cause::Stray(attempt.id), on, &posting).await?;
        let refund = tx.add_refund(organization, None, attempt.id, amount).await?;
        record = record.fact("refund", refund.to_string());
    }
    let facts = serde_json::json!({
        "by": order.person,
        "order": order.id,
        "subscription": order.subscription,
        "amount": amount.minor(),
        "currency": amount.currency().code(),
    });
    let notice = |audience, person, subject| NewNotice {
        kind: NoticeKind::Refunded,
        audience,
        person,
        subject,
        facts: facts.clone(),
    };
    let about = ("order", order.id.uuid());
    let mut told = vec![
        notice(Audience::Person, Some(order.person), about),
        notice(Audience::Administrators, None, about),
    ];
    told.extend(order.subscription.map(|id| notice(Audience::Managers, None, ("subscription", id.uuid()))));
    tx.tell(organization, told).await?;
    tx.audit(record);
    Ok(Standing::Returned)
}
