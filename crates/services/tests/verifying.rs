//! `zaseki verify` finds what is broken: each rule is broken on purpose, behind the store's back, and named.

use services::changes::{CancelHow, CancelReason, CancelWish, ChangeOutcome, SeatWish, Standing};
use services::orders::Confirmation;
use services::testing::World;
use services::testing::checkout::{ASKS, GOOD};
use services::testing::story::{KENJI, YUI, paper, trial_of_paper};
use services::{ServiceError, on_both_engines};

on_both_engines! {
    each_rule_is_broken_and_found
    more_seats_are_never_taken_than_there_are
}

/// A rule, the table that breaks it, and how.
const BREAKS: &[(&str, &str, &str)] = &[
    (
        "the entries of a posting add up to nothing in each currency",
        "entry",
        "UPDATE entry SET amount = amount + 1 WHERE amount > 0",
    ),
    ("a posting has entries", "entry", "DELETE FROM entry"),
    (
        "what a document asks for or takes back stands in the books once",
        "posting",
        "UPDATE posting SET cause = 'payment' WHERE cause = 'invoice'",
    ),
    (
        "a payment that succeeded stands in the books with its amount, once",
        "posting",
        "UPDATE posting SET payment_attempt_id = NULL",
    ),
    (
        "every numbered document has a day of issue, and every other one none",
        "document",
        "UPDATE document SET issued_on = NULL WHERE running = 1",
    ),
    ("as many seats are taken as licenses are given", "assignment", "DELETE FROM assignment"),
    (
        "a license is for the product of the subscription that it is drawn from",
        "subscription",
        "UPDATE subscription SET product_id = plan_id",
    ),
    ("only active people who are no guests hold a license", "person", "UPDATE person SET guest = TRUE"),
    (
        "a subscription has the seats that were bought and not given back",
        "seat_purchase",
        "UPDATE seat_purchase SET seats = seats + 1",
    ),
    (
        "what is not paid of an invoice is what its subscription owes",
        "subscription",
        "UPDATE subscription SET owes_document_id = NULL WHERE owes_document_id IS NOT NULL",
    ),
    ("a subscription has a manager or stands under those who have none", "person", "DELETE FROM person"),
    (
        "a paid order has one invoice, and no other order has one",
        "document",
        "UPDATE document SET order_id = NULL WHERE order_id IS NOT NULL",
    ),
    (
        "a purchase and a trial have made one subscription, and no other order has",
        "orders",
        "UPDATE orders SET status = 'draft' WHERE status = 'paid'",
    ),
    (
        "an order for a subscription names one of its organization",
        "orders",
        "UPDATE orders SET subscription_id = NULL WHERE kind = 'seats'",
    ),
    (
        "what is tried has a trial of its product, and its numbers have no gaps",
        "trial",
        "UPDATE trial SET number = number + 1",
    ),
    (
        "an order that is confirmed has an open attempt, and no other order has one",
        "payment_attempt",
        "UPDATE payment_attempt SET settled_at = NULL WHERE order_id IS NOT NULL",
    ),
    (
        "what was paid of an invoice stands in the books",
        "document",
        "UPDATE document SET paid = paid + 1 WHERE kind = 'invoice'",
    ),
    (
        "what was credited of an invoice is what its credit notes say",
        "document",
        "UPDATE document SET lowered = lowered + 1 WHERE kind = 'invoice'",
    ),
    (
        "what came back of an invoice stands in the books",
        "document",
        "UPDATE document SET returned = returned + 1 WHERE kind = 'invoice'",
    ),
    ("no more goes back to a card than it paid", "refund", "UPDATE refund SET amount = amount + 100000"),
    ("what is on its way back stands in the books", "refund", "UPDATE refund SET settled_at = NULL"),
    (
        "an organization with a document has its country and currency fixed",
        "organization",
        "UPDATE organization SET has_document = FALSE WHERE has_document",
    ),
    (
        "the numbers of a series run from 1 without gaps",
        "number_series",
        "UPDATE number_series SET next = next + 1",
    ),
    (
        "what is kept for a profile stands in the books",
        "profile_credit",
        "UPDATE profile_credit SET amount = amount + 1",
    ),
    (
        "seats wait for the orders that are under way, and for no others",
        "subscription",
        "UPDATE subscription SET waiting = waiting + 1",
    ),
    (
        "what a document asks for is what its lines and tax come to",
        "document",
        "UPDATE document SET net = net + 1, gross = gross + 1",
    ),
    (
        "a subscription falls due on the day that its state says",
        "work",
        "DELETE FROM work WHERE kind = 'subscription'",
    ),
];

