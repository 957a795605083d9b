//! Several that share one bank.

use std::io::Write as _;
use std::path::Path;

use futures::future::join_all;

use super::*;

fn share(folder: &Path, world: &Arc<Still>) -> Sandbox {
    open_as(Sharing::Shared, folder, world)
}

#[tokio::test]
async fn each_sees_what_the_others_did() {
    let (folder, world) = (folder(), Still::new());
    let (one, other) = (share(folder.path(), &world), share(folder.path(), &world));
    let setup = one.begin_setup(setup_request(&world, SetupKind::Add, Language::English)).await.unwrap();
    let fields = [("number", "4000000000003220"), ("expiry", "05/30"), ("code", "987"), ("name", "A")];
    post(&other, &path(&setup.hosted_address), &fields).await;
    let SetupOutcome::Ready(asks) = one.setup_outcome(&setup.id).await.unwrap() else { panic!() };
    let request = charge_request(&world, &asks.token, 700);
    let waiting = other.charge(request.clone()).await.unwrap();
    let ChargeOutcome::NeedsConfirmation { address } = &waiting else { panic!("{waiting:?}") };
    assert_eq!(one.charge_outcome(request.attempt).await.unwrap().as_ref(), Some(&waiting));
    post(&one, &path(address), &[("answer", "approve")]).await;
    assert!(succeeded(&other.charge_outcome(request.attempt).await.unwrap().unwrap()));
    assert_eq!((one.collected(), other.collected()), ((1, 700), (1, 700)));

    let reference = paid(&one, &world, "4242424242424242", 1_000).await;
    let back = refund(&world, &reference, 400);
    let given = other.refund(back.clone()).await.unwrap();
    assert_eq!(one.refund(back.clone()).await.unwrap(), given);
    assert_eq!(one.refund_outcome(back.key).await.unwrap(), Some(given));
    let dearer = one.refund(refund(&world, &reference, 601)).await;
    assert_eq!(dearer, Err(Refusal::MoreThanLeft { left: yen(600) }.into()));
    assert_eq!((one.collected(), other.collected()), ((2, 1_300), (2, 1_300)));

    other.forget_card(&asks.token).await.unwrap();
    let declined = ChargeOutcome::Declined { code: DeclineCode::CardForgotten };
    assert_eq!(one.charge(charge_request(&world, &asks.token, 500)).await.unwrap(), declined);
}

/// All send each attempt twice at once, and one may close it meanwhile; then all give the same refunds at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_keys_at_once_have_one_outcome_and_the_money_adds_up() {
    let (folder, world) = (folder(), Still::new());
    let banks: Vec<_> = (0..3).map(|_| share(folder.path(), &world)).collect();
    let card = card(&banks[0], &world, "4242424242424242").await;
    let mut references = Vec::new();
    for round in 0..40 {
        let request = charge_request(&world, &card.token, 1_000);
        let outcomes = at_once((0..6).map(|place| {
            let (bank, request) = (banks[place % 3].clone(), request.clone());
            let closes = place == round % 18;
            async move {
                if closes { bank.abandon_charge(request.attempt).await } else { bank.charge(request).await }
            }
        }));
        let outcome = outcomes.await.unwrap();
        for bank in &banks {
            assert_eq!(bank.charge_outcome(request.attempt).await.unwrap().as_ref(), Some(&outcome));
        }
        if let ChargeOutcome::Succeeded { reference } = outcome {
            references.push(reference);
        }
    }
    assert!(references.len() >= 20);

    // Of five refunds only three fit into a charge.
    let mut given = 0;
    for reference in &references {
        let refunds: Vec<_> = (0..5).map(|_| refund(&world, reference, 300)).collect();
        let each = refunds.iter().map(|request| {
            at_once(banks.iter().map(|bank| {
                let (bank, request) = (bank.clone(), request.clone());
                async move { bank.refund(request).await }
            }))
        });
        given += join_all(each).await.iter().filter(|outcome| outcome.is_ok()).count();
    }
    assert_eq!(given, references.len() * 3);
    let expected = (references.len(), 100 * i64::try_from(references.len()).unwrap());
    assert!(banks.iter().all(|bank| bank.collected() == expected));
    drop(banks);
    for sharing in [Sharing::Shared, Sharing::Alone] {
        assert_eq!(open_as(sharing, folder.path(), &world).collected(), expected);
    }
}

/// Asks all at once, and gives the one answer that all get.
async fn at_once<T, F>(asking: impl Iterator<Item = F>) -> T
where
    T: std::fmt::Debug + PartialEq + Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let asking: Vec<_> = asking.map(tokio::spawn).collect();
    let mut answers: Vec<_> = join_all(asking).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
    answers.pop().unwrap()
}

/// What a process leaves that died between writing and answering, or in the middle of writing.
#[tokio::test]
async fn a_line_that_another_left_counts_if_it_is_whole() {
    let (folder, world) = (folder(), Still::new());
    let (one, other) = (share(folder.path(), &world), share(folder.path(), &world));
    let card = card(&one, &world, "4242424242424242").await;
    let file = folder.path().join("sandbox.jsonl");
    let request = charge_request(&world, &card.token, 500);
    one.charge(request.clone()).await.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let last = text.lines().last().unwrap();
    for whole in [false, true] {
        let left = charge_request(&world, &card.token, 500);
        let line = last
            .replace(&request.attempt.to_string(), &left.attempt.to_string())
            .replace("charge_", if whole { "charge_left" } else { "charge_torn" });
        let line = if whole { format!("{line}\n") } else { line };
        let mut journal = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
        journal.write_all(line.as_bytes()).unwrap();
        for bank in [&one, &other] {
            let known = bank.charge_outcome(left.attempt).await.unwrap();
            assert_eq!(known.as_ref().is_some_and(succeeded), whole);
        }
    }
    assert_eq!(one.collected(), (2, 1_000));
    one.charge(charge_request(&world, &card.token, 500)).await.unwrap();
    assert_eq!(other.collected(), (3, 1_500));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("charge_left") && !text.contains("charge_torn"), "{text}");
}

#[tokio::test]
async fn damage_is_said_to_whoever_asks_and_nothing_is_done() {
    let (folder, world) = (folder(), Still::new());
    let (one, other) = (share(folder.path(), &world), share(folder.path(), &world));
    let card = card(&one, &world, "4242424242424242").await;
    let file = folder.path().join("sandbox.jsonl");
    writeln!(std::fs::OpenOptions::new().append(true).open(&file).unwrap(), "nonsense").unwrap();
    let before = std::fs::read(&file).unwrap();
    for bank in [&one, &other, &one] {
        let error = bank.charge(charge_request(&world, &card.token, 500)).await.unwrap_err();
        let said = error.to_string();
        assert!(matches!(error, ProviderError::Unavailable(_)), "{said}");
        assert!(said.contains("line 4 of ") && said.contains("sandbox.jsonl is damaged: "), "{said}");
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(matches!(
        Sandbox::open_shared(folder.path(), options(&world)),
        Err(OpenError::Damaged { line: 4, .. })
    ));
}

#[tokio::test]
async fn a_folder_is_open_to_one_alone_or_to_those_that_share() {
    let (folder, world) = (folder(), Still::new());
    for first in [Sharing::Alone, Sharing::Shared] {
        let _open = open_as(first, folder.path(), &world);
        let shared = Sandbox::open_shared(folder.path(), options(&world));
        assert_eq!(matches!(&shared, Err(OpenError::InUse { .. })), first == Sharing::Alone);
        let alone = Sandbox::open(folder.path(), options(&world));
        assert!(matches!(alone, Err(OpenError::InUse { .. })));
    }
}
