//! Licenses: who holds one of which product, from which subscription (SPEC 5, Assigning).

mod ended;
mod listed;

use domain::id::{AssignmentId, OrganizationId, PersonId, ProductId, SubscriptionId};
use domain::license::{AssignmentSource, SeatSource};
use domain::subscription::Status;
use domain::time::{Date, Instant};

use crate::StoreError;
use crate::people::Profile;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

/// A person who holds a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// What they are sorted by.
    pub sort_key: String,
    /// Names and the rest.
    pub profile: Profile,
    /// The subscription that the license is drawn from.
    pub subscription: SubscriptionId,
    /// How they came to it.
    pub source: AssignmentSource,
    /// When.
    pub assigned_at: Instant,
}

impl FromRow for Holder {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.take()?,
            sort_key: row.take()?,
            subscription: row.take()?,
            source: row.parse(|code: String| AssignmentSource::from_code(&code))?,
            assigned_at: row.take()?,
            profile: Profile::from_row(row)?,
        })
    }
}

impl FromRow for SeatSource {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            subscription: row.take()?,
            status: row.parse(|code: String| Status::from_code(&code))?,
            ends: row.take()?,
            seats: row.take()?,
            assigned: row.take()?,
        })
    }
}

/// Somebody who was found by what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// Names and the rest.
    pub profile: Profile,
    /// Whether they hold a license of the product.
    pub has_it: bool,
}

impl FromRow for Found {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { person: row.take()?, has_it: row.take()?, profile: Profile::from_row(row)? })
    }
}

/// A license that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The product.
    pub product: ProductId,
    /// The state of the subscription that it is drawn from.
    pub status: Status,
    /// The first day after that subscription's term.
    pub ends_on: Date,
    /// When it was given.
    pub assigned_at: Instant,
}

/// The seats of one product over the subscriptions that a person manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductSeats {
    /// The product.
    pub product: ProductId,
    /// All seats of subscriptions that work.
    pub seats: u32,
    /// Those that are given to somebody.
    pub assigned: u32,
}

