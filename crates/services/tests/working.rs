//! Workers: what falls due is done once, however many work on it and wherever one of them dies.

use std::sync::Arc;

use domain::id::SubscriptionId;
use domain::time::Date;
use jiff::civil::date;
use services::asker::Asker;
use services::on_both_engines;
use services::testing::story::{KENJI, paper};
use services::testing::{GivenUp, World};
use services::worker::Done;

const GOOD: &str = "4242 4242 4242 4242";

on_both_engines! {
    several_workers_do_everything_once
    many_that_are_due_are_done_together
}

/// Subscriptions of one seat each, and the worlds' clock on the day on which they renew.
async fn renewing(world: &World, count: u32) -> (Asker, Vec<SubscriptionId>) {
    let kenji = world.signed_in(KENJI, None).await.expect("Kenji");
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(world.buy(&kenji, &paper(1), GOOD).await.expect("bought"));
    }
    world.live(29).await.expect("days pass");
    world.pass(24 * 3_600);
    (kenji, ids)
}

async fn renewed(world: &World) -> Vec<Date> {
    let organization = world.organization("aozora").await.expect("the organization");
    let mut reader = world.services.store().read().await.expect("a reader");
    let mut conn = reader.conn();
    let rows = conn.subscriptions_of(organization, None, 1_000).await.expect("a list");
    rows.into_iter().map(|row| row.ends_on).collect()
}

async fn assert_whole(world: &World) {
    let verdicts = world.services.verify(|_| ()).await.expect("verified");
    let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken.is_some()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

async fn several_workers_do_everything_once(world: World) {
    renewing(&world, 12).await;
    let workers: Vec<_> = (0..4)
        .map(|_| world.through(Arc::new(world.sandbox.clone())).expect("another process"))
        .map(|services| {
            tokio::spawn(async move {
                for _ in 0..6 {
                    services.do_due_work().await.expect("a round");
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("it works");
    }
    world.do_what_is_due().await.expect("the rest");
    assert_eq!(renewed(&world).await, [date(2027, 1, 24); 12]);
    assert_eq!(world.sandbox.collected(), (24, 24 * 550));
    assert_whole(&world).await;
}

async fn many_that_are_due_are_done_together(world: World) {
    renewing(&world, 30).await;
    let first = world.services.do_due_work().await.expect("a round");
    assert_eq!((first.advanced, first.failed), (30, 0));
    let second = world.services.do_due_work().await.expect("a round");
    assert_eq!((second.asked, second.numbered), (30, 0), "the invoices were numbered in the first round");
    assert_eq!(world.services.do_due_work().await.expect("a round"), Done::default());
    assert_eq!(world.sandbox.collected(), (60, 60 * 550));
    assert_whole(&world).await;
}

/// The worker dies at every point at which it waits for something, again and again: the next one goes on, and the
/// card is charged once.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_at_any_step_renews_once() {
    let mut survived = false;
    let mut steps = 0;
    while !survived {
        let world = World::embedded().await.expect("a world").with_examples().await.expect("the examples");
        renewing(&world, 2).await;
        let process = world.through(Arc::new(world.sandbox.clone())).expect("a process");
        let both_rounds = async {
            process.do_due_work().await.expect("a round");
            process.do_due_work().await.expect("another round");
        };
        survived = GivenUp::after(steps, both_rounds).await.is_some();
        // What it had claimed is free again after a while.
        world.pass(300);
        let next = world.through(Arc::new(world.sandbox.clone())).expect("the next process");
        while next.do_due_work().await.expect("a round") != Done::default() {}
        assert_eq!(renewed(&world).await, [date(2027, 1, 24); 2], "after {steps} steps");
        assert_eq!(world.sandbox.collected(), (4, 4 * 550), "after {steps} steps");
        assert_whole(&world).await;
        steps += 1;
    }
    assert!(steps > 2, "a round waits more often than {steps} times");
}
