//! The catalog: who sells what to whom, at which price and tax (SPEC 4, 5).
//!
//! The types are the shape of the catalog file: `serde` reads a file straight into a [`Catalog`], whose
//! [`Catalog::validate`] then names everything that is wrong with it. Prices are in minor units. Everything
//! has a stable [`Key`]; importing a file again changes what its keys name and leaves alone what it leaves
//! out.

mod issuer;
mod key;
mod price;
mod product;
mod sale;
mod validate;

pub use issuer::{Issuer, IssuerKind, LegalText, TaxKind, TaxRate, TaxRateError, TaxRow};
pub use key::{Key, KeyError};
pub use price::{BillingFrequency, Charge, Price, Term, Tier};
pub use product::{Hue, Lifecycle, Plan, Product, SeatLimits, Tile, TrialCard, TrialRule};
pub use sale::{NotSoldReason, Offer, PlanOffer, Sale};
pub use validate::{Problem, ProblemCode};

use serde::{Deserialize, Serialize};

/// Everything that is sold, and who sells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// Who sells.
    #[serde(default)]
    pub issuers: Vec<Issuer>,
    /// What is sold, in the order in which it is shown.
    #[serde(default)]
    pub products: Vec<Product>,
}

impl Catalog {
    /// The issuer of this key.
    pub fn issuer(&self, key: &str) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.key.as_str() == key)
    }

    /// The product of this key.
    pub fn product(&self, key: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.key.as_str() == key)
    }
}

impl Product {
    /// The plan of this key.
    pub fn plan(&self, key: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.key.as_str() == key)
    }
}

#[cfg(test)]
mod tests;
