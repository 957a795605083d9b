//! The states and their transitions.

use serde::{Deserialize, Serialize};

use super::{Conversion, Status, TrialRun};
use crate::catalog::{BillingFrequency, Lifecycle, Term, TrialRule};
use crate::time::{Cycle, Date, Period, TimeError, add_days};

/// Where a subscription is in its life, with what that state has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum State {
    /// Bought and paid, and starts on a later day.
    Scheduled(PaidTerm),
    /// In use.
    Active(Active),
    /// Its term has ended; it still works.
    Expired {
        /// The day its term ended; a new term would start on it.
        ended: Date,
        /// The first day on which it is Disabled.
        until: Date,
    },
    /// Nobody can use it or be given a license.
    Disabled(Disabled),
    /// Gone.
    Deleted {
        /// Since when.
        on: Date,
    },
}

/// What an Active subscription knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Active {
    /// What it runs on.
    pub run: Run,
    /// What is owed, where a payment has failed.
    pub payment_due: Option<PaymentDue>,
}

/// What an Active subscription runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "run", rename_all = "kebab-case")]
pub enum Run {
    /// It is being tried.
    Trial(TrialRun),
    /// It is paid.
    Paid(PaidTerm),
}

impl Run {
    /// The days until it ends or renews.
    pub fn period(self) -> Result<Period, TimeError> {
        match self {
            Self::Trial(trial) => Ok(trial.period),
            Self::Paid(paid) => paid.period(),
        }
    }
}

/// A term that is paid, or is being paid in instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidTerm {
    /// Its length.
    pub term: Term,
    /// When it is paid.
    pub frequency: BillingFrequency,
    /// The day from which all its terms are counted (SPEC 3).
    pub anchor: Date,
    /// Which term since the anchor, the first being 0.
    pub number: u32,
    /// Whether it renews at its end.
    pub recurring: bool,
}

impl PaidTerm {
    /// The first term from an anchor day, with recurring billing on (SPEC 5: on by default for purchases).
    pub const fn first(term: Term, frequency: BillingFrequency, anchor: Date) -> Self {
        Self { term, frequency, anchor, number: 0, recurring: true }
    }

    /// The days of the term; its end is the day of renewal.
    pub fn period(self) -> Result<Period, TimeError> {
        Cycle::new(self.anchor, self.term.months()).period(self.number)
    }
}

/// A payment that has failed and is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentDue {
    /// The day of the first failure.
    pub since: Date,
    /// The first day on which it is Disabled if nothing is paid.
    pub until: Date,
}

/// What a Disabled subscription knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// The first day on which nobody could use it.
    pub since: Date,
    /// The first day on which it is Deleted.
    pub until: Date,
    /// Why; decides how it can come back.
    pub cause: DisabledCause,
}

/// Why a subscription is Disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisabledCause {
    /// Its term ended, or it was canceled in its window: a new term brings it back.
    Ended,
    /// It was not paid: paying restores this term at once.
    Unpaid(PaidTerm),
}

/// Why a state does not become another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// Not from this state.
    #[error("not possible while {0}")]
    WrongState(Status),
    /// Not before this day.
    #[error("not before {0}")]
    TooEarly(Date),
    /// Not after this day any more.
    #[error("only until {0}")]
    TooLate(Date),
    /// It does not renew: recurring billing is off.
    #[error("recurring billing is off")]
    NotRecurring,
    /// Recurring billing is on: it renews instead.
    #[error("recurring billing is on")]
    Recurring,
    /// A trial is extended once.
    #[error("the trial was extended before")]
    ExtendedBefore,
    /// Something is owed first (SPEC 5, Unpaid).
    #[error("a payment is due")]
    PaymentDue,
    /// A day outside the calendar.
    #[error(transparent)]
    Time(#[from] TimeError),
}

/// Beginnings.
impl State {
    /// What was bought and paid: Active where it starts today, Scheduled where it starts later.
    pub fn purchased(paid: PaidTerm, today: Date) -> Result<Self, TransitionError> {
        match paid.anchor {
            start if start < today => Err(TransitionError::TooLate(start)),
            start if start == today => Ok(paid_active(paid)),
            _ => Ok(Self::Scheduled(paid)),
        }
    }

