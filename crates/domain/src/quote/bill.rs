//! What one billing period costs.

use super::{Purchase, QuoteError};
use crate::conventions::Conventions;
use crate::discount::Discount;
use crate::line::{Holding, Line, LineContext};
use crate::tax::{self, TaxTotals};
use crate::time::{Period, Stretch};

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
    bill_with(purchase, &[], n, conventions)
}

/// The same with discounts, each as long as it lasts, counted from period 0 (SPEC 4).
pub fn bill_with(
    purchase: &Purchase<'_>,
    discounts: &[Discount],
    n: u32,
    conventions: Conventions,
) -> Result<Bill, QuoteError> {
    let bought = if n == 0 { purchase.seats.get() } else { 0 };
    bill_for(purchase, discounts, n, bought, conventions)
}

/// The same for a period of which so many seats are newly bought: what is paid once is charged for those alone. At a
/// renewal these are the seats that it adds, and none where it begins a term of another length.
pub fn bill_for(
    purchase: &Purchase<'_>,
    discounts: &[Discount],
    n: u32,
    bought: u32,
    conventions: Conventions,
) -> Result<Bill, QuoteError> {
    let Purchase { issuer, product, plan, price, seats, buyer, start } = *purchase;
    let Stretch { service, billing } = conventions.stretch(start, price.frequency.months(price.term), n)?;
    let tax = tax::tax_on(issuer, &product.tax_category, buyer, service.start())?;
    let currency = price.currency;
    let context = LineContext { product, plan, currency, billing, service, tax, conventions };
    let discounts: Vec<Discount> = discounts.iter().copied().filter(|each| each.is_given(n)).collect();
    let holding = Holding { currency, charges: &price.charges, seats: seats.get(), discounts: &discounts };
    let share = conventions.share(service, billing);
    let items = holding.period(bought, share, conventions)?;
    let lines: Vec<Line> = items.into_iter().map(|item| context.name(item)).collect();
    let amounts = lines.iter().map(|line| (line.tax, line.amount));
    let totals = tax::total(currency, price.tax_included, issuer.tax_rounding, amounts)?;
    Ok(Bill { service, lines, totals })
}
