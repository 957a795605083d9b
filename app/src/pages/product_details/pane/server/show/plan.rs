//! `?pane=plan` in words and amounts.

use domain::catalog::{BillingFrequency, Key, Term};
use domain::change::{ChangeRefusal, When};
use domain::quote::ChangeQuote;
use services::ServiceError;
use services::changes::{PlanChoices, PlanQuote, PlanWish};

use super::super::{ConfirmView, PaneView, PlanView};
use super::common::when;
use super::{Came, Refused, Shown, Typed};
use crate::components::ChoiceView;
use crate::error::AppError;
use crate::format::money;
use crate::pages::product::server::{main_charge, term_and_frequency, unit_of};
use crate::request::{answer, asker, refused, services};

/// A quote, or why there is none.
type Quoted = Result<PlanQuote, ServiceError>;

/// What either day would make of the chosen plan.
struct Wanted {
    when: When,
    now: Quoted,
    at_renewal: Quoted,
}

pub(super) async fn pane(shown: &Shown<'_>, typed: &Typed) -> Result<PaneView, AppError> {
    let words = shown.texts.plan_change();
    let subscription = &shown.pane.subscription;
    let came: Came = refused(typed.form.as_deref()).await?.unwrap_or_default();
    let choices = services().plan_choices(&asker(), subscription.id).await.map_err(|error| answer(&error))?;
    let (plan, term, frequency) = &choices.current;
    let current = code(plan, *term, *frequency);
    let chosen = typed.offer.clone().unwrap_or_else(|| current.clone());
    let subject = shown.subject(words.title()).map_err(|error| answer(&error))?;
    let offers = offers(shown, &choices, &current, &chosen);
    let nothing_else = !offers.iter().any(|offer| offer.value != current);
    if chosen == current {
        let no_quote = if nothing_else { words.nothing_else() } else { words.choose() };
        let confirm = shown.unquoted(&came, no_quote);
        return Ok(PaneView::Plan(Box::new(PlanView { subject, offers, error: None, confirm })));
    }
    let wanted = wanted(shown, typed, &chosen).await;
    let error = error(shown, &wanted);
    let confirm = confirm(shown, &wanted, &came)?;
    Ok(PaneView::Plan(Box::new(PlanView { subject, offers, error, confirm })))
}

/// A plan for a term, paid in a way, as a form names it.
fn code(plan: &Key, term: Term, frequency: BillingFrequency) -> String {
    format!("{plan}/{term}/{frequency}")
}

fn offers(shown: &Shown<'_>, choices: &PlanChoices, current: &str, chosen: &str) -> Vec<ChoiceView> {
    let texts = shown.texts;
    let mut offers = Vec::new();
    for (plan, prices) in &choices.offers {
        let name = shown.product.plan(plan.as_str()).map(|plan| plan.name.get(texts.language()).clone());
        for (term, frequency, price) in prices {
            let value = code(plan, *term, *frequency);
            let mut lines = vec![term_and_frequency(*term, *frequency, texts)];
            if value == current {
                lines.push(texts.plan_change().current().to_owned());
            }
            let note = main_charge(price).map(|(amount, per_seat)| {
                [money(amount).as_str(), " ", unit_of(*term, *frequency, per_seat, texts)].concat()
            });
            offers.push(ChoiceView {
                chosen: value == chosen,
                value,
                name: name.clone().unwrap_or_default(),
                note: note.unwrap_or_default(),
                lines,
            });
        }
    }
    offers
}

/// Quotes the chosen plan for either day. At once is what one wants unless it says otherwise, or is not possible.
async fn wanted(shown: &Shown<'_>, typed: &Typed, chosen: &str) -> Wanted {
    let id = shown.pane.subscription.id;
    let (services, asker) = (services(), asker());
    let mut parts = chosen.split('/').map(str::to_owned);
    let [plan, term, frequency]: [String; 3] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let wish = |when: When| {
        let (plan, term, frequency) = (plan.clone(), term.clone(), frequency.clone());
        PlanWish { plan, term, frequency, when }
    };
    let now = services.quote_plan(&asker, id, &wish(When::Now)).await;
    let at_renewal = services.quote_plan(&asker, id, &wish(When::AtRenewal)).await;
    let asked = typed.when.as_deref().and_then(When::from_code);
    let only_later =
        matches!(&now, Err(ServiceError::Change(ChangeRefusal::OnlyAtRenewal))) && at_renewal.is_ok();
    let when = if only_later { When::AtRenewal } else { asked.unwrap_or(When::Now) };
    Wanted { when, now, at_renewal }
}

impl Wanted {
    fn chosen(&self) -> &Quoted {
        match self.when {
            When::Now => &self.now,
            When::AtRenewal => &self.at_renewal,
        }
    }
}

fn error(shown: &Shown<'_>, wanted: &Wanted) -> Option<String> {
    let texts = shown.texts;
    let Err(error) = wanted.chosen() else { return None };
    Some(match error {
        ServiceError::Change(ChangeRefusal::BelowAssigned { free }) => {
            texts.plan_change().below_assigned(i64::from(*free))
        }
        ServiceError::Change(ChangeRefusal::OutsideLimits { least, most }) => {
            let [least, most] = [least, most].map(|seats| crate::texts::group(i64::from(*seats)));
            texts.product().seats_out_of_range(&least, &most)
        }
        error => match Refused::of(error) {
            Some(refused) => refused.notice(texts).text,
            None => answer(error).text(texts),
        },
    })
}

fn confirm(shown: &Shown<'_>, wanted: &Wanted, came: &Came) -> Result<ConfirmView, AppError> {
    let words = shown.texts.plan_change();
    let mut choices = Vec::new();
    if let Ok(quoted) = &wanted.now {
        choices.push(when(When::Now, lines_now(shown, &quoted.change), wanted.when, shown.texts));
    }
    if wanted.at_renewal.is_ok() {
        let lines = vec![words.renewal(&shown.renewal()), words.renewal_free().to_owned()];
        choices.push(when(When::AtRenewal, lines, wanted.when, shown.texts));
    }
    let Ok(quoted) = wanted.chosen() else {
        return Ok(ConfirmView { when: choices, ..shown.unquoted(came, words.choose()) });
    };
    let change = &quoted.change;
    let replaces = quoted.scheduled_replaced.as_ref().and_then(|_| shown.waits());
    let confirm = shown.confirm(&quoted.sealed, change, came, replaces)?;
    let (way_back, button) = match wanted.when {
        When::AtRenewal => {
            (shown.texts.seats().back_scheduled(&shown.renewal()), words.schedule().to_owned())
        }
        When::Now if change.due_now.is_positive() => {
            (words.stays().to_owned(), words.pay(&money(change.due_now)))
        }
        When::Now => (words.stays().to_owned(), words.change_now().to_owned()),
    };
    Ok(ConfirmView { when: choices, way_back, button, ..confirm })
}

fn lines_now(shown: &Shown<'_>, change: &ChangeQuote) -> Vec<String> {
    let words = shown.texts.plan_change();
    let first = if change.anchor.is_some() { words.now_new_term() } else { words.now_same() };
    let back = change.totals.gross.plus(change.back.as_ref().map_or(change.totals.gross, |back| back.gross));
    let back = back.ok().filter(|back| change.back.is_some() && back.is_negative());
    let second = match back.and_then(|back| back.negated().ok()) {
        Some(back) => words.now_back(&money(back)),
        None if change.due_now.is_positive() => words.now_cost(&money(change.due_now)),
        None => words.now_free().to_owned(),
    };
    vec![first.to_owned(), second]
}
