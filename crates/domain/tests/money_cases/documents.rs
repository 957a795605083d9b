//! L23, J1–J7, U3: taxes, documents and debts.

use super::*;

#[test]
fn taxes_of_documents() {
    // L23: the tax of a rate is shown per line.
    let fees = [10_000, 5_000, 3_000, 2_000].map(usd);
    let coupon = spread(usd(1_000), &fees).unwrap();
    let nets = fees.iter().zip(coupon).map(|(fee, off)| fee.minus(off).unwrap());
    let lines: Vec<_> = ["10", "0", "20", "20"].into_iter().map(vat).zip(nets).collect();
    let totals = total(Currency::USD, false, Rounding::HalfAwayFromZero, lines.iter().copied()).unwrap();
    assert_eq!(shown_per_line(&totals, &lines).unwrap(), [950, 0, 570, 380].map(usd), "L23");
    assert_eq!(totals.gross, usd(20_900), "L23");
    let totals = add_up(&[(vat("10"), 105); 3], Rounding::Down);
    assert_eq!((totals.tax, totals.gross), (usd(31), usd(346)), "J1");
    // J1: credited line by line.
    let invoice = Invoiced {
        currency: Currency::USD,
        tax_included: false,
        tax_rounding: Rounding::Down,
        totals: &totals,
    };
    let back = (vat("10"), usd(-105));
    let notes = [0, 1, 2].map(|n| credit_note(&invoice, &vec![back; n], &[back]).unwrap().gross);
    assert_eq!(Money::sum(Currency::USD, notes).unwrap(), usd(-346), "J1");
    let reduced = AppliedTax { kind: TaxKind::Reduced, ..vat("8") };
    let lines = [(reduced, usd(1_188)), (vat("10"), usd(1_100))];
    let totals = total(Currency::USD, true, Rounding::Down, lines).unwrap();
    let taxes: Vec<i64> = totals.rates.iter().map(|rate| rate.tax.minor()).collect();
    assert_eq!((taxes, totals.gross), (vec![100, 88], usd(2_288)), "J3");
}

#[test]
fn small_debts() {
    let from_150 = Conventions { dunning_threshold: 150, ..spec() };
    assert_eq!(asked_for(usd(149), from_150), None, "U3");
    assert_eq!(asked_for(usd(155), from_150), Some(usd(155)), "U3");
    assert_eq!(asked_for(usd(149), spec()), Some(usd(149)), "U3 under SPEC");
}

#[test]
fn japanese_documents() {
    let form = |text| TaxId::parse(Country::JAPAN, text).map(|id| id.form());
    assert_eq!(form("T8000012010038"), Ok(TaxIdForm::Checked), "J6");
    assert_eq!(form("T9000012010038"), Ok(TaxIdForm::NotACompany), "J6");
    assert!(form("8000012010038").is_err() && form("T800001201003").is_err(), "J6");
    let catalog: Catalog = toml::from_str(include_str!("catalog.toml")).unwrap();
    let (issuer, product) = (&catalog.issuers[0], &catalog.products[0]);
    let plan = &product.plans[0];
    let purchase = Purchase {
        issuer,
        product,
        plan,
        price: &plan.prices[0],
        seats: SeatCount::new(1).unwrap(),
        buyer: Buyer { country: Country::JAPAN, tax_id: None },
        start: day("2026-11-24"),
    };
    let quote = purchase.quote(Money::zero(Currency::JPY), spec()).unwrap();
    let recipient = Recipient {
        name: "はるかぜ設計株式会社".into(),
        country: Country::JAPAN,
        address: issuer.address.ja.clone(),
        tax_id: None,
        department: None,
        person: None,
    };
    let invoice = Document::invoice(&quote, issuer, recipient, None, Series::Invoice, false);
    let invoice = invoice.issue(1, day("2026-11-24"));
    let pint = Pint::of(&invoice.contents).unwrap();
    assert_eq!((pint.type_code.code(), pint.tax_currency), ("380", Currency::JPY), "J7");
    let mut outside = invoice.contents.clone();
    outside.lines[0].tax.kind = TaxKind::OutsideScope;
    assert_eq!(Pint::of(&outside).unwrap().type_code.code(), "480", "J7");
    let mut lines = invoice.contents.lines.clone();
    lines[0].amount = lines[0].amount.negated().unwrap();
    let note = Document::credit_note(&invoice, &[], lines, day("2026-11-25")).unwrap().contents;
    let pint = Pint::of(&note).unwrap();
    assert_eq!((pint.type_code.code(), pint.preceding), ("380", Some(invoice.number.number)), "J7");
    assert_eq!(note.totals.gross, invoice.contents.totals.gross.negated().unwrap(), "J7");
}
