//! The engine: carries out what the calendar brings to subscriptions (SPEC 3, 5).
//!
//! [`domain::agenda`] says what falls due, on which day and in which order; here each thing is done, inside one unit
//! of work for as many subscriptions of an organization as are due. A subscription is taken as far as today, however
//! late that is, and written once. No provider is called here: what is to be collected is written down as an attempt,
//! and the worker asks the provider afterwards (`collecting`).
//!
//! | step | file |
//! |---|---|
//! | a period is invoiced, a term renews, what is scheduled is applied | `billing` |
//! | a trial becomes the purchase that was chosen | `converting` |
//! | a term, a trial, days as Expired or Disabled are over | `ending` |
//! | people move to other seats or lose their license | `seats` |
//! | people are told | `telling` |

pub(crate) mod billing;
mod converting;
mod ending;
mod seats;
mod telling;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::agenda::{Ahead, Due, Dunning};
use domain::catalog::{Issuer, Plan, Product};
use domain::document::Recipient;
use domain::id::{BillingProfileId, OrganizationId, PersonId, SubscriptionId, WorkerId};
use domain::money::Money;
use domain::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::audit::Record;
use store::billing::PayingProfile;
use store::notices::NewNotice;
use store::organizations::Organization;
use store::shelf::Shelf;
use store::subscriptions::Subscription;
use store::work::{Kind, Work};

pub(crate) use seats::losing;

use crate::calendar::Calendar;
use crate::catalog::Customer;
use crate::{ServiceError, Services};

/// What of a subscription was carried out: for `clock advance`, tests and the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// The day that it counts for.
    pub on: Date,
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// What, in the word of its audit record: `subscription.renew`.
    pub what: String,
}

/// How many steps one subscription takes in one unit; the rest waits for the next round.
const MOST_STEPS: usize = 64;

/// What a unit of the engine's knows beforehand.
#[derive(Clone)]
pub(crate) struct Engine {
    /// The catalog in force.
    pub(crate) shelf: Arc<Shelf>,
    /// What the real clock says.
    pub(crate) now: Instant,
    /// By which name this process claims due work.
    pub(crate) worker: WorkerId,
    /// Whether no money moves there.
    pub(crate) test_mode: bool,
}

/// One organization in one unit of the engine's.
pub(crate) struct Run<'e> {
    pub(crate) engine: &'e Engine,
    pub(crate) organization: Organization,
    pub(crate) calendar: Calendar,
    pub(crate) customer: Customer,
    /// Today in the organization.
    pub(crate) today: Date,
    /// What was carried out.
    pub(crate) happened: Vec<Happened>,
    notices: Vec<NewNotice>,
    records: Vec<Record>,
    /// The people who bought and the profiles that pay, as far as they were looked up: many subscriptions share them.
    buyers: BTreeMap<PersonId, Recipient>,
    profiles: BTreeMap<BillingProfileId, PayingProfile>,
    credit: BTreeMap<BillingProfileId, Money>,
}

/// What a subscription's product, plan and issuer are.
pub(crate) struct Sold<'e> {
    pub(crate) product: &'e Product,
    pub(crate) plan: &'e Plan,
    pub(crate) issuer: &'e Issuer,
}

impl Services {
    /// What a unit of the engine's has to know beforehand.
    pub(crate) async fn engine(&self) -> Result<Engine, ServiceError> {
        Ok(Engine {
            shelf: self.shelf().await?,
            now: self.environment().now(),
            worker: self.worker(),
            test_mode: self.paying().provider().is_test(),
        })
    }

    /// Carries out what is due of these subscriptions of one organization, all in one unit of work.
    pub(crate) async fn advance(
        &self,
        organization: OrganizationId,
        due: Vec<Work>,
    ) -> Result<Vec<Happened>, ServiceError> {
        let engine = self.engine().await?;
        let command = self.command_of_machine(organization, None);
        self.store()
            .write(command, move |tx| {
                let (engine, due) = (engine.clone(), due.clone());
                Box::pin(async move { advance_all(tx, &engine, organization, &due).await })
            })
            .await
    }
}

async fn advance_all(
    tx: &mut Tx<'_>,
    engine: &Engine,
    organization: OrganizationId,
    due: &[Work],
) -> Result<Vec<Happened>, ServiceError> {
    let mut run = Run::begin(tx, engine, organization).await?;
    let mut claimed = BTreeMap::new();
    if due.len() > 1 {
        let found = tx.subscriptions_claimed(engine.worker, organization).await?;
        claimed.extend(found.into_iter().map(|subscription| (subscription.id, subscription)));
    }
    for work in due {
        let id = SubscriptionId::from_uuid(work.subject);
        let found = match claimed.remove(&id) {
            Some(subscription) => Some(subscription),
            None => tx.subscription(organization, id).await?,
        };
        match found {
            Some(subscription) => run.look_at(tx, subscription).await?,
            None => tx.set_work(organization, work.kind, work.subject, None).await?,
        }
    }
    run.finish(tx).await
}

