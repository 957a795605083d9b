//! More and fewer seats.

use domain::catalog::NotSoldReason;
use domain::change::ChangeRefusal;
use domain::credit::ReturnTo;
use domain::id::SubscriptionId;
use domain::ledger::Account;
use domain::notices::NoticeKind;
use domain::time::Date;
use jiff::civil::date;
use services::changes::{ChangeOutcome, SeatWish};
use services::testing::World;
use services::testing::story::{ANNA, HANA, YUI};
use services::{ServiceError, on_both_engines};

use super::{
    assert_whole, balance, bought, change_seats, credit, invoices, is_paid, kenji, live, of, price,
    purchases, quote_seats, read, told,
};

on_both_engines! {
    more_seats_are_charged_by_days_and_have_a_window_of_their_own
    fewer_seats_come_back_as_credit_until_the_seventh_day
    the_newest_seats_end_first_and_the_rest_at_renewal
    credit_pays_before_the_card
    nobody_loses_a_license_today
    a_number_is_what_the_plan_allows
    what_is_retired_grows_no_more
    two_confirmations_made_from_the_same_number_are_not_both_carried_out
    a_confirmation_that_is_sent_again_gets_the_first_answer
    nobody_changes_what_somebody_else_manages
}

/// The design guide's example: five more seats for 14 of 30 days.
async fn more_seats_are_charged_by_days_and_have_a_window_of_their_own(world: World) {
    price(&world, 1_800).await;
    let id = bought(&world, 20).await;
    live(&world, 16).await;
    let quoted = quote_seats(&world, id, &SeatWish::now(25)).await;
    let change = &quoted.change;
    let line = &change.lines[0];
    assert_eq!((line.quantity(), line.service.days(), line.billing.days()), (5, 14, 30));
    assert_eq!((change.totals.net.minor(), change.totals.tax.minor()), (4_200, 420));
    assert_eq!((change.seats, change.on, change.due_now.minor()), ((20, 25, 25), date(2026, 12, 10), 4_620));
    let (next, was) = (change.next.expect("it renews"), change.next_was.expect("it renews"));
    assert_eq!((next.on, next.net.minor(), was.net.minor()), (date(2026, 12, 24), 45_000, 36_000));
    assert_eq!(change.back, None);

    let outcome = change_seats(&world, id, &SeatWish::now(25)).await.expect("an answer");
    let ChangeOutcome::Order { order, .. } = &outcome else { panic!("{outcome:?}") };
    assert!(is_paid(&outcome), "{outcome:?}");
    assert_eq!(world.sandbox.collected(), (2, 39_600 + 4_620));
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.waiting), (25, 0));
    let days: Vec<(u32, Date)> =
        purchases(&world, id).await.iter().map(|bought| (bought.seats, bought.refund_until)).collect();
    assert_eq!(days, [(20, date(2026, 12, 1)), (5, date(2026, 12, 17))]);
    let invoices = invoices(&world, id).await;
    assert_eq!(invoices[1].issued.as_ref().expect("a number").number, "EX-0000002");
    assert_eq!(invoices[1].contents.transaction_on, date(2026, 12, 10));
    assert_eq!(balance(&world, Account::DeferredRevenue(id)).await, -40_200);
    assert_eq!(balance(&world, Account::Receivable(subscription.profile)).await, 0);
    let kinds = told(&world, id).await;
    assert!(kinds.contains(&NoticeKind::Changed) && kinds.contains(&NoticeKind::Paid), "{kinds:?}");
    let receipt = world.services.receipt(&kenji(&world).await, *order).await.expect("a receipt");
    assert_eq!(receipt.quote.change().map(|change| change.due_now.minor()), Some(4_620));

    // At the renewal all of them are charged.
    live(&world, 14).await;
    assert_eq!(world.sandbox.collected(), (3, 39_600 + 4_620 + 49_500));
    assert_whole(&world).await;
}

