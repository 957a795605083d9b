//! Changes of a subscription, on a real database with a clock that the test moves and the sandbox (SPEC 4, 5).

mod cancel;
mod dying;
mod plan;
mod scheduled;
mod seats;
mod waiting;

use domain::id::{OrganizationId, PersonId, SubscriptionId};
use domain::ledger::Account;
use domain::money::Currency;
use domain::notices::NoticeKind;
use payments::provider::SetupOutcome;
use services::ServiceError;
use services::asker::Asker;
use services::changes::{ChangeOutcome, Confirmation, Sealed, SeatQuote, SeatWish, Standing};
use services::orders::Stage;
use services::testing::World;
use services::testing::story::{KENJI, paper};
use store::audit::Record;
use store::documents::Invoice;
use store::subscriptions::{SeatPurchase, Subscription};
use store::{Actor, Command, Origin, StoreError};

const GOOD: &str = "4242 4242 4242 4242";
const EMPTY: &str = "4000 0000 0000 9995";
const ASKS: &str = "4000 0000 0000 3220";
/// Pays, and takes nothing back.
const KEEPS: &str = "4000 0000 0000 5126";

/// Kenji; a session does not outlive a night.
async fn kenji(world: &World) -> Asker {
    world.signed_in(KENJI, None).await.expect("Kenji")
}

/// The example's catalog with another price for a seat and a month.
async fn price(world: &World, per_seat: u32) {
    let catalog = include_str!("../../../../docs/examples/catalog.toml")
        .replace("per_seat = 500 ", &format!("per_seat = {per_seat} "));
    assert!(catalog.contains(&format!("per_seat = {per_seat} ")));
    world.services.import_catalog(catalog.as_bytes()).await.expect("imported");
}

/// Kenji buys so many seats for a month, at the price in force.
async fn bought(world: &World, seats: u32) -> SubscriptionId {
    bought_with(world, seats, GOOD).await
}

async fn bought_with(world: &World, seats: u32, card: &str) -> SubscriptionId {
    world.buy(&kenji(world).await, &paper(seats), card).await.expect("bought")
}

async fn live(world: &World, days: i64) {
    world.live(days).await.expect("days pass");
}

async fn organization(world: &World) -> OrganizationId {
    world.organization("aozora").await.expect("the organization")
}

async fn read(world: &World, id: SubscriptionId) -> Subscription {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().subscription(organization, id).await.expect("a look").expect("it is there")
}

async fn invoices(world: &World, id: SubscriptionId) -> Vec<Invoice> {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().invoices_of(organization, id).await.expect("invoices")
}

async fn purchases(world: &World, id: SubscriptionId) -> Vec<SeatPurchase> {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().seat_purchases(organization, id).await.expect("purchases")
}

/// What was told of a subscription, sorted: what happens at one instant has no order.
async fn told(world: &World, id: SubscriptionId) -> Vec<NoticeKind> {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    let notices = reader.conn().notices_about(organization, id.uuid()).await.expect("notices");
    let mut kinds: Vec<NoticeKind> = notices.into_iter().map(|notice| notice.kind).collect();
    kinds.sort_unstable();
    kinds
}

/// Debits less credits over the whole organization.
async fn balance(world: &World, account: Account) -> i64 {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().balance(organization, account, Currency::JPY).await.expect("a balance").minor()
}

/// What is kept for the profile of a subscription.
async fn credit(world: &World, id: SubscriptionId) -> i64 {
    let pane = world.services.change_pane(&kenji(world).await, id).await.expect("a pane");
    pane.credit.minor()
}

/// The name by which a quote is confirmed.
fn of(sealed: &Sealed) -> Confirmation {
    Confirmation { seal: sealed.seal.clone(), quoted_at: sealed.at }
}

async fn quote_seats(world: &World, id: SubscriptionId, wish: &SeatWish) -> SeatQuote {
    world.services.quote_seats(&kenji(world).await, id, wish).await.expect("a quote")
}

/// Quotes another number of seats and confirms it.
async fn change_seats(
    world: &World,
    id: SubscriptionId,
    wish: &SeatWish,
) -> Result<ChangeOutcome, ServiceError> {
    let kenji = kenji(world).await;
    let quoted = world.services.quote_seats(&kenji, id, wish).await?;
    world.services.change_seats(&kenji, id, wish, &of(&quoted.sealed)).await
}

fn is_paid(outcome: &ChangeOutcome) -> bool {
    matches!(outcome, ChangeOutcome::Order { standing: Standing::Paid { .. }, .. })
}

/// From now on the profile that Kenji's purchases go to is paid by this card, which belongs to that person.
async fn pays_with(world: &World, owner: PersonId, number: &str) {
    let services = &world.services;
    let kenji = kenji(world).await;
    let buyer = kenji.must_place().expect("a place").person.id;
    let form = format!("a card {number}");
    let order = services.start_order(&kenji, &form, &paper(1)).await.expect("an order");
    services.choose_card(&kenji, order, None).await.expect("a new card");
    let stage = services.checkout(&kenji, order).await.expect("a checkout").stage;
    let Stage::Card { setup, .. } = stage else { panic!("a card is to be typed") };
    world.type_card(&setup, number).await;
    let outcome = services.paying().provider().setup_outcome(&setup.id).await.expect("an answer");
    let SetupOutcome::Ready(card) = outcome else { panic!("{outcome:?}") };
    let organization = organization(world).await;
    let command = Command {
        organization,
        actor: Actor::CommandLine,
        origin: Origin::default(),
        at: services.environment().now(),
        seed: services.environment().bytes(),
        key: None,
        reason: None,
    };
    let write = services.store().write(command, move |tx| {
        let (card, token) = (serde_json::to_string(&card).expect("a card"), card.token.secret().to_owned());
        Box::pin(async move {
            tx.audit(Record::new("profile.pay-with", "person", buyer.uuid()));
            let method = tx.keep_card(organization, owner, "sandbox", &token, &card).await?;
            tx.own_profile_paid_by(organization, buyer, Currency::JPY, Some(method)).await.map(drop)
        })
    });
    write.await.map_err(|error: StoreError| error).expect("another card");
}

/// Everything that must be true of the data is true.
async fn assert_whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken.is_some()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}
