//! Purchases of seats and their windows.

use crate::conventions::{Conventions, Decreases};
use crate::time::{Date, TimeError};

/// Seats that were bought together (start, renewal or increase), with a window of their own (SPEC 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatPurchase {
    /// How many of them are still held.
    pub seats: u32,
    /// The day they were bought.
    pub bought_on: Date,
}

/// Seats of one purchase that end today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GivenBack {
    /// The place of the purchase in the list that was given.
    pub purchase: usize,
    /// How many of its seats.
    pub seats: u32,
}

impl SeatPurchase {
    /// Whether its seats can be given back on this day: from the day they were bought to the last of the window
    /// (SPEC 5); never where the convention has no window. Errors: a day outside the calendar.
    pub fn is_open(self, today: Date, conventions: Conventions) -> Result<bool, TimeError> {
        Ok(conventions.window_days > 0
            && self.bought_on <= today
            && today <= conventions.window_until(self.bought_on)?)
    }
}

/// Up to so many seats, from the newest purchase on, of those that may end today; of equal days the later in the
/// list is the newer.
pub(super) fn take(
    seats: u32,
    purchases: &[SeatPurchase],
    today: Date,
    conventions: Conventions,
) -> Result<Vec<GivenBack>, TimeError> {
    let mut newest_first: Vec<(usize, SeatPurchase)> = purchases.iter().copied().enumerate().collect();
    newest_first.sort_by_key(|(place, purchase)| std::cmp::Reverse((purchase.bought_on, *place)));
    let mut left = seats;
    let mut taken = Vec::new();
    for (purchase, bought) in newest_first {
        let open = match conventions.decreases {
            Decreases::Window => bought.is_open(today, conventions)?,
            Decreases::CreditedNow => true,
            Decreases::Never => false,
        };
        let seats = if open { bought.seats.min(left) } else { 0 };
        if seats > 0 {
            taken.push(GivenBack { purchase, seats });
            left -= seats;
        }
    }
    Ok(taken)
}

/// Whether all that is held can be given back today. What was never bought cannot.
pub(super) fn all_open(
    purchases: &[SeatPurchase],
    today: Date,
    conventions: Conventions,
) -> Result<bool, TimeError> {
    match conventions.decreases {
        Decreases::CreditedNow => Ok(true),
        Decreases::Never => Ok(false),
        Decreases::Window => {
            let mut held = purchases.iter().filter(|purchase| purchase.seats > 0).peekable();
            let any = held.peek().is_some();
            let all =
                held.try_fold(true, |all, each| Ok::<_, TimeError>(all && each.is_open(today, conventions)?));
            Ok(any && all?)
        }
    }
}
