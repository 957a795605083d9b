//! What holds for all prices, discounts and days.

use super::*;
use crate::money::Money;

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

    /// Assigned ≤ quantity, whatever is asked, given, taken, renewed and moved to another plan, in any order.
    #[test]
    fn never_more_assigned_than_there_are_seats(
        steps in prop::collection::vec((0_u8..5, 1_u32..30), 1..40),
        window_days in prop::sample::select(vec![0_u16, 7, 60]),
    ) {
        let charges = [Charge::PerSeat(777)];
        let conventions = Conventions { window_days, ..spec() };
        let (mut seats, mut assigned, mut slot) = (10_u32, 0_u32, None);
        let mut purchases = vec![bought(10, june().start())];
        for (n, (step, count)) in (0..).zip(steps) {
            let today = add_days(june().start(), n % 30).unwrap();
            match step {
                0 => assigned = (assigned + count).min(seats),
                1 => assigned = assigned.saturating_sub(count),
                2 => {
                    let holding = holding(&charges, seats);
                    let request = SeatRequest {
                        assigned,
                        purchases: &purchases,
                        ..SeatRequest::new(holding, count, june(), today)
                    };
                    if let Ok(change) = change_seats(&request, conventions) {
                        for back in &change.given_back {
                            purchases[back.purchase].seats -= back.seats;
                        }
                        if change.now > seats {
                            purchases.push(bought(change.now - seats, today));
                        }
                        seats = change.now;
                        if change.at_renewal != seats {
                            schedule(&mut slot, ScheduledChange::seats(seats, change.at_renewal));
                        }
                    }
                }
                3 => {
                    let side = |seats| side(&charges, seats, Term::OneMonth);
                    let request =
                        PlanRequest { assigned, ..PlanRequest::new(side(seats), side(count), june(), today) };
                    if let Ok(PlanChange::Now(_)) = change_plan(&request, credited_now()) {
                        seats = count;
                        purchases = vec![bought(seats, today)];
                    }
                }
                _ => if let Some(change) = slot.take() {
                    assigned -= change.losing(seats, assigned);
                    seats = change.seats_after(seats);
                    purchases = vec![bought(seats, today)];
                },
            }
            prop_assert!(assigned <= seats, "{} of {}", assigned, seats);
            prop_assert_eq!(purchases.iter().map(|each| each.seats).sum::<u32>(), seats);
        }
    }

    /// The parts of an item, tier by tier, sum to its full amount; what discounts leave of it, times the share and
    /// rounded once, is what is charged; and nothing that recurs is ever charged below zero.
    #[test]
    fn the_parts_of_an_item_sum_to_the_whole(
        charges in any_charges(),
        discounts in any_discounts(),
        seats in 0_u32..200,
        days in 1_i128..=31,
    ) {
        let holding = Holding { currency: Currency::JPY, charges: &charges, seats, discounts: &discounts };
        let share = Fraction::new(days, 31).unwrap();
        for item in holding.recurring(share, spec()).unwrap() {
            let parts = item.parts.iter().map(|part| part.amount(Currency::JPY).unwrap());
            prop_assert_eq!(Money::sum(Currency::JPY, parts).unwrap(), item.full);
            let charged = item.reduction.share_of(item.full, share, spec().line_rounding);
            prop_assert_eq!(charged, Ok(item.amount));
            prop_assert!(!item.amount.is_negative() && item.amount.minor() <= item.full.minor());
        }
    }
}
