use super::*;
use crate::catalog::{BillingFrequency, Charge, SeatLimits, Term};
use crate::conventions::{Conventions, Decreases, QuantityLines};
use crate::discount::Discount;
use crate::line::{Holding, Item, sum};
use crate::money::Currency;
use crate::sample::tiers;
use crate::time::{Date, add_days};
use jiff::civil::date;
use proptest::prelude::*;

fn june() -> Period {
    Period::new(date(2026, 6, 1), date(2026, 7, 1)).unwrap()
}

fn holding(charges: &[Charge], seats: u32) -> Holding<'_> {
    Holding { currency: Currency::JPY, charges, seats, discounts: &[] }
}

fn bought(seats: u32, bought_on: Date) -> SeatPurchase {
    SeatPurchase { seats, bought_on }
}

fn amounts(items: &[Item]) -> Vec<i64> {
    items.iter().map(|item| item.amount.minor()).collect()
}

fn credited_now() -> Conventions {
    Conventions { decreases: Decreases::CreditedNow, ..Conventions::default() }
}

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

fn side(charges: &[Charge], seats: u32, term: Term) -> PlanSide<'_> {
    PlanSide { holding: holding(charges, seats), term, frequency: BillingFrequency::UpFront }
}

#[test]
fn a_plan_change_credits_and_charges_the_same_days() {
    let (old, new) = ([Charge::Flat(2_900), Charge::PerSeat(1_000)], [Charge::PerSeat(9_900)]);
    let (old, new) = (side(&old, 2, Term::OneMonth), side(&new, 2, Term::OneMonth));
    let request = PlanRequest::new(old, new, june(), date(2026, 6, 16));
    let PlanChange::Now(change) = change_plan(&request, Conventions::default()).unwrap() else { panic!() };
    assert_eq!((amounts(&change.credit), amounts(&change.charge)), (vec![-1_450, -1_000], vec![9_900]));
    assert_eq!((change.anchor, change.pays_for.map(|stretch| stretch.service)), (None, change.unused));
    let later = PlanRequest { when: When::AtRenewal, ..request };
    assert_eq!(change_plan(&later, Conventions::default()), Ok(PlanChange::AtRenewal));
    let fewer = PlanRequest { assigned: 3, ..request };
    let refused = Err(ChangeRefusal::BelowAssigned { free: 1 });
    assert_eq!(change_plan(&fewer, Conventions::default()), refused);
    let limits = SeatLimits { minimum: 5, maximum: 9 };
    let refused = Err(ChangeRefusal::OutsideLimits { least: 5, most: 9 });
    assert_eq!(change_plan(&PlanRequest { limits, ..request }, Conventions::default()), refused);
}

#[test]
fn another_term_starts_today() {
    let (old, new) = ([Charge::Flat(10_000)], [Charge::Flat(100_000)]);
    let (old, new) = (side(&old, 1, Term::OneMonth), side(&new, 1, Term::OneYear));
    let on = date(2026, 6, 16);
    let request = PlanRequest::new(old, new, june(), on);
    let PlanChange::Now(change) = change_plan(&request, Conventions::default()).unwrap() else { panic!() };
    assert_eq!((amounts(&change.credit), amounts(&change.charge)), (vec![-5_000], vec![100_000]));
    assert_eq!(change.anchor, Some(on));
    assert_eq!(change.pays_for.map(|stretch| stretch.service.end()), Some(date(2027, 6, 16)));
    // Other payments of the same term begin a new one, too.
    let monthly = PlanSide { frequency: BillingFrequency::Monthly, ..new };
    let PlanChange::Now(change) =
        change_plan(&PlanRequest { new: monthly, ..request }, Conventions::default()).unwrap()
    else {
        panic!()
    };
    assert_eq!(change.pays_for.map(|stretch| stretch.service.end()), Some(date(2026, 7, 16)));
}

#[test]
fn what_would_leave_a_credit_is_for_the_window() {
    let (old, new) = ([Charge::PerSeat(3_000)], [Charge::PerSeat(1_000)]);
    let (old, new) = (side(&old, 10, Term::OneMonth), side(&new, 10, Term::OneMonth));
    let purchases = [bought(8, date(2026, 6, 1)), bought(2, date(2026, 6, 4))];
    let on = |today| PlanRequest { purchases: &purchases, ..PlanRequest::new(old, new, june(), today) };
    assert!(change_plan(&on(date(2026, 6, 8)), Conventions::default()).is_ok());
    // The window of the older seats is closed.
    let refused = Err(ChangeRefusal::OnlyAtRenewal);
    assert_eq!(change_plan(&on(date(2026, 6, 9)), Conventions::default()), refused);
    assert!(change_plan(&on(date(2026, 6, 9)), credited_now()).is_ok());
    assert_eq!(
        change_plan(&PlanRequest { purchases: &[], ..on(date(2026, 6, 8)) }, Conventions::default()),
        refused
    );
    let never = Conventions { decreases: Decreases::Never, ..Conventions::default() };
    assert_eq!(change_plan(&on(date(2026, 6, 8)), never), refused);
}

#[test]
fn what_is_canceled_in_its_window_gives_back_its_unused_days() {
    let charges = [Charge::Flat(3_000), Charge::PerSeat(600), Charge::OneTime(500)];
    let purchases = [bought(2, date(2026, 6, 1))];
    let on = |today| CancelRequest {
        holding: holding(&charges, 2),
        billing: june(),
        today,
        purchases: &purchases,
    };
    let canceled = cancel(&on(date(2026, 6, 6)), Conventions::default()).unwrap();
    assert_eq!(
        (amounts(&canceled.items), canceled.unused.map(Period::days)),
        (vec![-2_500, -1_000], Some(25))
    );
    let late = cancel(&on(date(2026, 6, 9)), Conventions::default());
    assert_eq!(late, Err(ChangeRefusal::OnlyAtRenewal));
    assert_eq!(
        cancel(&on(date(2026, 7, 1)), Conventions::default()),
        Err(ChangeRefusal::OutsidePeriod(june()))
    );
}

#[test]
fn a_new_scheduled_change_replaces_the_old_one_and_says_so() {
    let mut slot = None;
    let (first, second) = (ScheduledChange::seats(100, 80), ScheduledChange::seats(100, 120));
    assert_eq!(schedule(&mut slot, first.clone()), None);
    // Five were bought meanwhile: the difference stands.
    assert_eq!((first.seats_after(105), first.losing(105, 90)), (85, 5));
    assert_eq!(schedule(&mut slot, second.clone()), Some(first));
    assert_eq!((slot.unwrap().losing(100, 90), second.seats_after(100)), (0, 120));
    assert_eq!(ScheduledChange::seats(100, 1).seats_after(50), 0);
}

fn any_charges() -> impl Strategy<Value = Vec<Charge>> {
    let charge = prop_oneof![
        (0_i64..1_000_000).prop_map(Charge::Flat),
        (0_i64..100_000).prop_map(Charge::PerSeat),
        Just(Charge::Graduated(tiers())),
        Just(Charge::Volume(tiers())),
    ];
    prop::collection::vec(charge, 1..4)
}

fn any_discounts() -> impl Strategy<Value = Vec<Discount>> {
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
