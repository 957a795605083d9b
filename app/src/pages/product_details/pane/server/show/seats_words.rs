//! What a change of seats brings, in words: on either day, how it can be undone, what the button does.

use domain::conventions::Conventions;
use domain::quote::ChangeQuote;

use super::Shown;
use crate::format::money;

/// What comes of it today.
pub(super) fn lines_now(shown: &Shown<'_>, change: &ChangeQuote) -> Vec<String> {
    let words = shown.texts.seats();
    let (from, now, at_renewal) = change.seats;
    if now > from {
        let cost = if change.due_now.is_positive() {
            words.now_more_cost(&money(change.due_now))
        } else {
            words.no_charge().to_owned()
        };
        return vec![words.now_more().to_owned(), cost];
    }
    let mut lines = Vec::new();
    let back = change.back.as_ref().and_then(|back| back.gross.negated().ok());
    let ends = i64::from(from.saturating_sub(now));
    if ends > 0 {
        lines.push(match back.filter(|back| back.is_positive()) {
            Some(back) => words.now_fewer(ends, &money(back)),
            None => words.now_fewer_free(ends),
        });
    }
    let rest = i64::from(now.saturating_sub(at_renewal));
    if rest > 0 {
        lines.push(words.now_fewer_rest(rest, &shown.renewal()));
    }
    lines
}

/// What comes of it at the renewal.
pub(super) fn lines_at_renewal(shown: &Shown<'_>, change: &ChangeQuote) -> Vec<String> {
    let words = shown.texts.seats();
    let (from, _, at_renewal) = change.seats;
    if at_renewal > from {
        return vec![words.renewal_more(&shown.renewal()), words.no_charge().to_owned()];
    }
    let mut lines = vec![words.renewal_fewer(i64::from(from - at_renewal), &shown.renewal())];
    let losing = shown.pane.subscription.assigned.saturating_sub(at_renewal);
    if losing > 0 {
        lines.push(words.losing(i64::from(losing)));
    }
    lines
}

/// How it can be undone.
pub(super) fn way_back(shown: &Shown<'_>, change: &ChangeQuote) -> String {
    let words = shown.texts.seats();
    let (from, now, _) = change.seats;
    if now == from {
        return words.back_scheduled(&shown.renewal());
    }
    if now < from {
        return words.back_fewer().to_owned();
    }
    let until = Conventions::default().window_until(shown.pane.window.customer.today);
    until.map_or_else(|_| String::new(), |until| words.back_more(&shown.day(until)))
}

/// What the button does.
pub(super) fn button(shown: &Shown<'_>, change: &ChangeQuote) -> String {
    let words = shown.texts.seats();
    let (from, now, at_renewal) = change.seats;
    if now > from {
        let more = i64::from(now - from);
        return if change.due_now.is_positive() {
            words.pay(&money(change.due_now), more)
        } else {
            words.add_seats(more)
        };
    }
    if now == from {
        return words.schedule(i64::from(at_renewal));
    }
    words.give_back(i64::from(from.saturating_sub(at_renewal)))
}
