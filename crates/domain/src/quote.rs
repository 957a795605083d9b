//! Quotes: what will be charged, computed by the same function that charges it (SPEC 4, quote = charge).

mod bill;
mod change;
mod credited;

pub use bill::{Bill, bill, bill_for, bill_with};
pub use change::{Bought, ChangeQuote, ChangeQuoteError, Held, Next};
pub use credited::{Charged, NoteQuote};

use serde::{Deserialize, Serialize};

use crate::catalog::{BillingFrequency, Issuer, Key, NotSoldReason, Plan, Price, Product, Term};
use crate::conventions::Conventions;
use crate::credit::usable;
use crate::discount::Discount;
use crate::line::Line;
use crate::money::{Currency, Money, MoneyError};
use crate::subscription::{PaidTerm, SeatCount};
use crate::tax::{Buyer, NoTaxRow, TaxTotals};
use crate::time::{Cycle, Date, Period, TimeError};

/// What someone wants to buy.
#[derive(Clone, Copy, Debug)]
pub struct Purchase<'a> {
    /// Who sells: the issuer for the buyer's country.
    pub issuer: &'a Issuer,
    /// The product.
    pub product: &'a Product,
    /// One of its plans.
    pub plan: &'a Plan,
    /// One of the plan's prices: currency, term and frequency come with it.
    pub price: &'a Price,
    /// How many seats.
    pub seats: SeatCount,
    /// The organization that is sold to.
    pub buyer: Buyer<'a>,
    /// The first day, in the organization's calendar. It becomes the anchor.
    pub start: Date,
}

/// Everything that the last page before a purchase says about money and days (SPEC 4).
///
/// Its serialized form is canonical: equal quotes give equal bytes. See [`PurchaseQuote::content`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseQuote {
    /// Who sells.
    pub issuer: Key,
    /// What is bought.
    pub product: Key,
    /// Which plan of it.
    pub plan: Key,
    /// How many seats.
    pub seats: SeatCount,
    /// The currency of every amount.
    pub currency: Currency,
    /// Whether the lines' amounts include tax.
    pub tax_included: bool,
    /// The term that is committed to, and from which day it is counted.
    pub paid_term: PaidTerm,
    /// The days of the term. Its end is the day of renewal.
    pub term: Period,
    /// The days that the first payment pays for.
    pub service: Period,
    /// What the first payment is for.
    pub lines: Vec<Line>,
    /// What the first document comes to, tax per rate.
    pub totals: TaxTotals,
    /// How much of it credit of the billing profile pays.
    pub credit_used: Money,
    /// How much is charged now.
    pub due_now: Money,
    /// Every later payment of the term, in order; none where it is paid up front.
    pub later: Vec<LaterPayment>,
    /// All payments of the term together, tax included.
    pub term_total: Money,
    /// The first payment of the next term: on which day, and how much at today's price and known tax.
    pub renewal: LaterPayment,
    /// The last day on which it can be canceled with refund (SPEC 5).
    pub refund_until: Date,
}

/// What an order was confirmed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "for", rename_all = "kebab-case")]
pub enum OrderQuote {
    /// Something new, or a new term.
    Purchase(PurchaseQuote),
    /// A change of what there is.
    Change(ChangeQuote),
}

/// A payment that falls due later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterPayment {
    /// The day it falls due: the first day that it pays for.
    pub on: Date,
    /// The days that it pays for.
    pub service: Period,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What is charged.
    pub gross: Money,
}

/// Why something cannot be quoted. Nothing was changed by asking.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The plan allows other numbers of seats only.
    #[error("this plan has {least} to {most} seats")]
    Seats {
        /// The fewest.
        least: u32,
        /// The most.
        most: u32,
    },
    /// It is not sold to this organization, or not any more.
    #[error("not sold here: {0}")]
    NotSold(NotSoldReason),
    /// An amount too large to count.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A day outside the calendar.
    #[error(transparent)]
    Time(#[from] TimeError),
}

impl From<NoTaxRow> for QuoteError {
    fn from(reason: NoTaxRow) -> Self {
        Self::NotSold(reason.into())
    }
}

