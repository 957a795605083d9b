//! Payment methods, on a real database with the sandbox: typed, edited, replaced, deleted (SPEC 5, Cards).

use domain::address::Address;
use domain::id::{CardSetupId, PaymentMethodId};
use payments::provider::{ProviderError, Setup};
use payments::sandbox::{Call, Mishap, Mishaps};
use services::asker::Asker;
use services::billing::{BillingRole, Grant, Holding};
use services::cards::{CardAtProvider, CardWish, ExpiryState};
use services::orders::Stage;
use services::testing::World;
use services::testing::story::{HANA, KENJI, YUI, paper};
use services::{ServiceError, on_both_engines};

on_both_engines! {
    a_card_is_added_and_pays_nothing_until_it_is_attached
    expiry_and_address_are_edited_and_the_number_is_not
    a_card_in_use_is_deleted_only_with_another_in_its_place
    what_is_deleted_is_forgotten_by_the_provider
    a_card_is_its_owners_alone
    an_owner_of_the_account_pays_and_chooses_what_pays
    an_address_without_a_city_is_refused_and_nothing_begins
    a_draft_whose_card_was_deleted_asks_for_another
}

const VISA: &str = "4242 4242 4242 4242";
const MASTERCARD: &str = "5555 5555 5555 4444";
const ADD: CardWish = CardWish::Add { profile: None };

async fn who(world: &World, mail: &str) -> Asker {
    world.signed_in(mail, None).await.expect("somebody")
}

async fn waiting(world: &World, who: &Asker, setup: CardSetupId) -> Setup {
    match world.services.card_progress(who, setup).await.expect("the place").at {
        CardAtProvider::Waiting(setup) => setup,
        other => panic!("not waiting: {other:?}"),
    }
}

async fn begin(world: &World, who: &Asker, wish: CardWish) -> CardSetupId {
    let address = world.services.card_address(who, wish).await.expect("an address");
    let form = format!("{wish:?}");
    world.services.begin_card(who, &form, wish, &address, "").await.expect("a place at the provider")
}

async fn typed(world: &World, who: &Asker, wish: CardWish, number: &str) -> PaymentMethodId {
    let setup = begin(world, who, wish).await;
    world.type_card(&waiting(world, who, setup).await, number).await;
    world.services.finish_card(who, setup).await.expect("saved").expect("a card").method
}

async fn buy(world: &World, who: &Asker) {
    world.buy(who, &paper(2), VISA).await.expect("bought");
}

async fn work(world: &World) {
    world.services.do_due_work().await.expect("a round");
}

async fn a_card_is_added_and_pays_nothing_until_it_is_attached(world: World) {
    let hana = who(&world, HANA).await;
    let setup = begin(&world, &hana, ADD).await;
    assert!(world.services.finish_card(&hana, setup).await.expect("looked").is_none());
    world.type_card(&waiting(&world, &hana, setup).await, VISA).await;
    let finished = world.services.finish_card(&hana, setup).await.expect("saved").expect("a card");
    // Sent twice, it is one card.
    let again = world.services.finish_card(&hana, setup).await.expect("saved").expect("a card");
    assert_eq!(finished, again);
    let cards = world.services.cards(&hana).await.expect("the list");
    assert_eq!(cards.len(), 1);
    assert_eq!((cards[0].id, cards[0].pays.len(), cards[0].expiry), (finished.method, 0, ExpiryState::Good));
    assert_eq!(cards[0].card.last_four.to_string(), "4242");
    assert_eq!(world.sandbox.collected(), (0, 0));
}

async fn expiry_and_address_are_edited_and_the_number_is_not(world: World) {
    let hana = who(&world, HANA).await;
    let method = typed(&world, &hana, ADD, VISA).await;
    let before = world.services.cards(&hana).await.expect("the list").remove(0).card;
    let wish = CardWish::Edit { method };
    let mut address = world.services.card_address(&hana, wish).await.expect("an address");
    address.street = "中之島 1-1-1".into();
    let setup = world.services.begin_card(&hana, "edit", wish, &address, "").await.expect("a place");
    world.edit_card(&waiting(&world, &hana, setup).await).await;
    let edited = world.services.finish_card(&hana, setup).await.expect("saved").expect("a card");
    assert_eq!(edited.method, method);
    let after = world.services.cards(&hana).await.expect("the list").remove(0).card;
    assert_eq!((&after.token, after.last_four), (&before.token, before.last_four));
    assert!(after.expiry > before.expiry);
    assert_eq!(after.address.expect("an address").address.street, "中之島 1-1-1");
}

async fn a_card_in_use_is_deleted_only_with_another_in_its_place(world: World) {
    let hana = who(&world, HANA).await;
    buy(&world, &hana).await;
    let first = world.services.cards(&hana).await.expect("the list").remove(0);
    assert_eq!(first.pays.len(), 1);
    let refused = world.services.delete_card(&hana, "a", first.id, None).await;
    assert!(matches!(refused, Err(ServiceError::CardInUse)), "{refused:?}");
    let second = typed(&world, &hana, ADD, MASTERCARD).await;
    world.services.delete_card(&hana, "b", first.id, Some(second)).await.expect("replaced");
    // Sent twice, it is done once.
    world.services.delete_card(&hana, "b", first.id, Some(second)).await.expect("the same");
    let cards = world.services.cards(&hana).await.expect("the list");
    assert_eq!(
        cards.iter().map(|card| (card.id, card.pays.clone())).collect::<Vec<_>>(),
        [(second, first.pays)]
    );
    // A new one in its place, in one go.
    let third = typed(&world, &hana, CardWish::Replace { method: second }, VISA).await;
    let cards = world.services.cards(&hana).await.expect("the list");
    assert_eq!(cards.iter().map(|card| (card.id, card.pays.len())).collect::<Vec<_>>(), [(third, 1)]);
    // And it pays the renewal.
    let collected = world.sandbox.collected().0;
    world.live(32).await.expect("a month passes");
    assert_eq!(world.sandbox.collected().0, collected + 1);
}

