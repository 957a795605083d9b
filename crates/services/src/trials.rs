//! Trials: started, extended, bought before or at their end, and what has ended brought back (SPEC 5).
//!
//! | what | what is written | file |
//! |---|---|---|
//! | how a product can be tried is shown | nothing | `offer` |
//! | a trial without a card starts | an order that is started at once, and the subscription | `start` |
//! | a trial with a card starts | a draft; the card is typed in the checkout; then the same | `start`, `card` |
//! | it is extended, once | its new end | `extend` |
//! | it is bought early, or what has ended comes back | a draft that the checkout finishes | `again` |
//! | … and is paid | the term, the invoice, the seats | `crate::orders`, `term` |
//! | its end makes it a purchase | the same, and the invoice is open | `crate::engine` |

mod again;
mod card;
mod extend;
mod offer;
mod start;
mod term;

pub(crate) use again::begins_on;
pub(crate) use card::trial_quoted;
pub(crate) use offer::quote_trial_end;
pub(crate) use term::{TermFacts, begin_term};

use domain::catalog::{BillingFrequency, Key, Term, TrialRule};
use domain::id::{OrderId, SubscriptionId};
use domain::notices::{Audience, NoticeKind};
use domain::quote::PurchaseQuote;
use domain::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use store::notices::NewNotice;

use crate::catalog::Window;
use crate::orders::Agreed;

/// How a product can be tried: the last page before a trial.
#[derive(Clone, Debug)]
pub struct TrialOffer {
    /// Names, and today's day in the organization.
    pub window: Window,
    /// The product.
    pub product: Key,
    /// The plan that is tried.
    pub plan: Key,
    /// With or without a card, and for how long and how many.
    pub rule: TrialRule,
    /// The first day after a trial that starts today.
    pub ends_on: Date,
    /// Whether the organization has tried it before: then it cannot be tried again.
    pub used: bool,
    /// What it would become at its end, at the first of the choices and for the fewest seats; nothing without a card.
    pub converts: Option<PurchaseQuote>,
    /// In which terms, and paid how, it could be bought at its end; nothing without a card.
    pub choices: Vec<(Term, BillingFrequency)>,
    /// What is agreed to by starting it.
    pub agreed: Agreed,
}

/// Which trial is wanted, as it stands in a form: nothing of it is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialWish {
    /// The product's key.
    pub product: String,
    /// How many seats are bought at its end, as they were typed; only looked at where it converts.
    pub seats_to_buy: String,
    /// Term and frequency of the purchase that it becomes, by their codes; `None`: it ends by itself.
    pub convert: Option<(String, String)>,
}

/// What became of a trial that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrialStarted {
    /// It runs.
    Running(SubscriptionId),
    /// A card is asked for first: the checkout of this order.
    Card(OrderId),
}

/// A trial with a card as it is shown on its last page. Nothing is charged when it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialQuoted {
    /// The plan that is tried.
    pub plan: Key,
    /// How many seats it has.
    pub seats: u32,
    /// The first day after it.
    pub ends_on: Date,
    /// What it becomes then; `None`: it ends by itself.
    pub converts: Option<PurchaseQuote>,
    /// What is agreed to with it.
    pub agreed: Agreed,
    /// When it was made.
    pub at: Instant,
    /// Until when it stands.
    pub until: Instant,
    /// By which it is confirmed.
    pub seal: String,
}

/// What people are told about a subscription, each audience for itself.
pub(crate) fn notices(
    kind: NoticeKind,
    audiences: &[Audience],
    subscription: SubscriptionId,
    facts: &serde_json::Value,
) -> Vec<NewNotice> {
    let notice = |audience: &Audience| NewNotice {
        kind,
        audience: *audience,
        person: None,
        subject: ("subscription", subscription.uuid()),
        facts: facts.clone(),
    };
    audiences.iter().map(notice).collect()
}
