use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::provider::{Capabilities, DeclineCode, RefundOutcome, RefundRequest, SetupId};
use crate::sandbox::testing::{Fingers, Sharing, Still, both_ways, open, open_as};
use crate::sandbox::{Call, Mishap, Mishaps, Sandbox};

both_ways! {
    the_sandbox_keeps_the_contract
    the_sandbox_keeps_the_contract_on_a_bad_line
    the_sandbox_keeps_the_contract_when_it_is_opened_anew_for_every_call
    the_sandbox_keeps_the_contract_when_it_dies_before_it_answers
}

async fn the_sandbox_keeps_the_contract(sharing: Sharing) {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    run(&sandbox, &Fingers { world, open: || sandbox.clone() }).await.unwrap();
}

async fn the_sandbox_keeps_the_contract_on_a_bad_line(sharing: Sharing) {
    let calls = [
        Call::BeginSetup,
        Call::SetupOutcome,
        Call::ForgetCard,
        Call::Charge,
        Call::ChargeOutcome,
        Call::AbandonCharge,
        Call::Refund,
        Call::RefundOutcome,
    ];
    let bad = [
        Mishap::AnswerLost,
        Mishap::Repeated,
        Mishap::RequestLost,
        Mishap::RequestLate,
        Mishap::AnswerLate(Duration::from_millis(1)),
        Mishap::Unreachable,
    ];
    // Each kind of call begins with another mishap, so that charges and questions meet in many ways.
    let script = calls.into_iter().enumerate().fold(Mishaps::none(), |script, (place, call)| {
        script.on(call, (0..200).map(|count| bad[(count + place) % bad.len()]))
    });
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let sandbox = open_as(sharing, folder.path(), &world);
    sandbox.script(script);
    run(&sandbox, &Fingers { world, open: || sandbox.clone() }).await.unwrap();
}

async fn the_sandbox_keeps_the_contract_when_it_is_opened_anew_for_every_call(sharing: Sharing) {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let reborn = Reborn::new(sharing, folder.path(), &world);
    let hands = Fingers { world: world.clone(), open: || open_as(sharing, folder.path(), &world) };
    run(&reborn, &hands).await.unwrap();
}

/// The process dies after every call, after each third one before it can answer.
async fn the_sandbox_keeps_the_contract_when_it_dies_before_it_answers(sharing: Sharing) {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let reborn = Reborn { lossy: true, ..Reborn::new(sharing, folder.path(), &world) };
    let hands = Fingers { world: world.clone(), open: || open_as(sharing, folder.path(), &world) };
    run(&reborn, &hands).await.unwrap();
}

/// Each call, and whatever people do, meets another one of those that share the bank.
#[tokio::test]
async fn several_sandboxes_keep_the_contract_together() {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let several: Vec<_> = (0..3).map(|_| open_as(Sharing::Shared, folder.path(), &world)).collect();
    let count = AtomicUsize::new(0);
    let hands = Fingers {
        world: world.clone(),
        open: || several[count.fetch_add(1, Ordering::SeqCst) % several.len()].clone(),
    };
    let reborn = Reborn { several: several.clone(), ..Reborn::new(Sharing::Shared, folder.path(), &world) };
    run(&reborn, &hands).await.unwrap();
}

/// A suite that cannot fail proves nothing.
#[tokio::test]
async fn a_provider_that_charges_twice_is_found_out() {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let sandbox = open(folder.path(), &world);
    for (fault, rule) in [
        (Fault::ForgetsAttempts, "an attempt charges once, however often it is sent"),
        (Fault::ForgetsRefunds, "a refund is given once, however often it is sent"),
        (Fault::CollectsWhatWasAbandoned, "an abandoned attempt never collects"),
        (Fault::GuessesDeclines, "a decline is final and says why"),
    ] {
        let faulty = Faulty { sandbox: sandbox.clone(), world: world.clone(), fault };
        let hands = Fingers { world: world.clone(), open: || sandbox.clone() };
        assert_eq!(run(&faulty, &hands).await.unwrap_err().rule, rule);
    }
}

macro_rules! same_otherwise {
    ($field:ident: $($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)+) => {
        fn name(&self) -> &'static str {
            "sandbox"
        }

        fn display_name(&self) -> &'static str {
            "Test"
        }

        fn is_test(&self) -> bool {
            true
        }

        $(
            fn $name(&self, $($argument: $kind),*) -> Answer<'_, $answer> {
                self.$field.$name($($argument),*)
            }
        )+
    };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    ForgetsAttempts,
    ForgetsRefunds,
    CollectsWhatWasAbandoned,
    GuessesDeclines,
}

/// A provider with one fault.
#[derive(Debug)]
struct Faulty {
    sandbox: Sandbox,
    world: Arc<Still>,
    fault: Fault,
}

