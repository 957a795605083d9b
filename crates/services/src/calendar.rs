//! An organization's calendar: which day it is there, and when a day begins (SPEC 3).

use domain::agenda::Agenda;
use domain::document::Series;
use domain::order::QUOTED_FOR_SECONDS;
use domain::time::{Date, Instant, Zone, ZoneName};
use store::organizations::Organization;

use crate::ServiceError;

/// The days of an organization: those of its time zone, or of its test clock.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    zone: Zone,
    test_clock: Option<Date>,
}

impl Calendar {
    /// The calendar of an organization.
    pub(crate) fn of(organization: &Organization) -> Result<Self, ServiceError> {
        let name: ZoneName = organization.time_zone.parse().map_err(ServiceError::broken)?;
        let zone = Zone::find(&name).map_err(ServiceError::broken)?;
        Ok(Self { zone, test_clock: organization.test_clock })
    }

    /// Which day it is. `now` is what the real clock says.
    pub(crate) fn today(&self, now: Instant) -> Date {
        self.test_clock.unwrap_or_else(|| self.zone.date(now))
    }

    /// The first instant of a day.
    pub(crate) fn start_of(&self, day: Date) -> Result<Instant, ServiceError> {
        self.zone.start_of(day).map_err(ServiceError::broken)
    }

    /// The day that an instant belongs to.
    pub(crate) fn day_of(&self, at: Instant) -> Date {
        self.zone.date(at)
    }

    /// This instant, as due work counts it: on a test clock the first of its day.
    pub(crate) fn now(&self, now: Instant) -> Result<Instant, ServiceError> {
        self.test_clock.map_or(Ok(now), |day| self.start_of(day))
    }

    /// When a subscription wants attention next.
    pub(crate) fn due_at(&self, agenda: &Agenda) -> Result<Option<Instant>, ServiceError> {
        let next = agenda.next().map_err(ServiceError::broken)?;
        next.map(|(on, _)| self.start_of(on)).transpose()
    }

    /// Until when a quote stands that was made at this instant: 15 minutes, and within the day (SPEC 4). Quotes use
    /// the real clock, also where days come from a test clock (SPEC 3).
    pub(crate) fn quote_stands_until(&self, at: Instant) -> Result<Instant, ServiceError> {
        let tomorrow = self.zone.date(at).tomorrow().map_err(ServiceError::broken)?;
        Ok(at.plus_seconds(QUOTED_FOR_SECONDS).min(self.start_of(tomorrow)?))
    }

    /// The series that numbers a document: on a test clock nothing counts (SPEC 3).
    pub(crate) fn series(&self, series: Series) -> Series {
        if self.is_test() { Series::Test } else { series }
    }

    /// Whether its days come from a test clock.
    pub(crate) const fn is_test(&self) -> bool {
        self.test_clock.is_some()
    }
}
