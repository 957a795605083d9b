//! Buying, on a real database with a standing clock and the sandbox: charged once, whatever happens (SPEC 4).

use std::sync::Arc;

use domain::id::OrderId;
use domain::ledger::Account;
use domain::money::{Currency, Money};
use domain::order::OrderStatus;
use domain::subscription::Status;
use jiff::civil::date;
use payments::provider::DeclineCode;
use payments::sandbox::{Call, Mishap, Mishaps};
use services::asker::Asker;
use services::on_both_engines;
use services::orders::{Checkout, Confirmation, Quoted, Stage, Standing};
use services::testing::story::{ANNA, HANA, KENJI, paper};
use services::testing::{GivenUp, World};
use services::{ServiceError, Services};

const GOOD: &str = "4242 4242 4242 4242";
const EMPTY: &str = "4000 0000 0000 9995";
const ASKS: &str = "4000 0000 0000 3220";

on_both_engines! {
    a_purchase_brings_everything_that_belongs_to_it
    confirming_twice_or_many_times_at_once_charges_once
    a_declined_card_leaves_nothing_and_another_one_pays
    a_quote_stands_for_a_quarter_of_an_hour_of_the_day
    a_changed_price_is_shown_before_it_is_charged
    the_bank_asks_and_the_purchase_waits
    what_the_bank_never_approves_lapses_after_a_day
    an_answer_that_is_lost_is_asked_for
    many_purchases_at_once_are_numbered_without_gaps
    nobody_sees_an_order_of_somebody_else
}

/// Buys up to the last page, with this card.
async fn last_page(world: &World, buyer: &Asker, seats: u32, card: &str) -> OrderId {
    let order = world.services.start_order(buyer, "a form", &paper(seats)).await.expect("an order");
    if let Stage::Card { setup, .. } = look(&world.services, buyer, order).await.stage {
        world.type_card(&setup, card).await;
    }
    order
}

async fn look(services: &Services, buyer: &Asker, order: OrderId) -> Checkout {
    services.checkout(buyer, order).await.expect("the checkout")
}

async fn quoted(services: &Services, buyer: &Asker, order: OrderId) -> Quoted {
    match look(services, buyer, order).await.stage {
        Stage::Confirm { quoted, .. } => *quoted,
        other => panic!("not the last page: {other:?}"),
    }
}

fn of(quoted: &Quoted) -> Confirmation {
    Confirmation { seal: quoted.seal.clone(), quoted_at: quoted.at }
}

async fn confirm(services: &Services, buyer: &Asker, order: OrderId) -> Result<Standing, ServiceError> {
    let confirmation = of(&quoted(services, buyer, order).await);
    services.confirm_order(buyer, order, &confirmation).await
}

/// Everything that must be true of the data is true.
async fn assert_whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken.is_some()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// Debits less credits over the whole organization.
async fn balance(world: &World, account: Account) -> i64 {
    let organization = world.organization("aozora").await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().balance(organization, account, Currency::JPY).await.expect("a balance").minor()
}

async fn status(services: &Services, buyer: &Asker, order: OrderId) -> OrderStatus {
    look(services, buyer, order).await.order.state.status()
}

async fn a_purchase_brings_everything_that_belongs_to_it(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 10, GOOD).await;
    let shown = quoted(&world.services, &kenji, order).await;
    assert_eq!(shown.quote.due_now, Money::new(5_500, Currency::JPY));
    let standing = world.services.confirm_order(&kenji, order, &of(&shown)).await.expect("confirmed");
    assert!(matches!(standing, Standing::Paid { .. }), "{standing:?}");

    let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
    let invoice = receipt.invoice.expect("the invoice has its number");
    assert_eq!(
        (invoice.number.number.as_str(), invoice.number.issued_on),
        ("EX-0000001", date(2026, 11, 24))
    );
    let recipient = &invoice.contents.recipient;
    assert_eq!(recipient.name, "あおぞら工務店株式会社");
    assert_eq!(
        (recipient.department.as_deref(), recipient.person.as_deref()),
        (Some("設計部"), Some("髙橋 健二"))
    );
    assert!(invoice.contents.test_mode, "the sandbox's documents say that no money moved");
    assert_eq!(receipt.card.expect("the card").last_four.to_string(), "4242");
    let subscription = &receipt.subscription;
    assert_eq!(
        (subscription.state.status(), subscription.seats, subscription.assigned),
        (Status::Active, 10, 0)
    );
    assert_eq!(subscription.ends_on, date(2026, 12, 24));

    // The books: what was collected is owed to nobody, deferred and owed to the tax office.
    assert_eq!(balance(&world, Account::ProviderClearing).await, 5_500);
    assert_eq!(balance(&world, Account::Receivable(subscription.profile)).await, 0);
    assert_eq!(balance(&world, Account::DeferredRevenue(subscription.id)).await, -5_000);
    assert_eq!(world.sandbox.collected(), (1, 5_500));
    assert_whole(&world).await;

    // The next purchase goes to the same profile, with the card that is known by now.
    let order = world.services.start_order(&kenji, "another form", &paper(1)).await.expect("an order");
    let again = confirm(&world.services, &kenji, order).await.expect("confirmed");
    assert!(matches!(again, Standing::Paid { .. }), "{again:?}");
    let second = world.services.receipt(&kenji, order).await.expect("a receipt");
    assert_eq!(second.subscription.profile, subscription.profile);
    assert_eq!(second.invoice.expect("an invoice").number.number, "EX-0000002");
    assert_whole(&world).await;
}

