//! A document in words, days and amounts. Everything comes from what was issued, never from today's data (SPEC 5).

use domain::catalog::TaxKind;
use domain::country::Country;
use domain::document::{Contents, IssuerCopy, Recipient};
use domain::id::DocumentId;
use domain::line::{Line, LineKind};
use domain::tax::{AppliedTax, RateTotal};
use domain::time::Date;
use services::ServiceError;
use services::bills::{Bill, BillDetails, BillEvent, Movement, Note};

use super::{EventView, InvoiceView, LineView, LinkView, RateView};
use crate::format::{date_long, money};
use crate::pages::checkout::server::card_name;
use crate::pages::invoices::server::show::status_view;
use crate::texts::Texts;

/// What the page shows.
pub(super) fn invoice(found: &BillDetails, texts: Texts) -> Result<InvoiceView, ServiceError> {
    let words = texts.invoice();
    let Bill { issued, contents, corrects, state, .. } = &found.bill;
    let totals = &contents.totals;
    let (credits, japanese) = (contents.corrects.is_some(), contents.issuer.country == Country::JAPAN);
    let title = if credits { words.credit_note_title(&issued.number) } else { words.title(&issued.number) };
    let mut rates: Vec<RateView> = totals.rates.iter().map(|rate| rate_view(rate, texts)).collect();
    rates.push(RateView {
        name: words.total().to_owned(),
        net: money(totals.net),
        tax: money(totals.tax),
        gross: money(totals.gross),
    });
    Ok(InvoiceView {
        title,
        status: status_view(*state, texts),
        test: contents.test_mode,
        recipient: recipient(&contents.recipient, texts),
        issuer: issuer(&contents.issuer, texts),
        tax_included: contents.tax_included,
        lines: contents.lines.iter().map(|line| line_view(line, texts)).collect(),
        reduced: contents.has_reduced_rate(),
        rates,
        tax_name: if japanese { words.rate_consumption_tax() } else { words.rate_tax() }.to_owned(),
        gross_name: if credits { words.credit_gross() } else { words.gross() }.to_owned(),
        gross: money(totals.gross),
        facts: facts(&found.bill, texts),
        money: amounts(&found.bill, texts)?,
        events: events(found, texts),
        pay: found.managed.filter(|_| found.payable).map(|id| format!("/products/{id}?pane=pay")),
        subscription: found.managed.map(|id| format!("/products/{id}")),
        corrects: corrects.and_then(|id| corrected(contents, id, texts)),
    })
}

fn address_of(id: DocumentId) -> String {
    format!("/bills/invoices/{id}")
}

fn recipient(recipient: &Recipient, texts: Texts) -> Vec<String> {
    let words = texts.invoice();
    let mut lines = vec![words.addressed(&recipient.name)];
    lines.extend(recipient.department.clone());
    lines.extend(recipient.person.as_deref().map(|name| words.person(name)));
    lines.extend(recipient.address.lines(recipient.country));
    let tax_id = recipient.tax_id.as_ref();
    lines.extend(tax_id.map(|id| [words.tax_id(), " ", id.as_str()].concat()));
    lines
}

fn issuer(issuer: &IssuerCopy, texts: Texts) -> Vec<String> {
    let words = texts.invoice();
    let language = texts.language();
    let mut lines = vec![issuer.name.get(language).clone()];
    lines.extend(issuer.address.get(language).lines(issuer.country));
    let number = issuer.registration_number.as_deref();
    lines.extend(number.map(|number| [words.registration(), " ", number].concat()));
    lines.extend(issuer.contact.as_ref().map(|mail| format!("{} {mail}", words.contact())));
    lines
}

fn line_view(line: &Line, texts: Texts) -> LineView {
    let words = texts.invoice();
    let language = texts.language();
    let said = crate::quoting::change_line(line, texts);
    let product = line.product.get(language).as_str();
    // Where the sentence does not name the plan, the line does.
    let name = match line.kind {
        LineKind::SeatChange | LineKind::OneTime => [product, line.plan.get(language), &said.name].join(" "),
        LineKind::Flat | LineKind::Seats => [product, &said.name].join(" "),
    };
    let mut detail: Vec<String> = Some(said.detail).filter(|detail| !detail.is_empty()).into_iter().collect();
    if line.kind == LineKind::OneTime {
        detail.push(date_long(line.service.start(), language));
    }
    if line.reduction.is_some() {
        detail.push(words.discounted().to_owned());
    }
    let quantity = if line.kind == LineKind::Flat { "1".to_owned() } else { words.seats(line.quantity()) };
    LineView {
        name,
        detail: detail.join(texts.quote().joint()),
        quantity,
        price: line.unit_price().map(money).unwrap_or_default(),
        rate: rate_name(line.tax, texts),
        amount: money(line.amount),
    }
}

