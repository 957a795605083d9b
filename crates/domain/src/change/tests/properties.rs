//! What holds for all prices, discounts and days.

use super::*;

pub(super) fn any_charges() -> impl Strategy<Value = Vec<Charge>> {
    let charge = prop_oneof![
        (0_i64..1_000_000).prop_map(Charge::Flat),
        (0_i64..100_000).prop_map(Charge::PerSeat),
        Just(Charge::Graduated(tiers())),
        Just(Charge::Volume(tiers())),
    ];
    prop::collection::vec(charge, 1..4)
}

pub(super) fn any_discounts() -> impl Strategy<Value = Vec<Discount>> {
    let discount = prop_oneof![
        (0_u32..1_000_000)
            .prop_map(|off| Discount::per_cent(crate::catalog::TaxRate::from_millionths(off).unwrap())),
        (0_u32..10_000).prop_map(Discount::fixed),
    ];
    prop::collection::vec(discount, 0..3)
}

fn step(charges: &[Charge], discounts: &[Discount], from: u32, to: u32, today: Date) -> i64 {
    if from == to {
        return 0;
    }
    let holding = Holding { currency: Currency::JPY, charges, seats: from, discounts };
    let change = change_seats(&SeatRequest::new(holding, to, june(), today), credited_now()).unwrap();
    sum(Currency::JPY, &change.items).unwrap().minor()
}

proptest! {
    /// A → B → A in one day nets nothing, whatever the prices and discounts are.
    #[test]
    fn there_and_back_is_nothing(
        a in any_charges(),
        b in any_charges(),
        of_a in any_discounts(),
        of_b in any_discounts(),
        seats in 1_u32..200,
        day in 0_i32..30,
    ) {
        let today = add_days(june().start(), day).unwrap();
        let side = |charges, discounts| PlanSide {
            holding: Holding { currency: Currency::JPY, charges, seats, discounts },
            term: Term::OneMonth,
            frequency: BillingFrequency::UpFront,
        };
        let (a, b) = (side(&a[..], &of_a[..]), side(&b[..], &of_b[..]));
        let net = |old, new| {
            match change_plan(&PlanRequest::new(old, new, june(), today), credited_now()).unwrap() {
                PlanChange::Now(change) => change.net(Currency::JPY).unwrap().minor(),
                PlanChange::AtRenewal => panic!("it is for today"),
            }
        };
        prop_assert_eq!(net(a, b) + net(b, a), 0);
    }

    /// Many small changes of seats equal one big one within half a unit for each line on either side.
    #[test]
    fn many_small_changes_are_one_big_one(
        charges in any_charges(),
        discounts in any_discounts(),
        seats in prop::collection::vec(1_u32..200, 2..10),
        day in 0_i32..30,
    ) {
        let today = add_days(june().start(), day).unwrap();
        let small: i64 =
            seats.windows(2).map(|pair| step(&charges, &discounts, pair[0], pair[1], today)).sum();
        let big = step(&charges, &discounts, seats[0], *seats.last().unwrap(), today);
        let lines = i64::try_from(seats.len() * charges.len()).unwrap();
        prop_assert!((small - big).abs() * 2 <= lines, "{} {}", small, big);
    }
}
