use super::*;
use crate::catalog::{BillingFrequency, Price, TaxKind, Term, Tier};
use crate::sample::{price, product, tiers, yen};
use crate::time::{Cycle, Date};
use jiff::civil::date;
use proptest::prelude::*;

/// The context of a month from `start`, paid for from `from` on.
fn with_month<T>(start: Date, from: Date, ask: impl FnOnce(LineContext<'_>) -> T) -> T {
    let monthly: Price = price(Term::OneMonth, BillingFrequency::UpFront, vec![Charge::PerSeat(1800)]);
    let (product, plan) = product(monthly);
    let billing = Cycle::new(start, 1).period(0).unwrap();
    ask(LineContext {
        product: &product,
        plan: &plan,
        currency: Currency::JPY,
        billing,
        service: billing.rest_from(from).unwrap(),
        tax: AppliedTax { rate: "10".parse().unwrap(), kind: TaxKind::Standard },
        conventions: Conventions::default(),
    })
}

fn change(start: Date, on: Date, charge: &Charge, from: u32, to: u32) -> i64 {
    with_month(start, on, |context| context.line_of_change(charge, from, to).unwrap().unwrap().amount.minor())
}

#[test]
fn a_change_of_seats_is_one_line_for_the_difference() {
    let seat = |amount| Charge::PerSeat(amount);
    for (name, start, on, amount, from, to, expected) in [
        ("the guide's 14/30 × 5 × ¥1,800", date(2026, 11, 8), date(2026, 11, 24), 1800, 100, 105, 4200),
        ("the guide's 7/31 × 10 × ¥1,800", date(2026, 8, 8), date(2026, 9, 1), 1800, 90, 100, 4065),
        (
            "the guide's refund 26/30 × 60 × ¥300",
            date(2026, 11, 20),
            date(2026, 11, 24),
            300,
            100,
            40,
            -15_600,
        ),
        ("S1", date(2025, 6, 1), date(2025, 6, 16), 1000, 5, 8, 1500),
        ("S2", date(2025, 6, 1), date(2025, 6, 11), 1500, 5, 10, 5000),
        ("M8, as one line", date(2025, 6, 1), date(2025, 6, 16), 1000, 5, 10, 2500),
        ("L15, a whole period", date(2025, 6, 1), date(2025, 6, 1), 1000, 10, 15, 5000),
        ("Z3", date(2025, 7, 1), date(2025, 7, 7), 3900, 1, 2, 3145),
        (
            "a tie goes away from zero, not to the even neighbor",
            date(2025, 6, 1),
            date(2025, 6, 16),
            1,
            1,
            2,
            1,
        ),
        ("and so does its opposite", date(2025, 6, 1), date(2025, 6, 16), 1, 2, 1, -1),
    ] {
        assert_eq!(change(start, on, &seat(amount), from, to), expected, "{name}");
    }
}

#[test]
fn a_line_says_how_it_came_about() {
    let line = with_month(date(2026, 11, 8), date(2026, 11, 24), |context| {
        context.line_of_change(&Charge::PerSeat(1800), 100, 105).unwrap().unwrap()
    });
    assert_eq!((line.kind, line.quantity(), line.unit_price()), (LineKind::SeatChange, 5, Some(yen(1800))));
    assert_eq!((line.service.days(), line.billing.days(), line.full), (14, 30, yen(9000)));
    assert!(line.is_by_days());
    assert_eq!(line.service.last_day(), date(2026, 12, 7));
}

#[test]
fn tiers_count_each_seat_or_all_of_them() {
    // Money case S8.
    let whole = |charge: &Charge, seats| {
        with_month(date(2025, 6, 1), date(2025, 6, 1), |context| context.line(charge, seats).unwrap())
    };
    let (graduated, volume) = (Charge::Graduated(tiers()), Charge::Volume(tiers()));
    assert_eq!(whole(&graduated, 14).amount, yen(13_200));
    assert_eq!(whole(&volume, 14).amount, yen(11_200));
    let first = TierSpan { from: 1, to: Some(10) };
    let second = TierSpan { from: 11, to: None };
    let graduated_parts = [
        LinePart { quantity: 10, unit_price: 1000, tier: Some(first) },
        LinePart { quantity: 4, unit_price: 800, tier: Some(second) },
    ];
    assert_eq!(whole(&graduated, 14).parts, graduated_parts);
    assert_eq!(whole(&graduated, 14).unit_price(), None);
    assert_eq!(whole(&volume, 14).parts, [LinePart { quantity: 14, unit_price: 800, tier: Some(second) }]);
    // The edges: the tenth seat is the last of the first tier.
    for (seats, graduated_amount, volume_amount) in
        [(1, 1000, 1000), (10, 10_000, 10_000), (11, 10_800, 8800)]
    {
        assert_eq!(whole(&graduated, seats).amount, yen(graduated_amount), "{seats}");
        assert_eq!(whole(&volume, seats).amount, yen(volume_amount), "{seats}");
    }
}

#[test]
fn a_change_over_a_tier_shows_what_enters_and_what_leaves() {
    let volume = Charge::Volume(tiers());
    let difference = parts_of_difference(&volume, 10, 14);
    let first = TierSpan { from: 1, to: Some(10) };
    let second = TierSpan { from: 11, to: None };
    let expected = [
        LinePart { quantity: -10, unit_price: 1000, tier: Some(first) },
        LinePart { quantity: 14, unit_price: 800, tier: Some(second) },
    ];
    assert_eq!(difference, expected);
    assert_eq!(change(date(2025, 6, 1), date(2025, 6, 1), &volume, 10, 14), 1200);
    assert_eq!(change(date(2025, 6, 1), date(2025, 6, 1), &Charge::Graduated(tiers()), 8, 14), 5200);
}

#[test]
fn what_is_paid_once_is_never_counted_by_days_or_given_back() {
    // Money case M11: 2 × 50000 added with 8/30 left.
    let once = Charge::OneTime(50_000);
    assert_eq!(change(date(2025, 6, 1), date(2025, 6, 23), &once, 3, 5), 100_000);
    with_month(date(2025, 6, 1), date(2025, 6, 23), |context| {
        assert_eq!(context.line_of_change(&once, 5, 3), Ok(None));
        assert_eq!(context.line_of_change(&Charge::Flat(10_000), 3, 5), Ok(None));
        assert_eq!(context.line_of_change(&Charge::PerSeat(1000), 3, 3), Ok(None));
        assert!(!context.line(&once, 2).unwrap().is_by_days());
        assert_eq!(context.line(&Charge::PerSeat(i64::MAX), 2), Err(MoneyError::Overflow));
    });
}

fn any_tiers() -> impl Strategy<Value = Vec<Tier>> {
    (prop::collection::btree_set(1_u32..200, 0..5), prop::collection::vec(0_i64..10_000, 6)).prop_map(
        |(bounds, amounts)| {
            let bounds = bounds.into_iter().map(Some).chain([None]);
            bounds.zip(amounts).map(|(up_to, per_seat)| Tier { up_to, per_seat }).collect()
        },
    )
}

fn any_charge() -> impl Strategy<Value = Charge> {
    prop_oneof![
        (0_i64..100_000).prop_map(Charge::PerSeat),
        any_tiers().prop_map(Charge::Graduated),
        any_tiers().prop_map(Charge::Volume),
    ]
}

fn full(parts: &[LinePart]) -> i64 {
    parts.iter().map(|part| part.quantity * part.unit_price).sum()
}

proptest! {
    #[test]
    fn a_difference_is_new_minus_old(charge in any_charge(), from in 1_u32..300, to in 1_u32..300) {
        let difference = full(&parts(&charge, to)) - full(&parts(&charge, from));
        prop_assert_eq!(full(&parts_of_difference(&charge, from, to)), difference);
        let opposite = |part: LinePart| LinePart { quantity: -part.quantity, ..part };
        let back: Vec<_> = parts_of_difference(&charge, to, from).into_iter().map(opposite).collect();
        prop_assert_eq!(parts_of_difference(&charge, from, to), back);
    }

    #[test]
    fn every_seat_is_in_one_tier(tiers in any_tiers(), seats in 1_u32..300) {
        let reaches = |tier: &&Tier, seat| tier.up_to.is_none_or(|last| seat <= last);
        let place = |seat: u32| tiers.iter().find(|tier| reaches(tier, seat)).unwrap().per_seat;
        let graduated = parts(&Charge::Graduated(tiers.clone()), seats);
        prop_assert_eq!(full(&graduated), (1..=seats).map(place).sum::<i64>());
        prop_assert_eq!(graduated.iter().map(|part| part.quantity).sum::<i64>(), i64::from(seats));
        prop_assert_eq!(full(&parts(&Charge::Volume(tiers.clone()), seats)), place(seats) * i64::from(seats));
    }

    #[test]
    fn there_and_back_costs_nothing(
        charge in any_charge(),
        from in 1_u32..300,
        to in 1_u32..300,
        day in 0_i32..30,
    ) {
        prop_assume!(from != to);
        let on = crate::time::add_days(date(2025, 6, 1), day).unwrap();
        let there = change(date(2025, 6, 1), on, &charge, from, to);
        let back = change(date(2025, 6, 1), on, &charge, to, from);
        prop_assert_eq!(there, -back);
    }

    #[test]
    fn a_line_is_the_nearest_whole_to_its_exact_share(
        charge in any_charge(),
        seats in 1_u32..300,
        day in 0_i32..30,
    ) {
        let on = crate::time::add_days(date(2025, 6, 1), day).unwrap();
        let line = with_month(date(2025, 6, 1), on, |context| context.line(&charge, seats).unwrap());
        let exact_times_30 = i128::from(line.full.minor()) * i128::from(30 - day);
        prop_assert!((i128::from(line.amount.minor()) * 30 - exact_times_30).abs() * 2 <= 30);
    }
}
