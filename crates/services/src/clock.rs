//! Test clocks: an organization whose days pass when somebody says so (SPEC 3).
//!
//! Only an organization without documents is put on one, for ever. Its documents take the test series, no worker
//! touches it, and [`Services::advance_clock`] carries out everything that falls due, day by day and in order.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{OrganizationId, PaymentAttemptId, SubscriptionId};
use domain::language::Localized;
use domain::time::Date;
use store::Command;
use store::audit::Record;
use store::orders::Attempt;
use store::organizations::Organization;
use store::work::{Kind, Work};

use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::engine::Happened;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// How often a payment is asked about on one day whose outcome stays unknown.
const TRIES: usize = 5;

/// Why a test clock does not do what was asked. Nothing was changed by asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockProblem {
    /// There is no such organization.
    #[error("there is no organization of this key")]
    Unknown,
    /// It has documents: its days are real.
    #[error("it has documents already; only an organization without any can be put on a test clock")]
    HasDocuments,
    /// Its days are real.
    #[error("it is not on a test clock; `zaseki clock start` puts it on one, for ever")]
    Real,
    /// A test clock goes forward only.
    #[error("its test clock stands at {0} and goes forward only")]
    Backward(Date),
    /// Further than one request takes it.
    #[error("a page moves a test clock to {0} at most; `zaseki clock advance` goes further")]
    TooFar(Date),
    /// A test clock uses the sandbox: no money moves on it.
    #[error("a test clock needs the sandbox, and this deployment takes real payments")]
    NoSandbox,
}

/// What came of advancing a test clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// What was carried out, in order.
    pub happened: Vec<Happened>,
    /// What failed and was left, each with its reason.
    pub failed: Vec<String>,
}

/// The clock of an organization, for its administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnClock {
    /// The day on its test clock, where it is on one.
    pub test_clock: Option<Date>,
    /// Whether it could be put on one.
    pub can_start: bool,
    /// Which day it is there.
    pub today: Date,
    /// The last day to which one request of a page moves it; the command line knows no limit.
    pub last: Date,
}

/// How many days one request of a page moves a test clock at most.
const LONGEST_ADVANCE_DAYS: i32 = 400;

impl Services {
    /// The clock of the asker's own organization.
    pub async fn own_clock(&self, asker: &Asker) -> Result<OwnClock, ServiceError> {
        asker.must(Right::MoveClock)?;
        let organization = &asker.must_place()?.organization;
        let is_test = self.paying().provider().is_test();
        let today = self.customer(organization)?.today;
        Ok(OwnClock {
            test_clock: organization.test_clock,
            can_start: organization.test_clock.is_none() && !organization.has_document && is_test,
            today,
            last: domain::time::add_days(today, LONGEST_ADVANCE_DAYS).map_err(ServiceError::broken)?,
        })
    }

    /// Puts the asker's own organization on a test clock, for ever.
    pub async fn start_own_clock(&self, asker: &Asker) -> Result<Date, ServiceError> {
        asker.must(Right::MoveClock)?;
        let organization = asker.must_place()?.organization.clone();
        self.start_clock_of(&organization, &self.command(asker, organization.id, None)).await
    }

    /// Moves the test clock of the asker's own organization, some months at most.
    pub async fn advance_own_clock(&self, asker: &Asker, to: Date) -> Result<Advanced, ServiceError> {
        let clock = self.own_clock(asker).await?;
        if to > clock.last {
            return Err(ClockProblem::TooFar(clock.last).into());
        }
        let organization = asker.must_place()?.organization.clone();
        let command = self.command(asker, organization.id, None);
        self.advance_clock_of(organization, to, &command, |_| ()).await
    }

    /// What the products of subscriptions are called, for the page that says what happened to them.
    pub async fn names_on_clock(
        &self,
        asker: &Asker,
        subscriptions: &BTreeSet<SubscriptionId>,
    ) -> Result<BTreeMap<SubscriptionId, Localized>, ServiceError> {
        asker.must(Right::MoveClock)?;
        let organization = asker.must_place()?.organization.id;
        let window = self.browse(asker).await?;
        let mut names = BTreeMap::new();
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        for id in subscriptions {
            let Some(subscription) = conn.subscription(organization, *id).await? else { continue };
            if let Some(product) = window.product(subscription.product) {
                names.insert(*id, product.name.clone());
            }
        }
        Ok(names)
    }

    /// Puts an organization on a test clock that stands at today.
    pub async fn start_clock(&self, key: &str) -> Result<Date, ServiceError> {
        let organization = self.organization_of_key(key).await?;
        self.start_clock_of(&organization, &self.command_line(organization.id)).await
    }

    async fn start_clock_of(
        &self,
        organization: &Organization,
        command: &Command,
    ) -> Result<Date, ServiceError> {
        if let Some(day) = organization.test_clock {
            return Ok(day);
        }
        if organization.has_document {
            return Err(ClockProblem::HasDocuments.into());
        }
        if !self.paying().provider().is_test() {
            return Err(ClockProblem::NoSandbox.into());
        }
        let today = self.customer(organization)?.today;
        self.set_clock(organization, today, command).await?;
        Ok(today)
    }

