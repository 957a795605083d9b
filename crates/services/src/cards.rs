//! Payment methods: what a person pays with, added, edited, replaced and deleted (SPEC 5, Cards).
//!
//! Number and security code are typed at the provider only. So each of these is two steps: a place at the provider is
//! begun, and when the card is there it is finished: kept, attached, or put in another one's place.

mod finish;
mod remove;
mod setup;

pub use finish::Finished;
pub use setup::{CardAtProvider, CardProgress, CardWish, read_card_address};

use std::collections::BTreeMap;

use domain::id::{BillingAccountId, BillingProfileId, OrganizationId, PaymentMethodId, PersonId};
use domain::time::Date;
use payments::provider::Card;
use store::Conn;
use store::billing::PaymentMethod;
use store::cards::PaidProfile;
use store::people::Profile;

use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// A payment method as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodLine {
    /// Its id.
    pub id: PaymentMethodId,
    /// The card.
    pub card: Card,
    /// Whose it is, where it is not the asker's own: only its owner edits, replaces and deletes it.
    pub owner: Option<Profile>,
    /// The day on which it was added.
    pub added_on: Date,
    /// How its expiry stands today.
    pub expiry: ExpiryState,
    /// The billing profiles that it pays, as far as the asker may know of them.
    pub pays: Vec<(BillingAccountId, BillingProfileId)>,
}

/// How the expiry of a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryState {
    /// It is good for a while.
    Good,
    /// Its last month is this one or the next.
    Soon,
    /// Its last month is over.
    Past,
}

impl ExpiryState {
    fn of(card: &Card, today: Date) -> Self {
        let month = |year: i16, month: i8| i32::from(year) * 12 + i32::from(month);
        let left = month(card.expiry.year(), card.expiry.month()) - month(today.year(), today.month());
        match left {
            ..0 => Self::Past,
            0 | 1 => Self::Soon,
            _ => Self::Good,
        }
    }
}

impl Services {
    /// The asker's own payment methods, the newest first, then those of others that pay profiles on which the asker
    /// has a role.
    pub async fn cards(&self, asker: &Asker) -> Result<Vec<MethodLine>, ServiceError> {
        asker.must(Right::ManageCards)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let calendar = Calendar::of(&place.organization)?;
        let today = calendar.today(self.environment().now());
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let own = conn.payment_methods(organization, person).await?;
        let mut pays = pays(conn.paid_by_methods_of(organization, person).await?);
        let mut lines: Vec<(PaymentMethod, Option<Profile>, Vec<_>)> = Vec::new();
        for method in own {
            let paid = pays.remove(&method.id).unwrap_or_default();
            lines.push((method, None, paid));
        }
        for (paid, method) in conn.methods_of_profiles(organization, person).await? {
            let known = lines.iter_mut().find(|(known, ..)| known.id == method.id);
            if let Some((.., pays)) = known {
                pays.push((paid.account, paid.profile));
                continue;
            }
            let owner = conn.stored_profile(organization, method.person).await?;
            lines.push((method, owner, vec![(paid.account, paid.profile)]));
        }
        drop(reader);
        lines
            .into_iter()
            .map(|(method, owner, pays)| {
                let card: Card = serde_json::from_str(&method.card).map_err(ServiceError::broken)?;
                Ok(MethodLine {
                    id: method.id,
                    owner,
                    added_on: calendar.day_of(method.added_at),
                    expiry: ExpiryState::of(&card, today),
                    card,
                    pays,
                })
            })
            .collect()
    }
}

fn pays(paid: Vec<PaidProfile>) -> BTreeMap<PaymentMethodId, Vec<(BillingAccountId, BillingProfileId)>> {
    paid.into_iter().fold(BTreeMap::new(), |mut pays, paid| {
        pays.entry(paid.method).or_insert_with(Vec::new).push((paid.account, paid.profile));
        pays
    })
}

/// A payment method of the asker's own; what is somebody else's is nowhere.
async fn own_method(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    person: PersonId,
    method: PaymentMethodId,
) -> Result<(PaymentMethod, Card), ServiceError> {
    let method = conn.own_method(organization, person, method).await?.ok_or(ServiceError::NotFound)?;
    let card = serde_json::from_str(&method.card).map_err(ServiceError::broken)?;
    Ok((method, card))
}
