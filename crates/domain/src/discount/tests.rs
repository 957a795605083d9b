use super::*;
use crate::conventions::Conventions;
use crate::line::{Holding, sum};
use crate::sample::yen;
use proptest::prelude::*;

fn per_cent(text: &str) -> Discount {
    Discount::per_cent(text.parse().unwrap())
}

fn half() -> Fraction {
    Fraction::new(1, 2).unwrap()
}

/// What a share of a period costs, and what a change of seats adds.
fn cost(charges: &[Charge], seats: u32, discounts: &[Discount], share: Fraction) -> i64 {
    let holding = Holding { currency: Currency::JPY, charges, seats, discounts };
    sum(Currency::JPY, &holding.recurring(share, Conventions::default()).unwrap()).unwrap().minor()
}

fn change(charges: &[Charge], from: u32, to: u32, discounts: &[Discount], share: Fraction) -> i64 {
    let holding = Holding { currency: Currency::JPY, charges, seats: from, discounts };
    let items = holding.change_seats(to, share, Conventions::default()).unwrap();
    sum(Currency::JPY, &items).unwrap().minor()
}

#[test]
fn a_discount_is_taken_off_before_days_are_counted() {
    // Money cases D1, D2, D4.
    let flat = |minor| [Charge::Flat(minor)];
    for (name, minor, discounts, expected) in [
        ("D1 old", 10_000, vec![per_cent("25")], 3_750),
        ("D1 new", 100_000, vec![per_cent("50")], 25_000),
        ("D2 old", 10_000, vec![], 5_000),
        ("D4 old", 10_000, vec![Discount::fixed(2_500)], 3_750),
        ("D4 new", 100_000, vec![Discount::fixed(5_000)], 47_500),
        ("one rounding: 1/2 of 75 % of 5 is 1.875", 5, vec![per_cent("25")], 2),
        ("two per cents leave 3/8", 10_000, vec![per_cent("50"), per_cent("25")], 1_875),
        ("a sum comes after the per cents", 10_000, vec![Discount::fixed(1_000), per_cent("50")], 2_000),
        ("never below nothing", 10_000, vec![Discount::fixed(99_999)], 0),
    ] {
        assert_eq!(cost(&flat(minor), 1, &discounts, half()), expected, "{name}");
    }
}

#[test]
fn a_discount_is_never_applied_again_to_a_difference() {
    let seat = [Charge::PerSeat(5_000)];
    let base_and_seats = [Charge::Flat(10_000), Charge::PerSeat(5_000)];
    for (name, charges, from, to, discount, share, expected) in [
        ("D10", &seat[..], 1, 2, Discount::fixed(1_000), Fraction::ONE, 5_000),
        ("D8", &base_and_seats, 2, 4, per_cent("10"), half(), 4_500),
        ("a sum over base and seats", &base_and_seats, 1, 2, Discount::fixed(1_000), Fraction::ONE, 5_000),
        ("a sum that was not used up", &seat, 1, 2, Discount::fixed(6_000), Fraction::ONE, 4_000),
        ("and back", &seat, 2, 1, Discount::fixed(6_000), Fraction::ONE, -4_000),
    ] {
        assert_eq!(change(charges, from, to, &[discount], share), expected, "{name}");
    }
}

#[test]
fn a_sum_is_spread_by_largest_remainder() {
    // Money case L23.
    let amounts = [10_000, 5_000, 3_000, 2_000].map(yen);
    assert_eq!(spread(yen(1_000), &amounts).unwrap(), [500, 250, 150, 100].map(yen));
    assert_eq!(spread(yen(10), &[yen(1), yen(1), yen(1)]).unwrap(), [1, 1, 1].map(yen));
    assert_eq!(spread(yen(10), &[yen(-5), yen(0)]).unwrap(), [0, 0].map(yen));
    assert_eq!(spread(yen(10), &[]), Ok(vec![]));
}

#[test]
fn a_sum_that_finds_no_room_on_one_line_goes_to_the_others() {
    let charges = [Charge::Flat(1_000), Charge::PerSeat(1_000)];
    let free_base = Discount { covers: Covers::Flat, ..per_cent("100") };
    for discounts in [[free_base, Discount::fixed(800)], [Discount::fixed(800), free_base]] {
        assert_eq!(cost(&charges, 1, &discounts, Fraction::ONE), 200);
    }
    // Two sums: 900 are off the base, and of the next 600 the base has room for 100.
    let off_base = Discount { covers: Covers::Flat, ..Discount::fixed(900) };
    assert_eq!(cost(&charges, 1, &[off_base, Discount::fixed(600)], Fraction::ONE), 500);
    assert_eq!(cost(&charges, 1, &[off_base, Discount::fixed(9_999)], Fraction::ONE), 0);
}

#[test]
fn a_sum_is_taken_off_what_it_covers_and_nothing_else() {
    let charges = [Charge::Flat(1_000), Charge::PerSeat(400)];
    for (covers, sum, expected) in [
        (Covers::Flat, 900, [100, 800]),
        (Covers::Flat, 1_500, [0, 800]),
        (Covers::Seats, 900, [1_000, 0]),
        (Covers::Seats, 300, [1_000, 500]),
        (Covers::Recurring, 900, [500, 400]),
        (Covers::OneTime, 900, [1_000, 800]),
    ] {
        let off = [Discount { covers, ..Discount::fixed(sum) }];
        let holding = Holding { currency: Currency::JPY, charges: &charges, seats: 2, discounts: &off };
        let items = holding.recurring(Fraction::ONE, Conventions::default()).unwrap();
        let amounts: Vec<i64> = items.iter().map(|item| item.amount.minor()).collect();
        assert_eq!(amounts, expected, "{covers:?} {sum}");
    }
}

