//! The end of a trial, carried out as the engine does it: facts before the unit, the rest inside it.

use domain::ledger::Account;
use jiff::civil::date;

use super::*;
use crate::on_both_engines;
use crate::orders::Standing;
use crate::testing::World;
use crate::testing::checkout::GOOD;
use crate::testing::story::{KENJI, YUI, trial_of_paper};
use crate::trials::{TrialStarted, TrialWish};
use domain::id::SubscriptionId;
use domain::subscription::{Channel, DisabledCause};
use store::audit::Record;

on_both_engines! {
    a_trial_becomes_the_purchase_that_was_chosen
    a_trial_costs_what_was_shown_when_it_was_chosen
    a_trial_with_more_people_than_seats_is_not_bought
    what_has_changed_since_the_facts_is_looked_at_again
    recurring_billing_that_is_turned_off_ends_it
}

const DAY: i64 = 24 * 3_600;

/// A trial with a card that becomes a purchase for so many.
async fn trial(world: &World, seats: u32) -> SubscriptionId {
    world.catalog_with(&[("card = \"none\"", "card = \"required\"")]).await.expect("a catalog");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let convert = Some(("1-year".to_owned(), "monthly".to_owned()));
    let wish = TrialWish { seats_to_buy: seats.to_string(), convert, ..trial_of_paper() };
    let started = world.services.start_trial(&kenji, "a form", &wish).await.expect("an order");
    let TrialStarted::Card(order) = started else { panic!("{started:?} asks for no card") };
    world.with_card(&kenji, order, GOOD).await.expect("the checkout");
    let Standing::Started { subscription } = world.confirm(&kenji, order).await.expect("an answer") else {
        panic!("a trial")
    };
    subscription
}

async fn at_end(world: &World, trial: SubscriptionId) -> AtTrialEnd {
    let organization = world.organization("aozora").await.expect("the organization");
    let found = world.subscription("aozora", trial).await.expect("the trial");
    let mut reader = world.services.store().read().await.expect("a reader");
    let buyer = reader.conn().buyer_place(organization, found.purchaser).await.expect("a look");
    drop(reader);
    world.services.at_trial_end(&buyer.expect("the buyer"), &found).await.expect("an answer")
}

/// What the engine does with it, without collecting.
async fn convert(
    world: &World,
    trial: SubscriptionId,
    facts: Box<ConversionFacts>,
) -> Result<Converted, ServiceError> {
    let organization = world.organization("aozora").await.expect("the organization");
    let command = world.services.command_of_machine(organization, None);
    let written = world.services.store().write(command, move |tx| {
        let facts = facts.clone();
        Box::pin(async move {
            let found = tx.subscription(organization, trial).await?;
            let mut found = found.ok_or(ServiceError::NotFound)?;
            let converted = write_conversion(tx, &facts, &mut found).await?;
            tx.save_subscription(organization, &mut found, None).await?;
            tx.audit(Record::new("test", "subscription", trial.uuid()));
            Ok::<_, ServiceError>((converted.document, converted.due))
        })
    });
    let (document, due) = written.await?;
    Ok(Converted { document, due })
}

async fn give(world: &World, mails: &[&str]) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let mut people = Vec::new();
    for mail in mails {
        people.push(world.person("aozora", mail).await.expect("somebody"));
    }
    world.services.assign_licenses(&kenji, &format!("{mails:?}"), "paper", &people).await.expect("given");
}

fn bought(end: AtTrialEnd) -> Box<ConversionFacts> {
    match end {
        AtTrialEnd::Bought(facts) => facts,
        AtTrialEnd::NotBought(reason) => panic!("not bought: {reason:?}"),
    }
}

fn not_bought(end: AtTrialEnd) -> NotBought {
    match end {
        AtTrialEnd::NotBought(reason) => reason,
        AtTrialEnd::Bought(facts) => panic!("bought: {facts:?}"),
    }
}