    /// A trial that starts on this day.
    pub fn trial(
        rule: &TrialRule,
        start: Date,
        converts_to: Option<Conversion>,
    ) -> Result<Self, TransitionError> {
        let period = Period::new(start, add_days(start, rule.days.into())?)?;
        let run = Run::Trial(TrialRun { period, extended: false, converts_to });
        Ok(Self::Active(Active { run, payment_due: None }))
    }

    /// The name of the state.
    pub const fn status(&self) -> Status {
        match self {
            Self::Scheduled(_) => Status::Scheduled,
            Self::Active(_) => Status::Active,
            Self::Expired { .. } => Status::Expired,
            Self::Disabled(_) => Status::Disabled,
            Self::Deleted { .. } => Status::Deleted,
        }
    }

    /// The day on which something changes by itself; nothing once it is Deleted.
    pub fn next_day(&self) -> Result<Option<Date>, TimeError> {
        Ok(match self {
            Self::Scheduled(paid) => Some(paid.anchor),
            Self::Active(Active { run, payment_due }) => {
                let end = run.period()?.end();
                Some(payment_due.map_or(end, |due| due.until.min(end)))
            }
            Self::Expired { until, .. } | Self::Disabled(Disabled { until, .. }) => Some(*until),
            Self::Deleted { .. } => None,
        })
    }

    /// The first day after the term or trial that runs, or ran last: what lists are sorted by and what decides
    /// which subscription ends last. For what has ended, the day since when.
    pub fn ends_on(&self) -> Result<Date, TimeError> {
        Ok(match self {
            Self::Scheduled(paid) => paid.period()?.end(),
            Self::Active(active) => active.run.period()?.end(),
            Self::Expired { ended, .. } => *ended,
            Self::Disabled(Disabled { since, .. }) => *since,
            Self::Deleted { on } => *on,
        })
    }

    fn refused<T>(self) -> Result<T, TransitionError> {
        Err(TransitionError::WrongState(self.status()))
    }
}

/// What the calendar does. Each of these takes the day it falls due on, however late it is run.
impl State {
    /// Scheduled → Active, on its first day.
    pub fn start(self, today: Date) -> Result<Self, TransitionError> {
        match self {
            Self::Scheduled(paid) => due(paid.anchor, today).map(|()| paid_active(paid)),
            _ => self.refused(),
        }
    }

    /// Active → the next term, on the day the old one ends.
    pub fn renew(self, today: Date) -> Result<Self, TransitionError> {
        let Self::Active(Active { run: Run::Paid(paid), payment_due }) = self else {
            return self.refused();
        };
        due(paid.period()?.end(), today)?;
        if !paid.recurring {
            return Err(TransitionError::NotRecurring);
        }
        let number = paid.number.checked_add(1).ok_or(TimeError::OutsideCalendar)?;
        Ok(Self::Active(Active { run: Run::Paid(PaidTerm { number, ..paid }), payment_due }))
    }

    /// Active → the first term of another length or frequency, from the day the old one ends: the anchor moves
    /// (SPEC 5, Plan change).
    pub fn renew_as(
        self,
        term: Term,
        frequency: BillingFrequency,
        today: Date,
    ) -> Result<Self, TransitionError> {
        let Self::Active(Active { run: Run::Paid(paid), payment_due }) = self else {
            return self.refused();
        };
        if (paid.term, paid.frequency) == (term, frequency) {
            return self.renew(today);
        }
        let end = paid.period()?.end();
        due(end, today)?;
        if !paid.recurring {
            return Err(TransitionError::NotRecurring);
        }
        Ok(Self::Active(Active { run: Run::Paid(PaidTerm::first(term, frequency, end)), payment_due }))
    }

