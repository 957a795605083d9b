//! Another plan, term or frequency.

use domain::change::ChangeRefusal;
use domain::id::SubscriptionId;
use domain::subscription::{Active, PaidTerm, Run, State};
use jiff::civil::date;
use services::changes::{ChangeOutcome, PlanQuote, PlanWish, SeatWish, Standing, When};
use services::testing::World;
use services::{ServiceError, on_both_engines};

use super::{
    ASKS, assert_whole, bought, bought_with, change_seats, credit, invoices, is_paid, kenji, live, of,
    purchases, quote_seats, read,
};

on_both_engines! {
    another_plan_of_the_same_term_keeps_the_period
    another_term_begins_today
    what_would_leave_credit_is_possible_in_the_window_only
    at_renewal_the_new_plan_is_charged
    a_change_of_plan_that_waits_is_finished_first
    what_changed_meanwhile_is_not_carried_out_and_paid_back
    the_plans_that_are_sold_can_be_chosen
}

fn plan(plan: &str, term: &str, when: When) -> PlanWish {
    PlanWish { plan: plan.into(), term: term.into(), frequency: "up-front".into(), when }
}

async fn quote(world: &World, id: SubscriptionId, wish: &PlanWish) -> Result<PlanQuote, ServiceError> {
    world.services.quote_plan(&kenji(world).await, id, wish).await
}

async fn change(world: &World, id: SubscriptionId, wish: &PlanWish) -> Result<ChangeOutcome, ServiceError> {
    let kenji = kenji(world).await;
    let quoted = world.services.quote_plan(&kenji, id, wish).await?;
    world.services.change_plan(&kenji, id, wish, &of(&quoted.sealed)).await
}

async fn term(world: &World, id: SubscriptionId) -> PaidTerm {
    match read(world, id).await.state {
        State::Active(Active { run: Run::Paid(paid), .. }) => paid,
        other => panic!("{other:?}"),
    }
}

async fn another_plan_of_the_same_term_keeps_the_period(world: World) {
    let id = bought(&world, 10).await;
    live(&world, 16).await;
    let business = plan("business", "1-month", When::Now);
    let quoted = quote(&world, id, &business).await.expect("a quote").change;
    // 14 of 30 days: ¥5,000 back, ¥10,000 charged.
    assert_eq!(quoted.back.as_ref().map(|back| back.gross.minor()), Some(-2_566));
    assert_eq!((quoted.totals.gross.minor(), quoted.credit_used.minor()), (5_133, 2_566));
    assert_eq!((quoted.due_now.minor(), quoted.anchor), (2_567, None));
    assert_eq!(quoted.next.map(|next| (next.on, next.net.minor())), Some((date(2026, 12, 24), 10_000)));
    let before = read(&world, id).await;
    assert!(is_paid(&change(&world, id, &business).await.expect("an answer")));
    let after = read(&world, id).await;
    assert_ne!((after.plan, after.price_id), (before.plan, before.price_id));
    assert_eq!((after.seats, after.ends_on, after.billed_to), (10, before.ends_on, before.billed_to));
    assert_eq!((credit(&world, id).await, world.sandbox.collected()), (0, (2, 5_500 + 2_567)));
    // The windows stay; the new invoice has charged the seats.
    let bought = purchases(&world, id).await;
    assert_eq!((bought.len(), bought[0].refund_until), (1, date(2026, 12, 1)));
    assert_eq!(bought[0].document, invoices(&world, id).await[1].id);
    assert_whole(&world).await;
    live(&world, 14).await;
    assert_eq!(world.sandbox.collected(), (3, 5_500 + 2_567 + 11_000));
    let same = quote(&world, id, &business).await;
    assert!(matches!(same, Err(ServiceError::Change(ChangeRefusal::Nothing))), "{same:?}");
    assert_whole(&world).await;
}

