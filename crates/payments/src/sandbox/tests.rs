mod memory;
mod several;

use domain::language::Language;
use domain::money::{Currency, Money};

use super::testing::{
    Still, both_ways, card, charge_request, get, open_as, options, path, post, setup_request, yen,
};
use super::*;
use crate::provider::{
    ChargeOutcome, ChargeReference, DeclineCode, Expiry, Provider as _, RefundFailure, RefundOutcome,
    RefundRequest, Refusal, SetupKind, SetupOutcome, SetupRefusal,
};

both_ways! {
    one_attempt_sent_32_times_at_once_charges_once
    refunds_at_once_never_exceed_the_charge
    every_test_card_does_what_the_list_says
    a_refund_that_fails_moves_nothing_and_stays_failed
    a_card_declines_after_its_last_month
    a_set_up_times_out_after_a_day_and_takes_no_card
    an_edit_of_a_card_that_was_forgotten_meanwhile_is_refused
    late_and_repeated_answers_are_the_same_answers
    what_is_late_arrives_when_the_bank_catches_up
    amounts_keep_their_currency
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

async fn one_attempt_sent_32_times_at_once_charges_once(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
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
    assert_eq!(sandbox.collected(), (1, 12_650));
}

async fn refunds_at_once_never_exceed_the_charge(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
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
    assert_eq!(sandbox.collected(), (1, 100));
}

async fn every_test_card_does_what_the_list_says(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
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
    assert_eq!(sandbox.collected(), (4, 4_000));
}

async fn a_refund_that_fails_moves_nothing_and_stays_failed(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let reference = paid(&sandbox, &world, "4000000000005126", 1_000).await;
    let request = refund(&world, &reference, 1_000);
    let failed = RefundOutcome::Failed { reason: RefundFailure::AccountClosed };
    assert_eq!(sandbox.refund(request.clone()).await.unwrap(), failed);
    assert_eq!(sandbox.refund_outcome(request.key).await.unwrap(), Some(failed));
    assert_eq!(sandbox.collected(), (1, 1_000));
}

async fn a_card_declines_after_its_last_month(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    assert_eq!(card.expiry, Expiry::new(2030, 5).unwrap());
    world.pass(60 * 60 * 24 * 365 * 4);
    let outcome = sandbox.charge(charge_request(&world, &card.token, 500)).await.unwrap();
    assert_eq!(outcome, ChargeOutcome::Declined { code: DeclineCode::Expired });
}

async fn a_set_up_times_out_after_a_day_and_takes_no_card(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
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

async fn an_edit_of_a_card_that_was_forgotten_meanwhile_is_refused(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let kind = SetupKind::Edit { card: card.token.clone() };
    let setup = sandbox.begin_setup(setup_request(&world, kind, Language::English)).await.unwrap();
    sandbox.forget_card(&card.token).await.unwrap();
    let fields = [("expiry", "05/31"), ("code", "987"), ("name", "A")];
    post(&sandbox, &path(&setup.hosted_address), &fields).await;
    let refused = SetupOutcome::Refused { reason: SetupRefusal::CardForgotten };
    assert_eq!(sandbox.setup_outcome(&setup.id).await.unwrap(), refused);
}

async fn late_and_repeated_answers_are_the_same_answers(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let mut options = options(&world);
    options.latency = Duration::from_millis(5);
    options.mishaps = Mishaps::none().on(
        Call::Charge,
        [Mishap::Repeated, Mishap::AnswerLate(Duration::from_millis(20)), Mishap::Unreachable],
    );
    let sandbox = Sandbox::open_as(sharing, folder.path(), options).unwrap();
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
    assert_eq!(sandbox.collected(), (1, 500));
}

async fn what_is_late_arrives_when_the_bank_catches_up(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    sandbox.script(Mishaps::none().on(Call::Charge, [Mishap::RequestLate, Mishap::AnswerHeld]));
    let late = charge_request(&world, &card.token, 300);
    assert!(sandbox.charge(late.clone()).await.unwrap_err().is_unknown());
    assert_eq!(sandbox.charge_outcome(late.attempt).await.unwrap(), None);
    let held = charge_request(&world, &card.token, 200);
    let elsewhere = async {
        sandbox.holding().await;
        assert_eq!(sandbox.collected(), (1, 200));
        sandbox.catch_up().await;
    };
    let (answer, ()) = futures::join!(sandbox.charge(held), elsewhere);
    assert!(matches!(answer.unwrap(), ChargeOutcome::Succeeded { .. }));
    assert_eq!(sandbox.collected(), (2, 500));

    // Given up before it arrives, it does nothing any more.
    sandbox.script(Mishaps::none().on(Call::Charge, [Mishap::RequestLate]));
    let forestalled = charge_request(&world, &card.token, 900);
    sandbox.charge(forestalled.clone()).await.unwrap_err();
    sandbox.abandon_charge(forestalled.attempt).await.unwrap();
    sandbox.catch_up().await;
    assert_eq!(sandbox.collected(), (2, 500));
}

async fn amounts_keep_their_currency(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let mut request = charge_request(&world, &card.token, 1_250);
    sandbox.charge(request.clone()).await.unwrap();
    request.amount = Money::new(1_250, Currency::USD);
    assert_eq!(sandbox.charge(request).await, Err(ProviderError::KeyReused));
}