/// `10%`, `8% ※`, or why there is none.
fn rate_name(tax: AppliedTax, texts: Texts) -> String {
    let words = texts.invoice();
    match tax.kind {
        TaxKind::Standard => format!("{}%", tax.rate),
        TaxKind::Reduced => words.reduced_rate(&tax.rate.to_string()),
        TaxKind::ReverseCharge => words.reverse_charge().to_owned(),
        TaxKind::Zero | TaxKind::Exempt | TaxKind::OutsideScope => words.no_tax().to_owned(),
    }
}

fn rate_view(rate: &RateTotal, texts: Texts) -> RateView {
    let name = rate_name(rate.applied, texts);
    RateView {
        name: texts.invoice().rate_of(&name),
        net: money(rate.net),
        tax: money(rate.tax),
        gross: money(rate.gross),
    }
}

fn facts(bill: &Bill, texts: Texts) -> Vec<(String, String)> {
    let words = texts.invoice();
    let day = |day: Date| date_long(day, texts.language());
    let contents = &bill.contents;
    let service = contents.service().map(|service| (words.service(), crate::quoting::days(service, texts)));
    let facts = [
        Some((words.number(), bill.issued.number.clone())),
        Some((words.issued(), day(bill.issued.issued_on))),
        Some((words.transaction(), day(contents.transaction_on))),
        service,
        bill.due_on.map(|due| (words.due(), day(due))),
        contents.purchase_order.clone().map(|number| (words.purchase_order(), number)),
    ];
    facts.into_iter().flatten().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

/// What of an invoice was paid, lowered and given back, and what is owed; of nothing nothing is said.
fn amounts(bill: &Bill, texts: Texts) -> Result<Vec<(String, String)>, ServiceError> {
    let words = texts.invoice();
    let Some(standing) = bill.standing else { return Ok(Vec::new()) };
    let owed = standing.owed().map_err(ServiceError::broken)?;
    let amounts = [
        (words.lowered(), standing.lowered()),
        (words.paid(), standing.paid()),
        (words.returned(), standing.returned()),
        (words.owed(), owed),
    ];
    let some = amounts.into_iter().filter(|(_, amount)| !amount.is_zero());
    Ok(some.map(|(name, amount)| (name.to_owned(), money(amount))).collect())
}

/// What has happened, day by day: it was issued, paid, credited, given back.
fn events(found: &BillDetails, texts: Texts) -> Vec<EventView> {
    let words = texts.invoice();
    let issued = found.bill.issued.issued_on;
    let mut events = vec![(issued, event_view(issued, None, words.happened_issued(), String::new(), texts))];
    events.extend(found.events.iter().map(|event| (event.on, moved(event, texts))));
    events.extend(found.notes.iter().map(|note| (note.issued_on, credited(note, texts))));
    events.sort_by_key(|(on, _)| *on);
    events.into_iter().map(|(_, event)| event).collect()
}

fn event_view(on: Date, kind: Option<&str>, what: &str, more: String, texts: Texts) -> EventView {
    EventView {
        date: on.to_string(),
        day: date_long(on, texts.language()),
        kind: kind.map(str::to_owned),
        what: what.to_owned(),
        more,
        by: None,
    }
}

fn moved(event: &BillEvent, texts: Texts) -> EventView {
    let words = texts.invoice();
    let (kind, what) = match event.what {
        Movement::Payment => (Some("ok"), words.happened_paid()),
        Movement::CreditUsed => (Some("ok"), words.happened_credit_used()),
        Movement::CreditGranted => (Some("ok"), words.happened_credit_granted()),
        Movement::Refund => (None, words.happened_refund()),
        Movement::RefundSent => (Some("ok"), words.happened_refund_sent()),
        Movement::RefundFailed => (Some("danger"), words.happened_refund_failed()),
    };
    let amount = money(event.amount);
    let more = match &event.card {
        Some(card) => words.by_card(&card_name(card, texts), &amount),
        None => amount,
    };
    event_view(event.on, kind, what, more, texts)
}

fn credited(note: &Note, texts: Texts) -> EventView {
    let more = money(note.gross);
    let by = LinkView { number: note.number.clone(), address: address_of(note.id), note: String::new() };
    let view = event_view(note.issued_on, Some("end"), texts.invoice().happened_note(), more, texts);
    EventView { by: Some(by), ..view }
}

/// The invoice that a credit note corrects, with the days that a 適格返還請求書 names.
fn corrected(contents: &Contents, id: DocumentId, texts: Texts) -> Option<LinkView> {
    let corrected = contents.corrects.as_ref()?;
    let [issued, day] =
        [corrected.issued_on, corrected.transaction_on].map(|day| date_long(day, texts.language()));
    Some(LinkView {
        number: corrected.number.clone(),
        address: address_of(id),
        note: texts.invoice().corrects_more(&issued, &day),
    })
}
