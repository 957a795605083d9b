//! The agenda of a subscription: what falls due by itself, on which day and in which order (SPEC 3, 5).
//!
//! ```
//! use domain::agenda::{Agenda, Due, NextAmount};
//! use domain::catalog::{BillingFrequency, Term};
//! use domain::subscription::{PaidTerm, State};
//! use jiff::civil::date;
//!
//! let start = date(2026, 11, 24);
//! let paid = PaidTerm::first(Term::OneMonth, BillingFrequency::UpFront, start);
//! let agenda = Agenda::new(State::purchased(paid, start)?, start).billed_to(date(2026, 12, 24));
//! let (on, due) = agenda.next()?.expect("a subscription that renews");
//! assert_eq!((on, due), (date(2026, 12, 17), Due::FixPrice));
//! let (on, due) = Agenda { next_amount: NextAmount::Same, ..agenda }.next()?.expect("a subscription that renews");
//! assert_eq!((on, due), (date(2026, 12, 24), Due::Renew));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::dunning::{DunningAction, timeline};
use crate::notices;
use crate::subscription::{Active, Disabled, PaidTerm, Run, State};
use crate::time::{Cycle, Date, Period, TimeError};

/// What the calendar has to know of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agenda {
    /// Where it is in its life.
    pub state: State,
    /// The first day that is not invoiced yet; `None` while nothing is: a trial.
    pub billed_to: Option<Date>,
    /// Whether an invoice of it is not paid.
    pub owes: bool,
    /// Whether seats of it are confirmed and wait for their payment.
    pub waits: bool,
    /// What has happened since its payment failed, where one has.
    pub dunning: Option<Dunning>,
    /// What the next term costs, compared with this one.
    pub next_amount: NextAmount,
    /// Whether people lose their license at the renewal.
    pub loses_seats: bool,
    /// What is announced on or before this day was announced.
    pub told_to: Date,
}

/// What the next term costs, compared with the one that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextAmount {
    /// Its price is not decided yet.
    Undecided,
    /// The same, as far as prices go.
    Same,
    /// Another amount: the price or what is bought differs.
    Differs,
}

/// What has happened since a payment failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dunning {
    /// The day of the first failure.
    pub first_failure: Date,
    /// Since when the card is not worth trying, after a hard decline.
    pub hard_since: Option<Date>,
    /// The last day of the timeline that was carried out.
    pub done_to: Date,
}

crate::code::coded! {
    /// What wants attention by itself. On one day outcomes of payments come first, then cards and refunds, then
    /// what the calendar brings (SPEC 3): the order of the codes.
    pub enum WorkKind {
        /// An attempt to collect money: the provider is asked about it.
        Attempt = "attempt",
        /// A payment method that was removed: the provider is asked to forget it.
        Method = "method",
        /// A refund: likewise.
        Refund = "refund",
        /// A subscription: its next day has begun.
        Subscription = "subscription",
    }
}

/// What falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It was bought for today: Scheduled → Active.
    Start,
    /// Its trial is over and becomes the purchase that was chosen.
    Convert,
    /// Its term or trial is over and does not renew.
    End,
    /// Its days as Expired are over.
    Disable,
    /// The days of an unpaid invoice are over.
    DisableUnpaid,
    /// Its days as Disabled are over.
    Delete,
    /// The card is tried again.
    Retry,
    /// People are reminded that something is unpaid.
    Remind,
    /// The next term begins: what is scheduled is applied, and its first payment falls due.
    Renew,
    /// The next payment within the term falls due.
    Invoice,
    /// The price of the next term is decided (SPEC 5: the one in force when the first notice is sent).
    FixPrice,
    /// People are told ahead.
    Tell(Ahead),
}

/// What people are told ahead of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// It renews on this day.
    Renewal(Date),
    /// It ends on this day and does not renew.
    End(Date),
    /// It is Deleted on this day.
    Deletion(Date),
    /// Its trial ends on this day.
    TrialEnd(Date),
    /// It renews on this day with fewer seats, and some lose their license: they are told too.
    LosingSeats(Date),
}

impl Due {
    /// The order within a day (SPEC 3): an end, what is scheduled and the renewal, and reminders last.
    const fn rank(self) -> u8 {
        match self {
            Self::Start => 0,
            Self::Convert | Self::End | Self::Disable | Self::DisableUnpaid | Self::Delete => 1,
            Self::Retry => 2,
            Self::Renew | Self::Invoice => 3,
            Self::FixPrice => 4,
            Self::Remind | Self::Tell(_) => 5,
        }
    }
}