async fn confirming_twice_or_many_times_at_once_charges_once(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    // The same form twice is one order.
    let order = last_page(&world, &kenji, 3, GOOD).await;
    let again = world.services.start_order(&kenji, "a form", &paper(3)).await.expect("an order");
    assert_eq!(order, again);
    let other = world.services.start_order(&kenji, "a form", &paper(4)).await;
    assert!(matches!(other, Err(ServiceError::Stale)), "the same key for something else: {other:?}");

    let confirmation = of(&quoted(&world.services, &kenji, order).await);
    let clicks = (0..12).map(|_| world.services.confirm_order(&kenji, order, &confirmation));
    let standings = futures::future::try_join_all(clicks).await.expect("every click is answered");
    assert!(standings.windows(2).all(|pair| pair[0] == pair[1]), "{standings:?}");
    assert_eq!(world.sandbox.collected(), (1, 1_650));

    // At any age.
    world.pass(40 * 24 * 3_600);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    let late = world.services.confirm_order(&kenji, order, &confirmation).await.expect("the first result");
    assert_eq!(late, standings[0]);
    assert_eq!(world.sandbox.collected(), (1, 1_650));
    assert_whole(&world).await;
}

async fn a_declined_card_leaves_nothing_and_another_one_pays(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 7, EMPTY).await;
    let first = of(&quoted(&world.services, &kenji, order).await);
    let declined = Standing::Declined { code: DeclineCode::InsufficientFunds };
    assert_eq!(world.services.confirm_order(&kenji, order, &first).await.expect("an answer"), declined);

    let checkout = look(&world.services, &kenji, order).await;
    assert_eq!(checkout.declined, Some(DeclineCode::InsufficientFunds));
    assert_eq!(checkout.order.choice.seats.get(), 7, "what was chosen is kept");
    assert!(checkout.cards.is_empty(), "a card that did not pay is not kept");
    assert_eq!(balance(&world, Account::ProviderClearing).await, 0);
    let products = world.services.products(&kenji, services::products::Filter::default()).await;
    assert!(products.expect("a list").rows.is_empty());
    assert_whole(&world).await;
    // Repeating what was declined does not charge: it is the same attempt.
    assert_eq!(world.services.confirm_order(&kenji, order, &first).await.expect("an answer"), declined);

    world.services.choose_card(&kenji, order, None).await.expect("another card");
    let Stage::Card { setup, .. } = look(&world.services, &kenji, order).await.stage else {
        panic!("a card is to be typed")
    };
    world.type_card(&setup, GOOD).await;
    let paid = confirm(&world.services, &kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    assert_eq!(world.sandbox.collected(), (1, 3_850));
    assert_whole(&world).await;
}

async fn a_quote_stands_for_a_quarter_of_an_hour_of_the_day(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 1, GOOD).await;
    let early = quoted(&world.services, &kenji, order).await;
    world.pass(15 * 60);
    let late = world.services.confirm_order(&kenji, order, &of(&early)).await;
    assert!(matches!(late, Err(ServiceError::QuoteChanged)), "{late:?}");
    let ahead = Confirmation { quoted_at: early.until, ..of(&early) };
    let forged = world.services.confirm_order(&kenji, order, &ahead).await;
    assert!(matches!(forged, Err(ServiceError::QuoteChanged)), "{forged:?}");

    // 23:55 in Tokyo: this quote stands for five minutes.
    world.pass(13 * 3_600 + 40 * 60);
    let night = quoted(&world.services, &kenji, order).await;
    assert_eq!(night.until, night.at.plus_seconds(5 * 60));
    world.pass(6 * 60);
    let tomorrow = world.services.confirm_order(&kenji, order, &of(&night)).await;
    assert!(matches!(tomorrow, Err(ServiceError::QuoteChanged)), "{tomorrow:?}");
    assert_eq!(world.sandbox.collected(), (0, 0));
    assert!(matches!(confirm(&world.services, &kenji, order).await, Ok(Standing::Paid { .. })));
}

