//! Seats that are there, and seats that wait for their payment (SPEC 5, Seats).

use crate::catalog::SeatLimits;

/// The seats of a subscription, and those that are confirmed and wait for their payment: "11 and 5 waiting".
///
/// Waiting seats count towards the plan's maximum, cannot be assigned, and are added when they are paid,
/// whatever happened meanwhile.
///
/// ```
/// use domain::{catalog::SeatLimits, subscription::Seats};
///
/// let limits = SeatLimits { minimum: 1, maximum: 50 };
/// let seats = Seats::new(10).add(1, limits)?.wait(5, limits)?;
/// assert_eq!((seats.total(), seats.waiting()), (11, 5));
/// assert_eq!(seats.add(1, limits)?.paid(5)?.total(), 17);
/// # Ok::<_, domain::subscription::SeatsRefusal>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    total: u32,
    waiting: u32,
}

/// Why seats are not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeatsRefusal {
    /// The plan allows no more, waiting ones included.
    #[error("this plan has at most {most} seats")]
    TooMany {
        /// The most.
        most: u32,
    },
    /// Not so many wait for their payment.
    #[error("only {waiting} seats wait for their payment")]
    NotWaiting {
        /// How many do.
        waiting: u32,
    },
}

impl Seats {
    /// So many seats, and none that wait.
    pub const fn new(total: u32) -> Self {
        Self { total, waiting: 0 }
    }

    /// The seats that are there and can be assigned.
    pub const fn total(self) -> u32 {
        self.total
    }

    /// The seats that wait for their payment.
    pub const fn waiting(self) -> u32 {
        self.waiting
    }

    /// More seats that are paid. Errors: more than the plan allows.
    pub fn add(self, seats: u32, limits: SeatLimits) -> Result<Self, SeatsRefusal> {
        self.room_for(seats, limits)?;
        Ok(Self { total: self.total.saturating_add(seats), ..self })
    }

    /// More seats that wait for their payment. Errors: more than the plan allows.
    pub fn wait(self, seats: u32, limits: SeatLimits) -> Result<Self, SeatsRefusal> {
        self.room_for(seats, limits)?;
        Ok(Self { waiting: self.waiting.saturating_add(seats), ..self })
    }

    /// Waiting seats are paid and there. Errors: not so many wait.
    pub fn paid(self, seats: u32) -> Result<Self, SeatsRefusal> {
        let waiting = self.without_waiting(seats)?;
        Ok(Self { total: self.total.saturating_add(seats), waiting })
    }

    /// Waiting seats were not paid in time (SPEC 4: what is not paid lapses). Errors: not so many wait.
    pub fn lapsed(self, seats: u32) -> Result<Self, SeatsRefusal> {
        Ok(Self { waiting: self.without_waiting(seats)?, ..self })
    }

    fn without_waiting(self, seats: u32) -> Result<u32, SeatsRefusal> {
        self.waiting.checked_sub(seats).ok_or(SeatsRefusal::NotWaiting { waiting: self.waiting })
    }

    fn room_for(self, seats: u32, limits: SeatLimits) -> Result<(), SeatsRefusal> {
        let all = self.total.checked_add(self.waiting).and_then(|all| all.checked_add(seats));
        let fits = all.is_some_and(|all| all <= limits.maximum);
        if fits { Ok(()) } else { Err(SeatsRefusal::TooMany { most: limits.maximum }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: SeatLimits = SeatLimits { minimum: 1, maximum: 50 };

    #[test]
    fn seats_are_added_when_they_are_paid_whatever_happened_meanwhile() {
        // Money case M13.
        let seats = Seats::new(10).add(1, LIMITS).unwrap();
        assert_eq!(seats.total(), 11);
        let seats = seats.wait(5, LIMITS).unwrap();
        assert_eq!((seats.total(), seats.waiting()), (11, 5));
        let seats = seats.add(1, LIMITS).unwrap();
        assert_eq!(seats.total(), 12);
        let seats = seats.paid(5).unwrap();
        assert_eq!((seats.total(), seats.waiting()), (17, 0));
        assert_eq!(seats.add(1, LIMITS).map(Seats::total), Ok(18));
    }

    #[test]
    fn waiting_seats_count_towards_the_maximum_and_lapse() {
        let seats = Seats::new(40).wait(10, LIMITS).unwrap();
        let full = Err(SeatsRefusal::TooMany { most: 50 });
        assert_eq!((seats.add(1, LIMITS), seats.wait(1, LIMITS)), (full, full));
        assert_eq!(seats.add(u32::MAX, LIMITS), full);
        assert_eq!(seats.paid(11), Err(SeatsRefusal::NotWaiting { waiting: 10 }));
        assert_eq!(seats.lapsed(10), Ok(Seats::new(40)));
    }

    proptest! {
        #[test]
        fn seats_come_from_somewhere(steps in prop::collection::vec((0_u8..4, 0_u32..20), 0..30)) {
            let mut seats = Seats::new(10);
            for (step, count) in steps {
                let next = match step {
                    0 => seats.add(count, LIMITS),
                    1 => seats.wait(count, LIMITS),
                    2 => seats.paid(count),
                    _ => seats.lapsed(count),
                };
                let all = |seats: Seats| seats.total() + seats.waiting();
                if let Ok(next) = next {
                    let expected = match step {
                        0 | 1 => all(seats) + count,
                        2 => all(seats),
                        _ => all(seats) - count,
                    };
                    prop_assert_eq!(all(next), expected);
                    prop_assert!(all(next) <= 50);
                    seats = next;
                }
            }
        }
    }
}
