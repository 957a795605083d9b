//! Time: instants, days, and periods counted from an anchor (SPEC 3).
//!
//! A day is a calendar day in the organization's time zone. Nothing here knows what day it is now: the caller
//! turns an [`Instant`] into a [`Date`] (feature `zones`) and hands the day to the rules.

mod fixed_day;
mod instant;
mod period;
mod zone;

pub use fixed_day::{BillingDay, FixedDayCycle, Stretch};
pub use instant::Instant;
pub use jiff::civil::Date;
pub use period::{Cycle, Period};
#[cfg(feature = "zones")]
pub use zone::Zone;
pub use zone::ZoneName;

/// Why there is no such day or period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Before the year −9999 or after 9999.
    #[error("a day outside the calendar")]
    OutsideCalendar,
    /// A period that would end before it starts, or be empty.
    #[error("a period from {start} cannot end on {end}")]
    EmptyPeriod {
        /// Its first day.
        start: Date,
        /// The day it would end on.
        end: Date,
    },
    /// Not a name of the time zone database.
    #[error("\"{0}\" is not the name of a time zone")]
    UnknownZone(String),
}

/// The day so many days later, or earlier where `days` is negative.
pub fn add_days(day: Date, days: i32) -> Result<Date, TimeError> {
    day.checked_add(jiff::Span::new().try_days(days).map_err(|_| TimeError::OutsideCalendar)?)
        .map_err(|_| TimeError::OutsideCalendar)
}

/// The same day so many months later, or earlier where `months` is negative; the last day of a month that has no such
/// day.
pub fn add_months(day: Date, months: i32) -> Result<Date, TimeError> {
    day.checked_add(jiff::Span::new().try_months(months).map_err(|_| TimeError::OutsideCalendar)?)
        .map_err(|_| TimeError::OutsideCalendar)
}

/// How many days lie between the two: 1 from today to tomorrow, negative where `end` is earlier.
pub fn days_between(start: Date, end: Date) -> i32 {
    // At most 7.3 million days: fits. A difference between two dates is in days unless asked otherwise.
    (end - start).get_days()
}

#[cfg(test)]
mod tests;