async fn another_term_begins_today(world: World) {
    let id = bought(&world, 10).await;
    change_seats(&world, id, &SeatWish::now(12)).await.expect("an answer");
    change_seats(&world, id, &SeatWish::at_renewal(8)).await.expect("scheduled");
    live(&world, 16).await;
    let year = plan("standard", "1-year", When::Now);
    let quoted = quote(&world, id, &year).await.expect("a quote");
    assert!(quoted.scheduled_replaced.is_some(), "what waits for the old renewal is dropped");
    let quoted = quoted.change;
    // 14 of 30 days of 10 and of 2 seats come back, each on its invoice.
    let mut back: Vec<i64> = quoted.notes.iter().map(|note| note.totals.gross.minor()).collect();
    back.sort_unstable();
    assert_eq!(back, [-2_566, -513]);
    assert_eq!((quoted.totals.net.minor(), quoted.anchor), (64_800, Some(date(2026, 12, 10))));
    assert_eq!(quoted.due_now.minor(), 71_280 - 2_566 - 513);
    assert_eq!(quoted.next.map(|next| next.on), Some(date(2027, 12, 10)));
    assert!(is_paid(&change(&world, id, &year).await.expect("an answer")));
    let after = read(&world, id).await;
    assert_eq!((term(&world, id).await.anchor, after.ends_on), (date(2026, 12, 10), date(2027, 12, 10)));
    assert_eq!((after.billed_to, after.scheduled), (Some(date(2027, 12, 10)), None));
    let bought = purchases(&world, id).await;
    assert_eq!((bought.len(), bought[0].seats, bought[0].refund_until), (1, 12, date(2026, 12, 17)));
    assert_whole(&world).await;
    // In its window all of it can be given back: to the card what it paid, the rest as credit.
    let now = world.services.quote_cancel(&kenji(&world).await, id).await.expect("a quote").now;
    let now = now.expect("the window is open");
    assert_eq!(now.to_method().expect("an amount").minor(), 71_280 - 2_566 - 513);
    assert_eq!(now.to_credit().expect("an amount").minor(), 2_566 + 513);
    assert_whole(&world).await;
}

async fn what_would_leave_credit_is_possible_in_the_window_only(world: World) {
    let id = bought(&world, 10).await;
    let business = plan("business", "1-month", When::Now);
    assert!(is_paid(&change(&world, id, &business).await.expect("an answer")));
    assert_eq!(world.sandbox.collected(), (2, 11_000));
    live(&world, 4).await;
    // 26 of 30 days: ¥10,000 back and ¥5,000 charged, all of it by credit.
    let standard = plan("standard", "1-month", When::Now);
    let quoted = quote(&world, id, &standard).await.expect("a quote").change;
    assert_eq!((quoted.due_now.minor(), quoted.totals.gross.minor()), (0, 4_766));
    assert!(is_paid(&change(&world, id, &standard).await.expect("an answer")));
    assert_eq!((credit(&world, id).await, world.sandbox.collected().0), (9_533 - 4_766, 2));
    assert_whole(&world).await;

    // Back to the dearer plan, with that credit; four days later the window is closed.
    assert!(is_paid(&change(&world, id, &business).await.expect("an answer")));
    live(&world, 4).await;
    let refused = quote(&world, id, &standard).await;
    assert!(matches!(refused, Err(ServiceError::Change(ChangeRefusal::OnlyAtRenewal))), "{refused:?}");
    let at_renewal = plan("standard", "1-month", When::AtRenewal);
    assert_eq!(change(&world, id, &at_renewal).await.expect("scheduled"), ChangeOutcome::Done);
    assert_whole(&world).await;
}

