//! What has ended comes back, on a real database: with its people, from its day on, paid once (SPEC 5, Lifecycle).

use std::sync::Arc;

use domain::catalog::Lifecycle;
use domain::change::ChangeRefusal;
use domain::id::{OrderId, SubscriptionId};
use domain::ledger::Account;
use domain::line::LineKind;
use domain::notices::NoticeKind;
use domain::order::OrderStatus;
use domain::subscription::{Channel, Disabled, DisabledCause, PaidTerm, State, Status};
use domain::time::Date;
use jiff::civil::date;
use services::asker::Asker;
use services::on_both_engines;
use services::orders::{Quoted, Stage, Standing, Wish};
use services::testing::checkout::{ASKS, GOOD, last_page};
use services::testing::story::{HANA, KENJI, YUI, paper, trial_of_paper};
use services::testing::{GivenUp, World};
use services::trials::TrialStarted;
use services::{ServiceError, Services};

const DAY: i64 = 24 * 3_600;
const ENDED: Date = date(2026, 12, 24);
const TODAY: Date = date(2026, 12, 29);

on_both_engines! {
    from_expired_the_term_begins_where_the_old_one_ended
    from_disabled_the_term_begins_today
    what_is_paid_a_day_later_begins_where_it_was_said
    what_is_disabled_while_the_bank_asks_begins_on_the_day_it_is_paid
    what_is_deleted_while_the_bank_asks_gives_the_money_back
    what_was_paid_once_is_not_paid_again
    another_plan_and_another_number_can_be_chosen
    a_trial_that_has_ended_comes_back_as_a_purchase
    what_is_owed_is_paid_first
    one_wish_is_one_order_and_one_payment
}

async fn assert_whole(world: &World) {
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

async fn buy(world: &World, who: &Asker, wish: &Wish) -> SubscriptionId {
    let order = world.services.start_order(who, "the purchase", wish).await.expect("an order");
    world.with_card(who, order, GOOD).await.expect("the checkout");
    match world.confirm(who, order).await.expect("an answer") {
        Standing::Paid { subscription, .. } => subscription,
        other => panic!("not paid: {other:?}"),
    }
}

/// Ten seats for a month, two of them given to somebody; it has ended, and five days have passed.
async fn expired(world: &World) -> (Asker, SubscriptionId) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let subscription = buy(world, &kenji, &paper(10)).await;
    let people = [
        world.person("aozora", KENJI).await.expect("Kenji"),
        world.person("aozora", YUI).await.expect("Yui"),
    ];
    world.services.assign_licenses(&kenji, "two", "paper", &people).await.expect("given");
    end(world, subscription).await;
    world.pass(35 * DAY);
    (world.signed_in(KENJI, None).await.expect("Kenji again"), subscription)
}

async fn end(world: &World, subscription: SubscriptionId) {
    let ended = |subscription: &mut store::subscriptions::Subscription| {
        let off = subscription.state.set_recurring(false).expect("off");
        let end = off.ends_on().expect("a day");
        subscription.state = off.end(Lifecycle::default(), end).expect("ended");
    };
    world.as_if("aozora", subscription, ended).await.expect("ended");
}

/// Puts it into a state.
async fn as_if(world: &World, subscription: SubscriptionId, state: State) {
    world.as_if("aozora", subscription, move |found| found.state = state).await.expect("as if");
}

fn gone(cause: DisabledCause) -> State {
    State::Disabled(Disabled { since: date(2026, 12, 28), until: date(2027, 3, 28), cause })
}

async fn to_pay(world: &World, who: &Asker, subscription: SubscriptionId, wish: &Wish) -> OrderId {
    world.services.reactivate(who, "a form", subscription, wish).await.expect("an order")
}

async fn shown(world: &World, who: &Asker, order: OrderId) -> Quoted {
    match world.services.checkout(who, order).await.expect("the checkout").stage {
        Stage::Confirm { quoted, .. } => *quoted,
        other => panic!("not the last page: {other:?}"),
    }
}

/// Confirms with a card whose bank asks; gives where it does.
async fn bank_asks(world: &World, who: &Asker, order: OrderId) -> services::paying::WebAddress {
    world.services.choose_card(who, order, None).await.expect("another card");
    world.with_card(who, order, ASKS).await.expect("the checkout");
    match world.confirm(who, order).await.expect("an answer") {
        Standing::Bank { address } => address,
        other => panic!("the bank does not ask: {other:?}"),
    }
}

