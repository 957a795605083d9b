use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::provider::{Capabilities, DeclineCode, RefundOutcome, RefundRequest, SetupId};
use crate::sandbox::testing::{Fingers, Still, open, options};
use crate::sandbox::{Call, Mishap, Mishaps, Sandbox};

#[tokio::test]
async fn the_sandbox_keeps_the_contract() {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let sandbox = open(folder.path(), &world);
    run(&sandbox, &Fingers { world, open: || sandbox.clone() }).await.unwrap();
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract_on_a_bad_line() {
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
        Mishap::AnswerLate(Duration::from_millis(1)),
        Mishap::Unreachable,
    ];
    // Each kind of call begins with another mishap, so that charges and questions meet in many ways.
    let script = calls.into_iter().enumerate().fold(Mishaps::none(), |script, (place, call)| {
        script.on(call, (0..200).map(|count| bad[(count + place) % bad.len()]))
    });
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let sandbox = open(folder.path(), &world);
    sandbox.script(script);
    run(&sandbox, &Fingers { world, open: || sandbox.clone() }).await.unwrap();
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract_when_it_is_opened_anew_for_every_call() {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let reborn = Reborn {
        folder: folder.path().to_owned(),
        world: world.clone(),
        alone: Arc::default(),
        lossy: false,
    };
    let hands = Fingers { world: world.clone(), open: || open(folder.path(), &world) };
    run(&reborn, &hands).await.unwrap();
}

/// The process dies after every call, after each third one before it can answer.
#[tokio::test]
async fn the_sandbox_keeps_the_contract_when_it_dies_before_it_answers() {
    let (folder, world) = (tempfile::tempdir().unwrap(), Still::new());
    let reborn =
        Reborn { folder: folder.path().to_owned(), world: world.clone(), alone: Arc::default(), lossy: true };
    let hands = Fingers { world: world.clone(), open: || open(folder.path(), &world) };
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
    folder: PathBuf,
    world: Arc<Still>,
    /// One process at a time: calls at once wait for each other.
    alone: Arc<tokio::sync::Mutex<u32>>,
    /// Whether every third call dies before it answers.
    lossy: bool,
}

impl Reborn {
    async fn open(&self, call: Call) -> (tokio::sync::MutexGuard<'_, u32>, Sandbox) {
        let mut alone = self.alone.lock().await;
        *alone += 1;
        let mut options = options(&self.world);
        if self.lossy && *alone % 3 == 1 {
            options.mishaps = Mishaps::none().on(call, [Mishap::AnswerLost]);
        }
        (alone, Sandbox::open(&self.folder, options).unwrap())
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
