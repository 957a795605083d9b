//! What the calendar brings, on a real database with a clock that the test moves: renewals, instalments, payments
//! that fail, ends (SPEC 3, 5).

use domain::catalog::{BillingFrequency, Term};
use domain::change::ScheduledChange;
use domain::id::{OrganizationId, SubscriptionId};
use domain::ledger::Account;
use domain::money::{Currency, Money};
use domain::notices::NoticeKind;
use domain::subscription::{Active, State, Status};
use domain::time::Date;
use jiff::civil::date;
use payments::sandbox::{Call, Mishap, Mishaps};
use services::asker::Asker;
use services::orders::{Standing, Wish};
use services::testing::World;
use services::testing::story::{HANA, KENJI, YUI, paper};
use services::{ServiceError, on_both_engines};
use store::audit::Record;
use store::documents::Invoice;
use store::subscriptions::{Scheduled, SeatPurchase, Subscription};
use store::{Actor, Command, Origin};

const GOOD: &str = "4242 4242 4242 4242";
/// On session the bank asks; without the person it declines.
const ASKS: &str = "4000 0000 0000 3220";

on_both_engines! {
    a_month_renews_and_is_paid
    a_year_in_instalments_is_paid_month_by_month
    what_fails_is_tried_again_and_disabled_after_thirty_days
    paying_late_restores_and_the_waiting_month_follows
    what_is_due_is_paid_at_the_bank_or_with_another_card
    what_is_deleted_unpaid_owes_only_what_was_used
    a_card_is_not_charged_after_its_owner_has_left
    a_lost_answer_at_a_renewal_charges_once
    a_price_that_rises_is_announced_before_it_is_charged
    what_fails_stops_nobody
}

/// A year of the example's product, paid monthly: ¥475 for each seat.
fn instalments(seats: u32) -> Wish {
    Wish { term: "1-year".into(), frequency: "monthly".into(), ..paper(seats) }
}

async fn kenji(world: &World) -> Asker {
    world.signed_in(KENJI, None).await.expect("Kenji")
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

async fn seats(world: &World, id: SubscriptionId) -> Vec<SeatPurchase> {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().seat_purchases(organization, id).await.expect("purchases")
}

async fn told(world: &World, id: SubscriptionId) -> Vec<NoticeKind> {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    let notices = reader.conn().notices_about(organization, id.uuid()).await.expect("notices");
    notices.into_iter().map(|notice| notice.kind).collect()
}

async fn live(world: &World, days: i64) {
    world.live(days).await.expect("days pass");
}

async fn assert_whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken.is_some()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// The first days of what the invoices pay for, and what is owed on them.
fn owed(invoices: &[Invoice]) -> Vec<(Date, i64)> {
    let owed = |invoice: &Invoice| invoice.standing.owed().expect("an amount").minor();
    invoices.iter().map(|invoice| (invoice.contents.lines[0].service.start(), owed(invoice))).collect()
}

async fn a_month_renews_and_is_paid(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    live(&world, 29).await;
    assert_eq!(owed(&invoices(&world, id).await), [(date(2026, 11, 24), 0)]);
    live(&world, 1).await;

    let after = read(&world, id).await;
    assert_eq!((after.ends_on, after.billed_to), (date(2027, 1, 24), Some(date(2027, 1, 24))));
    assert_eq!((after.owes, after.dunning), (None, None));
    let found = invoices(&world, id).await;
    assert_eq!(owed(&found), [(date(2026, 11, 24), 0), (date(2026, 12, 24), 0)]);
    let renewal = &found[1];
    assert_eq!(renewal.contents.totals.gross, Money::new(2_750, Currency::JPY));
    assert_eq!(renewal.due_on, Some(date(2026, 12, 24)));
    let number = renewal.issued.as_ref().expect("it is issued");
    assert_eq!((number.number.as_str(), number.issued_on), ("EX-0000002", date(2026, 12, 24)));
    // A renewal opens a window of its own, and the seats of the term before are no longer there to give back.
    let held = seats(&world, id).await;
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].bought_on, held[0].refund_until), (date(2026, 12, 24), date(2026, 12, 31)));
    // A month that costs the same is not announced: the receipt tells.
    assert_eq!(told(&world, id).await, [NoticeKind::Paid]);
    live(&world, 31).await;
    assert_eq!(read(&world, id).await.ends_on, date(2027, 2, 24));
    assert_whole(&world).await;
}