async fn from_expired_the_term_begins_where_the_old_one_ended(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let before = world.subscription("aozora", subscription).await.expect("it");
    assert_eq!(before.state.status(), Status::Expired);
    // Plan, term and seats are what they were.
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    let quote = shown(&world, &kenji, order).await.quote;
    assert_eq!((quote.seats.get(), quote.due_now.minor()), (10, 5_500));
    assert_eq!((quote.term.start(), quote.term.end()), (ENDED, date(2027, 1, 24)));
    assert_eq!(quote.refund_until, date(2027, 1, 5));
    let paid = world.confirm(&kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { subscription: of, .. } if of == subscription), "{paid:?}");

    let after = world.subscription("aozora", subscription).await.expect("it");
    assert_eq!((after.state.status(), after.channel), (Status::Active, Channel::SelfService));
    assert_eq!((after.seats, after.assigned, after.profile), (10, 2, before.profile));
    assert_eq!((after.ends_on, after.billed_to), (date(2027, 1, 24), Some(date(2027, 1, 24))));
    let details = world.services.product_details(&kenji, subscription).await.expect("its details");
    let [seats] = details.seats[..] else { panic!("the seats were replaced: {:?}", details.seats) };
    assert_eq!((seats.seats, seats.bought_on, seats.refund_until), (10, TODAY, date(2027, 1, 5)));
    let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
    assert_eq!(receipt.quote.purchase(), Some(&quote));
    let contents = receipt.invoice.expect("an invoice").contents;
    assert_eq!((contents.transaction_on, contents.service()), (TODAY, Some(quote.service)));
    assert_eq!(world.sandbox.collected(), (2, 11_000));
    let revenue = world.balance("aozora", Account::DeferredRevenue(subscription)).await;
    assert_eq!(revenue.expect("a balance"), -10_000);
    let told = world.told("aozora", subscription.uuid()).await.expect("notices");
    assert_eq!(told, [NoticeKind::Restored, NoticeKind::Restored]);
    // The receipt of the first purchase is what it was.
    let first = world.services.receipt(&kenji, after.order).await.expect("the first receipt");
    assert_eq!(first.quote.purchase().expect("a purchase").term.start(), date(2026, 11, 24));
    assert_whole(&world).await;
}

async fn from_disabled_the_term_begins_today(world: World) {
    let (kenji, subscription) = expired(&world).await;
    as_if(&world, subscription, gone(DisabledCause::Ended)).await;
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    assert_eq!(shown(&world, &kenji, order).await.quote.term.start(), TODAY);
    world.confirm(&kenji, order).await.expect("an answer");
    let after = world.subscription("aozora", subscription).await.expect("it");
    assert_eq!((after.state.status(), after.assigned), (Status::Active, 2));
    assert_eq!(after.ends_on, date(2027, 1, 29));
    assert_whole(&world).await;
}

async fn what_is_paid_a_day_later_begins_where_it_was_said(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    let address = bank_asks(&world, &kenji, order).await;
    world.pass(20 * 3_600);
    world.answer_bank(&address, true).await;
    world.services.do_due_work().await.expect("a round");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
    assert_eq!(receipt.quote.purchase().expect("a purchase").term.start(), ENDED);
    assert_eq!(receipt.quote.purchase().expect("a purchase").refund_until, date(2027, 1, 6));
    assert_eq!(receipt.subscription.ends_on, date(2027, 1, 24));
    assert_whole(&world).await;
}

