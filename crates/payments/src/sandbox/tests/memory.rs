//! What the journal keeps.

use std::io::Write as _;

use super::*;
use crate::provider::SetupId;

both_ways! {
    a_lost_answer_is_known_after_a_crash_and_charges_once
    a_journal_cut_anywhere_in_its_last_line_charges_once
    a_journal_that_contradicts_itself_is_refused
    the_journal_holds_no_number_and_no_code
    an_old_journal_is_still_read
}

async fn a_lost_answer_is_known_after_a_crash_and_charges_once(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let card = card(&sandbox, &world, "4242424242424242").await;
    let request = charge_request(&world, &card.token, 500);
    sandbox.script(Mishaps::none().on(Call::Charge, [Mishap::AnswerLost, Mishap::RequestLost]));
    assert!(sandbox.charge(request.clone()).await.unwrap_err().is_unknown());
    let never = charge_request(&world, &card.token, 700);
    assert!(sandbox.charge(never.clone()).await.unwrap_err().is_unknown());
    drop(sandbox);

    let sandbox = open_as(sharing, folder.path(), &world);
    let outcome = sandbox.charge_outcome(request.attempt).await.unwrap().unwrap();
    assert!(succeeded(&outcome));
    assert_eq!(sandbox.charge_outcome(never.attempt).await.unwrap(), None);
    assert_eq!(sandbox.charge(request).await.unwrap(), outcome);
    assert_eq!(sandbox.collected(), (1, 500));
}

/// Whatever part of the last write a crash leaves, the attempt is either known or never heard of, and
/// repeating it charges once.
async fn a_journal_cut_anywhere_in_its_last_line_charges_once(sharing: Sharing) {
    let (whole_folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, whole_folder.path(), &world);
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
        let sandbox = open_as(sharing, folder.path(), &world);
        let known = sandbox.charge_outcome(request.attempt).await.unwrap();
        assert_eq!(known.is_some(), cut == whole.len(), "{cut}");
        assert!(succeeded(&sandbox.charge(request.clone()).await.unwrap()));
        assert_eq!(sandbox.collected(), (1, 500));
        drop(sandbox);
        let sandbox = open_as(sharing, folder.path(), &world);
        assert!(succeeded(&sandbox.charge_outcome(request.attempt).await.unwrap().unwrap()));
    }
}

async fn a_journal_that_contradicts_itself_is_refused(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    let reference = paid(&sandbox, &world, "4242424242424242", 500).await;
    sandbox.refund(refund(&world, &reference, 500)).await.unwrap();
    drop(sandbox);
    let file = folder.path().join("sandbox.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    let again = text.lines().last().unwrap().to_owned();
    writeln!(std::fs::OpenOptions::new().append(true).open(&file).unwrap(), "{again}").unwrap();
    let error = Sandbox::open_as(sharing, folder.path(), options(&world)).unwrap_err().to_string();
    assert!(error.contains("more is given back than was collected"), "{error}");
    assert!(error.contains("line 6 of "), "{error}");
}

async fn the_journal_holds_no_number_and_no_code(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
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

/// A journal of this version with each event in it. It is never changed: what an older release wrote is read.
const VERSION_1: &str = include_str!("version_1.jsonl");

async fn an_old_journal_is_still_read(sharing: Sharing) {
    let (folder, world) = (folder(), Still::new());
    let file = folder.path().join("sandbox.jsonl");
    std::fs::write(&file, VERSION_1).unwrap();
    let sandbox = open_as(sharing, folder.path(), &world);
    assert_eq!(sandbox.collected(), (3, 1_800));
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
