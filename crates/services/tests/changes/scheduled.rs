//! What waits for the renewal, and recurring billing.

use domain::change::{ChangeRefusal, ScheduledChange};
use domain::id::SubscriptionId;
use domain::notices::NoticeKind;
use domain::subscription::Status;
use services::changes::{ChangeOutcome, PlanWish, SeatWish, When};
use services::testing::World;
use services::{ServiceError, on_both_engines};

use super::{assert_whole, bought, change_seats, kenji, live, of, quote_seats, read, told};

on_both_engines! {
    one_change_waits_and_another_one_replaces_it
    seats_bought_meanwhile_are_kept_at_the_renewal
    what_is_revoked_does_not_happen
    turning_recurring_billing_off_drops_what_waits_for_good
}

async fn scheduled(world: &World, id: SubscriptionId) -> Option<ScheduledChange> {
    read(world, id).await.scheduled.map(|scheduled| scheduled.change)
}

async fn one_change_waits_and_another_one_replaces_it(world: World) {
    let id = bought(&world, 10).await;
    let first = quote_seats(&world, id, &SeatWish::at_renewal(8)).await;
    assert_eq!((first.change.seats, &first.scheduled_replaced), ((10, 10, 8), &None));
    assert!(!first.change.is_charged() && first.change.notes.is_empty());
    assert_eq!(first.change.next.map(|next| next.net.minor()), Some(4_000));
    assert_eq!(first.change.next_was.map(|next| next.net.minor()), Some(5_000));
    let done = change_seats(&world, id, &SeatWish::at_renewal(8)).await.expect("scheduled");
    assert_eq!(done, ChangeOutcome::Done);
    assert_eq!(scheduled(&world, id).await, Some(ScheduledChange::seats(10, 8)));
    assert_eq!(told(&world, id).await, [NoticeKind::Scheduled]);

    // Another plan takes its place, and the quote says what it replaces.
    let kenji = kenji(&world).await;
    let wish = PlanWish {
        plan: "business".into(),
        term: "1-month".into(),
        frequency: "up-front".into(),
        when: When::AtRenewal,
    };
    let second = world.services.quote_plan(&kenji, id, &wish).await.expect("a quote");
    let replaced = second.scheduled_replaced.as_ref().map(|scheduled| scheduled.change.clone());
    assert_eq!(replaced, Some(ScheduledChange::seats(10, 8)));
    world.services.change_plan(&kenji, id, &wish, &of(&second.sealed)).await.expect("scheduled");
    assert!(matches!(scheduled(&world, id).await, Some(ScheduledChange::Plan { .. })));
    // And seats again.
    let third = quote_seats(&world, id, &SeatWish::at_renewal(12)).await;
    assert!(third.scheduled_replaced.is_some());
    change_seats(&world, id, &SeatWish::at_renewal(12)).await.expect("scheduled");
    live(&world, 30).await;
    let subscription = read(&world, id).await;
    assert_eq!((subscription.seats, subscription.scheduled), (12, None));
    assert_eq!(world.sandbox.collected(), (2, 5_500 + 6_600));
    assert_whole(&world).await;
}

async fn seats_bought_meanwhile_are_kept_at_the_renewal(world: World) {
    let id = bought(&world, 10).await;
    change_seats(&world, id, &SeatWish::at_renewal(7)).await.expect("scheduled");
    let quoted = quote_seats(&world, id, &SeatWish::now(12)).await;
    assert_eq!((quoted.change.seats, quoted.scheduled_replaced), ((10, 12, 9), None));
    change_seats(&world, id, &SeatWish::now(12)).await.expect("an answer");
    live(&world, 30).await;
    assert_eq!(read(&world, id).await.seats, 9);
    assert_whole(&world).await;
}

async fn what_is_revoked_does_not_happen(world: World) {
    let id = bought(&world, 10).await;
    change_seats(&world, id, &SeatWish::at_renewal(8)).await.expect("scheduled");
    let kenji = kenji(&world).await;
    for _ in 0..2 {
        world.services.revoke_scheduled(&kenji, "a form", id).await.expect("revoked");
    }
    world.services.revoke_scheduled(&kenji, "another form", id).await.expect("nothing waits");
    assert_eq!(scheduled(&world, id).await, None);
    assert_eq!(told(&world, id).await, [NoticeKind::Scheduled; 2]);
    // The first form does not revoke what was scheduled later.
    change_seats(&world, id, &SeatWish::at_renewal(9)).await.expect("scheduled");
    world.services.revoke_scheduled(&kenji, "a form", id).await.expect("the first answer");
    assert_eq!(scheduled(&world, id).await, Some(ScheduledChange::seats(10, 9)));
    assert_whole(&world).await;
}

async fn turning_recurring_billing_off_drops_what_waits_for_good(world: World) {
    let id = bought(&world, 10).await;
    change_seats(&world, id, &SeatWish::at_renewal(8)).await.expect("scheduled");
    let owner = kenji(&world).await;
    let services = &world.services;
    for _ in 0..2 {
        services.set_recurring(&owner, "off", id, false).await.expect("off");
    }
    assert_eq!(scheduled(&world, id).await, None);
    let other = services.set_recurring(&owner, "off", id, true).await;
    assert!(matches!(other, Err(ServiceError::Stale)), "the same key for something else: {other:?}");
    let refused = services.quote_seats(&owner, id, &SeatWish::at_renewal(8)).await;
    assert!(matches!(refused, Err(ServiceError::Change(ChangeRefusal::NotRecurring))), "{refused:?}");
    // More seats can be bought for the rest of the term; there is no next invoice.
    assert_eq!(quote_seats(&world, id, &SeatWish::now(11)).await.change.next, None);
    services.set_recurring(&owner, "on", id, true).await.expect("on");
    assert_eq!(scheduled(&world, id).await, None, "on does not bring it back");
    services.set_recurring(&owner, "off again", id, false).await.expect("off");
    let told = told(&world, id).await;
    assert_eq!(told.iter().filter(|kind| **kind == NoticeKind::RecurringBilling).count(), 3);
    live(&world, 30).await;
    let ended = read(&world, id).await;
    assert_eq!((ended.state.status(), world.sandbox.collected().0), (Status::Expired, 1));
    let refused = services.set_recurring(&kenji(&world).await, "too late", id, true).await;
    assert!(matches!(refused, Err(ServiceError::Change(ChangeRefusal::NotActive))), "{refused:?}");
    assert_whole(&world).await;
}
