//! Licenses: who holds which product, giving and taking them (SPEC 5, Assigning).

mod list_text;
mod listed;

pub use listed::{ListChecked, ListWish, Listed, MOST_LISTED, Verdict};

use domain::id::{AssignmentId, PersonId, ProductId, SubscriptionId};
use domain::license::{MOST_AT_ONCE, NotAssigned, SeatSource, draw_from};
use domain::name::fold;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::audit::Record;
use store::licenses::{Found, Held, Holder, ProductSeats};

use crate::asker::{Asker, Place};
use crate::catalog::Window;
use crate::keys::key_of;
use crate::products::cut;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// How many holders a page has (design guide 8).
pub const ROWS: u32 = 50;

/// How many people a search shows.
pub const FOUND: u32 = 20;

/// The seats of each product that one manages.
#[derive(Clone, Debug)]
pub struct LicenseList {
    /// Names and tiles.
    pub window: Window,
    /// Per product, in the order of the catalog.
    pub products: Vec<ProductSeats>,
}

/// The licenses of one product.
#[derive(Clone, Debug)]
pub struct LicensePage {
    /// Names and tiles.
    pub window: Window,
    /// The product.
    pub product: ProductId,
    /// The subscriptions that its seats come from.
    pub sources: Vec<SeatSource>,
    /// A page of those who hold one.
    pub holders: Vec<Holder>,
    /// Where the next page begins, if there is one.
    pub next: Option<(String, PersonId)>,
}

impl LicensePage {
    /// All seats, and those that are given to somebody, of the subscriptions that work.
    pub fn seats(&self) -> (u32, u32) {
        let working = self.sources.iter().filter(|source| source.status.works());
        working.fold((0, 0), |(seats, assigned), source| (seats + source.seats, assigned + source.assigned))
    }

    /// Those that can be given now.
    pub fn free(&self) -> u32 {
        self.sources.iter().map(SeatSource::free).sum()
    }
}

/// People who were found.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// The first of them.
    pub found: Vec<Found>,
    /// Whether there are more.
    pub more: bool,
}

/// What became of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Who.
    pub person: PersonId,
    /// The subscription that the license is drawn from, or why there is none.
    pub outcome: Result<SubscriptionId, NotAssigned>,
}

impl Services {
    /// The products of whose subscriptions the asker is a manager, with their seats.
    pub async fn licenses(&self, asker: &Asker) -> Result<LicenseList, ServiceError> {
        asker.must(Right::AssignLicenses)?;
        let place = asker.must_place()?;
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let seats = reader.conn().managed_seats(place.organization.id, place.person.id).await?;
        let in_order = window.shelf.catalog.products.iter();
        let in_order = in_order.filter_map(|product| window.shelf.products.get(product.key.as_str()));
        let products =
            in_order.filter_map(|id| seats.iter().find(|seats| seats.product == *id)).copied().collect();
        Ok(LicenseList { window, products })
    }

    /// Who holds a license of a product that the asker manages.
    pub async fn license_page(
        &self,
        asker: &Asker,
        product: &str,
        after: Option<(String, PersonId)>,
    ) -> Result<LicensePage, ServiceError> {
        let (place, product, sources) = self.managed_product(asker, product).await?;
        let window = self.browse(asker).await?;
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        let mut holders = reader.conn().holders(organization, person, product, after, ROWS + 1).await?;
        let more = cut(&mut holders, ROWS);
        let next = holders.last().filter(|_| more).map(|last| (last.sort_key.clone(), last.person));
        Ok(LicensePage { window, product, sources, holders, next })
    }

