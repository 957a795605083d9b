//! Trials on a real database: one for each product and organization, extended once, bought early (SPEC 5, Trials).

use domain::change::ChangeRefusal;
use domain::id::SubscriptionId;
use domain::ledger::Account;
use domain::notices::NoticeKind;
use domain::order::OrderStatus;
use domain::subscription::{Active, Channel, Run, State, TransitionError};
use jiff::civil::date;
use services::asker::Asker;
use services::on_both_engines;
use services::orders::{Stage, Standing, Wish};
use services::testing::World;
use services::testing::checkout::{ASKS, GOOD, last_page};
use services::testing::story::{ANNA, HANA, KENJI, YUI, paper, trial_of_paper};
use services::trials::{TrialStarted, TrialWish};
use services::{ServiceError, Services};

const DAY: i64 = 24 * 3_600;

on_both_engines! {
    a_trial_without_a_card_starts_at_once
    an_organization_tries_a_product_once
    of_many_who_start_at_once_one_gets_the_trial
    a_trial_is_extended_once_in_its_last_days
    a_trial_is_bought_early_and_keeps_everything
    a_trial_is_not_bought_for_fewer_than_hold_a_license
    what_is_assigned_while_the_bank_asks_counts
    a_trial_that_is_bought_twice_gives_the_second_payment_back
    nobody_sees_a_trial_of_somebody_else
    guests_try_nothing
}

