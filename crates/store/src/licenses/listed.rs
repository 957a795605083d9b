//! People who stand in a list that somebody has pasted (SPEC 5, Assigning: beyond 20).

use domain::id::{OrganizationId, ProductId, SubscriptionId};

use super::Found;
use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, binds};

impl Conn<'_> {
    /// Whoever has this address in an organization, active or not, with whether they hold a license of the product.
    pub async fn person_by_mail(
        &mut self,
        organization: OrganizationId,
        product: ProductId,
        mail: &str,
    ) -> Result<Option<Found>, StoreError> {
        self.row(
            sql!(
                "SELECT p.id, a.id IS NOT NULL,
                        p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active
                 FROM person p
                 LEFT JOIN assignment a
                   ON a.organization_id = p.organization_id AND a.product_id = $2 AND a.person_id = p.id
                 WHERE p.organization_id = $1 AND p.mail = $3"
            ),
            binds![organization, product, mail],
        )
        .await?
        .map(|mut row| Found::from_row(&mut row))
        .transpose()
    }

    /// The active people of an organization, not guests, one of whose names is exactly this, folded (SPEC 7).
    pub async fn people_called(
        &mut self,
        organization: OrganizationId,
        product: ProductId,
        folded: &str,
        limit: u32,
    ) -> Result<Vec<Found>, StoreError> {
        self.rows(
            sql!(
                "SELECT p.id, a.id IS NOT NULL,
                        p.mail, p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active
                 FROM (SELECT DISTINCT person_id FROM person_key WHERE organization_id = $1 AND folded = $3) k
                 JOIN person p ON p.organization_id = $1 AND p.id = k.person_id
                 LEFT JOIN assignment a
                   ON a.organization_id = $1 AND a.product_id = $2 AND a.person_id = p.id
                 WHERE p.active AND NOT p.guest
                 ORDER BY p.sort_key, p.id
                 LIMIT $4"
            ),
            binds![organization, product, folded, limit],
        )
        .await?
        .iter_mut()
        .map(Found::from_row)
        .collect()
    }
}

impl Tx<'_> {
    /// Takes so many free seats of a subscription that works, all of them or none; says whether there were as many.
    pub async fn take_free_seats(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        count: u32,
    ) -> Result<bool, StoreError> {
        let taken = self
            .change(
                sql!(
                    "UPDATE subscription SET assigned = assigned + $3, version = version + 1
                     WHERE organization_id = $1 AND id = $2 AND assigned + $3 <= seats
                       AND status IN ('active', 'expired')"
                ),
                binds![organization, subscription, count],
            )
            .await?;
        Ok(taken == 1)
    }

    /// Gives so many seats back.
    pub async fn free_seats(
        &mut self,
        organization: OrganizationId,
        subscription: SubscriptionId,
        count: u32,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE subscription SET assigned = assigned - $3, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND assigned >= $3"
            ),
            binds![organization, subscription, count],
        )
        .await
    }
}
