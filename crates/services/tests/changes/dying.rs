//! A process that dies at any point at which a change waits for something.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use domain::subscription::Status;
use services::changes::{CancelHow, CancelReason, CancelWish, ChangeOutcome, SeatWish};
use services::testing::World;

use super::{assert_whole, bought, invoices, is_paid, kenji, of, quote_seats, read};

/// A future that is given up after so many polls: what a process that dies between two steps leaves behind.
struct GivenUp<F> {
    inner: Pin<Box<F>>,
    left: u32,
}

impl<F: Future> Future for GivenUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}

async fn world() -> World {
    World::embedded().await.expect("a world").with_examples().await.expect("the examples")
}

/// However far it had come, whoever comes back finds seats that were charged once or not at all, and can go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_at_any_step_charges_seats_once() {
    let mut survived = false;
    let mut steps = 0;
    while !survived {
        let world = world().await;
        let id = bought(&world, 10).await;
        let kenji = kenji(&world).await;
        let wish = SeatWish::now(15);
        let sealed = of(&quote_seats(&world, id, &wish).await.sealed);
        let changing = world.services.change_seats(&kenji, id, &wish, &sealed);
        survived = GivenUp { inner: Box::pin(changing), left: steps }.await.is_some();

        // Another process, with nothing in its memory.
        let after = world.through(Arc::new(world.sandbox.clone())).expect("a restart");
        world.pass(20);
        after.do_due_work().await.expect("a round");
        for _ in 0..2 {
            let outcome = after.change_seats(&kenji, id, &wish, &sealed).await.expect("the result");
            assert!(is_paid(&outcome), "after {steps} steps: {outcome:?}");
        }
        assert_eq!(world.sandbox.collected(), (2, 5_500 + 2_750), "after {steps} steps");
        let subscription = read(&world, id).await;
        assert_eq!((subscription.seats, subscription.waiting), (15, 0), "after {steps} steps");
        assert_eq!(invoices(&world, id).await.len(), 2, "after {steps} steps");
        assert_whole(&world).await;
        steps += 1;
    }
    assert!(steps > 2, "confirming waits more often than {steps} times");
}

/// However far it had come, the money comes back once.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_at_any_step_gives_back_once() {
    let mut survived = false;
    let mut steps = 0;
    while !survived {
        let world = world().await;
        let id = bought(&world, 10).await;
        let kenji = kenji(&world).await;
        let wish = CancelWish::new(CancelHow::Now, CancelReason::NotUsed);
        let sealed = of(&world.services.quote_cancel(&kenji, id).await.expect("a quote").sealed);
        let ending = async {
            world.services.cancel(&kenji, id, &wish, &sealed).await.expect("ended");
            world.services.do_due_work().await.expect("a round");
        };
        survived = GivenUp { inner: Box::pin(ending), left: steps }.await.is_some();

        let after = world.through(Arc::new(world.sandbox.clone())).expect("a restart");
        let outcome = after.cancel(&kenji, id, &wish, &sealed).await.expect("the result");
        assert_eq!(outcome, ChangeOutcome::Done, "after {steps} steps");
        // What a worker had claimed when it died is free again after a while.
        world.pass(300);
        after.do_due_work().await.expect("a round");
        assert_eq!(world.sandbox.collected(), (1, 0), "after {steps} steps");
        assert_eq!(read(&world, id).await.state.status(), Status::Disabled);
        assert_whole(&world).await;
        steps += 1;
    }
    assert!(steps > 2, "canceling waits more often than {steps} times");
}
