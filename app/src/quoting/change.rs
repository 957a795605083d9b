//! The quote of a change in words and amounts.

use domain::country::Country;
use domain::line::{Line, LineKind};
use domain::money::{Money, MoneyError};
use domain::quote::ChangeQuote;

use super::{tax, tiers};
use crate::components::ChangeQuoteView;
use crate::components::quote::QuoteLine;
use crate::format::{date_long, dates, money};
use crate::texts::{Texts, group};

/// What a change costs or gives back. `seller` is the country whose tax is named by its own name, `until` when the
/// quote ends, while it is not confirmed.
pub(crate) fn change(
    quote: &ChangeQuote,
    seller: Country,
    until: Option<String>,
    texts: Texts,
) -> Result<ChangeQuoteView, MoneyError> {
    let words = texts.change();
    let included = quote.tax_included;
    let mut lines: Vec<QuoteLine> = quote.lines.iter().map(|each| line(each, texts)).collect();
    lines.extend(quote.totals.rates.iter().map(|rate| tax(rate, seller, included, texts)));
    lines.extend(quote.back_lines.iter().map(|each| line(each, texts)));
    let back = quote.back.iter().flat_map(|back| &back.rates);
    lines.extend(back.map(|rate| tax(rate, seller, included, texts)));
    let (to_credit, to_method) = (quote.to_credit()?, quote.to_method()?);
    // What comes back with the change stands above already; the rest was there before, or is kept.
    let kept = quote.credit_used.minus(to_credit)?;
    let detail = String::new();
    if kept.is_positive() {
        let (name, amount) = (words.credit().to_owned(), money(kept.negated()?));
        lines.push(QuoteLine { name, detail: detail.clone(), amount });
    }
    let to_credit = if kept.is_negative() { kept.negated()? } else { Money::zero(quote.currency) };
    let credit = QuoteLine {
        name: words.back_as_credit().to_owned(),
        detail: words.back_as_credit_more().to_owned(),
        amount: money(to_credit),
    };
    let total = if quote.due_now.is_positive() || !(to_credit.is_positive() || to_method.is_positive()) {
        let (name, detail) = (words.due_now().to_owned(), words.with_tax().to_owned());
        QuoteLine { name, detail, amount: money(quote.due_now) }
    } else if to_method.is_positive() {
        if to_credit.is_positive() {
            lines.push(credit);
        }
        QuoteLine {
            name: words.back_to_card().to_owned(),
            detail: words.back_to_card_more().to_owned(),
            amount: money(to_method),
        }
    } else {
        credit
    };
    let next = match &quote.next {
        Some(next) => QuoteLine {
            name: words.next_on(&date_long(next.on, texts.language())),
            detail: words.net_and_tax(&money(next.net), &money(next.tax)),
            amount: money(next.gross),
        },
        None => QuoteLine { name: words.next().to_owned(), detail, amount: words.next_none().to_owned() },
    };
    let was = quote.next_was.as_ref().map(|was| was.gross);
    let was = was.filter(|was| quote.next.as_ref().is_none_or(|next| next.gross != *was));
    let next_was = was.map(|was| words.next_was(&money(was)));
    Ok(ChangeQuoteView { lines, total, next, next_was, until, changed: false })
}

pub(crate) fn line(line: &Line, texts: Texts) -> QuoteLine {
    let words = texts.change();
    let quantity = line.quantity();
    let plan = line.plan.get(texts.language()).as_str();
    let back = line.amount.is_negative();
    let name = match (line.kind, back) {
        (LineKind::SeatChange, _) if quantity < 0 => words.seats_back(-quantity),
        (LineKind::SeatChange, _) => words.seats_more(quantity),
        (_, true) => words.plan_unused(plan),
        (LineKind::Flat, false) => words.plan_flat(plan),
        (LineKind::OneTime, false) => texts.quote().once(&group(quantity), &unit_price(line)),
        (LineKind::Seats, false) => words.plan_seats(plan, quantity),
    };
    QuoteLine { name, detail: formula(line, texts), amount: money(line.amount) }
}

/// How the amount comes about: days, seats, price.
fn formula(line: &Line, texts: Texts) -> String {
    let words = texts.change();
    if line.kind == LineKind::OneTime {
        return String::new();
    }
    let (first, last) = dates(line.service.start(), line.service.last_day(), texts.language());
    let [days, of] = [line.service, line.billing].map(|period| group(i64::from(period.days())));
    let share = if line.is_by_days() {
        words.by_days(&first, &last, &days, &of)
    } else {
        texts.quote().days(&first, &last)
    };
    let seats = group(line.quantity().saturating_abs());
    match (line.kind, line.unit_price()) {
        (LineKind::Flat, Some(price)) => words.times_flat(&share, &money(price)),
        (_, Some(price)) => words.times(&share, &seats, &money(price)),
        (_, None) => [share, tiers(&line.parts, line.full.currency(), texts)].join(texts.quote().joint()),
    }
}

fn unit_price(line: &Line) -> String {
    line.unit_price().map(money).unwrap_or_default()
}
