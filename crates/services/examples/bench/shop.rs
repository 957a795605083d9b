//! The use cases over a data folder, and the world around them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::language::Language;
use domain::mail::MailAddress;
use domain::time::Instant;
use payments::provider::{Card, HolderHints, Setup, SetupKind, SetupOutcome, SetupRequest};
use payments::sandbox::{self, Sandbox};
use services::Services;
use services::asker::Asker;
use services::environment::{Clock, Entropy, Environment};
use services::orders::{Confirmation, Stage, Standing, Wish};
use services::password::Passwords;
use services::paying::Paying;
use services::testing::PORTAL;
use services::worker::Done;
use store::{Location, Origin, Store};
use tower::ServiceExt as _;

use crate::Failure;

/// The documented catalog.
pub(crate) const CATALOG: &[u8] = include_bytes!("../../../../docs/examples/catalog.toml");

/// The use cases over a data folder, with the sandbox beside them, as `zaseki serve` opens both.
pub(crate) struct Shop {
    pub(crate) services: Services,
    pub(crate) sandbox: Sandbox,
}

impl Shop {
    /// Over a data folder, in real time.
    pub(crate) async fn open(data: &Path) -> Result<Self, Failure> {
        Self::open_on(&Location::Folder(data.to_owned()), data, Arc::new(SystemClock)).await
    }

    /// Over any database, with the sandbox's journal in this folder, at the time of this clock.
    pub(crate) async fn open_on(
        location: &Location,
        data: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let journal = data.join("sandbox");
        std::fs::create_dir_all(&journal)?;
        store::migrate(location).await?;
        let store = Store::open(location).await?;
        let environment = Environment { clock, entropy: Arc::new(SystemEntropy::open()?) };
        let options = sandbox::Options::new("http://localhost:3000".parse()?, Arc::new(environment.clone()));
        let sandbox = Sandbox::open(&journal, options)?;
        let paying = Paying::new(Arc::new(sandbox.clone()), PORTAL.parse()?);
        let services = Services::new(store, environment, Passwords::new()?, paying);
        Ok(Self { services, sandbox })
    }

    /// Has everything done that is due. Gives what that was, and in how many rounds.
    pub(crate) async fn do_what_is_due(&self) -> Result<(Done, u32), Failure> {
        let mut all = Done::default();
        for rounds in 0.. {
            let done = self.services.do_due_work().await?;
            if done == Done::default() {
                return Ok((all, rounds));
            }
            all.asked += done.asked;
            all.advanced += done.advanced;
            all.numbered += done.numbered;
            all.failed += done.failed;
        }
        Err("there is always more to do".into())
    }

    /// Everything that must be true is true.
    pub(crate) async fn verify(&self) -> Result<(), Failure> {
        let verdicts = self.services.verify(|_| ()).await?;
        match verdicts.into_iter().find_map(|verdict| verdict.broken.map(|row| (verdict.rule, row))) {
            Some((rule, row)) => Err(format!("\"{rule}\" does not hold: {row}").into()),
            None => Ok(()),
        }
    }

    /// Somebody who opens a link and sets a password.
    pub(crate) async fn sign_in(&self, mail: &str) -> Result<Asker, Failure> {
        let address = MailAddress::parse(mail).map_err(|problem| format!("\"{mail}\" {problem}"))?;
        let link = self.services.make_link(&address).await?;
        let password = "four seats by the window".to_owned();
        let token = self.services.use_link(&Asker::default(), &link, password).await?.token;
        let asker = self.services.asker(Some(&token), Origin::default()).await?;
        if asker.place().is_none() {
            return Err(format!("{mail} is not the address of a person in just one organization").into());
        }
        Ok(asker)
    }

    /// From the choice to the paid order. `key` is another one for every purchase.
    pub(crate) async fn buy(&self, buyer: &Asker, key: &str, wish: &Wish) -> Result<(), Failure> {
        let order = self.services.start_order(buyer, key, wish).await?;
        if let Stage::Card { setup, .. } = self.services.checkout(buyer, order).await?.stage {
            self.type_card(&setup).await?;
        }
        let Stage::Confirm { quoted, .. } = self.services.checkout(buyer, order).await?.stage else {
            return Err("the checkout does not come to its last page".into());
        };
        let confirmation = Confirmation { seal: quoted.seal, quoted_at: quoted.at };
        match self.services.confirm_order(buyer, order, &confirmation).await? {
            Standing::Paid { .. } => Ok(()),
            other => Err(format!("a purchase was not paid but is {other:?}").into()),
        }
    }

    /// A card that always pays, as it is known at the provider.
    pub(crate) async fn card(&self) -> Result<Card, Failure> {
        let provider = self.services.paying().provider();
        let request = SetupRequest {
            key: uuid::Uuid::from_bytes(self.services.environment().bytes()),
            kind: SetupKind::Add,
            language: Language::English,
            return_address: PORTAL.parse()?,
            holder: HolderHints::default(),
        };
        let setup = provider.begin_setup(request).await?;
        self.type_card(&setup).await?;
        match provider.setup_outcome(&setup.id).await? {
            SetupOutcome::Ready(card) => Ok(card),
            other => Err(format!("a card was typed, and it is {other:?}").into()),
        }
    }

    /// Types the card that always pays on the sandbox's page, as a person does.
    async fn type_card(&self, setup: &Setup) -> Result<(), Failure> {
        let number = "4242424242424242";
        // Good for longer than anything is measured.
        let year =
            self.services.environment().now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).year() + 15;
        let expiry = format!("05/{year}");
        let fields = [("number", number), ("expiry", &expiry), ("code", "987"), ("name", "MISAKI SASAKI")];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = axum::http::Request::post(setup.hosted_address.as_str())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(axum::body::Body::from(body))?;
        let answer = self.sandbox.router().oneshot(request).await?;
        if answer.status() == axum::http::StatusCode::SEE_OTHER {
            Ok(())
        } else {
            Err(format!("the sandbox did not take the card and answered {}", answer.status()).into())
        }
    }
}

/// A clock that stands until it is moved.
pub(crate) struct StandingClock(AtomicI64);

impl StandingClock {
    pub(crate) fn at(now: Instant) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(now.as_micros())))
    }

    pub(crate) fn set(&self, now: Instant) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the data is as old as it is, like that of a server")]
    fn now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

struct SystemEntropy(File);

impl SystemEntropy {
    fn open() -> std::io::Result<Self> {
        File::open("/dev/urandom").map(Self)
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = (&self.0).read_exact(bytes) {
            eprintln!("error: the operating system gives no random bytes: {error}");
            std::process::exit(1);
        }
    }
}
