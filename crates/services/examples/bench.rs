//! What `cargo xtask bench` has done through the use cases, in a process of its own.
//!
//! - `bench fill DATA MAIL COUNT`: the person of this address, in a data folder that nobody serves, buys so many
//!   subscriptions of everything that is sold to them.
//! - `bench assignments DATA COUNT`: in a new data folder, so many people get a license each, 64 at once. Prints a
//!   line of JSON with how long that took.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::catalog::{Offer, PlanOffer, Product};
use domain::id::PersonId;
use domain::mail::MailAddress;
use domain::time::Instant;
use payments::provider::Setup;
use payments::sandbox::{self, Sandbox};
use services::Services;
use services::asker::Asker;
use services::catalog::Window;
use services::environment::{Clock, Entropy, Environment};
use services::importing::PeopleOptions;
use services::licenses::Given;
use services::orders::{Confirmation, Stage, Standing, Wish};
use services::password::Passwords;
use services::paying::Paying;
use services::testing::PORTAL;
use services::testing::story::paper;
use store::{Location, Origin, Store};
use tower::ServiceExt as _;

type Failure = Box<dyn Error + Send + Sync>;

/// The documented examples are what is measured with.
const CATALOG: &[u8] = include_bytes!("../../../docs/examples/catalog.toml");
const ORGANIZATIONS: &[u8] = include_bytes!("../../../docs/examples/organizations.toml");
const ORGANIZATION: &str = "aozora";
const PRODUCT: &str = "paper";
/// The most that a subscription of the example's plan can have.
const SEATS: u32 = 500;

/// Who buys the seats and gives them.
const MANAGER: &str = "manager@aozora.example";

/// How many calls are under way at any time.
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match perform(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(words: &[String]) -> Result<(), Failure> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["fill", data, mail, count] => fill(Path::new(data), mail, count.parse()?).await,
        ["assignments", data, count] => assignments(Path::new(data), count.parse()?).await,
        _ => Err("say `fill DATA MAIL COUNT` or `assignments DATA COUNT`".into()),
    }
}

/// The use cases over a data folder, with the sandbox beside them, as `zaseki serve` opens both.
struct Shop {
    services: Services,
    sandbox: Sandbox,
}

impl Shop {
    async fn open(data: &Path) -> Result<Self, Failure> {
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
    async fn sign_in(&self, mail: &str) -> Result<Asker, Failure> {
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
    async fn buy(&self, buyer: &Asker, key: &str, wish: &Wish) -> Result<(), Failure> {
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
    async fn type_card(&self, setup: &Setup) -> Result<(), Failure> {
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

/// Somebody buys so many subscriptions.
async fn fill(data: &Path, mail: &str, count: usize) -> Result<(), Failure> {
    let shop = Shop::open(data).await?;
    let buyer = shop.sign_in(mail).await?;
    let wishes = wishes(&shop.services.browse(&buyer).await?, count);
    if wishes.len() < count {
        return Err(format!("nothing is sold to {mail}").into());
    }
    for (number, wish) in wishes.iter().enumerate() {
        shop.buy(&buyer, &format!("fill {number}"), wish).await?;
    }
    shop.services.store().close().await;
    Ok(())
}

/// Every plan that is sold in turn, in each round at another of its prices, for 1 to 200 people as far as the plan
/// allows it.
fn wishes(window: &Window, count: usize) -> Vec<Wish> {
    let sold = window.offers().filter_map(|(product, offer)| match offer {
        Offer::Sold(sale) => Some((product, sale.plans)),
        _ => None,
    });
    let plans: Vec<(&Product, PlanOffer<'_>)> =
        sold.flat_map(|(product, plans)| plans.into_iter().map(move |plan| (product, plan))).collect();
    let wish = |(number, (product, offer)): (usize, &(&Product, PlanOffer<'_>))| {
        let price = offer.prices[number / plans.len() % offer.prices.len()];
        let limits = offer.plan.seats;
        let seats = u32::try_from(1 + number * 37 % 200).unwrap_or(u32::MAX);
        Wish {
            product: product.key.to_string(),
            plan: offer.plan.key.to_string(),
            term: price.term.code().to_owned(),
            frequency: price.frequency.code().to_owned(),
            seats: seats.clamp(limits.minimum, limits.maximum).to_string(),
        }
    };
    plans.iter().cycle().take(count).enumerate().map(wish).collect()
}

/// So many people get a license each.
async fn assignments(data: &Path, count: u32) -> Result<(), Failure> {
    let shop = Shop::open(data).await?;
    let services = &shop.services;
    services.import_catalog(CATALOG).await?;
    services.import_organizations(ORGANIZATIONS).await?;
    services.import_people(people(count).as_bytes(), PeopleOptions::default(), |_| ()).await?;
    let manager = shop.sign_in(MANAGER).await?;
    let subscriptions = count.div_ceil(SEATS);
    for number in 0..subscriptions {
        shop.buy(&manager, &format!("seats {number}"), &paper(SEATS)).await?;
    }
    let people = ids(services, count).await?;

    let start = std::time::Instant::now();
    give_all(services, &manager, people).await?;
    let seconds = start.elapsed().as_secs_f64();

    let (_, assigned) = services.license_page(&manager, PRODUCT, None).await?.seats();
    if assigned != count {
        return Err(format!("{assigned} licenses are given, not {count}").into());
    }
    println!(
        "{{\"seconds\": {seconds:.6}, \"count\": {count}, \"at_once\": {AT_ONCE}, \
         \"subscriptions\": {subscriptions}}}"
    );
    shop.services.store().close().await;
    Ok(())
}

/// The manager and so many others, as an import file.
fn people(count: u32) -> String {
    let mut rows = format!(
        "organization,mail,family_name,given_name,department\n{ORGANIZATION},{MANAGER},森,花,総務部\n"
    );
    for number in 0..count {
        // Writing to a string cannot fail.
        _ = writeln!(rows, "{ORGANIZATION},{},社員,{number},設計部", mail(number));
    }
    rows
}

fn mail(number: u32) -> String {
    format!("p{number:06}@aozora.example")
}

async fn ids(services: &Services, count: u32) -> Result<Vec<PersonId>, Failure> {
    let mut reader = services.store().read().await?;
    let mut conn = reader.conn();
    let organization =
        conn.organization_by_key(ORGANIZATION).await?.ok_or("the organization is not there")?.id;
    let mut people = Vec::new();
    for number in 0..count {
        let mail = mail(number);
        let known = conn.known_person(organization, &mail).await?;
        people.push(known.ok_or_else(|| format!("{mail} was not imported"))?.id);
    }
    Ok(people)
}

/// One person per call; whoever has done with one takes up the next.
async fn give_all(services: &Services, manager: &Asker, people: Vec<PersonId>) -> Result<(), Failure> {
    let people = Arc::new(people);
    let next = Arc::new(AtomicUsize::new(0));
    let mut givers = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (services, manager) = (services.clone(), manager.clone());
        let (people, next) = (Arc::clone(&people), Arc::clone(&next));
        givers.spawn(async move {
            while let Some(person) = people.get(next.fetch_add(1, Ordering::Relaxed)) {
                give(&services, &manager, *person).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(giver) = givers.join_next().await {
        giver??;
    }
    Ok(())
}

async fn give(services: &Services, manager: &Asker, person: PersonId) -> Result<(), Failure> {
    let key = format!("bench {person}");
    let given = services.assign_licenses(manager, &key, PRODUCT, &[person]).await?;
    match given.as_slice() {
        [Given { outcome: Ok(_), .. }] => Ok(()),
        other => Err(format!("a license was not given: {other:?}").into()),
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
