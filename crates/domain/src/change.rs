//! Changes of a running subscription: what they cost or give back, and when they take effect (SPEC 5).
//!
//! Each takes plain values (what is held, which days, which purchases) and returns [items](crate::line::Item),
//! which say how they came about, or a [`ChangeRefusal`]. Nothing here knows who asks or who pays.

mod cancel;
mod plan;
mod scheduled;
mod seats;
mod window;

pub use cancel::{CancelReason, CancelRequest, Cancellation, cancel};
pub use plan::{PlanChange, PlanChangeNow, PlanRequest, PlanSide, change_plan};
pub use scheduled::{ScheduledChange, schedule};
pub use seats::{SeatChange, SeatRequest, change_seats, seats_by};
pub use window::{GivenBack, SeatPurchase};

use crate::money::MoneyError;
use crate::time::{Period, TimeError};

crate::code::coded! {
    /// When a change is wanted.
    pub enum When {
        /// Today, as far as the rules allow it.
        Now = "now",
        /// At the end of the term.
        AtRenewal = "at-renewal",
    }
}

/// Why a change is not made. Nothing was changed by asking.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// It is so already.
    #[error("nothing would change")]
    Nothing,
    /// People would lose their license today; so many have to be freed first.
    #[error("{free} licenses have to be freed first")]
    BelowAssigned {
        /// How many people too many hold a license.
        free: u32,
    },
    /// The plan allows other numbers of seats only. Seats that wait for a payment count (SPEC 5).
    #[error("this plan has {least} to {most} seats")]
    OutsideLimits {
        /// The fewest.
        least: u32,
        /// The most.
        most: u32,
    },
    /// Something would come back although the window is closed: it can only be scheduled.
    #[error("only at renewal: the window is closed")]
    OnlyAtRenewal,
    /// Only what is active and paid changes.
    #[error("not while it is not active")]
    NotActive,
    /// No seats are bought during a trial.
    #[error("not during a trial")]
    Trial,
    /// Recurring billing is off: there is no renewal that something could wait for.
    #[error("there is no renewal: recurring billing is off")]
    NotRecurring,
    /// The payment of an earlier change is under way; that one is finished first.
    #[error("the payment of an earlier change is under way")]
    PaymentUnderway,
    /// What falls due by itself on or before this day comes first: nothing is invoiced that could come back, nor
    /// charged for a part of it.
    #[error("the period of this day is not invoiced yet")]
    NotInvoiced,
    /// The day does not lie in the billing period.
    #[error("not a day of the billing period from {} to {}", .0.start(), .0.end())]
    OutsidePeriod(Period),
    /// An amount that cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A day outside the calendar.
    #[error(transparent)]
    Time(#[from] TimeError),
}

#[cfg(test)]
mod tests;
