//! Canceling: today with refund while the window is open, or with the term (SPEC 5, Cancel).

use domain::catalog::Lifecycle;
use domain::change::{CancelReason, ChangeRefusal};
use domain::field::{FieldProblem, parse_line};
use domain::id::{OrganizationId, SubscriptionId};
use domain::money::Money;
use domain::notices::{Audience, NoticeKind};
use domain::quote::{ChangeQuote, ChangeQuoteError};
use domain::time::{Date, Instant};
use store::Tx;
use store::audit::Record;
use store::subscriptions::Subscription;

use super::carry::{Carried, changed, confirming, facts, told};
use super::managed::{Managed, paid_term};
use super::scheduled::json;
use super::{CancelHow, CancelQuote, CancelWish, ChangeOutcome, Confirmation, Remaining, Sealed, recurring};
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::crediting::{self, Giver};
use crate::engine::{Engine, Run};
use crate::{ServiceError, Services};

/// How much can be said about why somebody cancels, in characters.
const LONGEST: u32 = 1_000;

impl Services {
    /// What canceling does, today and with the term.
    pub async fn quote_cancel(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<CancelQuote, ServiceError> {
        let at = self.environment().now();
        let managed = self.managed_at(asker, subscription, at).await?;
        let free = self.free_beside(&managed).await?;
        quote(&managed, free, at)
    }

    /// How many people of a subscription can move to free seats of its product.
    async fn free_beside(&self, managed: &Managed) -> Result<u32, ServiceError> {
        let (organization, subscription) = (managed.place.organization.id, &managed.subscription);
        let mut reader = self.store().read().await?;
        let beside = (subscription.product, subscription.id);
        let sources = reader.conn().seats_beside(organization, beside).await?;
        Ok(sources
            .iter()
            .map(|source| source.seats.saturating_sub(source.assigned))
            .fold(0, u32::saturating_add))
    }

    /// Cancels. Confirming again what was confirmed gives what became of it, at any age.
    pub async fn cancel(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
        wish: &CancelWish,
        confirmation: &Confirmation,
    ) -> Result<ChangeOutcome, ServiceError> {
        let managed = self.managed_at(asker, subscription, confirmation.quoted_at).await?;
        let organization = managed.place.organization.id;
        let said = Said::of(wish)?;
        let key = confirming(&managed.place, subscription, wish, &confirmation.seal)?;
        if let Some(outcome) = self.carried_before(organization, &key).await? {
            return Ok(outcome);
        }
        let free = self.free_beside(&managed).await?;
        let quoted = quote(&managed, free, confirmation.quoted_at)?;
        self.must_stand(&quoted.sealed, confirmation)?;
        let command = self.confirmed(asker, &managed, key);
        let ending = match wish.how {
            CancelHow::Now => {
                self.must_be_numbered(&managed).await?;
                let closed = || ServiceError::Change(ChangeRefusal::OnlyAtRenewal);
                Some(quoted.now.ok_or_else(closed)?)
            }
            CancelHow::AtEnd => None,
        };
        let cancel = Cancel {
            organization,
            subscription: managed.subscription.clone(),
            lifecycle: managed.product_and_plan()?.0.lifecycle,
            today: managed.window.customer.today,
            calendar: managed.calendar.clone(),
            engine: self.engine().await?,
            said,
        };
        let carried = self
            .store()
            .write(command, move |tx| {
                let (cancel, ending) = (cancel.clone(), ending.clone());
                Box::pin(async move {
                    match ending {
                        Some(quote) => end_now(tx, cancel, quote).await,
                        None => end_with_term(tx, cancel).await,
                    }
                })
            })
            .await
            .map_err(changed)?;
        self.carried(organization, carried).await
    }
}

/// `free`: how many seats its people can move to.
fn quote(managed: &Managed, free: u32, at: Instant) -> Result<CancelQuote, ServiceError> {
    let held = managed.held()?;
    let now = match held.quote_cancel() {
        Ok(quote) => Some(quote),
        // What is not invoiced yet cannot come back.
        Err(ChangeQuoteError::Refused(ChangeRefusal::OnlyAtRenewal | ChangeRefusal::NotInvoiced)) => None,
        Err(error) => return Err(error.into()),
    };
    let payments = held.remaining().map_err(ChangeQuoteError::from)?;
    let remaining = match payments.last() {
        Some(last) => {
            let sum = Money::sum(last.gross.currency(), payments.iter().map(|payment| payment.gross));
            let sum = sum.map_err(ServiceError::broken)?;
            let number = u32::try_from(payments.len()).map_err(ServiceError::broken)?;
            Some(Remaining { number, sum, last_on: last.on })
        }
        None => None,
    };
    let refund_until = managed.facts.windows.iter().min().copied();
    let (ends_on, assigned) = (managed.subscription.ends_on, managed.subscription.assigned);
    let (moving, people) = (assigned.min(free), assigned.saturating_sub(free));
    let sealed = Sealed::of(managed, at, &"cancel", &(&now, ends_on, (people, moving), &remaining))?;
    Ok(CancelQuote { sealed, now, refund_until, ends_on, people, moving, remaining })
}

/// Why somebody cancels, as the audit keeps it.
#[derive(Clone)]
struct Said {
    reason: CancelReason,
    other: String,
    feedback: String,
}

impl Said {
    fn of(wish: &CancelWish) -> Result<Self, ServiceError> {
        let line = |text: &str, field| {
            parse_line(text, LONGEST).map_err(|problem| ServiceError::Fields(vec![problem.of(field)]))
        };
        let (other, feedback) = (line(&wish.other, "other")?, line(&wish.feedback, "feedback")?);
        if wish.reason == CancelReason::Other && other.is_empty() {
            return Err(ServiceError::Fields(vec![FieldProblem::Missing.of("other")]));
        }
        Ok(Self { reason: wish.reason, other, feedback })
    }

