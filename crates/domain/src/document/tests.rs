use super::*;
use crate::catalog::{BillingFrequency, Charge, Term};
use crate::conventions::Conventions;
use crate::quote::Purchase;
use crate::sample::{issuer, japanese_buyer, price, product, yen};
use crate::subscription::SeatCount;
use crate::tax::{AppliedTax, TaxTotals};
use jiff::civil::date;

fn recipient() -> Recipient {
    Recipient {
        name: "はるかぜ設計株式会社".into(),
        country: Country::JAPAN,
        address: Address {
            city: "大阪市北区".into(), street: "中之島 9-9-9".into(), ..Address::default()
        },
        tax_id: None,
        department: Some("設計一部".into()),
        person: Some("佐々木 美咲".into()),
    }
}

fn invoice(series: Series) -> Document<Unnumbered> {
    let monthly = price(Term::OneMonth, BillingFrequency::UpFront, vec![Charge::PerSeat(1150)]);
    let (product, plan) = product(monthly);
    let issuer = issuer("minato-jp");
    let purchase = Purchase {
        issuer: &issuer,
        product: &product,
        plan: &plan,
        price: &plan.prices[0],
        seats: SeatCount::new(10).unwrap(),
        buyer: japanese_buyer(),
        start: date(2026, 11, 24),
    };
    let quote = purchase.quote(yen(0), Conventions::default()).unwrap();
    Document::invoice(&quote, &issuer, recipient(), Some("HK-2026-0917".into()), series, false)
}

#[test]
fn an_invoice_says_what_the_quote_said() {
    let contents = invoice(Series::Invoice).contents;
    assert_eq!(
        (contents.totals.net, contents.totals.tax, contents.totals.gross),
        (yen(11_500), yen(1_150), yen(12_650))
    );
    assert_eq!(contents.issuer.registration_number.as_deref(), Some("T8000012010038"));
    assert_eq!(contents.transaction_on, date(2026, 11, 24));
    assert_eq!(contents.service(), Period::new(date(2026, 11, 24), date(2026, 12, 24)).ok());
    assert_eq!(contents.adds_up(), Ok(true));
    assert!(!contents.has_reduced_rate());
    let mut reduced = contents;
    reduced.lines[0].tax.kind = TaxKind::Reduced;
    assert!(reduced.has_reduced_rate());
}

#[test]
fn what_was_tampered_with_does_not_add_up() {
    let mut contents = invoice(Series::Invoice).contents;
    contents.lines[0].amount = yen(11_499);
    assert_eq!(contents.adds_up(), Ok(false));
}

/// The invoice, given back in part: so many of its ten seats.
fn back(invoice: &Contents, seats: i64) -> Vec<Line> {
    let line = invoice.lines[0].clone();
    let parts = line.parts.iter().map(|part| crate::line::LinePart { quantity: -seats, ..*part }).collect();
    let amount = yen(-1_150 * seats);
    vec![Line { parts, full: amount, amount, ..line }]
}

#[test]
fn a_credit_note_names_its_invoice_and_the_notes_add_up_to_it() {
    let mut invoice = invoice(Series::Invoice).issue(7, date(2026, 11, 25));
    // 8.875 %, so that the tax of the parts is not the tax of the whole in parts.
    let rate = "8.875".parse().unwrap();
    invoice.contents.lines[0].tax.rate = rate;
    invoice.contents.totals =
        tax::total(Currency::JPY, false, Rounding::Down, taxed(&invoice.contents.lines)).unwrap();
    let mut before = Vec::new();
    let mut sum = yen(0);
    for seats in [3, 3, 4] {
        let lines = back(&invoice.contents, seats);
        let day = date(2026, 11, 28);
        let note = Document::credit_note(&invoice, &before, lines.clone(), day).unwrap().contents;
        let corrects = note.corrects.clone().unwrap();
        assert_eq!((corrects.number.as_str(), corrects.issued_on), ("MS26-0000007", date(2026, 11, 25)));
        assert_eq!((corrects.transaction_on, note.transaction_on), (date(2026, 11, 24), day));
        assert_eq!((note.series, note.adds_up()), (Series::CreditNote, Ok(true)));
        let json = serde_json::to_string(&note).unwrap();
        assert_eq!(serde_json::from_str::<Contents>(&json).unwrap(), note);
        let mut wrong = note.clone();
        wrong.totals.rates[0].tax = yen(-1);
        assert_eq!(wrong.adds_up(), Ok(false));
        sum = sum.plus(note.totals.gross).unwrap();
        before.extend(lines);
    }
    assert_eq!(sum.negated().unwrap(), invoice.contents.totals.gross);
    let more = back(&invoice.contents, 1);
    assert!(Document::credit_note(&invoice, &before, more, date(2026, 11, 28)).is_err());
}

