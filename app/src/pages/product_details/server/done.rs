//! What a form has done: kept for its page, and said there in the language of whoever reads it.

use domain::money::Money;
use domain::subscription::{Disabled, State};
use serde::{Deserialize, Serialize};
use services::ServiceError;
use services::products::ProductDetails;

use super::DoneView;
use crate::format::{date_long, money};
use crate::pages::products::server::{full_name, on_shelf};
use crate::texts::Texts;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "kebab-case")]
pub(crate) enum Done {
    /// Seats were added or removed.
    Seats,
    /// A change waits for the renewal.
    Scheduled,
    /// It does not any more.
    Revoked,
    /// Recurring billing is on or off.
    Recurring {
        /// Which.
        on: bool,
    },
    /// It has ended today.
    Canceled {
        /// What comes back.
        back: Option<Money>,
    },
    /// It ends with its term.
    CanceledAtEnd,
    /// The plan is another one.
    Plan,
    /// A trial runs.
    Started,
    /// A trial runs longer.
    Extended,
    /// Who loses their license is decided.
    Losing,
    /// What was owed is paid.
    Paid {
        /// How much.
        amount: Option<Money>,
    },
}

/// What the page says of it, and the way back.
pub(super) fn done(done: Done, found: &ProductDetails, texts: Texts) -> Result<DoneView, ServiceError> {
    let subscription = &found.subscription;
    let end = subscription.state.ends_on().map_err(ServiceError::broken)?;
    let day = date_long(end, texts.language());
    let last = date_long(end.yesterday().unwrap_or(end), texts.language());
    let seats = i64::from(subscription.seats);
    let to_pane = |pane: &str| format!("/products/{}?pane={pane}", subscription.id);
    let (renews, cancel) = (texts.recurring(), texts.cancel());
    let (cause, text, way) = match done {
        Done::Seats => {
            let (product, _) = on_shelf(&found.window, subscription.plan)?;
            let licenses = ["/licenses/", product.key.as_str()].concat();
            let words = texts.seats();
            let way = (texts.commands().assign(), licenses);
            (words.done().to_owned(), words.done_more(seats), Some(way))
        }
        Done::Scheduled => {
            let words = texts.scheduled();
            let way = (words.see(), to_pane("scheduled"));
            (words.scheduled().to_owned(), words.scheduled_more(&day), Some(way))
        }
        Done::Revoked => {
            let words = texts.scheduled();
            (words.done().to_owned(), words.done_more(&day), None)
        }
        Done::Recurring { on: true } => {
            let way = (renews.to_off(), to_pane("recurring"));
            (renews.done_on().to_owned(), renews.done_on_more(&day), Some(way))
        }
        Done::Recurring { on: false } => {
            let way = (renews.to_on(), to_pane("recurring"));
            (renews.done_off().to_owned(), renews.done_off_more(&day), Some(way))
        }
        Done::Canceled { back } => {
            let kept = match subscription.state {
                State::Disabled(Disabled { until, .. }) => until.yesterday().unwrap_or(until),
                _ => end,
            };
            let kept = date_long(kept, texts.language());
            let text = match back {
                Some(back) => cancel.done_now_refund(&money(back), &kept),
                None => cancel.done_now_more(&kept),
            };
            (cancel.done_now().to_owned(), text, Some((cancel.reactivate(), to_pane("reactivate"))))
        }
        Done::CanceledAtEnd => {
            let way = (cancel.keep(), to_pane("recurring"));
            (cancel.done_end(&day), cancel.done_end_more().to_owned(), Some(way))
        }
        Done::Plan => {
            let (product, plan) = on_shelf(&found.window, subscription.plan)?;
            let words = texts.plan_change();
            let name = full_name(product, plan, texts.language());
            (words.done().to_owned(), words.done_more(&name), None)
        }
        Done::Started => {
            let (product, _) = on_shelf(&found.window, subscription.plan)?;
            let licenses = ["/licenses/", product.key.as_str()].concat();
            let words = texts.trial();
            let way = (texts.commands().assign(), licenses);
            (words.started().to_owned(), words.started_more(seats, &last), Some(way))
        }
        Done::Extended => {
            let words = texts.trial();
            (words.extended().to_owned(), words.extended_more(&last), None)
        }
        Done::Losing => {
            let words = texts.scheduled();
            let way = (words.see(), to_pane("scheduled"));
            (words.losing_done().to_owned(), words.losing_done_more(&day), Some(way))
        }
        Done::Paid { amount } => {
            let words = texts.pay();
            let text = match amount {
                Some(amount) => words.done_more(&money(amount)),
                None => words.nothing_more().to_owned(),
            };
            (words.done().to_owned(), text, None)
        }
    };
    Ok(DoneView { cause, text, way: way.map(|(name, address)| (name.to_owned(), address)) })
}
