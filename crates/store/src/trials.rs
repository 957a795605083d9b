//! Trials: which organization has tried what, and what a trial has in place of a price (SPEC 5).

use domain::catalog::{BillingFrequency, Price, Term};
use domain::id::{OrderId, OrganizationId, PlanId, PriceId, ProductId, SubscriptionId};
use domain::money::Currency;
use domain::order::OrderState;
use domain::quote::PurchaseQuote;

use crate::StoreError;
use crate::audit::Record;
use crate::orders::Order;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{binds, json, optional_json};

/// How many trials of a product an organization has.
pub const GRANTED: u32 = 1;

/// What was agreed to when a trial was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedTrial {
    /// The plan that is tried.
    pub plan: PlanId,
    /// The version of the price of the purchase that it becomes; without one, what stands in place of a price.
    pub price: PriceId,
    /// What it becomes.
    pub converts: Option<PurchaseQuote>,
    /// JSON: the versions of the texts that were agreed to.
    pub agreed: String,
}

impl Conn<'_> {
    /// How many trials of a product an organization has had.
    pub async fn count_trials(
        &mut self,
        organization: OrganizationId,
        product: ProductId,
    ) -> Result<u32, StoreError> {
        self.row(
            sql!("SELECT COUNT(*) FROM trial WHERE organization_id = $1 AND product_id = $2"),
            binds![organization, product],
        )
        .await?
        .map_or(Ok(0), |mut row| row.take())
    }

    /// What was agreed to when the trial of an order was started.
    pub async fn agreed_trial(
        &mut self,
        organization: OrganizationId,
        order: OrderId,
    ) -> Result<Option<AgreedTrial>, StoreError> {
        let row = self
            .row(
                sql!(
                    "SELECT plan_id, price_id, quote, agreed FROM orders
                     WHERE organization_id = $1 AND id = $2 AND status = 'started'"
                ),
                binds![organization, order],
            )
            .await?;
        row.map(|mut row| {
            let (plan, price) = (row.take()?, row.take()?);
            Ok(AgreedTrial { plan, price, converts: optional_json(&mut row)?, agreed: row.take()? })
        })
        .transpose()
    }
}

impl Tx<'_> {
    /// Takes one of the trials of a product that an organization has; says whether one was left. The statement that
    /// takes it is the one that counts: of two that start at once, one finds its number taken.
    pub async fn take_trial(
        &mut self,
        organization: OrganizationId,
        product: ProductId,
        subscription: SubscriptionId,
        granted: u32,
    ) -> Result<bool, StoreError> {
        let at = self.at();
        let taken = self
            .change(
                sql!(
                    "INSERT INTO trial (organization_id, product_id, number, subscription_id, started_at)
                     SELECT $1, $2, t.had + 1, $3, $4
                     FROM (SELECT COUNT(*) AS had FROM trial WHERE organization_id = $1 AND product_id = $2) t
                     WHERE t.had < $5
                     ON CONFLICT (organization_id, product_id, number) DO NOTHING"
                ),
                binds![organization, product, subscription, at, granted],
            )
            .await?;
        Ok(taken == 1)
    }

    /// What a trial has in place of a price: a price of its plan that charges nothing and was never in force. Made
    /// when it is needed first.
    pub async fn trial_price(&mut self, plan: PlanId, currency: Currency) -> Result<PriceId, StoreError> {
        let (term, frequency) = (Term::OneMonth, BillingFrequency::UpFront);
        let price = Price { currency, term, frequency, tax_included: false, charges: vec![] };
        let content = json(&price)?;
        let known = self
            .row(
                sql!(
                    "SELECT id FROM price
                     WHERE plan_id = $1 AND content = $2 AND replaced_at = created_at
                     ORDER BY created_at, id
                     LIMIT 1"
                ),
                binds![plan, content.as_str()],
            )
            .await?;
        if let Some(mut row) = known {
            return row.take();
        }
        let id = self.id(PriceId::new);
        let at = self.at();
        self.change_one(
            sql!(
                "INSERT INTO price (id, plan_id, currency, term, frequency, content, created_at, replaced_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
            ),
            binds![id, plan, currency.code(), term.code(), frequency.code(), content, at],
        )
        .await?;
        self.audit(Record::new("price.trial", "price", id.uuid()).fact("plan", plan.to_string()));
        Ok(id)
    }

    /// Writes down that the trial of an order has started, with what was agreed to. Guarded by the version that was
    /// seen; only a draft starts.
    pub async fn start_trial(
        &mut self,
        order: &Order,
        state: OrderState,
        agreed: &AgreedTrial,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE orders SET status = $4, state = $5, plan_id = $6, price_id = $7, quote = $8, agreed = $9,
                        changed_at = $10, version = version + 1
                 WHERE organization_id = $1 AND id = $2 AND version = $3 AND status = 'draft'"
            ),
            binds![
                order.organization,
                order.id,
                order.version,
                state.status().code(),
                json(&state)?,
                agreed.plan,
                agreed.price,
                agreed.converts.as_ref().map(json).transpose()?,
                agreed.agreed.as_str(),
                at
            ],
        )
        .await
    }
}