impl<'e> Run<'e> {
    /// Looks at an organization.
    pub(crate) async fn begin(
        tx: &mut Tx<'_>,
        engine: &'e Engine,
        organization: OrganizationId,
    ) -> Result<Self, ServiceError> {
        let organization = tx.organization(organization).await?;
        let organization = organization.ok_or_else(|| ServiceError::broken("the organization is gone"))?;
        let calendar = Calendar::of(&organization)?;
        let customer = Customer::of(&organization, engine.now)?;
        let today = customer.today;
        // One organization, many things: what is added goes in together.
        tx.collect_rows(calendar.is_test());
        let (happened, notices, records) = (Vec::new(), Vec::new(), Vec::new());
        let (buyers, profiles, credit) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Self {
            engine,
            organization,
            calendar,
            customer,
            today,
            happened,
            notices,
            records,
            buyers,
            profiles,
            credit,
        })
    }

    /// Writes what was noted beside the subscriptions themselves.
    pub(crate) async fn finish(self, tx: &mut Tx<'_>) -> Result<Vec<Happened>, ServiceError> {
        tx.tell(self.organization.id, self.notices).await?;
        for record in self.records {
            tx.audit(record);
        }
        Ok(self.happened)
    }

    /// Takes one subscription as far as today, and writes it down if that did something.
    async fn look_at(&mut self, tx: &mut Tx<'_>, mut subscription: Subscription) -> Result<(), ServiceError> {
        if self.take_on(tx, &mut subscription).await? {
            return self.save(tx, &mut subscription).await;
        }
        let due_at = self.calendar.due_at(&subscription.agenda())?;
        let (organization, id) = (self.organization.id, subscription.id.uuid());
        Ok(tx.set_work(organization, Kind::Subscription, id, due_at).await?)
    }

    /// Takes one subscription that was changed as far as today, and writes it down.
    pub(crate) async fn advance(
        &mut self,
        tx: &mut Tx<'_>,
        mut subscription: Subscription,
    ) -> Result<(), ServiceError> {
        self.take_on(tx, &mut subscription).await?;
        self.save(tx, &mut subscription).await
    }

    /// Says whether anything was due.
    async fn take_on(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
    ) -> Result<bool, ServiceError> {
        for step in 0..MOST_STEPS {
            match subscription.agenda().next().map_err(ServiceError::broken)? {
                Some((on, due)) if on <= self.today => self.step(tx, subscription, on, due).await?,
                _ => return Ok(step > 0),
            }
        }
        Ok(true)
    }

    /// Writes a subscription down, with when it falls due next.
    pub(crate) async fn save(
        &self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
    ) -> Result<(), ServiceError> {
        let due_at = self.calendar.due_at(&subscription.agenda())?;
        Ok(tx.save_subscription(self.organization.id, subscription, due_at).await?)
    }

    async fn step(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        due: Due,
    ) -> Result<(), ServiceError> {
        match due {
            Due::Start => {
                subscription.state = subscription.state.start(on).map_err(ServiceError::broken)?;
                self.note(subscription, on, "subscription.begin", |record| record);
                Ok(())
            }
            Due::Convert => self.convert(tx, subscription, on).await,
            Due::End => self.end(tx, subscription, on).await,
            Due::Disable | Due::DisableUnpaid => self.disable(tx, subscription, on, due).await,
            Due::Delete => self.delete(tx, subscription, on).await,
            Due::Retry => self.retry(tx, subscription, on).await,
            Due::Remind => {
                self.remind(subscription, on);
                Ok(())
            }
            Due::Renew => self.renew(tx, subscription, on).await,
            Due::Invoice => self.invoice(tx, subscription, on).await,
            Due::FixPrice => {
                self.fix_price(subscription, on);
                Ok(())
            }
            Due::Tell(ahead) => self.tell_ahead(tx, subscription, on, ahead).await,
        }
    }

    /// Notes what was done, for the audit and whoever asked.
    pub(crate) fn note(
        &mut self,
        subscription: &Subscription,
        on: Date,
        what: &'static str,
        facts: impl FnOnce(Record) -> Record,
    ) {
        let record = Record::new(what, "subscription", subscription.id.uuid()).fact("on", on.to_string());
        self.records.push(facts(record));
        self.happened.push(Happened { on, subscription: subscription.id, what: what.to_owned() });
    }

    /// The product, plan and issuer of a subscription.
    pub(crate) fn sold(&self, subscription: &Subscription) -> Result<Sold<'e>, ServiceError> {
        let lost = |what: &str| ServiceError::broken(format!("the {what} of {} is gone", subscription.id));
        let shelf = &self.engine.shelf;
        let (product, plan) = shelf.plan(subscription.plan).ok_or_else(|| lost("plan"))?;
        let issuer = shelf.catalog.issuer_for(self.customer.country).ok_or_else(|| lost("issuer"))?;
        Ok(Sold { product, plan, issuer })
    }
}

/// What has failed becomes, or stays, the dunning of a subscription.
pub(crate) fn failed_on(dunning: Option<Dunning>, today: Date, hard: bool) -> Dunning {
    let first_failure = dunning.map_or(today, |dunning| dunning.first_failure);
    let hard_since = dunning.and_then(|dunning| dunning.hard_since).or(hard.then_some(today));
    Dunning { first_failure, hard_since, done_to: today }
}

/// The day on which what is announced happens.
pub(crate) const fn day_of(ahead: Ahead) -> Date {
    match ahead {
        Ahead::Renewal(day)
        | Ahead::End(day)
        | Ahead::Deletion(day)
        | Ahead::TrialEnd(day)
        | Ahead::LosingSeats(day) => day,
    }
}
