//! What is sold where (SPEC 4).

use super::{Catalog, Issuer, Plan, Price, Product, TrialRule};
use crate::country::Country;
use crate::money::Currency;
use crate::tax::{self, AppliedTax, Buyer, NoTaxRow};
use crate::time::Date;

/// The answer to "can this organization have this product?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer<'a> {
    /// It can be bought.
    Sold(Sale<'a>),
    /// It has no price anywhere; it can only be tried.
    TrialOnly {
        /// Whose trial it is.
        issuer: &'a Issuer,
        /// How it is tried.
        trial: &'a TrialRule,
    },
    /// The page says that it is not sold there.
    NotSoldHere(NotSoldReason),
}

/// What can be bought, from whom, at which tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale<'a> {
    /// Who sells.
    pub issuer: &'a Issuer,
    /// The tax on a line that begins on the day that was asked about.
    pub tax: AppliedTax,
    /// The plans that have a price in the currency: never empty.
    pub plans: Vec<PlanOffer<'a>>,
    /// How it can be tried before.
    pub trial: Option<&'a TrialRule>,
}

/// A plan with its prices in the organization's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOffer<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its prices: never empty.
    pub prices: Vec<&'a Price>,
}

crate::code::coded! {
    /// Why a product is not sold to an organization.
    pub enum NotSoldReason {
        /// It is sold to nobody any more.
        Retired = "retired",
        /// No issuer sells to the country.
        Country = "country",
        /// The issuer does not sell in the currency.
        IssuerCurrency = "issuer-currency",
        /// No plan has a price in the currency.
        Price = "price",
        /// There is no tax row for the country, the product's category and the day.
        TaxRow = "tax-row",
        /// It is sold there only to buyers with a valid tax id.
        NeedsTaxId = "needs-tax-id",
    }
}

impl From<NoTaxRow> for NotSoldReason {
    fn from(reason: NoTaxRow) -> Self {
        match reason {
            NoTaxRow::Missing => Self::TaxRow,
            NoTaxRow::NeedsTaxId => Self::NeedsTaxId,
        }
    }
}

impl Catalog {
    /// Who sells to organizations of this country (SPEC 4: the country chooses the issuer).
    pub fn issuer_for(&self, country: Country) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.sells_to.contains(&country))
    }

    /// What of the product this buyer can have, in this currency, from this day on.
    pub fn offer<'a>(
        &'a self,
        product: &'a Product,
        buyer: Buyer<'_>,
        currency: Currency,
        on: Date,
    ) -> Offer<'a> {
        if product.retired {
            return Offer::NotSoldHere(NotSoldReason::Retired);
        }
        let Some(issuer) = self.issuer_for(buyer.country) else {
            return Offer::NotSoldHere(NotSoldReason::Country);
        };
        match &product.trial {
            Some(trial) if product.is_trial_only() => Offer::TrialOnly { issuer, trial },
            _ => match sale(issuer, product, buyer, currency, on) {
                Ok(sale) => Offer::Sold(sale),
                Err(reason) => Offer::NotSoldHere(reason),
            },
        }
    }
}

impl Product {
    /// Whether it has no price at all, in no currency.
    pub fn is_trial_only(&self) -> bool {
        self.plans.iter().all(|plan| plan.prices.is_empty())
    }
}

fn sale<'a>(
    issuer: &'a Issuer,
    product: &'a Product,
    buyer: Buyer<'_>,
    currency: Currency,
    on: Date,
) -> Result<Sale<'a>, NotSoldReason> {
    if !issuer.currencies.contains(&currency) {
        return Err(NotSoldReason::IssuerCurrency);
    }
    let plans = product.plans.iter().filter(|plan| !plan.retired).filter_map(|plan| {
        let prices: Vec<&Price> = plan.prices.iter().filter(|price| price.currency == currency).collect();
        (!prices.is_empty()).then_some(PlanOffer { plan, prices })
    });
    let plans: Vec<PlanOffer<'_>> = plans.collect();
    if plans.is_empty() {
        return Err(NotSoldReason::Price);
    }
    let tax = tax::tax_on(issuer, &product.tax_category, buyer, on)?;
    Ok(Sale { issuer, tax, plans, trial: product.trial.as_ref() })
}
