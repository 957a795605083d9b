//! The next invoice of a subscription, with what is known now.

use super::Held;
use crate::agenda::next_billing;
use crate::catalog::{BillingFrequency, Plan, Price, Term};
use crate::change::ScheduledChange;
use crate::quote::{LaterPayment, Purchase, QuoteError, bill_for};
use crate::subscription::{PaidTerm, SeatCount};
use crate::time::Date;

/// What the next invoice depends on.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    /// The plan of the term that runs.
    pub plan: &'a Plan,
    /// The price that the term keeps.
    pub price: &'a Price,
    /// The term.
    pub paid: PaidTerm,
    /// The first day that is not invoiced.
    pub billed_to: Date,
    /// The seats.
    pub seats: u32,
    /// What happens at the renewal.
    pub scheduled: Option<&'a ScheduledChange>,
}

impl Held<'_> {
    /// The next invoice: the next payment of the term, else the first of the next one. Nothing where it ends.
    pub(super) fn next(&self, next: &Next<'_>) -> Result<Option<LaterPayment>, QuoteError> {
        let term = next.paid.period()?;
        if next.billed_to < term.end() {
            let (n, _) = next_billing(next.paid, next.billed_to)?;
            return self.invoice(next.plan, next.price, next.paid.anchor, (n, next.seats, 0)).map(Some);
        }
        if !next.paid.recurring {
            return Ok(None);
        }
        let seats = next.scheduled.map_or(next.seats, |change| change.seats_after(next.seats));
        let bought = seats.saturating_sub(next.seats);
        let (plan, price) = self.renewal(next);
        // The anchor moves only where term or frequency change (SPEC 3).
        let same = (price.term, price.frequency) == (next.paid.term, next.paid.frequency);
        let (anchor, n) =
            if same { (next.paid.anchor, next_billing(next.paid, term.end())?.0) } else { (term.end(), 0) };
        self.invoice(plan, price, anchor, (n, seats, bought)).map(Some)
    }

    /// What is still to be paid until the term ends, in order.
    pub fn remaining(&self) -> Result<Vec<LaterPayment>, QuoteError> {
        let (term, mut from) = (self.paid.period()?, self.billed_to);
        let mut payments = Vec::new();
        while from < term.end() {
            let (n, _) = next_billing(self.paid, from)?;
            let payment = self.invoice(self.plan, self.price, self.paid.anchor, (n, self.seats, 0))?;
            from = payment.service.end();
            payments.push(payment);
        }
        Ok(payments)
    }

    fn invoice(
        &self,
        plan: &Plan,
        price: &Price,
        start: Date,
        (n, seats, bought): (u32, u32, u32),
    ) -> Result<LaterPayment, QuoteError> {
        let Self { issuer, product, buyer, conventions, .. } = *self;
        // What is scheduled never leaves less than the plan allows.
        let seats = SeatCount::new(seats.max(plan.seats.minimum))
            .ok_or(QuoteError::Seats { least: plan.seats.minimum, most: plan.seats.maximum })?;
        let purchase = Purchase { issuer, product, plan, price, seats, buyer, start };
        bill_for(&purchase, &[], n, bought, conventions).map(LaterPayment::from)
    }

    /// Plan and price of the next term: what is scheduled, at the price that is decided or, until then, in force;
    /// what has no price any more keeps the one it has.
    fn renewal<'b>(&'b self, next: &Next<'b>) -> (&'b Plan, &'b Price) {
        let in_force = |plan: &'b Plan, term: Term, frequency: BillingFrequency| {
            let currency = next.price.currency;
            let slot =
                |price: &&Price| (price.currency, price.term, price.frequency) == (currency, term, frequency);
            plan.prices.iter().find(slot)
        };
        if let Some(ScheduledChange::Plan { plan, term, frequency }) = next.scheduled
            && let Some(plan) = self.product.plan(plan.as_str())
        {
            let decided = self.renewal_price.filter(|price| {
                (price.term, price.frequency) == (*term, *frequency) && self.has_scheduled_plan()
            });
            if let Some(price) = decided.or_else(|| in_force(plan, *term, *frequency)) {
                return (plan, price);
            }
        }
        let decided = self.renewal_price.filter(|_| !self.has_scheduled_plan());
        let price = decided.or_else(|| in_force(next.plan, next.paid.term, next.paid.frequency));
        (next.plan, price.unwrap_or(next.price))
    }

    /// Whether the price that is decided is that of another plan.
    const fn has_scheduled_plan(&self) -> bool {
        matches!(self.scheduled, Some(ScheduledChange::Plan { .. }))
    }
}
