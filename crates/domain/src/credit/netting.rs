//! Netting: changes of seats that wait for the subscription's next invoice (SPEC 5, Documents).

use crate::money::{Currency, Money, MoneyError, Rounding};
use crate::tax::{AppliedTax, TaxTotals, total};
use crate::time::{Cycle, Date, TimeError};

/// What netted lines come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Netted {
    /// Something is owed: an invoice of all lines.
    Invoice(TaxTotals),
    /// They cancel each other out: nobody owes anything.
    Nothing(TaxTotals),
    /// More comes back than is charged: credit, in totals below zero.
    Credit(TaxTotals),
}

/// The day on which netted changes are invoiced: with the next invoice, at the latest one month after the first
/// change, and always when the subscription ends.
pub fn netted_on(
    first_change: Date,
    next_invoice: Option<Date>,
    ends: Option<Date>,
) -> Result<Date, TimeError> {
    let a_month_later = Cycle::new(first_change, 1).start_of(1)?;
    Ok([next_invoice, ends].into_iter().flatten().fold(a_month_later, Date::min))
}

/// Adds up lines that were collected, given back ones below zero: tax once per rate over all of them. Arguments
/// are those of [`total`].
pub fn net(
    currency: Currency,
    tax_included: bool,
    rounding: Rounding,
    lines: impl IntoIterator<Item = (AppliedTax, Money)>,
) -> Result<Netted, MoneyError> {
    let totals = total(currency, tax_included, rounding, lines)?;
    Ok(match totals.gross {
        gross if gross.is_positive() => Netted::Invoice(totals),
        gross if gross.is_negative() => Netted::Credit(totals),
        _ => Netted::Nothing(totals),
    })
}
