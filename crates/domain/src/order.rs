//! Orders: one wish to buy, from the choice to the receipt (SPEC 4, 5).
//!
//! A draft can be changed as often as one likes and costs nothing. Confirming names a quote; from then on
//! amounts and day stand while the card is charged and the bank perhaps asks, for 24 hours. What comes of it is
//! a subscription, a draft again, or nothing. A trial costs nothing: it is a draft, and then started.

use serde::{Deserialize, Serialize};

use crate::catalog::{BillingFrequency, Key, Term};
use crate::id::{DocumentId, PaymentAttemptId, SubscriptionId};
use crate::subscription::SeatCount;
use crate::time::Instant;

/// For how long a confirmed purchase waits for the bank, in seconds (SPEC 4: 24 hours).
pub const CONFIRMED_FOR_SECONDS: i64 = 24 * 60 * 60;

/// How long a quote stands, in seconds, and never beyond the organization's day (SPEC 4: 15 minutes).
pub const QUOTED_FOR_SECONDS: i64 = 15 * 60;

/// What somebody wants: a plan for a term, paid in a way, for so many people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The product.
    pub product: Key,
    /// One of its plans.
    pub plan: Key,
    /// How long is committed to.
    pub term: Term,
    /// When it is paid.
    pub frequency: BillingFrequency,
    /// How many seats.
    pub seats: SeatCount,
}

crate::code::coded! {
    /// What an order is for.
    pub enum OrderKind {
        /// A new subscription.
        Purchase = "purchase",
        /// A trial; it may cost nothing now.
        Trial = "trial",
        /// A trial that is bought.
        Conversion = "conversion",
        /// More seats of a subscription, at once.
        Seats = "seats",
        /// Another plan, term or frequency of a subscription, at once.
        Plan = "plan",
        /// A new term of a subscription that has ended.
        Reactivation = "reactivation",
    }
}

crate::code::coded! {
    /// The name of an order's state, without its data: for columns and badges.
    pub enum OrderStatus {
        /// Chosen and not confirmed.
        Draft = "draft",
        /// Confirmed; the payment is under way.
        Confirmed = "confirmed",
        /// Paid.
        Paid = "paid",
        /// Confirmed and not paid in time: nothing was bought and nothing charged.
        Lapsed = "lapsed",
        /// A trial that runs: there was nothing to pay.
        Started = "started",
        /// Paid when it was no longer possible: the money goes back.
        Returned = "returned",
    }
}

/// How far an order is, with what that state has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum OrderState {
    /// Chosen and not confirmed: everything can still be changed.
    Draft {
        /// The attempt that was declined before, where one was.
        declined: Option<PaymentAttemptId>,
    },
    /// Confirmed: amounts and day stand.
    Confirmed {
        /// The attempt that is under way.
        attempt: PaymentAttemptId,
        /// When it lapses if it is not paid by then.
        lapses_at: Instant,
    },
    /// Paid.
    Paid {
        /// What was bought.
        subscription: SubscriptionId,
        /// Its invoice.
        document: DocumentId,
    },
    /// Not paid in time.
    Lapsed {
        /// The attempt that was closed.
        attempt: PaymentAttemptId,
    },
    /// A trial has started.
    Started {
        /// What is tried.
        subscription: SubscriptionId,
    },
    /// It was paid for something no longer possible, and the money goes back (SPEC 4).
    Returned {
        /// The attempt that has collected it.
        attempt: PaymentAttemptId,
    },
}

/// Why an order does not become what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Not from this state.
    #[error("not possible while the order is {0}")]
    WrongState(OrderStatus),
    /// What came of another attempt than the one that is under way.
    #[error("not the attempt that is under way")]
    OtherAttempt,
    /// Its 24 hours are not over.
    #[error("not before {0}")]
    TooEarly(Instant),
}

impl OrderKind {
    /// Whether it changes a subscription that runs. It is confirmed where it is quoted, and not from a draft.
    pub const fn is_change(self) -> bool {
        matches!(self, Self::Seats | Self::Plan)
    }
}

impl OrderState {
    /// A new order.
    pub const fn new() -> Self {
        Self::Draft { declined: None }
    }

    /// The name of the state.
    pub const fn status(&self) -> OrderStatus {
        match self {
            Self::Draft { .. } => OrderStatus::Draft,
            Self::Confirmed { .. } => OrderStatus::Confirmed,
            Self::Paid { .. } => OrderStatus::Paid,
            Self::Lapsed { .. } => OrderStatus::Lapsed,
            Self::Started { .. } => OrderStatus::Started,
            Self::Returned { .. } => OrderStatus::Returned,
        }
    }

    /// Draft → Confirmed, with the attempt to charge that is made for it.
    pub fn confirm(self, attempt: PaymentAttemptId, now: Instant) -> Result<Self, OrderError> {
        match self {
            Self::Draft { .. } => {
                Ok(Self::Confirmed { attempt, lapses_at: now.plus_seconds(CONFIRMED_FOR_SECONDS) })
            }
            _ => Err(OrderError::WrongState(self.status())),
        }
    }

    /// Confirmed → Draft: the card was declined, and everything that was chosen is kept.
    pub fn decline(self, of: PaymentAttemptId) -> Result<Self, OrderError> {
        self.under_way(of).map(|_| Self::Draft { declined: Some(of) })
    }

    /// Confirmed → Paid.
    pub fn pay(
        self,
        of: PaymentAttemptId,
        subscription: SubscriptionId,
        document: DocumentId,
    ) -> Result<Self, OrderError> {
        self.under_way(of).map(|_| Self::Paid { subscription, document })
    }

