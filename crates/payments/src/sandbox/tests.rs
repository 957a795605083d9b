use std::io::Write as _;

use domain::language::Language;
use domain::money::{Currency, Money};

use super::testing::{Still, card, charge_request, get, open, options, path, post, setup_request, yen};
use super::*;
use crate::provider::{Expiry, RefundFailure, Refusal, SetupKind, SetupRefusal};

fn books(sandbox: &Sandbox) -> (usize, i64) {
    sandbox.inner.book.look(State::books)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn succeeded(outcome: &ChargeOutcome) -> bool {
    matches!(outcome, ChargeOutcome::Succeeded { .. })
}

fn refund(world: &Still, charge: &ChargeReference, minor: i64) -> RefundRequest {
    RefundRequest { key: world.id(), charge: charge.clone(), amount: yen(minor) }
}

async fn paid(sandbox: &Sandbox, world: &Still, number: &str, minor: i64) -> ChargeReference {
    let card = card(sandbox, world, number).await;
    match sandbox.charge(charge_request(world, &card.token, minor)).await.unwrap() {
        ChargeOutcome::Succeeded { reference } => reference,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_attempt_sent_32_times_at_once_charges_once() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let request = charge_request(&world, &card.token, 12_650);
    let asking: Vec<_> = (0..32)
        .map(|_| {
            let (sandbox, request) = (sandbox.clone(), request.clone());
            tokio::spawn(async move { sandbox.charge(request).await.unwrap() })
        })
        .collect();
    let mut outcomes = Vec::new();
    for asked in asking {
        outcomes.push(asked.await.unwrap());
    }
    assert!(succeeded(&outcomes[0]));
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
    assert_eq!(books(&sandbox), (1, 12_650));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refunds_at_once_never_exceed_the_charge() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let charge = paid(&sandbox, &world, "4242424242424242", 1_000).await;
    let asking: Vec<_> = (0..16)
        .map(|_| {
            let (sandbox, request) = (sandbox.clone(), refund(&world, &charge, 300));
            tokio::spawn(async move { sandbox.refund(request).await })
        })
        .collect();
    let mut given = 0;
    for asked in asking {
        match asked.await.unwrap() {
            Ok(RefundOutcome::Succeeded { .. }) => given += 1,
            Err(ProviderError::Refused(Refusal::MoreThanLeft { left })) => assert!(left.minor() < 300 * 3),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(given, 3);
    assert_eq!(books(&sandbox), (1, 100));
}

#[tokio::test]
async fn a_lost_answer_is_known_after_a_crash_and_charges_once() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let request = charge_request(&world, &card.token, 500);
    sandbox.script(Mishaps::none().on(Call::Charge, [Mishap::AnswerLost, Mishap::RequestLost]));
    assert!(sandbox.charge(request.clone()).await.unwrap_err().is_unknown());
    let never = charge_request(&world, &card.token, 700);
    assert!(sandbox.charge(never.clone()).await.unwrap_err().is_unknown());
    drop(sandbox);

    let sandbox = open(folder.path(), &world);
    let outcome = sandbox.charge_outcome(request.attempt).await.unwrap().unwrap();
    assert!(succeeded(&outcome));
    assert_eq!(sandbox.charge_outcome(never.attempt).await.unwrap(), None);
    assert_eq!(sandbox.charge(request).await.unwrap(), outcome);
    assert_eq!(books(&sandbox), (1, 500));
}

/// Whatever part of the last write a crash leaves, the attempt is either known or never heard of, and
/// repeating it charges once.
#[tokio::test]
async fn a_journal_cut_anywhere_in_its_last_line_charges_once() {
    let (whole_folder, world) = (folder(), Still::new());
    let sandbox = open(whole_folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let request = charge_request(&world, &card.token, 500);
    sandbox.charge(request.clone()).await.unwrap();
    drop(sandbox);
    let file = "sandbox.jsonl";
    let whole = std::fs::read(whole_folder.path().join(file)).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in last..=whole.len() {
        let folder = folder();
        std::fs::write(folder.path().join(file), &whole[..cut]).unwrap();
        let sandbox = open(folder.path(), &world);
        let known = sandbox.charge_outcome(request.attempt).await.unwrap();
        assert_eq!(known.is_some(), cut == whole.len(), "{cut}");
        assert!(succeeded(&sandbox.charge(request.clone()).await.unwrap()));
        assert_eq!(books(&sandbox), (1, 500));
        drop(sandbox);
        let sandbox = open(folder.path(), &world);
        assert!(succeeded(&sandbox.charge_outcome(request.attempt).await.unwrap().unwrap()));
    }
}

#[tokio::test]
async fn a_journal_that_contradicts_itself_is_refused() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let reference = paid(&sandbox, &world, "4242424242424242", 500).await;
    sandbox.refund(refund(&world, &reference, 500)).await.unwrap();
    drop(sandbox);
    let file = folder.path().join("sandbox.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    let again = text.lines().last().unwrap().to_owned();
    writeln!(std::fs::OpenOptions::new().append(true).open(&file).unwrap(), "{again}").unwrap();
    let error = Sandbox::open(folder.path(), options(&world)).unwrap_err().to_string();
    assert!(error.contains("more is given back than was collected"), "{error}");
    assert!(error.contains("line 6 of "), "{error}");
}

#[tokio::test]
async fn every_test_card_does_what_the_list_says() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    for test_card in TEST_CARDS {
        if test_card.behavior == Behavior::WrongCode {
            continue;
        }
        let card = card(&sandbox, &world, test_card.number).await;
        assert_eq!(
            (card.brand, card.last_four.to_string().as_str()),
            (test_card.brand, &test_card.number[12..])
        );
        let request = charge_request(&world, &card.token, 1_000);
        let outcome = sandbox.charge(request.clone()).await.unwrap();
        match test_card.behavior {
            Behavior::Pays | Behavior::KeepsRefunds => assert!(succeeded(&outcome)),
            Behavior::Declines { code } => assert_eq!(outcome, ChargeOutcome::Declined { code }),
            Behavior::AsksToConfirm => {
                assert!(matches!(&outcome, ChargeOutcome::NeedsConfirmation { address }
                    if path(address) == format!("/sandbox/confirm/{}", request.attempt)));
            }
            Behavior::WrongCode => unreachable!(),
        }
    }
    assert_eq!(books(&sandbox), (4, 4_000));
}

#[tokio::test]
async fn a_refund_that_fails_moves_nothing_and_stays_failed() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let reference = paid(&sandbox, &world, "4000000000005126", 1_000).await;
    let request = refund(&world, &reference, 1_000);
    let failed = RefundOutcome::Failed { reason: RefundFailure::AccountClosed };
    assert_eq!(sandbox.refund(request.clone()).await.unwrap(), failed);
    assert_eq!(sandbox.refund_outcome(request.key).await.unwrap(), Some(failed));
    assert_eq!(books(&sandbox), (1, 1_000));
}

#[tokio::test]
async fn a_card_declines_after_its_last_month() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    assert_eq!(card.expiry, Expiry::new(2030, 5).unwrap());
    world.pass(60 * 60 * 24 * 365 * 4);
    let outcome = sandbox.charge(charge_request(&world, &card.token, 500)).await.unwrap();
    assert_eq!(outcome, ChargeOutcome::Declined { code: DeclineCode::Expired });
}

#[tokio::test]
async fn a_set_up_times_out_after_a_day_and_takes_no_card() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let request = setup_request(&world, SetupKind::Add, Language::English);
    let setup = sandbox.begin_setup(request.clone()).await.unwrap();
    world.pass(24 * 60 * 60 - 1);
    assert_eq!(sandbox.setup_outcome(&setup.id).await.unwrap(), SetupOutcome::Pending);
    world.pass(1);
    let refused = SetupOutcome::Refused { reason: SetupRefusal::TimedOut };
    assert_eq!(sandbox.setup_outcome(&setup.id).await.unwrap(), refused);
    let fields = [("number", "4242424242424242"), ("expiry", "05/30"), ("code", "987"), ("name", "A")];
    post(&sandbox, &path(&setup.hosted_address), &fields).await;
    assert_eq!(sandbox.setup_outcome(&setup.id).await.unwrap(), refused);
    assert!(get(&sandbox, &path(&setup.hosted_address)).await.text.contains("open for 24 hours"));
}