async fn a_trial_becomes_the_purchase_that_was_chosen(world: World) {
    let trial = trial(&world, 3).await;
    give(&world, &[KENJI, YUI]).await;
    let before = world.subscription("aozora", trial).await.expect("the trial");
    // Nobody was there on the day itself: it counts as done on that day.
    world.pass(33 * DAY);
    let facts = bought(at_end(&world, trial).await);
    assert_eq!(facts.quote().term.start(), date(2026, 12, 24));
    let converted = convert(&world, trial, facts.clone()).await.expect("written");
    assert_eq!(converted.due.minor(), 1_567, "3 × ¥475 and 10 %");
    let after = world.subscription("aozora", trial).await.expect("the subscription");
    assert_eq!((after.channel, after.seats, after.assigned), (Channel::SelfService, 3, 2));
    assert_eq!((after.ends_on, after.billed_to), (date(2027, 12, 24), Some(date(2027, 1, 24))));
    assert_eq!((after.owes, after.profile), (Some(converted.document), before.profile));
    let organization = world.organization("aozora").await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    let invoice = reader.conn().invoice(organization, converted.document).await.expect("a look");
    let purchases = reader.conn().seat_purchases(organization, trial).await.expect("the seats");
    drop(reader);
    let invoice = invoice.expect("the invoice");
    assert_eq!((invoice.due_on, invoice.order), (Some(date(2026, 12, 24)), None));
    assert_eq!(invoice.standing.owed().expect("a sum"), converted.due);
    assert_eq!((purchases.len(), purchases[0].refund_until), (1, date(2026, 12, 31)));
    let receivable = world.balance("aozora", Account::Receivable(after.profile)).await.expect("a balance");
    assert_eq!(receivable, 1_567);
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
    // It was done.
    let again = convert(&world, trial, facts).await;
    assert!(matches!(again, Err(ServiceError::Stale)), "{again:?}");
}

async fn a_trial_costs_what_was_shown_when_it_was_chosen(world: World) {
    let trial = trial(&world, 2).await;
    let required = ("card = \"none\"", "card = \"required\"");
    world.catalog_with(&[required, ("per_seat = 475 ", "per_seat = 995 ")]).await.expect("a dearer catalog");
    assert_eq!(bought(at_end(&world, trial).await).quote().due_now.minor(), 1_045, "2 × ¥475 and 10 %");
    // What is not sold any more is not bought.
    world
        .catalog_with(&[required, ("retired = false\n\n[products", "retired = true\n\n[products")])
        .await
        .expect("x");
    let reason = not_bought(at_end(&world, trial).await);
    assert_eq!(reason, NotBought::NotSold(NotSoldReason::Retired));
}

async fn a_trial_with_more_people_than_seats_is_not_bought(world: World) {
    let trial = trial(&world, 1).await;
    give(&world, &[KENJI, YUI]).await;
    assert_eq!(not_bought(at_end(&world, trial).await), NotBought::TooManyAssigned { over: 1 });
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let yui = world.person("aozora", YUI).await.expect("Yui");
    world.services.unassign_licenses(&kenji, "u", "paper", &[yui]).await.expect("taken");
    assert_eq!(bought(at_end(&world, trial).await).quote().seats.get(), 1);
}

async fn what_has_changed_since_the_facts_is_looked_at_again(world: World) {
    let trial = trial(&world, 1).await;
    let facts = bought(at_end(&world, trial).await);
    give(&world, &[KENJI, YUI]).await;
    let late = convert(&world, trial, facts.clone()).await;
    assert!(matches!(late, Err(ServiceError::Stale)), "{late:?}");
    world
        .as_if("aozora", trial, |trial| {
            let State::Active(active) = trial.state else { panic!("{:?}", trial.state) };
            let end = active.run.period().expect("its days").end();
            let until = end.tomorrow().expect("a day");
            let cause = DisabledCause::Ended;
            trial.state = State::Disabled(domain::subscription::Disabled { since: end, until, cause });
        })
        .await
        .expect("ended");
    let ended = convert(&world, trial, facts).await;
    assert!(matches!(ended, Err(ServiceError::Stale)), "{ended:?}");
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

async fn recurring_billing_that_is_turned_off_ends_it(world: World) {
    let trial = trial(&world, 1).await;
    let off = |trial: &mut Subscription| trial.state = trial.state.set_recurring(false).expect("off");
    world.as_if("aozora", trial, off).await.expect("turned off");
    assert_eq!(not_bought(at_end(&world, trial).await), NotBought::NotChosen);
}
