//! Another plan, term or frequency.

use super::window::all_open;
use super::{ChangeRefusal, SeatPurchase, When};
use crate::catalog::{BillingFrequency, SeatLimits, Term};
use crate::conventions::Conventions;
use crate::line::{Holding, Item, sum};
use crate::money::{Currency, Fraction, Money, MoneyError};
use crate::time::{Cycle, Date, Period, Stretch};

/// One side of a change of plan.
#[derive(Clone, Copy, Debug)]
pub struct PlanSide<'a> {
    /// Seats, price and discounts.
    pub holding: Holding<'a>,
    /// How long is committed to.
    pub term: Term,
    /// When it is paid.
    pub frequency: BillingFrequency,
}

/// What somebody wants. Begin with [`PlanRequest::new`] and set what differs.
#[derive(Clone, Copy, Debug)]
pub struct PlanRequest<'a> {
    /// What is held.
    pub old: PlanSide<'a>,
    /// What is wanted.
    pub new: PlanSide<'a>,
    /// The billing period that today lies in.
    pub billing: Period,
    /// The day, in the organization's calendar; it belongs to the new plan (SPEC 3).
    pub today: Date,
    /// When.
    pub when: When,
    /// How many seats the new plan allows.
    pub limits: SeatLimits,
    /// How many are assigned.
    pub assigned: u32,
    /// How many more are confirmed and wait for their payment: they count towards the new plan's maximum.
    pub waiting: u32,
    /// The purchases that the seats come from.
    pub purchases: &'a [SeatPurchase],
    /// The day the term ends that was committed to: with instalments later than the billing period does.
    pub committed_until: Date,
}

/// What a change of plan does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanChange {
    /// It waits for the renewal and costs nothing today.
    AtRenewal,
    /// It takes effect today.
    Now(PlanChangeNow),
}

/// A change of plan that takes effect today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanChangeNow {
    /// What comes back of the old plan; negative.
    pub credit: Vec<Item>,
    /// The days it comes back for; none on the last day of a period.
    pub unused: Option<Period>,
    /// What the new plan costs.
    pub charge: Vec<Item>,
    /// The days it costs that for, and the billing period they lie in.
    pub pays_for: Option<Stretch>,
    /// The new anchor day, where a new term begins today.
    pub anchor: Option<Date>,
}

impl PlanChangeNow {
    /// Charge and credit together, without tax where prices are without.
    pub fn net(&self, currency: Currency) -> Result<Money, MoneyError> {
        sum(currency, &self.credit)?.plus(sum(currency, &self.charge)?)
    }
}

impl<'a> PlanRequest<'a> {
    /// This plan from today on; it allows any number of seats, none is assigned or waits for its payment, the
    /// window is closed, and what was committed to ends with the billing period.
    pub const fn new(old: PlanSide<'a>, new: PlanSide<'a>, billing: Period, today: Date) -> Self {
        let limits = SeatLimits { minimum: 1, maximum: SeatLimits::LARGEST };
        let (when, assigned, waiting, purchases) = (When::Now, 0, 0, [].as_slice());
        let committed_until = billing.end();
        Self { old, new, billing, today, when, limits, assigned, waiting, purchases, committed_until }
    }

    fn check(&self) -> Result<(), ChangeRefusal> {
        let seats = self.new.holding.seats;
        let SeatLimits { minimum: least, maximum: most } = self.limits;
        if seats < least || seats.saturating_add(self.waiting) > most {
            Err(ChangeRefusal::OutsideLimits { least, most })
        } else if self.today < self.billing.start() || self.today > self.billing.end() {
            Err(ChangeRefusal::OutsidePeriod(self.billing))
        } else if self.when == When::Now && seats < self.assigned {
            Err(ChangeRefusal::BelowAssigned { free: self.assigned - seats })
        } else {
            Ok(())
        }
    }

    const fn keeps_period(&self) -> bool {
        let same_term = self.old.term.months() == self.new.term.months();
        same_term && self.old.frequency.months(self.old.term) == self.new.frequency.months(self.new.term)
    }

