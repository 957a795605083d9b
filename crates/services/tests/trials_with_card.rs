//! Trials that ask for a card, on a real database: nothing is charged, the card is kept, and what it becomes was
//! chosen in plain words (SPEC 5, Trials).

use std::sync::Arc;

use domain::catalog::{BillingFrequency, Term};
use domain::id::{OrderId, SubscriptionId};
use domain::order::OrderStatus;
use domain::subscription::{Active, Channel, Conversion, Run, SeatCount, State};
use jiff::civil::date;
use services::asker::Asker;
use services::on_both_engines;
use services::orders::{Confirmation, Stage, Standing};
use services::testing::checkout::GOOD;
use services::testing::story::{HANA, KENJI, paper, trial_of_paper};
use services::testing::{GivenUp, World};
use services::trials::{TrialQuoted, TrialStarted, TrialWish};
use services::{ServiceError, Services};

on_both_engines! {
    a_trial_with_a_card_says_what_it_becomes_and_charges_nothing
    a_trial_ends_by_itself_unless_the_other_was_chosen
    what_it_becomes_is_looked_at_before_anything_is_written
    confirming_a_trial_many_times_starts_one
    of_two_orders_for_a_trial_one_starts
    a_changed_price_is_shown_before_it_is_agreed_to
    nobody_confirms_a_trial_of_somebody_else
}