async fn a_year_in_instalments_is_paid_month_by_month(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &instalments(10), GOOD).await.expect("bought");
    live(&world, 365).await;
    let found = invoices(&world, id).await;
    assert_eq!(found.len(), 13, "twelve instalments, and the first of the next year");
    assert!(found.iter().all(|invoice| invoice.contents.totals.gross.minor() == 5_225));
    let starts: Vec<Date> = found.iter().map(|invoice| invoice.contents.lines[0].service.start()).collect();
    assert_eq!((starts[11], starts[12]), (date(2027, 10, 24), date(2027, 11, 24)));
    let after = read(&world, id).await;
    assert_eq!(after.ends_on, date(2028, 11, 24));
    // The window of the year's renewal; instalments open none.
    assert_eq!(seats(&world, id).await[0].bought_on, date(2027, 11, 24));
    let ahead = told(&world, id).await.iter().filter(|kind| **kind == NoticeKind::RenewalAhead).count();
    assert_eq!(ahead, 3, "30, 7 and 1 days before");
    assert_whole(&world).await;
}

async fn what_fails_is_tried_again_and_disabled_after_thirty_days(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), ASKS).await.expect("bought");
    live(&world, 30).await;
    let failed = read(&world, id).await;
    let State::Active(Active { payment_due: Some(due), .. }) = failed.state else { panic!("{failed:?}") };
    assert_eq!((due.since, due.until), (date(2026, 12, 24), date(2027, 1, 23)));
    assert!(failed.owes.is_some() && failed.state.status().works(), "it works on");
    live(&world, 21).await;
    // The first failure, and the retries of days 3, 8, 15 and 21.
    let asked = told(&world, id).await.iter().filter(|kind| **kind == NoticeKind::ConfirmationNeeded).count();
    assert_eq!(asked, 5);
    live(&world, 8).await;
    assert_eq!(read(&world, id).await.state.status(), Status::Active);
    live(&world, 1).await;
    let disabled = read(&world, id).await;
    assert_eq!(disabled.state.status(), Status::Disabled);
    // Nothing more is invoiced while this one is open.
    assert_eq!(owed(&invoices(&world, id).await)[1..], [(date(2026, 12, 24), 2_750)]);
    assert_whole(&world).await;
}

async fn paying_late_restores_and_the_waiting_month_follows(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), ASKS).await.expect("bought");
    live(&world, 61).await;
    assert_eq!(read(&world, id).await.state.status(), Status::Disabled);
    let open = read(&world, id).await.owes.expect("an open invoice");
    // A card that pays takes the place of the one that does not.
    world.buy(&kenji, &paper(1), GOOD).await.expect("bought with another card");
    world.services.pay_now(&kenji, open, None).await.expect("paid");
    world.do_what_is_due().await.expect("what waited goes on");
    let after = read(&world, id).await;
    assert_eq!(after.state.status(), Status::Active);
    let found = owed(&invoices(&world, id).await);
    // The month that waited is invoiced from its own start: days as Disabled are not given back.
    assert_eq!(found[1..], [(date(2026, 12, 24), 0), (date(2027, 1, 24), 0)]);
    assert_eq!(after.ends_on, date(2027, 2, 24));
    assert!(told(&world, id).await.contains(&NoticeKind::Restored));
    assert_whole(&world).await;
}