    /// Whether less would be left of what was committed to: a new term that ends before the old one, or smaller
    /// instalments for the rest of it.
    fn leaves_commitment(&self, conventions: Conventions) -> Result<bool, ChangeRefusal> {
        if !self.keeps_period() {
            let new_end = Cycle::new(self.today, self.new.term.months()).start_of(1)?;
            return Ok(new_end < self.committed_until);
        }
        let instalment = |side: PlanSide<'_>| {
            sum(side.holding.currency, &side.holding.recurring(Fraction::ONE, conventions)?)
        };
        let less = instalment(self.new)?.minus(instalment(self.old)?)?.is_negative();
        Ok(less && self.billing.end() < self.committed_until)
    }
}

/// What another plan costs or gives back, and from when on it holds (SPEC 5, Plan change).
///
/// With the same term and frequency the period stays: the unused days of the old plan are credited and those of
/// the new one charged. With another, a new term starts today: the unused days are credited, the new plan's
/// first billing period is charged whole, and the anchor moves. What is paid once for a seat was paid for having
/// it, not for the days or the plan: it is neither given back nor charged again, at whatever fee the new plan has.
///
/// Only at renewal where the customer would be left in credit, or would leave what was committed to: by a new term
/// that ends before the old one, or by smaller instalments for the rest of the same one. Unless, that is, every
/// purchase that seats are still held of is in its own window: a change of plan changes all of them.
///
/// Other errors: as many seats as the new plan does not allow, or fewer than are assigned today; a day outside the
/// billing period; an amount that does not fit.
///
/// ```
/// use domain::catalog::{BillingFrequency::UpFront, Charge, Term};
/// use domain::{change::*, conventions::Conventions, line::Holding, money::Currency, time::Period};
/// use jiff::civil::date;
///
/// let june = Period::new(date(2025, 6, 1), date(2025, 7, 1))?;
/// let side = |charges| {
///     let holding = Holding { currency: Currency::USD, charges, seats: 1, discounts: &[] };
///     PlanSide { holding, term: Term::OneMonth, frequency: UpFront }
/// };
/// let (basic, pro) = ([Charge::Flat(10_000)], [Charge::Flat(30_000)]);
/// let request = PlanRequest::new(side(&basic), side(&pro), june, date(2025, 6, 16));
/// let PlanChange::Now(change) = change_plan(&request, Conventions::default())? else { panic!() };
/// assert_eq!((change.credit[0].amount.minor(), change.charge[0].amount.minor()), (-5_000, 15_000));
/// assert_eq!((change.net(Currency::USD)?.minor(), change.anchor), (10_000, None));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn change_plan(request: &PlanRequest<'_>, conventions: Conventions) -> Result<PlanChange, ChangeRefusal> {
    request.check()?;
    let PlanRequest { old, new, billing, today, when, purchases, .. } = *request;
    if when == When::AtRenewal {
        return Ok(PlanChange::AtRenewal);
    }
    let keeps_period = request.keeps_period();
    let unused = billing.rest_from(today);
    let pays_for = if keeps_period {
        unused.map(|service| Stretch { service, billing })
    } else {
        Some(conventions.stretch(today, new.frequency.months(new.term), 0)?)
    };
    let credit = match unused {
        Some(unused) => old.holding.recurring(conventions.rest_share(unused, billing), conventions)?,
        None => vec![],
    };
    let share = |Stretch { service, billing }: Stretch| {
        if keeps_period {
            conventions.rest_share(service, billing)
        } else {
            conventions.share(service, billing)
        }
    };
    let charge = match pays_for {
        Some(stretch) => new.holding.recurring(share(stretch), conventions)?,
        None => vec![],
    };
    let credit = credit.into_iter().map(Item::given_back).collect::<Result<_, _>>()?;
    let anchor = (!keeps_period).then_some(today);
    let change = PlanChangeNow { credit, unused, charge, pays_for, anchor };
    let in_credit = change.net(old.holding.currency)?.is_negative();
    if (in_credit || request.leaves_commitment(conventions)?) && !all_open(purchases, today, conventions)? {
        return Err(ChangeRefusal::OnlyAtRenewal);
    }
    Ok(PlanChange::Now(change))
}
