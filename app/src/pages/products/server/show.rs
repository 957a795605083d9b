//! Subscriptions in words, days and amounts.

use domain::catalog::{BillingFrequency, Charge, Offer, Plan, Price, Product, Term};
use domain::id::{PlanId, SubscriptionId};
use domain::language::Language;
use domain::line::{LinePart, parts};
use domain::money::{Money, MoneyError};
use domain::subscription::{Active, Channel, Disabled, PaidTerm, Run, State, Status, TrialRun};
use domain::time::{Date, days_between};
use leptos::server_fn::codec::TextStream;
use services::ServiceError;
use services::catalog::Window;
use services::products::{Filter, Products};

use super::{DayView, FilterChoice, FilterView, PriceView, ProductRow, ProductsView};
use crate::components::{Command, StatusView};
use crate::error::AppError;
use crate::export::Sheet;
use crate::format::{date_short, money};
use crate::pages::product::server::term_name;
use crate::pages::product_details::server::commands::{Given, commands};
use crate::request::{answer, asker, language, services};
use crate::texts::{Texts, group};

/// How many there are of a channel in a state.
type Counts = [(Channel, Status, u32)];

/// The states to narrow the list to, those that one looks for most first.
const STATUSES: [Status; 5] =
    [Status::Active, Status::Expired, Status::Disabled, Status::Scheduled, Status::Deleted];

/// A page of the list.
pub(super) fn products(found: &Products, filter: Filter, texts: Texts) -> Result<ProductsView, ServiceError> {
    let language = texts.language();
    let words = texts.products();
    let mut rows = Vec::with_capacity(found.rows.len());
    for subscription in &found.rows {
        let (product, plan) = on_shelf(&found.window, subscription.plan)?;
        let (state, price) = (&subscription.state, &subscription.price);
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
        rows.push(ProductRow {
            id: subscription.id.to_string(),
            name: full_name(product, plan, language),
            term: term_line(price, trial, texts),
            icon: product.tile.icon.to_string(),
            hue: product.tile.hue.code().to_owned(),
            status,
            assigned: subscription.assigned,
            seats: subscription.seats,
            day: day_view(state, found.window.customer.today, texts)?,
            price: price_view(price, trial, subscription.seats, texts)?,
            waiting: (subscription.waiting > 0).then(|| words.waiting(i64::from(subscription.waiting))),
            product: product.key.to_string(),
            // Only the page of a subscription says why in sentences.
            commands: commands(&given, texts)
                .into_iter()
                .map(|command| Command { why: String::new(), ..command })
                .collect(),
        });
    }
    let total = count(&found.counts, None, None);
    let matching = count(&found.counts, filter.channel, filter.status);
    let filters =
        vec![channel_filter(filter, &found.counts, texts), status_filter(filter, &found.counts, texts)];
    let applied = filters.iter().filter_map(|filter| {
        filter.chosen.as_ref().map(|chosen| [filter.label.as_str(), ": ", chosen].concat())
    });
    let applied = applied.collect::<Vec<_>>().join(texts.product().joint());
    let first = Filter { after: None, ..filter };
    Ok(ProductsView {
        total,
        filters,
        applied,
        shown: words.shown(i64::try_from(rows.len()).unwrap_or(i64::MAX), &group(matching)),
        rows,
        hidden: total - matching,
        file: address(first).replacen("/products", "/api/export-products", 1),
        first: filter.after.map(|_| address(first)),
        next: found.next.map(|next| address(Filter { after: Some(next), ..filter })),
    })
}

/// All that a filter leaves, as a file: days and amounts as machines read them.
pub(super) async fn export(
    channel: Option<Channel>,
    status: Option<Status>,
) -> Result<TextStream<AppError>, AppError> {
    let (services, asker, texts) = (services(), asker(), Texts::new(language()));
    let words = texts.products();
    let headings = [
        words.column_product(),
        words.column_term(),
        words.column_status(),
        words.column_assigned(),
        words.column_seats_total(),
        words.column_day(),
        words.column_event(),
        words.column_price(),
        texts.frame().currency(),
    ];
    let mut sheet = Sheet::new(&headings)?;
    let mut filter = Filter { channel, status, after: None };
    loop {
        let found = services.products(&asker, filter).await.map_err(|error| answer(&error))?;
        for subscription in &found.rows {
            let (product, plan) =
                on_shelf(&found.window, subscription.plan).map_err(|error| answer(&error))?;
            let (state, price) = (&subscription.state, &subscription.price);
            let trial = is_trial(subscription.channel, state);
            let day = day_view(state, found.window.customer.today, texts).map_err(|error| answer(&error))?;
            let amount = if trial {
                Money::zero(price.currency)
            } else {
                period_sum(price, subscription.seats).map_err(|error| answer(&error))?.0
            };
            sheet.row([
                full_name(product, plan, texts.language()),
                term_line(price, trial, texts),
                status_view(state, texts).word,
                subscription.assigned.to_string(),
                subscription.seats.to_string(),
                day.date,
                day.note,
                amount.decimal(),
                price.currency.code().to_owned(),
            ])?;
        }
        match found.next {
            Some(next) if sheet.has_room() => filter.after = Some(next),
            _ => return sheet.send("products"),
        }
    }
}