async fn a_changed_price_is_shown_before_it_is_charged(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 2, GOOD).await;
    let shown = quoted(&world.services, &kenji, order).await;
    let dearer =
        include_str!("../../../docs/examples/catalog.toml").replace("per_seat = 500 ", "per_seat = 600 ");
    assert!(dearer.contains("per_seat = 600"));
    world.services.import_catalog(dearer.as_bytes()).await.expect("imported");
    let refused = world.services.confirm_order(&kenji, order, &of(&shown)).await;
    assert!(matches!(refused, Err(ServiceError::QuoteChanged)), "{refused:?}");
    let anew = quoted(&world.services, &kenji, order).await;
    assert_eq!((shown.quote.due_now.minor(), anew.quote.due_now.minor()), (1_100, 1_320));
    assert!(matches!(confirm(&world.services, &kenji, order).await, Ok(Standing::Paid { .. })));
    assert_eq!(world.sandbox.collected(), (1, 1_320));
}

async fn the_bank_asks_and_the_purchase_waits(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 4, ASKS).await;
    let Standing::Bank { address } = confirm(&world.services, &kenji, order).await.expect("an answer") else {
        panic!("the bank asks")
    };
    assert!(matches!(look(&world.services, &kenji, order).await.stage, Stage::Bank { .. }));
    let waiting = world.services.settle_order(&kenji, order).await.expect("an answer");
    assert!(matches!(waiting, Standing::Bank { .. }), "{waiting:?}");
    assert_eq!(world.sandbox.collected(), (0, 0));

    // The next day: amounts stand, the purchase starts on the day it is paid.
    world.pass(20 * 3_600);
    world.answer_bank(&address, true).await;
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    assert!(
        matches!(look(&world.services, &kenji, order).await.stage, Stage::Underway),
        "looking writes nothing"
    );
    let done = world.services.do_due_work().await.expect("a round");
    assert_eq!(done.asked, 1);
    let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
    assert_eq!(receipt.quote.due_now().minor(), 2_200);
    assert_eq!(receipt.quote.purchase().expect("a purchase").term.start(), date(2026, 11, 25));
    assert_eq!(receipt.subscription.ends_on, date(2026, 12, 25));
    assert_eq!(receipt.invoice.expect("an invoice").contents.transaction_on, date(2026, 11, 25));
    assert_whole(&world).await;
}

async fn what_the_bank_never_approves_lapses_after_a_day(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 4, ASKS).await;
    let Standing::Bank { address } = confirm(&world.services, &kenji, order).await.expect("an answer") else {
        panic!("the bank asks")
    };
    world.pass(24 * 3_600 - 60);
    world.services.do_due_work().await.expect("a round");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji again");
    assert_eq!(status(&world.services, &kenji, order).await, OrderStatus::Confirmed);
    world.pass(660);
    world.services.do_due_work().await.expect("a round");
    assert_eq!(status(&world.services, &kenji, order).await, OrderStatus::Lapsed);
    // An approval that comes too late collects nothing.
    world.answer_bank(&address, true).await;
    assert_eq!(world.sandbox.collected(), (0, 0));
    assert_whole(&world).await;
}

async fn an_answer_that_is_lost_is_asked_for(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    for (number, mishaps) in [
        Mishaps::none().on(Call::Charge, [Mishap::AnswerLost]),
        Mishaps::none().on(Call::Charge, [Mishap::RequestLost]),
        Mishaps::none().on(Call::Charge, [Mishap::Repeated]),
        Mishaps::none().on(Call::Charge, [Mishap::AnswerLost]).on(Call::ChargeOutcome, [Mishap::AnswerLost]),
    ]
    .into_iter()
    .enumerate()
    {
        let order = world.services.start_order(&kenji, &format!("form {number}"), &paper(1)).await;
        let order = order.expect("an order");
        if let Stage::Card { setup, .. } = look(&world.services, &kenji, order).await.stage {
            world.type_card(&setup, GOOD).await;
        }
        world.sandbox.script(mishaps);
        let standing = confirm(&world.services, &kenji, order).await.expect("an answer");
        assert!(matches!(standing, Standing::Paid { .. }), "{number}: {standing:?}");
        assert_eq!(world.sandbox.collected().0, number + 1);
    }

    // Where nothing is known, nothing is guessed; the machine finds out.
    let order = world.services.start_order(&kenji, "the last form", &paper(1)).await.expect("an order");
    let lost = [Mishap::AnswerLost; 3];
    world.sandbox.script(Mishaps::none().on(Call::Charge, lost).on(Call::ChargeOutcome, lost));
    let standing = confirm(&world.services, &kenji, order).await.expect("an answer");
    assert_eq!(standing, Standing::Underway);
    world.sandbox.script(Mishaps::none());
    world.pass(30);
    world.services.do_due_work().await.expect("a round");
    assert_eq!(status(&world.services, &kenji, order).await, OrderStatus::Paid);
    assert_eq!(world.sandbox.collected(), (5, 5 * 550));
    assert_whole(&world).await;
}

