//! What one billing period costs.

use super::{Purchase, QuoteError};
use crate::catalog::Charge;
use crate::conventions::Conventions;
use crate::line::{Line, LineContext};
use crate::tax::{self, TaxTotals};
use crate::time::{Cycle, Period};

/// What is due at the start of one billing period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The days it pays for.
    pub service: Period,
    /// What it is for.
    pub lines: Vec<Line>,
    /// What it comes to.
    pub totals: TaxTotals,
}

/// The bill of billing period `n`, counted from the first day of the purchase (SPEC 3), the first being 0.
///
/// One-time charges come with period 0 alone. The tax is the one in force on the period's first day.
pub fn bill(purchase: &Purchase<'_>, n: u32, conventions: Conventions) -> Result<Bill, QuoteError> {
    let Purchase { issuer, product, plan, price, seats, buyer, start } = *purchase;
    let service = Cycle::new(start, price.frequency.months(price.term)).period(n)?;
    let tax = tax::tax_on(issuer, &product.tax_category, buyer, service.start())?;
    let currency = price.currency;
    let context = LineContext { product, plan, currency, billing: service, service, tax, conventions };
    let charged = |charge: &&Charge| n == 0 || charge.is_recurring();
    let lines = price.charges.iter().filter(charged).map(|charge| context.line(charge, seats.get()));
    let lines = lines.collect::<Result<Vec<Line>, _>>()?;
    let amounts = lines.iter().map(|line| (line.tax, line.amount));
    let totals = tax::total(currency, price.tax_included, issuer.tax_rounding, amounts)?;
    Ok(Bill { service, lines, totals })
}