async fn assert_whole(world: &World) {
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

async fn start(services: &Services, who: &Asker, key: &str) -> Result<SubscriptionId, ServiceError> {
    match services.start_trial(who, key, &trial_of_paper()).await? {
        TrialStarted::Running(subscription) => Ok(subscription),
        TrialStarted::Card(order) => panic!("{order} asks for a card"),
    }
}

async fn give(world: &World, manager: &Asker, mails: &[&str]) {
    let mut people = Vec::new();
    for mail in mails {
        people.push(world.person("aozora", mail).await.expect("somebody"));
    }
    let key = format!("{mails:?}");
    let given = world.services.assign_licenses(manager, &key, "paper", &people).await.expect("an answer");
    assert!(given.iter().all(|given| given.outcome.is_ok()), "{given:?}");
}

async fn a_trial_without_a_card_starts_at_once(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let offer = world.services.trial_offer(&kenji, "paper").await.expect("an offer");
    assert_eq!((offer.used, offer.ends_on), (false, date(2026, 12, 24)));
    assert_eq!((offer.plan.as_str(), offer.rule.seats), ("standard", 25));
    assert_eq!((offer.converts, offer.choices), (None, vec![]));
    assert_eq!(offer.agreed.terms.as_deref(), Some("2026-04"));

    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    assert_eq!(start(&world.services, &kenji, "a form").await.expect("the same"), trial);
    let other = TrialWish { seats_to_buy: "7".into(), ..trial_of_paper() };
    let other = world.services.start_trial(&kenji, "a form", &other).await;
    assert!(matches!(other, Err(ServiceError::Stale)), "the same key for something else: {other:?}");

    let details = world.services.product_details(&kenji, trial).await.expect("its details");
    let subscription = &details.subscription;
    assert_eq!((subscription.channel, subscription.seats, subscription.assigned), (Channel::Trial, 25, 0));
    assert_eq!((subscription.ends_on, subscription.billed_to), (date(2026, 12, 24), None));
    assert!(subscription.price.charges.is_empty());
    assert!(details.seats.is_empty(), "nothing was bought that could be given back");
    let order = world.services.checkout(&kenji, subscription.order).await.expect("its order");
    assert_eq!(order.order.state.status(), OrderStatus::Started);
    assert!(matches!(order.stage, Stage::Started { subscription } if subscription == trial));
    assert_eq!(world.sandbox.collected(), (0, 0));
    let told = world.told("aozora", trial.uuid()).await.expect("notices");
    assert_eq!(told, [NoticeKind::TrialStarted, NoticeKind::TrialStarted]);
    give(&world, &kenji, &[KENJI, YUI]).await;
    assert_whole(&world).await;

    // Without a card nothing can be bought at its end.
    let convert = Some(("1-month".to_owned(), "up-front".to_owned()));
    let wish = TrialWish { product: "paper".into(), seats_to_buy: "3".into(), convert };
    let refused = world.services.start_trial(&kenji, "another form", &wish).await;
    assert!(matches!(refused, Err(ServiceError::NoCard)), "{refused:?}");
    let none = TrialWish { product: "nothing".into(), ..TrialWish::default() };
    let nowhere = world.services.start_trial(&kenji, "a third form", &none).await;
    assert!(matches!(nowhere, Err(ServiceError::NotFound)), "{nowhere:?}");
}

async fn an_organization_tries_a_product_once(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    start(&world.services, &kenji, "a form").await.expect("a trial");
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    for who in [&kenji, &hana] {
        let again = start(&world.services, who, "another form").await;
        assert!(matches!(again, Err(ServiceError::TriedBefore)), "{again:?}");
        assert!(world.services.trial_offer(who, "paper").await.expect("an offer").used);
    }
    // Another organization has its own.
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    let hers = start(&world.services, &anna, "a form").await.expect("a trial");
    let hers = world.subscription("lakeside", hers).await.expect("hers");
    assert_eq!(hers.price.currency.code(), "EUR");
    // What stands in place of a price is made once for a plan and a currency, and is never sold.
    let window = world.services.browse(&kenji).await.expect("the shelf");
    assert!(window.shelf.prices.values().all(|id| *id != hers.price_id));
    assert_whole(&world).await;
}

async fn of_many_who_start_at_once_one_gets_the_trial(world: World) {
    let mut people = Vec::new();
    for mail in [HANA, KENJI, YUI] {
        people.push(world.signed_in(mail, None).await.expect("somebody"));
    }
    let keys: Vec<String> = (0..4).map(|number| format!("form {number}")).collect();
    let all = people.iter().flat_map(|who| keys.iter().map(move |key| (who, key)));
    let starts = all.map(|(who, key)| start(&world.services, who, key));
    let answers = futures::future::join_all(starts).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    let lost = answers.iter().filter_map(|answer| answer.as_ref().err());
    for error in lost {
        assert!(matches!(error, ServiceError::TriedBefore), "{error:?}");
    }
    assert_whole(&world).await;
}

async fn a_trial_is_extended_once_in_its_last_days(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    let first_day = date(2026, 12, 9);
    // 16 days before its end.
    world.pass(14 * DAY);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let early = world.services.extend_trial(&kenji, "early", trial).await;
    let expected = TransitionError::TooEarly(first_day);
    assert!(matches!(&early, Err(ServiceError::NotNow(error)) if *error == expected), "{early:?}");
    // 15 days before it.
    world.pass(DAY);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    world.services.extend_trial(&kenji, "a form", trial).await.expect("extended");
    world.services.extend_trial(&kenji, "a form", trial).await.expect("the same form again");
    let subscription = world.subscription("aozora", trial).await.expect("the trial");
    assert_eq!(subscription.ends_on, date(2027, 1, 23));
    let told = world.told("aozora", trial.uuid()).await.expect("notices");
    assert_eq!(told[2..], [NoticeKind::TrialExtended, NoticeKind::TrialExtended]);
    // Once, also in its new last days.
    world.pass(31 * DAY);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let again = world.services.extend_trial(&kenji, "another form", trial).await;
    assert!(matches!(again, Err(ServiceError::NotNow(TransitionError::ExtendedBefore))), "{again:?}");
    // 14 days before the end of another one.
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    let hers = start(&world.services, &anna, "a form").await.expect("a trial");
    world.pass(16 * DAY);
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna again");
    world.services.extend_trial(&anna, "a form", hers).await.expect("extended");
    assert_whole(&world).await;
}

/// The trial is bought up to the last page, with this card.
async fn to_buy(
    world: &World,
    who: &Asker,
    trial: SubscriptionId,
    (key, seats): (&str, u32),
    card: &str,
) -> domain::id::OrderId {
    let order = world.services.buy_trial(who, key, trial, &paper(seats)).await.expect("an order");
    world.with_card(who, order, card).await.expect("the checkout");
    order
}

async fn a_trial_is_bought_early_and_keeps_everything(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    give(&world, &kenji, &[KENJI, YUI]).await;
    let before = world.subscription("aozora", trial).await.expect("the trial");
    world.pass(3 * DAY);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let order = to_buy(&world, &kenji, trial, ("a form", 4), GOOD).await;
    let again = world.services.buy_trial(&kenji, "a form", trial, &paper(4)).await.expect("the same form");
    assert_eq!(order, again);
    world.services.change_order(&kenji, order, &paper(5)).await.expect("another number");
    let checkout = world.services.checkout(&kenji, order).await.expect("the checkout");
    let Stage::Confirm { quoted, .. } = checkout.stage else { panic!("the last page") };
    assert_eq!((quoted.quote.due_now.minor(), quoted.quote.term.start()), (2_750, date(2026, 11, 27)));
    let confirmation = last_page(&world.services, &kenji, order).await.expect("the last page");
    let clicks = (0..6).map(|_| world.services.confirm_order(&kenji, order, &confirmation));
    let standings = futures::future::try_join_all(clicks).await.expect("every click is answered");
    assert!(matches!(standings[0], Standing::Paid { subscription, .. } if subscription == trial));
    assert!(standings.windows(2).all(|pair| pair[0] == pair[1]), "{standings:?}");
    assert_eq!(world.sandbox.collected(), (1, 2_750));

    let after = world.subscription("aozora", trial).await.expect("the subscription");
    assert_eq!((after.channel, after.seats, after.assigned), (Channel::SelfService, 5, 2));
    assert_eq!(
        (after.purchaser, after.profile, after.order),
        (before.purchaser, before.profile, before.order)
    );
    assert_eq!((after.ends_on, after.billed_to), (date(2026, 12, 27), Some(date(2026, 12, 27))));
    let details = world.services.product_details(&kenji, trial).await.expect("its details");
    assert_eq!(details.seats.len(), 1);
    assert_eq!((details.seats[0].seats, details.seats[0].refund_until), (5, date(2026, 12, 4)));
    let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
    let invoice = receipt.invoice.expect("an invoice");
    assert_eq!(
        (invoice.number.running, receipt.quote.purchase().expect("a purchase").term.start()),
        (1, date(2026, 11, 27))
    );
    assert_eq!(world.balance("aozora", Account::ProviderClearing).await.expect("a balance"), 2_750);
    assert_eq!(world.balance("aozora", Account::DeferredRevenue(trial)).await.expect("a balance"), -2_500);
    let told = world.told("aozora", trial.uuid()).await.expect("notices");
    assert_eq!(told[2..], [NoticeKind::TrialBought, NoticeKind::TrialBought]);
    assert_whole(&world).await;
    // It is no trial any more, and the organization has had its own.
    let late = world.services.buy_trial(&kenji, "late", trial, &paper(5)).await;
    assert!(matches!(late, Err(ServiceError::NotNow(_))), "{late:?}");
    let late = world.services.extend_trial(&kenji, "late", trial).await;
    assert!(matches!(late, Err(ServiceError::NotNow(_))), "{late:?}");
    let more = start(&world.services, &kenji, "more").await;
    assert!(matches!(more, Err(ServiceError::TriedBefore)), "{more:?}");
}

async fn a_trial_is_not_bought_for_fewer_than_hold_a_license(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    give(&world, &kenji, &[KENJI, YUI, HANA]).await;
    let free_two = |answer: Result<_, ServiceError>| {
        let free = match answer {
            Err(ServiceError::Change(ChangeRefusal::BelowAssigned { free })) => Some(free),
            _ => None,
        };
        assert_eq!(free, Some(2));
    };
    free_two(world.services.buy_trial(&kenji, "one", trial, &paper(1)).await.map(drop));
    let order = to_buy(&world, &kenji, trial, ("three", 3), GOOD).await;
    free_two(world.services.change_order(&kenji, order, &paper(1)).await);
    let many = world.services.buy_trial(&kenji, "many", trial, &paper(501)).await;
    assert!(matches!(many, Err(ServiceError::Fields(_))), "more than the plan allows: {many:?}");
    let elsewhere = Wish { product: "nothing".into(), ..paper(3) };
    let elsewhere = world.services.buy_trial(&kenji, "else", trial, &elsewhere).await;
    assert!(matches!(elsewhere, Err(ServiceError::NotFound)), "{elsewhere:?}");
    let paid = world.confirm(&kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    assert_whole(&world).await;
}

async fn what_is_assigned_while_the_bank_asks_counts(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    let order = to_buy(&world, &kenji, trial, ("a form", 1), ASKS).await;
    let Standing::Bank { address } = world.confirm(&kenji, order).await.expect("an answer") else {
        panic!("the bank asks")
    };
    give(&world, &kenji, &[KENJI, YUI]).await;
    world.answer_bank(&address, true).await;
    let standing = world.services.settle_order(&kenji, order).await.expect("an answer");
    assert_eq!(standing, Standing::Returned);
    assert_eq!(world.services.settle_order(&kenji, order).await.expect("the same"), standing);
    let state = world.subscription("aozora", trial).await.expect("the trial").state;
    assert!(matches!(state, State::Active(Active { run: Run::Trial(_), .. })), "{state:?}");
    // What was collected is owed to the card.
    assert_eq!(world.balance("aozora", Account::RefundsPayable).await.expect("a balance"), -550);
    let stage = world.services.checkout(&kenji, order).await.expect("the checkout").stage;
    assert!(matches!(stage, Stage::Returned), "{stage:?}");
    let told = world.told("aozora", order.uuid()).await.expect("notices");
    assert_eq!(told, [NoticeKind::Refunded, NoticeKind::Refunded]);
    assert_whole(&world).await;
}

async fn a_trial_that_is_bought_twice_gives_the_second_payment_back(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    let asked = to_buy(&world, &kenji, trial, ("first", 2), ASKS).await;
    let Standing::Bank { address } = world.confirm(&kenji, asked).await.expect("an answer") else {
        panic!("the bank asks")
    };
    let other = world.services.buy_trial(&kenji, "second", trial, &paper(3)).await.expect("an order");
    world.services.choose_card(&kenji, other, None).await.expect("another card");
    world.with_card(&kenji, other, GOOD).await.expect("the checkout");
    let paid = world.confirm(&kenji, other).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    world.answer_bank(&address, true).await;
    world.pass(60);
    world.services.do_due_work().await.expect("a round");
    assert_eq!(world.services.settle_order(&kenji, asked).await.expect("an answer"), Standing::Returned);
    assert_eq!(world.subscription("aozora", trial).await.expect("it").seats, 3);
    assert_whole(&world).await;
}

async fn nobody_sees_a_trial_of_somebody_else(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let trial = start(&world.services, &kenji, "a form").await.expect("a trial");
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    for other in [&hana, &anna] {
        let services = &world.services;
        let answers = [
            services.extend_trial(other, "a form", trial).await,
            services.buy_trial(other, "a form", trial, &paper(3)).await.map(drop),
            services.reactivate(other, "a form", trial, &paper(3)).await.map(drop),
        ];
        for answer in answers {
            assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
        }
    }
}

async fn guests_try_nothing(world: World) {
    let guest = world.signed_in(ANNA, Some("あおぞら")).await.expect("Anna as a guest");
    let nothing = SubscriptionId::from_uuid(uuid::Uuid::nil());
    let services = &world.services;
    let answers = [
        services.trial_offer(&guest, "paper").await.map(drop),
        services.start_trial(&guest, "a form", &trial_of_paper()).await.map(drop),
        services.extend_trial(&guest, "a form", nothing).await,
        services.buy_trial(&guest, "a form", nothing, &paper(3)).await.map(drop),
        services.reactivate(&guest, "a form", nothing, &paper(3)).await.map(drop),
    ];
    for answer in answers {
        assert!(matches!(answer, Err(ServiceError::Forbidden(_))), "{answer:?}");
    }
}
