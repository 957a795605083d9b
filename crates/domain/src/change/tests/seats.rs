//! More and fewer seats, and their windows.

use super::*;

#[test]
fn fewer_seats_end_today_in_their_window_and_otherwise_at_renewal() {
    let charges = [Charge::PerSeat(300)];
    let purchases = [bought(90, date(2026, 6, 1)), bought(10, date(2026, 6, 5)), bought(5, date(2026, 6, 7))];
    // (today, to) → (now, at renewal, credited, how many of which purchase)
    for (today, to, now, credited, given_back) in [
        // All windows are open: the newest purchase goes first.
        (date(2026, 6, 8), 98, 98, -(7 * 300 * 23) / 30, vec![(2, 5), (1, 2)]),
        // The first window closed yesterday.
        (date(2026, 6, 9), 80, 90, -(15 * 300 * 22) / 30, vec![(2, 5), (1, 10)]),
        // Only the last is open.
        (date(2026, 6, 14), 80, 100, -(5 * 300 * 17) / 30, vec![(2, 5)]),
        // None is.
        (date(2026, 6, 15), 80, 105, 0, vec![]),
    ] {
        let request = SeatRequest {
            purchases: &purchases,
            ..SeatRequest::new(holding(&charges, 105), to, june(), today)
        };
        let change = change_seats(&request, Conventions::default()).unwrap();
        assert_eq!((change.from, change.now, change.at_renewal), (105, now, to), "{today}");
        assert_eq!(sum(Currency::JPY, &change.items).unwrap().minor(), credited, "{today}");
        let taken: Vec<_> = change.given_back.iter().map(|back| (back.purchase, back.seats)).collect();
        assert_eq!(taken, given_back, "{today}");
        let at_renewal = SeatRequest { when: When::AtRenewal, ..request };
        let change = change_seats(&at_renewal, Conventions::default()).unwrap();
        assert_eq!((change.now, change.at_renewal, change.items.len()), (105, to, 0));
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let charges = [Charge::PerSeat(300)];
    let purchases = [bought(10, date(2026, 6, 1))];
    let limits = SeatLimits { minimum: 2, maximum: 20 };
    let request = |to| SeatRequest {
        purchases: &purchases,
        limits,
        assigned: 8,
        waiting: 3,
        ..SeatRequest::new(holding(&charges, 10), to, june(), date(2026, 6, 3))
    };
    let ask =
        |request: &SeatRequest<'_>| change_seats(request, Conventions::default()).map(|change| change.now);
    let outside = Err(ChangeRefusal::OutsideLimits { least: 2, most: 20 });
    assert_eq!(ask(&request(10)), Err(ChangeRefusal::Nothing));
    assert_eq!(ask(&request(1)), outside);
    // Seats that wait count towards the maximum.
    assert_eq!(ask(&request(18)), outside);
    assert_eq!(ask(&request(17)), Ok(17));
    assert_eq!(ask(&request(5)), Err(ChangeRefusal::BelowAssigned { free: 3 }));
    assert_eq!(ask(&request(8)), Ok(8));
    // What ends at renewal anyway is not refused for how many are assigned, however many they are.
    let all_closed = SeatRequest { purchases: &[], assigned: 12, ..request(5) };
    assert_eq!(ask(&all_closed), Ok(10));
    // At renewal it may be below.
    assert_eq!(ask(&SeatRequest { when: When::AtRenewal, ..request(5) }), Ok(10));
    let late = SeatRequest { today: date(2026, 7, 2), ..request(12) };
    assert_eq!(ask(&late), Err(ChangeRefusal::OutsidePeriod(june())));
    let last = SeatRequest { today: date(2026, 7, 1), ..request(12) };
    assert_eq!(change_seats(&last, Conventions::default()).unwrap().items, []);
}

#[test]
fn a_quantity_is_one_line_or_two_and_what_is_paid_once_stays() {
    let charges = [Charge::Flat(5_000), Charge::PerSeat(1_000), Charge::OneTime(700)];
    let ask = |to, conventions| {
        let request = SeatRequest::new(holding(&charges, 5), to, june(), date(2026, 6, 16));
        amounts(&change_seats(&request, conventions).unwrap().items)
    };
    assert_eq!(ask(10, Conventions::default()), [2_500, 3_500]);
    assert_eq!(ask(3, credited_now()), [-1_000]);
    let two = Conventions { quantity: QuantityLines::Two, ..Conventions::default() };
    assert_eq!(ask(10, two), [-2_500, 5_000, 3_500]);
    assert_eq!(ask(3, Conventions { decreases: Decreases::CreditedNow, ..two }), [-2_500, 1_500]);
    assert_eq!(ask(3, Conventions { decreases: Decreases::Never, ..two }), [0; 0]);
}

#[test]
fn without_a_window_nothing_is_given_back_on_the_day_it_was_bought() {
    // Money case M12, with both changes on one day.
    let charges = [Charge::PerSeat(1_000)];
    let purchases = [bought(5, date(2026, 6, 1)), bought(2, date(2026, 6, 16))];
    let ask = |window_days| {
        let request = SeatRequest {
            purchases: &purchases,
            ..SeatRequest::new(holding(&charges, 7), 2, june(), date(2026, 6, 16))
        };
        let change = change_seats(&request, Conventions { window_days, ..spec() }).unwrap();
        (change.now, change.at_renewal, amounts(&change.items))
    };
    assert_eq!(ask(0), (7, 2, vec![]));
    assert_eq!(ask(1), (5, 2, vec![-1_000]));
}

#[test]
fn seats_bought_back_to_back_on_one_day_go_back_the_newest_first() {
    let charges = [Charge::PerSeat(300)];
    let day = date(2026, 6, 16);
    let purchases = [bought(10, day), bought(3, day), bought(4, day)];
    let request =
        SeatRequest { purchases: &purchases, ..SeatRequest::new(holding(&charges, 17), 12, june(), day) };
    let change = change_seats(&request, spec()).unwrap();
    let back = |purchase, seats| GivenBack { purchase, seats };
    assert_eq!(change.given_back, [back(2, 4), back(1, 1)]);
    assert_eq!(amounts(&change.items), [-750]);
}

#[test]
fn more_seats_can_cost_less_and_fewer_more_where_all_get_cheaper() {
    // 10 seats at 10 are 100; 11 at 8 are 88.
    let charges = [Charge::Volume(tiers())];
    let ask = |from, to| {
        let request = SeatRequest::new(holding(&charges, from), to, june(), date(2026, 6, 16));
        amounts(&change_seats(&request, credited_now()).unwrap().items)
    };
    assert_eq!((ask(10, 11), ask(11, 10)), (vec![-600], vec![600]));
    assert_eq!((ask(10, 13), ask(13, 10)), (vec![200], vec![-200]));
}

#[test]
fn the_first_the_last_and_the_renewal_day() {
    let charges = [Charge::PerSeat(1_000)];
    for (today, up, down) in [
        (date(2026, 6, 1), vec![1_000], vec![-1_000]),
        (date(2026, 6, 30), vec![33], vec![-33]),
        (date(2026, 7, 1), vec![], vec![]),
    ] {
        for (to, expected) in [(6, up), (4, down)] {
            let request = SeatRequest::new(holding(&charges, 5), to, june(), today);
            let change = change_seats(&request, credited_now()).unwrap();
            assert_eq!((change.now, amounts(&change.items)), (to, expected), "{today}");
        }
    }
    let early = SeatRequest::new(holding(&charges, 5), 6, june(), date(2026, 5, 31));
    assert_eq!(change_seats(&early, spec()), Err(ChangeRefusal::OutsidePeriod(june())));
}

#[test]
fn the_day_seats_end_on_is_charged_where_the_convention_says_so() {
    let charges = [Charge::PerSeat(3_000)];
    let billed = Conventions { end_day: EndDay::Billed, ..credited_now() };
    // Seats that come are charged from today on; seats that go are given back from tomorrow on.
    for (to, share, expected) in [(6, "15/30", 1_500), (4, "14/30", -1_400)] {
        let request = SeatRequest::new(holding(&charges, 5), to, june(), date(2026, 6, 16));
        let change = change_seats(&request, billed).unwrap();
        assert_eq!(
            (change.items[0].share.to_string().as_str(), amounts(&change.items)),
            (share, vec![expected])
        );
    }
}

#[test]
fn a_difference_leads_to_a_total_that_the_plan_allows() {
    let limits = SeatLimits { minimum: 2, maximum: 20 };
    let outside = Err(ChangeRefusal::OutsideLimits { least: 2, most: 20 });
    for (from, difference, to) in
        [(10, 3, Some(13)), (10, -8, Some(2)), (10, 10, Some(20)), (10, -9, None), (10, 11, None)]
    {
        assert_eq!(seats_by(from, difference, limits), to.map_or(outside.clone(), Ok), "{difference}");
    }
    assert_eq!(seats_by(10, i64::MAX, limits), outside);
    assert_eq!(seats_by(10, i64::MIN, limits), outside);
}

#[test]
fn ties_go_away_from_zero_in_both_directions() {
    // 15/30 of 1, 3 and 5, which half to even would make 0, 2 and 2.
    for (price, half) in [(1, 1), (3, 2), (5, 3)] {
        let charges = [Charge::PerSeat(price)];
        for (from, to, expected) in [(1, 2, half), (2, 1, -half)] {
            let request = SeatRequest::new(holding(&charges, from), to, june(), date(2026, 6, 16));
            assert_eq!(amounts(&change_seats(&request, credited_now()).unwrap().items), [expected]);
        }
    }
}

#[test]
fn what_costs_nothing_changes_for_nothing() {
    let charges = [Charge::PerSeat(0)];
    let off = [Discount::fixed(500), Discount::per_cent("10".parse().unwrap())];
    let free = Holding { discounts: &off, ..holding(&charges, 5) };
    let change = change_seats(&SeatRequest::new(free, 9, june(), date(2026, 6, 16)), spec()).unwrap();
    assert_eq!((change.now, amounts(&change.items)), (9, vec![0]));
}

proptest! {
    /// Nobody who holds a license loses it today; what is given back was bought and is in its window; nothing
    /// comes back for the rest.
    #[test]
    fn assigned_seats_stay_and_only_open_windows_give_back(
        purchases in prop::collection::vec((1_u32..20, 0_i32..30), 1..6),
        to in 1_u32..120,
        assigned in 0_u32..120,
        day in 0_i32..30,
    ) {
        let charges = [Charge::PerSeat(777)];
        let today = add_days(june().start(), day).unwrap();
        let purchases: Vec<_> =
            purchases.iter().map(|(seats, ago)| bought(*seats, add_days(today, -ago).unwrap())).collect();
        let from: u32 = purchases.iter().map(|purchase| purchase.seats).sum();
        let assigned = assigned.min(from);
        prop_assume!(to != from);
        let request = SeatRequest {
            assigned,
            purchases: &purchases,
            ..SeatRequest::new(holding(&charges, from), to, june(), today)
        };
        match change_seats(&request, Conventions::default()) {
            Ok(change) => {
                prop_assert!(assigned <= change.now);
                let back: u32 = change.given_back.iter().map(|back| back.seats).sum();
                prop_assert_eq!(change.now, if to > from { to } else { from - back });
                prop_assert_eq!(change.at_renewal, to);
                for back in &change.given_back {
                    let purchase = purchases[back.purchase];
                    prop_assert!(back.seats <= purchase.seats);
                    prop_assert!(crate::time::days_between(purchase.bought_on, today) <= 7);
                }
                let paid = sum(Currency::JPY, &change.items).unwrap();
                let right_way = if to > from { !paid.is_negative() } else { !paid.is_positive() };
                prop_assert!(right_way, "{}", paid);
                prop_assert_eq!(back == 0 && to < from, change.items.is_empty());
            }
            Err(ChangeRefusal::BelowAssigned { free }) => prop_assert!(free > 0 && free <= assigned),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
