//! More or fewer seats.

use super::window::take;
use super::{ChangeRefusal, GivenBack, SeatPurchase, When};
use crate::catalog::SeatLimits;
use crate::conventions::{Conventions, Decreases};
use crate::line::{Holding, Item};
use crate::time::{Date, Period};

/// What somebody wants. Begin with [`SeatRequest::new`] and set what differs.
#[derive(Clone, Copy, Debug)]
pub struct SeatRequest<'a> {
    /// What is held.
    pub holding: Holding<'a>,
    /// The total that is wanted.
    pub to: u32,
    /// The billing period that today lies in.
    pub billing: Period,
    /// The day, in the organization's calendar; it belongs to the new number (SPEC 3).
    pub today: Date,
    /// When.
    pub when: When,
    /// How many seats the plan allows.
    pub limits: SeatLimits,
    /// How many are assigned.
    pub assigned: u32,
    /// How many more are confirmed and wait for their payment.
    pub waiting: u32,
    /// The purchases that the seats come from, the oldest first.
    pub purchases: &'a [SeatPurchase],
}

/// What a change of seats does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatChange {
    /// The number it was made from.
    pub from: u32,
    /// The number from today on.
    pub now: u32,
    /// The number from the renewal on.
    pub at_renewal: u32,
    /// Which seats end today.
    pub given_back: Vec<GivenBack>,
    /// What is charged today, or credited where it is negative. Nothing for what waits for the renewal.
    pub items: Vec<Item>,
    /// The days that the items are for.
    pub service: Option<Period>,
}

impl<'a> SeatRequest<'a> {
    /// So many seats from today on, of a plan that allows any number, with nobody assigned and no purchase whose
    /// seats could be given back.
    pub const fn new(holding: Holding<'a>, to: u32, billing: Period, today: Date) -> Self {
        let limits = SeatLimits { minimum: 1, maximum: SeatLimits::LARGEST };
        let (when, assigned, waiting, purchases) = (When::Now, 0, 0, [].as_slice());
        Self { holding, to, billing, today, when, limits, assigned, waiting, purchases }
    }

    fn check(&self) -> Result<(), ChangeRefusal> {
        let from = self.holding.seats;
        let SeatLimits { minimum: least, maximum: most } = self.limits;
        let with_waiting = if self.to > from { self.to.saturating_add(self.waiting) } else { self.to };
        if self.to == from {
            Err(ChangeRefusal::Nothing)
        } else if self.to < least || with_waiting > most {
            Err(ChangeRefusal::OutsideLimits { least, most })
        } else if self.today < self.billing.start() || self.today > self.billing.end() {
            Err(ChangeRefusal::OutsidePeriod(self.billing))
        } else {
            Ok(())
        }
    }
}

/// What another number of seats costs or gives back, and from when on it holds (SPEC 5, Seats).
///
/// More, now: one item for each charge that depends on seats, new minus old full-period amount after discount,
/// times the days that are left. Fewer, now: what lies in an open window ends today and is credited, from the
/// newest purchase on; the rest ends at renewal. At renewal: nothing is charged today, and the number may be
/// below what is assigned.
///
/// On the day the billing period ends a change costs nothing: the next period is charged with the new number.
///
/// ```
/// use domain::{catalog::Charge, change::*, conventions::Conventions, line::Holding, money::*, time::*};
/// use jiff::civil::date;
///
/// let june = Period::new(date(2025, 6, 1), date(2025, 7, 1))?;
/// let charges = [Charge::PerSeat(1000)];
/// let holding = Holding { currency: Currency::JPY, charges: &charges, seats: 5, discounts: &[] };
/// let more = SeatRequest::new(holding, 8, june, date(2025, 6, 16));
/// let change = change_seats(&more, Conventions::default())?;
/// let item = &change.items[0];
/// assert_eq!((item.full.minor(), item.share.to_string().as_str()), (3000, "15/30"));
/// assert_eq!((change.now, item.amount.minor()), (8, 1500));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn change_seats(
    request: &SeatRequest<'_>,
    conventions: Conventions,
) -> Result<SeatChange, ChangeRefusal> {
    request.check()?;
    let SeatRequest { holding, to, billing, today, when, assigned, purchases, .. } = *request;
    let from = holding.seats;
    let mut change =
        SeatChange { from, now: from, at_renewal: to, given_back: vec![], items: vec![], service: None };
    if when == When::AtRenewal {
        return Ok(change);
    }
    if to < from {
        change.given_back = take(from - to, purchases, today, conventions)?;
    }
    change.now = if to > from || conventions.decreases == Decreases::CreditedNow {
        to
    } else {
        from - change.given_back.iter().map(|back| back.seats).sum::<u32>()
    };
    if change.now < from && change.now < assigned {
        return Err(ChangeRefusal::BelowAssigned { free: assigned - change.now });
    }
    change.service =
        if change.now < from { conventions.unused(billing, today) } else { billing.rest_from(today) };
    if let Some(service) = change.service {
        change.items =
            holding.change_seats(change.now, conventions.rest_share(service, billing), conventions)?;
    }
    Ok(change)
}

/// The total that a difference leads to: how a machine asks (SPEC 5), so that several at once are all carried
/// out. `from` is the number that holds when it is carried out; after a reduction was scheduled, the number that
/// is scheduled.
pub fn seats_by(from: u32, difference: i64, limits: SeatLimits) -> Result<u32, ChangeRefusal> {
    let SeatLimits { minimum: least, maximum: most } = limits;
    let to = i64::from(from).checked_add(difference).and_then(|to| u32::try_from(to).ok());
    to.filter(|to| limits.allow(*to)).ok_or(ChangeRefusal::OutsideLimits { least, most })
}
