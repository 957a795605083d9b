//! Credit of the profile is used before the card, and never twice (SPEC 4, Credit).

use domain::id::{OrderId, SubscriptionId};
use domain::ledger::Account;
use domain::money::{Currency, Money};
use services::asker::Asker;
use services::on_both_engines;
use services::orders::{Stage, Standing};
use services::testing::World;
use services::testing::checkout::{ASKS, GOOD};
use services::testing::story::{KENJI, paper};

on_both_engines! {
    credit_pays_before_the_card
    credit_pays_all_of_it
    credit_that_is_gone_while_the_bank_asks_gives_the_money_back
}

const fn yen(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}

async fn assert_whole(world: &World) {
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

/// Kenji has bought ten seats, and so much is kept for him.
async fn with_credit(world: &World, amount: i64) -> (Asker, SubscriptionId) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let subscription = world.buy(&kenji, &paper(10), GOOD).await.expect("bought");
    world.give_credit("aozora", subscription, yen(amount)).await.expect("credited");
    (kenji, subscription)
}

async fn due(world: &World, who: &Asker, order: OrderId) -> (Money, Money) {
    match world.services.checkout(who, order).await.expect("the checkout").stage {
        Stage::Confirm { quoted, .. } => (quoted.quote.credit_used, quoted.quote.due_now),
        other => panic!("not the last page: {other:?}"),
    }
}

async fn credit(world: &World, subscription: SubscriptionId) -> i64 {
    let profile = world.subscription("aozora", subscription).await.expect("it").profile;
    let organization = world.organization("aozora").await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    let kept = reader.conn().profile_credit(organization, profile, Currency::JPY).await.expect("a look");
    drop(reader);
    let books = world.balance("aozora", Account::Credit(profile)).await.expect("a balance");
    assert_eq!(kept.minor(), -books, "the books say the same");
    kept.minor()
}

async fn credit_pays_before_the_card(world: World) {
    let (kenji, subscription) = with_credit(&world, 1_000).await;
    let order = world.services.start_order(&kenji, "a form", &paper(2)).await.expect("an order");
    assert_eq!(due(&world, &kenji, order).await, (yen(1_000), yen(100)));
    let paid = world.confirm(&kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    assert_eq!((world.sandbox.collected(), credit(&world, subscription).await), ((2, 5_600), 0));
    assert_whole(&world).await;
}

async fn credit_pays_all_of_it(world: World) {
    let (kenji, subscription) = with_credit(&world, 3_000).await;
    let order = world.services.start_order(&kenji, "a form", &paper(2)).await.expect("an order");
    assert_eq!(due(&world, &kenji, order).await, (yen(1_100), yen(0)));
    let paid = world.confirm(&kenji, order).await.expect("an answer");
    assert!(matches!(paid, Standing::Paid { .. }), "{paid:?}");
    assert_eq!((world.sandbox.collected(), credit(&world, subscription).await), ((1, 5_500), 1_900));
    assert_whole(&world).await;
}

async fn credit_that_is_gone_while_the_bank_asks_gives_the_money_back(world: World) {
    let (kenji, subscription) = with_credit(&world, 1_000).await;
    let order = world.services.start_order(&kenji, "a form", &paper(2)).await.expect("an order");
    world.services.choose_card(&kenji, order, None).await.expect("another card");
    world.with_card(&kenji, order, ASKS).await.expect("the checkout");
    let Standing::Bank { address } = world.confirm(&kenji, order).await.expect("an answer") else {
        panic!("the bank asks")
    };
    let other = world.services.start_order(&kenji, "another form", &paper(1)).await.expect("an order");
    assert_eq!(due(&world, &kenji, other).await, (yen(550), yen(0)));
    world.confirm(&kenji, other).await.expect("an answer");
    world.answer_bank(&address, true).await;
    let standing = world.services.settle_order(&kenji, order).await.expect("an answer");
    assert_eq!((standing, credit(&world, subscription).await), (Standing::Returned, 450));
    assert_eq!(world.balance("aozora", Account::RefundsPayable).await.expect("a balance"), -100);
    assert_whole(&world).await;
}
