//! Many people get a license each.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::id::PersonId;
use services::Services;
use services::asker::Asker;
use services::importing::PeopleOptions;
use services::licenses::Given;
use services::testing::story::paper;

use crate::Failure;
use crate::shop::{CATALOG, Shop};

const ORGANIZATIONS: &[u8] = include_bytes!("../../../../docs/examples/organizations.toml");
const ORGANIZATION: &str = "aozora";
const PRODUCT: &str = "paper";
/// The most that a subscription of the example's plan can have.
const SEATS: u32 = 500;

/// Who buys the seats and gives them.
const MANAGER: &str = "manager@aozora.example";

/// How many calls are under way at any time.
const AT_ONCE: usize = 64;

/// So many people get a license each.
pub(crate) async fn assignments(data: &Path, count: u32) -> Result<(), Failure> {
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