fn count(counts: &Counts, channel: Option<Channel>, status: Option<Status>) -> i64 {
    let fits = counts.iter().filter(|(of, at, _)| {
        channel.is_none_or(|channel| channel == *of) && status.is_none_or(|status| status == *at)
    });
    fits.map(|(_, _, count)| i64::from(*count)).sum()
}

fn channel_filter(filter: Filter, counts: &Counts, texts: Texts) -> FilterView {
    let words = texts.products();
    let choice = |channel: Option<Channel>| FilterChoice {
        value: channel.map_or("", Channel::code).to_owned(),
        label: channel.map_or(words.any(), |channel| channel_word(channel, texts)).to_owned(),
        count: group(count(counts, channel, filter.status)),
        chosen: channel == filter.channel,
    };
    FilterView {
        name: "channel".to_owned(),
        label: words.filter_channel().to_owned(),
        chosen: filter.channel.map(|channel| channel_word(channel, texts).to_owned()),
        clear: address(Filter { channel: None, after: None, ..filter }),
        choices: std::iter::once(None).chain(Channel::ALL.iter().copied().map(Some)).map(choice).collect(),
    }
}

fn status_filter(filter: Filter, counts: &Counts, texts: Texts) -> FilterView {
    let words = texts.products();
    let choice = |status: Option<Status>| FilterChoice {
        value: status.map_or("", Status::code).to_owned(),
        label: status.map_or(words.any(), |status| status_word(status, texts)).to_owned(),
        count: group(count(counts, filter.channel, status)),
        chosen: status == filter.status,
    };
    FilterView {
        name: "status".to_owned(),
        label: words.filter_status().to_owned(),
        chosen: filter.status.map(|status| status_word(status, texts).to_owned()),
        clear: address(Filter { status: None, after: None, ..filter }),
        choices: std::iter::once(None).chain(STATUSES.into_iter().map(Some)).map(choice).collect(),
    }
}

/// The address of the list, narrowed and from there on. Codes and ids need no escaping.
fn address(filter: Filter) -> String {
    let pairs = [
        filter.channel.map(|channel| ["channel=", channel.code()].concat()),
        filter.status.map(|status| ["status=", status.code()].concat()),
        filter.after.map(|(day, id)| format!("after={day}_{id}")),
    ];
    let pairs: Vec<String> = pairs.into_iter().flatten().collect();
    if pairs.is_empty() { "/products".to_owned() } else { ["/products?", &pairs.join("&")].concat() }
}

/// A place in the list as it stands in addresses: `2026-12-08_sub_…`.
pub(super) fn cursor(text: &str) -> Option<(Date, SubscriptionId)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

/// The product and the plan of a subscription. The shelf keeps what is no longer sold.
pub(crate) fn on_shelf(window: &Window, plan: PlanId) -> Result<(&Product, &Plan), ServiceError> {
    window.plan(plan).ok_or_else(|| ServiceError::broken("a subscription's plan is not on the shelf"))
}

/// Whether more of a plan can be bought.
pub(crate) fn is_sold(window: &Window, product: &Product, plan: &Plan) -> bool {
    !product.retired && !plan.retired && matches!(window.offer(product), Offer::Sold(_))
}

/// What a subscription is called: its product and its plan.
pub(crate) fn full_name(product: &Product, plan: &Plan, language: Language) -> String {
    [product.name.get(language).as_str(), plan.name.get(language)].join(" ")
}

/// Whether a subscription is, or was to its end, a trial.
pub(crate) fn is_trial(channel: Channel, state: &State) -> bool {
    match state {
        State::Active(active) => matches!(active.run, Run::Trial(_)),
        State::Scheduled(_) => false,
        State::Expired { .. } | State::Disabled(_) | State::Deleted { .. } => channel == Channel::Trial,
    }
}

/// A state with its shape.
pub(crate) fn status_view(state: &State, texts: Texts) -> StatusView {
    let words = texts.products();
    let named = status_word(state.status(), texts);
    let (kind, word) = match state {
        State::Active(Active { payment_due: Some(_), .. }) => ("danger", words.status_unpaid()),
        State::Active(Active { run: Run::Trial(_), payment_due: None }) => ("info", words.status_trial()),
        State::Active(Active { run: Run::Paid(_), payment_due: None }) => ("ok", named),
        State::Expired { .. } => ("warning", named),
        State::Scheduled(_) | State::Disabled(_) | State::Deleted { .. } => ("off", named),
    };
    StatusView { kind: kind.to_owned(), word: word.to_owned() }
}

