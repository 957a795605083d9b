//! Tax: which row applies, and how much it is (SPEC 4).

use serde::{Deserialize, Serialize};

use crate::catalog::{Issuer, Key, TaxKind, TaxRate, TaxRow};
use crate::country::Country;
use crate::money::{Currency, Money, MoneyError, Rounding};
use crate::tax_id::TaxId;
use crate::time::Date;

/// Who the tax depends on: the organization that is sold to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buyer<'a> {
    /// The country of its sold-to address.
    pub country: Country,
    /// Its tax id, where it has given a valid one.
    pub tax_id: Option<&'a TaxId>,
}

/// The tax of a line, copied from the row that applied, so that a later row never changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AppliedTax {
    /// The rate.
    pub rate: TaxRate,
    /// The kind.
    pub kind: TaxKind,
}

/// Why no tax row applies. The product is then not sold there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTaxRow {
    /// The issuer has no row for this country, category and day.
    #[error("the issuer has no tax row for this country, category and day")]
    Missing,
    /// There are only reverse-charge rows, and the buyer has given no valid tax id.
    #[error("it is sold there only to buyers with a valid tax id")]
    NeedsTaxId,
}

/// The tax of what is sold to this buyer on this day: the first day that the line pays for.
///
/// A buyer with a tax id of the same country gets the reverse-charge row where there is one.
pub fn tax_on(issuer: &Issuer, category: &Key, buyer: Buyer<'_>, day: Date) -> Result<AppliedTax, NoTaxRow> {
    let in_force = |reverse_charge: bool| {
        let fits = |row: &&TaxRow| {
            row.country == buyer.country
                && row.category == *category
                && row.valid_from <= day
                && (row.kind == TaxKind::ReverseCharge) == reverse_charge
        };
        issuer.tax.iter().filter(fits).max_by_key(|row| row.valid_from)
    };
    let reverse_charge = in_force(true);
    let may_reverse = buyer.tax_id.is_some_and(|id| id.country() == buyer.country);
    let row = if may_reverse { reverse_charge.or_else(|| in_force(false)) } else { in_force(false) };
    match row {
        Some(row) => Ok(AppliedTax { rate: row.rate, kind: row.kind }),
        None if reverse_charge.is_some() => Err(NoTaxRow::NeedsTaxId),
        None => Err(NoTaxRow::Missing),
    }
}

/// What one rate comes to on one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateTotal {
    /// Which tax.
    pub applied: AppliedTax,
    /// Without tax.
    pub net: Money,
    /// The tax, rounded once.
    pub tax: Money,
    /// With tax: always net + tax.
    pub gross: Money,
}

/// What a document comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTotals {
    /// Each rate once, the highest first.
    pub rates: Vec<RateTotal>,
    /// The sum without tax.
    pub net: Money,
    /// The tax of all rates.
    pub tax: Money,
    /// The sum with tax: always net + tax.
    pub gross: Money,
}

/// Adds up the lines of one document: tax once per rate, in the issuer's mode (SPEC 4).
///
/// The amounts are all net or, with `tax_included`, all gross. Then the tax is taken out of the sum of each
/// rate and what people pay stays what the price says.
pub fn total(
    currency: Currency,
    tax_included: bool,
    rounding: Rounding,
    lines: impl IntoIterator<Item = (AppliedTax, Money)>,
) -> Result<TaxTotals, MoneyError> {
    let mut sums: Vec<(AppliedTax, Money)> = Vec::new();
    for (applied, amount) in lines {
        match sums.iter_mut().find(|(known, _)| *known == applied) {
            Some((_, sum)) => *sum = sum.plus(amount)?,
            None => sums.push((applied, Money::zero(currency).plus(amount)?)),
        }
    }
    sums.sort_by_key(|(applied, _)| (std::cmp::Reverse(applied.rate), applied.kind));
    let rates = sums.into_iter().map(|(applied, sum)| rate_total(applied, sum, tax_included, rounding));
    let rates = rates.collect::<Result<Vec<_>, _>>()?;
    Ok(TaxTotals {
        net: Money::sum(currency, rates.iter().map(|rate| rate.net))?,
        tax: Money::sum(currency, rates.iter().map(|rate| rate.tax))?,
        gross: Money::sum(currency, rates.iter().map(|rate| rate.gross))?,
        rates,
    })
}

/// The tax of each line, for documents that show it there: the tax of a rate, which stays rounded once, is split
/// over its lines in proportion to their amounts (largest remainder); a line that gives back shows tax that comes
/// back. In the order of the lines; a line of a rate that is not among the totals, or whose lines come to nothing,
/// shows none.
pub fn shown_per_line(totals: &TaxTotals, lines: &[(AppliedTax, Money)]) -> Result<Vec<Money>, MoneyError> {
    let mut shown: Vec<Money> = lines.iter().map(|(_, amount)| Money::zero(amount.currency())).collect();
    for rate in &totals.rates {
        let of_rate = |(applied, amount): &(AppliedTax, Money)| {
            if *applied == rate.applied { *amount } else { Money::zero(amount.currency()) }
        };
        match rate.tax.split_over(&lines.iter().map(of_rate).collect::<Vec<_>>()) {
            Err(MoneyError::NoWeights) => {}
            parts => {
                for (line, part) in shown.iter_mut().zip(parts?) {
                    *line = line.plus(part)?;
                }
            }
        }
    }
    Ok(shown)
}

fn rate_total(
    applied: AppliedTax,
    sum: Money,
    included: bool,
    mode: Rounding,
) -> Result<RateTotal, MoneyError> {
    if included {
        let tax = sum.share(applied.rate.of_gross(), mode)?;
        Ok(RateTotal { applied, net: sum.minus(tax)?, tax, gross: sum })
    } else {
        let tax = sum.share(applied.rate.of_net(), mode)?;
        Ok(RateTotal { applied, net: sum, tax, gross: sum.plus(tax)? })
    }
}

#[cfg(test)]
mod tests;