async fn assert_whole(world: &World) {
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

async fn with_a_card(world: &World) {
    world.catalog_with(&[("card = \"none\"", "card = \"required\"")]).await.expect("a catalog");
}

/// A month for so many, or nothing, at its end.
fn wish(seats: Option<u32>) -> TrialWish {
    let convert = seats.map(|_| ("1-month".to_owned(), "up-front".to_owned()));
    TrialWish {
        seats_to_buy: seats.map(|seats| seats.to_string()).unwrap_or_default(),
        convert,
        ..trial_of_paper()
    }
}

async fn begin(
    services: &Services,
    who: &Asker,
    key: &str,
    wish: &TrialWish,
) -> Result<OrderId, ServiceError> {
    match services.start_trial(who, key, wish).await? {
        TrialStarted::Card(order) => Ok(order),
        TrialStarted::Running(subscription) => panic!("{subscription} runs without a card"),
    }
}

/// Up to the last page of a trial.
async fn quoted(world: &World, who: &Asker, order: OrderId) -> TrialQuoted {
    match world.with_card(who, order, GOOD).await.expect("the checkout").stage {
        Stage::Trial { quoted, .. } => *quoted,
        other => panic!("not the last page: {other:?}"),
    }
}

fn of(quoted: &TrialQuoted) -> Confirmation {
    Confirmation { seal: quoted.seal.clone(), quoted_at: quoted.at }
}

fn becomes(state: State) -> Option<Conversion> {
    match state {
        State::Active(Active { run: Run::Trial(trial), .. }) => trial.converts_to,
        other => panic!("not a trial: {other:?}"),
    }
}

async fn subscription_of(world: &World, who: &Asker, order: OrderId) -> SubscriptionId {
    match world.services.checkout(who, order).await.expect("the checkout").stage {
        Stage::Started { subscription } => subscription,
        other => panic!("not started: {other:?}"),
    }
}

async fn a_trial_with_a_card_says_what_it_becomes_and_charges_nothing(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let offer = world.services.trial_offer(&kenji, "paper").await.expect("an offer");
    assert_eq!(offer.choices.len(), 3);
    let first = offer.converts.expect("what it would become");
    assert_eq!((first.seats.get(), first.due_now.minor(), first.term.start()), (1, 550, offer.ends_on));

    let order = begin(&world.services, &kenji, "a form", &wish(Some(4))).await.expect("an order");
    assert_eq!(begin(&world.services, &kenji, "a form", &wish(Some(4))).await.expect("the same"), order);
    let shown = quoted(&world, &kenji, order).await;
    let quote = shown.converts.clone().expect("what it becomes");
    assert_eq!((shown.seats, shown.ends_on), (25, date(2026, 12, 24)));
    assert_eq!((quote.seats.get(), quote.due_now.minor(), quote.term.start()), (4, 2_200, shown.ends_on));
    assert_eq!(shown.agreed.terms.as_deref(), Some("2026-04"));
    let standing = world.services.confirm_order(&kenji, order, &of(&shown)).await.expect("an answer");
    let trial = subscription_of(&world, &kenji, order).await;
    assert_eq!(standing, Standing::Started { subscription: trial });
    assert_eq!(world.sandbox.collected(), (0, 0));

    let running = world.subscription("aozora", trial).await.expect("the trial");
    let (term, frequency) = (Term::OneMonth, BillingFrequency::UpFront);
    let four = SeatCount::new(4).map(|seats| Conversion { term, frequency, seats });
    assert_eq!((running.channel, running.seats, becomes(running.state)), (Channel::Trial, 25, four));
    // The card is kept, and pays the profile.
    let other = world.services.start_order(&kenji, "another form", &paper(1)).await.expect("an order");
    let cards = world.services.checkout(&kenji, other).await.expect("the checkout").cards;
    assert_eq!(cards.len(), 1);
    let organization = world.organization("aozora").await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    let paying = reader.conn().paying_profile(organization, running.profile).await.expect("a look");
    drop(reader);
    assert_eq!(paying.expect("a profile").method.expect("a card").id, cards[0].method);
    assert_whole(&world).await;
}

async fn a_trial_ends_by_itself_unless_the_other_was_chosen(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = begin(&world.services, &kenji, "a form", &wish(None)).await.expect("an order");
    let checkout = world.with_card(&kenji, order, GOOD).await.expect("the checkout");
    assert_eq!(checkout.quote, None);
    let Stage::Trial { quoted, .. } = checkout.stage else { panic!("the last page") };
    assert_eq!(quoted.converts, None);
    world.confirm(&kenji, order).await.expect("an answer");
    let trial = subscription_of(&world, &kenji, order).await;
    assert_eq!(becomes(world.subscription("aozora", trial).await.expect("the trial").state), None);
    assert_whole(&world).await;
}

async fn what_it_becomes_is_looked_at_before_anything_is_written(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    for seats in [0, 501] {
        let refused = begin(&world.services, &kenji, &seats.to_string(), &wish(Some(seats))).await;
        assert!(matches!(refused, Err(ServiceError::Fields(_))), "{refused:?}");
    }
    let never = TrialWish { convert: Some(("3-years".into(), "monthly".into())), ..wish(Some(3)) };
    let refused = begin(&world.services, &kenji, "never", &never).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");

    // What it becomes can be changed until it is confirmed; what is tried cannot.
    let order = begin(&world.services, &kenji, "a form", &wish(Some(3))).await.expect("an order");
    let before = quoted(&world, &kenji, order).await;
    let other_plan = services::orders::Wish { plan: "business".into(), ..paper(5) };
    let refused = world.services.change_order(&kenji, order, &other_plan).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
    world.services.change_order(&kenji, order, &paper(5)).await.expect("another number");
    let old = world.services.confirm_order(&kenji, order, &of(&before)).await;
    assert!(matches!(old, Err(ServiceError::QuoteChanged)), "{old:?}");
    let after = quoted(&world, &kenji, order).await;
    assert_eq!(after.converts.expect("what it becomes").seats.get(), 5);
    let without = begin(&world.services, &kenji, "no card", &wish(None)).await.expect("an order");
    let saved = world.services.confirm_order(&kenji, without, &of(&before)).await;
    assert!(matches!(saved, Err(ServiceError::NoCard)), "a card is typed for it first: {saved:?}");
}

async fn confirming_a_trial_many_times_starts_one(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = begin(&world.services, &kenji, "a form", &wish(Some(2))).await.expect("an order");
    let confirmation = of(&quoted(&world, &kenji, order).await);
    let clicks = (0..8).map(|_| world.services.confirm_order(&kenji, order, &confirmation));
    let standings = futures::future::try_join_all(clicks).await.expect("every click is answered");
    assert!(standings.windows(2).all(|pair| pair[0] == pair[1]), "{standings:?}");
    // At any age.
    world.pass(20 * 24 * 3_600);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let late = world.services.confirm_order(&kenji, order, &confirmation).await.expect("the first result");
    assert_eq!(late, standings[0]);
    assert_eq!(begin(&world.services, &kenji, "a form", &wish(Some(2))).await.expect("the same form"), order);
    let products =
        world.services.products(&kenji, services::products::Filter::default()).await.expect("a list");
    assert_eq!(products.rows.len(), 1);
    assert_whole(&world).await;
}

async fn of_two_orders_for_a_trial_one_starts(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let his = begin(&world.services, &kenji, "a form", &wish(Some(2))).await.expect("his order");
    let hers = begin(&world.services, &hana, "a form", &wish(None)).await.expect("her order");
    let (his_page, hers_page) =
        (of(&quoted(&world, &kenji, his).await), of(&quoted(&world, &hana, hers).await));
    let answers = futures::future::join(
        world.services.confirm_order(&kenji, his, &his_page),
        world.services.confirm_order(&hana, hers, &hers_page),
    )
    .await;
    let (started, refused) = match answers {
        (Ok(started), Err(refused)) | (Err(refused), Ok(started)) => (started, refused),
        other => panic!("not one of them: {other:?}"),
    };
    assert!(matches!(started, Standing::Started { .. }), "{started:?}");
    assert!(matches!(refused, ServiceError::TriedBefore), "{refused:?}");
    let third = begin(&world.services, &kenji, "another form", &wish(None)).await;
    assert!(matches!(third, Err(ServiceError::TriedBefore)), "{third:?}");
    assert_whole(&world).await;
}

async fn a_changed_price_is_shown_before_it_is_agreed_to(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = begin(&world.services, &kenji, "a form", &wish(Some(2))).await.expect("an order");
    let shown = quoted(&world, &kenji, order).await;
    let required = ("card = \"none\"", "card = \"required\"");
    world.catalog_with(&[required, ("per_seat = 500 ", "per_seat = 600 ")]).await.expect("a dearer catalog");
    let refused = world.services.confirm_order(&kenji, order, &of(&shown)).await;
    assert!(matches!(refused, Err(ServiceError::QuoteChanged)), "{refused:?}");
    // A quarter of an hour later it does not stand either.
    let anew = quoted(&world, &kenji, order).await;
    world.pass(15 * 60);
    let late = world.services.confirm_order(&kenji, order, &of(&anew)).await;
    assert!(matches!(late, Err(ServiceError::QuoteChanged)), "{late:?}");
    assert!(matches!(world.confirm(&kenji, order).await, Ok(Standing::Started { .. })));
}

async fn nobody_confirms_a_trial_of_somebody_else(world: World) {
    with_a_card(&world).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = begin(&world.services, &kenji, "a form", &wish(None)).await.expect("an order");
    let confirmation = of(&quoted(&world, &kenji, order).await);
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let refused = world.services.confirm_order(&hana, order, &confirmation).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
    let checkout = world.services.checkout(&kenji, order).await.expect("the checkout");
    assert_eq!(checkout.order.state.status(), OrderStatus::Draft);
}

/// The process dies at every point at which confirming waits for something: the trial has started, or it can.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_at_any_step_starts_one_trial() {
    let (mut survived, mut steps) = (false, 0);
    while !survived {
        let world = World::embedded().await.expect("a world").with_examples().await.expect("the examples");
        with_a_card(&world).await;
        let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
        let order = begin(&world.services, &kenji, "a form", &wish(Some(2))).await.expect("an order");
        let confirmation = of(&quoted(&world, &kenji, order).await);
        let confirming = world.services.confirm_order(&kenji, order, &confirmation);
        survived = GivenUp::after(steps, confirming).await.is_some();
        let after = world.through(Arc::new(world.sandbox.clone())).expect("a restart");
        after.do_due_work().await.expect("a round");
        let again = after.confirm_order(&kenji, order, &confirmation).await.expect("the result");
        assert!(matches!(again, Standing::Started { .. }), "after {steps} steps: {again:?}");
        let products = after.products(&kenji, services::products::Filter::default()).await.expect("a list");
        assert_eq!(products.rows.len(), 1, "after {steps} steps");
        assert_whole(&world).await;
        steps += 1;
    }
    assert!(steps > 1, "confirming waits more often than {steps} times");
}
