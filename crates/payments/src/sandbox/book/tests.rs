use std::fs::File;

use domain::id::PaymentAttemptId;

use super::super::journal::Journal;
use super::clerk::MOST_AT_ONCE;
use super::*;
use crate::sandbox::testing::NOON;

fn now() -> Instant {
    Instant::from_micros(NOON)
}

/// A piece of work that becomes one line.
async fn forestall(book: &Book, number: usize) -> Result<(), ProviderError> {
    let attempt = PaymentAttemptId::from_uuid(uuid::Uuid::from_u128(number as u128));
    book.work(now(), move |draft| draft.record(Some(Event::ChargeForestalled { attempt }))).await
}

#[tokio::test]
async fn what_waits_is_done_in_one_turn_and_waiting_blocks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::open(folder.path(), Sharing::Shared).unwrap();
    let path = folder.path().join("sandbox.jsonl");
    let lines = || std::fs::read_to_string(&path).unwrap().lines().count();
    // Somebody else's turn.
    let other = File::open(&path).unwrap();
    other.lock().unwrap();
    let all = MOST_AT_ONCE + 44;
    let mut asking: Vec<_> = (0..all).map(|number| Box::pin(forestall(&book, number))).collect();
    for asked in &mut asking {
        assert!(futures::poll!(asked).is_pending());
    }
    let mut seen = vec![lines()];
    while *seen.last().unwrap() < 1 + all {
        other.unlock().unwrap();
        std::thread::yield_now();
        other.lock().unwrap();
        seen.push(lines());
    }
    other.unlock().unwrap();
    seen.dedup();
    assert!(seen.iter().all(|count| [1, 1 + MOST_AT_ONCE, 1 + all].contains(count)), "{seen:?}");
    assert!(futures::future::join_all(asking).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn what_was_asked_is_done_though_the_asker_is_gone() {
    for sharing in [Sharing::Alone, Sharing::Shared] {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(folder.path(), sharing).unwrap();
        let mut asked = Box::pin(forestall(&book, 1));
        let _unanswered = futures::poll!(&mut asked);
        drop(asked);
        drop(book);
        let text = std::fs::read_to_string(folder.path().join("sandbox.jsonl")).unwrap();
        assert_eq!(text.lines().count(), 2);
    }
}

#[tokio::test]
async fn after_a_failed_write_nothing_is_promised() {
    let folder = tempfile::tempdir().unwrap();
    let clerk = Clerk::new(State::default(), Journal::that_is_full(folder.path()));
    let book = Book::start(clerk).unwrap();
    assert!(matches!(forestall(&book, 1).await, Err(ProviderError::Unknown(_))));
    // What the file holds is not known any more, so nothing is told and nothing done.
    assert!(matches!(forestall(&book, 2).await, Err(ProviderError::Unavailable(_))));
    assert!(matches!(book.look(now(), State::books), Err(ProviderError::Unavailable(_))));
}