async fn fewer_seats_come_back_as_credit_until_the_seventh_day(world: World) {
    let id = bought(&world, 10).await;
    live(&world, 7).await;
    // 1 December, the last day of the window: 23 of 30 days of 4 × ¥500.
    let quoted = quote_seats(&world, id, &SeatWish::now(6)).await;
    let back = quoted.change.back.clone().expect("something comes back");
    assert_eq!((back.net.minor(), back.tax.minor()), (-1_533, -153));
    assert_eq!((quoted.change.seats, quoted.change.returned_to), ((10, 6, 6), Some(ReturnTo::Credit)));
    assert!(!quoted.change.is_charged());
    assert_eq!(change_seats(&world, id, &SeatWish::now(6)).await.expect("done"), ChangeOutcome::Done);
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.scheduled.is_none()), (6, true));
    assert_eq!(credit(&world, id).await, 1_686);
    assert_eq!(balance(&world, Account::Credit(subscription.profile)).await, -1_686);
    let invoice = &invoices(&world, id).await[0];
    assert_eq!(invoice.standing.returned().minor(), 1_686);
    let kinds = told(&world, id).await;
    assert!(kinds.contains(&NoticeKind::Changed) && kinds.contains(&NoticeKind::Credited), "{kinds:?}");
    // Nothing moved at the bank.
    assert_eq!(world.sandbox.collected(), (1, 5_500));
    assert_whole(&world).await;

    // The next day the window is closed: what remains ends at renewal.
    live(&world, 1).await;
    let quoted = quote_seats(&world, id, &SeatWish::now(5)).await;
    assert_eq!((quoted.change.seats, &quoted.change.back), ((6, 6, 5), &None));
    assert_eq!(quoted.change.on, date(2026, 12, 24));
    change_seats(&world, id, &SeatWish::now(5)).await.expect("scheduled");
    let subscription = read(&world, id).await;
    assert_eq!(subscription.scheduled.expect("scheduled").change.seats_after(6), 5);

    // The renewal takes the credit before the card: 5 × ¥500 and tax.
    live(&world, 22).await;
    assert_eq!(read(&world, id).await.seats, 5);
    assert_eq!(world.sandbox.collected(), (2, 5_500 + 2_750 - 1_686));
    assert_eq!(credit(&world, id).await, 0);
    assert_whole(&world).await;
}

async fn the_newest_seats_end_first_and_the_rest_at_renewal(world: World) {
    let id = bought(&world, 10).await;
    live(&world, 6).await;
    assert!(is_paid(&change_seats(&world, id, &SeatWish::now(15)).await.expect("an answer")));
    live(&world, 3).await;
    // 3 December: the five of 30 November are in their window, the ten of 24 November are not any more.
    let quoted = quote_seats(&world, id, &SeatWish::now(8)).await;
    assert_eq!(quoted.change.seats, (15, 10, 8));
    assert_eq!(quoted.change.notes.len(), 1);
    assert_eq!(quoted.change.notes[0].invoice, invoices(&world, id).await[1].id);
    // 21 of 30 days of 5 × ¥500.
    assert_eq!(quoted.change.back.as_ref().expect("back").net.minor(), -1_750);
    change_seats(&world, id, &SeatWish::now(8)).await.expect("done");
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, credit(&world, id).await), (10, 1_925));
    let scheduled = subscription.scheduled.expect("the rest waits for the renewal");
    assert_eq!(scheduled.change.seats_after(10), 8);
    let given_back: Vec<(u32, u32)> =
        purchases(&world, id).await.iter().map(|bought| (bought.seats, bought.given_back)).collect();
    assert_eq!(given_back, [(10, 0), (5, 5)]);
    live(&world, 21).await;
    assert_eq!(read(&world, id).await.seats, 8);
    assert_whole(&world).await;
}

