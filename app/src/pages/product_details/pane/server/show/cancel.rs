//! `?pane=cancel` in words, days and amounts.

use domain::change::CancelReason;
use domain::field::{FieldError, FieldProblem};
use domain::time::{Date, add_days};
use serde::{Deserialize, Serialize};
use services::ServiceError;
use services::changes::CancelQuote;

use super::super::{CancelView, PaneView};
use super::{Came, Refused, Shown, Typed};
use crate::components::{ChangeQuoteView, ChoiceView, NoticeView, TimelineEntry};
use crate::error::AppError;
use crate::format::{instant_time, money};
use crate::request::{answer, asker, refused, services};
use crate::texts::{Cancel, Texts, group};

/// What was typed into the pane, and what was wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CancelTyped {
    /// Now or with the term.
    pub(crate) how: String,
    /// The code of the reason.
    pub(crate) reason: String,
    /// Another reason.
    pub(crate) other: String,
    /// What was said besides.
    pub(crate) feedback: String,
    /// No reason was chosen.
    pub(crate) reason_missing: bool,
    /// The quote did not stand any more.
    pub(crate) changed: bool,
    /// It was refused.
    pub(crate) refused: Option<Refused>,
    /// Another reason was chosen and not said.
    pub(crate) other_missing: bool,
    /// The field that is too long, and how long it may be.
    pub(crate) too_long: Option<(String, u32)>,
}

/// The same with what is wrong with its fields.
pub(crate) fn cancel_problems(typed: CancelTyped, errors: &[FieldError]) -> CancelTyped {
    let missing = |error: &FieldError| error.problem == FieldProblem::Missing;
    let too_long = errors.iter().find_map(|error| match error.problem {
        FieldProblem::TooLong { most } => Some((error.field.to_owned(), most)),
        _ => None,
    });
    CancelTyped { other_missing: errors.iter().any(missing), too_long, ..typed }
}

impl CancelTyped {
    fn too_long(&self, field: &str, texts: Texts) -> Option<String> {
        let (_, most) = self.too_long.as_ref().filter(|(known, _)| known == field)?;
        Some(texts.cancel().too_long(&group(i64::from(*most))))
    }

    fn notices(&self, texts: Texts) -> Vec<NoticeView> {
        Came { changed: self.changed, declined: None, refused: self.refused }.notices(texts)
    }
}

pub(super) async fn pane(shown: &Shown<'_>, typed: &Typed) -> Result<PaneView, AppError> {
    let texts = shown.texts;
    let words = texts.cancel();
    let quote = services().quote_cancel(&asker(), shown.pane.subscription.id).await;
    let quote = quote.map_err(|error| answer(&error))?;
    let typed: CancelTyped = refused(typed.form.as_deref()).await?.unwrap_or_default();
    let broken = |error| answer(&ServiceError::broken(error));
    let other_missing = typed.other_missing.then(|| words.other_missing().to_owned());
    Ok(PaneView::Cancel(Box::new(CancelView {
        subject: shown.subject(words.title()).map_err(|error| answer(&error))?,
        notices: typed.notices(texts),
        how: how(shown, &quote, &typed),
        if_now: if quote.now.is_some() { if_now(shown, &quote).map_err(broken)? } else { Vec::new() },
        if_at_end: if_at_end(shown, &quote).map_err(broken)?,
        refund: refund(shown, &quote)?,
        window: window(shown, &quote),
        remaining: remaining(shown, &quote),
        reasons: CancelReason::ALL.iter().map(|each| reason(*each, &typed, texts)).collect(),
        reason_error: typed.reason_missing.then(|| words.reason_missing().to_owned()),
        other_error: other_missing.or_else(|| typed.too_long("other", texts)),
        feedback_error: typed.too_long("feedback", texts),
        other: typed.other,
        feedback: typed.feedback,
        confirmation: format!("{}/{}", quote.sealed.at.as_micros(), quote.sealed.seal),
    })))
}

fn how(shown: &Shown<'_>, quote: &CancelQuote, typed: &CancelTyped) -> Vec<ChoiceView> {
    let words = shown.texts.cancel();
    let last = quote.ends_on.yesterday().unwrap_or(quote.ends_on);
    let mut choices = Vec::new();
    let at_end = quote.now.is_none() || typed.how == "at-end";
    if let Some(now) = &quote.now {
        let back = now.back.as_ref().and_then(|back| back.gross.negated().ok());
        let line = match back.filter(|back| back.is_positive()) {
            Some(back) => words.how_now_more(&money(back)),
            None => words.how_now_free().to_owned(),
        };
        choices.push(ChoiceView {
            value: "now".to_owned(),
            name: words.how_now().to_owned(),
            lines: vec![line],
            chosen: !at_end,
            ..ChoiceView::default()
        });
    }
    choices.push(ChoiceView {
        value: "at-end".to_owned(),
        name: words.how_end().to_owned(),
        lines: vec![words.how_end_more(&shown.day(last))],
        chosen: at_end,
        ..ChoiceView::default()
    });
    choices
}