/// The rule that no statement can break: the tables themselves refuse it.
const UNBREAKABLE: &str = "no more seats are taken than there are";

async fn each_rule_is_broken_and_found(world: World) {
    live(&world).await.expect("a life");
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    for verdict in &verdicts {
        let known = verdict.rule == UNBREAKABLE || BREAKS.iter().any(|(rule, ..)| *rule == verdict.rule);
        assert!(known, "nothing here breaks \"{}\"", verdict.rule);
    }
    for (rule, table, statement) in BREAKS {
        let changed = world.fresh().spoil(table, statement).await.expect("spoilt");
        assert!(changed > 0, "{statement} changes nothing");
        let verdicts = world.services.verify(|_| ()).await.expect("verified");
        let verdict = verdicts.iter().find(|verdict| verdict.rule == *rule).expect("a rule");
        assert!(verdict.broken.is_some(), "{statement} is not found by \"{rule}\"");
        world.fresh().mend(table).await.expect("mended");
    }
    assert_eq!(world.broken().await.expect("verified"), Vec::<String>::new());
}

async fn more_seats_are_never_taken_than_there_are(world: World) {
    live(&world).await.expect("a life");
    let spoilt = world.fresh().spoil("subscription", "UPDATE subscription SET assigned = seats + 1").await;
    assert!(spoilt.is_err(), "{spoilt:?}");
}

/// A life that has some of everything: licenses, a trial, more and fewer seats, credit, seats that wait, a refund, and
/// something owed.
async fn live(world: &World) -> Result<(), ServiceError> {
    let services = &world.services;
    let kenji = world.signed_in(KENJI, None).await?;
    services.start_trial(&kenji, "a trial", &trial_of_paper()).await?;
    // One is canceled, and its payment goes back.
    let canceled = world.buy(&kenji, &paper(3), GOOD).await?;
    let wish = CancelWish::new(CancelHow::Now, CancelReason::NotUsed);
    let quote = services.quote_cancel(&kenji, canceled).await?.sealed;
    let confirmation = Confirmation { seal: quote.seal, quoted_at: quote.at };
    services.cancel(&kenji, canceled, &wish, &confirmation).await?;
    world.do_what_is_due().await?;
    let first = world.buy(&kenji, &paper(10), GOOD).await?;
    let people = [world.person("aozora", KENJI).await?, world.person("aozora", YUI).await?];
    services.assign_licenses(&kenji, "two licenses", "paper", &people).await?;
    for total in [12, 8] {
        let wish = SeatWish::now(total);
        let quote = services.quote_seats(&kenji, first, &wish).await?.sealed;
        let confirmation = Confirmation { seal: quote.seal, quoted_at: quote.at };
        services.change_seats(&kenji, first, &wish, &confirmation).await?;
    }
    // One is not paid when it renews.
    let yui = world.signed_in(YUI, None).await?;
    world.buy(&yui, &paper(1), ASKS).await?;
    world.live(31).await?;
    // The bank asks about more seats.
    let kenji = world.signed_in(KENJI, None).await?;
    world.buy(&kenji, &paper(2), ASKS).await?;
    let wish = SeatWish::now(60);
    let quote = services.quote_seats(&kenji, first, &wish).await?.sealed;
    let confirmation = Confirmation { seal: quote.seal, quoted_at: quote.at };
    let outcome = services.change_seats(&kenji, first, &wish, &confirmation).await?;
    assert!(
        matches!(outcome, ChangeOutcome::Order { standing: Standing::Bank { .. }, .. }),
        "the bank asks: {outcome:?}"
    );
    Ok(())
}