    fn on(self, record: Record) -> Record {
        let mut record = record.fact("why", self.reason.code());
        if !self.other.is_empty() {
            record = record.personal("other", self.other);
        }
        if !self.feedback.is_empty() {
            record = record.personal("feedback", self.feedback);
        }
        record
    }
}

/// What is canceled.
#[derive(Clone)]
struct Cancel {
    organization: OrganizationId,
    subscription: Subscription,
    lifecycle: Lifecycle,
    today: Date,
    calendar: Calendar,
    engine: Engine,
    said: Said,
}

/// It ends today: Disabled, its seats end, and what was not used comes back. Its people move to free seats of the same
/// product; the rest keep their license, for whoever brings it back.
async fn end_now(tx: &mut Tx<'_>, cancel: Cancel, quote: ChangeQuote) -> Result<Carried, ServiceError> {
    let Cancel { organization, mut subscription, lifecycle, today, calendar, engine, said } = cancel;
    let giver = Giver { organization, subscription: subscription.id, today };
    let before = subscription.state.status();
    let state = subscription.state.cancel_now(lifecycle, today);
    subscription.state = state.map_err(|_| ServiceError::Change(ChangeRefusal::NotActive))?;
    let dropped = subscription.schedule(None).as_ref().map(json).transpose()?;
    (subscription.renewal_price, subscription.dunning) = (None, None);
    if let Some(owed) = subscription.owes
        && is_settled_by(tx, organization, owed, &quote).await?
    {
        subscription.owes = None;
    }
    let due_at = calendar.due_at(&subscription.agenda())?;
    tx.save_subscription(organization, &mut subscription, due_at).await?;
    tx.end_seats(organization, subscription.id, today).await?;
    let prepared = crediting::prepare(tx, giver, &quote.notes).await?;
    crediting::write(tx, giver, prepared).await?;
    let record = Record::new("subscription.cancel", "subscription", subscription.id.uuid())
        .fact("how", "now")
        .fact("before", before.code())
        .fact("after", subscription.state.status().code())
        .fact("people", subscription.assigned)
        .fact("dropped", dropped);
    tx.audit(said.on(record));
    let mut run = Run::begin(tx, &engine, organization).await?;
    run.move_people(tx, &mut subscription, today).await?;
    run.finish(tx).await?;
    let facts = facts(&quote);
    let mut notices = vec![told(NoticeKind::Canceled, Audience::Managers, subscription.id, facts.clone())];
    if !quote.notes.is_empty() {
        notices.push(told(NoticeKind::Credited, Audience::Payers, subscription.id, facts));
    }
    tx.tell(organization, notices).await?;
    Ok(Carried::Done)
}

/// Whether the credit notes leave nothing owed on this invoice.
async fn is_settled_by(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    invoice: domain::id::DocumentId,
    quote: &ChangeQuote,
) -> Result<bool, ServiceError> {
    let lowered = quote.notes.iter().find(|note| note.invoice == invoice).map(|note| note.lowers);
    let invoice = tx.invoice(organization, invoice).await?.ok_or(ServiceError::QuoteChanged)?;
    let owed = invoice.standing.owed().map_err(ServiceError::broken)?;
    Ok(lowered.is_some_and(|lowered| lowered.minor() >= owed.minor()))
}

/// It ends with its term: recurring billing is turned off.
async fn end_with_term(tx: &mut Tx<'_>, cancel: Cancel) -> Result<Carried, ServiceError> {
    let Cancel { organization, mut subscription, calendar, said, .. } = cancel;
    let was_recurring = paid_term(&subscription)?.recurring;
    recurring::set(tx, organization, &mut subscription, (&calendar, false)).await?;
    let record = Record::new("subscription.cancel", "subscription", subscription.id.uuid())
        .fact("how", "at-end")
        .fact("recurring_before", was_recurring)
        .fact("ends_on", subscription.ends_on.to_string());
    tx.audit(said.on(record));
    Ok(Carried::Done)
}

impl CancelWish {
    /// Why and how, and nothing else.
    pub fn new(how: CancelHow, reason: CancelReason) -> Self {
        Self { how, reason, other: String::new(), feedback: String::new() }
    }
}