fn entry(day: String, kind: Option<&str>, what: String, more: &str) -> TimelineEntry {
    TimelineEntry { day, kind: kind.map(str::to_owned), what, more: more.to_owned() }
}

fn if_now(shown: &Shown<'_>, quote: &CancelQuote) -> Result<Vec<TimelineEntry>, domain::time::TimeError> {
    let words = shown.texts.cancel();
    let people = i64::from(quote.people);
    let gone = add_days(shown.pane.window.customer.today, i32::from(shown.product.lifecycle.disabled_days))?;
    let (today, danger) = (words.today().to_owned(), Some("danger"));
    let mut entries = vec![entry(today.clone(), danger, words.ends_now(people), words.ends_now_more())];
    entries.extend(moving(quote, today, words));
    entries.extend(kept(shown, gone));
    Ok(entries)
}

fn if_at_end(shown: &Shown<'_>, quote: &CancelQuote) -> Result<Vec<TimelineEntry>, domain::time::TimeError> {
    let words = shown.texts.cancel();
    let lifecycle = shown.product.lifecycle;
    let disabled = add_days(quote.ends_on, i32::from(lifecycle.expired_days))?;
    let gone = add_days(disabled, i32::from(lifecycle.disabled_days))?;
    let ends = shown.day(quote.ends_on);
    let mut entries = vec![entry(ends, None, words.ends_term().to_owned(), words.ends_term_more())];
    if lifecycle.expired_days > 0 {
        let until = words.until(&shown.day(disabled.yesterday().unwrap_or(disabled)));
        entries.push(entry(until, Some("ok"), words.works().to_owned(), words.works_more()));
    }
    entries.extend(moving(quote, shown.day(disabled), words));
    let loses = words.loses(i64::from(quote.people));
    entries.push(entry(shown.day(disabled), Some("danger"), loses, words.kept_more()));
    entries.push(entry(shown.day(gone), Some("end"), words.deleted().to_owned(), words.deleted_more()));
    Ok(entries)
}

/// Who keeps access, with a seat of another subscription.
fn moving(quote: &CancelQuote, day: String, words: Cancel) -> Option<TimelineEntry> {
    let people = Some(quote.moving).filter(|people| *people > 0)?;
    Some(entry(day, Some("ok"), words.moves(i64::from(people)), words.moves_more()))
}

/// Until when the data is kept, and when it is gone.
fn kept(shown: &Shown<'_>, gone: Date) -> [TimelineEntry; 2] {
    let words = shown.texts.cancel();
    let until = words.until(&shown.day(gone.yesterday().unwrap_or(gone)));
    [
        entry(until, None, words.kept().to_owned(), words.kept_more()),
        entry(shown.day(gone), Some("end"), words.deleted().to_owned(), words.deleted_more()),
    ]
}

fn refund(shown: &Shown<'_>, quote: &CancelQuote) -> Result<Option<ChangeQuoteView>, AppError> {
    let Some(now) = &quote.now else { return Ok(None) };
    let texts = shown.texts;
    let asker = asker();
    let place = asker.must_place().map_err(|error| answer(&error))?;
    let until = texts.quote().until(&instant_time(quote.sealed.until, place.time_zone()));
    let view = crate::quoting::change(now, shown.seller, Some(until), texts);
    view.map(Some).map_err(|error| answer(&ServiceError::broken(error)))
}

fn window(shown: &Shown<'_>, quote: &CancelQuote) -> String {
    let words = shown.texts.cancel();
    let ends = shown.day(quote.ends_on);
    match (&quote.now, quote.refund_until) {
        (Some(_), Some(until)) => words.window_open(&shown.day(until), &ends),
        (None, Some(until)) if until < shown.pane.window.customer.today => {
            words.window_closed(&shown.day(until), &ends)
        }
        _ => words.window_none(&ends),
    }
}

fn remaining(shown: &Shown<'_>, quote: &CancelQuote) -> Option<String> {
    let remaining = quote.remaining.as_ref().filter(|remaining| remaining.number > 0)?;
    let (sum, last) = (money(remaining.sum), shown.day(remaining.last_on));
    Some(shown.texts.cancel().remaining_more(i64::from(remaining.number), &sum, &last))
}

fn reason(reason: CancelReason, typed: &CancelTyped, texts: Texts) -> ChoiceView {
    let words = texts.cancel();
    let name = match reason {
        CancelReason::TooExpensive => words.reason_cost(),
        CancelReason::NotUsed => words.reason_unused(),
        CancelReason::MissingFeatures => words.reason_features(),
        CancelReason::OtherProduct => words.reason_other_product(),
        CancelReason::BoughtByMistake => words.reason_mistake(),
        CancelReason::PeopleChanged => words.reason_organization(),
        CancelReason::Quality => words.reason_quality(),
        CancelReason::Other => words.reason_other(),
    };
    ChoiceView {
        value: reason.code().to_owned(),
        name: name.to_owned(),
        chosen: typed.reason == reason.code(),
        ..ChoiceView::default()
    }
}