    /// Draft → Started: a trial, of which nothing is paid.
    pub fn start(self, subscription: SubscriptionId) -> Result<Self, OrderError> {
        match self {
            Self::Draft { .. } => Ok(Self::Started { subscription }),
            _ => Err(OrderError::WrongState(self.status())),
        }
    }

    /// Confirmed → Returned: the attempt has collected money for something no longer possible.
    pub fn give_back(self, of: PaymentAttemptId) -> Result<Self, OrderError> {
        self.under_way(of).map(|_| Self::Returned { attempt: of })
    }

    /// Confirmed → Lapsed, once its time is over and the provider has closed the attempt.
    pub fn lapse(self, of: PaymentAttemptId, now: Instant) -> Result<Self, OrderError> {
        match self.under_way(of)? {
            lapses_at if now < lapses_at => Err(OrderError::TooEarly(lapses_at)),
            _ => Ok(Self::Lapsed { attempt: of }),
        }
    }

    fn under_way(self, of: PaymentAttemptId) -> Result<Instant, OrderError> {
        match self {
            Self::Confirmed { attempt, lapses_at } if attempt == of => Ok(lapses_at),
            Self::Confirmed { .. } => Err(OrderError::OtherAttempt),
            _ => Err(OrderError::WrongState(self.status())),
        }
    }
}

impl Default for OrderState {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOON: Instant = Instant::from_micros(1_795_489_200_000_000);

    fn attempt(number: u128) -> PaymentAttemptId {
        PaymentAttemptId::from_uuid(Uuid::from_u128(number))
    }

    fn bought() -> (SubscriptionId, DocumentId) {
        (SubscriptionId::from_uuid(Uuid::from_u128(7)), DocumentId::from_uuid(Uuid::from_u128(8)))
    }

    #[test]
    fn an_order_is_confirmed_and_paid_once() {
        let (subscription, document) = bought();
        let confirmed = OrderState::new().confirm(attempt(1), NOON).unwrap();
        assert_eq!(confirmed.confirm(attempt(2), NOON), Err(OrderError::WrongState(OrderStatus::Confirmed)));
        assert_eq!(confirmed.pay(attempt(2), subscription, document), Err(OrderError::OtherAttempt));
        let paid = confirmed.pay(attempt(1), subscription, document).unwrap();
        assert_eq!(paid, OrderState::Paid { subscription, document });
        let wrong = OrderError::WrongState(OrderStatus::Paid);
        assert_eq!(paid.pay(attempt(1), subscription, document), Err(wrong));
        assert_eq!(paid.decline(attempt(1)), Err(wrong));
        assert_eq!(paid.confirm(attempt(3), NOON), Err(wrong));
        assert_eq!(paid.lapse(attempt(1), NOON), Err(wrong));
    }

    #[test]
    fn a_declined_order_is_a_draft_again_and_can_be_confirmed_with_another_attempt() {
        let confirmed = OrderState::new().confirm(attempt(1), NOON).unwrap();
        let declined = confirmed.decline(attempt(1)).unwrap();
        assert_eq!(declined, OrderState::Draft { declined: Some(attempt(1)) });
        assert!(declined.confirm(attempt(2), NOON).is_ok());
    }

    #[test]
    fn an_order_lapses_after_a_day_and_not_before() {
        let confirmed = OrderState::new().confirm(attempt(1), NOON).unwrap();
        let end = NOON.plus_seconds(24 * 3_600);
        assert_eq!(confirmed.lapse(attempt(1), end.plus_seconds(-1)), Err(OrderError::TooEarly(end)));
        assert_eq!(confirmed.lapse(attempt(1), end), Ok(OrderState::Lapsed { attempt: attempt(1) }));
        assert_eq!(OrderState::new().lapse(attempt(1), end), Err(OrderError::WrongState(OrderStatus::Draft)));
    }

    #[test]
    fn a_trial_starts_from_a_draft_and_once() {
        let subscription = SubscriptionId::from_uuid(Uuid::from_u128(3));
        let started = OrderState::new().start(subscription).unwrap();
        assert_eq!(started, OrderState::Started { subscription });
        let wrong = OrderError::WrongState(OrderStatus::Started);
        assert_eq!(
            (started.start(subscription), started.confirm(attempt(1), NOON)),
            (Err(wrong), Err(wrong))
        );
    }

    #[test]
    fn what_is_paid_too_late_goes_back() {
        let confirmed = OrderState::new().confirm(attempt(1), NOON).unwrap();
        assert_eq!(confirmed.give_back(attempt(2)), Err(OrderError::OtherAttempt));
        let returned = confirmed.give_back(attempt(1)).unwrap();
        assert_eq!(returned, OrderState::Returned { attempt: attempt(1) });
        assert_eq!(returned.give_back(attempt(1)), Err(OrderError::WrongState(OrderStatus::Returned)));
    }

    #[test]
    fn a_quote_stands_for_a_quarter_of_an_hour_and_a_confirmed_order_for_a_day() {
        assert_eq!((QUOTED_FOR_SECONDS, CONFIRMED_FOR_SECONDS), (900, 86_400));
    }

    #[test]
    fn states_have_one_text_form() {
        let confirmed = OrderState::new().confirm(attempt(1), NOON).unwrap();
        let returned = confirmed.give_back(attempt(1)).unwrap();
        let started = OrderState::new().start(SubscriptionId::from_uuid(Uuid::from_u128(3))).unwrap();
        let declined = confirmed.decline(attempt(1)).unwrap();
        for state in [OrderState::new(), confirmed, declined, returned, started] {
            let json = serde_json::to_string(&state).unwrap();
            assert!(json.contains(&format!("\"status\":\"{}\"", state.status())), "{json}");
            assert_eq!(serde_json::from_str::<OrderState>(&json).unwrap(), state);
        }
    }
}