    /// Active → Expired, or Disabled where there are no days between, when a term or trial ends for good.
    pub fn end(self, lifecycle: Lifecycle, today: Date) -> Result<Self, TransitionError> {
        let Self::Active(Active { run, .. }) = self else {
            return self.refused();
        };
        let ended = run.period()?.end();
        due(ended, today)?;
        let days = match run {
            Run::Paid(PaidTerm { recurring: true, .. }) => return Err(TransitionError::Recurring),
            Run::Paid(_) => lifecycle.expired_days,
            Run::Trial(_) => lifecycle.trial_expired_days,
        };
        if days == 0 {
            return disabled(ended, lifecycle, DisabledCause::Ended);
        }
        Ok(Self::Expired { ended, until: add_days(ended, days.into())? })
    }

    /// Expired → Disabled, after its days.
    pub fn disable(self, lifecycle: Lifecycle, today: Date) -> Result<Self, TransitionError> {
        match self {
            Self::Expired { until, .. } => {
                due(until, today)?;
                disabled(until, lifecycle, DisabledCause::Ended)
            }
            _ => self.refused(),
        }
    }

    /// Active with a payment due → Disabled, once its days have passed (SPEC 5, Unpaid).
    pub fn disable_unpaid(self, lifecycle: Lifecycle, today: Date) -> Result<Self, TransitionError> {
        match self {
            Self::Active(Active { run: Run::Paid(paid), payment_due: Some(PaymentDue { until, .. }) }) => {
                due(until, today)?;
                disabled(until, lifecycle, DisabledCause::Unpaid(paid))
            }
            _ => self.refused(),
        }
    }

    /// Disabled → Deleted, after its days.
    pub fn delete(self, today: Date) -> Result<Self, TransitionError> {
        match self {
            Self::Disabled(Disabled { until, .. }) => due(until, today).map(|()| Self::Deleted { on: until }),
            _ => self.refused(),
        }
    }
}

/// What people and payments do.
impl State {
    /// Turns recurring billing on or off; possible while Active (SPEC 5, Renewal). Off, a trial ends without a
    /// purchase; what it would become is chosen when it starts, so on again means buying it.
    pub fn set_recurring(self, recurring: bool) -> Result<Self, TransitionError> {
        match self {
            Self::Active(Active { run: Run::Trial(trial), payment_due }) if !recurring => {
                let run = Run::Trial(TrialRun { converts_to: None, ..trial });
                Ok(Self::Active(Active { run, payment_due }))
            }
            Self::Active(Active { run: Run::Paid(paid), payment_due }) => {
                Ok(Self::Active(Active { run: Run::Paid(PaidTerm { recurring, ..paid }), payment_due }))
            }
            _ => self.refused(),
        }
    }

    /// Extends a trial, once, in its last days (SPEC 5, Trials).
    pub fn extend_trial(self, rule: &TrialRule, today: Date) -> Result<Self, TransitionError> {
        let Self::Active(Active { run: Run::Trial(trial), payment_due }) = self else {
            return self.refused();
        };
        if trial.extended {
            return Err(TransitionError::ExtendedBefore);
        }
        due(add_days(trial.period.end(), -i32::from(rule.extension_within_days))?, today)?;
        if !trial.period.contains(today) {
            return Err(TransitionError::TooLate(trial.period.last_day()));
        }
        let end = add_days(trial.period.end(), rule.extension_days.into())?;
        let period = Period::new(trial.period.start(), end)?;
        Ok(Self::Active(Active {
            run: Run::Trial(TrialRun { period, extended: true, ..trial }),
            payment_due,
        }))
    }

    /// A trial is bought: the term starts today and everything is kept (SPEC 5, Trials).
    pub fn buy_trial(
        self,
        term: Term,
        frequency: BillingFrequency,
        today: Date,
    ) -> Result<Self, TransitionError> {
        match self {
            Self::Active(Active { run: Run::Trial(_), .. }) => {
                Ok(paid_active(PaidTerm::first(term, frequency, today)))
            }
            _ => self.refused(),
        }
    }

