//! P1–P11, M1, M2, M9, Z1, Z2, D1–D10: other plans, and discounts.

use super::*;

#[test]
fn plans_that_change_in_mid_term() {
    let june = || period("2025-06-01", "2025-07-01");
    let january = || period("2024-01-01", "2024-02-01");
    let flat = |minor| vec![Charge::Flat(minor)];
    let with_seats = |flat, seat| vec![Charge::Flat(flat), Charge::PerSeat(seat)];
    let now = credited_now();
    // (id, old, new, period, day, credits, charges, convention)
    for (id, old, new, billing, on, credits, charges, conventions) in [
        ("P1", flat(10_000), flat(30_000), june(), "2025-06-16", vec![-5_000], vec![15_000], now),
        ("P2", flat(10_000), flat(30_000), june(), "2025-06-11", vec![-6_667], vec![20_000], now),
        (
            "P3",
            flat(10_000),
            flat(30_000),
            period("2024-02-18", "2024-03-18"),
            "2024-02-25",
            vec![-7_586],
            vec![22_759],
            now,
        ),
        ("P11, 1st", flat(10_000), flat(20_000), june(), "2025-06-07", vec![-8_000], vec![16_000], now),
        ("P11, 2nd", flat(20_000), flat(30_000), june(), "2025-06-13", vec![-12_000], vec![18_000], now),
        ("P11, 3rd", flat(30_000), flat(40_000), june(), "2025-06-19", vec![-12_000], vec![16_000], now),
        (
            "M1",
            with_seats(2_900, 1_000),
            with_seats(9_900, 2_500),
            january(),
            "2024-01-16",
            vec![-1_497, -516],
            vec![5_110, 1_290],
            now,
        ),
        (
            "M2",
            with_seats(9_900, 2_500),
            with_seats(2_900, 1_000),
            january(),
            "2024-01-16",
            vec![-5_110, -1_290],
            vec![1_497, 516],
            now,
        ),
        ("M9, 1/30 left", flat(30_000), flat(60_000), june(), "2025-06-30", vec![-1_000], vec![2_000], now),
        ("M9, at the end", flat(10_000), flat(20_000), june(), "2025-07-01", vec![], vec![], now),
        (
            "M9, at the start",
            flat(10_000),
            flat(20_000),
            june(),
            "2025-06-01",
            vec![-10_000],
            vec![20_000],
            now,
        ),
        ("Z1", flat(1_000), flat(2_000), june(), "2025-06-16", vec![-500], vec![1_000], ratio(1, 2)),
        ("Z2", flat(2_000), flat(5_000), june(), "2025-06-16", vec![-1_000], vec![2_500], ratio(1, 2)),
    ] {
        let month = |charges| (holding(charges, 1, &[]), Term::OneMonth);
        assert_eq!(plan(month(&old), month(&new), billing, on, conventions), (credits, charges), "{id}");
    }
    // M2: what is left over is kept as credit of the account.
    let kept = ProfileCredit::none(Currency::USD).grant(usd(5_110 + 1_290 - 1_497 - 516)).unwrap();
    assert_eq!(kept.amount(), usd(4_387), "M2");
}

#[test]
fn another_term_begins_a_new_cycle() {
    let (monthly, yearly) = ([Charge::Flat(10_000)], [Charge::Flat(100_000)]);
    let monthly = (holding(&monthly, 1, &[]), Term::OneMonth);
    let yearly = (holding(&yearly, 1, &[]), Term::OneYear);
    let june = period("2025-06-01", "2025-07-01");
    let changed = plan(monthly, yearly, june, "2025-06-16", credited_now());
    assert_eq!(changed, (vec![-5_000], vec![100_000]), "P7");
    let year = period("2025-06-01", "2026-06-01");
    let changed = plan(yearly, monthly, year, "2025-08-13", credited_now());
    assert_eq!(changed, (vec![-80_000], vec![10_000]), "P9");
}

#[test]
fn discounts_come_before_days() {
    let june = period("2025-06-01", "2025-07-01");
    let per_cent = |text: &str| vec![Discount::per_cent(text.parse().unwrap())];
    let fixed = |minor| vec![Discount::fixed(minor)];
    let (small, large) = ([Charge::Flat(10_000)], [Charge::Flat(100_000)]);
    for (id, old, to, new, credit, charge) in [
        ("D1", per_cent("25"), &large, per_cent("50"), -3_750, 25_000),
        ("D2", vec![], &large, per_cent("50"), -5_000, 25_000),
        ("D4", fixed(2_500), &large, fixed(5_000), -3_750, 47_500),
    ] {
        let old = (holding(&small, 1, &old), Term::OneMonth);
        let new = (holding(to, 1, &new), Term::OneMonth);
        // Half way as a ratio on any day, and as 15 of 30 days.
        for (on, convention) in
            [("2025-06-16", ratio(1, 2)), ("2025-06-01", ratio(1, 2)), ("2025-06-16", spec())]
        {
            assert_eq!(plan(old, new, june, on, convention), (vec![credit], vec![charge]), "{id}, {on}");
        }
    }
    let (base_and_seats, seat) = ([Charge::Flat(10_000), Charge::PerSeat(5_000)], [Charge::PerSeat(5_000)]);
    let (ten, thousand) = (per_cent("10"), fixed(1_000));
    let half = Conventions { counting: ratio(1, 2).counting, ..spec() };
    let change = seats(holding(&base_and_seats, 2, &ten), 4, june, "2025-06-16", half);
    assert_eq!(amounts(&change.items), [4_500], "D8");
    let change = seats(holding(&seat, 1, &thousand), 2, june, "2025-06-01", spec());
    assert_eq!(amounts(&change.items), [5_000], "D10");
}