async fn what_is_disabled_while_the_bank_asks_begins_on_the_day_it_is_paid(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    let address = bank_asks(&world, &kenji, order).await;
    as_if(&world, subscription, gone(DisabledCause::Ended)).await;
    world.answer_bank(&address, true).await;
    let paid = world.services.settle_order(&kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    let after = world.subscription("aozora", subscription).await.expect("it");
    assert_eq!(after.ends_on, date(2027, 1, 29));
    let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
    assert_eq!(
        (
            receipt.quote.purchase().expect("a purchase").term.start(),
            receipt.quote.purchase().expect("a purchase").due_now.minor()
        ),
        (TODAY, 5_500)
    );
    assert_whole(&world).await;
}

async fn what_is_deleted_while_the_bank_asks_gives_the_money_back(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    let address = bank_asks(&world, &kenji, order).await;
    as_if(&world, subscription, State::Deleted { on: TODAY }).await;
    world.answer_bank(&address, true).await;
    let standing = world.services.settle_order(&kenji, order).await.expect("an answer");
    assert_eq!(standing, Standing::Returned);
    let checkout = world.services.checkout(&kenji, order).await.expect("the checkout");
    assert_eq!(checkout.order.state.status(), OrderStatus::Returned);
    assert_eq!(world.balance("aozora", Account::RefundsPayable).await.expect("a balance"), -5_500);
    assert_eq!(world.balance("aozora", Account::ProviderClearing).await.expect("a balance"), 11_000);
    assert_whole(&world).await;
    let again = world.services.reactivate(&kenji, "again", subscription, &Wish::default()).await;
    assert!(matches!(again, Err(ServiceError::NotNow(_))), "{again:?}");
}

/// A year of the example's other plan: a base fee, and for each seat a price and once the device.
fn business(seats: u32) -> Wish {
    Wish { plan: "business".into(), term: "1-year".into(), ..paper(seats) }
}

/// What is charged once, and what is charged now.
fn once(quoted: &Quoted) -> (Vec<i64>, i64) {
    let lines = quoted.quote.lines.iter().filter(|line| line.kind == LineKind::OneTime);
    (lines.map(|line| line.amount.minor()).collect(), quoted.quote.totals.net.minor())
}

async fn what_was_paid_once_is_not_paid_again(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let subscription = buy(&world, &kenji, &business(2)).await;
    end(&world, subscription).await;
    world.pass(370 * DAY);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    assert_eq!(once(&shown(&world, &kenji, order).await), (vec![], 66_000));
    world.services.change_order(&kenji, order, &business(3)).await.expect("one more");
    assert_eq!(once(&shown(&world, &kenji, order).await), (vec![3_800], 72_800));
    let paid = world.confirm(&kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    assert_whole(&world).await;
}

async fn another_plan_and_another_number_can_be_chosen(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let below = world.services.reactivate(&kenji, "one", subscription, &paper(1)).await;
    let free = match below {
        Err(ServiceError::Change(ChangeRefusal::BelowAssigned { free })) => Some(free),
        _ => None,
    };
    assert_eq!(free, Some(1));
    let many = world.services.reactivate(&kenji, "many", subscription, &paper(501)).await;
    assert!(matches!(many, Err(ServiceError::Fields(_))), "{many:?}");
    let order = to_pay(&world, &kenji, subscription, &business(2)).await;
    let quote = shown(&world, &kenji, order).await.quote;
    assert_eq!((quote.plan.as_str(), quote.term.start()), ("business", ENDED));
    world.confirm(&kenji, order).await.expect("an answer");
    let after = world.subscription("aozora", subscription).await.expect("it");
    let window = world.services.browse(&kenji).await.expect("the shelf");
    let (_, plan) = window.plan(after.plan).expect("a plan");
    assert_eq!((plan.key.as_str(), after.seats, after.ends_on), ("business", 2, date(2027, 12, 24)));
    assert_whole(&world).await;
}

async fn a_trial_that_has_ended_comes_back_as_a_purchase(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let started = world.services.start_trial(&kenji, "a trial", &trial_of_paper()).await;
    let Ok(TrialStarted::Running(subscription)) = started else { panic!("a trial: {started:?}") };
    let running = world.services.reactivate(&kenji, "running", subscription, &paper(3)).await;
    assert!(matches!(running, Err(ServiceError::NotNow(_))), "{running:?}");
    as_if(&world, subscription, gone(DisabledCause::Ended)).await;
    world.pass(35 * DAY);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let ended = world.services.buy_trial(&kenji, "ended", subscription, &paper(3)).await;
    assert!(matches!(ended, Err(ServiceError::NotNow(_))), "{ended:?}");
    // A trial has no term that it could be brought back with.
    let nothing = world.services.reactivate(&kenji, "nothing", subscription, &Wish::default()).await;
    assert!(matches!(nothing, Err(ServiceError::NotFound)), "{nothing:?}");
    // Nothing was bought before: what is paid once is paid now.
    let order = to_pay(&world, &kenji, subscription, &business(3)).await;
    world.with_card(&kenji, order, GOOD).await.expect("the checkout");
    assert_eq!(once(&shown(&world, &kenji, order).await), (vec![11_400], 80_400));
    world.confirm(&kenji, order).await.expect("an answer");
    let after = world.subscription("aozora", subscription).await.expect("it");
    assert_eq!((after.channel, after.seats, after.ends_on), (Channel::SelfService, 3, date(2027, 12, 29)));
    assert_whole(&world).await;
}

async fn what_is_owed_is_paid_first(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let before = world.subscription("aozora", subscription).await.expect("it");
    let term = PaidTerm::first(before.price.term, before.price.frequency, date(2026, 11, 24));
    as_if(&world, subscription, gone(DisabledCause::Unpaid(term))).await;
    let unpaid = world.services.reactivate(&kenji, "unpaid", subscription, &Wish::default()).await;
    assert!(matches!(unpaid, Err(ServiceError::PaymentDue)), "{unpaid:?}");
    let owing = move |found: &mut store::subscriptions::Subscription| {
        found.state = before.state;
        found.owes = Some(domain::id::DocumentId::from_uuid(uuid::Uuid::nil()));
    };
    world.as_if("aozora", subscription, owing).await.expect("as if");
    let owing = world.services.reactivate(&kenji, "owing", subscription, &Wish::default()).await;
    assert!(matches!(owing, Err(ServiceError::PaymentDue)), "{owing:?}");
}

async fn one_wish_is_one_order_and_one_payment(world: World) {
    let (kenji, subscription) = expired(&world).await;
    let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    assert_eq!(to_pay(&world, &kenji, subscription, &Wish::default()).await, order);
    let other = world.services.reactivate(&kenji, "a form", subscription, &paper(3)).await;
    assert!(matches!(other, Err(ServiceError::Stale)), "the same key for something else: {other:?}");
    let confirmation = last_page(&world.services, &kenji, order).await.expect("the last page");
    let clicks = (0..8).map(|_| world.services.confirm_order(&kenji, order, &confirmation));
    let standings = futures::future::try_join_all(clicks).await.expect("every click is answered");
    assert!(standings.windows(2).all(|pair| pair[0] == pair[1]), "{standings:?}");
    assert_eq!(world.sandbox.collected(), (2, 11_000));
    let again = world.services.reactivate(&kenji, "another form", subscription, &Wish::default()).await;
    assert!(matches!(again, Err(ServiceError::NotNow(_))), "it is active: {again:?}");
    let the_same = to_pay(&world, &kenji, subscription, &Wish::default()).await;
    assert_eq!(the_same, order, "the same form, when it is done");
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let hers = world.services.reactivate(&hana, "a form", subscription, &Wish::default()).await;
    assert!(matches!(hers, Err(ServiceError::NotFound)), "{hers:?}");
    assert_whole(&world).await;
}

async fn after_a_restart(world: &World) -> Services {
    let after = world.through(Arc::new(world.sandbox.clone())).expect("a restart");
    world.pass(20);
    after.do_due_work().await.expect("a round");
    after
}

/// The process dies at every point at which confirming waits for something: it was paid once or not at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_at_any_step_brings_it_back_once() {
    let (mut survived, mut steps) = (false, 0);
    while !survived {
        let world = World::embedded().await.expect("a world").with_examples().await.expect("the examples");
        let (kenji, subscription) = expired(&world).await;
        let order = to_pay(&world, &kenji, subscription, &Wish::default()).await;
        let confirmation = last_page(&world.services, &kenji, order).await.expect("the last page");
        let confirming = world.services.confirm_order(&kenji, order, &confirmation);
        survived = GivenUp::after(steps, confirming).await.is_some();
        let after = after_a_restart(&world).await;
        let again = after.confirm_order(&kenji, order, &confirmation).await.expect("the result");
        assert!(matches!(again, Standing::Paid { .. }), "after {steps} steps: {again:?}");
        assert_eq!(world.sandbox.collected(), (2, 11_000), "after {steps} steps");
        let found = world.subscription("aozora", subscription).await.expect("it");
        assert_eq!(found.ends_on, date(2027, 1, 24), "after {steps} steps");
        assert_whole(&world).await;
        steps += 1;
    }
    assert!(steps > 2, "confirming waits more often than {steps} times");
}