async fn what_is_deleted_is_forgotten_by_the_provider(world: World) {
    let hana = who(&world, HANA).await;
    let method = typed(&world, &hana, ADD, VISA).await;
    let card = world.services.cards(&hana).await.expect("the list").remove(0).card;
    world.services.delete_card(&hana, "a", method, None).await.expect("deleted");
    assert_eq!(world.services.cards(&hana).await.expect("the list"), []);
    // The first try finds the line dead.
    world.sandbox.script(Mishaps::none().on(Call::ForgetCard, [Mishap::Unreachable]));
    work(&world).await;
    world.pass(24 * 3600);
    work(&world).await;
    let again = payments::provider::Provider::forget_card(&world.sandbox, &card.token).await;
    assert!(matches!(again, Ok(()) | Err(ProviderError::NotFound(_))), "{again:?}");
    assert!(
        world
            .services
            .store()
            .read()
            .await
            .expect("a reader")
            .conn()
            .work_set_aside(9)
            .await
            .expect("work")
            .is_empty()
    );
    let hana = who(&world, HANA).await;
    let wish = CardWish::Edit { method };
    let gone = world.services.card_address(&hana, wish).await;
    assert!(matches!(gone, Err(ServiceError::NotFound)), "{gone:?}");
}

async fn a_card_is_its_owners_alone(world: World) {
    let (hana, kenji, yui) = (who(&world, HANA).await, who(&world, KENJI).await, who(&world, YUI).await);
    let method = typed(&world, &hana, ADD, VISA).await;
    let setup = begin(&world, &hana, CardWish::Edit { method }).await;
    for other in [&kenji, &yui] {
        assert_eq!(world.services.cards(other).await.expect("the list"), []);
        for wish in [CardWish::Edit { method }, CardWish::Replace { method }] {
            let refused = world.services.card_address(other, wish).await;
            assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
        }
        let refused = world.services.card_progress(other, setup).await;
        assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
        let refused = world.services.finish_card(other, setup).await;
        assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
        let refused = world.services.delete_card(other, "x", method, None).await;
        assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
    }
    buy(&world, &kenji).await;
    let (_, profile) = world.services.cards(&kenji).await.expect("the list")[0].pays[0];
    let wish = CardWish::Add { profile: Some(profile) };
    let refused = world.services.card_address(&hana, wish).await;
    assert!(matches!(refused, Err(ServiceError::NotFound)), "{refused:?}");
    let own = typed(&world, &kenji, wish, MASTERCARD).await;
    let pays: Vec<_> = world
        .services
        .cards(&kenji)
        .await
        .expect("the list")
        .into_iter()
        .map(|card| (card.id == own, card.pays.len()))
        .collect();
    assert_eq!(pays, [(true, 1), (false, 0)]);
}

async fn an_address_without_a_city_is_refused_and_nothing_begins(world: World) {
    let hana = who(&world, HANA).await;
    let typed = Address { street: "x".repeat(201), ..Address::default() };
    let refused = world.services.begin_card(&hana, "form", ADD, &typed, "").await;
    let Err(ServiceError::Fields(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), ["city", "street"]);
}

async fn a_draft_whose_card_was_deleted_asks_for_another(world: World) {
    let hana = who(&world, HANA).await;
    let method = typed(&world, &hana, ADD, VISA).await;
    let order = world.services.start_order(&hana, "a form", &paper(2)).await.expect("an order");
    world.services.delete_card(&hana, "a", method, None).await.expect("deleted");
    let checkout = world.services.checkout(&hana, order).await.expect("the checkout");
    assert!(matches!(checkout.stage, Stage::Choose), "{:?}", checkout.stage);
}

async fn an_owner_of_the_account_pays_and_chooses_what_pays(world: World) {
    let (hana, kenji) = (who(&world, HANA).await, who(&world, KENJI).await);
    buy(&world, &kenji).await;
    let (account, profile) = world.services.cards(&kenji).await.expect("the list")[0].pays[0];
    let wish = CardWish::Add { profile: Some(profile) };
    assert!(matches!(world.services.card_address(&hana, wish).await, Err(ServiceError::NotFound)));
    let version = world.services.billing_account(&kenji, account).await.expect("the account").account.version;
    let grant = Grant { mail: HANA.to_owned(), role: BillingRole::Contributor };
    let holding = (Holding::Account(account), version);
    world.services.grant_billing_role(&kenji, "k", holding, &grant).await.expect("granted");
    let seen = world.services.cards(&hana).await.expect("the list");
    assert_eq!((seen.len(), seen[0].owner.is_some()), (1, true));
    let own = typed(&world, &hana, wish, MASTERCARD).await;
    let seen = world.services.cards(&hana).await.expect("the list");
    assert_eq!(seen.iter().map(|card| (card.id, card.pays.len())).collect::<Vec<_>>(), [(own, 1)]);
}
