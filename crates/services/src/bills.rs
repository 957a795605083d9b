//! Bills: the issued invoices and credit notes that one sees (SPEC 1, 2, 5). Everybody sees those of the billing
//! profiles on which, or on whose account, they have a role; to everybody else they are nowhere.

mod counts;
mod search;

use domain::billing::BillingRole;
use domain::credit::BillState;
use domain::id::{DocumentId, SubscriptionId};
use domain::money::Money;
use domain::time::{Date, add_months};
use payments::provider::Card;
pub use store::bills::{Bill, Movement, Note};
use store::bills::{Moved, Wanted};

pub use counts::{Counts, Hidden, Unpaid};

use crate::asker::Asker;
use crate::products::cut;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// How many rows a page of the list has (design guide 8).
pub const ROWS: u32 = 50;

/// Later than everything that was ever issued.
const END: Date = Date::constant(9999, 12, 31);

/// When the bills that are wanted were issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// In the past 3 months.
    #[default]
    ThreeMonths,
    /// In the past 6 months.
    SixMonths,
    /// On these days, both included.
    Range(Date, Date),
}

impl Span {
    /// Its first and last day, both included. What was issued in a zone where it is tomorrow already belongs to the
    /// past months too.
    fn days(self, today: Date) -> Result<(Date, Date), ServiceError> {
        let months = match self {
            Self::ThreeMonths => 3,
            Self::SixMonths => 6,
            Self::Range(from, to) => return Ok((from, to)),
        };
        Ok((add_months(today, -months).map_err(ServiceError::broken)?, END))
    }
}

/// What of the list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// When they were issued.
    pub span: Span,
    /// Only those that stand like this.
    pub state: Option<BillState>,
    /// A part of the number, or an amount; empty: all.
    pub search: String,
    /// Only those behind this one.
    pub after: Option<(Date, DocumentId)>,
}

/// A page of the bills that one sees.
#[derive(Clone, Debug)]
pub struct Bills {
    /// Today, in the organization's calendar.
    pub today: Date,
    /// The first day of the span.
    pub from: Date,
    /// The last day of the span; of the past months it is today.
    pub to: Date,
    /// The rows, the newest at the top.
    pub rows: Vec<Bill>,
    /// Where the next page begins, if there is one.
    pub next: Option<(Date, DocumentId)>,
    /// How many there are, and how many the filter hides.
    pub counts: Counts,
}

/// A bill with what has become of it.
#[derive(Clone, Debug)]
pub struct BillDetails {
    /// The document.
    pub bill: Bill,
    /// What has become of its money, the oldest first.
    pub events: Vec<BillEvent>,
    /// Its credit notes, the oldest first.
    pub notes: Vec<Note>,
    /// The subscription that it is about, where the asker manages it.
    pub managed: Option<SubscriptionId>,
    /// Whether the asker can pay it on the page of that subscription.
    pub payable: bool,
}

/// Something that has become of a document's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillEvent {
    /// What.
    pub what: Movement,
    /// When, in the organization's calendar.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// The card that paid.
    pub card: Option<Card>,
}

impl Services {
    /// The bills that the asker sees.
    pub async fn bills(&self, asker: &Asker, filter: &Filter) -> Result<Bills, ServiceError> {
        asker.must(Right::SeeInvoices)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let customer = self.customer(&place.organization)?;
        let today = customer.today;
        let (from, to) = filter.span.days(today)?;
        let search = search::read(&filter.search, customer.currency);
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let wanted = Wanted { from, to, state: filter.state, search, after: filter.after };
        let mut rows = conn.bills(organization, person, &wanted, ROWS + 1).await?;
        let more = cut(&mut rows, ROWS);
        let next = rows.last().filter(|_| more).map(|last| (last.issued.issued_on, last.id));
        let all = conn.count_bills(organization, person, (from, to), None).await?;
        let found = match &wanted.search {
            Some(search) => conn.count_bills(organization, person, (from, to), Some(search)).await?,
            None => all.clone(),
        };
        let counts = Counts::new(&all, found, filter.state)?;
        let to = if matches!(filter.span, Span::Range(..)) { to } else { today };
        Ok(Bills { today, from, to, rows, next, counts })
    }

    /// A bill that the asker sees. Somebody else's is nowhere, and so is what waits for its number (SPEC 5).
    pub async fn bill(&self, asker: &Asker, document: DocumentId) -> Result<BillDetails, ServiceError> {
        asker.must(Right::SeeInvoices)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let bill = conn.bill(organization, person, document).await?.ok_or(ServiceError::NotFound)?;
        let moved = conn.moved(organization, document).await?;
        let notes = conn.issued_notes_of(organization, document).await?;
        let subscription = match bill.subscription {
            Some(subscription) => conn.managed_subscription(organization, person, subscription).await?,
            None => None,
        };
        let owes = subscription.as_ref().filter(|subscription| subscription.owes == Some(document));
        let payable = match owes {
            Some(subscription) => conn
                .profile_role(organization, subscription.profile, person)
                .await?
                .is_some_and(BillingRole::may_pay),
            None => false,
        };
        let managed = subscription.map(|subscription| subscription.id);
        let mut events = moved.into_iter().map(event).collect::<Result<Vec<_>, _>>()?;
        events.sort_by_key(|event| (event.on, event.what));
        Ok(BillDetails { bill, events, notes, managed, payable })
    }
}

fn event(moved: Moved) -> Result<BillEvent, ServiceError> {
    let Moved { what, on, amount, card } = moved;
    let card = card.map(|card| serde_json::from_str::<Option<Card>>(&card)).transpose();
    Ok(BillEvent { what, on, amount, card: card.map_err(ServiceError::broken)?.flatten() })
}