#[test]
fn a_note_that_was_tampered_with_does_not_add_up() {
    let mut invoice = invoice(Series::Invoice).issue(7, date(2026, 11, 25));
    let mut reduced = invoice.contents.lines[0].clone();
    reduced.tax = AppliedTax { rate: "8".parse().unwrap(), kind: TaxKind::Reduced };
    invoice.contents.lines.push(reduced);
    invoice.contents.totals =
        tax::total(Currency::JPY, false, Rounding::Down, taxed(&invoice.contents.lines)).unwrap();
    let mut lines = back(&invoice.contents, 3);
    lines.push(Line { tax: invoice.contents.lines[1].tax, ..lines[0].clone() });
    let note = Document::credit_note(&invoice, &[], lines, date(2026, 11, 28)).unwrap().contents;
    assert_eq!((note.adds_up(), note.totals.rates.len()), (Ok(true), 2));
    let one = yen(1);
    let more = |amount: &mut Money| *amount = amount.plus(one).unwrap();
    let less = |amount: &mut Money| *amount = amount.minus(one).unwrap();
    let tampered: [&dyn Fn(&mut TaxTotals); 9] = [
        &|totals| more(&mut totals.net),
        &|totals| more(&mut totals.tax),
        &|totals| more(&mut totals.gross),
        &|totals| more(&mut totals.rates[0].net),
        &|totals| more(&mut totals.rates[0].tax),
        &|totals| more(&mut totals.rates[0].gross),
        // From one rate to the other, with all sums right.
        &|totals| {
            more(&mut totals.rates[0].net);
            more(&mut totals.rates[0].gross);
            less(&mut totals.rates[1].net);
            less(&mut totals.rates[1].gross);
        },
        &|totals| {
            more(&mut totals.rates[0].tax);
            less(&mut totals.rates[1].tax);
        },
        &|totals| totals.rates[0].applied.kind = TaxKind::Exempt,
    ];
    for (n, tamper) in tampered.iter().enumerate() {
        let mut wrong = note.clone();
        tamper(&mut wrong.totals);
        assert_eq!(wrong.adds_up(), Ok(false), "{n}");
    }
}

#[test]
fn a_note_of_a_test_is_a_test() {
    let invoice = invoice(Series::Test).issue(1, date(2026, 11, 25));
    let lines = back(&invoice.contents, 1);
    let note = Document::credit_note(&invoice, &[], lines, date(2026, 11, 25)).unwrap();
    assert_eq!(note.contents.series, Series::Test);
}

#[test]
fn japanese_e_invoices_have_the_codes_of_their_list() {
    // Money case J7.
    let invoice = invoice(Series::Invoice).issue(7, date(2026, 11, 25));
    let pint = Pint::of(&invoice.contents).unwrap();
    assert_eq!((pint.type_code.code(), pint.tax_currency, pint.preceding), ("380", Currency::JPY, None));
    let lines = back(&invoice.contents, 1);
    let note = Document::credit_note(&invoice, &[], lines, date(2026, 11, 25)).unwrap().contents;
    let pint = Pint::of(&note).unwrap();
    assert_eq!((pint.type_code.code(), pint.preceding.as_deref()), ("380", Some("MS26-0000007")));
    assert!(note.totals.gross.is_negative());
    let mut outside = invoice.contents.clone();
    outside.lines[0].tax.kind = TaxKind::OutsideScope;
    assert_eq!(Pint::of(&outside).unwrap().type_code.code(), "480");
    outside.issuer.country = "DE".parse().unwrap();
    assert_eq!(Pint::of(&outside), None);
}

#[test]
fn a_number_is_prefix_series_and_place() {
    let issued = invoice(Series::Invoice).issue(37_442, date(2026, 9, 1));
    assert_eq!(issued.number.number, "MS26-0037442");
    assert_eq!((issued.number.running, issued.number.issued_on), (37_442, date(2026, 9, 1)));
    assert_eq!(invoice(Series::Test).issue(1, date(2026, 9, 1)).number.number, "MS26-TEST-0000001");
    assert_eq!(format_number("MS26-", Series::CreditNote, 12), "MS26-C0000012");
    assert_eq!(format_number("MS26-", Series::Invoice, 123_456_789), "MS26-123456789");
}

#[test]
fn a_document_reads_back_as_it_was_written() {
    let issued = invoice(Series::Invoice).issue(1, date(2026, 11, 24));
    let json = serde_json::to_string(&issued).unwrap();
    assert_eq!(serde_json::from_str::<Document<Issued>>(&json).unwrap(), issued);
    let waiting = invoice(Series::Invoice);
    let json = serde_json::to_string(&waiting).unwrap();
    assert_eq!(serde_json::from_str::<Document<Unnumbered>>(&json).unwrap(), waiting);
    assert!(serde_json::from_str::<Document<Issued>>(&json).is_err());
}
