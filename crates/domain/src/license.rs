//! Licenses: one product for one person, drawn from one subscription (SPEC 5, Assigning).

use crate::id::SubscriptionId;
use crate::subscription::Status;
use crate::time::Date;

/// How many people are given a license in one go (SPEC 5); a pasted list takes over beyond it.
pub const MOST_AT_ONCE: usize = 20;

crate::code::coded! {
    /// How somebody came to a license.
    pub enum AssignmentSource {
        /// A manager gave it to them.
        Manual = "manual",
    }
}

crate::code::coded! {
    /// Why somebody was not given a license.
    pub enum NotAssigned {
        /// They hold one of this product already.
        AlreadyHasIt = "already-has-it",
        /// Nobody in the organization is this.
        Unknown = "unknown",
        /// Guests are given no license (SPEC 1).
        Guest = "guest",
        /// They are not with the organization any more.
        Inactive = "inactive",
        /// Every seat is taken.
        NoSeat = "no-seat",
    }
}

/// A subscription as a source of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatSource {
    /// Which one.
    pub subscription: SubscriptionId,
    /// Its state: seats of one that does not work cannot be given.
    pub status: Status,
    /// The first day on which its term is over, or its days have run out.
    pub ends: Date,
    /// Its seats.
    pub seats: u32,
    /// Those that are given to somebody.
    pub assigned: u32,
}

impl SeatSource {
    /// The seats that can be given now.
    pub fn free(&self) -> u32 {
        if self.status.can_assign() { self.seats.saturating_sub(self.assigned) } else { 0 }
    }
}

/// The order in which subscriptions are asked for a free seat: the one that ends last comes first, so that a
/// license lasts as long as it can (SPEC 5). Where one was picked, only that one. Equal ends: the older first.
pub fn draw_from(sources: &[SeatSource], picked: Option<SubscriptionId>) -> Vec<SubscriptionId> {
    let fits =
        |source: &&SeatSource| source.free() > 0 && picked.is_none_or(|picked| source.subscription == picked);
    let mut free: Vec<&SeatSource> = sources.iter().filter(fits).collect();
    free.sort_by_key(|source| (std::cmp::Reverse(source.ends), source.subscription));
    free.into_iter().map(|source| source.subscription).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    fn source(number: u128, ends: Date, seats: u32, assigned: u32, status: Status) -> SeatSource {
        let subscription = SubscriptionId::from_uuid(Uuid::from_u128(number));
        SeatSource { subscription, status, ends, seats, assigned }
    }

    #[test]
    fn the_subscription_that_ends_last_gives_the_seat() {
        let sources = [
            source(1, date(2026, 12, 1), 5, 0, Status::Active),
            source(2, date(2027, 3, 1), 5, 4, Status::Active),
            source(3, date(2028, 1, 1), 5, 5, Status::Active),
            source(4, date(2029, 1, 1), 5, 0, Status::Disabled),
            source(5, date(2026, 12, 1), 1, 0, Status::Expired),
            source(6, date(2030, 1, 1), 1, 0, Status::Scheduled),
        ];
        let numbers = |picked: Option<u128>| -> Vec<u128> {
            let picked = picked.map(|number| SubscriptionId::from_uuid(Uuid::from_u128(number)));
            draw_from(&sources, picked).into_iter().map(|id| id.uuid().as_u128()).collect()
        };
        assert_eq!(numbers(None), [2, 1, 5]);
        assert_eq!(numbers(Some(1)), [1]);
        assert!(numbers(Some(3)).is_empty(), "it is full");
        assert!(numbers(Some(4)).is_empty(), "it does not work");
    }

    #[test]
    fn more_assigned_than_there_are_seats_is_no_free_seat() {
        assert_eq!(source(1, date(2026, 12, 1), 3, 5, Status::Active).free(), 0);
    }
}
