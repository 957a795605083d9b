//! What the panes have in common: what they are about, how a quote is shown and confirmed, and what cannot be done.

use domain::change::When;
use domain::quote::ChangeQuote;
use domain::subscription::{Active, Disabled, DisabledCause, Run, State};
use domain::time::Date;
use services::ServiceError;
use services::changes::Sealed;
use services::orders::CardInUse;
use services::paying::Card;

use super::super::{ConfirmView, ImpossibleView, SubjectView};
use super::{Came, Shown};
use crate::components::{ChoiceView, NoticeView};
use crate::error::AppError;
use crate::format::{date_long, instant_time};
use crate::pages::checkout::server::{card_expires, card_name};
use crate::pages::product_details::server::commands::extension_from;
use crate::pages::product_details::server::show::change_text;
use crate::pages::products::server::{day_view, full_name, is_sold, is_trial, status_view, term_line};
use crate::request::{answer, asker};
use crate::texts::Texts;

impl Shown<'_> {
    /// What the pane is about.
    pub(super) fn subject(&self, title: &str) -> Result<SubjectView, ServiceError> {
        let texts = self.texts;
        let subscription = &self.pane.subscription;
        let state = &subscription.state;
        let term = term_line(&subscription.price, is_trial(subscription.channel, state), texts);
        let day = day_view(state, self.pane.window.customer.today, texts)?;
        Ok(SubjectView {
            id: subscription.id.to_string(),
            title: title.to_owned(),
            name: full_name(self.product, self.plan, texts.language()),
            icon: self.product.tile.icon.to_string(),
            hue: self.product.tile.hue.code().to_owned(),
            line: [term.as_str(), texts.quote().joint(), &day.shown, " ", &day.note].concat(),
            status: status_view(state, texts),
        })
    }

    /// A day in a sentence.
    pub(super) fn day(&self, day: Date) -> String {
        date_long(day, self.texts.language())
    }

    /// The day of the renewal, or the end.
    pub(super) fn renewal(&self) -> String {
        self.day(self.pane.subscription.ends_on)
    }

    /// Where a pane stands.
    pub(super) fn address(&self, pane: &str) -> String {
        format!("/products/{}?pane={pane}", self.pane.subscription.id)
    }

    /// A quote with what confirms it. `Came` is what has become of an earlier one.
    pub(super) fn confirm(
        &self,
        sealed: &Sealed,
        change: &ChangeQuote,
        came: &Came,
        replaces: Option<String>,
    ) -> Result<ConfirmView, AppError> {
        let texts = self.texts;
        let words = texts.change();
        let asker = asker();
        let place = asker.must_place().map_err(|error| answer(&error))?;
        // Instants are shown in the person's own zone (SPEC 3).
        let until = texts.quote().until(&instant_time(sealed.until, place.time_zone()));
        let broken = |error| answer(&ServiceError::broken(error));
        let mut quote = crate::quoting::change(change, self.seller, Some(until), texts).map_err(broken)?;
        quote.changed = came.changed;
        let mut notices = came.notices(texts);
        notices.extend(replaces.map(|change| NoticeView {
            danger: false,
            cause: words.replaces().to_owned(),
            text: words.replaces_more(&change),
        }));
        let due = change.due_now.is_positive();
        let card = if due { self.pane.card.as_ref().map(|card| card_line(card, texts)) } else { None };
        let payable = !due || card.is_some();
        if !payable {
            let (cause, text) = (words.no_card().to_owned(), words.no_card_more().to_owned());
            notices.push(NoticeView { danger: true, cause, text });
        }
        let note = if due {
            words.note_pay(&crate::format::money(change.due_now))
        } else {
            words.note_free().to_owned()
        };
        let confirmation = format!("{}/{}", sealed.at.as_micros(), sealed.seal);
        Ok(ConfirmView {
            notices,
            quote: Some(quote),
            card,
            confirmation: payable.then_some(confirmation),
            note,
            ..ConfirmView::default()
        })
    }

    /// What stands there while nothing is quoted.
    pub(super) fn unquoted(&self, came: &Came, no_quote: &str) -> ConfirmView {
        let words = self.texts.change();
        ConfirmView {
            notices: came.notices(self.texts),
            no_quote: no_quote.to_owned(),
            button: words.save().to_owned(),
            note: words.note_none().to_owned(),
            ..ConfirmView::default()
        }
    }

    /// What waits for the renewal, in words.
    pub(super) fn waits(&self) -> Option<String> {
        let subscription = &self.pane.subscription;
        let scheduled = subscription.scheduled.as_ref()?;
        Some(change_text(&scheduled.change, subscription.seats, self.product, self.texts))
    }
}