impl Conn<'_> {
    /// Per product: the seats of the subscriptions that a person manages and that work.
    pub async fn managed_seats(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<ProductSeats>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.product_id, CAST(SUM(s.seats) AS BIGINT), CAST(SUM(s.assigned) AS BIGINT)
                 FROM subscription_manager m
                 JOIN subscription s ON s.organization_id = m.organization_id AND s.id = m.subscription_id
                 WHERE m.organization_id = $1 AND m.person_id = $2 AND s.status IN ('active', 'expired')
                 GROUP BY s.product_id
                 ORDER BY s.product_id"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(|row| Ok(ProductSeats { product: row.take()?, seats: row.take()?, assigned: row.take()? }))
        .collect()
    }

    /// The subscriptions of a product that a person manages, as sources of seats.
    pub async fn seat_sources(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        product: ProductId,
    ) -> Result<Vec<SeatSource>, StoreError> {
        self.rows(
            sql!(
                "SELECT s.id, s.status, s.ends_on, s.seats, s.assigned
                 FROM subscription_manager m
                 JOIN subscription s ON s.organization_id = m.organization_id AND s.id = m.subscription_id
                 WHERE m.organization_id = $1 AND m.person_id = $2 AND s.product_id = $3
                 ORDER BY s.id"
            ),
            binds![organization, person, product],
        )
        .await?
        .iter_mut()
        .map(SeatSource::from_row)
        .collect()
    }

    /// Who holds a license from the subscriptions of a product that the person manages, sorted as people of the
    /// organization are, from behind `after` on.
    pub async fn holders(
        &mut self,
        organization: OrganizationId,
        manager: PersonId,
        product: ProductId,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Vec<Holder>, StoreError> {
        let (key, id) = after.unzip();
        self.rows(
            sql!(
                "SELECT p.id, p.sort_key, a.subscription_id, a.source, a.assigned_at,
                        p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active
                 FROM assignment a
                 JOIN subscription_manager m
                   ON m.organization_id = a.organization_id AND m.subscription_id = a.subscription_id
                 JOIN person p ON p.organization_id = a.organization_id AND p.id = a.person_id
                 WHERE a.organization_id = $1 AND a.product_id = $2 AND m.person_id = $3
                   AND (p.sort_key > $4 OR (p.sort_key = $4 AND p.id > $5) OR $4 IS NULL)
                 ORDER BY p.sort_key, p.id
                 LIMIT $6"
            ),
            binds![organization, product, manager, key, id, limit],
        )
        .await?
        .iter_mut()
        .map(Holder::from_row)
        .collect()
    }

    /// Those among these people who hold a license from the subscriptions of a product that the person manages.
    pub async fn holders_among(
        &mut self,
        organization: OrganizationId,
        manager: PersonId,
        product: ProductId,
        people: &[PersonId],
    ) -> Result<Vec<Holder>, StoreError> {
        let mut holders = Vec::new();
        for person in people {
            let row = self
                .row(
                    sql!(
                        "SELECT p.id, p.sort_key, a.subscription_id, a.source, a.assigned_at,
                            p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                            p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active
                         FROM assignment a
                         JOIN subscription_manager m
                           ON m.organization_id = a.organization_id AND m.subscription_id = a.subscription_id
                         JOIN person p ON p.organization_id = a.organization_id AND p.id = a.person_id
                         WHERE a.organization_id = $1 AND a.product_id = $2 AND m.person_id = $3
                           AND a.person_id = $4"
                    ),
                    binds![organization, product, manager, *person],
                )
                .await?;
            holders.extend(row.map(|mut row| Holder::from_row(&mut row)).transpose()?);
        }
        Ok(holders)
    }

    /// The active people of an organization, not guests, whose name or address begins with what was typed, folded
    /// (SPEC 7), each with whether they hold a license of the product.
    pub async fn find_people(
        &mut self,
        organization: OrganizationId,
        product: ProductId,
        (from, to): (&str, &str),
        limit: u32,
    ) -> Result<Vec<Found>, StoreError> {
        self.rows(
            sql!(
                "SELECT p.id, a.id IS NOT NULL,
                        p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active
                 FROM (SELECT DISTINCT person_id FROM person_key
                       WHERE organization_id = $1 AND folded >= $3 AND folded < $4) k
                 JOIN person p ON p.organization_id = $1 AND p.id = k.person_id
                 LEFT JOIN assignment a
                   ON a.organization_id = $1 AND a.product_id = $2 AND a.person_id = p.id
                 WHERE p.active AND NOT p.guest
                 ORDER BY p.sort_key, p.id
                 LIMIT $5"
            ),
            binds![organization, product, from, to, limit],
        )
        .await?
        .iter_mut()
        .map(Found::from_row)
        .collect()
    }

    /// A person of an organization as the picker shows them; nothing if they are elsewhere or nowhere.
    pub async fn person_for_license(
        &mut self,
        organization: OrganizationId,
        product: ProductId,
        person: PersonId,
    ) -> Result<Option<Found>, StoreError> {
        self.row(
            sql!(
                "SELECT p.id, a.id IS NOT NULL,
                        p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active
                 FROM person p
                 LEFT JOIN assignment a
                   ON a.organization_id = p.organization_id AND a.product_id = $2 AND a.person_id = p.id
                 WHERE p.organization_id = $1 AND p.id = $3"
            ),
            binds![organization, product, person],
        )
        .await?
        .map(|mut row| Found::from_row(&mut row))
        .transpose()
    }

    /// The licenses that a person holds, the newest first.
    pub async fn licenses_of(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<Held>, StoreError> {
        self.rows(
            sql!(
                "SELECT a.product_id, s.status, s.ends_on, a.assigned_at
                 FROM assignment a
                 JOIN subscription s ON s.organization_id = a.organization_id AND s.id = a.subscription_id
                 WHERE a.organization_id = $1 AND a.person_id = $2
                 ORDER BY a.assigned_at DESC, a.id"
            ),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(|row| {
            Ok(Held {
                product: row.take()?,
                status: row.parse(|code: String| Status::from_code(&code))?,
                ends_on: row.take()?,
                assigned_at: row.take()?,
            })
        })
        .collect()
    }
}

impl Tx<'_> {
    /// Gives a person a license from a subscription, if they hold none of the product. Says whether they were given
    /// it. The seat has to be taken with it: see [`Tx::take_seat`].
    pub async fn add_assignment(
        &mut self,
        organization: OrganizationId,
        (product, person): (ProductId, PersonId),
        subscription: SubscriptionId,
        by: Option<PersonId>,
    ) -> Result<Option<AssignmentId>, StoreError> {
        let id = self.id(AssignmentId::new);
        let at = self.at();
        let added = self
            .change(
                sql!(
                    "INSERT INTO assignment (organization_id, product_id, person_id, id, subscription_id, source,
                                             assigned_at, assigned_by)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (organization_id, product_id, person_id) DO NOTHING"
                ),
                binds![
                    organization,
                    product,
                    person,
                    id,
                    subscription,
                    AssignmentSource::Manual.code(),
                    at,
                    by
                ],
            )
            .await?;
        Ok((added == 1).then_some(id))
    }

    /// Takes a free seat of a subscription that works; says whether there was one. The statement that takes it is
    /// the one that looks: the last seat goes to one person, however many ask at once.
    pub async fn take_seat(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<bool, StoreError> {
        let taken = self
            .change(
                sql!(
                    "UPDATE subscription SET assigned = assigned + 1, version = version + 1
                     WHERE organization_id = $1 AND id = $2 AND assigned < seats
                       AND status IN ('active', 'expired')"
                ),
                binds![organization, subscription],
            )
            .await?;
        Ok(taken == 1)
    }

    /// Gives a seat back.
    pub async fn give_seat_back(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE subscription SET assigned = assigned - 1, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND assigned > 0"
            ),
            binds![organization, subscription],
        )
        .await
    }

    /// Takes a person's license of a product away, if it is drawn from a subscription that the manager manages. Gives
    /// the subscription whose seat becomes free; nothing if there was no such license (any more).
    pub async fn remove_assignment(
        &mut self,
        organization: OrganizationId,
        manager: PersonId,
        (product, person): (ProductId, PersonId),
    ) -> Result<Option<SubscriptionId>, StoreError> {
        let held = self.holders_among(organization, manager, product, &[person]).await?.pop();
        let Some(held) = held else { return Ok(None) };
        let removed = self
            .change(
                sql!(
                    "DELETE FROM assignment
                     WHERE organization_id = $1 AND product_id = $2 AND person_id = $3 AND subscription_id = $4"
                ),
                binds![organization, product, person, held.subscription],
            )
            .await?;
        Ok((removed == 1).then_some(held.subscription))
    }
}
