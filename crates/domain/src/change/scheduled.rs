//! What waits for the renewal.

use serde::{Deserialize, Serialize};

use crate::catalog::{BillingFrequency, Key, Term};

/// A change that takes effect at the end of the term. A subscription has at most one (SPEC 5, Renewal).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum ScheduledChange {
    /// Another number of seats: the difference, and the number it was made from.
    Seats {
        /// The number it was made from.
        from: u32,
        /// How many more, or fewer where it is negative.
        difference: i64,
    },
    /// Another plan, term or frequency.
    Plan {
        /// The plan.
        plan: Key,
        /// How long is committed to.
        term: Term,
        /// When it is paid.
        frequency: BillingFrequency,
    },
}

impl ScheduledChange {
    /// Another number of seats.
    pub fn seats(from: u32, to: u32) -> Self {
        Self::Seats { from, difference: i64::from(to) - i64::from(from) }
    }

    /// The number of seats after the renewal of a subscription that has so many on that day: seats bought since
    /// are kept, and none are left where more would go than there are.
    pub fn seats_after(&self, seats: u32) -> u32 {
        match self {
            Self::Seats { difference, .. } => {
                u32::try_from(i64::from(seats).saturating_add(*difference)).unwrap_or(0)
            }
            Self::Plan { .. } => seats,
        }
    }

    /// How many people lose their license at the renewal: those the manager ticked, otherwise the newest first.
    pub fn losing(&self, seats: u32, assigned: u32) -> u32 {
        assigned.saturating_sub(self.seats_after(seats))
    }
}

/// Schedules a change; returns what it replaces, which people are told (SPEC 5).
pub const fn schedule(
    slot: &mut Option<ScheduledChange>,
    change: ScheduledChange,
) -> Option<ScheduledChange> {
    slot.replace(change)
}
