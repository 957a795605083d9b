//! The panes without a quote: recurring billing, what is scheduled, a longer trial.

use domain::catalog::Lifecycle;
use domain::id::PersonId;
use domain::order::Choice;
use domain::subscription::{Active, Conversion, Run, SeatCount, State, TrialRun};
use domain::time::add_days;
use services::ServiceError;
use services::asker::Place;
use services::trials::TrialWish;

use super::super::{ExtendView, LosingView, PaneView, RecurringView, ScheduledView};
use super::{Shown, Typed};
use crate::components::{NoticeView, TimelineEntry};
use crate::error::AppError;
use crate::format::{date_long, instant_date, instant_time, money};
use crate::pages::license_product::server::person_shown;
use crate::request::{answer, asker, fresh_key, refused, services};
use crate::texts::group;

/// Whether it renews, and what turning that off or on brings.
pub(super) fn recurring(shown: &Shown<'_>) -> Result<PaneView, AppError> {
    let words = shown.texts.recurring();
    let subscription = &shown.pane.subscription;
    let day = shown.renewal();
    if let State::Active(Active { run: Run::Trial(TrialRun { converts_to: Some(becomes), .. }), .. }) =
        subscription.state
    {
        return converting(shown, becomes);
    }
    let on = match subscription.state {
        State::Active(Active { run: Run::Paid(paid), .. }) => paid.recurring,
        _ => false,
    };
    let amount = renewal_amount(shown).map(|amount| words.renews_more(&amount)).unwrap_or_default();
    let (now, now_more) = if on {
        (words.is_on(), [words.is_on_more(&day), amount.clone()].concat_lines())
    } else {
        (words.is_off(), words.is_off_more(&day))
    };
    let drops = shown.waits().filter(|_| on).map(|change| NoticeView {
        danger: true,
        cause: words.drops(&change),
        text: words.drops_more().to_owned(),
    });
    let entry = |day: String, kind: Option<&str>, what: &str, more: &str| TimelineEntry {
        day,
        kind: kind.map(str::to_owned),
        what: what.to_owned(),
        more: more.to_owned(),
    };
    let then = if on {
        ending(shown).map_err(|error| answer(&ServiceError::broken(error)))?
    } else {
        vec![entry(day.clone(), Some("ok"), words.renews(), &amount)]
    };
    let way_back = if on {
        words.back_off(&day)
    } else {
        [words.back_on().to_owned(), words.no_return().to_owned()].concat_lines()
    };
    Ok(PaneView::Recurring(Box::new(RecurringView {
        subject: shown.subject(words.title()).map_err(|error| answer(&error))?,
        key: fresh_key(),
        on,
        now: now.to_owned(),
        now_more,
        drops,
        then,
        way_back,
    })))
}

/// A trial that becomes a purchase at its end: that can be taken back.
fn converting(shown: &Shown<'_>, becomes: Conversion) -> Result<PaneView, AppError> {
    let words = shown.texts.recurring();
    let wish = TrialWish {
        product: shown.product.key.to_string(),
        seats_to_buy: becomes.seats.to_string(),
        convert: Some((becomes.term.code().to_owned(), becomes.frequency.code().to_owned())),
    };
    let quote = services().quote_trial(&shown.pane.window, &wish).ok().flatten();
    let amount = quote.map(|quote| money(quote.due_now)).unwrap_or_default();
    let seats = i64::from(becomes.seats.get());
    Ok(PaneView::Recurring(Box::new(RecurringView {
        subject: shown.subject(words.title()).map_err(|error| answer(&error))?,
        key: fresh_key(),
        on: true,
        now: words.converts().to_owned(),
        now_more: words.converts_more(&shown.renewal(), seats, &amount),
        drops: None,
        then: ending(shown).map_err(|error| answer(&ServiceError::broken(error)))?,
        way_back: words.back_trial().to_owned(),
    })))
}

/// Sentences one after the other.
trait Lines {
    fn concat_lines(self) -> String;
}

impl Lines for [String; 2] {
    fn concat_lines(self) -> String {
        self.join(" ").trim().to_owned()
    }
}

/// What the first payment of the next term comes to at today's price, tax included; nothing where it is not sold any
/// more, or nothing would be paid.
fn renewal_amount(shown: &Shown<'_>) -> Option<String> {
    let subscription = &shown.pane.subscription;
    let seats = subscription.scheduled.as_ref();
    let seats =
        seats.map_or(subscription.seats, |scheduled| scheduled.change.seats_after(subscription.seats));
    let choice = Choice {
        product: shown.product.key.clone(),
        plan: shown.plan.key.clone(),
        term: subscription.price.term,
        frequency: subscription.price.frequency,
        seats: SeatCount::new(seats)?,
    };
    let quote = services().quote(&shown.pane.window, &choice).ok()?;
    Some(money(quote.renewal.gross))
}