    /// People of the organization whose name (family, given, kana, romaji) or address begins with what was typed.
    pub async fn find_people(
        &self,
        asker: &Asker,
        product: &str,
        typed: &str,
    ) -> Result<People, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let from = fold(typed);
        if from.is_empty() {
            return Ok(People::default());
        }
        // Nothing that begins with what was typed sorts behind it followed by the last of all characters.
        let to = format!("{from}{}", char::MAX);
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let mut found = conn.find_people(place.organization.id, product, (&from, &to), FOUND + 1).await?;
        let more = cut(&mut found, FOUND);
        Ok(People { found, more })
    }

    /// The people of these ids, as they are shown while they are chosen. Whoever is elsewhere is left out.
    pub async fn people_for_license(
        &self,
        asker: &Asker,
        product: &str,
        people: &[PersonId],
    ) -> Result<Vec<Found>, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let mut found = Vec::new();
        for person in people.iter().take(MOST_AT_ONCE) {
            found.extend(conn.person_for_license(place.organization.id, product, *person).await?);
        }
        Ok(found)
    }

    /// Those among these people who hold a license that the asker could take away.
    pub async fn holders_among(
        &self,
        asker: &Asker,
        product: &str,
        people: &[PersonId],
    ) -> Result<Vec<Holder>, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        Ok(reader.conn().holders_among(organization, person, product, people).await?)
    }

    /// Gives each of these people a license of a product, at most 20 at a time (SPEC 5). Everybody gets an answer of
    /// their own; the last free seat goes to one person, however many ask at once.
    pub async fn assign_licenses(
        &self,
        asker: &Asker,
        key: &str,
        product: &str,
        people: &[PersonId],
    ) -> Result<Vec<Given>, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let people = distinct(people)?;
        let key = key_of("license.assign", &place, key, &(product, &people))?;
        let (organization, manager) = (place.organization.id, place.person.id);
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let people = people.clone();
                Box::pin(async move {
                    let mut given = Vec::with_capacity(people.len());
                    for person in people {
                        let outcome = assign(tx, manager, (product, person)).await?;
                        given.push(Given { person, outcome });
                    }
                    Ok::<_, ServiceError>(given)
                })
            })
            .await
    }

    /// Takes the license of a product from each of these people. Gives those who had one.
    pub async fn unassign_licenses(
        &self,
        asker: &Asker,
        key: &str,
        product: &str,
        people: &[PersonId],
    ) -> Result<Vec<PersonId>, ServiceError> {
        let (place, product, _) = self.managed_product(asker, product).await?;
        let people = distinct(people)?;
        let key = key_of("license.unassign", &place, key, &(product, &people))?;
        let (organization, manager) = (place.organization.id, place.person.id);
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let people = people.clone();
                Box::pin(async move {
                    let mut taken = Vec::new();
                    for person in people {
                        let from = tx.remove_assignment(organization, manager, (product, person)).await?;
                        let Some(subscription) = from else { continue };
                        tx.give_seat_back(organization, subscription).await?;
                        tx.audit(unassigned((product, person), subscription));
                        taken.push(person);
                    }
                    Ok::<_, ServiceError>(taken)
                })
            })
            .await
    }

    /// The licenses that the asker holds.
    pub async fn my_licenses(&self, asker: &Asker) -> Result<(Window, Vec<Held>), ServiceError> {
        asker.must(Right::SeeLicenses)?;
        let place = asker.must_place()?;
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let held = reader.conn().licenses_of(place.organization.id, place.person.id).await?;
        Ok((window, held))
    }

    /// A product of which the asker manages a subscription; another one is nowhere.
    pub(super) async fn managed_product(
        &self,
        asker: &Asker,
        product: &str,
    ) -> Result<(Place, ProductId, Vec<SeatSource>), ServiceError> {
        asker.must(Right::AssignLicenses)?;
        let place = asker.must_place()?.clone();
        let product = *self.shelf().await?.products.get(product).ok_or(ServiceError::NotFound)?;
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        let sources = reader.conn().seat_sources(organization, person, product).await?;
        if sources.is_empty() { Err(ServiceError::NotFound) } else { Ok((place, product, sources)) }
    }
}

/// Each person once, in the order given; more than 20 are refused and nothing is done.
fn distinct(people: &[PersonId]) -> Result<Vec<PersonId>, ServiceError> {
    let mut distinct: Vec<PersonId> = Vec::with_capacity(people.len());
    for person in people {
        if !distinct.contains(person) {
            distinct.push(*person);
        }
    }
    if distinct.len() > MOST_AT_ONCE { Err(ServiceError::TooManyAtOnce) } else { Ok(distinct) }
}

/// Why somebody who was found cannot be given a license, if they cannot (SPEC 5, Assigning).
fn why_not(found: &Found) -> Option<NotAssigned> {
    if !found.profile.active {
        Some(NotAssigned::Inactive)
    } else if found.profile.guest {
        Some(NotAssigned::Guest)
    } else {
        found.has_it.then_some(NotAssigned::AlreadyHasIt)
    }
}

/// What the audit says of a license that was given.
fn assigned(
    assignment: AssignmentId,
    (product, person): (ProductId, PersonId),
    subscription: SubscriptionId,
) -> Record {
    Record::new("license.assign", "person", person.uuid())
        .fact("assignment", assignment.to_string())
        .fact("product", product.to_string())
        .fact("subscription", subscription.to_string())
}

/// What the audit says of a license that was taken.
fn unassigned((product, person): (ProductId, PersonId), subscription: SubscriptionId) -> Record {
    Record::new("license.unassign", "person", person.uuid())
        .fact("product", product.to_string())
        .fact("subscription", subscription.to_string())
}

/// Gives one person a license, if they may have one and a seat is free.
async fn assign(
    tx: &mut Tx<'_>,
    manager: PersonId,
    (product, person): (ProductId, PersonId),
) -> Result<Result<SubscriptionId, NotAssigned>, ServiceError> {
    let organization = tx.command().organization;
    let Some(found) = tx.person_for_license(organization, product, person).await? else {
        return Ok(Err(NotAssigned::Unknown));
    };
    if let Some(refused) = why_not(&found) {
        return Ok(Err(refused));
    }
    let sources = tx.seat_sources(organization, manager, product).await?;
    for subscription in draw_from(&sources, None) {
        // The seat first: who gets it is decided there. Should somebody beside us have given the person a license
        // meanwhile, the seat goes back.
        if !tx.take_seat(organization, subscription).await? {
            continue;
        }
        let added = tx.add_assignment(organization, (product, person), subscription, Some(manager)).await?;
        let Some(assignment) = added else {
            tx.give_seat_back(organization, subscription).await?;
            return Ok(Err(NotAssigned::AlreadyHasIt));
        };
        tx.audit(assigned(assignment, (product, person), subscription));
        return Ok(Ok(subscription));
    }
    Ok(Err(NotAssigned::NoSeat))
}
