//! Changes of a subscription that one manages: seats, plan, recurring billing, and its end (SPEC 5).
//!
//! | step | what is written | file |
//! |---|---|---|
//! | a pane is shown | nothing | here |
//! | a change is quoted | nothing: it is computed and sealed, as that of a purchase is | `seats`, `plan`, `cancel`, `sealed` |
//! | one that costs money is confirmed | an order with its quote, and the attempt to charge it | `carry` |
//! | one that costs nothing is confirmed | all of it, in one unit of work | `seats`, `plan`, `cancel` |
//! | it is paid | all that it brings | `orders::changed` |
//! | something comes back | credit notes, credit, and refunds that wait for the provider | `crediting`, `refunds` |
//!
//! What is confirmed is computed again and must give the same seal, and every unit is guarded by the version of the
//! subscription that the quote was made from: a confirmation made from a number that is no longer true gets
//! [`ServiceError::QuoteChanged`], never a silent result.

mod cancel;
mod carry;
mod managed;
mod plan;
mod recurring;
mod scheduled;
mod sealed;
mod seats;

pub use crate::orders::{CardInUse, Confirmation, Standing};
pub use domain::change::{CancelReason, When};
pub use scheduled::{Losing, LosingHolder};
pub use sealed::Sealed;

pub(crate) use carry::{facts, told};
pub(crate) use managed::paid_term;

use domain::catalog::{BillingFrequency, Key, Price, SeatLimits, Term};
use domain::id::{OrderId, SubscriptionId};
use domain::money::Money;
use domain::quote::ChangeQuote;
use domain::time::Date;
use serde::{Deserialize, Serialize};
use store::subscriptions::{Scheduled, Subscription};

use crate::asker::Asker;
use crate::catalog::Window;
use crate::{ServiceError, Services};

/// What the panes of one subscription show.
#[derive(Clone, Debug)]
pub struct ChangePane {
    /// Names, today, currency.
    pub window: Window,
    /// The subscription.
    pub subscription: Subscription,
    /// How many seats its plan allows.
    pub limits: SeatLimits,
    /// The last day of the newest window that is open.
    pub open_until: Option<Date>,
    /// What would pay: the profile's method; none that can be charged.
    pub card: Option<CardInUse>,
    /// What is kept for the profile.
    pub credit: Money,
}

/// Another number of seats, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatWish {
    /// The total.
    pub total: String,
    /// From when on.
    pub when: When,
}

/// The quote of another number of seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatQuote {
    /// By which it is confirmed.
    pub sealed: Sealed,
    /// What it costs or gives back, and from when on.
    pub change: ChangeQuote,
    /// What is scheduled so far and would be replaced.
    pub scheduled_replaced: Option<Scheduled>,
}

/// How a subscription is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelHow {
    /// Today, with refund, while the window is open.
    Now,
    /// With its term: recurring billing is turned off.
    AtEnd,
}

/// Why and how somebody cancels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelWish {
    /// How.
    pub how: CancelHow,
    /// Why.
    pub reason: CancelReason,
    /// Why, in words: required with [`CancelReason::Other`].
    pub other: String,
    /// What else they say.
    pub feedback: String,
}

/// What canceling does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelQuote {
    /// By which it is confirmed.
    pub sealed: Sealed,
    /// What ending today gives back; none: the window is closed.
    pub now: Option<ChangeQuote>,
    /// The last day on which that is possible.
    pub refund_until: Option<Date>,
    /// The first day after the term.
    pub ends_on: Date,
    /// How many people lose access.
    pub people: u32,
    /// How many more keep it: they move to free seats of the same product (SPEC 5, Assigning).
    pub moving: u32,
    /// The instalments that are still to be paid if it ends with its term.
    pub remaining: Option<Remaining>,
}

/// Instalments that are still to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remaining {
    /// How many.
    pub number: u32,
    /// All of them together, tax included.
    pub sum: Money,
    /// The day of the last one.
    pub last_on: Date,
}

/// Another plan, as a form has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanWish {
    /// The plan's key.
    pub plan: String,
    /// The term's code.
    pub term: String,
    /// The frequency's code.
    pub frequency: String,
    /// From when on.
    pub when: When,
}

/// A plan with its terms, frequencies and their prices.
pub type PlanTerms = (Key, Vec<(Term, BillingFrequency, Price)>);

/// The plans that a subscription can change to.
#[derive(Clone, Debug)]
pub struct PlanChoices {
    /// What the panes show.
    pub pane: ChangePane,
    /// What it has.
    pub current: (Key, Term, BillingFrequency),
    /// The plans that are sold, each with its prices in the currency.
    pub offers: Vec<PlanTerms>,
}

/// The quote of another plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanQuote {
    /// By which it is confirmed.
    pub sealed: Sealed,
    /// What it costs or gives back, and from when on.
    pub change: ChangeQuote,
    /// What is scheduled so far and would be replaced, or dropped.
    pub scheduled_replaced: Option<Scheduled>,
}

/// What became of a confirmed change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It is done, at once or scheduled: nothing had to be collected.
    Done,
    /// It costs money, and an order carries it.
    Order {
        /// Which one.
        order: OrderId,
        /// Where it stands: [`Standing::Paid`] is done.
        standing: Standing,
    },
}

impl Services {
    /// What the panes of a subscription that the asker manages show. Somebody else's is nowhere (SPEC 1).
    pub async fn change_pane(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<ChangePane, ServiceError> {
        self.managed(asker, subscription).await?.pane()
    }
}