impl Agenda {
    /// What is known of a subscription of which nothing is owed, scheduled or decided. `told_to` is the day from
    /// which on people are told.
    pub const fn new(state: State, told_to: Date) -> Self {
        let (billed_to, dunning, next_amount) = (None, None, NextAmount::Undecided);
        Self {
            state,
            billed_to,
            owes: false,
            waits: false,
            dunning,
            next_amount,
            loses_seats: false,
            told_to,
        }
    }

    /// The same, invoiced up to this day.
    #[must_use]
    pub const fn billed_to(self, day: Date) -> Self {
        Self { billed_to: Some(day), ..self }
    }

    /// What falls due next and on which day; nothing once it is Deleted, or while all of it waits for a payment
    /// whose outcome is not known. However late it is carried out, it counts as carried out on that day.
    pub fn next(&self) -> Result<Option<(Date, Due)>, TimeError> {
        let mut found: Vec<(Date, Due)> = Vec::new();
        match self.state {
            State::Scheduled(paid) => found.push((paid.anchor, Due::Start)),
            State::Active(Active { run: Run::Trial(trial), .. }) => {
                let end = trial.period.end();
                found.push((end, if trial.converts_to.is_some() { Due::Convert } else { Due::End }));
                self.tell(&mut found, notices::before_trial_end(end)?, Ahead::TrialEnd(end));
            }
            State::Active(Active { run: Run::Paid(paid), payment_due }) => {
                if let Some(due) = payment_due {
                    found.push((due.until, Due::DisableUnpaid));
                }
                self.paid(paid, &mut found)?;
            }
            State::Expired { until, .. } => found.push((until, Due::Disable)),
            State::Disabled(Disabled { until, .. }) => {
                found.push((until, Due::Delete));
                self.tell(&mut found, notices::before_deletion(until)?, Ahead::Deletion(until));
            }
            State::Deleted { .. } => {}
        }
        Ok(found.into_iter().min_by_key(|(on, due)| (*on, due.rank())))
    }

    fn paid(&self, paid: PaidTerm, found: &mut Vec<(Date, Due)>) -> Result<(), TimeError> {
        let term = paid.period()?;
        if let Some(dunning) = self.dunning {
            let steps = timeline(dunning.first_failure, dunning.hard_since)?;
            let step = steps.into_iter().find(|step| step.on > dunning.done_to);
            match step.map(|step| (step.on, step.action)) {
                Some((on, DunningAction::Retry)) => found.push((on, Due::Retry)),
                Some((on, DunningAction::ReminderMail)) => found.push((on, Due::Remind)),
                _ => {}
            }
        }
        if !paid.recurring {
            found.push((term.end(), Due::End));
            self.tell(found, notices::before_end(paid.term, term.end())?, Ahead::End(term.end()));
        }
        // No further period is invoiced while an older invoice is open (SPEC 5, Unpaid), nor while seats wait for
        // their payment: for a day at most, and then it charges them too, or they will not be had (SPEC 4).
        let next = self.billed_to.filter(|_| !self.owes && !self.waits);
        match next {
            Some(from) if from < term.end() => found.push((from, Due::Invoice)),
            Some(_) if paid.recurring => found.push((term.end(), Due::Renew)),
            _ => {}
        }
        if paid.recurring {
            if self.next_amount == NextAmount::Undecided {
                let on = notices::price_taken_on(paid.term, term.end())?;
                // A term that began within its notice days decides on its first.
                found.push((on.max(term.start()), Due::FixPrice));
            }
            let losing = if self.loses_seats { notices::before_losing_seats(term.end())? } else { vec![] };
            let differs = self.next_amount == NextAmount::Differs;
            let mut days = notices::before_renewal(paid.term, term.end(), differs)?;
            // One day, one notice: it says both.
            days.retain(|day| !losing.contains(day));
            self.tell(found, days, Ahead::Renewal(term.end()));
            self.tell(found, losing, Ahead::LosingSeats(term.end()));
        }
        Ok(())
    }

    /// The first of these days on which people were not told yet.
    fn tell(&self, found: &mut Vec<(Date, Due)>, days: Vec<Date>, ahead: Ahead) {
        found.extend(days.into_iter().filter(|day| *day > self.told_to).map(|day| (day, Due::Tell(ahead))));
    }
}

/// The billing period that begins on the first day that is not invoiced, with its number since the anchor.
pub fn next_billing(paid: PaidTerm, billed_to: Date) -> Result<(u32, Period), TimeError> {
    let cycle = Cycle::new(paid.anchor, paid.frequency.months(paid.term));
    cycle.period_on(billed_to)
}

#[cfg(test)]
mod tests;
