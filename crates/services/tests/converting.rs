//! The end of a trial, carried out by the worker: bought as it was chosen, or ended (SPEC 5, Trials).

use domain::change::ChangeRefusal;
use domain::id::SubscriptionId;
use domain::ledger::Account;
use domain::notices::NoticeKind;
use domain::subscription::{Channel, Status};
use jiff::civil::date;
use services::ServiceError;
use services::on_both_engines;
use services::orders::Standing;
use services::testing::World;
use services::testing::checkout::{EMPTY, GOOD};
use services::testing::story::{KENJI, YUI, trial_of_paper};
use services::trials::{TrialStarted, TrialWish};
use store::subscriptions::Subscription;

on_both_engines! {
    a_trial_becomes_the_purchase_that_was_chosen
    a_trial_that_is_extended_becomes_it_later
    a_trial_costs_what_was_shown_when_it_was_chosen
    a_trial_with_more_people_than_seats_is_not_bought
    a_trial_of_what_is_sold_no_more_is_not_bought
    a_card_that_does_not_pay_leaves_a_payment_due
    a_trial_that_nobody_chose_to_buy_ends_by_itself
    recurring_billing_that_is_turned_off_lets_it_end
    years_of_a_trial_that_was_bought_pass_on_a_test_clock
}

const REQUIRED: (&str, &str) = ("card = \"none\"", "card = \"required\"");

async fn assert_whole(world: &World) {
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

/// A trial with this card; it becomes a year in instalments for so many, or nothing.
async fn trial(world: &World, seats: Option<u32>, card: &str) -> SubscriptionId {
    world.catalog_with(&[REQUIRED]).await.expect("a catalog");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let convert = seats.map(|_| ("1-year".to_owned(), "monthly".to_owned()));
    let seats_to_buy = seats.map(|seats| seats.to_string()).unwrap_or_default();
    let wish = TrialWish { seats_to_buy, convert, ..trial_of_paper() };
    let started = world.services.start_trial(&kenji, "a form", &wish).await.expect("an order");
    let TrialStarted::Card(order) = started else { panic!("{started:?} asks for no card") };
    world.with_card(&kenji, order, card).await.expect("the checkout");
    match world.confirm(&kenji, order).await.expect("an answer") {
        Standing::Started { subscription } => subscription,
        other => panic!("not started: {other:?}"),
    }
}

async fn give(world: &World, mails: &[&str]) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let mut people = Vec::new();
    for mail in mails {
        people.push(world.person("aozora", mail).await.expect("somebody"));
    }
    world.services.assign_licenses(&kenji, &format!("{mails:?}"), "paper", &people).await.expect("given");
}

async fn look(world: &World, trial: SubscriptionId) -> Subscription {
    world.subscription("aozora", trial).await.expect("it")
}

/// What was told since it began, without whom.
async fn told(world: &World, trial: SubscriptionId) -> Vec<NoticeKind> {
    let mut told = world.told("aozora", trial.uuid()).await.expect("notices").split_off(2);
    told.dedup();
    told
}

async fn a_trial_becomes_the_purchase_that_was_chosen(world: World) {
    let trial = trial(&world, Some(3), GOOD).await;
    give(&world, &[KENJI, YUI]).await;
    let before = look(&world, trial).await;
    world.live(29).await.expect("days pass");
    assert_eq!((look(&world, trial).await.channel, world.sandbox.collected()), (Channel::Trial, (0, 0)));
    world.live(1).await.expect("its last day passes");
    // 3 × ¥475 and 10 %.
    assert_eq!(world.sandbox.collected(), (1, 1_567));
    let after = look(&world, trial).await;
    assert_eq!((after.state.status(), after.channel), (Status::Active, Channel::SelfService));
    assert_eq!((after.seats, after.assigned, after.owes), (3, 2, None));
    assert_eq!((after.ends_on, after.billed_to), (date(2027, 12, 24), Some(date(2027, 1, 24))));
    assert_eq!(
        (after.profile, after.purchaser, after.order),
        (before.profile, before.purchaser, before.order)
    );
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let details = world.services.product_details(&kenji, trial).await.expect("its details");
    let [seats] = details.seats[..] else { panic!("one purchase: {:?}", details.seats) };
    assert_eq!((seats.seats, seats.refund_until), (3, date(2026, 12, 31)));
    assert_eq!(world.balance("aozora", Account::Receivable(after.profile)).await.expect("a balance"), 0);
    let told = told(&world, trial).await;
    // What happens at one instant has no order.
    assert!(told[0] == NoticeKind::TrialEndAhead && told.contains(&NoticeKind::TrialBought), "{told:?}");
    assert_whole(&world).await;
    // The next instalment comes after a month.
    world.live(31).await.expect("days pass");
    assert_eq!(world.sandbox.collected(), (2, 3_134));
    assert_whole(&world).await;
}

async fn a_trial_that_is_extended_becomes_it_later(world: World) {
    let trial = trial(&world, Some(2), GOOD).await;
    world.live(20).await.expect("days pass");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    world.services.extend_trial(&kenji, "a form", trial).await.expect("extended");
    world.live(39).await.expect("days pass");
    assert_eq!((look(&world, trial).await.channel, world.sandbox.collected()), (Channel::Trial, (0, 0)));
    world.live(1).await.expect("its last day passes");
    assert_eq!((look(&world, trial).await.ends_on, world.sandbox.collected().0), (date(2028, 1, 23), 1));
    assert_whole(&world).await;
}

