//! The catalog as it is stored: what can be bought now, with the ids that orders and subscriptions keep.
//!
//! Issuers, products and plans are changed in place and count their versions. Prices and tax rates never change:
//! another one follows, and a running term keeps the one that it was bought at (SPEC 5).

use std::collections::BTreeMap;

use domain::catalog::{Catalog, Issuer, Plan, Price, Product, TaxRow};
use domain::id::{IssuerId, PlanId, PriceId, ProductId};
use uuid::Uuid;

use crate::StoreError;
use crate::audit::Record;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{binds, json};

/// The catalog with its ids.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// What is sold.
    pub catalog: Catalog,
    /// By the issuer's key.
    pub issuers: BTreeMap<String, IssuerId>,
    /// By the product's key.
    pub products: BTreeMap<String, ProductId>,
    /// By the keys of product and plan.
    pub plans: BTreeMap<(String, String), PlanId>,
    /// Of prices in force: by plan, then currency, term and frequency.
    pub prices: BTreeMap<(PlanId, PriceSlot), PriceId>,
}

/// What tells a plan's prices apart: currency, term and billing frequency, by their codes.
pub type PriceSlot = (String, String, String);

/// How many things an import has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Changed {
    /// Added.
    pub added: u32,
    /// Changed, or followed by another.
    pub changed: u32,
    /// Left as they were.
    pub same: u32,
}

impl Shelf {
    /// The product of this id.
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        let (key, _) = self.products.iter().find(|(_, known)| **known == id)?;
        self.catalog.product(key)
    }

    /// The plan of this id, with its product.
    pub fn plan(&self, id: PlanId) -> Option<(&Product, &Plan)> {
        let ((product, plan), _) = self.plans.iter().find(|(_, known)| **known == id)?;
        let product = self.catalog.product(product)?;
        Some((product, product.plan(plan)?))
    }
}

/// The slot of a price.
pub fn slot(price: &Price) -> PriceSlot {
    (price.currency.code().to_owned(), price.term.code().to_owned(), price.frequency.code().to_owned())
}

