//! Further amounts of the same families, worked out by hand.

use super::*;

fn tenth(kind: TaxKind, rate: &str) -> AppliedTax {
    AppliedTax { rate: rate.parse().expect("a rate"), kind }
}

#[test]
fn days_that_a_month_lacks() {
    for (anchor, months, days) in [
        ("2023-01-29", 1, ["2023-02-28", "2023-03-29", "2023-04-29"]),
        ("2024-01-30", 1, ["2024-02-29", "2024-03-30", "2024-04-30"]),
        ("2023-12-31", 1, ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("2026-08-31", 1, ["2026-09-30", "2026-10-31", "2026-11-30"]),
        ("2024-02-29", 12, ["2025-02-28", "2026-02-28", "2027-02-28"]),
        ("2024-02-29", 36, ["2027-02-28", "2030-02-28", "2033-02-28"]),
        ("2025-02-28", 12, ["2026-02-28", "2027-02-28", "2028-02-28"]),
        // A leap day comes back; 2100 has none.
        ("2092-02-29", 48, ["2096-02-29", "2100-02-28", "2104-02-29"]),
    ] {
        let starts = [1, 2, 3].map(|n| Cycle::new(day(anchor), months).start_of(n).unwrap().to_string());
        assert_eq!(starts, days, "{anchor}");
    }
    // Three years in instalments from 31 January: 36 months, each as long as it is, and the renewal.
    let monthly = Cycle::new(day("2024-01-31"), 1);
    let days: i32 = (0..36).map(|n| monthly.period(n).unwrap().days()).sum();
    assert_eq!((days, monthly.start_of(36)), (366 + 365 + 365, Ok(day("2027-01-31"))));
    assert_eq!(monthly.period(1), Ok(period("2024-02-29", "2024-03-31")));
}

#[test]
fn shares_of_leap_years_and_short_months() {
    let flat = |minor| vec![Charge::Flat(minor)];
    for (name, old, new, billing, on, credit, charge) in [
        // 184 of 366 days, and 184 of 365.
        ("a leap year", 36_600, 73_200, period("2024-01-01", "2025-01-01"), "2024-07-01", -18_400, 36_800),
        ("a common year", 36_500, 73_000, period("2025-01-01", "2026-01-01"), "2025-07-01", -18_400, 36_800),
        // 1,096 days, of which the leap day and 1,036 more are left.
        ("three years", 1_096, 2_192, period("2024-01-01", "2027-01-01"), "2024-02-29", -1_037, 2_074),
        // 31 January to 29 February: 29 days; 29 February to 31 March: 31 days.
        ("to the leap day", 2_900, 5_800, period("2024-01-31", "2024-02-29"), "2024-02-28", -100, 200),
        ("from the leap day", 3_100, 6_200, period("2024-02-29", "2024-03-31"), "2024-03-01", -3_000, 6_000),
    ] {
        let (old, new) = (flat(old), flat(new));
        let month = |charges| (holding(charges, 1, &[]), Term::OneMonth);
        let expected = (vec![credit], vec![charge]);
        assert_eq!(plan(month(&old), month(&new), billing, on, spec()), expected, "{name}");
    }
}

#[test]
fn tiers_that_are_crossed() {
    let june = period("2025-06-01", "2025-07-01");
    let tiers = || {
        let tier = |up_to, per_seat| Tier { up_to, per_seat };
        vec![tier(Some(10), 1_000), tier(Some(20), 800), tier(None, 500)]
    };
    let (graduated, volume) = ([Charge::Graduated(tiers())], [Charge::Volume(tiers())]);
    for (from, to, by_seat, by_number) in [
        // 1–10 at 1,000, 11–20 at 800, 21+ at 500.
        (8, 14, 5_200, 3_200),
        (10, 11, 800, -1_200),
        (20, 21, 500, -5_500),
        (5, 25, 5_000 + 8_000 + 2_500, 7_500),
        (20, 32, 6_000, 0),
    ] {
        for (charges, whole, half) in
            [(&graduated, by_seat, by_seat / 2), (&volume, by_number, by_number / 2)]
        {
            for (on, expected) in [("2025-06-01", whole), ("2025-06-16", half)] {
                let there = seats(holding(charges, from, &[]), to, june, on, credited_now());
                assert_eq!(amounts(&there.items), [expected], "{from} to {to}");
                let back = seats(holding(charges, to, &[]), from, june, on, credited_now());
                assert_eq!(amounts(&back.items), [-expected], "{to} to {from}");
            }
        }
    }
}

#[test]
fn discounts_of_more_than_there_is() {
    let june = period("2025-06-01", "2025-07-01");
    let charges = [Charge::PerSeat(500)];
    let off = [Discount::fixed(1_200)];
    let whole = |seats| whole(holding(&charges, seats, &off));
    assert_eq!([1, 2, 3, 4].map(whole), [0, 0, 300, 800]);
    for (from, to, expected) in [(1, 2, 0), (1, 3, 300), (3, 1, -300), (2, 4, 800), (3, 4, 500)] {
        let change = seats(holding(&charges, from, &off), to, june, "2025-06-01", credited_now());
        assert_eq!(amounts(&change.items), [expected], "{from} to {to}");
    }
    // Per cents first, then the sum: 1,000 less 10 % less 100; one rounding of 14/30 of 800.
    let both = [Discount::fixed(100), Discount::per_cent("10".parse().unwrap())];
    let share = Fraction::new(14, 30).unwrap();
    let items = holding(&[Charge::PerSeat(500)], 2, &both).recurring(share, spec()).unwrap();
    assert_eq!(amounts(&items), [373]);
    assert_eq!(spread(usd(1_000), &[usd(300), usd(200)]).unwrap(), [300, 200].map(usd));
}

#[test]
fn ties_on_both_sides_of_zero() {
    let june = period("2025-06-01", "2025-07-01");
    // 15/30 of odd amounts: half to even would make 1 → 0, 5 → 2, 9 → 4.
    for (old, new, credit, charge) in [(1, 3, -1, 2), (5, 7, -3, 4), (9, 11, -5, 6)] {
        let (old, new) = ([Charge::Flat(old)], [Charge::Flat(new)]);
        let month = |charges| (holding(charges, 1, &[]), Term::OneMonth);
        let changed = plan(month(&old), month(&new), june, "2025-06-16", spec());
        assert_eq!(changed, (vec![credit], vec![charge]));
    }
    // Tax: 10 % of 5, 15, 25 and their credit.
    for (net, half, even, down, up) in [(5, 1, 0, 0, 1), (15, 2, 2, 1, 2), (25, 3, 2, 2, 3)] {
        for (mode, tax) in [
            (Rounding::HalfAwayFromZero, half),
            (Rounding::HalfEven, even),
            (Rounding::Down, down),
            (Rounding::Up, up),
        ] {
            assert_eq!(add_up(&[(vat("10"), net)], mode).tax, usd(tax), "{net} {mode}");
            assert_eq!(add_up(&[(vat("10"), -net)], mode).tax, usd(-tax), "{net} {mode}");
        }
    }
}

#[test]
fn three_decimals() {
    let dinar: Currency = "BHD".parse().unwrap();
    let charges = [Charge::PerSeat(1_005)];
    let seat = Holding { currency: dinar, charges: &charges, seats: 1, discounts: &[] };
    let june = period("2025-06-01", "2025-07-01");
    let change = seats(seat, 2, june, "2025-06-16", spec());
    assert_eq!(change.items[0].amount.to_string(), "BHD 0.503");
    let lines = [(vat("10"), Money::new(1_005, dinar))];
    for (mode, tax) in [(Rounding::HalfAwayFromZero, "0.101"), (Rounding::Down, "0.100")] {
        assert_eq!(total(dinar, false, mode, lines).unwrap().tax.decimal(), tax);
    }
}

#[test]
fn tax_included_and_credited_line_by_line() {
    // 3 × 105 with 10 % in it: 28.64 of 315, 19.09 of 210, 9.55 of 105, each down.
    let lines = [(vat("10"), usd(105)); 3];
    let totals = total(Currency::USD, true, Rounding::Down, lines).unwrap();
    assert_eq!((totals.net, totals.tax, totals.gross), (usd(287), usd(28), usd(315)));
    let (currency, tax_rounding) = (Currency::USD, Rounding::Down);
    let invoice = Invoiced { currency, tax_included: true, tax_rounding, totals: &totals };
    let back = (vat("10"), usd(-105));
    let notes = [0, 1, 2].map(|n| credit_note(&invoice, &vec![back; n], &[back]).unwrap());
    assert_eq!(notes.each_ref().map(|note| note.tax), [-9, -10, -9].map(usd));
    assert_eq!(notes.each_ref().map(|note| note.gross), [usd(-105); 3]);
    assert!(credit_note(&invoice, &[back; 3], &[(vat("10"), usd(-1))]).is_err());
    // Two rates on one document, and one of them credited.
    let reduced = tenth(TaxKind::Reduced, "8");
    let lines = [(vat("10"), usd(1_100)), (reduced, usd(1_081))];
    let totals = total(Currency::USD, true, Rounding::Down, lines).unwrap();
    let invoice = Invoiced { currency, tax_included: true, tax_rounding, totals: &totals };
    let note = credit_note(&invoice, &[], &[(reduced, usd(-1_081))]).unwrap();
    // 80.07 of 1,081.
    assert_eq!((note.net, note.tax, note.rates.len()), (usd(-1_001), usd(-80), 1));
}

#[test]
fn reverse_charge_and_other_kinds_have_no_tax() {
    for kind in [TaxKind::ReverseCharge, TaxKind::Zero, TaxKind::Exempt, TaxKind::OutsideScope] {
        let applied = tenth(kind, "0");
        for mode in Rounding::ALL {
            let totals = total(Currency::USD, false, *mode, [(applied, usd(12_345))]).unwrap();
            assert_eq!((totals.tax, totals.gross), (usd(0), usd(12_345)), "{kind}");
            let (currency, tax_included, tax_rounding) = (Currency::USD, false, *mode);
            let invoice = Invoiced { currency, tax_included, tax_rounding, totals: &totals };
            let note = credit_note(&invoice, &[], &[(applied, usd(-345))]).unwrap();
            assert_eq!((note.tax, note.gross), (usd(0), usd(-345)), "{kind}");
        }
    }
}

#[test]
fn prices_of_nothing() {
    let june = period("2025-06-01", "2025-07-01");
    let (free, paid) = ([Charge::PerSeat(0)], [Charge::PerSeat(3_000)]);
    let month = |charges| (holding(charges, 2, &[]), Term::OneMonth);
    assert_eq!(plan(month(&free), month(&paid), june, "2025-06-16", spec()), (vec![0], vec![3_000]));
    let purchases = [SeatPurchase { seats: 2, bought_on: day("2025-06-10") }];
    let today = day("2025-06-16");
    let request = CancelRequest { holding: month(&free).0, billing: june, today, purchases: &purchases };
    assert_eq!(amounts(&cancel(&request, spec()).unwrap().items), [0]);
    assert_eq!(add_up(&[(vat("10"), 0)], Rounding::Up).gross, usd(0));
}

#[test]
fn the_window_closes_after_the_seventh_day() {
    let june = period("2025-06-01", "2025-07-01");
    let (old, new) = ([Charge::PerSeat(3_000)], [Charge::PerSeat(1_500)]);
    let purchases = [SeatPurchase { seats: 2, bought_on: day("2025-06-01") }];
    // (today, seats now, credited for one seat, for all, for the cheaper plan)
    for (on, now, seat, all, plan) in [
        ("2025-06-01", 1, Some(-3_000), Some(-6_000), Some((-6_000, 3_000))),
        ("2025-06-07", 1, Some(-2_400), Some(-4_800), Some((-4_800, 2_400))),
        ("2025-06-08", 1, Some(-2_300), Some(-4_600), Some((-4_600, 2_300))),
        ("2025-06-09", 2, None, None, None),
    ] {
        let (today, held) = (day(on), holding(&old, 2, &[]));
        let request = SeatRequest { purchases: &purchases, ..SeatRequest::new(held, 1, june, today) };
        let change = change_seats(&request, spec()).unwrap();
        assert_eq!((change.now, change.at_renewal), (now, 1), "{on}");
        assert_eq!(amounts(&change.items), Vec::from_iter(seat), "{on}");
        let request = CancelRequest { holding: held, billing: june, today, purchases: &purchases };
        let back = cancel(&request, spec()).map(|canceled| amounts(&canceled.items));
        assert_eq!(back.ok(), all.map(|minor| vec![minor]), "{on}");
        let side = |charges| PlanSide {
            holding: holding(charges, 2, &[]),
            term: Term::OneMonth,
            frequency: BillingFrequency::UpFront,
        };
        let request =
            PlanRequest { purchases: &purchases, ..PlanRequest::new(side(&old), side(&new), june, today) };
        match (change_plan(&request, spec()), plan) {
            (Ok(PlanChange::Now(change)), Some((credit, charge))) => {
                assert_eq!((amounts(&change.credit), amounts(&change.charge)), (vec![credit], vec![charge]));
            }
            (answer, expected) => {
                assert_eq!((answer.is_err(), expected), (true, None), "{on}");
            }
        }
    }
}
