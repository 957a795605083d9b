//! The conventions of charging, as one value.
//!
//! Publishers of the world differ in a few decisions; everything else about charging is the same. Each decision
//! is one field, so that the worked examples of other systems can be run against the same functions.

use crate::money::{Fraction, Rounding};
use crate::time::{BillingDay, Cycle, Date, FixedDayCycle, Period, Stretch, TimeError};

/// How is charged where publishers of the world differ. The default is SPEC; worked examples of other systems
/// rest on other values, and tests of them name those. Not a setting: the product always uses the default.
///
/// How tax is rounded is the issuer's to say (SPEC 4) and an argument of [`crate::tax::total`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conventions {
    /// How a line becomes whole. Default: half away from zero, once per line (SPEC 4).
    pub line_rounding: Rounding,
    /// How many days after a purchase of seats its window closes; 0: there is no window. Default: at the end of
    /// the 7th (SPEC 5).
    pub window_days: u16,
    /// Which part of a period its rest is. Default: whole days over whole days (SPEC 4).
    pub counting: Counting,
    /// Whether a part of a period is charged in part at all. Default: by day (SPEC 4).
    pub proration: Proration,
    /// Whether the day on which something ends is charged. Default: not (SPEC 3, half-open periods).
    pub end_day: EndDay,
    /// Where periods begin. Default: on the anniversaries of the first day (SPEC 3).
    pub cycle: CycleRule,
    /// How many lines a change of quantity makes. Default: one, for the difference (SPEC 4).
    pub quantity: QuantityLines,
    /// What comes of a smaller number of seats, or a cheaper plan. Default: the window decides (SPEC 5).
    pub decreases: Decreases,
    /// What has to be owed before it is asked for, in minor units of its currency. Default: anything.
    pub dunning_threshold: i64,
}

/// Which part of a billing period its rest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// The days that are left over the days there are: 14/30.
    Days,
    /// Exactly this, whatever the days are: for examples that say "half way".
    Ratio(Fraction),
}

/// Whether a part of a period is charged in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proration {
    /// As much of the amount as there are days.
    ByDay,
    /// Always the whole amount.
    None,
}

/// Whether the day on which something ends is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndDay {
    /// It belongs to the new state.
    Exclusive,
    /// It belongs to the old one; only the days after it come back.
    Billed,
}

/// Where billing periods begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CycleRule {
    /// On the day of the month of the first day.
    Anniversary,
    /// On this day of the month; the first period is the part of one that is left.
    FixedDay(BillingDay),
}

/// How many lines a change of quantity makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityLines {
    /// One, for the difference.
    One,
    /// Two: the old number given back, the new one charged.
    Two,
}

/// What comes of less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decreases {
    /// What lies in an open window ends today and is credited; the rest ends at renewal.
    Window,
    /// All of it ends today and is credited, window or not.
    CreditedNow,
    /// All of it ends at renewal; nothing is credited.
    Never,
}

impl Default for Conventions {
    fn default() -> Self {
        Self {
            line_rounding: Rounding::HalfAwayFromZero,
            window_days: 7,
            counting: Counting::Days,
            proration: Proration::ByDay,
            end_day: EndDay::Exclusive,
            cycle: CycleRule::Anniversary,
            quantity: QuantityLines::One,
            decreases: Decreases::Window,
            dunning_threshold: 0,
        }
    }
}

impl Conventions {
    /// The part of a billing period's amount that these days of it cost. A whole period is the whole amount.
    pub fn share(self, service: Period, billing: Period) -> Fraction {
        match (self.proration, self.counting) {
            _ if service == billing => Fraction::ONE,
            (Proration::None, _) => Fraction::ONE,
            (Proration::ByDay, Counting::Ratio(ratio)) => ratio,
            (Proration::ByDay, Counting::Days) => service.part_of(billing),
        }
    }

