use super::*;
use crate::catalog::{BillingFrequency, Charge, Term};
use crate::conventions::Conventions;
use crate::quote::Purchase;
use crate::sample::{issuer, japanese_buyer, price, product, yen};
use crate::subscription::SeatCount;
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
}

#[test]
fn what_was_tampered_with_does_not_add_up() {
    let mut contents = invoice(Series::Invoice).contents;
    contents.lines[0].amount = yen(11_499);
    assert_eq!(contents.adds_up(), Ok(false));
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
