//! Dunning: what happens after a payment has failed, day by day (SPEC 5, Unpaid).

use crate::conventions::Conventions;
use crate::money::Money;
use crate::time::{Date, TimeError, add_days};

/// Days after the first failure on which a mail is sent and, unless the decline was hard, the card tried again.
pub const RETRY_DAYS: [u16; 4] = [3, 8, 15, 21];

/// Days after the first failure on which the subscription is Disabled.
pub const DISABLED_AFTER_DAYS: u16 = 30;

/// Days after a chargeback on which the subscription is Disabled unless it is paid.
pub const CHARGEBACK_DISABLED_AFTER_DAYS: u16 = 1;

crate::code::coded! {
    /// What the bank said.
    pub enum Decline {
        /// Not now: another try may succeed.
        Soft = "soft",
        /// Never with this card: trying again is pointless, and the retries are skipped.
        Hard = "hard",
    }
}

crate::code::coded! {
    /// What happens on a day of dunning.
    pub enum DunningAction {
        /// People are told that it failed.
        FailedMail = "failed-mail",
        /// The card is tried again, and people are told what came of it.
        Retry = "retry",
        /// People are reminded; the card is left alone.
        ReminderMail = "reminder-mail",
        /// The subscription is Disabled.
        Disable = "disable",
    }
}

/// One day of dunning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DunningStep {
    /// The day, in the organization's calendar.
    pub on: Date,
    /// What happens.
    pub action: DunningAction,
}

/// What happens from the first failure until the subscription is Disabled, if nothing is paid.
///
/// `hard_since` is the day of a hard decline, the first failure or a later one: retries after it are skipped, the
/// days and the mails stay (SPEC 5). Errors: a day outside the calendar.
///
/// ```
/// use domain::dunning::{DunningAction::*, timeline};
/// use jiff::civil::date;
///
/// let steps = timeline(date(2026, 11, 24), None)?;
/// let days: Vec<_> = steps.iter().map(|step| (step.on.to_string(), step.action)).collect();
/// assert_eq!(days[0], ("2026-11-24".into(), FailedMail));
/// assert_eq!(days[1], ("2026-11-27".into(), Retry));
/// assert_eq!(days[5], ("2026-12-24".into(), Disable));
/// # Ok::<_, domain::time::TimeError>(())
/// ```
pub fn timeline(first_failure: Date, hard_since: Option<Date>) -> Result<Vec<DunningStep>, TimeError> {
    let retries = RETRY_DAYS.into_iter().map(|days| {
        let on = add_days(first_failure, days.into())?;
        let skipped = hard_since.is_some_and(|since| since < on);
        let action = if skipped { DunningAction::ReminderMail } else { DunningAction::Retry };
        Ok(DunningStep { on, action })
    });
    let first = Ok(DunningStep { on: first_failure, action: DunningAction::FailedMail });
    let last = add_days(first_failure, DISABLED_AFTER_DAYS.into())
        .map(|on| DunningStep { on, action: DunningAction::Disable });
    std::iter::once(first).chain(retries).chain([last]).collect()
}

/// When a payment that failed on this day is tried next: the first retry day after it. Nothing after a hard
/// decline, or once the retries are used up.
pub fn next_retry(first_failure: Date, failed_on: Date, decline: Decline) -> Result<Option<Date>, TimeError> {
    let hard_since = (decline == Decline::Hard).then_some(failed_on);
    let steps = timeline(first_failure, hard_since)?;
    let next = steps.into_iter().find(|step| step.on > failed_on && step.action == DunningAction::Retry);
    Ok(next.map(|step| step.on))
}

/// How much of what is owed is asked for: all of it, once it reaches the threshold; nothing below.
pub fn asked_for(owed: Money, conventions: Conventions) -> Option<Money> {
    (owed.is_positive() && owed.minor() >= conventions.dunning_threshold).then_some(owed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::yen;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn days(hard_since: Option<Date>) -> Vec<(String, DunningAction)> {
        let steps = timeline(date(2026, 11, 24), hard_since).unwrap();
        steps.into_iter().map(|step| (step.on.to_string(), step.action)).collect()
    }

    #[test]
    fn a_card_is_tried_four_times_in_thirty_days() {
        use DunningAction::{Disable, FailedMail, ReminderMail, Retry};
        let timeline = |actions: [DunningAction; 6]| {
            let days = ["2026-11-24", "2026-11-27", "2026-12-02", "2026-12-09", "2026-12-15", "2026-12-24"];
            days.map(str::to_owned).into_iter().zip(actions).collect::<Vec<_>>()
        };
        assert_eq!(days(None), timeline([FailedMail, Retry, Retry, Retry, Retry, Disable]));
        // A hard decline skips the retries, not the days or the mails.
        let all_skipped = [FailedMail, ReminderMail, ReminderMail, ReminderMail, ReminderMail, Disable];
        assert_eq!(days(Some(date(2026, 11, 24))), timeline(all_skipped));
        let two_skipped = [FailedMail, Retry, Retry, ReminderMail, ReminderMail, Disable];
        assert_eq!(days(Some(date(2026, 12, 2))), timeline(two_skipped));
    }

    #[test]
    fn the_next_retry_is_counted_from_the_first_failure() {
        let first = date(2026, 11, 24);
        for (failed_on, decline, next) in [
            (first, Decline::Soft, Some(date(2026, 11, 27))),
            // A worker that came a day late.
            (date(2026, 11, 28), Decline::Soft, Some(date(2026, 12, 2))),
            (date(2026, 12, 15), Decline::Soft, None),
            (first, Decline::Hard, None),
        ] {
            assert_eq!(next_retry(first, failed_on, decline), Ok(next), "{failed_on}");
        }
    }

    #[test]
    fn small_debts_wait_only_where_the_convention_says_so() {
        // Money case U3.
        let from_150 = Conventions { dunning_threshold: 150, ..Conventions::default() };
        assert_eq!(asked_for(yen(149), from_150), None);
        assert_eq!(asked_for(yen(150), from_150), Some(yen(150)));
        assert_eq!(asked_for(yen(155), from_150), Some(yen(155)));
        assert_eq!(asked_for(yen(1), Conventions::default()), Some(yen(1)));
        assert_eq!(asked_for(yen(0), Conventions::default()), None);
        assert_eq!(asked_for(yen(-1), Conventions::default()), None);
    }

    proptest! {
        #[test]
        fn the_days_do_not_depend_on_what_the_bank_says(first in 0_i32..40_000, hard in 0_i32..40) {
            let first = add_days(date(2000, 1, 1), first).unwrap();
            let on = |steps: Vec<DunningStep>| steps.into_iter().map(|step| step.on).collect::<Vec<_>>();
            let soft = on(timeline(first, None).unwrap());
            let hard = on(timeline(first, Some(add_days(first, hard).unwrap())).unwrap());
            prop_assert!(soft.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(&soft, &hard);
            prop_assert_eq!(crate::time::days_between(first, soft[5]), 30);
        }
    }
}
