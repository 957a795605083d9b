//! More or fewer seats (SPEC 5, Seats).

use domain::change::{GivenBack, ScheduledChange};
use domain::conventions::Conventions;
use domain::field::parse_seat_count;
use domain::id::{DocumentId, OrganizationId, SeatPurchaseId, SubscriptionId};
use domain::notices::{Audience, NoticeKind};
use domain::order::{Choice, OrderKind};
use domain::quote::ChangeQuote;
use domain::subscription::{SeatCause, SeatCount};
use domain::time::{Date, Instant};
use store::Tx;
use store::audit::Record;
use store::subscriptions::{Scheduled, Subscription};

use super::carry::{Carried, Ordered, changed, confirming, facts, told};
use super::managed::Managed;
use super::{ChangeOutcome, Confirmation, Sealed, SeatQuote, SeatWish, When};
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::crediting::{self, Giver};
use crate::{ServiceError, Services};

impl Services {
    /// What another number of seats costs or gives back, and from when on it holds.
    pub async fn quote_seats(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
        wish: &SeatWish,
    ) -> Result<SeatQuote, ServiceError> {
        let at = self.environment().now();
        let managed = self.managed_at(asker, subscription, at).await?;
        quote(&managed, wish, at)
    }

    /// Confirms another number of seats. Confirming again what was confirmed gives what became of it, at any age.
    pub async fn change_seats(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
        wish: &SeatWish,
        confirmation: &Confirmation,
    ) -> Result<ChangeOutcome, ServiceError> {
        let managed = self.managed_at(asker, subscription, confirmation.quoted_at).await?;
        let organization = managed.place.organization.id;
        let key = confirming(&managed.place, subscription, wish, &confirmation.seal)?;
        if let Some(outcome) = self.carried_before(organization, &key).await? {
            return Ok(outcome);
        }
        let quoted = quote(&managed, wish, confirmation.quoted_at)?;
        self.must_stand(&quoted.sealed, confirmation)?;
        let command = self.confirmed(asker, &managed, key);
        let carried = if quoted.change.is_charged() {
            let ordered = ordered(&managed, quoted)?;
            self.order_change(command, &managed, ordered).await?
        } else {
            self.must_be_numbered(&managed).await?;
            let at_once = AtOnce::of(&managed, quoted)?;
            self.store()
                .write(command, move |tx| {
                    let at_once = at_once.clone();
                    Box::pin(async move { write(tx, at_once).await })
                })
                .await
                .map_err(changed)?
        };
        self.carried(organization, carried).await
    }

    /// A credit note names the number of its invoice: what waits for one gets it first.
    pub(super) async fn must_be_numbered(&self, managed: &Managed) -> Result<(), ServiceError> {
        if managed.facts.unnumbered {
            self.number_documents().await?;
        }
        Ok(())
    }
}

fn quote(managed: &Managed, wish: &SeatWish, at: Instant) -> Result<SeatQuote, ServiceError> {
    let total = parse_seat_count(&wish.total);
    let total = total.map_err(|problem| ServiceError::Fields(vec![problem.of("total")]))?;
    let change = managed.held()?.quote_seats(total.get(), wish.when);
    let change = change.map_err(|error| managed.refused(error))?;
    if change.is_charged() {
        managed.must_owe_nothing()?;
        managed.must_be_alone()?;
    }
    let scheduled_replaced = managed.subscription.scheduled.clone().filter(|_| schedules(managed, &change));
    Ok(SeatQuote { sealed: Sealed::of(managed, at, wish, &change)?, change, scheduled_replaced })
}

/// Whether something of it waits for the renewal that did not wait before.
fn schedules(managed: &Managed, change: &ChangeQuote) -> bool {
    let known = managed.subscription.scheduled.as_ref();
    let as_known = known.map_or(change.seats.1, |known| known.change.seats_after(change.seats.1));
    change.seats.2 != as_known || (change.seats.1 == change.seats.0 && change.seats.2 != change.seats.0)
}

fn ordered(managed: &Managed, quoted: SeatQuote) -> Result<Ordered, ServiceError> {
    let (product, plan) = managed.product_and_plan()?;
    let paid = managed.paid()?;
    let seats = SeatCount::new(quoted.change.seats.1).ok_or(ServiceError::QuoteChanged)?;
    let (product, plan) = (product.key.clone(), plan.key.clone());
    Ok(Ordered {
        kind: OrderKind::Seats,
        plan: managed.subscription.plan,
        price: managed.subscription.price_id,
        choice: Choice { product, plan, term: paid.term, frequency: paid.frequency, seats },
        quote: quoted.change,
        seal: quoted.sealed.seal,
    })
}

