//! Test clocks: ten years in a moment, and nobody else's days move (SPEC 3).

use domain::subscription::Status;
use jiff::civil::date;
use services::clock::ClockProblem;
use services::on_both_engines;
use services::orders::Wish;
use services::testing::World;
use services::testing::story::{KENJI, paper};
use services::{Happened, ServiceError};

const GOOD: &str = "4242 4242 4242 4242";
const ASKS: &str = "4000 0000 0000 3220";

on_both_engines! {
    days_pass_when_somebody_says_so
    only_an_organization_without_documents_is_put_on_one
    what_is_not_paid_is_tried_disabled_and_deleted_in_order
    ten_years_pass_in_order
}

async fn advance(world: &World, to: domain::time::Date) -> Vec<Happened> {
    let advanced = world.services.advance_clock("aozora", to, |_| ()).await.expect("advanced");
    assert!(advanced.failed.is_empty(), "{:?}", advanced.failed);
    advanced.happened
}

async fn assert_whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken.is_some()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

fn said(happened: &[Happened]) -> Vec<String> {
    happened.iter().map(|each| format!("{} {}", each.on, each.what)).collect()
}

async fn days_pass_when_somebody_says_so(world: World) {
    assert_eq!(world.services.start_clock("aozora").await.expect("started"), date(2026, 11, 24));
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let id = world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    // Real days mean nothing there, and workers leave it alone.
    world.live(40).await.expect("days pass");
    let details = world.services.product_details(&kenji_again(&world).await, id).await.expect("details");
    assert_eq!(
        (details.subscription.ends_on, details.window.customer.today),
        (date(2026, 12, 24), date(2026, 11, 24))
    );

    let happened = advance(&world, date(2027, 1, 1)).await;
    assert_eq!(
        said(&happened),
        ["2026-12-17 subscription.fix-price", "2026-12-24 subscription.renew", "2026-12-24 document.pay"]
    );
    let kenji = kenji_again(&world).await;
    let details = world.services.product_details(&kenji, id).await.expect("details");
    assert_eq!(
        (details.subscription.ends_on, details.window.customer.today),
        (date(2027, 1, 24), date(2027, 1, 1))
    );
    // Its documents never count: they take a series of their own.
    let mut reader = world.services.store().read().await.expect("a reader");
    let organization = details.subscription.id;
    let invoices =
        reader.conn().invoices_of(kenji.place().expect("a place").organization.id, organization).await;
    drop(reader);
    let invoices = invoices.expect("invoices");
    assert!(invoices.iter().all(|invoice| invoice.contents.series == domain::document::Series::Test));
    assert!(matches!(
        world.services.advance_clock("aozora", date(2026, 12, 31), |_| ()).await,
        Err(ServiceError::Clock(ClockProblem::Backward(_)))
    ));
    assert_whole(&world).await;
}

/// The session of forty days ago is over.
async fn kenji_again(world: &World) -> services::asker::Asker {
    world.signed_in(KENJI, None).await.expect("Kenji")
}

async fn only_an_organization_without_documents_is_put_on_one(world: World) {
    let services = &world.services;
    let refused = |outcome: Result<_, ServiceError>| match outcome {
        Err(ServiceError::Clock(problem)) => problem,
        other => panic!("not refused: {other:?}"),
    };
    let to = date(2027, 1, 1);
    let real = services.advance_clock("aozora", to, |_| ()).await.map(|_| to);
    assert_eq!(refused(real), ClockProblem::Real);
    assert_eq!(refused(services.start_clock("nobody").await), ClockProblem::Unknown);
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    world.buy(&kenji, &paper(1), GOOD).await.expect("bought");
    assert_eq!(refused(services.start_clock("aozora").await), ClockProblem::HasDocuments);
    // Twice is once.
    let first = services.start_clock("lakeside").await.expect("started");
    assert_eq!(services.start_clock("lakeside").await.expect("started"), first);
    assert_whole(&world).await;
}

async fn what_is_not_paid_is_tried_disabled_and_deleted_in_order(world: World) {
    world.services.start_clock("aozora").await.expect("started");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let id = world.buy(&kenji, &paper(5), ASKS).await.expect("bought");
    let happened = advance(&world, date(2027, 6, 1)).await;
    let said = said(&happened);
    assert_eq!(
        said[1..4],
        ["2026-12-24 subscription.renew", "2026-12-24 document.decline", "2026-12-27 subscription.retry"]
    );
    assert_eq!(said.iter().filter(|line| line.ends_with("subscription.retry")).count(), 4);
    assert!(said.contains(&"2027-01-23 subscription.disable-unpaid".to_owned()), "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("2027-04-23 subscription.delete"));
    let details = world.services.product_details(&kenji, id).await.expect("details");
    assert_eq!(details.subscription.state.status(), Status::Deleted);
    assert_whole(&world).await;
}

async fn ten_years_pass_in_order(world: World) {
    world.services.start_clock("aozora").await.expect("started");
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let yearly = Wish { term: "1-year".into(), frequency: "up-front".into(), ..paper(3) };
    world.buy(&kenji, &yearly, GOOD).await.expect("bought");
    world.buy(&kenji, &paper(5), GOOD).await.expect("bought");
    let happened = advance(&world, date(2036, 11, 24)).await;
    assert!(happened.windows(2).all(|pair| pair[0].on <= pair[1].on), "in order");
    let renewals = happened.iter().filter(|each| each.what == "subscription.renew").count();
    assert_eq!(renewals, 10 + 120, "each year and each month");
    assert_whole(&world).await;
}
