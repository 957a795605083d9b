//! One subscription in words, days and amounts.

use domain::catalog::Product;
use domain::change::ScheduledChange;
use domain::subscription::{Active, Disabled, PaidTerm, Run, State, Status, TrialRun};
use domain::time::{Date, days_between};
use services::ServiceError;
use services::products::ProductDetails;

use super::commands::{Given, commands};
use super::done::{Done, done};
use super::{Fact, FactLine, ProductDetailsView};
use crate::format::{date_long, instant_date};
use crate::pages::product::server::term_name;
use crate::pages::products::server::{
    full_name, is_sold, is_trial, on_shelf, price_view, status_view, term_line,
};
use crate::texts::{Texts, group};

/// A name with one line of text.
type Pair = (&'static str, String);

/// What the page shows. Days are those of the organization's zone (SPEC 3).
pub(super) fn details(
    found: &ProductDetails,
    just_done: Option<Done>,
    zone: &str,
    texts: Texts,
) -> Result<ProductDetailsView, ServiceError> {
    let language = texts.language();
    let words = texts.product_details();
    let subscription = &found.subscription;
    let (state, price) = (&subscription.state, &subscription.price);
    let (product, plan) = on_shelf(&found.window, subscription.plan)?;
    let trial = is_trial(subscription.channel, state);
    let status = status_view(state, texts);
    let given = Given {
        trial: product.trial.as_ref(),
        sold: is_sold(&found.window, product, plan),
        state,
        free: subscription.seats.saturating_sub(subscription.assigned),
        scheduled: subscription.scheduled.is_some(),
        today: found.window.customer.today,
    };
    let done = just_done.map(|just_done| done(just_done, found, texts)).transpose()?;

    let mut facts = vec![
        fact((words.plan(), plan.name.get(language).clone())),
        fact((words.term(), term_line(price, trial, texts))),
    ];
    facts.extend(days(state, texts)?.into_iter().map(fact));
    if let State::Active(Active { run: Run::Trial(run), .. }) = state
        && let Some(line) = facts.last_mut().and_then(|fact| fact.lines.first_mut())
    {
        let left = days_between(found.window.customer.today, run.period.end());
        line.note = Some(texts.trial().days_left(i64::from(left)));
    }
    let cost = price_view(price, trial, subscription.seats, texts)?;
    let cost_name = if price.tax_included { words.price() } else { words.price_net() };
    facts.push(Fact {
        name: cost_name.to_owned(),
        lines: vec![FactLine { text: cost.amount, note: Some(cost.formula), address: None }],
    });
    if let Some(recurring) = recurring(state) {
        let word = if recurring { words.on() } else { words.off() };
        facts.push(fact((words.recurring(), word.to_owned())));
    }
    if let Some(scheduled) = &subscription.scheduled {
        let address = format!("/products/{}?pane=scheduled", subscription.id);
        let text = change_text(&scheduled.change, subscription.seats, product, texts);
        let note = Some(date_long(subscription.ends_on, language));
        let lines = vec![FactLine { text, note, address: Some(address) }];
        facts.push(Fact { name: texts.scheduled().title().to_owned(), lines });
    }
    let bought = instant_date(subscription.created_at, zone);
    facts.push(fact((words.bought(), date_long(bought, language))));
    let seats = seats(found, texts);
    if !seats.is_empty() {
        facts.push(Fact { name: words.seats().to_owned(), lines: seats });
    }
    let managers = i64::try_from(found.managers).unwrap_or(i64::MAX);
    facts.push(fact((words.managers(), words.managers_count(managers))));
    if let Some((id, number, issued_on)) = &found.invoice {
        let address = Some(["/bills/invoices/", &id.to_string()].concat());
        let note = Some(date_long(*issued_on, language));
        let lines = vec![FactLine { text: number.clone(), note, address }];
        facts.push(Fact { name: words.invoice().to_owned(), lines });
    }
    // A trial that nobody has bought has no receipt.
    if !trial {
        let order = ["/orders/", &subscription.order.to_string()].concat();
        let lines = vec![FactLine { text: words.see_order().to_owned(), note: None, address: Some(order) }];
        facts.push(Fact { name: words.order().to_owned(), lines });
    }

    Ok(ProductDetailsView {
        name: full_name(product, plan, language),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        status,
        id: subscription.id.to_string(),
        done,
        product: product.key.to_string(),
        commands: commands(&given, texts),
        waiting: (subscription.waiting > 0).then(|| words.waiting(i64::from(subscription.waiting))),
        assigned: group(i64::from(subscription.assigned)),
        seats: group(i64::from(subscription.seats)),
        available: group(i64::from(subscription.seats.saturating_sub(subscription.assigned))),
        facts,
    })
}

/// A change that waits for the renewal, in words.
pub(in crate::pages::product_details) fn change_text(
    change: &ScheduledChange,
    seats: u32,
    product: &Product,
    texts: Texts,
) -> String {
    let words = texts.change();
    match change {
        ScheduledChange::Seats { .. } => {
            let [from, to] = [seats, change.seats_after(seats)].map(|seats| group(i64::from(seats)));
            words.seats_to(&from, &to)
        }
        ScheduledChange::Plan { plan, term, .. } => {
            let name = product.plan(plan.as_str()).map(|plan| plan.name.get(texts.language()).clone());
            words.plan_to(&name.unwrap_or_default(), term_name(*term, texts))
        }
    }
}

fn fact((name, text): Pair) -> Fact {
    Fact { name: name.to_owned(), lines: vec![FactLine { text, ..FactLine::default() }] }
}

/// The days that a state knows.
fn days(state: &State, texts: Texts) -> Result<Vec<Pair>, ServiceError> {
    let words = texts.product_details();
    let date = |day: Date| date_long(day, texts.language());
    Ok(match *state {
        State::Scheduled(paid) => {
            let mut pairs = vec![(words.starts(), date(paid.anchor))];
            pairs.extend(run_days(Run::Paid(paid), texts)?);
            pairs
        }
        State::Active(Active { run, payment_due }) => {
            let mut pairs = run_days(run, texts)?;
            if let Some(due) = payment_due {
                pairs.push((words.unpaid_since(), date(due.since)));
                pairs.push((words.unpaid_until(), date(due.until)));
            }
            pairs
        }
        State::Expired { ended, until } => vec![
            (words.ended(), date(ended)),
            (words.usable_until(), date(until.yesterday().unwrap_or(until))),
        ],
        State::Disabled(Disabled { since, until, .. }) => {
            vec![(words.disabled_since(), date(since)), (words.deleted_on(), date(until))]
        }
        State::Deleted { on } => vec![(words.deleted_on(), date(on))],
    })
}

/// The days of a term or trial, from its first to its last, and what happens at its end.
fn run_days(run: Run, texts: Texts) -> Result<Vec<Pair>, ServiceError> {
    let words = texts.product_details();
    let date = |day: Date| date_long(day, texts.language());
    let period = run.period().map_err(ServiceError::broken)?;
    let end = match run {
        Run::Paid(PaidTerm { recurring: true, .. }) => words.renews(),
        Run::Trial(TrialRun { converts_to: Some(_), .. }) => words.converts(),
        Run::Paid(_) | Run::Trial(_) => words.ends(),
    };
    Ok(vec![
        (words.period_name(), words.period(&date(period.start()), &date(period.last_day()))),
        (end, date(period.end())),
    ])
}

/// Whether it renews by itself, where that is a question.
fn recurring(state: &State) -> Option<bool> {
    match state {
        State::Scheduled(paid) | State::Active(Active { run: Run::Paid(paid), .. }) => Some(paid.recurring),
        _ => None,
    }
}

/// Each purchase of seats, and until when they can be given back, while they can (SPEC 5).
fn seats(found: &ProductDetails, texts: Texts) -> Vec<FactLine> {
    let words = texts.product_details();
    let date = |day: Date| date_long(day, texts.language());
    let today = found.window.customer.today;
    let runs = matches!(found.subscription.state.status(), Status::Scheduled | Status::Active);
    let mut lines = Vec::with_capacity(found.seats.len());
    for purchase in &found.seats {
        let open = runs && today <= purchase.refund_until && purchase.given_back < purchase.seats;
        lines.push(FactLine {
            text: words.seats_bought(i64::from(purchase.seats), &date(purchase.bought_on)),
            note: open.then(|| words.give_back_until(&date(purchase.refund_until))),
            address: None,
        });
    }
    lines
}