/// A change of seats that costs nothing now.
#[derive(Clone)]
struct AtOnce {
    organization: OrganizationId,
    subscription: Subscription,
    quote: ChangeQuote,
    scheduled: Option<ScheduledChange>,
    /// The newest invoice: seats that cost nothing more were charged on it.
    invoice: Option<DocumentId>,
    given_back: Vec<(SeatPurchaseId, u32)>,
    by: domain::id::PersonId,
    today: Date,
    calendar: Calendar,
}

impl AtOnce {
    fn of(managed: &Managed, quoted: SeatQuote) -> Result<Self, ServiceError> {
        let quote = quoted.change;
        let scheduled =
            schedules(managed, &quote).then(|| ScheduledChange::seats(quote.seats.1, quote.seats.2));
        let purchase = |back: &GivenBack| {
            let id = managed.facts.ids.get(back.purchase).copied();
            id.map(|id| (id, back.seats)).ok_or(ServiceError::QuoteChanged)
        };
        Ok(Self {
            organization: managed.place.organization.id,
            subscription: managed.subscription.clone(),
            given_back: quote.given_back.iter().map(purchase).collect::<Result<_, _>>()?,
            invoice: managed.facts.invoices.last().map(|charged| charged.invoice),
            by: managed.place.person.id,
            today: managed.window.customer.today,
            calendar: managed.calendar.clone(),
            quote,
            scheduled,
        })
    }
}

async fn write(tx: &mut Tx<'_>, at_once: AtOnce) -> Result<Carried, ServiceError> {
    let AtOnce { organization, quote, today, .. } = &at_once;
    let mut subscription = at_once.subscription.clone();
    let replaced = subscription.scheduled.clone();
    subscription.seats = quote.seats.1;
    if let Some(change) = at_once.scheduled.clone() {
        let scheduled = Scheduled { change, by: at_once.by, at: tx.at(), losing: vec![] };
        subscription.schedule(Some(scheduled));
    }
    let due_at = at_once.calendar.due_at(&subscription.agenda())?;
    tx.save_subscription(*organization, &mut subscription, due_at).await?;
    for (purchase, seats) in &at_once.given_back {
        tx.give_seats_back(*organization, *purchase, *seats).await?;
    }
    let giver = Giver { organization: *organization, subscription: subscription.id, today: *today };
    let prepared = crediting::prepare(tx, giver, &quote.notes).await?;
    crediting::write(tx, giver, prepared).await?;
    if quote.added() > 0 {
        let invoice = at_once.invoice.ok_or(ServiceError::QuoteChanged)?;
        let until = Conventions::default().window_until(*today).map_err(ServiceError::broken)?;
        let bought = (SeatCause::Increase, quote.added());
        tx.add_seats(*organization, subscription.id, invoice, bought, (*today, until)).await?;
    }
    let scheduled = at_once.scheduled.as_ref();
    tx.audit(record(&subscription, quote, scheduled, replaced.filter(|_| scheduled.is_some()).as_ref())?);
    tell(tx, &at_once, &subscription).await?;
    Ok(Carried::Done)
}

fn record(
    subscription: &Subscription,
    quote: &ChangeQuote,
    scheduled: Option<&ScheduledChange>,
    replaced: Option<&Scheduled>,
) -> Result<Record, ServiceError> {
    let json = |change: &ScheduledChange| serde_json::to_value(change).map_err(ServiceError::broken);
    Ok(Record::new("subscription.seats", "subscription", subscription.id.uuid())
        .fact("before", quote.seats.0)
        .fact("after", quote.seats.1)
        .fact("at_renewal", quote.seats.2)
        .fact("scheduled", scheduled.map(json).transpose()?)
        .fact("replaced", replaced.map(|replaced| json(&replaced.change)).transpose()?))
}

async fn tell(tx: &mut Tx<'_>, at_once: &AtOnce, subscription: &Subscription) -> Result<(), ServiceError> {
    let AtOnce { organization, quote, scheduled, .. } = at_once;
    let mut notices = Vec::new();
    let mut say = |kind, audience| notices.push(told(kind, audience, subscription.id, facts(quote)));
    if quote.seats.1 != quote.seats.0 {
        say(NoticeKind::Changed, Audience::Managers);
    }
    if scheduled.is_some() {
        say(NoticeKind::Scheduled, Audience::Managers);
    }
    if !quote.notes.is_empty() {
        say(NoticeKind::Credited, Audience::Payers);
    }
    Ok(tx.tell(*organization, notices).await?)
}

impl SeatWish {
    /// This total from now on, as far as the rules allow it.
    pub fn now(total: u32) -> Self {
        Self { total: total.to_string(), when: When::Now }
    }

    /// This total from the renewal on.
    pub fn at_renewal(total: u32) -> Self {
        Self { total: total.to_string(), when: When::AtRenewal }
    }
}
