//! Processes that share the sandbox and are killed. In a program of its own: a process that is being started has
//! for a moment all locks of the one that starts it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use domain::id::PaymentAttemptId;
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::time::Instant;
use http::{Request, StatusCode};
use payments::provider::{
    CardToken, ChargeOutcome, ChargeRequest, HolderHints, Provider as _, SetupKind, SetupOutcome,
    SetupRequest, WebAddress,
};
use payments::sandbox::{Options, Sandbox, World};
use tower::ServiceExt as _;
use uuid::Uuid;

/// Names the folder to a process that is there to be killed.
const FOLDER: &str = "SANDBOX_TO_BE_KILLED_IN";

/// How much each charge collects.
const AMOUNT: i64 = 500;

/// Whatever they have said is known, their locks are free, and no part of a line stays. This process charges
/// meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_that_is_killed_leaves_the_bank_to_the_others() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return charge_until_killed(&folder).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let bank = Bank::open(folder.path()).await;
    let mut known = 0;
    for round in 1..=4 {
        let child = worker(folder.path());
        let reading = tokio::task::spawn_blocking(move || kill_after(child, 25 * round));
        for _ in 0..20 {
            bank.charge().await;
        }
        let charged = reading.await.unwrap();
        assert!(charged.len() >= 25 * round, "{charged:?}");
        for attempt in &charged {
            let outcome = bank.sandbox.charge_outcome(attempt.parse().unwrap()).await.unwrap();
            assert!(matches!(outcome, Some(ChargeOutcome::Succeeded { .. })), "{attempt}: {outcome:?}");
        }
        known += 20 + charged.len();
    }
    let (charges, money) = bank.sandbox.collected();
    assert!(charges >= known, "{charges} of {known}");
    assert_eq!(money, AMOUNT * i64::try_from(charges).unwrap());
    drop(bank);
    let alone = Sandbox::open(folder.path(), options(&Arc::default())).unwrap();
    assert_eq!(alone.collected(), (charges, money));
}

/// This test again, as a process that charges.
fn worker(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "a_process_that_is_killed_leaves_the_bank_to_the_others", "--nocapture"]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).spawn().expect("a process")
}

/// Kills a process that has charged so often, and gives the attempts of which it has said so.
fn kill_after(mut child: Child, count: usize) -> Vec<String> {
    let said = BufReader::new(child.stdout.take().expect("what it says")).lines().map_while(Result::ok);
    let mut attempts = said.filter_map(|line| line.strip_prefix("charged ").map(str::to_owned));
    let mut charged: Vec<_> = attempts.by_ref().take(count).collect();
    child.kill().expect("it runs");
    // What it said last may be cut off, as whoever hears it can tell.
    charged.extend(attempts.take_while(|attempt| attempt.ends_with('.')));
    child.wait().expect("it has ended");
    charged.iter().map(|attempt| attempt.trim_end_matches('.').to_owned()).collect()
}

async fn charge_until_killed(folder: &OsStr) {
    let bank = Bank::open(Path::new(folder)).await;
    let charging = (0..8).map(|_| async {
        loop {
            println!("charged {}.", bank.charge().await);
        }
    });
    let _never: Vec<()> = futures::future::join_all(charging).await;
}

/// A process's own way to the bank, with a card.
struct Bank {
    sandbox: Sandbox,
    world: Arc<Counting>,
    card: CardToken,
}

impl Bank {
    async fn open(folder: &Path) -> Self {
        let world = Arc::default();
        let sandbox = Sandbox::open_shared(folder, options(&world)).expect("nobody has it alone");
        let request = SetupRequest {
            key: world.id(),
            kind: SetupKind::Add,
            language: Language::English,
            return_address: portal(),
            holder: HolderHints::default(),
        };
        let setup = sandbox.begin_setup(request).await.expect("a set-up");
        let form = Request::post(setup.hosted_address.as_str())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from("number=4242424242424242&expiry=05/30&code=987&name=Hana"))
            .expect("a form");
        let page = sandbox.router().oneshot(form).await.expect("a page");
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
        let outcome = sandbox.setup_outcome(&setup.id).await.expect("an outcome");
        let SetupOutcome::Ready(card) = outcome else { panic!("{outcome:?}") };
        Self { sandbox, world, card: card.token }
    }

    async fn charge(&self) -> PaymentAttemptId {
        let request = ChargeRequest {
            attempt: PaymentAttemptId::from_uuid(self.world.id()),
            card: self.card.clone(),
            amount: Money::new(AMOUNT, Currency::JPY),
            on_session: false,
            statement: "MINATO SOFTWARE".to_owned(),
            language: Language::English,
            return_address: portal(),
        };
        let attempt = request.attempt;
        let outcome = self.sandbox.charge(request).await;
        assert!(matches!(outcome, Ok(ChargeOutcome::Succeeded { .. })), "{outcome:?}");
        attempt
    }
}

/// Bytes that count, others in each process.
#[derive(Default)]
struct Counting(AtomicU64);

impl Counting {
    fn id(&self) -> Uuid {
        Uuid::from_u64_pair(u64::from(std::process::id()), self.0.fetch_add(1, Ordering::SeqCst))
    }
}

impl World for Counting {
    fn now(&self) -> Instant {
        Instant::from_micros(1_795_489_200_000_000)
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(self.id().as_bytes());
    }
}

fn options(world: &Arc<Counting>) -> Options {
    Options::new("http://localhost:3000".parse().expect("an address"), world.clone())
}

fn portal() -> WebAddress {
    "http://127.0.0.1:3000/checkout".parse().expect("an address")
}
