//! What goes wrong between the house and its provider: a script, so that a test that failed fails again.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// The calls that a script can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `begin_setup`.
    BeginSetup,
    /// `setup_outcome`.
    SetupOutcome,
    /// `forget_card`.
    ForgetCard,
    /// `charge`.
    Charge,
    /// `charge_outcome`.
    ChargeOutcome,
    /// `abandon_charge`.
    AbandonCharge,
    /// `refund`.
    Refund,
    /// `refund_outcome`.
    RefundOutcome,
}

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing out of the ordinary.
    Fine,
    /// The line is dead: nothing is done, and the caller knows it (`Unavailable`).
    Unreachable,
    /// The request is lost on its way: nothing is done, and nobody knows (`Unknown`).
    RequestLost,
    /// It is done, and the answer is lost (`Unknown`).
    AnswerLost,
    /// The request is on its way for longer than anybody waits (`Unknown`), and arrives at
    /// [`Sandbox::catch_up`](super::Sandbox::catch_up).
    RequestLate,
    /// It is done at once, and the answer comes so much later.
    AnswerLate(Duration),
    /// It is done at once, and the answer comes at [`Sandbox::catch_up`](super::Sandbox::catch_up). While one answer
    /// is held, no other is.
    AnswerHeld,
    /// The line delivers the request twice, at the same time.
    Repeated,
}

/// A script: what happens to the next calls of each kind. After its end everything is fine.
#[derive(Clone, Debug, Default)]
pub struct Mishaps {
    next: HashMap<Call, VecDeque<Mishap>>,
}

impl Mishaps {
    /// A script in which nothing happens.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds what happens to the next calls of this kind, after those that are scripted already.
    #[must_use]
    pub fn on(mut self, call: Call, mishaps: impl IntoIterator<Item = Mishap>) -> Self {
        self.next.entry(call).or_default().extend(mishaps);
        self
    }

    /// What happens to the call that comes now.
    pub(super) fn take(&mut self, call: Call) -> Mishap {
        self.next.get_mut(&call).and_then(VecDeque::pop_front).unwrap_or(Mishap::Fine)
    }
}
