use super::*;
use crate::sample::{issuer, japanese_buyer, yen};
use jiff::civil::date;
use proptest::prelude::*;

fn rate(text: &str) -> TaxRate {
    text.parse().unwrap()
}

fn standard(percent: &str) -> AppliedTax {
    AppliedTax { rate: rate(percent), kind: TaxKind::Standard }
}

fn reduced(percent: &str) -> AppliedTax {
    AppliedTax { rate: rate(percent), kind: TaxKind::Reduced }
}

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

#[test]
fn tax_is_rounded_once_per_rate() {
    // Money case J1: per-line rounding would give 30.
    let lines = [(standard("10"), yen(105)); 3];
    let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
    assert_eq!((totals.net, totals.tax, totals.gross), (yen(315), yen(31), yen(346)));
}

#[test]
fn the_tax_of_a_rate_can_be_shown_per_line() {
    // Money case J1: the line with the largest remainder takes what is left over.
    let lines = [(standard("10"), yen(105)); 3];
    let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
    assert_eq!(shown_per_line(&totals, &lines).unwrap(), [11, 10, 10].map(yen));
    // Money case L23, after its coupon.
    let percents = ["10", "0", "20", "20"].map(standard);
    let lines: Vec<_> = percents.into_iter().zip([9_500, 4_750, 2_850, 1_900].map(yen)).collect();
    let totals = total(Currency::JPY, false, Rounding::HalfAwayFromZero, lines.iter().copied()).unwrap();
    assert_eq!(shown_per_line(&totals, &lines).unwrap(), [950, 0, 570, 380].map(yen));
    assert_eq!(shown_per_line(&totals, &[(reduced("8"), yen(5))]).unwrap(), [yen(0)]);
    // A line that gives back shows tax that comes back.
    for sign in [1, -1] {
        let lines = [1_000, -900].map(|minor| (standard("10"), yen(sign * minor)));
        let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
        assert_eq!(shown_per_line(&totals, &lines).unwrap(), [100, -90].map(|minor| yen(sign * minor)));
    }
    let lines = [5, -5].map(|minor| (standard("10"), yen(minor)));
    let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
    assert_eq!(shown_per_line(&totals, &lines).unwrap(), [0, 0].map(yen));
}

#[test]
fn tax_is_taken_out_of_prices_that_include_it() {
    // Money case J3.
    let lines = [(reduced("8"), yen(1188)), (standard("10"), yen(1100))];
    let totals = total(Currency::JPY, true, Rounding::Down, lines).unwrap();
    let taxes: Vec<_> = totals.rates.iter().map(|rate| (rate.applied, rate.tax, rate.gross)).collect();
    assert_eq!(taxes, [(standard("10"), yen(100), yen(1100)), (reduced("8"), yen(88), yen(1188))]);
    assert_eq!((totals.net, totals.tax, totals.gross), (yen(2100), yen(188), yen(2288)));
}

#[test]
fn the_invoice_of_the_pictures_adds_up() {
    let lines = [(standard("10"), yen(4065)), (standard("10"), yen(80_000)), (reduced("8"), yen(12_960))];
    let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
    let rates: Vec<_> = totals.rates.iter().map(|rate| (rate.net, rate.tax, rate.gross)).collect();
    assert_eq!(rates, [(yen(84_065), yen(8_406), yen(92_471)), (yen(12_960), yen(1_036), yen(13_996))]);
    assert_eq!((totals.net, totals.tax, totals.gross), (yen(97_025), yen(9_442), yen(106_467)));
}

#[test]
fn equal_rates_of_two_kinds_stay_apart() {
    let lines = [(standard("8"), yen(19)), (reduced("8"), yen(19))];
    let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
    assert_eq!((totals.rates.len(), totals.tax), (2, yen(2)));
}

#[test]
fn the_mode_is_the_issuers_and_the_same_on_both_sides_of_zero() {
    for (mode, tax) in [
        (Rounding::Down, 8406),
        (Rounding::HalfAwayFromZero, 8407),
        (Rounding::HalfEven, 8406),
        (Rounding::Up, 8407),
    ] {
        for sign in [1, -1] {
            let totals = total(Currency::JPY, false, mode, [(standard("10"), yen(84_065 * sign))]).unwrap();
            assert_eq!(totals.tax, yen(tax * sign), "{mode}");
        }
    }
}

#[test]
fn the_row_in_force_on_the_day_applies() {
    let issuer = issuer("minato-jp");
    let on = |category: &str, day| tax_on(&issuer, &key(category), japanese_buyer(), day);
    assert_eq!(on("software", date(2014, 3, 31)), Err(NoTaxRow::Missing));
    assert_eq!(on("software", date(2014, 4, 1)), Ok(standard("8")));
    assert_eq!(on("software", date(2019, 9, 30)), Ok(standard("8")));
    assert_eq!(on("software", date(2019, 10, 1)), Ok(standard("10")));
    assert_eq!(on("food", date(2026, 11, 24)), Ok(reduced("8")));
    assert_eq!(on("books", date(2026, 11, 24)), Err(NoTaxRow::Missing));
}

