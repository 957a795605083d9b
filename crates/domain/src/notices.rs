//! Notices: on which days people are told ahead (SPEC 5).

use crate::catalog::Term;
use crate::time::{Date, TimeError, add_days};

crate::code::coded! {
    /// What people are told (SPEC 6, Told).
    pub enum NoticeKind {
        /// It renews on a day, at an amount.
        RenewalAhead = "renewal-ahead",
        /// It ends on a day and does not renew.
        EndAhead = "end-ahead",
        /// It is Deleted on a day.
        DeletionAhead = "deletion-ahead",
        /// Its trial ends on a day.
        TrialEndAhead = "trial-end-ahead",
        /// A license is lost on a day, since fewer seats renew.
        LicenseLossAhead = "license-loss-ahead",
        /// A license was lost.
        LicenseLost = "license-lost",
        /// A license is drawn from another subscription from now on.
        LicenseMoved = "license-moved",
        /// It was renewed, and what that costs.
        Renewed = "renewed",
        /// A payment was collected.
        Paid = "paid",
        /// A payment failed.
        PaymentFailed = "payment-failed",
        /// Something is still unpaid.
        PaymentReminder = "payment-reminder",
        /// A payment waits for the bank's confirmation.
        ConfirmationNeeded = "confirmation-needed",
        /// A card that owes something is not charged, since its owner has left or took it away.
        NoCard = "no-card",
        /// It ended.
        Ended = "ended",
        /// Nobody can use it any more.
        Disabled = "disabled",
        /// It is gone.
        Deleted = "deleted",
        /// Paying, or a new term, brought it back.
        Restored = "restored",
        /// A trial ended without being bought.
        TrialNotBought = "trial-not-bought",
        /// A trial goes on for some more days.
        TrialExtended = "trial-extended",
        /// A trial began.
        TrialStarted = "trial-started",
        /// A trial became a purchase.
        TrialBought = "trial-bought",
        /// More or fewer seats, or another plan.
        Changed = "changed",
        /// Something is scheduled for the renewal, or is not any more.
        Scheduled = "scheduled",
        /// Recurring billing was turned on or off.
        RecurringBilling = "recurring-billing",
        /// It was canceled.
        Canceled = "canceled",
        /// Something was credited.
        Credited = "credited",
        /// Money is on its way back to a card.
        Refunded = "refunded",
        /// A card did not take a refund; it is kept as credit.
        RefundFailed = "refund-failed",
    }
}

crate::code::coded! {
    /// Whom something is told.
    pub enum Audience {
        /// Who manages the subscription.
        Managers = "managers",
        /// The owners of the billing profile that pays.
        Payers = "payers",
        /// The organization's administrators.
        Administrators = "administrators",
        /// One person.
        Person = "person",
    }
}

/// Days before a term of a year and more renews or ends.
const LONG: &[u16] = &[30, 7, 1];

/// Days before a term of a month renews at another amount, or ends.
const SHORT: &[u16] = &[7];

/// Days before a trial ends or converts.
const TRIAL: &[u16] = &[15, 7, 1];

/// Days before people lose their license because fewer seats renew.
const LOSING: &[u16] = &[7];

/// On which days people are told that a term renews on this day, the earliest first.
///
/// A year and more: 30, 7 and 1 days before. A month: 7 days before, and only where the amount differs; otherwise
/// the receipt tells. An instalment within a term is not announced: its day was said before the purchase.
pub fn before_renewal(term: Term, renews_on: Date, amount_differs: bool) -> Result<Vec<Date>, TimeError> {
    match term {
        Term::OneMonth if !amount_differs => Ok(vec![]),
        _ => before(renews_on, days_before_end(term)),
    }
}

/// On which days people are told that a term ends on this day and does not renew.
pub fn before_end(term: Term, ends_on: Date) -> Result<Vec<Date>, TimeError> {
    before(ends_on, days_before_end(term))
}

/// On which days people are told that a subscription is Deleted on this day.
pub fn before_deletion(deleted_on: Date) -> Result<Vec<Date>, TimeError> {
    before(deleted_on, LONG)
}

/// On which days people are told that a trial ends on this day, or becomes a purchase (SPEC 5, Trials).
pub fn before_trial_end(ends_on: Date) -> Result<Vec<Date>, TimeError> {
    before(ends_on, TRIAL)
}

/// On which days people are told that they lose their license at this renewal (SPEC 5, Seats).
pub fn before_losing_seats(renews_on: Date) -> Result<Vec<Date>, TimeError> {
    before(renews_on, LOSING)
}

/// The day whose price a renewal takes: that of the first notice, or the one it would have had (SPEC 5, Renewal).
pub fn price_taken_on(term: Term, renews_on: Date) -> Result<Date, TimeError> {
    let days = days_before_end(term).iter().max().copied().unwrap_or(0);
    add_days(renews_on, -i32::from(days))
}

const fn days_before_end(term: Term) -> &'static [u16] {
    match term {
        Term::OneMonth => SHORT,
        Term::OneYear | Term::ThreeYears => LONG,
    }
}

fn before(day: Date, days: &[u16]) -> Result<Vec<Date>, TimeError> {
    days.iter().map(|days| add_days(day, -i32::from(*days))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn people_are_told_on_the_days_of_the_specification() {
        let day = date(2026, 12, 31);
        let long = Ok(vec![date(2026, 12, 1), date(2026, 12, 24), date(2026, 12, 30)]);
        let week = Ok(vec![date(2026, 12, 24)]);
        for term in [Term::OneYear, Term::ThreeYears] {
            assert_eq!(before_renewal(term, day, false), long);
            assert_eq!(before_renewal(term, day, true), long);
            assert_eq!(before_end(term, day), long);
            assert_eq!(price_taken_on(term, day), Ok(date(2026, 12, 1)));
        }
        assert_eq!(before_renewal(Term::OneMonth, day, false), Ok(vec![]));
        assert_eq!(before_renewal(Term::OneMonth, day, true), week);
        assert_eq!(before_end(Term::OneMonth, day), week);
        assert_eq!(price_taken_on(Term::OneMonth, day), Ok(date(2026, 12, 24)));
        assert_eq!(before_deletion(day), long);
        assert_eq!(before_losing_seats(day), week);
        let trial = Ok(vec![date(2026, 12, 16), date(2026, 12, 24), date(2026, 12, 30)]);
        assert_eq!(before_trial_end(day), trial);
        assert_eq!(before_end(Term::OneYear, Date::MIN), Err(TimeError::OutsideCalendar));
    }
}