    /// The part of a billing period's amount that what is left of it costs, on the day of a change. An exact ratio
    /// holds here whatever the day is, the first of the period included.
    pub fn rest_share(self, rest: Period, billing: Period) -> Fraction {
        match (self.proration, self.counting) {
            (Proration::ByDay, Counting::Ratio(ratio)) => ratio,
            _ => self.share(rest, billing),
        }
    }

    /// What was paid for and not used when something ends on this day.
    pub fn unused(self, billing: Period, ended_on: Date) -> Option<Period> {
        match self.end_day {
            EndDay::Exclusive => billing.rest_from(ended_on),
            EndDay::Billed => ended_on.tomorrow().ok().and_then(|next| billing.rest_from(next)),
        }
    }

    /// Billing period `n` of what starts on this day, each so many months long, the first being 0: the days
    /// that are charged, and the whole period they are a part of.
    pub fn stretch(self, start: Date, months: u16, n: u32) -> Result<Stretch, TimeError> {
        match self.cycle {
            CycleRule::Anniversary => Cycle::new(start, months).period(n).map(Stretch::whole),
            CycleRule::FixedDay(day) => FixedDayCycle::new(start, day, months).stretch(n),
        }
    }

    /// The last day of the window of seats bought on this day (SPEC 5: bought 1 June, until 8 June).
    pub fn window_until(self, bought_on: Date) -> Result<Date, TimeError> {
        crate::time::add_days(bought_on, self.window_days.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn june() -> Period {
        Period::new(date(2025, 6, 1), date(2025, 7, 1)).unwrap()
    }

    #[test]
    fn a_share_is_counted_as_the_convention_says() {
        let spec = Conventions::default();
        let rest = june().rest_from(date(2025, 6, 16)).unwrap();
        let third = Fraction::new(1, 3).unwrap();
        assert_eq!(spec.share(rest, june()).to_string(), "15/30");
        assert_eq!(Conventions { counting: Counting::Ratio(third), ..spec }.share(rest, june()), third);
        assert_eq!(
            Conventions { counting: Counting::Ratio(third), ..spec }.share(june(), june()),
            Fraction::ONE
        );
        let whole = Conventions { proration: Proration::None, ..spec };
        assert_eq!(
            (whole.share(rest, june()), whole.rest_share(rest, june())),
            (Fraction::ONE, Fraction::ONE)
        );
        // "Half way" is half way on any day, and a new period is still whole.
        let ratio = Conventions { counting: Counting::Ratio(third), ..spec };
        assert_eq!((ratio.rest_share(june(), june()), ratio.rest_share(rest, june())), (third, third));
        assert_eq!(spec.rest_share(rest, june()).to_string(), "15/30");
        let both = Conventions { proration: Proration::None, ..ratio };
        assert_eq!(both.rest_share(rest, june()), Fraction::ONE);
    }

    #[test]
    fn the_day_something_ends_on_is_charged_only_where_the_convention_says_so() {
        let spec = Conventions::default();
        let billed = Conventions { end_day: EndDay::Billed, ..spec };
        assert_eq!(spec.unused(june(), date(2025, 6, 30)).map(Period::days), Some(1));
        assert_eq!(billed.unused(june(), date(2025, 6, 29)).map(Period::days), Some(1));
        assert_eq!(billed.unused(june(), date(2025, 6, 30)), None);
    }

    #[test]
    fn a_window_closes_at_the_end_of_its_last_day() {
        assert_eq!(Conventions::default().window_until(date(2026, 6, 1)), Ok(date(2026, 6, 8)));
    }

    #[test]
    fn periods_begin_where_the_convention_says() {
        let day = BillingDay::new(1).unwrap();
        let fixed = Conventions { cycle: CycleRule::FixedDay(day), ..Conventions::default() };
        let first = fixed.stretch(date(2024, 3, 5), 1, 0).unwrap();
        assert_eq!((first.service.days(), first.billing.days()), (27, 31));
        let first = Conventions::default().stretch(date(2024, 3, 5), 1, 0).unwrap();
        assert_eq!((first.service.end(), first.billing), (date(2024, 4, 5), first.service));
    }
}