#[test]
fn reverse_charge_needs_a_tax_id_of_the_country() {
    let mut issuer = issuer("minato-eu");
    let [france, germany] = ["FR", "DE"].map(|code| code.parse::<Country>().unwrap());
    let [french, german] = [(france, "FR12345678901"), (germany, "DE123456789")]
        .map(|(country, id)| TaxId::parse(country, id).unwrap());
    let day = date(2026, 11, 24);
    let on =
        |issuer: &Issuer, tax_id| tax_on(issuer, &key("software"), Buyer { country: france, tax_id }, day);
    let reversed = AppliedTax { rate: TaxRate::ZERO, kind: TaxKind::ReverseCharge };
    assert_eq!(on(&issuer, Some(&french)), Ok(reversed));
    assert_eq!(on(&issuer, Some(&german)), Err(NoTaxRow::NeedsTaxId));
    assert_eq!(on(&issuer, None), Err(NoTaxRow::NeedsTaxId));
    // A row for those without a tax id does not take the other's place, however new it is.
    issuer.tax.push(TaxRow {
        country: france,
        category: key("software"),
        valid_from: date(2025, 1, 1),
        kind: TaxKind::Standard,
        rate: rate("20"),
    });
    assert_eq!(on(&issuer, None), Ok(standard("20")));
    assert_eq!(on(&issuer, Some(&french)), Ok(reversed));
}

#[test]
fn a_rate_is_exact() {
    for (text, millionths, shown) in [
        ("10", 100_000, "10"),
        ("8.875", 88_750, "8.875"),
        ("7.70", 77_000, "7.7"),
        ("0", 0, "0"),
        ("0.0001", 1, "0.0001"),
        ("100", 1_000_000, "100"),
    ] {
        assert_eq!((rate(text).millionths(), rate(text).to_string().as_str()), (millionths, shown));
    }
    for wrong in ["", "-1", "100.0001", "8.87555", "8,875", ".5", "5.", "1e1", "１０", "10%", " 10"] {
        assert_eq!(wrong.parse::<TaxRate>(), Err(crate::catalog::TaxRateError(wrong.into())));
    }
    assert_eq!(serde_json::from_str::<TaxRate>("10").unwrap(), rate("10"));
    assert_eq!(serde_json::from_str::<TaxRate>("\"8.875\"").unwrap(), rate("8.875"));
    assert!(serde_json::from_str::<TaxRate>("8.875").is_err());
}

proptest! {
    #[test]
    fn net_and_tax_are_gross_and_tax_is_close(
        amounts in prop::collection::vec((0_usize..3, -1_000_000_000_i64..1_000_000_000), 1..20),
        included: bool,
        mode in prop::sample::select(Rounding::ALL),
    ) {
        let rates = [standard("10"), reduced("8"), standard("8.875")];
        let lines: Vec<_> = amounts.iter().map(|(place, minor)| (rates[*place], yen(*minor))).collect();
        let totals = total(Currency::JPY, included, mode, lines.iter().copied()).unwrap();
        prop_assert_eq!(totals.net.plus(totals.tax).unwrap(), totals.gross);
        let sum: i64 = amounts.iter().map(|(_, minor)| minor).sum();
        prop_assert_eq!(if included { totals.gross } else { totals.net }, yen(sum));
        for rate in &totals.rates {
            prop_assert_eq!(rate.net.plus(rate.tax).unwrap(), rate.gross);
            // The tax is off by less than one unit from rate × net (or from its share of gross).
            let millionths = i128::from(rate.applied.rate.millionths());
            let (base, whole) = if included {
                (rate.gross, 1_000_000 + millionths)
            } else {
                (rate.net, 1_000_000)
            };
            let error = i128::from(rate.tax.minor()) * whole - i128::from(base.minor()) * millionths;
            prop_assert!(error.abs() < whole);
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        mut lines in prop::collection::vec((0_usize..3, 0_i64..1_000_000), 1..12),
    ) {
        let rates = [standard("10"), reduced("8"), standard("8")];
        let sum = |lines: &[(usize, i64)]| {
            let lines = lines.iter().map(|(place, minor)| (rates[*place], yen(*minor)));
            total(Currency::JPY, false, Rounding::Down, lines).unwrap()
        };
        let first = sum(&lines);
        lines.reverse();
        prop_assert_eq!(sum(&lines), first);
    }
}