fn status_word(status: Status, texts: Texts) -> &'static str {
    let words = texts.products();
    match status {
        Status::Scheduled => words.status_scheduled(),
        Status::Active => words.status_active(),
        Status::Expired => words.status_expired(),
        Status::Disabled => words.status_disabled(),
        Status::Deleted => words.status_deleted(),
    }
}

fn channel_word(channel: Channel, texts: Texts) -> &'static str {
    let words = texts.products();
    match channel {
        Channel::SelfService => words.channel_self_service(),
        Channel::Central => words.channel_central(),
        Channel::Trial => words.channel_trial(),
    }
}

/// For how long it runs and how that is paid: `1 year, paid monthly`.
pub(crate) fn term_line(price: &Price, trial: bool, texts: Texts) -> String {
    let words = texts.products();
    if trial {
        return words.channel_trial().to_owned();
    }
    let term = term_name(price.term, texts);
    match (price.term, price.frequency) {
        (Term::OneMonth, _) => words.term(term),
        (_, BillingFrequency::Monthly) => words.term_monthly(term),
        (Term::OneYear, BillingFrequency::UpFront) => words.term_yearly(term),
        (Term::ThreeYears, BillingFrequency::UpFront) => words.term_up_front(term),
    }
}

/// The day on which a subscription changes next, and how.
pub(crate) fn day_view(state: &State, today: Date, texts: Texts) -> Result<DayView, ServiceError> {
    let words = texts.products();
    let days_to = |day: Date| i64::from(days_between(today, day));
    let (day, note) = match *state {
        State::Scheduled(PaidTerm { anchor, .. }) => {
            let days = days_to(anchor);
            (anchor, if days > 0 { words.starts_in(days) } else { words.starts_today().to_owned() })
        }
        State::Active(Active { payment_due: Some(due), .. }) => (due.until, words.unpaid_until().to_owned()),
        State::Active(Active { run, payment_due: None }) => {
            let end = run.period().map_err(ServiceError::broken)?.end();
            (end, end_note(run, days_to(end), texts))
        }
        // Its last day is what people are shown: until it ends, everything works.
        State::Expired { until, .. } => (until.yesterday().unwrap_or(until), words.usable_until().to_owned()),
        State::Disabled(Disabled { until, .. }) => (until, words.deleted_on().to_owned()),
        State::Deleted { on } => (on, words.deleted().to_owned()),
    };
    Ok(DayView {
        date: day.to_string(),
        shown: date_short(day, texts.language()),
        note,
        urgent: matches!(state, State::Active(Active { payment_due: Some(_), .. })),
    })
}

/// What happens at the end of what runs, in so many days.
fn end_note(run: Run, days: i64, texts: Texts) -> String {
    let words = texts.products();
    let (then, today) = match run {
        Run::Paid(PaidTerm { recurring: true, .. }) => (words.renews_in(days), words.renews_today()),
        Run::Trial(TrialRun { converts_to: Some(_), .. }) => {
            (words.converts_in(days), words.converts_today())
        }
        Run::Paid(_) | Run::Trial(_) => (words.ends_in(days), words.ends_today()),
    };
    if days > 0 { then } else { today.to_owned() }
}

/// What a subscription costs in a billing period, by which charges and parts.
fn period_sum(price: &Price, seats: u32) -> Result<(Money, Vec<&Charge>, Vec<LinePart>), ServiceError> {
    let charges: Vec<&Charge> = price.charges.iter().filter(|charge| charge.is_recurring()).collect();
    let pieces: Vec<LinePart> = charges.iter().flat_map(|charge| parts(charge, seats)).collect();
    let amounts: Result<Vec<Money>, MoneyError> =
        pieces.iter().map(|piece| piece.amount(price.currency)).collect();
    let sum =
        amounts.and_then(|amounts| Money::sum(price.currency, amounts)).map_err(ServiceError::broken)?;
    Ok((sum, charges, pieces))
}

/// What the recurring charges of a price come to for so many seats, per billing period. A trial costs nothing.
pub(crate) fn price_view(
    price: &Price,
    trial: bool,
    seats: u32,
    texts: Texts,
) -> Result<PriceView, ServiceError> {
    let words = texts.products();
    let number = i64::from(seats);
    if trial {
        let amount = money(Money::zero(price.currency));
        return Ok(PriceView { amount, formula: words.up_to(number) });
    }
    let (sum, charges, pieces) = period_sum(price, seats)?;
    let period = match price.frequency.months(price.term) {
        1 => words.period_month(),
        36 => words.period_three_years(),
        _ => words.period_year(),
    };
    let formula = match (charges.as_slice(), pieces.as_slice()) {
        ([charge], [piece]) if charge.is_per_seat() => {
            words.formula(&money(Money::new(piece.unit_price, price.currency)), number, period)
        }
        _ => words.formula_seats(number, period),
    };
    let formula = if price.tax_included { words.with_tax(&formula) } else { formula };
    Ok(PriceView { amount: money(sum), formula })
}