#[tokio::test]
async fn an_edit_of_a_card_that_was_forgotten_meanwhile_is_refused() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let kind = SetupKind::Edit { card: card.token.clone() };
    let setup = sandbox.begin_setup(setup_request(&world, kind, Language::English)).await.unwrap();
    sandbox.forget_card(&card.token).await.unwrap();
    let fields = [("expiry", "05/31"), ("code", "987"), ("name", "A")];
    post(&sandbox, &path(&setup.hosted_address), &fields).await;
    let refused = SetupOutcome::Refused { reason: SetupRefusal::CardForgotten };
    assert_eq!(sandbox.setup_outcome(&setup.id).await.unwrap(), refused);
}

#[tokio::test]
async fn the_journal_holds_no_number_and_no_code() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let setup = sandbox.begin_setup(setup_request(&world, SetupKind::Add, Language::English)).await.unwrap();
    // Typed into every field, refused, and then typed right.
    let number = "4242 4242 4242 4242";
    for fields in [
        [("number", "4111111111111111"), ("expiry", "05/30"), ("code", "987"), ("name", "Hana")],
        [("number", number), ("expiry", number), ("code", number), ("name", number)],
        [("number", number), ("expiry", "05/30"), ("code", "987"), ("name", "Hana")],
    ] {
        post(&sandbox, &path(&setup.hosted_address), &fields).await;
    }
    let SetupOutcome::Ready(card) = sandbox.setup_outcome(&setup.id).await.unwrap() else { panic!() };
    sandbox.charge(charge_request(&world, &card.token, 500)).await.unwrap();
    let shown = format!("{card:?} {sandbox:?}");
    drop(sandbox);
    let journal = std::fs::read_to_string(folder.path().join("sandbox.jsonl")).unwrap();
    assert!(journal.contains("\"last_four\":\"4242\""));
    for secret in ["42424242", "4242 4242", "41111111", "987"] {
        assert!(!journal.contains(secret), "{secret}");
    }
    assert!(!shown.contains(card.token.secret()));
}

