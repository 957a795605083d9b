//! Numbers of seats.

/// A number of seats that a subscription can have: 1 to 1,000,000. A plan's own limits are checked by the
/// quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct SeatCount(u32);

/// A number of seats that no subscription can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no subscription can have {0} seats")]
pub struct NoSeatCount(u32);

impl SeatCount {
    /// The most seats that any subscription can have.
    pub const LARGEST: u32 = crate::catalog::SeatLimits::LARGEST;

    /// So many seats; nothing for 0 or more than the largest.
    pub const fn new(seats: u32) -> Option<Self> {
        if seats >= 1 && seats <= Self::LARGEST { Some(Self(seats)) } else { None }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for SeatCount {
    type Error = NoSeatCount;

    fn try_from(seats: u32) -> Result<Self, NoSeatCount> {
        Self::new(seats).ok_or(NoSeatCount(seats))
    }
}

impl From<SeatCount> for u32 {
    fn from(seats: SeatCount) -> Self {
        seats.0
    }
}

impl std::fmt::Display for SeatCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
