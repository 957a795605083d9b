//! Time zones of organizations and issuers.

/// The name of a time zone, such as `Asia/Tokyo`. Its form is checked here; that the database knows it is
/// checked by `Zone::find` (feature `zones`), which only the server has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ZoneName(String);

impl ZoneName {
    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ZoneName {
    type Err = super::TimeError;

    fn from_str(name: &str) -> Result<Self, super::TimeError> {
        let fits = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
        if fits { Ok(Self(name.to_owned())) } else { Err(super::TimeError::UnknownZone(name.to_owned())) }
    }
}

impl std::fmt::Display for ZoneName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

crate::code::serde_as_text!(ZoneName);

/// A time zone with its history: turns instants into days and days into instants (SPEC 3).
#[cfg(feature = "zones")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

#[cfg(feature = "zones")]
impl Zone {
    /// The zone of this name, or that there is none.
    pub fn find(name: &ZoneName) -> Result<Self, super::TimeError> {
        let unknown = |_| super::TimeError::UnknownZone(name.as_str().to_owned());
        jiff::tz::TimeZoneDatabase::bundled().get(name.as_str()).map(Self).map_err(unknown)
    }

    /// The calendar day at this instant.
    pub fn date(&self, at: super::Instant) -> super::Date {
        self.0.to_datetime(at.timestamp()).date()
    }

    /// The first instant of the day, which is not midnight where clocks are put forward over midnight.
    pub fn start_of(&self, day: super::Date) -> Result<super::Instant, super::TimeError> {
        let outside = |_| super::TimeError::OutsideCalendar;
        let midnight = self.0.to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        let in_gap = matches!(midnight.offset(), jiff::tz::AmbiguousOffset::Gap { .. });
        let first = midnight.compatible().map_err(outside)?;
        if !in_gap {
            return Ok(first.into());
        }
        // The day begins at the change itself, which is the last one up to `first`.
        let just_after = first.checked_add(jiff::SignedDuration::from_nanos(1)).map_err(outside)?;
        let change = self.0.preceding(just_after).next().map(|change| change.timestamp());
        Ok(change.unwrap_or(first).into())
    }

    /// The civil date and time that people there read at this instant.
    pub fn datetime(&self, at: super::Instant) -> jiff::civil::DateTime {
        self.0.to_datetime(at.timestamp())
    }
}
