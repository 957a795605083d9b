//! The life of a subscription: which states there are, what each of them knows, and how one becomes another
//! (SPEC 5). A transition consumes the state and returns the next one, or says why there is none.

mod seats;
mod state;
mod trial;
mod waiting;

pub use seats::{NoSeatCount, SeatCount};
pub use state::{Active, Disabled, DisabledCause, PaidTerm, PaymentDue, Run, State, TransitionError};
pub use trial::{Conversion, TrialEnd, TrialRun};
pub use waiting::{Seats, SeatsRefusal};

crate::code::coded! {
    /// How a subscription was acquired: the filter of Your products.
    pub enum Channel {
        /// セルフサービス: a member bought it.
        SelfService = "self-service",
        /// 一元購入: the organization's administrators bought it.
        Central = "central",
        /// 試用版: it is being tried.
        Trial = "trial",
    }
}

crate::code::coded! {
    /// The name of a state, without its data: for columns, filters and badges.
    pub enum Status {
        /// Bought, and starts later.
        Scheduled = "scheduled",
        /// In use, tried or paid.
        Active = "active",
        /// Ended, and still works for some days.
        Expired = "expired",
        /// Nobody can use it; the data is kept.
        Disabled = "disabled",
        /// Gone. Its documents are kept.
        Deleted = "deleted",
    }
}

crate::code::coded! {
    /// Why seats were bought.
    pub enum SeatCause {
        /// The subscription began with them.
        Start = "start",
        /// They were renewed.
        Renewal = "renewal",
        /// They were added.
        Increase = "increase",
    }
}

impl Status {
    /// Whether people who hold a license can use the product.
    pub const fn works(self) -> bool {
        matches!(self, Self::Active | Self::Expired)
    }

    /// Whether a license can be given to someone.
    pub const fn can_assign(self) -> bool {
        matches!(self, Self::Active | Self::Expired)
    }
}

#[cfg(test)]
mod tests;