impl Conn<'_> {
    /// A number that grows with every change of the catalog; 0 before there is one.
    pub async fn shelf_version(&mut self) -> Result<i64, StoreError> {
        let row = self.row(sql!("SELECT version FROM shelf WHERE id = 1"), binds![]).await?;
        row.map_or(Ok(0), |mut row| row.take())
    }

    /// One version of a price, in force or not.
    pub async fn price(&mut self, price: PriceId) -> Result<Option<Price>, StoreError> {
        let row = self.row(sql!("SELECT content FROM price WHERE id = $1"), binds![price]).await?;
        row.map(|mut row| row.json()).transpose()
    }

    /// The whole catalog in force.
    pub async fn shelf(&mut self) -> Result<Shelf, StoreError> {
        let mut shelf = Shelf::default();
        for row in &mut self.rows(sql!("SELECT id, content FROM issuer ORDER BY key"), binds![]).await? {
            let (id, issuer): (IssuerId, Issuer) = (row.take()?, row.json()?);
            shelf.issuers.insert(issuer.key.to_string(), id);
            shelf.catalog.issuers.push(issuer);
        }
        let rates = sql!(
            "SELECT issuer_key, content FROM tax_rate WHERE replaced_at IS NULL
             ORDER BY issuer_key, country, category, valid_from, id"
        );
        for row in &mut self.rows(rates, binds![]).await? {
            let (key, rate): (String, TaxRow) = (row.take()?, row.json()?);
            let issuer = shelf.catalog.issuers.iter_mut().find(|issuer| issuer.key.as_str() == key);
            issuer.ok_or_else(|| lost("tax rate", &key))?.tax.push(rate);
        }
        let mut places: BTreeMap<Uuid, usize> = BTreeMap::new();
        let products = sql!("SELECT id, content FROM product ORDER BY position, id");
        for row in &mut self.rows(products, binds![]).await? {
            let (id, product): (ProductId, Product) = (row.take()?, row.json()?);
            places.insert(id.uuid(), shelf.catalog.products.len());
            shelf.products.insert(product.key.to_string(), id);
            shelf.catalog.products.push(product);
        }
        self.plans(&mut shelf, &places).await?;
        Ok(shelf)
    }

    async fn plans(&mut self, shelf: &mut Shelf, products: &BTreeMap<Uuid, usize>) -> Result<(), StoreError> {
        let mut places: BTreeMap<Uuid, (usize, usize)> = BTreeMap::new();
        let plans = sql!("SELECT id, product_id, content FROM plan ORDER BY product_id, position, id");
        for row in &mut self.rows(plans, binds![]).await? {
            let (id, product, plan): (PlanId, Uuid, Plan) = (row.take()?, row.take()?, row.json()?);
            let place = *products.get(&product).ok_or_else(|| lost("plan", &id))?;
            let product = &mut shelf.catalog.products[place];
            places.insert(id.uuid(), (place, product.plans.len()));
            shelf.plans.insert((product.key.to_string(), plan.key.to_string()), id);
            product.plans.push(plan);
        }
        let prices = sql!(
            "SELECT id, plan_id, content FROM price WHERE replaced_at IS NULL
             ORDER BY plan_id, currency, term, frequency, id"
        );
        for row in &mut self.rows(prices, binds![]).await? {
            let (id, plan, price): (PriceId, PlanId, Price) = (row.take()?, row.take()?, row.json()?);
            let (product, place) = *places.get(&plan.uuid()).ok_or_else(|| lost("price", &id))?;
            shelf.prices.insert((plan, slot(&price)), id);
            shelf.catalog.products[product].plans[place].prices.push(price);
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Applies a catalog over the stored one: what it names changes, what it leaves out stays (SPEC 5).
    pub async fn apply_catalog(&mut self, catalog: &Catalog) -> Result<Changed, StoreError> {
        let stored = self.shelf().await?;
        let mut changed = Changed::default();
        for issuer in &catalog.issuers {
            self.apply_issuer(issuer, &stored, &mut changed).await?;
        }
        for (position, product) in (0..).zip(&catalog.products) {
            let id = self.apply_product(position, product, &stored, &mut changed).await?;
            for (position, plan) in (0..).zip(&product.plans) {
                let plan_id = self.apply_plan(position, plan, (id, product), &stored, &mut changed).await?;
                for price in &plan.prices {
                    self.apply_price(price, plan_id, &stored, &mut changed).await?;
                }
            }
        }
        if changed.added + changed.changed > 0 {
            self.keep_books(
                sql!(
                    "INSERT INTO shelf (id, version) VALUES (1, 1)
                     ON CONFLICT (id) DO UPDATE SET version = shelf.version + 1"
                ),
                binds![],
            )
            .await?;
        }
        Ok(changed)
    }

    async fn apply_issuer(
        &mut self,
        issuer: &Issuer,
        stored: &Shelf,
        changed: &mut Changed,
    ) -> Result<(), StoreError> {
        let key = issuer.key.as_str();
        let bare = Issuer { tax: Vec::new(), ..issuer.clone() };
        let at = self.at();
        let before = stored.catalog.issuer(key);
        let same = before.is_some_and(|before| Issuer { tax: Vec::new(), ..before.clone() } == bare);
        if changed.count(before.is_some(), same) {
            let id = stored.issuers.get(key).copied().unwrap_or_else(|| self.id(IssuerId::new));
            self.change(
                sql!(
                    "INSERT INTO issuer (id, key, content, version, changed_at) VALUES ($1, $2, $3, 1, $4)
                     ON CONFLICT (key) DO UPDATE SET content = excluded.content,
                        version = issuer.version + 1, changed_at = excluded.changed_at"
                ),
                binds![id, key, json(&bare)?, at],
            )
            .await?;
            self.audit(Record::new("issuer.import", "issuer", id.uuid()).fact("key", key));
        }
        for rate in &issuer.tax {
            self.apply_tax_rate(key, rate, before, changed).await?;
        }
        Ok(())
    }

    async fn apply_tax_rate(
        &mut self,
        issuer: &str,
        rate: &TaxRow,
        before: Option<&Issuer>,
        changed: &mut Changed,
    ) -> Result<(), StoreError> {
        let same_slot = |other: &&TaxRow| {
            (other.country, &other.category, other.valid_from, other.kind)
                == (rate.country, &rate.category, rate.valid_from, rate.kind)
        };
        let before = before.and_then(|issuer| issuer.tax.iter().find(same_slot));
        if !changed.count(before.is_some(), before == Some(rate)) {
            return Ok(());
        }
        let at = self.at();
        if let Some(before) = before {
            self.change_one(
                sql!(
                    "UPDATE tax_rate SET replaced_at = $3
                     WHERE issuer_key = $1 AND content = $2 AND replaced_at IS NULL"
                ),
                binds![issuer, json(before)?, at],
            )
            .await?;
        }
        let id = self.id(PriceId::new).uuid();
        self.change_one(
            sql!(
                "INSERT INTO tax_rate (id, issuer_key, country, category, valid_from, content, created_at,
                                       replaced_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)"
            ),
            binds![
                id,
                issuer,
                rate.country.code(),
                rate.category.as_str(),
                rate.valid_from.to_string(),
                json(rate)?,
                at
            ],
        )
        .await?;
        self.audit(Record::new("tax-rate.import", "tax-rate", id).fact("issuer", issuer));
        Ok(())
    }

    async fn apply_product(
        &mut self,
        position: u32,
        product: &Product,
        stored: &Shelf,
        changed: &mut Changed,
    ) -> Result<ProductId, StoreError> {
        let key = product.key.as_str();
        let bare = Product { plans: Vec::new(), ..product.clone() };
        let before = stored.catalog.product(key);
        let same = before.is_some_and(|before| Product { plans: Vec::new(), ..before.clone() } == bare);
        let id = stored.products.get(key).copied().unwrap_or_else(|| self.id(ProductId::new));
        if changed.count(before.is_some(), same) {
            let at = self.at();
            self.change(
                sql!(
                    "INSERT INTO product (id, key, position, content, version, changed_at)
                     VALUES ($1, $2, $3, $4, 1, $5)
                     ON CONFLICT (key) DO UPDATE SET position = excluded.position, content = excluded.content,
                        version = product.version + 1, changed_at = excluded.changed_at"
                ),
                binds![id, key, position, json(&bare)?, at],
            )
            .await?;
            self.audit(Record::new("product.import", "product", id.uuid()).fact("key", key));
        }
        Ok(id)
    }

    async fn apply_plan(
        &mut self,
        position: u32,
        plan: &Plan,
        (product_id, product): (ProductId, &Product),
        stored: &Shelf,
        changed: &mut Changed,
    ) -> Result<PlanId, StoreError> {
        let bare = Plan { prices: Vec::new(), ..plan.clone() };
        let before =
            stored.catalog.product(product.key.as_str()).and_then(|before| before.plan(plan.key.as_str()));
        let same = before.is_some_and(|before| Plan { prices: Vec::new(), ..before.clone() } == bare);
        let place = (product.key.to_string(), plan.key.to_string());
        let id = stored.plans.get(&place).copied().unwrap_or_else(|| self.id(PlanId::new));
        if changed.count(before.is_some(), same) {
            let at = self.at();
            self.change(
                sql!(
                    "INSERT INTO plan (id, product_id, key, position, content, version, changed_at)
                     VALUES ($1, $2, $3, $4, $5, 1, $6)
                     ON CONFLICT (product_id, key) DO UPDATE SET position = excluded.position,
                        content = excluded.content, version = plan.version + 1,
                        changed_at = excluded.changed_at"
                ),
                binds![id, product_id, plan.key.as_str(), position, json(&bare)?, at],
            )
            .await?;
            self.audit(Record::new("plan.import", "plan", id.uuid()).fact("key", plan.key.as_str()));
        }
        Ok(id)
    }

    async fn apply_price(
        &mut self,
        price: &Price,
        plan: PlanId,
        stored: &Shelf,
        changed: &mut Changed,
    ) -> Result<(), StoreError> {
        let before = stored.prices.get(&(plan, slot(price))).copied();
        let same = before.is_some() && stored_price(stored, plan, price) == Some(price);
        if !changed.count(before.is_some(), same) {
            return Ok(());
        }
        let at = self.at();
        if let Some(before) = before {
            self.change_one(
                sql!("UPDATE price SET replaced_at = $2 WHERE id = $1 AND replaced_at IS NULL"),
                binds![before, at],
            )
            .await?;
        }
        let id = self.id(PriceId::new);
        let (currency, term, frequency) = slot(price);
        self.change_one(
            sql!(
                "INSERT INTO price (id, plan_id, currency, term, frequency, content, created_at, replaced_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)"
            ),
            binds![id, plan, currency, term, frequency, json(price)?, at],
        )
        .await?;
        self.audit(
            Record::new("price.import", "price", id.uuid())
                .fact("plan", plan.to_string())
                .fact("before", before.map(|before| before.to_string())),
        );
        Ok(())
    }
}

impl Changed {
    /// Counts one thing; says whether it has to be written.
    pub(crate) fn count(&mut self, known: bool, same: bool) -> bool {
        match (known, same) {
            (true, true) => self.same += 1,
            (true, false) => self.changed += 1,
            (false, _) => self.added += 1,
        }
        !(known && same)
    }
}

fn stored_price<'a>(stored: &'a Shelf, plan: PlanId, price: &Price) -> Option<&'a Price> {
    let (product, key) = stored.plans.iter().find(|(_, id)| **id == plan)?.0;
    let plan = stored.catalog.product(product)?.plan(key)?;
    plan.prices.iter().find(|other| slot(other) == slot(price))
}

fn lost(what: &str, id: &dyn std::fmt::Display) -> StoreError {
    StoreError::Corrupt { what: format!("the {what} {id} belongs to nothing") }
}