async fn a_trial_costs_what_was_shown_when_it_was_chosen(world: World) {
    let trial = trial(&world, Some(2), GOOD).await;
    let dearer = ("per_seat = 475 ", "per_seat = 995 ");
    world.catalog_with(&[REQUIRED, dearer]).await.expect("a dearer catalog");
    world.live(30).await.expect("days pass");
    assert_eq!(world.sandbox.collected(), (1, 1_045));
    assert_eq!(look(&world, trial).await.price.charges, [domain::catalog::Charge::PerSeat(475)]);
    assert_whole(&world).await;
}

async fn a_trial_with_more_people_than_seats_is_not_bought(world: World) {
    let trial = trial(&world, Some(1), GOOD).await;
    give(&world, &[KENJI, YUI]).await;
    world.live(30).await.expect("days pass");
    let after = look(&world, trial).await;
    assert_eq!((after.state.status(), after.channel, after.assigned), (Status::Disabled, Channel::Trial, 2));
    assert_eq!(world.sandbox.collected(), (0, 0));
    let told = told(&world, trial).await;
    assert_eq!(told[..2], [NoticeKind::TrialEndAhead, NoticeKind::TrialNotBought], "{told:?}");
    assert_whole(&world).await;
}

async fn a_trial_of_what_is_sold_no_more_is_not_bought(world: World) {
    let trial = trial(&world, Some(1), GOOD).await;
    let retired = ("retired = false\n\n[products", "retired = true\n\n[products");
    world.catalog_with(&[REQUIRED, retired]).await.expect("a catalog without it");
    world.live(30).await.expect("days pass");
    assert_eq!(look(&world, trial).await.state.status(), Status::Disabled);
    assert_eq!(world.sandbox.collected(), (0, 0));
    assert_whole(&world).await;
}

async fn a_card_that_does_not_pay_leaves_a_payment_due(world: World) {
    let trial = trial(&world, Some(1), EMPTY).await;
    world.live(30).await.expect("days pass");
    let after = look(&world, trial).await;
    assert_eq!((after.state.status(), after.channel), (Status::Active, Channel::SelfService));
    assert!(after.owes.is_some() && after.dunning.is_some(), "{after:?}");
    assert_whole(&world).await;
    world.live(30).await.expect("days pass");
    assert_eq!(look(&world, trial).await.state.status(), Status::Disabled);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let again = world.services.reactivate(&kenji, "a form", trial, &services::orders::Wish::default()).await;
    assert!(matches!(again, Err(ServiceError::PaymentDue)), "{again:?}");
    assert_whole(&world).await;
}

async fn a_trial_that_nobody_chose_to_buy_ends_by_itself(world: World) {
    let trial = trial(&world, None, GOOD).await;
    world.live(30).await.expect("days pass");
    assert_eq!(
        (look(&world, trial).await.state.status(), world.sandbox.collected().0),
        (Status::Disabled, 0)
    );
    // Its people and its data wait for somebody to bring it back.
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let wish = services::testing::story::paper(2);
    let order = world.services.reactivate(&kenji, "a form", trial, &wish).await.expect("an order");
    let paid = world.confirm(&kenji, order).await.expect("the card is known");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    assert_eq!(look(&world, trial).await.ends_on, date(2027, 1, 24));
    world.live(31).await.expect("days pass");
    assert_eq!(world.sandbox.collected(), (2, 2_200), "and it renews");
    assert_whole(&world).await;
}

async fn recurring_billing_that_is_turned_off_lets_it_end(world: World) {
    let trial = trial(&world, Some(2), GOOD).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    world.services.set_recurring(&kenji, "off", trial, false).await.expect("turned off");
    world.services.set_recurring(&kenji, "off again", trial, false).await.expect("it is off");
    let on = world.services.set_recurring(&kenji, "on", trial, true).await;
    assert!(matches!(on, Err(ServiceError::Change(ChangeRefusal::Trial))), "it is bought instead: {on:?}");
    world.live(30).await.expect("days pass");
    assert_eq!(
        (look(&world, trial).await.state.status(), world.sandbox.collected().0),
        (Status::Disabled, 0)
    );
    assert_whole(&world).await;
}

async fn years_of_a_trial_that_was_bought_pass_on_a_test_clock(world: World) {
    world.services.start_clock("aozora").await.expect("started");
    let trial = trial(&world, Some(2), GOOD).await;
    let advanced = world.services.advance_clock("aozora", date(2029, 1, 1), |_| ()).await.expect("advanced");
    assert!(advanced.failed.is_empty(), "{:?}", advanced.failed);
    let what = |name: &str| advanced.happened.iter().filter(|each| each.what == name).count();
    assert_eq!((what("trial.convert"), what("subscription.renew")), (1, 2));
    assert_eq!(look(&world, trial).await.ends_on, date(2029, 12, 24));
    assert_whole(&world).await;
}
