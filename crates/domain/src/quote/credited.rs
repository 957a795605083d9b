//! What comes back, invoice by invoice: each credit note corrects one and never exceeds it (SPEC 4, Credit).

use serde::{Deserialize, Serialize};

use crate::credit::{CreditError, InvoiceStanding, ReturnTo, credit_note};
use crate::document::Contents;
use crate::id::DocumentId;
use crate::line::{Item, Line, LineContext};
use crate::money::{Currency, Money, MoneyError};
use crate::tax::{AppliedTax, RateTotal, TaxTotals};
use crate::time::Date;

/// An invoice of a subscription, with what was credited of it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    /// Which one.
    pub invoice: DocumentId,
    /// What it says.
    pub contents: Contents,
    /// The lines of its credit notes.
    pub credited: Vec<Line>,
    /// Where its money stands.
    pub standing: InvoiceStanding,
    /// What cards paid of it and have not got back.
    pub by_card: Money,
}

/// One credit note, as it is going to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteQuote {
    /// The invoice that it corrects.
    pub invoice: DocumentId,
    /// What comes back; below zero.
    pub lines: Vec<Line>,
    /// What it comes to; below zero.
    pub totals: TaxTotals,
    /// By how much less is owed on the invoice.
    pub lowers: Money,
    /// What is kept for the profile.
    pub to_credit: Money,
    /// What goes back to the cards that paid.
    pub to_method: Money,
}

/// What comes back for seats of one purchase, and the invoice that charged them last as far as that is known.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) items: Vec<Item>,
    pub(super) charged_on: Option<DocumentId>,
}

/// Divides what comes back among the invoices: first the one that charged it, then the newest of those that pay for
/// this day, then the newest. None gives back more than it has left at a rate; a line for which one has too little
/// goes on on the next. Errors: more than all of them have left.
pub(super) fn notes(
    steps: Vec<Step>,
    invoices: &[Charged],
    today: Date,
    context: &LineContext<'_>,
    to: ReturnTo,
) -> Result<Vec<NoteQuote>, CreditError> {
    let mut given: Vec<Vec<Line>> = vec![Vec::new(); invoices.len()];
    for Step { items, charged_on } in steps {
        let order = order(invoices, charged_on, today);
        for item in items.into_iter().filter(|item| !item.amount.is_zero()) {
            divide(context.name(item), invoices, &order, &mut given)?;
        }
    }
    let touched = invoices.iter().zip(given).filter(|(_, lines)| !lines.is_empty());
    touched.map(|(charged, lines)| charged.note(lines, to)).collect()
}

/// The places of the invoices, those first that are to give back first.
fn order(invoices: &[Charged], charged_on: Option<DocumentId>, today: Date) -> Vec<usize> {
    let mut places: Vec<usize> = (0..invoices.len()).rev().collect();
    places.sort_by_key(|place| {
        let charged = &invoices[*place];
        let pays_for_today = charged.contents.lines.iter().any(|line| line.service.contains(today));
        match (Some(charged.invoice) == charged_on, pays_for_today) {
            (true, true) => 0,
            (false, true) => 1,
            (_, false) => 2,
        }
    });
    places
}

/// Puts a line, or parts of it, on the invoices in this order.
fn divide(
    line: Line,
    invoices: &[Charged],
    order: &[usize],
    given: &mut [Vec<Line>],
) -> Result<(), CreditError> {
    let mut rest = line.amount;
    for place in order {
        for applied in invoices[*place].rates() {
            let left = invoices[*place].left(applied, &given[*place])?;
            // Both are below zero, or nothing.
            let amount = if rest.minor() < left.minor() { left } else { rest };
            if amount.is_negative() {
                given[*place].push(Line { amount, tax: applied, ..line.clone() });
                rest = rest.minus(amount)?;
            }
        }
    }
    if rest.is_negative() { Err(CreditError::MoreThanThereIs(line.amount.minus(rest)?)) } else { Ok(()) }
}

impl Charged {
    fn rates(&self) -> impl Iterator<Item = AppliedTax> {
        self.contents.totals.rates.iter().map(|rate| rate.applied)
    }

    /// What can still come back at a rate, as the invoice counts; below zero.
    fn left(&self, applied: AppliedTax, given: &[Line]) -> Result<Money, MoneyError> {
        let counted = |rate: &RateTotal| if self.contents.tax_included { rate.gross } else { rate.net };
        let rates = self.contents.totals.rates.iter().filter(|rate| rate.applied == applied);
        let invoiced = Money::sum(self.contents.currency, rates.map(counted))?;
        let lines = self.credited.iter().chain(given).filter(|line| line.tax == applied);
        let credited = Money::sum(self.contents.currency, lines.map(|line| line.amount))?;
        let left = invoiced.plus(credited)?.negated()?;
        Ok(if left.is_positive() { Money::zero(left.currency()) } else { left })
    }

    /// The credit note of these lines, and what becomes of it.
    fn note(&self, lines: Vec<Line>, to: ReturnTo) -> Result<NoteQuote, CreditError> {
        let taxed = |lines: &[Line]| lines.iter().map(|line| (line.tax, line.amount)).collect::<Vec<_>>();
        let totals = credit_note(&self.contents.invoiced(), &taxed(&self.credited), &taxed(&lines))?;
        let (_, settlement) = self.standing.settle(totals.gross.negated()?, to)?;
        let back = settlement.returned.map_or(Money::zero(totals.gross.currency()), |back| back.amount);
        let to_method = match to {
            ReturnTo::Credit => Money::zero(back.currency()),
            ReturnTo::Method if self.by_card.minor() < back.minor() => self.by_card,
            ReturnTo::Method => back,
        };
        let (lowers, to_credit) = (settlement.lowers, back.minus(to_method)?);
        Ok(NoteQuote { invoice: self.invoice, lines, totals, lowers, to_credit, to_method })
    }
}

/// What several documents come to together.
pub(super) fn sum(currency: Currency, all: &[NoteQuote]) -> Result<TaxTotals, MoneyError> {
    let mut rates: Vec<RateTotal> = Vec::new();
    for rate in all.iter().flat_map(|note| &note.totals.rates) {
        match rates.iter_mut().find(|known| known.applied == rate.applied) {
            Some(known) => {
                known.net = known.net.plus(rate.net)?;
                known.tax = known.tax.plus(rate.tax)?;
                known.gross = known.gross.plus(rate.gross)?;
            }
            None => rates.push(*rate),
        }
    }
    Ok(TaxTotals {
        net: Money::sum(currency, rates.iter().map(|rate| rate.net))?,
        tax: Money::sum(currency, rates.iter().map(|rate| rate.tax))?,
        gross: Money::sum(currency, rates.iter().map(|rate| rate.gross))?,
        rates,
    })
}
