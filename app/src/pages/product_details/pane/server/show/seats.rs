//! `?pane=seats` in words and amounts.

use domain::change::{ChangeRefusal, When};
use domain::field::parse_seat_count;
use domain::subscription::SeatCount;
use services::ServiceError;
use services::changes::{SeatQuote, SeatWish};

use super::super::{ConfirmView, PaneView, SeatsView, WayView};
use super::common::when;
use super::seats_words::{button, lines_at_renewal, lines_now, way_back};
use super::{Came, Refused, Shown, Typed};
use crate::components::{ChoiceView, SeatsBoxView};
use crate::error::AppError;
use crate::pages::product::server::seats_error;
use crate::request::{answer, asker, query, refused, services};
use crate::texts::group;

/// A quote, or why there is none.
type Quoted = Result<SeatQuote, ServiceError>;

/// What is wanted, and what either day would make of it.
struct Wanted {
    typed: String,
    /// The total, if it is a number.
    to: Option<u32>,
    when: When,
    now: Quoted,
    at_renewal: Quoted,
}

pub(super) async fn pane(shown: &Shown<'_>, typed: &Typed) -> Result<PaneView, AppError> {
    let words = shown.texts.seats();
    let subscription = &shown.pane.subscription;
    let from = subscription.seats;
    let came: Came = refused(typed.form.as_deref()).await?.unwrap_or_default();
    let wanted = wanted(shown, typed).await;
    let difference = wanted.to.map_or(0, |to| i64::from(to) - i64::from(from));
    let remove = if difference == 0 { typed.way.as_deref() == Some("fewer") } else { difference < 0 };
    let error = error(shown, &wanted);
    let seats = wanted.to.unwrap_or(from);
    let free = i64::from(seats) - i64::from(subscription.assigned);
    let assigned = group(i64::from(subscription.assigned));
    let used = if free < 0 {
        words.used_short(&assigned, &group(-free))
    } else {
        words.used(&assigned, &group(free))
    };
    let mut held = words.held(i64::from(from));
    if subscription.waiting > 0 {
        held = [held, words.waiting(i64::from(subscription.waiting))].join(shown.texts.quote().joint());
    }
    Ok(PaneView::Seats(Box::new(SeatsView {
        subject: shown
            .subject(if remove { words.remove() } else { words.buy() })
            .map_err(|error| answer(&error))?,
        remove,
        total: total(shown, &wanted, error, remove),
        delta: match difference {
            0 => None,
            more if more > 0 => Some(words.delta_more(more)),
            fewer => Some(words.delta_fewer(-fewer)),
        },
        held,
        assigned: subscription.assigned,
        seats,
        used,
        ways: ways(shown, &wanted),
        confirm: confirm(shown, &wanted, &came)?,
    })))
}

/// Quotes what was typed for either day. At once is what one wants unless it says otherwise; where nothing can end
/// at once, it is the renewal.
async fn wanted(shown: &Shown<'_>, typed: &Typed) -> Wanted {
    let subscription = &shown.pane.subscription;
    let seats = typed.seats.clone().unwrap_or_else(|| subscription.seats.to_string());
    let (services, asker) = (services(), asker());
    let wish = |when: When| SeatWish { total: seats.clone(), when };
    let now = services.quote_seats(&asker, subscription.id, &wish(When::Now)).await;
    let at_renewal = services.quote_seats(&asker, subscription.id, &wish(When::AtRenewal)).await;
    let asked = typed.when.as_deref().and_then(When::from_code);
    let waits_anyway = now.as_ref().is_ok_and(|quote| quote.change.seats.0 == quote.change.seats.1);
    let when = match asked {
        _ if waits_anyway && at_renewal.is_ok() => When::AtRenewal,
        Some(asked) => asked,
        None => When::Now,
    };
    let to = parse_seat_count(&seats).ok().map(SeatCount::get);
    Wanted { typed: seats, to, when, now, at_renewal }
}

impl Wanted {
    fn chosen(&self) -> &Quoted {
        match self.when {
            When::Now => &self.now,
            When::AtRenewal => &self.at_renewal,
        }
    }

    /// Whether nothing would change: that is no mistake, only nothing to quote.
    fn is_nothing(&self) -> bool {
        matches!(self.chosen(), Err(ServiceError::Change(ChangeRefusal::Nothing)))
    }
}

/// Why the number is refused, for beside its field.
fn error(shown: &Shown<'_>, wanted: &Wanted) -> Option<String> {
    let texts = shown.texts;
    let words = texts.seats();
    let subscription = &shown.pane.subscription;
    let Err(error) = wanted.chosen() else { return None };
    match error {
        ServiceError::Fields(errors) => errors.first().map(|error| seats_error(error.problem, texts)),
        ServiceError::Change(ChangeRefusal::Nothing) => None,
        ServiceError::Change(ChangeRefusal::BelowAssigned { free }) => {
            let [assigned, to] =
                [subscription.assigned, wanted.to.unwrap_or_default()].map(|seats| group(i64::from(seats)));
            Some(words.below_assigned(&assigned, &to, i64::from(*free)))
        }
        ServiceError::Change(ChangeRefusal::OutsideLimits { least, most }) => {
            let [least, most] = [least, most].map(|seats| group(i64::from(*seats)));
            Some(match i64::from(subscription.waiting) {
                0 => texts.product().seats_out_of_range(&least, &most),
                waiting => words.outside_waiting(&least, &most, waiting),
            })
        }
        error => {
            let text = match Refused::of(error) {
                Some(refused) => refused.notice(texts).text,
                None => answer(error).text(texts),
            };
            Some(text)
        }
    }
}

