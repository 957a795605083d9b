//! What both engines promise. Every test here runs on the embedded engine, on the other one, on the other one
//! with serializable transactions, and on the other one with every statement losing a race once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::id::{AccountId, LinkId, OrganizationId};
use domain::time::Instant;
use futures::future::BoxFuture;
use store::audit::Record;
use store::testing::{Fresh, embedded, remote, remote_with_races};
use store::{Actor, Command, Key, Origin, Store, StoreError, Tx};

/// Runs a test on every engine that is there. The embedded one always is.
macro_rules! contract {
    ($($(#[$meta:meta])* $name:ident)+) => {
        mod on_embedded {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(super::embedded().await.expect("an embedded database")).await;
            })+
        }

        mod on_postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(fresh) = super::remote(false).await.expect("a database on the server") {
                    super::$name(fresh).await;
                }
            })+
        }

        mod on_serializable_postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(fresh) = super::remote(true).await.expect("a database on the server") {
                    super::$name(fresh).await;
                }
            })+
        }

        mod on_racing_postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(fresh) = super::remote_with_races().await.expect("a database on the server") {
                    super::$name(fresh).await;
                }
            })+
        }
    };
}

contract! {
    what_is_written_is_read
    a_refused_unit_leaves_nothing
    a_change_without_audit_is_refused
    a_repeated_command_gets_the_first_answer
    the_same_key_with_other_content_is_refused
    the_same_command_at_once_is_carried_out_once
    the_same_command_at_once_never_refuses_itself
    a_panic_undoes_one_unit_and_stops_nobody
    a_unit_goes_on_when_its_asker_has_gone
    a_failed_statement_cannot_be_ignored
    ids_repeat_with_the_seed
    a_used_link_stays_used
    a_password_ends_the_sessions
    personal_facts_stand_aside
}

/// What runs on racing transactions shows nothing if no race is lost there.
#[tokio::test(flavor = "multi_thread")]
async fn every_statement_and_the_commit_lose_a_race_once() {
    let Some(fresh) = remote_with_races().await.expect("a database on the server") else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let made = fresh.store.write(command(1), move |tx| {
        counted.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { make_account("a@x.example")(tx).await })
    });
    made.await.expect("it gets through");
    // Look, insert, audit, what is personal aside, commit: each fails once. Then all of it stands.
    assert_eq!(runs.load(Ordering::Relaxed), 6);
    assert_eq!(mails(&fresh.store).await, ["a@x.example"]);
    assert_eq!(audit(&fresh.store).await.len(), 1);
}

fn command(seed: u8) -> Command {
    Command {
        organization: Command::PUBLISHER,
        actor: Actor::CommandLine,
        origin: Origin { address: Some("198.51.100.7".into()), agent: None },
        at: Instant::from_micros(1_700_000_000_000_000),
        seed: [seed; 32],
        key: None,
        reason: None,
    }
}

fn with_key(seed: u8, name: &str, content: u8) -> Command {
    Command { key: Some(Key { name: name.into(), digest: [content; 32] }), ..command(seed) }
}

/// The unit that most tests write: an account, said to the audit.
fn make_account(
    mail: &'static str,
) -> impl for<'a> Fn(&'a mut Tx<'_>) -> BoxFuture<'a, Result<AccountId, StoreError>> {
    move |tx| {
        Box::pin(async move {
            let (account, _) = tx.account_for_mail(mail).await?;
            tx.audit(Record::new("account.make", "account", account.uuid()).personal("mail", mail));
            Ok(account)
        })
    }
}

/// A link that works a moment longer than the commands' time; its token's digest is all threes.
async fn make_link(fresh: &Fresh) -> LinkId {
    let later = Instant::from_micros(command(0).at.as_micros() + 1);
    fresh
        .store
        .write(command(1), move |tx| {
            Box::pin(async move {
                let account = make_account("a@x.example")(tx).await?;
                tx.make_link([3; 32], account, later).await
            })
        })
        .await
        .expect("a link")
}

async fn mails(store: &Store) -> Vec<&'static str> {
    let mut reader = store.read().await.expect("a reader");
    let mut conn = reader.conn();
    let mut found = Vec::new();
    for mail in ["a@x.example", "b@x.example", "c@x.example"] {
        if conn.account_by_mail(mail).await.expect("a look").is_some() {
            found.push(mail);
        }
    }
    found
}

