//! Earned revenue: what of a line's amount belongs to which day (SPEC 4, Books). It is derived from the days that
//! lines pay for and never posted.

use crate::money::{Fraction, Money, MoneyError, Rounding};
use crate::time::{Date, Period, days_between};

/// How much of a line is earned before this day, which itself does not count: the amount times the days of the
/// service that are over, rounded half away from zero.
///
/// Nothing up to the first day, all of it from the end on. It is counted from the first day, never added up, so that
/// the days of a line add up to exactly its amount. `amount` is without tax, in minor units: where prices include
/// it, the line's amount less what [`crate::tax::shown_per_line`] says. A line of a credit note is negative and
/// takes back what its days would have earned. Errors: none for amounts that a line can have.
///
/// ```
/// use domain::{ledger::earned_before, money::*, time::Period};
/// use jiff::civil::date;
///
/// let june = Period::new(date(2025, 6, 1), date(2025, 7, 1))?;
/// let earned = |day| earned_before(Money::new(1_000, Currency::JPY), june, day).map(Money::minor);
/// assert_eq!(earned(date(2025, 6, 1)), Ok(0));
/// assert_eq!(earned(date(2025, 6, 2)), Ok(33));
/// assert_eq!(earned(date(2025, 6, 16)), Ok(500));
/// assert_eq!(earned(date(2025, 7, 1)), Ok(1_000));
/// # Ok::<_, domain::time::TimeError>(())
/// ```
pub fn earned_before(amount: Money, service: Period, day: Date) -> Result<Money, MoneyError> {
    if day <= service.start() {
        return Ok(Money::zero(amount.currency()));
    }
    let over = i128::from(days_between(service.start(), day.min(service.end())));
    let part = Fraction::new(over, service.days().into()).map_err(|_| MoneyError::Overflow)?;
    amount.share(part, Rounding::HalfAwayFromZero)
}

/// How much of a line is earned on this day alone: all days of a line add up to its amount. Arguments and errors are
/// those of [`earned_before`].
pub fn earned_on(amount: Money, service: Period, day: Date) -> Result<Money, MoneyError> {
    // The last day of the calendar lies in no period.
    let next = day.tomorrow().unwrap_or(day);
    earned_before(amount, service, next)?.minus(earned_before(amount, service, day)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::yen;
    use crate::time::add_days;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn june() -> Period {
        Period::new(date(2025, 6, 1), date(2025, 7, 1)).unwrap()
    }

    #[test]
    fn a_line_is_earned_day_by_day() {
        for (day, before, on) in [
            (date(2025, 5, 31), 0, 0),
            (date(2025, 6, 1), 0, 33),
            // 66.67 and 100 of 1,000.
            (date(2025, 6, 3), 67, 33),
            (date(2025, 6, 30), 967, 33),
            (date(2025, 7, 1), 1_000, 0),
            (Date::MAX, 1_000, 0),
        ] {
            for sign in [1, -1] {
                let amount = yen(sign * 1_000);
                assert_eq!(earned_before(amount, june(), day), Ok(yen(sign * before)), "{day}");
                assert_eq!(earned_on(amount, june(), day), Ok(yen(sign * on)), "{day}");
            }
        }
        assert_eq!(earned_before(yen(i64::MIN), june(), date(2025, 7, 1)), Ok(yen(i64::MIN)));
    }

    proptest! {
        /// Earned revenue: the days of a line add up to its amount, and none goes back on another.
        #[test]
        fn the_days_of_a_line_add_up_to_it(
            minor in -1_000_000_000_i64..1_000_000_000,
            first in 0_i32..10_000,
            days in 1_i32..1_100,
        ) {
            let start = add_days(date(2020, 1, 1), first).unwrap();
            let service = Period::new(start, add_days(start, days).unwrap()).unwrap();
            let mut sum = yen(0);
            for n in -1..=days {
                let day = add_days(start, n).unwrap();
                prop_assert_eq!(earned_before(yen(minor), service, day).unwrap(), sum);
                let earned = earned_on(yen(minor), service, day).unwrap();
                prop_assert!(earned.is_zero() || earned.is_negative() == (minor < 0));
                sum = sum.plus(earned).unwrap();
            }
            prop_assert_eq!(sum, yen(minor));
        }
    }
}
