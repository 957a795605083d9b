//! Periods that begin on the same day of the month for everybody.

use super::{Date, Period, TimeError};
use crate::money::Fraction;

/// A day of the month on which is billed: 1 to 31. A month that lacks it has its last day instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BillingDay(i8);

impl BillingDay {
    /// This day of the month; nothing for 0 or more than 31.
    pub const fn new(day: i8) -> Option<Self> {
        if day >= 1 && day <= 31 { Some(Self(day)) } else { None }
    }

    /// The number.
    pub const fn get(self) -> i8 {
        self.0
    }
}

/// Days that are charged, and the whole billing period they are a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The days that are charged.
    pub service: Period,
    /// The period that an amount of the price is for.
    pub billing: Period,
}

impl Stretch {
    /// A whole period.
    pub const fn whole(period: Period) -> Self {
        Self { service: period, billing: period }
    }

    /// How much of the whole it is, as days over days.
    pub fn part(self) -> Fraction {
        self.service.part_of(self.billing)
    }
}

/// Equal numbers of months that begin on a day of the month, for what starts on any day.
///
/// Every beginning is computed from the first one, never from the one before. The first stretch is what is left
/// of the period that the start lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FixedDayCycle {
    start: Date,
    day: BillingDay,
    months: u16,
}

impl FixedDayCycle {
    /// For what starts on this day: periods of so many months; 0 counts as 1.
    pub const fn new(start: Date, day: BillingDay, months: u16) -> Self {
        Self { start, day, months: if months == 0 { 1 } else { months } }
    }

    /// Stretch `n`, the first being 0.
    pub fn stretch(self, n: u32) -> Result<Stretch, TimeError> {
        let next = n.checked_add(1).ok_or(TimeError::OutsideCalendar)?;
        let billing = Period::new(self.boundary(n)?, self.boundary(next)?)?;
        Ok(Stretch { service: Period::new(billing.start().max(self.start), billing.end())?, billing })
    }

    /// Everything from the start to `end`, which does not belong to it: the last stretch ends there.
    pub fn until(self, end: Date) -> Result<Vec<Stretch>, TimeError> {
        let mut stretches = Vec::new();
        for n in 0.. {
            let Stretch { service, billing } = self.stretch(n)?;
            if service.start() >= end {
                break;
            }
            let service = Period::new(service.start(), service.end().min(end))?;
            stretches.push(Stretch { service, billing });
        }
        Ok(stretches)
    }

    /// The first day of period `n`, which for the first one may lie before the start.
    fn boundary(self, n: u32) -> Result<Date, TimeError> {
        let in_month = |first: Date| {
            let day = self.day.get().min(first.days_in_month());
            Date::new(first.year(), first.month(), day).map_err(|_| TimeError::OutsideCalendar)
        };
        let month = self.start.first_of_month();
        let before = i64::from(self.start < in_month(month)?);
        let months = i64::from(n) * i64::from(self.months) - before;
        let span = jiff::Span::new().try_months(months).map_err(|_| TimeError::OutsideCalendar)?;
        in_month(month.checked_add(span).map_err(|_| TimeError::OutsideCalendar)?)
    }
}
