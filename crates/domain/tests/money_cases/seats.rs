//! S1–S8, M8, M11–M15, L14, L15, Z3: more and fewer seats.

use super::*;

#[test]
fn seats_that_are_added() {
    let june = || period("2025-06-01", "2025-07-01");
    let january = period("2024-01-01", "2024-02-01");
    let july = period("2025-07-01", "2025-08-01");
    let two_lines = Conventions { quantity: QuantityLines::Two, ..spec() };
    let half = Conventions { counting: ratio(1, 2).counting, ..spec() };
    let seat = Charge::PerSeat;
    for (id, charge, from, to, billing, on, expected, conventions) in [
        ("S1", seat(1_000), 5, 8, june(), "2025-06-16", vec![1_500], spec()),
        ("S2", seat(1_500), 5, 10, june(), "2025-06-11", vec![5_000], spec()),
        ("S5", seat(2_900), 3, 5, january, "2024-01-16", vec![2_900], half),
        ("M8", seat(1_000), 5, 10, june(), "2025-06-16", vec![-2_500, 5_000], two_lines),
        ("M11", Charge::OneTime(50_000), 1, 3, june(), "2025-06-23", vec![100_000], spec()),
        ("Z3, 25 of 31", seat(3_900), 1, 2, july, "2025-07-07", vec![3_145], billed_on(1)),
        ("Z3, 31 of 31", seat(3_900), 1, 2, july, "2025-07-01", vec![3_900], billed_on(1)),
    ] {
        let charges = [charge];
        let change = seats(holding(&charges, from, &[]), to, billing, on, conventions);
        assert_eq!(amounts(&change.items), expected, "{id}");
    }
    // The next period: the scheduled plan with the number of seats that there is then.
    assert_eq!(whole(holding(&[seat(2_500)], 8, &[])), 20_000, "S1, next");
    assert_eq!(whole(holding(&[seat(2_500)], 10, &[])), 25_000, "S2, next");
}

#[test]
fn tiers() {
    let tiers = || vec![Tier { up_to: Some(10), per_seat: 1_000 }, Tier { up_to: None, per_seat: 800 }];
    assert_eq!(whole(holding(&[Charge::Graduated(tiers())], 14, &[])), 13_200, "S8");
    assert_eq!(whole(holding(&[Charge::Volume(tiers())], 14, &[])), 11_200, "S8");
}

#[test]
fn fewer_seats_and_differences() {
    let limits = SeatLimits { minimum: 1, maximum: 50 };
    let june = period("2025-06-01", "2025-07-01");
    let charges = [Charge::PerSeat(1_000)];
    // M12: there is no window; three invoices in all.
    let no_window = Conventions { window_days: 0, ..spec() };
    let ask = |from, to, purchases: &[SeatPurchase], conventions| {
        let request = SeatRequest {
            purchases,
            ..SeatRequest::new(holding(&charges, from, &[]), to, june, day("2025-06-16"))
        };
        change_seats(&request, conventions).expect("a change")
    };
    let mut invoices = vec![whole(holding(&charges, 5, &[]))];
    let to = seats_by(5, 2, limits).unwrap();
    let first = SeatPurchase { seats: 5, bought_on: day("2025-06-01") };
    let more = ask(5, to, &[first], no_window);
    invoices.extend(amounts(&more.items));
    assert_eq!((more.now, amounts(&more.items)), (7, vec![1_000]), "M12");
    let both = [first, SeatPurchase { seats: 2, bought_on: day("2025-06-16") }];
    let to = seats_by(7, -5, limits).unwrap();
    let fewer = ask(7, to, &both, no_window);
    invoices.extend(amounts(&fewer.items));
    assert_eq!((fewer.now, fewer.at_renewal), (7, 2), "M12");
    let outside = ChangeRefusal::OutsideLimits { least: 1, most: 50 };
    assert_eq!(seats_by(fewer.at_renewal, -5, limits), Err(outside.clone()), "M12");
    invoices.push(whole(holding(&charges, fewer.at_renewal, &[])));
    assert_eq!(invoices, [5_000, 1_000, 2_000], "M12");
    // Under SPEC the two seats that were bought the same day would go back at once.
    let in_window = ask(7, to, &both, spec());
    assert_eq!((in_window.now, in_window.at_renewal), (5, 2), "M12 under SPEC");
    assert_eq!(amounts(&in_window.items), [-1_000], "M12 under SPEC");
    // M13: given as differences; five wait for their payment.
    let seats = Seats::new(10).add(1, limits).unwrap();
    let waiting = seats.wait(5, limits).unwrap();
    let more = waiting.add(1, limits).unwrap();
    let paid = more.paid(5).unwrap();
    let last = paid.add(1, limits).unwrap();
    let totals = [seats, waiting, more, paid, last].map(Seats::total);
    assert_eq!(totals, [11, 11, 12, 17, 18], "M13");
    // M14.
    for difference in [100, -10] {
        assert_eq!(seats_by(10, difference, limits), Err(outside.clone()), "M14");
    }
    for to in [110, 0] {
        let request = SeatRequest {
            limits,
            ..SeatRequest::new(holding(&charges, 10, &[]), to, june, day("2025-06-16"))
        };
        assert_eq!(change_seats(&request, spec()), Err(outside.clone()), "M14");
    }
    // M15: each is carried out on the number that holds then.
    let all = (0..3).try_fold(10, |seats, _| seats_by(seats, 1, limits));
    assert_eq!(all, Ok(13), "M15");
}

#[test]
fn units_that_are_paid_ahead() {
    let june = period("2025-06-01", "2025-07-01");
    let paid_ahead = Conventions { proration: Proration::None, decreases: Decreases::Never, ..spec() };
    let charges = [Charge::PerSeat(1_000)];
    let cost = |from, to| {
        let change = seats(holding(&charges, from, &[]), to, june, "2025-06-16", paid_ahead);
        (sum(Currency::USD, &change.items).unwrap().minor(), change.now)
    };
    assert_eq!(whole(holding(&charges, 10, &[])), 10_000, "L14");
    assert_eq!(cost(10, 5), (0, 10), "L14");
    assert_eq!(cost(10, 15), (5_000, 15), "L14");
    assert_eq!((cost(10, 15).0, cost(15, 20).0), (5_000, 5_000), "L15");
    let both = [(1_000, 10, 15), (2_000, 5, 10)].map(|(price, from, to)| {
        let charges = [Charge::PerSeat(price)];
        let change = seats(holding(&charges, from, &[]), to, june, "2025-06-16", paid_ahead);
        (vat("0"), change.items[0].amount.minor())
    });
    assert_eq!(add_up(&both, Rounding::Down).gross, usd(15_000), "L15");
}