async fn credit_pays_before_the_card(world: World) {
    let id = bought(&world, 10).await;
    change_seats(&world, id, &SeatWish::now(4)).await.expect("done");
    assert_eq!(credit(&world, id).await, 3_300);
    // Two seats for ¥1,100: credit covers all of it, and the card is left alone.
    let quoted = quote_seats(&world, id, &SeatWish::now(6)).await;
    assert_eq!((quoted.change.credit_used.minor(), quoted.change.due_now.minor()), (1_100, 0));
    assert!(is_paid(&change_seats(&world, id, &SeatWish::now(6)).await.expect("an answer")));
    assert_eq!((credit(&world, id).await, world.sandbox.collected()), (2_200, (1, 5_500)));
    assert_whole(&world).await;
    // Six for ¥3,300: the rest is charged.
    let quoted = quote_seats(&world, id, &SeatWish::now(12)).await;
    assert_eq!((quoted.change.credit_used.minor(), quoted.change.due_now.minor()), (2_200, 1_100));
    assert!(is_paid(&change_seats(&world, id, &SeatWish::now(12)).await.expect("an answer")));
    assert_eq!((credit(&world, id).await, world.sandbox.collected()), (0, (2, 6_600)));
    assert_eq!(read(&world, id).await.seats, 12);
    assert_whole(&world).await;
}

async fn nobody_loses_a_license_today(world: World) {
    let id = bought(&world, 5).await;
    let kenji = kenji(&world).await;
    let mut people = Vec::new();
    for mail in [HANA, YUI] {
        people.push(
            world.signed_in(mail, None).await.expect("somebody").must_place().expect("a place").person.id,
        );
    }
    world.services.assign_licenses(&kenji, "a form", "paper", &people).await.expect("assigned");
    let refused = world.services.quote_seats(&kenji, id, &SeatWish::now(1)).await;
    let free = ChangeRefusal::BelowAssigned { free: 1 };
    assert!(matches!(&refused, Err(ServiceError::Change(refusal)) if *refusal == free), "{refused:?}");
    // At renewal it may be below.
    let quoted = quote_seats(&world, id, &SeatWish::at_renewal(1)).await;
    assert_eq!(quoted.change.seats, (5, 5, 1));
    assert!(change_seats(&world, id, &SeatWish::now(2)).await.is_ok());
    assert_whole(&world).await;
}

async fn a_number_is_what_the_plan_allows(world: World) {
    let id = bought(&world, 5).await;
    let kenji = kenji(&world).await;
    let quote = |total: &str| {
        let wish = SeatWish { total: total.to_owned(), ..SeatWish::now(0) };
        let (services, kenji) = (world.services.clone(), kenji.clone());
        async move { services.quote_seats(&kenji, id, &wish).await }
    };
    assert!(matches!(quote("501").await, Err(ServiceError::Change(ChangeRefusal::OutsideLimits { .. }))));
    assert!(matches!(quote("5").await, Err(ServiceError::Change(ChangeRefusal::Nothing))));
    assert!(matches!(quote("many").await, Err(ServiceError::Fields(_))));
    assert!(matches!(quote("0").await, Err(ServiceError::Fields(_))));
    assert_eq!(quote("１０").await.expect("full-width digits").change.seats.1, 10);
}

async fn what_is_retired_grows_no_more(world: World) {
    let id = bought(&world, 5).await;
    let retired = include_str!("../../../../docs/examples/catalog.toml").replacen(
        "retired = false",
        "retired = true",
        1,
    );
    world.services.import_catalog(retired.as_bytes()).await.expect("imported");
    let kenji = kenji(&world).await;
    for wish in [SeatWish::now(6), SeatWish::at_renewal(6)] {
        let refused = world.services.quote_seats(&kenji, id, &wish).await;
        assert!(matches!(refused, Err(ServiceError::NotSold(NotSoldReason::Retired))), "{refused:?}");
    }
    assert!(change_seats(&world, id, &SeatWish::now(4)).await.is_ok(), "fewer is possible");
    assert_whole(&world).await;
}

