mod plans;
mod properties;
mod seats;
mod taxed;

use super::*;
use crate::catalog::{BillingFrequency, Charge, SeatLimits, Term};
use crate::conventions::{Conventions, Counting, Decreases, EndDay, QuantityLines};
use crate::discount::Discount;
use crate::line::{Holding, Item, sum};
use crate::money::{Currency, Fraction};
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

fn spec() -> Conventions {
    Conventions::default()
}

fn credited_now() -> Conventions {
    Conventions { decreases: Decreases::CreditedNow, ..Conventions::default() }
}

fn side(charges: &[Charge], seats: u32, term: Term) -> PlanSide<'_> {
    PlanSide { holding: holding(charges, seats), term, frequency: BillingFrequency::UpFront }
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
    // What is given back is said as it was charged, below zero.
    let off = [Discount::fixed(660)];
    let request =
        CancelRequest { holding: Holding { discounts: &off, ..holding(&charges, 2) }, ..on(june().start()) };
    let back = cancel(&request, spec()).unwrap().items;
    let said: Vec<_> = back.iter().map(|item| (item.parts[0].quantity, item.full.minor())).collect();
    assert_eq!(said, [(-1, -3_000), (-2, -1_200)]);
    for item in back {
        let charged = item.reduction.share_of(item.full, item.share, spec().line_rounding);
        assert_eq!((charged, item.reduction.fixed.is_negative()), (Ok(item.amount), true));
    }
    // A purchase of which nothing is held any more closes no window.
    let purchases = [bought(0, date(2026, 5, 1)), purchases[0]];
    assert!(cancel(&CancelRequest { purchases: &purchases, ..on(date(2026, 6, 8)) }, spec()).is_ok());
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