    /// Moves the test clock of an organization to a day, and carries out everything that falls due until then, in
    /// order and to the end. `said` hears each thing as it is done.
    pub async fn advance_clock(
        &self,
        key: &str,
        to: Date,
        said: impl FnMut(&Happened),
    ) -> Result<Advanced, ServiceError> {
        let organization = self.organization_of_key(key).await?;
        let command = self.command_line(organization.id);
        self.advance_clock_of(organization, to, &command, said).await
    }

    async fn advance_clock_of(
        &self,
        mut organization: Organization,
        to: Date,
        command: &Command,
        mut said: impl FnMut(&Happened),
    ) -> Result<Advanced, ServiceError> {
        let mut day = organization.test_clock.ok_or(ClockProblem::Real)?;
        if to < day {
            return Err(ClockProblem::Backward(day).into());
        }
        let mut advanced = Advanced { happened: Vec::new(), failed: Vec::new() };
        loop {
            self.carry_out_day(&organization, day, &mut advanced, &mut said).await?;
            if day == to {
                return Ok(advanced);
            }
            day = self.next_day(&organization, day, to).await?;
            organization = self.set_clock(&organization, day, command).await?;
        }
    }

    /// The next day on which something falls due, or the last.
    async fn next_day(&self, organization: &Organization, day: Date, to: Date) -> Result<Date, ServiceError> {
        let calendar = Calendar::of(organization)?;
        let until = calendar.start_of(to)?;
        let mut reader = self.store().read().await?;
        let next = reader.conn().first_held_work(organization.id, until).await?;
        let next = next.map_or(to, |work| calendar.day_of(work.due_at));
        // What is due and was left, because it fails, holds nobody up.
        Ok(if next > day { next } else { day.tomorrow().map_err(ServiceError::broken)? })
    }

    /// Everything that is due on the day at which the clock stands: payments first, then what the calendar brings, as
    /// long as one leads to the other.
    async fn carry_out_day(
        &self,
        organization: &Organization,
        day: Date,
        advanced: &mut Advanced,
        said: &mut impl FnMut(&Happened),
    ) -> Result<(), ServiceError> {
        let until = Calendar::of(organization)?.start_of(day)?;
        let mut left = BTreeSet::new();
        loop {
            let mut reader = self.store().read().await?;
            let work = reader.conn().held_work(organization.id, until).await?;
            drop(reader);
            let Some(work) = work.into_iter().find(|work| !left.contains(&(work.kind, work.subject))) else {
                break;
            };
            match self.carry_out_held(work).await {
                Ok(happened) => {
                    happened.iter().for_each(&mut *said);
                    advanced.happened.extend(happened);
                }
                Err(error) => advanced.failed.push(format!("{} {}: {error}", work.kind, work.subject)),
            }
            if self.is_still_due(work).await? {
                left.insert((work.kind, work.subject));
            }
            // The next document that corrects or follows one needs its number.
            self.number_documents().await?;
        }
        Ok(())
    }

    async fn carry_out_held(&self, work: Work) -> Result<Vec<Happened>, ServiceError> {
        match work.kind {
            Kind::Subscription => self.advance(work.organization, vec![work]).await,
            Kind::Method => self.forget_methods(&[work]).await.map(|()| Vec::new()),
            Kind::Refund => self.settle_refunds(&[work]).await.map(|()| Vec::new()),
            Kind::Attempt => {
                let id = PaymentAttemptId::from_uuid(work.subject);
                for _ in 0..TRIES {
                    let attempt = self.store().read().await?.conn().attempt(work.organization, id).await?;
                    match attempt {
                        Some(attempt) if attempt.settled_at.is_some() => break,
                        Some(Attempt { document: Some(document), .. }) => {
                            let happened = self.collect_for(work.organization, id, document).await?;
                            if !happened.is_empty() {
                                return Ok(happened);
                            }
                        }
                        Some(_) => {
                            self.settle(work.organization, id).await?;
                            break;
                        }
                        None => break,
                    }
                }
                Ok(Vec::new())
            }
        }
    }

    /// Whether something is due as it was before: then it waits for somebody, or fails.
    async fn is_still_due(&self, work: Work) -> Result<bool, ServiceError> {
        let mut reader = self.store().read().await?;
        let now = reader.conn().work(work.organization, work.kind, work.subject).await?;
        Ok(now.is_some_and(|now| work.kind != Kind::Subscription || now.due_at == work.due_at))
    }

    async fn organization_of_key(&self, key: &str) -> Result<Organization, ServiceError> {
        let found = self.store().read().await?.conn().organization_by_key(key).await?;
        found.ok_or_else(|| ClockProblem::Unknown.into())
    }

    async fn set_clock(
        &self,
        organization: &Organization,
        day: Date,
        command: &Command,
    ) -> Result<Organization, ServiceError> {
        let id: OrganizationId = organization.id;
        // Each day is a unit of its own.
        let (at, seed) = (self.environment().now(), self.environment().bytes());
        let command = Command { at, seed, ..command.clone() };
        let before = organization.test_clock;
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    tx.set_test_clock(id, before, day).await?;
                    let record = Record::new("clock.set", "organization", id.uuid());
                    tx.audit(record.fact("day", day.to_string()));
                    Ok::<_, ServiceError>(())
                })
            })
            .await?;
        let organization = self.store().read().await?.conn().organization(id).await?;
        organization.ok_or_else(|| ClockProblem::Unknown.into())
    }
}