async fn two_confirmations_made_from_the_same_number_are_not_both_carried_out(world: World) {
    let id = bought(&world, 10).await;
    let kenji = kenji(&world).await;
    let (more, fewer) = (SeatWish::now(12), SeatWish::now(8));
    let first = quote_seats(&world, id, &more).await;
    let second = quote_seats(&world, id, &fewer).await;
    let services = &world.services;
    let done = services.change_seats(&kenji, id, &more, &of(&first.sealed)).await.expect("an answer");
    assert!(is_paid(&done), "{done:?}");
    let refused = services.change_seats(&kenji, id, &fewer, &of(&second.sealed)).await;
    assert!(matches!(refused, Err(ServiceError::QuoteChanged)), "{refused:?}");
    // At once: one of them is carried out.
    let (more, fewer) = (SeatWish::now(15), SeatWish::now(11));
    let first = of(&quote_seats(&world, id, &more).await.sealed);
    let second = of(&quote_seats(&world, id, &fewer).await.sealed);
    let (first, second) = tokio::join!(
        services.change_seats(&kenji, id, &more, &first),
        services.change_seats(&kenji, id, &fewer, &second)
    );
    let carried_out = [first.is_ok(), second.is_ok()];
    assert_eq!(carried_out.iter().filter(|done| **done).count(), 1, "{first:?} {second:?}");
    for outcome in [first, second] {
        assert!(matches!(outcome, Ok(_) | Err(ServiceError::QuoteChanged)), "{outcome:?}");
    }
    assert_whole(&world).await;
}

async fn a_confirmation_that_is_sent_again_gets_the_first_answer(world: World) {
    let id = bought(&world, 10).await;
    let kenji = kenji(&world).await;
    let services = &world.services;
    let more = SeatWish::now(11);
    let sealed = of(&quote_seats(&world, id, &more).await.sealed);
    let first = services.change_seats(&kenji, id, &more, &sealed).await.expect("an answer");
    assert!(is_paid(&first), "{first:?}");
    let again = services.change_seats(&kenji, id, &more, &sealed).await.expect("an answer");
    assert_eq!(first, again);
    let other = services.change_seats(&kenji, id, &SeatWish::now(12), &sealed).await;
    assert!(matches!(other, Err(ServiceError::Stale)), "the same seal for something else: {other:?}");

    let fewer = SeatWish::now(7);
    let sealed = of(&quote_seats(&world, id, &fewer).await.sealed);
    for _ in 0..2 {
        let done = services.change_seats(&kenji, id, &fewer, &sealed).await.expect("an answer");
        assert_eq!(done, ChangeOutcome::Done);
    }
    assert_eq!((read(&world, id).await.seats, world.sandbox.collected().0), (7, 2));
    // At any age, and to nobody else.
    live(&world, 3).await;
    let late =
        services.change_seats(&super::kenji(&world).await, id, &more, &of(&quote_of(&world, id).await)).await;
    assert!(late.is_ok(), "{late:?}");
    assert_whole(&world).await;
}

async fn quote_of(world: &World, id: SubscriptionId) -> services::changes::Sealed {
    quote_seats(world, id, &SeatWish::now(11)).await.sealed
}

async fn nobody_changes_what_somebody_else_manages(world: World) {
    let id = bought(&world, 10).await;
    let wish = SeatWish::now(11);
    let sealed = of(&quote_seats(&world, id, &wish).await.sealed);
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    for other in [&hana, &anna] {
        let services = &world.services;
        let answers = [
            services.change_pane(other, id).await.map(drop),
            services.quote_seats(other, id, &wish).await.map(drop),
            services.change_seats(other, id, &wish, &sealed).await.map(drop),
            services.quote_cancel(other, id).await.map(drop),
            services.plan_choices(other, id).await.map(drop),
            services.set_recurring(other, "a form", id, false).await,
            services.revoke_scheduled(other, "a form", id).await,
        ];
        for answer in answers {
            assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
        }
    }
    let guest = world.signed_in(ANNA, Some("あおぞら")).await.expect("Anna as a guest");
    let refused = world.services.change_pane(&guest, id).await.map(drop);
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");
    assert_eq!(read(&world, id).await.seats, 10);
}