impl Provider for Faulty {
    same_otherwise! { sandbox:
        begin_setup(request: SetupRequest) -> Setup;
        setup_outcome(setup: &SetupId) -> SetupOutcome;
        forget_card(card: &CardToken) -> ();
        charge_outcome(attempt: PaymentAttemptId) -> Option<ChargeOutcome>;
        refund_outcome(key: Uuid) -> Option<RefundOutcome>;
    }

    fn capabilities(&self) -> Capabilities {
        self.sandbox.capabilities()
    }

    fn charge(&self, mut request: ChargeRequest) -> Answer<'_, ChargeOutcome> {
        if self.fault == Fault::ForgetsAttempts {
            request.attempt = self.world.attempt();
        }
        Box::pin(async move {
            match self.sandbox.charge(request).await {
                Ok(ChargeOutcome::Declined { code: DeclineCode::InsufficientFunds })
                    if self.fault == Fault::GuessesDeclines =>
                {
                    Ok(ChargeOutcome::Declined { code: DeclineCode::Declined })
                }
                answer => answer,
            }
        })
    }

    fn abandon_charge(&self, attempt: PaymentAttemptId) -> Answer<'_, ChargeOutcome> {
        if self.fault == Fault::CollectsWhatWasAbandoned {
            let code = DeclineCode::Abandoned;
            return Box::pin(async move { Ok(ChargeOutcome::Declined { code }) });
        }
        self.sandbox.abandon_charge(attempt)
    }

    fn refund(&self, mut request: RefundRequest) -> Answer<'_, RefundOutcome> {
        if self.fault == Fault::ForgetsRefunds {
            (request.key, request.amount) = (self.world.id(), yen(1));
        }
        self.sandbox.refund(request)
    }
}

/// The sandbox, opened from its journal for each call and dropped after it.
#[derive(Debug)]
struct Reborn {
    sharing: Sharing,
    folder: PathBuf,
    world: Arc<Still>,
    /// One process at a time, unless they share: calls at once wait for each other. How many calls there were.
    alone: Arc<tokio::sync::Mutex<usize>>,
    /// Whether every third call dies before it answers.
    lossy: bool,
    /// Where it is not opened anew: the sandboxes that take turns.
    several: Vec<Sandbox>,
}

impl Reborn {
    fn new(sharing: Sharing, folder: &Path, world: &Arc<Still>) -> Self {
        let (folder, world, alone) = (folder.to_owned(), world.clone(), Arc::default());
        Self { sharing, folder, world, alone, lossy: false, several: Vec::new() }
    }

    async fn open(&self, call: Call) -> (Option<tokio::sync::MutexGuard<'_, usize>>, Sandbox) {
        let mut alone = self.alone.lock().await;
        *alone += 1;
        if !self.several.is_empty() {
            return (None, self.several[*alone % self.several.len()].clone());
        }
        let sandbox = open_as(self.sharing, &self.folder, &self.world);
        if self.lossy && *alone % 3 == 1 {
            sandbox.script(Mishaps::none().on(call, [Mishap::AnswerLost]));
        }
        ((self.sharing == Sharing::Alone).then_some(alone), sandbox)
    }
}

macro_rules! reborn {
    ($($call:ident $name:ident($argument:ident: $kind:ty) -> $answer:ty;)+) => {
        $(
            fn $name(&self, $argument: $kind) -> Answer<'_, $answer> {
                Box::pin(async move {
                    let (_alone, sandbox) = self.open(Call::$call).await;
                    sandbox.$name($argument).await
                })
            }
        )+
    };
}

impl Provider for Reborn {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn display_name(&self) -> &'static str {
        "Test"
    }

    fn is_test(&self) -> bool {
        true
    }

    fn capabilities(&self) -> Capabilities {
        let frame_origin = Some("http://localhost:3000".to_owned());
        Capabilities { frame_origin, edits_cards: true, refunds_in_parts: true }
    }

    reborn! {
        BeginSetup begin_setup(request: SetupRequest) -> Setup;
        Charge charge(request: ChargeRequest) -> ChargeOutcome;
        ChargeOutcome charge_outcome(attempt: PaymentAttemptId) -> Option<ChargeOutcome>;
        AbandonCharge abandon_charge(attempt: PaymentAttemptId) -> ChargeOutcome;
        Refund refund(request: RefundRequest) -> RefundOutcome;
        RefundOutcome refund_outcome(key: Uuid) -> Option<RefundOutcome>;
    }

    fn setup_outcome(&self, setup: &SetupId) -> Answer<'_, SetupOutcome> {
        let setup = setup.clone();
        Box::pin(async move {
            let (_alone, sandbox) = self.open(Call::SetupOutcome).await;
            sandbox.setup_outcome(&setup).await
        })
    }

    fn forget_card(&self, card: &CardToken) -> Answer<'_, ()> {
        let card = card.clone();
        Box::pin(async move {
            let (_alone, sandbox) = self.open(Call::ForgetCard).await;
            sandbox.forget_card(&card).await
        })
    }
}