    /// Active → Disabled today: canceled within its window (SPEC 5, Cancel). The window is the caller's to
    /// check.
    pub fn cancel_now(self, lifecycle: Lifecycle, today: Date) -> Result<Self, TransitionError> {
        match self {
            Self::Active(_) => disabled(today, lifecycle, DisabledCause::Ended),
            _ => self.refused(),
        }
    }

    /// A payment has failed: payment is due from the first failure on, for so many days. A later failure with
    /// an earlier end (a chargeback has 1 day) brings the end forward, and never moves it back.
    pub fn payment_failed(self, days: u16, today: Date) -> Result<Self, TransitionError> {
        match self {
            Self::Active(Active { run: run @ Run::Paid(_), payment_due }) => {
                let until = add_days(today, days.into())?;
                let due = payment_due.map_or(PaymentDue { since: today, until }, |due| PaymentDue {
                    until: due.until.min(until),
                    ..due
                });
                Ok(Self::Active(Active { run, payment_due: Some(due) }))
            }
            _ => self.refused(),
        }
    }

    /// Everything owed is paid: restores at once. Days spent Disabled are not given back (SPEC 5, Unpaid).
    pub fn payment_settled(self) -> Result<Self, TransitionError> {
        match self {
            Self::Active(Active { run, .. }) => Ok(Self::Active(Active { run, payment_due: None })),
            Self::Disabled(Disabled { cause: DisabledCause::Unpaid(paid), .. }) => Ok(paid_active(paid)),
            _ => self.refused(),
        }
    }

    /// On which day a new term would begin that is bought today: today for a trial that is bought and for what is
    /// Disabled, the day the old one ended for what is Expired (SPEC 5). Errors: it has a term, or something is
    /// owed first.
    pub fn new_term_starts_on(&self, today: Date) -> Result<Date, TransitionError> {
        match self {
            Self::Active(Active { run: Run::Trial(_), .. })
            | Self::Disabled(Disabled { cause: DisabledCause::Ended, .. }) => Ok(today),
            Self::Expired { ended, .. } => Ok(*ended),
            Self::Disabled(Disabled { cause: DisabledCause::Unpaid(_), .. }) => {
                Err(TransitionError::PaymentDue)
            }
            _ => self.refused(),
        }
    }

    /// A new term that is paid: a trial is bought, or what has ended comes back. It begins on
    /// [its day](Self::new_term_starts_on), and everything is kept.
    pub fn begin_term(
        self,
        term: Term,
        frequency: BillingFrequency,
        today: Date,
    ) -> Result<Self, TransitionError> {
        match self {
            Self::Active(_) => self.buy_trial(term, frequency, today),
            _ => self.reactivate(term, frequency, today),
        }
    }

    /// A new term brings it back with all its assignments: from Expired it starts on the day the old one
    /// ended, from Disabled today (SPEC 5, Lifecycle). What was not paid is paid first.
    pub fn reactivate(
        self,
        term: Term,
        frequency: BillingFrequency,
        today: Date,
    ) -> Result<Self, TransitionError> {
        match self {
            Self::Expired { ended, .. } => Ok(paid_active(PaidTerm::first(term, frequency, ended))),
            Self::Disabled(Disabled { cause: DisabledCause::Ended, .. }) => {
                Ok(paid_active(PaidTerm::first(term, frequency, today)))
            }
            Self::Disabled(Disabled { cause: DisabledCause::Unpaid(_), .. }) => {
                Err(TransitionError::PaymentDue)
            }
            _ => self.refused(),
        }
    }
}

const fn paid_active(paid: PaidTerm) -> State {
    State::Active(Active { run: Run::Paid(paid), payment_due: None })
}

fn disabled(since: Date, lifecycle: Lifecycle, cause: DisabledCause) -> Result<State, TransitionError> {
    let until = add_days(since, lifecycle.disabled_days.into())?;
    Ok(State::Disabled(Disabled { since, until, cause }))
}

fn due(day: Date, today: Date) -> Result<(), TransitionError> {
    if today < day { Err(TransitionError::TooEarly(day)) } else { Ok(()) }
}
