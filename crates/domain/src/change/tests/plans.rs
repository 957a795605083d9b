//! Other plans, terms and frequencies.

use super::*;

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
    for (assigned, free) in [(3, 1), (7, 5)] {
        let refused = Err(ChangeRefusal::BelowAssigned { free });
        assert_eq!(change_plan(&PlanRequest { assigned, ..request }, Conventions::default()), refused);
    }
    assert!(change_plan(&PlanRequest { assigned: 2, ..request }, Conventions::default()).is_ok());
    let limits = SeatLimits { minimum: 5, maximum: 9 };
    let refused = Err(ChangeRefusal::OutsideLimits { least: 5, most: 9 });
    assert_eq!(change_plan(&PlanRequest { limits, ..request }, Conventions::default()), refused);
    // Two seats, and seats that wait for their payment, of at most five.
    let limits = SeatLimits { minimum: 2, maximum: 5 };
    for (waiting, fits) in [(0, true), (3, true), (4, false), (u32::MAX, false)] {
        let request = PlanRequest { limits, waiting, ..request };
        assert_eq!(change_plan(&request, Conventions::default()).is_ok(), fits, "{waiting}");
    }
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

/// 10,000 a month for a year from 1 June, asked in the month that begins on this day.
fn in_year(new: PlanSide<'static>, billing: Period, today: Date) -> PlanRequest<'static> {
    let old = PlanSide { frequency: BillingFrequency::Monthly, ..side(&TEN_THOUSAND, 1, Term::OneYear) };
    PlanRequest { committed_until: date(2027, 6, 1), ..PlanRequest::new(old, new, billing, today) }
}

static TEN_THOUSAND: [Charge; 1] = [Charge::Flat(10_000)];
static CHEAPER: [Charge; 1] = [Charge::Flat(9_999)];
static LONG: [Charge; 1] = [Charge::Flat(300_000)];

#[test]
fn a_commitment_in_instalments_is_not_left_by_a_shorter_term() {
    let refused = Err(ChangeRefusal::OnlyAtRenewal);
    let ask = |request: &PlanRequest<'_>| change_plan(request, Conventions::default());
    let month = in_year(side(&TEN_THOUSAND, 1, Term::OneMonth), june(), date(2026, 6, 16));
    assert_eq!(ask(&month), refused);
    assert_eq!(change_plan(&month, Conventions { decreases: Decreases::Never, ..spec() }), refused);
    // In its window, under a convention that credits all, or once nothing is committed to any more, it can be.
    assert!(change_plan(&month, credited_now()).is_ok());
    let purchases = [bought(1, date(2026, 6, 9))];
    assert!(ask(&PlanRequest { purchases: &purchases, ..month }).is_ok());
    let purchases = [bought(1, date(2026, 6, 8)), bought(1, date(2026, 6, 16))];
    assert_eq!(ask(&PlanRequest { purchases: &purchases, ..month }), refused);
    assert!(ask(&PlanRequest { committed_until: date(2026, 7, 16), ..month }).is_ok());
    assert_eq!(ask(&PlanRequest { committed_until: date(2026, 7, 17), ..month }), refused);
    // At renewal everything can be.
    assert_eq!(ask(&PlanRequest { when: When::AtRenewal, ..month }), Ok(PlanChange::AtRenewal));
    // A longer term, or the same one paid up front, ends later.
    for new in [side(&LONG, 1, Term::ThreeYears), side(&LONG, 1, Term::OneYear)] {
        assert!(ask(&in_year(new, june(), date(2026, 6, 16))).is_ok());
    }
    // Three years are not left for one, however much it costs.
    let three = PlanRequest { committed_until: date(2029, 6, 1), ..month };
    assert_eq!(ask(&PlanRequest { new: side(&LONG, 1, Term::OneYear), ..three }), refused);
}

#[test]
fn smaller_instalments_wait_for_the_end_of_the_term() {
    let monthly =
        |charges| PlanSide { frequency: BillingFrequency::Monthly, ..side(charges, 1, Term::OneYear) };
    let refused = Err(ChangeRefusal::OnlyAtRenewal);
    // Nothing would be credited on either day: the share rounds to the same, or the period is over.
    for today in [date(2026, 6, 30), date(2026, 7, 1)] {
        let cheaper = in_year(monthly(&CHEAPER), june(), today);
        assert_eq!(change_plan(&cheaper, spec()), refused);
        assert!(change_plan(&in_year(monthly(&TEN_THOUSAND), june(), today), spec()).is_ok());
        assert!(change_plan(&in_year(monthly(&LONG), june(), today), spec()).is_ok());
        // In the last month of the term nothing more is committed to.
        let last = PlanRequest { committed_until: date(2026, 7, 1), ..cheaper };
        assert!(change_plan(&last, spec()).is_ok());
    }
}

#[test]
fn the_first_the_last_and_the_renewal_day() {
    let (old, new) = ([Charge::Flat(10_000)], [Charge::Flat(20_000)]);
    let (old, new) = (side(&old, 1, Term::OneMonth), side(&new, 1, Term::OneMonth));
    for (today, credit, charge) in [
        (date(2026, 6, 1), vec![-10_000], vec![20_000]),
        (date(2026, 6, 30), vec![-333], vec![667]),
        (date(2026, 7, 1), vec![], vec![]),
    ] {
        let request = PlanRequest::new(old, new, june(), today);
        let PlanChange::Now(change) = change_plan(&request, spec()).unwrap() else { panic!() };
        assert_eq!((amounts(&change.credit), amounts(&change.charge)), (credit, charge), "{today}");
    }
    for today in [date(2026, 5, 31), date(2026, 7, 2)] {
        let refused = Err(ChangeRefusal::OutsidePeriod(june()));
        assert_eq!(change_plan(&PlanRequest::new(old, new, june(), today), spec()), refused);
    }
}

#[test]
fn an_exact_ratio_holds_on_every_day_of_the_period() {
    let half = Conventions { counting: Counting::Ratio(Fraction::new(1, 2).unwrap()), ..credited_now() };
    let (old, new) = ([Charge::Flat(1_000)], [Charge::Flat(3_000)]);
    for today in [date(2026, 6, 1), date(2026, 6, 16), date(2026, 6, 30)] {
        let (month, year) = (side(&new, 1, Term::OneMonth), side(&new, 1, Term::OneYear));
        for (new, charged) in [(month, 1_500), (year, 3_000)] {
            let request = PlanRequest::new(side(&old, 1, Term::OneMonth), new, june(), today);
            let PlanChange::Now(change) = change_plan(&request, half).unwrap() else { panic!() };
            assert_eq!((amounts(&change.credit), amounts(&change.charge)), (vec![-500], vec![charged]));
        }
    }
}
