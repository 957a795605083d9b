//! What a change finds, and the quotes that come of it.

use super::{ChangeQuote, ChangeQuoteError, Next};
use crate::catalog::{Issuer, NotSoldReason, Plan, Price, Product};
use crate::change::{
    CancelRequest, ChangeRefusal, GivenBack, PlanChange, PlanChangeNow, PlanRequest, PlanSide,
    ScheduledChange, SeatPurchase, SeatRequest, When, cancel, change_plan, change_seats,
};
use crate::conventions::Conventions;
use crate::credit::{ReturnTo, usable};
use crate::id::DocumentId;
use crate::line::{Holding, Item, Line, LineContext};
use crate::money::Money;
use crate::quote::credited::{Step, notes, sum};
use crate::quote::{Charged, NoteQuote};
use crate::subscription::PaidTerm;
use crate::tax::{Buyer, TaxTotals, tax_on, total};
use crate::time::{Cycle, Date, Period, Stretch};

/// A purchase of seats and the invoice that charged them last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// How many of them are held, and since when.
    pub purchase: SeatPurchase,
    /// The invoice.
    pub invoice: DocumentId,
}

/// An active, paid subscription as a change finds it.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// Who sells.
    pub issuer: &'a Issuer,
    /// The product, with what is in force of its plans and prices.
    pub product: &'a Product,
    /// The plan.
    pub plan: &'a Plan,
    /// The price that the term keeps.
    pub price: &'a Price,
    /// The organization that is sold to.
    pub buyer: Buyer<'a>,
    /// The term.
    pub paid: PaidTerm,
    /// The first day that is not invoiced.
    pub billed_to: Date,
    /// The seats.
    pub seats: u32,
    /// Those that are given to somebody.
    pub assigned: u32,
    /// Those that are confirmed and wait for their payment.
    pub waiting: u32,
    /// The purchases that the seats come from, the oldest first.
    pub purchases: &'a [Bought],
    /// The invoices of the subscription, the oldest first.
    pub invoices: &'a [Charged],
    /// What happens at the renewal.
    pub scheduled: Option<&'a ScheduledChange>,
    /// The price of the next term, once that is decided.
    pub renewal_price: Option<&'a Price>,
    /// What is kept for the billing profile.
    pub credit: Money,
    /// Today, in the organization's calendar; it belongs to the new state.
    pub today: Date,
    /// How is charged.
    pub conventions: Conventions,
}