#[test]
fn a_sum_for_everything_is_not_lost_on_a_fee_that_was_paid_before() {
    let charges = [Charge::Flat(1_000), Charge::PerSeat(500), Charge::OneTime(1_500)];
    let off = [Discount { covers: Covers::Everything, ..Discount::fixed(600) }];
    let holding = Holding { currency: Currency::JPY, charges: &charges, seats: 1, discounts: &off };
    let amounts = |items: Vec<crate::line::Item>| -> Vec<i64> {
        items.into_iter().map(|item| item.amount.minor()).collect()
    };
    let spec = Conventions::default();
    assert_eq!(amounts(holding.first(Fraction::ONE, spec).unwrap()), [800, 400, 1_200]);
    assert_eq!(amounts(holding.recurring(Fraction::ONE, spec).unwrap()), [600, 300]);
    // Another seat pays its fee in full, less per cents: the sum was given before.
    assert_eq!(amounts(holding.change_seats(2, half(), spec).unwrap()), [250, 1_500]);
    let large = [Discount { covers: Covers::Everything, ..Discount::fixed(2_000) }];
    let items = Holding { discounts: &large, ..holding }.change_seats(2, Fraction::ONE, spec).unwrap();
    assert_eq!(amounts(items), [0, 1_500]);
    let per_cent = [Discount { covers: Covers::Everything, ..per_cent("10") }];
    let holding = Holding { discounts: &per_cent, ..holding };
    assert_eq!(amounts(holding.change_seats(2, half(), spec).unwrap()), [225, 1_350]);
}

#[test]
fn a_discount_covers_what_it_says() {
    let charges = [Charge::Flat(1_000), Charge::PerSeat(1_000), Charge::OneTime(1_000)];
    for (covers, expected) in [
        (Covers::Recurring, [true, true, false]),
        (Covers::Flat, [true, false, false]),
        (Covers::Seats, [false, true, false]),
        (Covers::OneTime, [false, false, true]),
        (Covers::Everything, [true, true, true]),
    ] {
        assert_eq!(charges.each_ref().map(|charge| covers.covers(charge)), expected, "{covers:?}");
    }
}

#[test]
fn a_discount_lasts_as_long_as_it_says() {
    let given = |lasts| {
        let discount = Discount { lasts, ..per_cent("10") };
        [0, 1, 2, 70_000].map(|n| discount.is_given(n))
    };
    assert_eq!(given(Lasts::Once), [true, false, false, false]);
    assert_eq!(given(Lasts::Periods(2)), [true, true, false, false]);
    assert_eq!(given(Lasts::Forever), [true; 4]);
}

fn any_discount() -> impl Strategy<Value = Discount> {
    let covers =
        prop::sample::select(vec![Covers::Recurring, Covers::Flat, Covers::Seats, Covers::Everything]);
    let off = prop_oneof![
        (0_u32..=1_000_000).prop_map(|off| Off::PerCent(PerCent::from_millionths(off).unwrap())),
        (0_u32..100_000).prop_map(Off::Fixed),
    ];
    (off, covers).prop_map(|(off, covers)| Discount { off, covers, lasts: Lasts::Forever })
}

proptest! {
    #[test]
    fn a_spread_adds_up_and_takes_no_more_than_there_is(
        sum_of in 0_i64..1_000_000,
        amounts in prop::collection::vec(-1_000_i64..1_000_000, 1..10),
    ) {
        let over: Vec<Money> = amounts.iter().copied().map(yen).collect();
        let parts = spread(yen(sum_of), &over).unwrap();
        let there_is: i64 = amounts.iter().filter(|amount| **amount > 0).sum();
        prop_assert_eq!(Money::sum(Currency::JPY, parts.iter().copied()).unwrap(), yen(sum_of.min(there_is)));
        for (part, amount) in parts.iter().zip(&amounts) {
            prop_assert!(0 <= part.minor() && part.minor() <= (*amount).max(0));
        }
    }

    /// New minus old after discount is the change, and the way back gives back exactly what the way there cost.
    #[test]
    fn a_change_is_the_difference_of_what_is_charged(
        flat in 0_i64..100_000,
        per_seat in 0_i64..100_000,
        from in 1_u32..50,
        to in 1_u32..50,
        discounts in prop::collection::vec(any_discount(), 0..3),
        days in 1_i128..=31,
    ) {
        let charges = [Charge::Flat(flat), Charge::PerSeat(per_seat)];
        let share = Fraction::new(days, 31).unwrap();
        let there = change(&charges, from, to, &discounts, share);
        prop_assert_eq!(there, -change(&charges, to, from, &discounts, share));
        let before = cost(&charges, from, &discounts, share);
        let after = cost(&charges, to, &discounts, share);
        prop_assert!(before >= 0 && after >= 0);
        // Two lines before and two after are each rounded, and so is the one of the change.
        prop_assert!((after - before - there).abs() <= 2, "{} {} {}", before, after, there);
    }
}