/// A choice of the day, with what comes of it.
pub(super) fn when(when: When, lines: Vec<String>, chosen: When, texts: Texts) -> ChoiceView {
    let words = texts.change();
    let name = match when {
        When::Now => words.now(),
        When::AtRenewal => words.at_renewal(),
    };
    ChoiceView {
        value: when.code().to_owned(),
        name: name.to_owned(),
        lines,
        chosen: when == chosen,
        ..ChoiceView::default()
    }
}

fn card_line(card: &CardInUse, texts: Texts) -> (String, String) {
    let card: &Card = &card.card;
    (card_name(card, texts), card_expires(card, texts))
}

/// Why a pane has nothing to offer in this state, and the way on.
pub(super) fn impossible(shown: &Shown<'_>, pane: &str) -> Result<Option<ImpossibleView>, ServiceError> {
    let texts = shown.texts;
    let (words, trial) = (texts.commands(), texts.trial());
    let subscription = &shown.pane.subscription;
    let state = &subscription.state;
    let way = |name: &str, pane: &str| Some((name.to_owned(), shown.address(pane)));
    let status = status_view(state, texts).word;
    let retired = || {
        let sold = is_sold(&shown.pane.window, shown.product, shown.plan);
        (!sold).then(|| (words.retired().to_owned(), words.retired_more().to_owned(), None))
    };
    let found = match (pane, state) {
        ("extend", State::Active(Active { run: Run::Trial(run), .. })) => {
            let from = extension_from(shown.product.trial.as_ref(), *run);
            let today = shown.pane.window.customer.today;
            match from {
                _ if run.extended => Some((
                    trial.extend_used().to_owned(),
                    trial.extend_used_more().to_owned(),
                    way(words.buy(), "buy"),
                )),
                Some(from) if today < from => {
                    let within = shown.product.trial.as_ref().map_or(0, |rule| rule.extension_within_days);
                    let text = trial.extend_early_more(i64::from(within));
                    Some((trial.extend_early(&shown.day(from)), text, None))
                }
                _ => None,
            }
        }
        ("reactivate", State::Disabled(Disabled { cause: DisabledCause::Unpaid(_), .. })) => {
            let pay = way(words.pay(), "pay");
            Some((words.reactivate_unpaid().to_owned(), trial.only_unpaid().to_owned(), pay))
        }
        ("buy", State::Active(Active { run: Run::Trial(_), .. }))
        | ("reactivate", State::Expired { .. } | State::Disabled(_)) => retired(),
        ("recurring", State::Active(Active { run: Run::Trial(run), .. })) if run.converts_to.is_some() => {
            None
        }
        ("seats" | "plan" | "cancel" | "recurring" | "scheduled", State::Active(Active { run, .. })) => {
            match run {
                Run::Paid(_) => None,
                Run::Trial(run) => {
                    let end = shown.day(run.period.end());
                    let text = if run.converts_to.is_some() {
                        words.converts_more(&end)
                    } else {
                        words.not_in_trial_more(&end)
                    };
                    Some((words.not_in_trial().to_owned(), text, way(words.buy(), "buy")))
                }
            }
        }
        ("seats" | "plan" | "cancel" | "recurring" | "scheduled", _) => {
            let back = matches!(state, State::Expired { .. } | State::Disabled(_));
            let back = if back { way(words.reactivate(), "reactivate") } else { None };
            Some((words.not_in_state(&status), words.not_in_state_more(&status), back))
        }
        ("extend" | "buy" | "reactivate", _) => {
            let words = texts.change();
            Some((words.refused().to_owned(), words.wrong_state(&status), None))
        }
        _ => None,
    };
    let Some((cause, text, way)) = found else { return Ok(None) };
    let subject = shown.subject(title(pane, texts))?;
    Ok(Some(ImpossibleView { subject, cause, text, way }))
}

/// What a pane is called.
fn title(pane: &str, texts: Texts) -> &'static str {
    match pane {
        "plan" => texts.plan_change().title(),
        "cancel" => texts.cancel().title(),
        "recurring" => texts.recurring().title(),
        "scheduled" => texts.scheduled().title(),
        "extend" => texts.trial().extend(),
        "buy" => texts.trial().buy(),
        "reactivate" => texts.trial().reactivate(),
        _ => texts.seats().buy(),
    }
}