/// What happens from the end of the term on.
fn ending(shown: &Shown<'_>) -> Result<Vec<TimelineEntry>, domain::time::TimeError> {
    let words = shown.texts.recurring();
    let Lifecycle { expired_days, disabled_days, trial_expired_days } = shown.product.lifecycle;
    let trial = matches!(shown.pane.subscription.state, State::Active(Active { run: Run::Trial(_), .. }));
    let works = if trial { trial_expired_days } else { expired_days };
    let ends = shown.pane.subscription.ends_on;
    let disabled = add_days(ends, i32::from(works))?;
    let gone = add_days(disabled, i32::from(disabled_days))?;
    let entry = |day: String, kind: &str, what: &str, more: &str| TimelineEntry {
        day,
        kind: Some(kind.to_owned()),
        what: what.to_owned(),
        more: more.to_owned(),
    };
    let mut entries = vec![entry(shown.day(ends), "", words.ends(), words.ends_more())];
    if works > 0 {
        let until = words.until(&shown.day(disabled.yesterday().unwrap_or(disabled)));
        entries.push(entry(until, "ok", words.works(), words.works_more()));
    }
    entries.push(entry(shown.day(disabled), "danger", words.kept(), words.kept_more()));
    entries.push(entry(shown.day(gone), "end", words.deleted(), words.deleted_more()));
    Ok(entries)
}

/// What waits for the renewal, by whom, since when.
pub(super) async fn scheduled(shown: &Shown<'_>, typed: &Typed) -> Result<PaneView, AppError> {
    let texts = shown.texts;
    let words = texts.scheduled();
    let subscription = &shown.pane.subscription;
    let mut facts = Vec::new();
    if let Some(scheduled) = &subscription.scheduled {
        let asker = asker();
        let place = asker.must_place().map_err(|error| answer(&error))?;
        let row = |name: &str, fact: String| (name.to_owned(), fact);
        let at = words.at_time(
            &date_long(instant_date(scheduled.at, place.time_zone()), texts.language()),
            &instant_time(scheduled.at, place.time_zone()),
        );
        facts.push(row(words.what(), shown.waits().unwrap_or_default()));
        facts.push(row(words.on(), shown.renewal()));
        facts.push(row(words.by(), by(shown, place, scheduled.by).await));
        facts.push(row(words.at(), at));
    }
    let losing = losing(shown, typed).await?;
    let subject = shown.subject(words.title()).map_err(|error| answer(&error))?;
    Ok(PaneView::Scheduled(Box::new(ScheduledView { subject, key: fresh_key(), facts, losing })))
}

/// Who loses their license at the renewal; what was ticked in vain is ticked again.
async fn losing(shown: &Shown<'_>, typed: &Typed) -> Result<Option<LosingView>, AppError> {
    let words = shown.texts.scheduled();
    let found = services().losing(&asker(), shown.pane.subscription.id).await;
    let Some(found) = found.map_err(|error| answer(&error))? else { return Ok(None) };
    let count = i64::from(found.count);
    let ticked: Option<Vec<PersonId>> = refused(typed.form.as_deref()).await?;
    let error = ticked.as_ref().map(|ticked| {
        let ticked = i64::try_from(ticked.len()).unwrap_or(i64::MAX);
        words.losing_too_many(&group(ticked), count)
    });
    let people = found.holders.into_iter().map(|holder| {
        let loses = ticked.as_ref().map_or(holder.loses, |ticked| ticked.contains(&holder.person));
        (person_shown(holder.person, &holder.profile), loses)
    });
    Ok(Some(LosingView { lead: words.losing_more(count), error, people: people.collect() }))
}

/// Who has scheduled it.
async fn by(shown: &Shown<'_>, place: &Place, person: domain::id::PersonId) -> String {
    let texts = shown.texts;
    if place.person.id == person {
        return place.person.profile.display(texts.language());
    }
    let product = shown.product.key.as_str();
    let known = services().people_for_license(&asker(), product, &[person]).await.unwrap_or_default();
    let name = known.first().map(|known| known.profile.display(texts.language()));
    name.unwrap_or_else(|| texts.scheduled().colleague().to_owned())
}

/// Until when a trial runs, and would run.
pub(super) fn extend(shown: &Shown<'_>) -> Result<PaneView, AppError> {
    let words = shown.texts.trial();
    let ends = shown.pane.subscription.ends_on;
    let days = shown.product.trial.as_ref().map_or(0, |rule| rule.extension_days);
    let then = add_days(ends, i32::from(days)).map_err(|error| answer(&ServiceError::broken(error)))?;
    let [now, then] = [ends, then].map(|end| shown.day(end.yesterday().unwrap_or(end)));
    let button = words.extend_button(&then);
    let subject = shown.subject(words.extend()).map_err(|error| answer(&error))?;
    let facts = vec![(words.extend_now().to_owned(), now), (words.extend_then().to_owned(), then)];
    Ok(PaneView::Extend(ExtendView { subject, key: fresh_key(), facts, button }))
}