async fn what_is_written_is_read(fresh: Fresh) {
    let id = fresh.store.write(command(1), make_account("a@x.example")).await.expect("it is written");
    let account = fresh.store.read().await.expect("a reader").conn().account(id).await.expect("a look");
    let account = account.expect("it is there");
    assert_eq!((account.mail.as_str(), account.password, account.operator), ("a@x.example", None, false));
    assert_eq!(mails(&fresh.store).await, ["a@x.example"]);
}

async fn a_refused_unit_leaves_nothing(fresh: Fresh) {
    let refused = fresh
        .store
        .write::<(), _, _>(command(1), |tx| {
            Box::pin(async move {
                make_account("a@x.example")(tx).await?;
                Err(StoreError::Stale)
            })
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert!(mails(&fresh.store).await.is_empty());
    assert!(audit(&fresh.store).await.is_empty());
}

async fn a_change_without_audit_is_refused(fresh: Fresh) {
    let refused = fresh
        .store
        .write(command(1), |tx| Box::pin(async move { Ok(tx.account_for_mail("a@x.example").await?.1) }))
        .await;
    assert!(matches!(refused, Err(StoreError::Unaudited { changes: 1 })), "{refused:?}");
    assert!(mails(&fresh.store).await.is_empty());
}

async fn a_repeated_command_gets_the_first_answer(fresh: Fresh) {
    let first = fresh.store.write(with_key(1, "k", 1), make_account("a@x.example")).await.expect("the first");
    let second =
        fresh.store.write(with_key(2, "k", 1), make_account("b@x.example")).await.expect("the second");
    assert_eq!(first, second);
    assert_eq!(mails(&fresh.store).await, ["a@x.example"]);
    assert_eq!(audit(&fresh.store).await.len(), 1);
}

async fn the_same_key_with_other_content_is_refused(fresh: Fresh) {
    fresh.store.write(with_key(1, "k", 1), make_account("a@x.example")).await.expect("the first");
    let second = fresh.store.write(with_key(2, "k", 2), make_account("b@x.example")).await;
    assert!(matches!(second, Err(StoreError::KeyReused)), "{second:?}");
    assert_eq!(mails(&fresh.store).await, ["a@x.example"]);
}

async fn the_same_command_at_once_is_carried_out_once(fresh: Fresh) {
    let asked = (0..32).map(|seed| fresh.store.write(with_key(seed, "k", 1), make_account("a@x.example")));
    let answers = futures::future::try_join_all(asked).await.expect("each is answered");
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(audit(&fresh.store).await.len(), 1);
}

async fn the_same_command_at_once_never_refuses_itself(fresh: Fresh) {
    let link = make_link(&fresh).await;
    // A link works once, but the same click twice is one click.
    let clicks = (10..26).map(|seed| {
        fresh.store.write(with_key(seed, "click", 1), move |tx| {
            Box::pin(async move {
                tx.use_link(link).await?;
                tx.audit(Record::new("link.use", "link", link.uuid()));
                Ok::<_, StoreError>(())
            })
        })
    });
    futures::future::try_join_all(clicks).await.expect("every click gets the first one's answer");
}

async fn a_panic_undoes_one_unit_and_stops_nobody(fresh: Fresh) {
    let good = fresh.store.write(command(1), make_account("a@x.example"));
    let bad = fresh.store.write::<(), StoreError, _>(command(2), |tx| {
        Box::pin(async move {
            make_account("b@x.example")(tx).await?;
            panic!("a mistake in a unit")
        })
    });
    let other = fresh.store.write(command(3), make_account("c@x.example"));
    let (good, bad, other) = tokio::join!(good, bad, other);
    assert!(good.is_ok() && other.is_ok());
    assert!(matches!(bad, Err(StoreError::Panicked)), "{bad:?}");
    assert_eq!(mails(&fresh.store).await, ["a@x.example", "c@x.example"]);
}

async fn a_unit_goes_on_when_its_asker_has_gone(fresh: Fresh) {
    {
        let mut asked = Box::pin(fresh.store.write(command(1), make_account("a@x.example")));
        // Asked once, so that it is on its way; then the asker goes.
        let waited = futures::poll!(&mut asked);
        assert!(waited.is_pending());
    }
    // The door does things in order on one engine and beside each other on the other: a later unit is answered
    // after the first is durable, or we look until it is there.
    let (known, _) = tokio::sync::oneshot::channel::<()>();
    drop(known);
    let found = tokio::time::timeout(std::time::Duration::from_secs(10), async {
        while mails(&fresh.store).await.is_empty() {
            tokio::task::yield_now().await;
        }
    });
    found.await.expect("the unit was finished");
}

async fn a_failed_statement_cannot_be_ignored(fresh: Fresh) {
    let digest = [9; 32];
    let outcome = fresh
        .store
        .write(command(1), move |tx| {
            Box::pin(async move {
                let account = make_account("a@x.example")(tx).await?;
                tx.start_session(digest, account, None).await?;
                // The same token again is refused by its key; the unit pretends not to have seen it.
                tx.start_session(digest, account, None).await.ok();
                Ok::<_, StoreError>(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Corrupt { .. })), "{outcome:?}");
    assert!(mails(&fresh.store).await.is_empty());
}

async fn ids_repeat_with_the_seed(fresh: Fresh) {
    let id = |seed| {
        let store = fresh.store.clone();
        async move {
            store
                .write(command(seed), |tx| {
                    Box::pin(async move { Ok::<_, StoreError>(tx.id(OrganizationId::new)) })
                })
                .await
                .expect("an id")
        }
    };
    assert_eq!(id(1).await, id(1).await);
    assert_ne!(id(1).await, id(2).await);
}

async fn a_used_link_stays_used(fresh: Fresh) {
    let link = make_link(&fresh).await;
    let use_it = |seed| {
        fresh.store.write(command(seed), move |tx| {
            Box::pin(async move {
                tx.use_link(link).await?;
                tx.audit(Record::new("link.use", "link", link.uuid()));
                Ok::<_, StoreError>(())
            })
        })
    };
    let (one, two) = tokio::join!(use_it(2), use_it(3));
    assert!(one.is_ok() != two.is_ok(), "exactly one use: {one:?}, {two:?}");
    let mut reader = fresh.store.read().await.expect("a reader");
    let kept = reader.conn().link([3; 32]).await.expect("a look").expect("it is there");
    assert_eq!((kept.id, kept.used_at), (link, Some(command(0).at)));
}

async fn a_password_ends_the_sessions(fresh: Fresh) {
    fresh
        .store
        .write(command(1), |tx| {
            Box::pin(async move {
                let account = make_account("a@x.example")(tx).await?;
                tx.start_session([1; 32], account, None).await?;
                tx.set_password(account, "a hash").await?;
                tx.start_session([2; 32], account, None).await
            })
        })
        .await
        .expect("it is written");
    let mut reader = fresh.store.read().await.expect("a reader");
    let mut conn = reader.conn();
    let ended = conn.session([1; 32]).await.expect("a look").expect("it is there").ended_at;
    let going_on = conn.session([2; 32]).await.expect("a look").expect("it is there").ended_at;
    assert_eq!((ended, going_on), (Some(command(0).at), None));
    assert!(conn.session([3; 32]).await.expect("a look").is_none());
}

async fn personal_facts_stand_aside(fresh: Fresh) {
    fresh.store.write(command(1), make_account("a@x.example")).await.expect("it is written");
    let kept = audit(&fresh.store).await.pop().expect("a record");
    assert_eq!((kept.action.as_str(), kept.subject.kind.as_str()), ("account.make", "account"));
    assert!(!kept.facts.to_string().contains("a@x.example"), "{}", kept.facts);
    assert_eq!(kept.facts["mail"]["digest"].as_str().map(str::len), Some(64));
    assert_eq!(kept.personal.expect("what is personal is kept")["mail"], "a@x.example");
}

async fn audit(store: &Store) -> Vec<store::audit::Kept> {
    let mut reader = store.read().await.expect("a reader");
    reader.conn().audit_newest(Command::PUBLISHER, 10).await.expect("the audit")
}
