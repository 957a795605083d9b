//! The list in words, days and amounts.

use domain::credit::BillState;
use domain::document::Contents;
use domain::time::Date;
use leptos::server_fn::codec::TextStream;
use services::bills::{Bill, Bills};

use super::address::{Address, DayProblem, Period};
use super::{DayField, HiddenView, InvoiceRow, InvoicesView, PeriodView, UnpaidView};
use crate::components::StatusView;
use crate::error::AppError;
use crate::export::Sheet;
use crate::format::{date_short, dates, money};
use crate::pages::products::{FilterChoice, FilterView};
use crate::request::{answer, asker, language, services};
use crate::texts::{Texts, group};

/// A page of the list.
pub(super) fn invoices(found: &Bills, asked: &Address, texts: Texts) -> InvoicesView {
    let words = texts.invoices();
    let counts = &found.counts;
    let problems = asked.problems();
    let refused = problems.iter().any(Option::is_some);
    let (first, last) = dates(found.from, found.to, texts.language());
    let days = words.days(&first, &last);
    let plain = Address { state: None, search: String::new(), after: None, ..asked.clone() };
    let rows: Vec<InvoiceRow> =
        if refused { Vec::new() } else { found.rows.iter().map(|bill| row(bill, texts)).collect() };
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let status = status(found, asked, texts);
    let mut applied: Vec<String> =
        status.chosen.iter().map(|chosen| [&status.label, ": ", chosen].concat()).collect();
    if !asked.search.is_empty() {
        applied.push([words.searched(), ": ", &asked.search].concat());
    }
    InvoicesView {
        total: counts.total,
        unpaid: unpaid(found, asked, texts),
        periods: periods(found, asked, texts),
        period: (asked.period != Period::ThreeMonths).then(|| asked.period.code().to_owned()),
        range: (asked.period == Period::Range).then(|| range(found, asked, problems, texts)),
        refused,
        status,
        search: asked.search.clone(),
        applied: applied.join(texts.product().joint()),
        clear: plain.path(),
        shown: words.shown(count, &group(counts.matching), &days),
        days,
        rows,
        sums: counts.sums.iter().copied().map(money).collect(),
        hidden: if refused { Vec::new() } else { hidden(found, asked, &plain, texts) },
        file: Address { after: None, ..asked.clone() }.path().replacen(
            "/bills/invoices",
            "/api/export-invoices",
            1,
        ),
        first: asked.after.map(|_| Address { after: None, ..asked.clone() }.path()),
        next: found.next.map(|next| Address { after: Some(next), ..asked.clone() }.path()),
    }
}

/// All that a filter leaves, as a file: days and amounts as machines read them.
pub(super) async fn export(asked: &Address) -> Result<TextStream<AppError>, AppError> {
    let (services, asker, texts) = (services(), asker(), Texts::new(language()));
    let words = texts.invoices();
    let headings = [
        words.column_number(),
        words.column_date(),
        words.column_what(),
        words.column_service(),
        words.column_status(),
        words.column_net(),
        words.column_tax(),
        words.column_amount(),
        texts.frame().currency(),
    ];
    let mut sheet = Sheet::new(&headings)?;
    let mut filter = asked.filter();
    loop {
        let found = services.bills(&asker, &filter).await.map_err(|error| answer(&error))?;
        for bill in &found.rows {
            let (shown, totals) = (row(bill, texts), &bill.contents.totals);
            sheet.row([
                shown.number,
                shown.date,
                shown.what,
                shown.service,
                shown.status.word,
                totals.net.decimal(),
                totals.tax.decimal(),
                totals.gross.decimal(),
                bill.contents.currency.code().to_owned(),
            ])?;
        }
        match found.next {
            Some(next) if sheet.has_room() => filter.after = Some(next),
            _ => return sheet.send("invoices"),
        }
    }
}

fn row(bill: &Bill, texts: Texts) -> InvoiceRow {
    let words = texts.invoices();
    let contents = &bill.contents;
    let service = match (&contents.corrects, contents.service()) {
        (Some(corrected), _) => words.of_note(&corrected.number),
        (None, Some(service)) => crate::quoting::days(service, texts),
        (None, None) => String::new(),
    };
    InvoiceRow {
        id: bill.id.to_string(),
        number: bill.issued.number.clone(),
        date: bill.issued.issued_on.to_string(),
        day: date_short(bill.issued.issued_on, texts.language()),
        what: what(contents, texts),
        service,
        status: status_view(bill.state, texts),
        amount: money(contents.totals.gross),
    }
}

/// What a document is for: the product and the plan of its first line that charges, or of its first line.
fn what(contents: &Contents, texts: Texts) -> String {
    let language = texts.language();
    let main = contents.lines.iter().find(|line| line.amount.is_positive()).or(contents.lines.first());
    let Some(main) = main else { return String::new() };
    let name = [main.product.get(language).as_str(), main.plan.get(language)].join(" ");
    let others = contents.lines.iter().any(|line| line.product != main.product);
    if others { texts.invoices().more_products(&name) } else { name }
}

