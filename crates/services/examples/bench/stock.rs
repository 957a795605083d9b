//! Customers with subscriptions that were bought and paid: many at once, in big units of work, through the store's own
//! functions. What is there afterwards is what as many purchases would have left, but for their audit, which has one
//! record for each unit.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::catalog::{BillingFrequency, Term};
use domain::time::Instant;
use payments::provider::Card;
use services::importing::PeopleOptions;
use store::audit::Record;
use store::people::Place;
use store::{Actor, Command, Origin, Tx};

use crate::Failure;
use crate::article::Article;
use crate::purchase::Buyer;
use crate::shop::Shop;

/// How many subscriptions one unit of work writes.
const TOGETHER: u32 = 500;

/// Somebody who buys for an organization of their own, with a card.
#[derive(Clone)]
pub(crate) struct Customer {
    pub(crate) place: Place,
    card: Card,
}

/// Imports so many organizations of one person each, whose keys begin like this.
pub(crate) async fn customers(shop: &Shop, prefix: &str, count: u32) -> Result<Vec<Customer>, Failure> {
    let keys: Vec<String> = (0..count).map(|number| format!("{prefix}-{number}")).collect();
    let mut organizations = String::new();
    let mut people = "organization,mail,family_name,given_name\n".to_owned();
    for key in &keys {
        write!(
            organizations,
            "[[organizations]]\nkey = \"{key}\"\nlegal_name = \"{key}\"\ncountry = \"JP\"\ncurrency = \"JPY\"\n\
             time_zone = \"Asia/Tokyo\"\nlanguage = \"ja\"\n[organizations.sold_to]\npostal_code = \"604-0000\"\n\
             region = \"京都府\"\ncity = \"京都市\"\nstreet = \"例町 1-2-3\"\n\n"
        )?;
        writeln!(people, "{key},{},森,花", mail(key))?;
    }
    shop.services.import_organizations(organizations.as_bytes()).await?;
    shop.services.import_people(people.as_bytes(), PeopleOptions::default(), |_| ()).await?;
    let mut customers = Vec::with_capacity(keys.len());
    for key in &keys {
        customers.push(Customer { place: place(shop, key).await?, card: shop.card().await? });
    }
    Ok(customers)
}

fn mail(key: &str) -> String {
    format!("buyer@{key}.example")
}

async fn place(shop: &Shop, key: &str) -> Result<Place, Failure> {
    let mut reader = shop.services.store().read().await?;
    let mut conn = reader.conn();
    let organization = conn.organization_by_key(key).await?.ok_or("an organization was not imported")?.id;
    let person = conn.known_person(organization, &mail(key)).await?.ok_or("nobody was imported")?.id;
    Ok(conn.buyer_place(organization, person).await?.ok_or("nobody is there")?)
}

/// A customer buys so many subscriptions for as few people as may be, of these terms in turn, today. Gives when the
/// first of them falls due: at its renewal, if the price of that `is_decided`.
pub(crate) async fn sell(
    shop: &Shop,
    customer: &Customer,
    terms: &[(Term, BillingFrequency)],
    count: u32,
    is_decided: bool,
) -> Result<Instant, Failure> {
    let now = shop.services.environment().now();
    let shelf = shop.services.store().read().await?.conn().shelf().await?;
    let mut articles = Vec::with_capacity(terms.len());
    for (term, frequency) in terms {
        articles.push(Article::find(&shelf, &customer.place, (*term, *frequency), now, is_decided)?);
    }
    let first = articles.iter().map(|article| article.due_at).min().ok_or("nothing is bought")?;
    let (articles, mut left) = (Arc::new(articles), count);
    while left > 0 {
        let together = left.min(TOGETHER);
        let command = Command {
            organization: customer.place.organization.id,
            actor: Actor::Machine,
            origin: Origin::default(),
            at: now,
            seed: shop.services.environment().bytes(),
            key: None,
            reason: None,
        };
        let (customer, articles) = (customer.clone(), Arc::clone(&articles));
        shop.services
            .store()
            .write::<_, Failure, _>(command, move |tx| {
                let (customer, articles) = (customer.clone(), Arc::clone(&articles));
                Box::pin(async move { write_together(tx, &customer, &articles, together).await })
            })
            .await?;
        left -= together;
    }
    Ok(first)
}

async fn write_together(
    tx: &mut Tx<'_>,
    customer: &Customer,
    articles: &[Article],
    count: u32,
) -> Result<(), Failure> {
    let organization = customer.place.organization.id;
    let buyer = Buyer::begin(tx, &customer.place, &customer.card).await?;
    for article in articles.iter().cycle().take(usize::try_from(count)?) {
        buyer.buy(tx, article).await?;
    }
    tx.fix_country_and_currency(organization).await?;
    tx.audit(Record::new("subscription.start", "organization", organization.uuid()).fact("count", count));
    Ok(())
}
