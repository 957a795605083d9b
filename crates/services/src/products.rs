//! Your products: the subscriptions that one manages (SPEC 2).

use domain::id::{DocumentId, SubscriptionId};
use domain::subscription::{Channel, Status};
use domain::time::Date;
use store::subscriptions::{Counts, SeatPurchase, Subscription, Wanted};

use crate::asker::Asker;
use crate::catalog::Window;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// How many rows a page of the list has (design guide 8).
pub const ROWS: u32 = 50;

/// What of the list is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those acquired like this.
    pub channel: Option<Channel>,
    /// Only those in this state.
    pub status: Option<Status>,
    /// Those behind this one.
    pub after: Option<(Date, SubscriptionId)>,
}

/// A page of one's subscriptions.
#[derive(Clone, Debug)]
pub struct Products {
    /// Names and tiles, and today's day in the organization.
    pub window: Window,
    /// The rows, those that end first at the top.
    pub rows: Vec<Subscription>,
    /// Where the next page begins, if there is one.
    pub next: Option<(Date, SubscriptionId)>,
    /// How many there are of each kind, whatever the filter.
    pub counts: Counts,
}

/// One subscription with its details.
#[derive(Clone, Debug)]
pub struct ProductDetails {
    /// Names and tiles, and today's day in the organization.
    pub window: Window,
    /// The subscription.
    pub subscription: Subscription,
    /// When its seats were bought, and until when they can be given back.
    pub seats: Vec<SeatPurchase>,
    /// How many people manage it.
    pub managers: usize,
    /// Its newest invoice that the asker sees: its id, number and day of issue.
    pub invoice: Option<(DocumentId, String, Date)>,
}

/// Leaves at most so many rows of what was read, which is one more where there are more; says whether there are.
pub(crate) fn cut<T>(rows: &mut Vec<T>, most: u32) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    more
}

impl Services {
    /// The subscriptions that the asker manages.
    pub async fn products(&self, asker: &Asker, filter: Filter) -> Result<Products, ServiceError> {
        asker.must(Right::SeeProducts)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let wanted = Wanted { channel: filter.channel, status: filter.status, after: filter.after };
        let mut rows = conn.managed_subscriptions(organization, person, &wanted, ROWS + 1).await?;
        let more = cut(&mut rows, ROWS);
        let next = rows.last().filter(|_| more).map(|last| (last.ends_on, last.id));
        let counts = conn.count_managed_subscriptions(organization, person).await?;
        Ok(Products { window, rows, next, counts })
    }

    /// A subscription that the asker manages. Somebody else's is nowhere (SPEC 1).
    pub async fn product_details(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<ProductDetails, ServiceError> {
        asker.must(Right::SeeProducts)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let found = conn.managed_subscription(organization, person, subscription).await?;
        let found = found.ok_or(ServiceError::NotFound)?;
        let seats = conn.seat_purchases(organization, subscription).await?;
        let managers = conn.managers(organization, subscription).await?.len();
        let invoice = conn.newest_bill_of(organization, person, subscription).await?;
        Ok(ProductDetails { window, subscription: found, seats, managers, invoice })
    }
}