async fn what_is_due_is_paid_at_the_bank_or_with_another_card(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), ASKS).await.expect("bought");
    assert_eq!(world.services.payable(&kenji, id).await.expect("an answer"), None);
    live(&world, 31).await;
    let kenji = self::kenji(&world).await;
    let payable = world.services.payable(&kenji, id).await.expect("an answer").expect("something is due");
    assert_eq!(
        (payable.owed.minor(), payable.gross.minor(), payable.due_on),
        (2_750, 2_750, Some(date(2026, 12, 24)))
    );
    assert_eq!((payable.cards.len(), payable.cards[0].usual, payable.under_way.is_none()), (1, true, true));
    // Nobody else sees it.
    let yui = world.signed_in(YUI, None).await.expect("Yui");
    assert!(matches!(world.services.payable(&yui, id).await, Err(ServiceError::NotFound)));

    // The bank asks, and refuses.
    let asked = world.services.pay_now(&kenji, payable.document, None).await.expect("an answer");
    let Standing::Bank { address } = asked else { panic!("the bank asks: {asked:?}") };
    let waits = world.services.payable(&kenji, id).await.expect("an answer").expect("something is due");
    assert_eq!(waits.under_way, Some(Some(address.clone())));
    world.answer_bank(&address, false).await;
    let refused = world.services.pay_now(&kenji, payable.document, None).await.expect("an answer");
    assert!(matches!(refused, Standing::Declined { .. }), "{refused:?}");
    // Another card pays, and pays this one only.
    world.buy(&kenji, &paper(1), GOOD).await.expect("bought with another card");
    let payable = world.services.payable(&kenji, id).await.expect("an answer").expect("something is due");
    let asks = payable.cards.iter().find(|card| !card.usual).expect("the first card").method;
    let good = payable.cards[0].method;
    let strange = world.services.pay_now(&yui, payable.document, Some(good)).await;
    assert!(matches!(strange, Err(ServiceError::NotFound)), "{strange:?}");
    let again = world.services.pay_now(&kenji, payable.document, Some(asks)).await.expect("an answer");
    let Standing::Bank { address } = again else { panic!("the bank asks: {again:?}") };
    world.answer_bank(&address, true).await;
    let paid = world.services.pay_now(&kenji, payable.document, Some(asks)).await.expect("an answer");
    assert_eq!(paid, Standing::Paid { subscription: id, document: payable.document });
    assert_eq!(world.services.payable(&kenji, id).await.expect("an answer"), None);
    assert_eq!(read(&world, id).await.owes, None);
    assert_whole(&world).await;
}

async fn what_is_deleted_unpaid_owes_only_what_was_used(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), ASKS).await.expect("bought");
    world.services.assign_licenses(&kenji, "a form", "paper", &[kenji_id(&kenji)]).await.expect("assigned");
    live(&world, 30 + 30 + 90).await;
    let gone = read(&world, id).await;
    assert_eq!((gone.state.status(), gone.assigned), (Status::Deleted, 0));
    // Unpaid since 24 December, Disabled on 23 January: one of 31 days was not used. ¥2,500 / 31 = ¥81, and its tax.
    let found = invoices(&world, id).await;
    assert_eq!(owed(&found)[1], (date(2026, 12, 24), 2_750 - 81 - 8));
    let told = told(&world, id).await;
    for kind in
        [NoticeKind::Disabled, NoticeKind::DeletionAhead, NoticeKind::Deleted, NoticeKind::LicenseLost]
    {
        assert!(told.contains(&kind), "{kind}");
    }
    live(&world, 400).await;
    assert_eq!(read(&world, id).await.state.status(), Status::Deleted);
    assert_whole(&world).await;
}

fn kenji_id(kenji: &Asker) -> domain::id::PersonId {
    kenji.place().expect("a place").person.id
}

async fn a_card_is_not_charged_after_its_owner_has_left(world: World) {
    let yui = world.signed_in(YUI, None).await.expect("Yui");
    let id = world.buy(&yui, &paper(2), GOOD).await.expect("bought");
    let row =
        "organization,mail,family_name,given_name,active\naozora,yui.yamazaki@aozora.example,山﨑,唯,no\n";
    let options = services::importing::PeopleOptions { many_leavers: true };
    world.services.import_people(row.as_bytes(), options, |_| ()).await.expect("she has left");
    live(&world, 30).await;
    let after = read(&world, id).await;
    assert!(after.owes.is_some());
    assert_eq!(told(&world, id).await, [NoticeKind::NoCard]);
    let before = world.sandbox.collected();
    live(&world, 29).await;
    assert_eq!(world.sandbox.collected(), before, "her card is left alone");
    live(&world, 1).await;
    assert_eq!(read(&world, id).await.state.status(), Status::Disabled);
    assert_whole(&world).await;
}

