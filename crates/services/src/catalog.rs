//! The catalog as a person of an organization sees it: what is sold to them, by whom, at which price.

use std::sync::{Arc, Mutex, PoisonError};

use domain::catalog::{Catalog, Issuer, NotSoldReason, Offer, Plan, Product};
use domain::country::Country;
use domain::id::{PlanId, ProductId};
use domain::money::Currency;
use domain::tax::Buyer;
use domain::tax_id::TaxId;
use domain::time::{Date, Instant};
use store::organizations::Organization;
use store::shelf::Shelf;

use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// The shelf as it was read last, and which version it is. Reading it anew costs five statements and some
/// hundred pieces of JSON, so it is only done when an import has changed it.
#[derive(Debug, Default)]
pub(crate) struct ShelfCache(Mutex<Option<(i64, Arc<Shelf>)>>);

/// The organization as a buyer, in the types of the rules.
#[derive(Clone, Debug)]
pub struct Customer {
    /// The country of its sold-to address.
    pub country: Country,
    /// The currency of everything that it buys.
    pub currency: Currency,
    /// Its tax id, if it has one.
    pub tax_id: Option<TaxId>,
    /// Today, in its time zone (SPEC 3).
    pub today: Date,
}

impl Customer {
    /// An organization in the types of the rules. `now` is what the real clock says.
    pub(crate) fn of(organization: &Organization, now: Instant) -> Result<Self, ServiceError> {
        let country: Country = organization.country.parse().map_err(ServiceError::broken)?;
        let tax_id = organization.tax_id.as_deref().map(|id| TaxId::parse(country, id)).transpose();
        Ok(Self {
            country,
            currency: organization.currency.parse().map_err(ServiceError::broken)?,
            tax_id: tax_id.map_err(ServiceError::broken)?,
            today: Calendar::of(organization)?.today(now),
        })
    }

    /// As the rules want it.
    pub fn buyer(&self) -> Buyer<'_> {
        Buyer { country: self.country, tax_id: self.tax_id.as_ref() }
    }
}

/// What is on the shelf for one organization.
#[derive(Clone, Debug)]
pub struct Window {
    /// The catalog with its ids.
    pub shelf: Arc<Shelf>,
    /// Who looks.
    pub customer: Customer,
}

impl Window {
    /// Who sells to this organization.
    pub fn issuer(&self) -> Option<&Issuer> {
        self.shelf.catalog.issuer_for(self.customer.country)
    }

    /// What of a product this organization can have.
    pub fn offer<'a>(&'a self, product: &'a Product) -> Offer<'a> {
        let customer = &self.customer;
        self.catalog().offer(product, customer.buyer(), customer.currency, customer.today)
    }

    /// Every product with its offer, without those that are sold to nobody any more.
    pub fn offers(&self) -> impl Iterator<Item = (&Product, Offer<'_>)> {
        let offers = self.catalog().products.iter().map(|product| (product, self.offer(product)));
        offers.filter(|(_, offer)| *offer != Offer::NotSoldHere(NotSoldReason::Retired))
    }

    /// The product of this id.
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.shelf.product(id)
    }

    /// The plan of this id, with its product.
    pub fn plan(&self, id: PlanId) -> Option<(&Product, &Plan)> {
        self.shelf.plan(id)
    }

    fn catalog(&self) -> &Catalog {
        &self.shelf.catalog
    }
}

impl Services {
    /// What is sold to the asker's organization.
    pub async fn browse(&self, asker: &Asker) -> Result<Window, ServiceError> {
        asker.must(Right::BrowseCatalog)?;
        let customer = self.customer(&asker.must_place()?.organization)?;
        Ok(Window { shelf: self.shelf().await?, customer })
    }

    /// An organization in the types of the rules, today.
    pub(crate) fn customer(&self, organization: &Organization) -> Result<Customer, ServiceError> {
        Customer::of(organization, self.environment().now())
    }

    /// The catalog in force.
    pub(crate) async fn shelf(&self) -> Result<Arc<Shelf>, ServiceError> {
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let mut version = conn.shelf_version().await?;
        if let Some(shelf) = self.shelf_cache().at(version) {
            return Ok(shelf);
        }
        // The shelf is read by several statements. If an import came between them, what they gave together may
        // never have been, and the version tells.
        for _ in 0..SHELF_TRIES {
            let read = conn.shelf().await;
            let now = conn.shelf_version().await?;
            if now == version {
                return Ok(self.shelf_cache().keep(version, read?));
            }
            version = now;
        }
        Err(ServiceError::broken("the catalog changed faster than it could be read"))
    }
}

/// How often the shelf is read anew because an import came between.
const SHELF_TRIES: u32 = 5;

impl ShelfCache {
    fn at(&self, version: i64) -> Option<Arc<Shelf>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(known, _)| *known == version).map(|(_, shelf)| Arc::clone(shelf))
    }

    fn keep(&self, version: i64, shelf: Shelf) -> Arc<Shelf> {
        let shelf = Arc::new(shelf);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, Arc::clone(&shelf)));
        shelf
    }
}