/// The field with its steps, which are links as well.
fn total(shown: &Shown<'_>, wanted: &Wanted, error: Option<String>, remove: bool) -> SeatsBoxView {
    let (least, most) = (shown.pane.limits.minimum, shown.pane.limits.maximum);
    let number = wanted.to.unwrap_or(shown.pane.subscription.seats);
    let way = if remove { "fewer" } else { "more" };
    let step = |seats: u32| address(shown, seats.clamp(least, most), wanted.when, way);
    SeatsBoxView {
        value: wanted.typed.clone(),
        hint: shown.texts.seats().hint(&group(i64::from(least)), &group(i64::from(most))),
        error,
        fewer: step(number.saturating_sub(1)),
        more: step(number.saturating_add(1)),
    }
}

fn address(shown: &Shown<'_>, seats: u32, when: When, way: &str) -> String {
    let [when, way, seats] = [when.code().to_owned(), way.to_owned(), seats.to_string()];
    let typed = query(&[("way", &way), ("seats", &seats), ("when", &when)]);
    [shown.address("seats").as_str(), "&", &typed].concat()
}

/// What can be done where people hold more licenses than there would be seats (design guide, picture 12c).
fn ways(shown: &Shown<'_>, wanted: &Wanted) -> Vec<WayView> {
    let words = shown.texts.seats();
    let subscription = &shown.pane.subscription;
    let (Err(ServiceError::Change(ChangeRefusal::BelowAssigned { free })), Some(to)) =
        (wanted.chosen(), wanted.to)
    else {
        return Vec::new();
    };
    let mut ways = vec![WayView {
        name: words.way_people().to_owned(),
        text: words.way_people_more(i64::from(*free), &group(i64::from(to))),
        button: words.way_people_button().to_owned(),
        address: ["/licenses/", shown.product.key.as_str()].concat(),
    }];
    if subscription.assigned < subscription.seats && shown.pane.limits.allow(subscription.assigned) {
        let assigned = i64::from(subscription.assigned);
        ways.push(WayView {
            name: words.way_free(assigned),
            text: words.way_free_more().to_owned(),
            button: words.way_free_button(assigned),
            address: address(shown, subscription.assigned, When::Now, "fewer"),
        });
    }
    if wanted.at_renewal.is_ok() {
        ways.push(WayView {
            name: words.way_renewal(i64::from(to)),
            text: words.way_renewal_more(&shown.renewal()),
            button: words.way_renewal_button().to_owned(),
            address: address(shown, to, When::AtRenewal, "fewer"),
        });
    }
    ways
}

fn confirm(shown: &Shown<'_>, wanted: &Wanted, came: &Came) -> Result<ConfirmView, AppError> {
    let words = shown.texts.seats();
    let choices = if wanted.is_nothing() { Vec::new() } else { choices(shown, wanted) };
    let Ok(quoted) = wanted.chosen() else {
        return Ok(ConfirmView { when: choices, ..shown.unquoted(came, words.no_quote()) });
    };
    let change = &quoted.change;
    let replaces = quoted.scheduled_replaced.as_ref().and_then(|_| shown.waits());
    let confirm = shown.confirm(&quoted.sealed, change, came, replaces)?;
    Ok(ConfirmView {
        when: choices,
        way_back: way_back(shown, change),
        button: button(shown, change),
        ..confirm
    })
}

/// Either day with what comes of it; the one that is not possible is left out.
fn choices(shown: &Shown<'_>, wanted: &Wanted) -> Vec<ChoiceView> {
    let words = shown.texts.seats();
    let mut choices = Vec::new();
    match &wanted.now {
        // Nothing of it can end today: that is no choice, but it says why.
        Ok(quoted) if quoted.change.seats.0 == quoted.change.seats.1 && wanted.at_renewal.is_ok() => {}
        Ok(quoted) => {
            choices.push(when(When::Now, lines_now(shown, &quoted.change), wanted.when, shown.texts));
        }
        Err(ServiceError::Change(ChangeRefusal::BelowAssigned { .. })) => {
            choices.push(when(When::Now, Vec::new(), wanted.when, shown.texts));
        }
        Err(_) => {}
    }
    if let Ok(quoted) = &wanted.at_renewal {
        let mut lines = lines_at_renewal(shown, &quoted.change);
        if choices.is_empty() && quoted.change.seats.2 < quoted.change.seats.0 {
            lines.push(words.window_closed().to_owned());
        }
        choices.push(when(When::AtRenewal, lines, wanted.when, shown.texts));
    }
    choices
}