async fn a_lost_answer_at_a_renewal_charges_once(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    live(&world, 29).await;
    let lost = [Mishap::AnswerLost, Mishap::Unreachable, Mishap::RequestLost];
    world.sandbox.script(Mishaps::none().on(Call::Charge, lost).on(Call::ChargeOutcome, lost));
    live(&world, 1).await;
    for _ in 0..3 {
        world.pass(3_600);
        world.do_what_is_due().await.expect("asked again");
    }
    assert_eq!(owed(&invoices(&world, id).await), [(date(2026, 11, 24), 0), (date(2026, 12, 24), 0)]);
    assert_eq!(balance(&world, Account::ProviderClearing).await, 5_500);
    assert_whole(&world).await;
}

async fn balance(world: &World, account: Account) -> i64 {
    let organization = organization(world).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    reader.conn().balance(organization, account, Currency::JPY).await.expect("a balance").minor()
}

async fn a_price_that_rises_is_announced_before_it_is_charged(world: World) {
    let kenji = kenji(&world).await;
    let id = world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    let dearer = CATALOG.replace("{ per_seat = 500 }", "{ per_seat = 600 }");
    world.services.import_catalog(dearer.as_bytes()).await.expect("imported");
    live(&world, 23).await;
    assert_eq!(told(&world, id).await, [NoticeKind::RenewalAhead]);
    // What the notice says is charged, whatever the price is by then.
    let again = CATALOG.replace("{ per_seat = 500 }", "{ per_seat = 700 }");
    world.services.import_catalog(again.as_bytes()).await.expect("imported");
    live(&world, 7).await;
    let found = invoices(&world, id).await;
    assert_eq!(found[1].contents.totals.net, Money::new(3_000, Currency::JPY));
    live(&world, 31).await;
    assert_eq!(invoices(&world, id).await[2].contents.totals.net, Money::new(3_500, Currency::JPY));
    assert_whole(&world).await;
}

const CATALOG: &str = include_str!("../../../docs/examples/catalog.toml");

async fn what_fails_stops_nobody(world: World) {
    let kenji = kenji(&world).await;
    let hana = world.signed_in(HANA, None).await.expect("Hana");
    let poisoned = world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    let healthy = world.buy(&hana, &paper(3), GOOD).await.expect("bought");
    let organization = organization(&world).await;
    poison(&world, organization, poisoned).await;
    live(&world, 30).await;
    assert_eq!(read(&world, healthy).await.ends_on, date(2027, 1, 24));
    // It is tried again for a while and then set aside, with its reason.
    live(&world, 5).await;
    let mut reader = world.services.store().read().await.expect("a reader");
    let aside = reader.conn().work_set_aside(10).await.expect("a look");
    drop(reader);
    assert_eq!(aside.len(), 1);
    assert_eq!(aside[0].work.subject, poisoned.uuid());
    assert!(aside[0].reason.contains("the plan gone is gone"), "{}", aside[0].reason);
    assert_eq!(read(&world, poisoned).await.ends_on, date(2026, 12, 24));
    assert_whole(&world).await;
}

/// Schedules a plan that is nowhere.
async fn poison(world: &World, organization: OrganizationId, id: SubscriptionId) {
    let mut subscription = read(world, id).await;
    let change = ScheduledChange::Plan {
        plan: "gone".parse().expect("a key"),
        term: Term::OneMonth,
        frequency: BillingFrequency::UpFront,
    };
    let by = subscription.purchaser;
    let at = world.services.environment().now();
    subscription.scheduled = Some(Scheduled { change, by, at, losing: vec![] });
    let command = Command {
        organization,
        actor: Actor::Machine,
        origin: Origin::default(),
        at,
        seed: [7; 32],
        key: None,
        reason: None,
    };
    let write = world.services.store().write(command, move |tx| {
        let mut subscription = subscription.clone();
        Box::pin(async move {
            tx.audit(Record::new("subscription.poison", "subscription", id.uuid()));
            tx.save_subscription(organization, &mut subscription, Some(at)).await
        })
    });
    write.await.expect("poisoned");
}