async fn many_purchases_at_once_are_numbered_without_gaps(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    last_page(&world, &kenji, 1, GOOD).await;
    let buy = |number: u32| {
        let (services, kenji) = (world.services.clone(), kenji.clone());
        async move {
            let order = services.start_order(&kenji, &format!("form {number}"), &paper(1)).await?;
            Ok::<_, ServiceError>((order, confirm(&services, &kenji, order).await?))
        }
    };
    let first = world.services.start_order(&kenji, "a form", &paper(1)).await.expect("an order");
    confirm(&world.services, &kenji, first).await.expect("the card is kept");
    let bought = futures::future::try_join_all((0..16).map(buy)).await.expect("all are bought");
    let mut numbers = Vec::new();
    for (order, _) in bought {
        let receipt = world.services.receipt(&kenji, order).await.expect("a receipt");
        numbers.push(receipt.invoice.expect("an invoice").number.running);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (2..=17).collect::<Vec<_>>());
    assert_whole(&world).await;
}

async fn nobody_sees_an_order_of_somebody_else(world: World) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let order = last_page(&world, &kenji, 1, GOOD).await;
    let confirmation = of(&quoted(&world.services, &kenji, order).await);
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let anna = world.signed_in(ANNA, Some("Lakeside")).await.expect("Anna");
    for other in [&hana, &anna] {
        let services = &world.services;
        let answers = [
            services.checkout(other, order).await.map(drop),
            services.receipt(other, order).await.map(drop),
            services.confirm_order(other, order, &confirmation).await.map(drop),
            services.settle_order(other, order).await.map(drop),
            services.choose_card(other, order, None).await,
            services.change_order(other, order, &paper(2)).await,
        ];
        for answer in answers {
            assert!(matches!(answer, Err(ServiceError::NotFound)), "{answer:?}");
        }
    }
    let guest = world.signed_in(ANNA, Some("あおぞら")).await.expect("Anna as a guest");
    let refused = world.services.start_order(&guest, "a form", &paper(1)).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))), "{refused:?}");
    assert_eq!(world.sandbox.collected(), (0, 0));
}

/// The process dies at every point at which confirming waits for something. However far it had come, whoever comes
/// back finds an order that was charged once or not at all, and can go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_at_any_step_charges_once() {
    let mut survived = false;
    let mut steps = 0;
    while !survived {
        let world = World::embedded().await.expect("a world").with_examples().await.expect("the examples");
        let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
        let order = last_page(&world, &kenji, 10, GOOD).await;
        let confirmation = of(&quoted(&world.services, &kenji, order).await);
        let confirming = world.services.confirm_order(&kenji, order, &confirmation);
        survived = GivenUp::after(steps, confirming).await.is_some();

        // Another process, with nothing in its memory.
        let after = world.through(Arc::new(world.sandbox.clone())).expect("a restart");
        world.pass(20);
        after.do_due_work().await.expect("a round");
        if status(&after, &kenji, order).await == OrderStatus::Draft {
            let first = after.confirm_order(&kenji, order, &confirmation).await;
            assert!(matches!(first, Ok(Standing::Paid { .. })), "after {steps} steps: {first:?}");
        }
        let again = after.confirm_order(&kenji, order, &confirmation).await.expect("the result");
        assert!(matches!(again, Standing::Paid { .. }), "after {steps} steps: {again:?}");
        assert_eq!(world.sandbox.collected(), (1, 5_500), "after {steps} steps");
        let receipt = after.receipt(&kenji, order).await.expect("a receipt");
        assert_eq!(receipt.invoice.expect("an invoice").number.running, 1, "after {steps} steps");
        let products = after.products(&kenji, services::products::Filter::default()).await.expect("a list");
        assert_eq!(products.rows.len(), 1, "after {steps} steps");
        assert_whole(&world).await;
        steps += 1;
    }
    assert!(steps > 8, "confirming waits more often than {steps} times");
}
