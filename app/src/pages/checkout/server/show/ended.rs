//! An order that came to nothing: what did not happen, why, and the way on.

use domain::order::OrderKind;
use services::orders::{Checkout, Stage};

use super::super::EndedStep;
use super::{back, declined};
use crate::texts::Texts;

/// What the page says.
pub(super) fn step(checkout: &Checkout, texts: Texts) -> EndedStep {
    let words = texts.checkout();
    let kind = checkout.order.kind;
    let nothing = if kind.is_change() { words.lapsed_change() } else { words.lapsed() };
    let (cause, text) = match (&checkout.stage, checkout.declined) {
        (Stage::Returned, _) => (nothing, words.returned_more().to_owned()),
        (Stage::Declined, Some(code)) => {
            (texts.change().declined(), texts.change().declined_more(declined(code, texts)))
        }
        (Stage::Declined, None) => (texts.change().declined(), String::new()),
        _ => (nothing, words.lapsed_more().to_owned()),
    };
    let pane = match kind {
        OrderKind::Purchase | OrderKind::Trial => "",
        OrderKind::Seats => "?pane=seats",
        OrderKind::Plan => "?pane=plan",
        OrderKind::Conversion => "?pane=buy",
        OrderKind::Reactivation => "?pane=reactivate",
    };
    let way = (words.buy_again().to_owned(), [back(checkout).as_str(), pane].concat());
    EndedStep { cause: cause.to_owned(), text, way }
}