/// A state with its shape.
pub(crate) fn status_view(state: BillState, texts: Texts) -> StatusView {
    let kind = match state {
        BillState::Unpaid => "danger",
        BillState::Paid => "ok",
        BillState::Credited | BillState::CreditNote => "off",
    };
    StatusView { kind: kind.to_owned(), word: state_word(state, texts).to_owned() }
}

fn state_word(state: BillState, texts: Texts) -> &'static str {
    let words = texts.bills();
    match state {
        BillState::Unpaid => words.state_unpaid(),
        BillState::Paid => words.state_paid(),
        BillState::Credited => words.state_credited(),
        BillState::CreditNote => words.state_credit_note(),
    }
}

fn status(found: &Bills, asked: &Address, texts: Texts) -> FilterView {
    let words = texts.invoices();
    let all = found.counts.states.iter().map(|(_, count)| count).sum();
    let choice = |state: Option<BillState>, count: i64| FilterChoice {
        value: state.map_or("", BillState::code).to_owned(),
        label: state.map_or(words.any(), |state| state_word(state, texts)).to_owned(),
        count: group(count),
        chosen: state == asked.state,
    };
    let states = found.counts.states.iter().map(|(state, count)| choice(Some(*state), *count));
    FilterView {
        name: "status".to_owned(),
        label: words.status().to_owned(),
        chosen: asked.state.map(|state| state_word(state, texts).to_owned()),
        clear: Address { state: None, after: None, ..asked.clone() }.path(),
        choices: std::iter::once(choice(None, all)).chain(states).collect(),
    }
}

fn periods(found: &Bills, asked: &Address, texts: Texts) -> Vec<PeriodView> {
    let words = texts.invoices();
    let view = |period: Period| PeriodView {
        name: match period {
            Period::ThreeMonths => words.past_three_months(),
            Period::SixMonths => words.past_six_months(),
            Period::Range => words.date_range(),
        }
        .to_owned(),
        address: asked.within(period, (found.from, found.to)).path(),
        chosen: period == asked.period,
    };
    Period::ALL.into_iter().map(view).collect()
}

/// The two days: as they were typed, or those of the past 3 months where none was.
fn range(found: &Bills, asked: &Address, problems: [Option<DayProblem>; 2], texts: Texts) -> [DayField; 2] {
    let words = texts.invoices();
    let days = asked.days.clone().unwrap_or_else(|| [found.from, found.to].map(|day| day.to_string()));
    let mut problems = problems.into_iter();
    days.map(|value| {
        let problem = problems.next().flatten();
        let error = problem.map(|problem| match problem {
            DayProblem::Missing => words.date_missing(),
            DayProblem::NotADay => words.date_wrong(),
            DayProblem::BeforeTheFirst => words.date_backward(),
        });
        let is_day = value.is_empty() || value.parse::<Date>().is_ok();
        DayField { value, is_day, error: error.map(str::to_owned) }
    })
}

/// What is owed, unless it is what is shown.
fn unpaid(found: &Bills, asked: &Address, texts: Texts) -> Option<UnpaidView> {
    let unpaid = found.counts.unpaid.as_ref()?;
    let all = Address { state: Some(BillState::Unpaid), search: String::new(), ..asked.clone() };
    let days = (unpaid.first.min(found.from), unpaid.last.max(found.to));
    let period = if unpaid.first >= found.from && unpaid.last <= found.to && asked.period != Period::Range {
        asked.period
    } else {
        Period::Range
    };
    let address = all.within(period, days).path();
    let sums: Vec<String> = unpaid.sums.iter().copied().map(money).collect();
    let text = texts.invoices().unpaid(unpaid.count, &sums.join(texts.product().joint()));
    let shown = asked.state == Some(BillState::Unpaid) && unpaid.count == found.counts.matching;
    Some(UnpaidView { text, address: if shown { String::new() } else { address } })
}

/// What is hidden, by what, and the address that shows it.
fn hidden(found: &Bills, asked: &Address, plain: &Address, texts: Texts) -> Vec<HiddenView> {
    let hidden = found.counts.hidden;
    // A span that holds everything that the rest of the filter leaves.
    let everything = match found.counts.reach {
        Some((first, last)) => {
            asked.within(Period::Range, (first.min(found.from), last.max(found.to))).path()
        }
        None => plain.path(),
    };
    let view = |count: i64, text: fn(i64, Texts) -> String, address: &str| {
        (count > 0).then(|| HiddenView { text: text(count, texts), address: address.to_owned() })
    };
    [
        view(hidden.older, |count, texts| texts.invoices().older(count), &everything),
        view(hidden.later, |count, texts| texts.invoices().later(count), &everything),
        view(hidden.others, |count, texts| texts.invoices().hidden(count), &plain.path()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