#[tokio::test]
async fn late_and_repeated_answers_are_the_same_answers() {
    let (folder, world) = (folder(), Still::new());
    let mut options = options(&world);
    options.latency = Duration::from_millis(5);
    options.mishaps = Mishaps::none().on(
        Call::Charge,
        [Mishap::Repeated, Mishap::AnswerLate(Duration::from_millis(20)), Mishap::Unreachable],
    );
    let sandbox = Sandbox::open(folder.path(), options).unwrap();
    let card = card(&sandbox, &world, "5555555555554444").await;
    let request = charge_request(&world, &card.token, 500);
    let first = sandbox.charge(request.clone()).await.unwrap();
    let started = std::time::Instant::now();
    assert_eq!(sandbox.charge(request.clone()).await.unwrap(), first);
    assert!(started.elapsed() >= Duration::from_millis(25));
    let unreachable = charge_request(&world, &card.token, 700);
    let error = sandbox.charge(unreachable.clone()).await.unwrap_err();
    assert!(matches!(error, ProviderError::Unavailable(_)) && !error.is_unknown());
    assert_eq!(sandbox.charge_outcome(unreachable.attempt).await.unwrap(), None);
    assert_eq!(books(&sandbox), (1, 500));
}

#[tokio::test]
async fn amounts_keep_their_currency() {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open(folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let mut request = charge_request(&world, &card.token, 1_250);
    sandbox.charge(request.clone()).await.unwrap();
    request.amount = Money::new(1_250, Currency::USD);
    assert_eq!(sandbox.charge(request).await, Err(ProviderError::KeyReused));
}

/// A journal of this version with each event in it. It is never changed: what an older release wrote is read.
const VERSION_1: &str = include_str!("tests/version_1.jsonl");

#[tokio::test]
async fn an_old_journal_is_still_read() {
    let (folder, world) = (folder(), Still::new());
    let file = folder.path().join("sandbox.jsonl");
    std::fs::write(&file, VERSION_1).unwrap();
    let sandbox = open(folder.path(), &world);
    assert_eq!(books(&sandbox), (3, 1_800));
    let edited = SetupId("setup_00000000000000000000000000000008".to_owned());
    let SetupOutcome::Ready(card) = sandbox.setup_outcome(&edited).await.unwrap() else { panic!() };
    assert_eq!((card.holder.as_str(), card.expiry), ("佐藤 花", Expiry::new(2031, 11).unwrap()));
    assert_eq!(card.address.unwrap().address.city, "大阪市北区");
    let stopped = SetupId("setup_0000000000000000000000000000000b".to_owned());
    let reason = SetupRefusal::TooManyTries;
    assert_eq!(sandbox.setup_outcome(&stopped).await.unwrap(), SetupOutcome::Refused { reason });
    for (attempt, code) in [
        ("att_0000000000000000000000000h", DeclineCode::ConfirmationRefused),
        ("att_0000000000000000000000000m", DeclineCode::ConfirmationNeeded),
        ("att_0000000000000000000000000p", DeclineCode::Abandoned),
    ] {
        let outcome = sandbox.charge_outcome(attempt.parse().unwrap()).await.unwrap();
        assert_eq!(outcome, Some(ChargeOutcome::Declined { code }));
    }
    let failed = sandbox.refund_outcome(uuid::Uuid::from_u128(0x1e)).await.unwrap();
    assert_eq!(failed, Some(RefundOutcome::Failed { reason: RefundFailure::AccountClosed }));
    drop(sandbox);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), VERSION_1);
}
