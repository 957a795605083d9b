//! The use cases over a data folder, and the world around them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::mail::MailAddress;
use domain::time::Instant;
use payments::provider::Setup;
use payments::sandbox::{self, Sandbox};
use services::Services;
use services::asker::Asker;
use services::environment::{Clock, Entropy, Environment};
use services::orders::{Confirmation, Stage, Standing, Wish};
use services::password::Passwords;
use services::paying::Paying;
use services::testing::PORTAL;
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
    pub(crate) async fn open(data: &Path) -> Result<Self, Failure> {
        let journal = data.join("sandbox");
        std::fs::create_dir_all(&journal)?;
        let location = Location::Folder(data.to_owned());
        store::migrate(&location).await?;
        let store = Store::open(&location).await?;
        let environment =
            Environment { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy::open()?) };
        let options = sandbox::Options::new("http://localhost:3000".parse()?, Arc::new(environment.clone()));
        let sandbox = Sandbox::open(&journal, options)?;
        let paying = Paying::new(Arc::new(sandbox.clone()), PORTAL.parse()?);
        let services = Services::new(store, environment, Passwords::new()?, paying);
        Ok(Self { services, sandbox })
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

    /// Types the card that always pays on the sandbox's page, as a person does.
    pub(crate) async fn type_card(&self, setup: &Setup) -> Result<(), Failure> {
        let number = "4242424242424242";
        let fields = [("number", number), ("expiry", "05/30"), ("code", "987"), ("name", "MISAKI SASAKI")];
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

struct SystemClock;

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