impl Held<'_> {
    /// Another number of seats (SPEC 5, Seats).
    pub fn quote_seats(&self, to: u32, when: When) -> Result<ChangeQuote, ChangeQuoteError> {
        let (purchases, billing) = (self.seat_purchases(), self.billing()?);
        let request = SeatRequest {
            when,
            limits: self.plan.seats,
            assigned: self.assigned,
            waiting: self.waiting,
            purchases: &purchases,
            ..SeatRequest::new(self.holding(), to, billing, self.today)
        };
        let change = change_seats(&request, self.conventions)?;
        if to > self.seats && (self.product.retired || self.plan.retired) {
            return Err(ChangeQuoteError::NotSold(NotSoldReason::Retired));
        }
        if change.now != self.seats {
            self.must_be_invoiced()?;
        }
        // What does not end today ends with the term anyway where it does not renew.
        let waits = change.at_renewal != change.now;
        if waits && !self.paid.recurring && change.now == self.seats {
            return Err(ChangeRefusal::NotRecurring.into());
        }
        let scheduled = waits.then(|| ScheduledChange::seats(change.now, change.at_renewal));
        let scheduled = scheduled.filter(|_| self.paid.recurring);
        let at_renewal =
            scheduled.as_ref().or(self.scheduled).map_or(change.now, |known| known.seats_after(change.now));
        let service = change.service.unwrap_or(billing);
        let (charged, steps) = if change.now < self.seats {
            (vec![], self.given_back(&change.given_back, service, billing)?)
        } else {
            self.by_direction(change.items)?
        };
        let context = self.context(self.plan, Stretch { service, billing })?;
        let parts = Parts {
            lines: charged.into_iter().map(|item| context.name(item)).collect(),
            notes: notes(steps, self.invoices, self.today, &context, ReturnTo::Credit)?,
            to: ReturnTo::Credit,
        };
        let next =
            Next { seats: change.now, scheduled: scheduled.as_ref().or(self.scheduled), ..self.as_is() };
        let on = if change.now == self.seats { self.paid.period()?.end() } else { self.today };
        let quote = self.quote(parts, Some(&next))?;
        let seats = (self.seats, change.now, at_renewal);
        Ok(ChangeQuote { on, seats, given_back: change.given_back, ..quote })
    }

    /// Another plan of the product, or another term or frequency (SPEC 5, Plan change).
    pub fn quote_plan(
        &self,
        plan: &Plan,
        price: &Price,
        when: When,
    ) -> Result<ChangeQuote, ChangeQuoteError> {
        let slot = (&self.plan.key, self.paid.term, self.paid.frequency);
        if slot == (&plan.key, price.term, price.frequency) {
            return Err(ChangeRefusal::Nothing.into());
        }
        if self.product.retired || plan.retired {
            return Err(ChangeQuoteError::NotSold(NotSoldReason::Retired));
        }
        let (purchases, billing) = (self.seat_purchases(), self.billing()?);
        let new = Holding { charges: &price.charges, ..self.holding() };
        let old = PlanSide { holding: self.holding(), term: self.paid.term, frequency: self.paid.frequency };
        let new = PlanSide { holding: new, term: price.term, frequency: price.frequency };
        let request = PlanRequest {
            when,
            limits: plan.seats,
            assigned: self.assigned,
            purchases: &purchases,
            committed_until: self.paid.period()?.end(),
            ..PlanRequest::new(old, new, billing, self.today)
        };
        match change_plan(&request, self.conventions)? {
            PlanChange::Now(change) => {
                self.must_be_invoiced()?;
                self.plan_now(plan, price, change, billing)
            }
            PlanChange::AtRenewal if !self.paid.recurring => Err(ChangeRefusal::NotRecurring.into()),
            PlanChange::AtRenewal => self.plan_at_renewal(plan, price),
        }
    }

    fn plan_now(
        &self,
        plan: &Plan,
        price: &Price,
        change: PlanChangeNow,
        billing: Period,
    ) -> Result<ChangeQuote, ChangeQuoteError> {
        let steps = match change.unused {
            Some(unused) => self.all_back(change.credit, unused, billing)?,
            None => vec![],
        };
        let old = self.context(self.plan, Stretch { service: change.unused.unwrap_or(billing), billing })?;
        let lines = match change.pays_for {
            Some(stretch) => {
                let context = self.context(plan, stretch)?;
                change.charge.into_iter().map(|item| context.name(item)).collect()
            }
            None => vec![],
        };
        let notes = notes(steps, self.invoices, self.today, &old, ReturnTo::Credit)?;
        let paid = PaidTerm {
            recurring: self.paid.recurring,
            ..PaidTerm::first(price.term, price.frequency, self.today)
        };
        let paid = if change.anchor.is_some() { paid } else { self.paid };
        let billed_to = change.pays_for.map_or(self.billed_to, |stretch| stretch.service.end());
        let next = Next { plan, price, paid, billed_to, seats: self.seats, scheduled: None };
        let quote = self.quote(Parts { lines, notes, to: ReturnTo::Credit }, Some(&next))?;
        let seats = (self.seats, self.seats, self.seats);
        Ok(ChangeQuote { seats, plan: plan.key.clone(), anchor: change.anchor, ..quote })
    }

    fn plan_at_renewal(&self, plan: &Plan, price: &Price) -> Result<ChangeQuote, ChangeQuoteError> {
        let (term, frequency) = (price.term, price.frequency);
        let scheduled = ScheduledChange::Plan { plan: plan.key.clone(), term, frequency };
        // Until the price of the next term is decided anew, the one in force is.
        let undecided = Self { renewal_price: None, ..*self };
        let next = undecided.next(&Next { scheduled: Some(&scheduled), ..self.as_is() })?;
        let on = self.paid.period()?.end();
        let moves = (term, frequency) != (self.paid.term, self.paid.frequency);
        let quote = self.quote(Parts::nothing(ReturnTo::Credit), None)?;
        let seats = (self.seats, self.seats, self.seats);
        Ok(ChangeQuote { on, seats, plan: plan.key.clone(), next, anchor: moves.then_some(on), ..quote })
    }

    /// Ending today (SPEC 5, Cancel): what comes back goes to the method that paid.
    pub fn quote_cancel(&self) -> Result<ChangeQuote, ChangeQuoteError> {
        let (purchases, billing) = (self.seat_purchases(), self.billing()?);
        let (holding, today) = (self.holding(), self.today);
        let ended =
            cancel(&CancelRequest { holding, billing, today, purchases: &purchases }, self.conventions)?;
        self.must_be_invoiced()?;
        let steps = match ended.unused {
            Some(unused) => self.all_back(ended.items, unused, billing)?,
            None => vec![],
        };
        let context =
            self.context(self.plan, Stretch { service: ended.unused.unwrap_or(billing), billing })?;
        let notes = notes(steps, self.invoices, today, &context, ReturnTo::Method)?;
        let quote = self.quote(Parts { lines: vec![], notes, to: ReturnTo::Method }, None)?;
        Ok(ChangeQuote { seats: (self.seats, 0, 0), next: None, ..quote })
    }

    /// The subscription as it is.
    fn as_is(&self) -> Next<'_> {
        let Self { plan, price, paid, billed_to, seats, scheduled, .. } = *self;
        Next { plan, price, paid, billed_to, seats, scheduled }
    }

    /// What all quotes have in common. `next` is what the next invoice depends on after the change.
    fn quote(&self, parts: Parts, next: Option<&Next<'_>>) -> Result<ChangeQuote, ChangeQuoteError> {
        let Parts { lines, notes, to } = parts;
        let (currency, tax_included) = (self.price.currency, self.price.tax_included);
        let amounts = lines.iter().map(|line| (line.tax, line.amount));
        let totals: TaxTotals = total(currency, tax_included, self.issuer.tax_rounding, amounts)?;
        let kept = Money::sum(currency, notes.iter().map(|note| note.to_credit))?;
        let credit_used = usable(self.credit.plus(kept)?, totals.gross)?;
        Ok(ChangeQuote {
            currency,
            tax_included,
            issuer: self.issuer.key.clone(),
            on: self.today,
            seats: (self.seats, self.seats, self.seats),
            plan: self.plan.key.clone(),
            given_back: vec![],
            credit_used,
            due_now: totals.gross.minus(credit_used)?,
            lines,
            totals,
            back_lines: notes.iter().flat_map(|note| note.lines.clone()).collect(),
            back: if notes.is_empty() { None } else { Some(sum(currency, &notes)?) },
            returned_to: (!notes.is_empty()).then_some(to),
            notes,
            next: next.map(|next| self.next(next)).transpose()?.flatten(),
            next_was: self.next(&self.as_is())?,
            anchor: None,
        })
    }

    fn holding(&self) -> Holding<'_> {
        let Self { price, seats, .. } = *self;
        Holding { currency: price.currency, charges: &price.charges, seats, discounts: &[] }
    }

    /// The billing period that today lies in.
    fn billing(&self) -> Result<Period, ChangeQuoteError> {
        let months = self.paid.frequency.months(self.paid.term);
        Ok(Cycle::new(self.paid.anchor, months).period_on(self.today)?.1)
    }

    /// Only what is invoiced is charged in part or comes back.
    fn must_be_invoiced(&self) -> Result<(), ChangeRefusal> {
        if self.today < self.billed_to { Ok(()) } else { Err(ChangeRefusal::NotInvoiced) }
    }

    fn seat_purchases(&self) -> Vec<SeatPurchase> {
        self.purchases.iter().map(|bought| bought.purchase).collect()
    }

    fn context<'b>(&'b self, plan: &'b Plan, days: Stretch) -> Result<LineContext<'b>, ChangeQuoteError> {
        let Stretch { service, billing } = days;
        let tax = tax_on(self.issuer, &self.product.tax_category, self.buyer, service.start())?;
        let (currency, conventions) = (self.price.currency, self.conventions);
        Ok(LineContext { product: self.product, plan, currency, billing, service, tax, conventions })
    }

    /// What more seats cost; more that cost less, since a price for many is lower, give back.
    fn by_direction(&self, items: Vec<Item>) -> Result<(Vec<Item>, Vec<Step>), ChangeQuoteError> {
        let net = crate::line::sum(self.price.currency, &items)?;
        if net.is_positive() {
            return Ok((items, vec![]));
        }
        if items.iter().any(|item| item.amount.is_positive()) {
            return Err(ChangeRefusal::OnlyAtRenewal.into());
        }
        Ok((vec![], vec![Step { items, charged_on: None }]))
    }

    /// What comes back for seats that end today: each purchase's on the invoice that charged it.
    fn given_back(
        &self,
        given: &[GivenBack],
        unused: Period,
        billing: Period,
    ) -> Result<Vec<Step>, ChangeQuoteError> {
        let share = self.conventions.share(unused, billing);
        let mut holding = self.holding();
        let mut steps = Vec::with_capacity(given.len());
        for back in given {
            let left = holding.seats.saturating_sub(back.seats);
            let items = holding.change_seats(left, share, self.conventions)?;
            // Fewer seats that cost more, since a price for many was lower, can only be scheduled.
            if items.iter().any(|item| item.amount.is_positive()) {
                return Err(ChangeRefusal::OnlyAtRenewal.into());
            }
            let charged_on = self.purchases.get(back.purchase).map(|bought| bought.invoice);
            steps.push(Step { items, charged_on });
            holding = holding.with_seats(left);
        }
        Ok(steps)
    }

    /// What comes back of everything: each purchase's on the invoice that charged it, the oldest with what does not
    /// depend on seats.
    fn all_back(
        &self,
        whole: Vec<Item>,
        unused: Period,
        billing: Period,
    ) -> Result<Vec<Step>, ChangeQuoteError> {
        let mut held: Vec<GivenBack> = Vec::new();
        for (place, bought) in self.purchases.iter().enumerate().rev() {
            if bought.purchase.seats > 0 {
                held.push(GivenBack { purchase: place, seats: bought.purchase.seats });
            }
        }
        let oldest = held.pop();
        let Ok(mut steps) = self.given_back(&held, unused, billing) else {
            return Ok(vec![Step { items: whole, charged_on: None }]);
        };
        let newer: u32 = held.iter().map(|back| back.seats).sum();
        let rest = self.holding().with_seats(self.seats.saturating_sub(newer));
        let items = rest.recurring(self.conventions.share(unused, billing), self.conventions)?;
        let items = items.into_iter().map(Item::given_back).collect::<Result<_, _>>()?;
        let charged_on = oldest.and_then(|oldest| self.purchases.get(oldest.purchase));
        steps.push(Step { items, charged_on: charged_on.map(|bought| bought.invoice) });
        Ok(steps)
    }
}

/// What a change charges and gives back.
struct Parts {
    lines: Vec<Line>,
    notes: Vec<NoteQuote>,
    to: ReturnTo,
}

impl Parts {
    const fn nothing(to: ReturnTo) -> Self {
        Self { lines: vec![], notes: vec![], to }
    }
}
