//! Periods of whole days, and the cycle that makes them.

use serde::{Deserialize, Serialize};

use super::{Date, TimeError, days_between};
use crate::money::Fraction;

/// Whole days, half-open: the first day belongs to it, the end does not (SPEC 3). Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Period {
    start: Date,
    end: Date,
}

#[derive(Serialize, Deserialize)]
struct Ends {
    start: Date,
    end: Date,
}

impl Period {
    /// From the first day up to, and without, `end`.
    pub fn new(start: Date, end: Date) -> Result<Self, TimeError> {
        if start < end { Ok(Self { start, end }) } else { Err(TimeError::EmptyPeriod { start, end }) }
    }

    /// The first day.
    pub const fn start(self) -> Date {
        self.start
    }

    /// The first day after it, which is the first day of what follows.
    pub const fn end(self) -> Date {
        self.end
    }

    /// The last day that belongs to it: what people are shown ("until 7 December").
    pub fn last_day(self) -> Date {
        // The end lies after the start, so there is a day before it.
        self.end.yesterday().unwrap_or(self.start)
    }

    /// How many days it has: at least 1.
    pub fn days(self) -> i32 {
        days_between(self.start, self.end)
    }

    /// Whether the day belongs to it.
    pub fn contains(self, day: Date) -> bool {
        self.start <= day && day < self.end
    }

    /// What is left of it on this day, the day itself included; nothing where the day lies outside.
    pub fn rest_from(self, day: Date) -> Option<Self> {
        self.contains(day).then_some(Self { start: day, end: self.end })
    }

    /// The exact part of `whole` that this period is, as days over days: 14/30.
    pub fn part_of(self, whole: Self) -> Fraction {
        // A period has at least one day, so the fraction exists.
        Fraction::new(i128::from(self.days()), i128::from(whole.days())).unwrap_or(Fraction::ONE)
    }
}

impl TryFrom<Ends> for Period {
    type Error = TimeError;

    fn try_from(ends: Ends) -> Result<Self, TimeError> {
        Self::new(ends.start, ends.end)
    }
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { start: period.start, end: period.end }
    }
}

/// Equal numbers of months counted from an anchor day, for ever (SPEC 3).
///
/// Period n is computed from the anchor, never from period n − 1: from 31 January the months begin on
/// 29 February, 31 March, 30 April. A month that lacks the anchor's day has its last day instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cycle {
    anchor: Date,
    months: u16,
}

impl Cycle {
    /// Periods of so many months from the anchor day on; 0 counts as 1.
    pub const fn new(anchor: Date, months: u16) -> Self {
        Self { anchor, months: if months == 0 { 1 } else { months } }
    }

    /// The day it is counted from: the first day of period 0.
    pub const fn anchor(self) -> Date {
        self.anchor
    }

    /// The first day of period `n`.
    pub fn start_of(self, n: u32) -> Result<Date, TimeError> {
        let months = i64::from(n) * i64::from(self.months);
        let span = jiff::Span::new().try_months(months).map_err(|_| TimeError::OutsideCalendar)?;
        self.anchor.checked_add(span).map_err(|_| TimeError::OutsideCalendar)
    }

    /// Period `n`, the first being 0.
    pub fn period(self, n: u32) -> Result<Period, TimeError> {
        let next = n.checked_add(1).ok_or(TimeError::OutsideCalendar)?;
        Period::new(self.start_of(n)?, self.start_of(next)?)
    }

    /// The number of the period that the day belongs to; nothing before the anchor.
    pub fn number_on(self, day: Date) -> Option<u32> {
        let whole_months = (i32::from(day.year()) - i32::from(self.anchor.year())) * 12
            + (i32::from(day.month()) - i32::from(self.anchor.month()));
        // Right, or one too many where the month has begun but the period has not.
        let guess = u32::try_from(whole_months.div_euclid(i32::from(self.months))).ok()?;
        if self.start_of(guess).is_ok_and(|start| start <= day) { Some(guess) } else { guess.checked_sub(1) }
    }

    /// How many periods have begun by this day, it included: how many were charged if each is charged at its
    /// start. None before the anchor.
    pub fn begun_by(self, day: Date) -> u32 {
        self.number_on(day).map_or(0, |number| number.saturating_add(1))
    }

    /// The period that the day belongs to, with its number.
    pub fn period_on(self, day: Date) -> Result<(u32, Period), TimeError> {
        let n = self.number_on(day).ok_or(TimeError::EmptyPeriod { start: self.anchor, end: day })?;
        Ok((n, self.period(n)?))
    }
}
