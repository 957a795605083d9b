//! The quote of an order: computed each time it is shown, sealed, and computed again when it is confirmed.
//!
//! It is not stored before it is confirmed. The seal binds it to the person, the organization, the state of the
//! order, the version of the price, the texts that are agreed to, and every amount and day of it. When it is
//! confirmed everything is computed anew: only if that gives the same seal, within 15 minutes and the
//! organization's day, is it charged (SPEC 4). See docs/decisions/0004-quotes.md.

use domain::catalog::Issuer;
use domain::conventions::Conventions;
use domain::field::FieldProblem;
use domain::id::{PlanId, PriceId};
use domain::money::Money;
use domain::order::{Choice, OrderKind};
use domain::quote::{Purchase, PurchaseQuote, QuoteError};
use domain::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use store::orders::Order;
use store::organizations::Organization;

use crate::calendar::Calendar;
use crate::catalog::Window;
use crate::keys::digest;
use crate::trials::quote_trial_end;
use crate::{ServiceError, Services};

/// The texts that are agreed to by confirming, by version; `None` where the issuer names none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Of the terms.
    pub terms: Option<String>,
    /// Of the privacy notice.
    pub privacy: Option<String>,
}

impl Agreed {
    /// What the texts are now of whoever sells to this organization.
    pub(crate) fn now(window: &Window) -> Self {
        window.issuer().map_or_else(Self::default, Self::of)
    }

    /// What an issuer's texts are now.
    pub(crate) fn of(issuer: &Issuer) -> Self {
        Self {
            terms: issuer.terms.as_ref().map(|terms| terms.version.clone()),
            privacy: issuer.privacy.as_ref().map(|privacy| privacy.version.clone()),
        }
    }
}

/// A quote as it is shown on the last page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Lines, amounts and days.
    pub quote: PurchaseQuote,
    /// What is agreed to with it.
    pub agreed: Agreed,
    /// When it was made.
    pub at: Instant,
    /// Until when it stands.
    pub until: Instant,
    /// By which it is confirmed.
    pub seal: String,
    pub(crate) plan: PlanId,
    pub(crate) price: PriceId,
}

impl Services {
    /// What a choice costs, from today on, before the credit of whoever buys. Nothing is written.
    pub fn quote(&self, window: &Window, choice: &Choice) -> Result<PurchaseQuote, ServiceError> {
        let purchase = purchase(window, choice, window.customer.today)?;
        purchase.quote(Money::zero(window.customer.currency), Conventions::default()).map_err(refusal)
    }

    /// What an order costs with this choice, from today on, and how much of it the buyer's credit pays; for a trial,
    /// what it becomes at its end. Nothing where it becomes nothing.
    pub(crate) async fn quote_order(
        &self,
        window: &Window,
        order: &Order,
        choice: &Choice,
    ) -> Result<Option<PurchaseQuote>, ServiceError> {
        match order.kind {
            OrderKind::Conversion | OrderKind::Reactivation => {
                self.quote_new_term(window, order, choice).await.map(Some)
            }
            OrderKind::Trial => quote_trial_end(window, order, choice),
            OrderKind::Purchase | OrderKind::Seats | OrderKind::Plan => {
                let credit = self.credit_of_buyer(window, order).await?;
                let purchase = purchase(window, choice, window.customer.today)?;
                purchase.quote(credit, Conventions::default()).map(Some).map_err(refusal)
            }
        }
    }

    /// What is kept as credit for who buys: it pays before the card does (SPEC 4).
    pub(crate) async fn credit_of_buyer(
        &self,
        window: &Window,
        order: &Order,
    ) -> Result<Money, ServiceError> {
        let currency = window.customer.currency;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        Ok(match conn.own_profile(order.organization, order.person, currency).await? {
            Some(profile) => conn.profile_credit(order.organization, profile.id, currency).await?,
            None => Money::zero(currency),
        })
    }

    /// The quote of an order as it was, or would have been, shown at this instant of today.
    pub(crate) async fn quoted(
        &self,
        window: &Window,
        organization: &Organization,
        order: &Order,
        at: Instant,
    ) -> Result<Quoted, ServiceError> {
        let choice = &order.choice;
        let quote = self.quote_order(window, order, choice).await?.ok_or(ServiceError::NotFound)?;
        let (plan, price) = ids(window, choice)?;
        let agreed = Agreed::now(window);
        let bound = (organization.id, order.person, order.id, order.version, price, at, &agreed, &quote);
        let seal = hex::encode(digest(&bound)?);
        let until = Calendar::of(organization)?.quote_stands_until(at)?;
        Ok(Quoted { quote, agreed, at, until, seal, plan, price })
    }
}

/// A choice as a purchase from this day on.
pub(crate) fn purchase<'a>(
    window: &'a Window,
    choice: &Choice,
    start: Date,
) -> Result<Purchase<'a>, ServiceError> {
    let product = window.shelf.catalog.product(choice.product.as_str()).ok_or(ServiceError::NotFound)?;
    let plan = product.plan(choice.plan.as_str()).ok_or(ServiceError::NotFound)?;
    let wanted = (window.customer.currency, choice.term, choice.frequency);
    let price = plan.prices.iter().find(|price| (price.currency, price.term, price.frequency) == wanted);
    Ok(Purchase {
        issuer: window.issuer().ok_or(ServiceError::NotFound)?,
        product,
        plan,
        price: price.ok_or(ServiceError::NotFound)?,
        seats: choice.seats,
        buyer: window.customer.buyer(),
        start,
    })
}

/// Why a quote is refused, as an answer to who asked for it.
pub(crate) fn refusal(error: QuoteError) -> ServiceError {
    match error {
        QuoteError::Seats { least, most } => {
            ServiceError::Fields(vec![FieldProblem::OutOfRange { least, most }.of("seats")])
        }
        QuoteError::NotSold(reason) => ServiceError::NotSold(reason),
        QuoteError::Money(error) => ServiceError::broken(error),
        QuoteError::Time(error) => ServiceError::broken(error),
    }
}

/// The plan of a choice, and the version of its price that is in force.
pub(crate) fn ids(window: &Window, choice: &Choice) -> Result<(PlanId, PriceId), ServiceError> {
    let place = (choice.product.to_string(), choice.plan.to_string());
    let plan = *window.shelf.plans.get(&place).ok_or(ServiceError::NotFound)?;
    let slot = (
        window.customer.currency.code().to_owned(),
        choice.term.code().to_owned(),
        choice.frequency.code().to_owned(),
    );
    let price = *window.shelf.prices.get(&(plan, slot)).ok_or(ServiceError::NotFound)?;
    Ok((plan, price))
}