async fn at_renewal_the_new_plan_is_charged(world: World) {
    let id = bought(&world, 10).await;
    let year = plan("business", "1-year", When::AtRenewal);
    let quoted = quote(&world, id, &year).await.expect("a quote").change;
    assert_eq!((quoted.on, quoted.anchor), (date(2026, 12, 24), Some(date(2026, 12, 24))));
    assert!(!quoted.is_charged() && quoted.notes.is_empty());
    // A base fee and the seats; the device was not bought anew.
    assert_eq!(quoted.next.map(|next| next.net.minor()), Some(90_000));
    assert_eq!(quoted.next_was.map(|next| next.net.minor()), Some(5_000));
    assert_eq!(change(&world, id, &year).await.expect("scheduled"), ChangeOutcome::Done);
    live(&world, 30).await;
    assert_eq!(world.sandbox.collected(), (2, 5_500 + 99_000));
    assert_eq!(term(&world, id).await.anchor, date(2026, 12, 24));
    assert_whole(&world).await;
}

async fn a_change_of_plan_that_waits_is_finished_first(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    let business = plan("business", "1-month", When::Now);
    let outcome = change(&world, id, &business).await.expect("an answer");
    let ChangeOutcome::Order { order, standing: Standing::Bank { address } } = outcome else {
        panic!("the bank asks: {outcome:?}")
    };
    assert_whole(&world).await;
    let underway = ChangeRefusal::PaymentUnderway;
    let more = world.services.quote_seats(&kenji(&world).await, id, &SeatWish::now(11)).await;
    assert!(matches!(&more, Err(ServiceError::Change(refusal)) if *refusal == underway), "{more:?}");
    let again = quote(&world, id, &business).await;
    assert!(matches!(&again, Err(ServiceError::Change(refusal)) if *refusal == underway), "{again:?}");
    world.answer_bank(&address, true).await;
    let standing = world.services.settle_order(&kenji(&world).await, order).await.expect("an answer");
    assert!(matches!(standing, Standing::Paid { .. }), "{standing:?}");
    assert_eq!(quote_seats(&world, id, &SeatWish::now(11)).await.change.seats.1, 11);
    assert_whole(&world).await;

    // And seats that wait are paid before the plan changes.
    let outcome = change_seats(&world, id, &SeatWish::now(11)).await.expect("an answer");
    assert!(matches!(outcome, ChangeOutcome::Order { standing: Standing::Bank { .. }, .. }), "{outcome:?}");
    let refused = quote(&world, id, &plan("standard", "1-year", When::Now)).await;
    assert!(matches!(&refused, Err(ServiceError::Change(refusal)) if *refusal == underway), "{refused:?}");
    assert_whole(&world).await;
}

async fn what_changed_meanwhile_is_not_carried_out_and_paid_back(world: World) {
    let id = bought_with(&world, 10, ASKS).await;
    let outcome = change(&world, id, &plan("business", "1-month", When::Now)).await.expect("an answer");
    let ChangeOutcome::Order { order, standing: Standing::Bank { address } } = outcome else {
        panic!("the bank asks: {outcome:?}")
    };
    change_seats(&world, id, &SeatWish::now(8)).await.expect("done");
    world.answer_bank(&address, true).await;
    let standing = world.services.settle_order(&kenji(&world).await, order).await.expect("an answer");
    assert_eq!(standing, Standing::Returned);
    assert_eq!(world.sandbox.collected().1, 11_000);
    world.do_what_is_due().await.expect("a round");
    assert_eq!(world.sandbox.collected().1, 5_500);
    assert_eq!((read(&world, id).await.seats, credit(&world, id).await), (8, 1_100));
    assert_whole(&world).await;
}

async fn the_plans_that_are_sold_can_be_chosen(world: World) {
    let id = bought(&world, 10).await;
    let choices = world.services.plan_choices(&kenji(&world).await, id).await.expect("choices");
    assert_eq!(choices.current.0.as_str(), "standard");
    let offers: Vec<(&str, usize)> =
        choices.offers.iter().map(|(key, prices)| (key.as_str(), prices.len())).collect();
    assert_eq!(offers, [("standard", 3), ("business", 2)]);
    let unknown = quote(&world, id, &plan("gold", "1-month", When::Now)).await;
    assert!(matches!(unknown, Err(ServiceError::NotFound)), "{unknown:?}");
}
