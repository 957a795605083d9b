//! Another plan of the product, or another term or frequency (SPEC 5, Plan change).

use domain::catalog::{BillingFrequency, Key, Offer, Plan, Price, Term};
use domain::change::{ChangeRefusal, ScheduledChange};
use domain::id::{OrganizationId, PersonId, PlanId, PriceId, SubscriptionId};
use domain::notices::{Audience, NoticeKind};
use domain::order::{Choice, OrderKind};
use domain::quote::ChangeQuote;
use domain::subscription::SeatCount;
use domain::time::Instant;
use store::Tx;
use store::audit::Record;
use store::shelf::slot;
use store::subscriptions::{Scheduled, Subscription};

use super::carry::{Carried, Ordered, changed, confirming, facts, told};
use super::managed::Managed;
use super::scheduled::json;
use super::{ChangeOutcome, Confirmation, PlanChoices, PlanQuote, PlanWish, Sealed, When};
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::{ServiceError, Services};

impl Services {
    /// The plans that a subscription can change to.
    pub async fn plan_choices(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<PlanChoices, ServiceError> {
        let managed = self.managed(asker, subscription).await?;
        let (product, plan) = managed.product_and_plan()?;
        let price = &managed.subscription.price;
        let current = (plan.key.clone(), price.term, price.frequency);
        let offers = match managed.window.offer(product) {
            Offer::Sold(sale) => sale.plans.iter().map(|offer| offered(offer.plan, &offer.prices)).collect(),
            Offer::TrialOnly { .. } | Offer::NotSoldHere(_) => vec![],
        };
        Ok(PlanChoices { current, offers, pane: managed.pane()? })
    }

    /// What another plan costs or gives back, and from when on it holds.
    pub async fn quote_plan(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
        wish: &PlanWish,
    ) -> Result<PlanQuote, ServiceError> {
        let at = self.environment().now();
        let managed = self.managed_at(asker, subscription, at).await?;
        quote(&managed, wish, at).map(|(quote, _)| quote)
    }

    /// Confirms another plan. Confirming again what was confirmed gives what became of it, at any age.
    pub async fn change_plan(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
        wish: &PlanWish,
        confirmation: &Confirmation,
    ) -> Result<ChangeOutcome, ServiceError> {
        let managed = self.managed_at(asker, subscription, confirmation.quoted_at).await?;
        let organization = managed.place.organization.id;
        let key = confirming(&managed.place, subscription, wish, &confirmation.seal)?;
        if let Some(outcome) = self.carried_before(organization, &key).await? {
            return Ok(outcome);
        }
        let (quoted, wanted) = quote(&managed, wish, confirmation.quoted_at)?;
        self.must_stand(&quoted.sealed, confirmation)?;
        let command = self.confirmed(asker, &managed, key);
        let carried = match wish.when {
            When::Now => {
                self.must_be_numbered(&managed).await?;
                let ordered = ordered(&managed, quoted, wanted)?;
                self.order_change(command, &managed, ordered).await?
            }
            When::AtRenewal => {
                let at_renewal = AtRenewal::of(&managed, quoted.change, wanted);
                self.store()
                    .write(command, move |tx| {
                        let at_renewal = at_renewal.clone();
                        Box::pin(async move { schedule(tx, at_renewal).await })
                    })
                    .await
                    .map_err(changed)?
            }
        };
        self.carried(organization, carried).await
    }
}

fn offered(plan: &Plan, prices: &[&Price]) -> (Key, Vec<(Term, BillingFrequency, Price)>) {
    let prices = prices.iter().map(|price| (price.term, price.frequency, (*price).clone()));
    (plan.key.clone(), prices.collect())
}

/// What is wanted, with its ids.
#[derive(Clone)]
struct Wanted {
    plan: PlanId,
    price: PriceId,
    key: Key,
    term: Term,
    frequency: BillingFrequency,
}

fn quote(managed: &Managed, wish: &PlanWish, at: Instant) -> Result<(PlanQuote, Wanted), ServiceError> {
    let (product, _) = managed.product_and_plan()?;
    let plan = product.plan(&wish.plan).ok_or(ServiceError::NotFound)?;
    let term = Term::from_code(&wish.term).ok_or(ServiceError::NotFound)?;
    let frequency = BillingFrequency::from_code(&wish.frequency).ok_or(ServiceError::NotFound)?;
    let currency = managed.subscription.price.currency;
    let fits = |price: &&Price| (price.currency, price.term, price.frequency) == (currency, term, frequency);
    let price = plan.prices.iter().find(fits).ok_or(ServiceError::NotFound)?;
    let shelf = &managed.window.shelf;
    let place = (product.key.to_string(), plan.key.to_string());
    let plan_id = *shelf.plans.get(&place).ok_or(ServiceError::NotFound)?;
    let price_id = *shelf.prices.get(&(plan_id, slot(price))).ok_or(ServiceError::NotFound)?;
    let change = managed.held()?.quote_plan(plan, price, wish.when);
    let change = change.map_err(|error| managed.refused(error))?;
    if wish.when == When::Now {
        managed.must_owe_nothing()?;
        managed.must_be_alone()?;
        if managed.subscription.waiting > 0 {
            return Err(ServiceError::Change(ChangeRefusal::PaymentUnderway));
        }
    }
    let sealed = Sealed::of(managed, at, wish, &(&change, price_id))?;
    let scheduled_replaced = managed.subscription.scheduled.clone();
    let wanted = Wanted { plan: plan_id, price: price_id, key: plan.key.clone(), term, frequency };
    Ok((PlanQuote { sealed, change, scheduled_replaced }, wanted))
}

fn ordered(managed: &Managed, quoted: PlanQuote, wanted: Wanted) -> Result<Ordered, ServiceError> {
    let (product, _) = managed.product_and_plan()?;
    let seats = SeatCount::new(managed.subscription.seats).ok_or(ServiceError::QuoteChanged)?;
    let Wanted { plan, price, key, term, frequency } = wanted;
    Ok(Ordered {
        kind: OrderKind::Plan,
        plan,
        price,
        choice: Choice { product: product.key.clone(), plan: key, term, frequency, seats },
        quote: quoted.change,
        seal: quoted.sealed.seal,
    })
}

/// Another plan that waits for the renewal.
#[derive(Clone)]
struct AtRenewal {
    organization: OrganizationId,
    subscription: Subscription,
    quote: ChangeQuote,
    change: ScheduledChange,
    by: PersonId,
    calendar: Calendar,
}

impl AtRenewal {
    fn of(managed: &Managed, quote: ChangeQuote, wanted: Wanted) -> Self {
        let Wanted { key: plan, term, frequency, .. } = wanted;
        Self {
            organization: managed.place.organization.id,
            subscription: managed.subscription.clone(),
            quote,
            change: ScheduledChange::Plan { plan, term, frequency },
            by: managed.place.person.id,
            calendar: managed.calendar.clone(),
        }
    }
}

async fn schedule(tx: &mut Tx<'_>, at_renewal: AtRenewal) -> Result<Carried, ServiceError> {
    let AtRenewal { organization, mut subscription, quote, change, by, calendar } = at_renewal;
    let scheduled = Scheduled { change, by, at: tx.at(), losing: vec![] };
    let after = json(&scheduled)?;
    let replaced = subscription.schedule(Some(scheduled));
    let due_at = calendar.due_at(&subscription.agenda())?;
    tx.save_subscription(organization, &mut subscription, due_at).await?;
    tx.audit(
        Record::new("subscription.plan", "subscription", subscription.id.uuid())
            .fact("scheduled", after)
            .fact("replaced", replaced.as_ref().map(json).transpose()?),
    );
    let notice = told(NoticeKind::Scheduled, Audience::Managers, subscription.id, facts(&quote));
    tx.tell(organization, vec![notice]).await?;
    Ok(Carried::Done)
}
