//! The tax of credit notes.

use super::CreditError;
use crate::money::{Currency, Money, MoneyError, Rounding};
use crate::tax::{AppliedTax, RateTotal, TaxTotals, total};

/// How an invoice was added up, and what it came to.
#[derive(Clone, Copy, Debug)]
pub struct Invoiced<'a> {
    /// The currency of every amount.
    pub currency: Currency,
    /// Whether amounts of lines include tax.
    pub tax_included: bool,
    /// How the tax of each rate was rounded.
    pub tax_rounding: Rounding,
    /// What it came to.
    pub totals: &'a TaxTotals,
}

/// What a credit note comes to (SPEC 4): for each rate, the invoice's tax on everything credited so far, this
/// note included, minus that on everything credited before. So the notes of an invoice add up to it exactly.
///
/// `before` has the lines of the earlier notes, `lines` those of this one. Both are amounts as lines have them,
/// negative for what comes back: net, or with tax where the invoice's prices include it. So are the totals.
/// Errors: more than the invoice has left at a rate; a line that is not negative.
///
/// ```
/// use domain::{catalog::TaxKind, credit::*, money::*, tax::*};
///
/// let standard = AppliedTax { rate: "10".parse()?, kind: TaxKind::Standard };
/// let yen = |minor| Money::new(minor, Currency::JPY);
/// let totals = total(Currency::JPY, false, Rounding::Down, [(standard, yen(105)); 3])?;
/// let invoice =
///     Invoiced { currency: Currency::JPY, tax_included: false, tax_rounding: Rounding::Down, totals: &totals };
/// let back = (standard, yen(-105));
/// // 105, 210 and 315 yen have a tax of 10, 21 and 31 yen.
/// assert_eq!(credit_note(&invoice, &[], &[back])?.gross, yen(-115));
/// assert_eq!(credit_note(&invoice, &[back], &[back])?.gross, yen(-116));
/// assert_eq!(credit_note(&invoice, &[back; 2], &[back])?.gross, yen(-115));
/// assert!(credit_note(&invoice, &[back; 3], &[back]).is_err());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn credit_note(
    invoice: &Invoiced<'_>,
    before: &[(AppliedTax, Money)],
    lines: &[(AppliedTax, Money)],
) -> Result<TaxTotals, CreditError> {
    let Invoiced { currency, tax_included, tax_rounding, totals } = *invoice;
    if let Some((_, amount)) = lines.iter().find(|(_, amount)| amount.is_positive()) {
        return Err(CreditError::WrongSign(*amount));
    }
    let add_up =
        |lines: &[(AppliedTax, Money)]| total(currency, tax_included, tax_rounding, lines.iter().copied());
    let counted = |rate: &RateTotal| if tax_included { rate.gross } else { rate.net };
    let of_rate = |totals: &TaxTotals, applied| {
        totals
            .rates
            .iter()
            .find(|rate| rate.applied == applied)
            .copied()
            .unwrap_or(nothing(currency, applied))
    };
    let (earlier, so_far) = (add_up(before)?, add_up(&[before, lines].concat())?);
    let mut rates = Vec::new();
    for rate in add_up(lines)?.rates {
        let applied = rate.applied;
        let (earlier, so_far) = (of_rate(&earlier, applied), of_rate(&so_far, applied));
        let invoiced = counted(&of_rate(totals, applied));
        if invoiced.plus(counted(&so_far))?.is_negative() {
            let left = invoiced.plus(counted(&earlier))?;
            return Err(CreditError::MoreThanInvoiced { applied, left });
        }
        rates.push(minus(so_far, earlier)?);
    }
    Ok(TaxTotals {
        net: Money::sum(currency, rates.iter().map(|rate| rate.net))?,
        tax: Money::sum(currency, rates.iter().map(|rate| rate.tax))?,
        gross: Money::sum(currency, rates.iter().map(|rate| rate.gross))?,
        rates,
    })
}

const fn nothing(currency: Currency, applied: AppliedTax) -> RateTotal {
    let zero = Money::zero(currency);
    RateTotal { applied, net: zero, tax: zero, gross: zero }
}

fn minus(all: RateTotal, earlier: RateTotal) -> Result<RateTotal, MoneyError> {
    Ok(RateTotal {
        applied: all.applied,
        net: all.net.minus(earlier.net)?,
        tax: all.tax.minus(earlier.tax)?,
        gross: all.gross.minus(earlier.gross)?,
    })
}
