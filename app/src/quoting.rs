//! A quote in words and amounts.

mod change;

pub(crate) use change::{change, line as change_line};

use domain::catalog::{BillingFrequency, TaxKind, Term};
use domain::country::Country;
use domain::line::{Line, LineKind, LinePart};
use domain::money::{Currency, Money};
use domain::quote::{LaterPayment, PurchaseQuote};
use domain::tax::RateTotal;
use domain::time::Period;

use crate::components::quote::{QuoteLine, QuoteView};
use crate::format::{date_long, dates, money};
use crate::texts::{Texts, group};

/// What a purchase costs. `seller` is the country whose tax is named by its own name.
pub(crate) fn quote(quote: &PurchaseQuote, seller: Country, texts: Texts) -> QuoteView {
    let mut lines: Vec<QuoteLine> = quote.lines.iter().map(|each| line(each, texts)).collect();
    lines.extend(quote.totals.rates.iter().map(|rate| tax(rate, seller, quote.tax_included, texts)));
    QuoteView { lines, due_now: money(quote.due_now), later: later(quote, texts), until: None }
}

/// The days of a period, its last one included: `24 Nov 2026 to 23 Dec 2026`.
pub(crate) fn days(period: Period, texts: Texts) -> String {
    let (first, last) = dates(period.start(), period.last_day(), texts.language());
    texts.quote().days(&first, &last)
}

fn line(line: &Line, texts: Texts) -> QuoteLine {
    let words = texts.quote();
    let currency = line.full.currency();
    let seats = group(line.quantity());
    let price = line.unit_price().map(money);
    let name = match (line.kind, &price) {
        (LineKind::Flat, _) => words.flat().to_owned(),
        (LineKind::OneTime, Some(price)) => words.once(&seats, price),
        (LineKind::Seats | LineKind::SeatChange, Some(price)) => words.seats(&seats, price),
        (_, None) => words.seats_in_tiers(&seats),
    };
    let mut details = Vec::new();
    if price.is_none() {
        details.push(tiers(&line.parts, currency, texts));
    }
    if line.kind != LineKind::OneTime {
        details.push(days(line.service, texts));
    }
    QuoteLine { name, detail: details.join(words.joint()), amount: money(line.amount) }
}

fn tiers(parts: &[LinePart], currency: Currency, texts: Texts) -> String {
    let part = |part: &LinePart| {
        let price = money(Money::new(part.unit_price, currency));
        texts.quote().seats(&group(part.quantity), &price)
    };
    parts.iter().map(part).collect::<Vec<_>>().join(texts.quote().joint())
}

fn tax(rate: &RateTotal, seller: Country, included: bool, texts: Texts) -> QuoteLine {
    let words = texts.quote();
    let per_cent = rate.applied.rate.to_string();
    let name = match (rate.applied.kind, seller == Country::JAPAN, included) {
        (TaxKind::Standard, true, false) => words.consumption_tax(&per_cent),
        (TaxKind::Standard, true, true) => words.consumption_tax_included(&per_cent),
        (TaxKind::Reduced, true, false) => words.consumption_tax_reduced(&per_cent),
        (TaxKind::Reduced, true, true) => words.consumption_tax_reduced_included(&per_cent),
        (TaxKind::Standard | TaxKind::Reduced, false, false) => words.tax(&per_cent),
        (TaxKind::Standard | TaxKind::Reduced, false, true) => words.tax_included(&per_cent),
        (TaxKind::ReverseCharge, ..) => words.reverse_charge().to_owned(),
        (TaxKind::Zero | TaxKind::Exempt | TaxKind::OutsideScope, ..) => words.no_tax().to_owned(),
    };
    QuoteLine { name, detail: String::new(), amount: money(rate.tax) }
}

/// Every later payment of the term, those that are alike as one line, the total of the term where there are some,
/// and the first payment of the next term.
fn later(quote: &PurchaseQuote, texts: Texts) -> Vec<QuoteLine> {
    let words = texts.quote();
    let language = texts.language();
    let mut lines = Vec::new();
    for run in quote.later.chunk_by(|one, next| one.gross == next.gross) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let count = i64::try_from(run.len()).unwrap_or(i64::MAX);
        let detail = words.later_days(count, &date_long(first.on, language), &date_long(last.on, language));
        let name = if run.len() == 1 { words.later_once() } else { words.later_each_month() };
        lines.push(QuoteLine { name: name.to_owned(), detail, amount: money(first.gross) });
    }
    if !quote.later.is_empty() {
        let detail = days(quote.term, texts);
        let amount = money(quote.term_total);
        lines.push(QuoteLine { name: words.term_total().to_owned(), detail, amount });
    }
    lines.push(renewal(&quote.renewal, quote.term_length(), quote.frequency(), texts));
    lines
}

fn renewal(payment: &LaterPayment, term: Term, frequency: BillingFrequency, texts: Texts) -> QuoteLine {
    let words = texts.quote();
    let each_month = term == Term::OneMonth && frequency == BillingFrequency::UpFront;
    let name = if each_month { words.later_each_month() } else { words.renewal() };
    let detail = words.renewal_day(&date_long(payment.on, texts.language()));
    QuoteLine { name: name.to_owned(), detail, amount: money(payment.gross) }
}