impl Purchase<'_> {
    /// What this purchase costs, now and later. `credit` is what the billing profile has in this currency; it
    /// is used before the card (SPEC 4).
    pub fn quote(&self, credit: Money, conventions: Conventions) -> Result<PurchaseQuote, QuoteError> {
        self.quote_with(&[], credit, conventions)
    }

    /// The same with discounts, which are counted from the first billing period on (SPEC 4).
    pub fn quote_with(
        &self,
        discounts: &[Discount],
        credit: Money,
        conventions: Conventions,
    ) -> Result<PurchaseQuote, QuoteError> {
        self.quote_where(discounts, self.seats.get(), credit, conventions)
    }

    /// A new term of a subscription that has ended and had so many seats: what was paid once for each of them is not
    /// charged again. It can be canceled with refund in the days after `today`, on whichever day it starts.
    pub fn quote_again(
        &self,
        had: u32,
        today: Date,
        credit: Money,
        conventions: Conventions,
    ) -> Result<PurchaseQuote, QuoteError> {
        let newly_bought = self.seats.get().saturating_sub(had);
        let quote = self.quote_where(&[], newly_bought, credit, conventions)?;
        Ok(PurchaseQuote { refund_until: conventions.window_until(today)?, ..quote })
    }

    fn quote_where(
        &self,
        discounts: &[Discount],
        newly_bought: u32,
        credit: Money,
        conventions: Conventions,
    ) -> Result<PurchaseQuote, QuoteError> {
        self.check()?;
        let payments = u32::from(self.price.frequency.payments(self.price.term));
        let bill = |n| bill_with(self, discounts, n, conventions);
        let first = bill_for(self, discounts, 0, newly_bought, conventions)?;
        let later = (1..payments).map(|n| bill(n).map(LaterPayment::from));
        let later = later.collect::<Result<Vec<_>, _>>()?;
        let credit_used = usable(credit, first.totals.gross)?;
        let paid_term = PaidTerm::first(self.price.term, self.price.frequency, self.start);
        Ok(PurchaseQuote {
            issuer: self.issuer.key.clone(),
            product: self.product.key.clone(),
            plan: self.plan.key.clone(),
            seats: self.seats,
            currency: self.price.currency,
            tax_included: self.price.tax_included,
            paid_term,
            term: paid_term.period()?,
            service: first.service,
            credit_used,
            due_now: first.totals.gross.minus(credit_used)?,
            term_total: later.iter().try_fold(first.totals.gross, |sum, payment| sum.plus(payment.gross))?,
            later,
            renewal: bill(payments)?.into(),
            refund_until: conventions.window_until(self.start)?,
            lines: first.lines,
            totals: first.totals,
        })
    }

    fn check(&self) -> Result<(), QuoteError> {
        if self.product.retired || self.plan.retired {
            return Err(QuoteError::NotSold(NotSoldReason::Retired));
        }
        if !self.issuer.sells_to.contains(&self.buyer.country) {
            return Err(QuoteError::NotSold(NotSoldReason::Country));
        }
        if !self.issuer.currencies.contains(&self.price.currency) {
            return Err(QuoteError::NotSold(NotSoldReason::IssuerCurrency));
        }
        if !self.plan.seats.allow(self.seats.get()) {
            let (least, most) = (self.plan.seats.minimum, self.plan.seats.maximum);
            return Err(QuoteError::Seats { least, most });
        }
        Ok(())
    }
}

impl PurchaseQuote {
    /// The bytes that stand for the whole content: what a digest binds a confirmation to. The same quote
    /// always gives the same bytes, since nothing in it has an order of its own choosing.
    pub fn content(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// The same purchase, starting on the day it was paid (SPEC 4: a purchase starts on the day it is paid, and
    /// once confirmed its amounts stand). Every amount and tax stays; every day is counted from the new anchor.
    pub fn starting_on(self, day: Date, conventions: Conventions) -> Result<Self, TimeError> {
        let paid_term = PaidTerm { anchor: day, ..self.paid_term };
        let billing = Cycle::new(day, paid_term.frequency.months(paid_term.term));
        let moved = |n: u32, payment: LaterPayment| {
            let service = billing.period(n)?;
            Ok(LaterPayment { on: service.start(), service, ..payment })
        };
        let service = billing.period(0)?;
        let later = (1..).zip(self.later).map(|(n, payment)| moved(n, payment));
        let later = later.collect::<Result<Vec<_>, TimeError>>()?;
        let payments = u32::from(paid_term.frequency.payments(paid_term.term));
        Ok(Self {
            term: paid_term.period()?,
            service,
            lines: self.lines.into_iter().map(|line| Line { service, billing: service, ..line }).collect(),
            later,
            renewal: moved(payments, self.renewal)?,
            refund_until: conventions.window_until(day)?,
            paid_term,
            ..self
        })
    }

    /// How long is committed to.
    pub const fn term_length(&self) -> Term {
        self.paid_term.term
    }

    /// When it is paid.
    pub const fn frequency(&self) -> BillingFrequency {
        self.paid_term.frequency
    }

    /// The last payment of the term, which is the first where it is paid up front: on which day it falls due.
    pub fn last_payment_on(&self) -> Date {
        self.later.last().map_or(self.service.start(), |payment| payment.on)
    }
}

impl OrderQuote {
    /// Who sells.
    pub const fn issuer(&self) -> &Key {
        match self {
            Self::Purchase(quote) => &quote.issuer,
            Self::Change(quote) => &quote.issuer,
        }
    }

    /// How much is charged now.
    pub const fn due_now(&self) -> Money {
        match self {
            Self::Purchase(quote) => quote.due_now,
            Self::Change(quote) => quote.due_now,
        }
    }

    /// The purchase, if it is one.
    pub const fn purchase(&self) -> Option<&PurchaseQuote> {
        if let Self::Purchase(quote) = self { Some(quote) } else { None }
    }

    /// The change, if it is one.
    pub const fn change(&self) -> Option<&ChangeQuote> {
        if let Self::Change(quote) = self { Some(quote) } else { None }
    }
}

/// Reads also what was confirmed before there were changes: a purchase that does not say so.
impl<'de> Deserialize<'de> for OrderQuote {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        let content = serde_json::Value::deserialize(deserializer)?;
        let change = content.get("for").is_some_and(|kind| kind == "change");
        if change {
            serde_json::from_value(content).map(Self::Change).map_err(D::Error::custom)
        } else {
            serde_json::from_value(content).map(Self::Purchase).map_err(D::Error::custom)
        }
    }
}

impl From<Bill> for LaterPayment {
    fn from(bill: Bill) -> Self {
        let TaxTotals { net, tax, gross, .. } = bill.totals;
        Self { on: bill.service.start(), service: bill.service, net, tax, gross }
    }
}

#[cfg(test)]
mod tests;
