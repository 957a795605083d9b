//! What is kept twice, so that a statement can decide on it: both have to say the same.

use domain::id::{BillingProfileId, OrganizationId, SubscriptionId};
use domain::ledger::Account;
use domain::quote::{ChangeQuote, OrderQuote};

use crate::StoreError;
use crate::statement::sql;
use crate::unit::Conn;
use crate::value::binds;

/// What is kept for a profile: in its own table, or in the books, where it is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditState {
    /// Whose.
    pub organization: OrganizationId,
    /// The account of the books.
    pub account: String,
    /// The code of the currency.
    pub currency: String,
    /// How much, in minor units.
    pub amount: i64,
}

/// A subscription whose seats wait for their payment, or an order that has some wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingSeats {
    /// Whose.
    pub organization: OrganizationId,
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// How many.
    pub seats: u32,
}

impl Conn<'_> {
    /// What is kept for profiles, as their table has it.
    pub async fn credits_kept(&mut self) -> Result<Vec<CreditState>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, billing_profile_id, currency, amount FROM profile_credit
                 WHERE amount <> 0
                 ORDER BY organization_id, billing_profile_id, currency"
            ),
            binds![],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let (organization, profile): (_, BillingProfileId) = (row.take()?, row.take()?);
            let account = Account::Credit(profile).to_string();
            Ok(CreditState { organization, account, currency: row.take()?, amount: row.take()? })
        })
        .collect()
    }

    /// What is kept for profiles, as the books have it: credits, so below zero.
    pub async fn credits_in_the_books(&mut self) -> Result<Vec<CreditState>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, account, currency, CAST(SUM(amount) AS BIGINT) FROM entry
                 WHERE account LIKE 'credit:%'
                 GROUP BY organization_id, account, currency
                 HAVING SUM(amount) <> 0
                 ORDER BY organization_id, account, currency"
            ),
            binds![],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let (organization, account, currency) = (row.take()?, row.take()?, row.take()?);
            Ok(CreditState { organization, account, currency, amount: row.take()? })
        })
        .collect()
    }

    /// The subscriptions whose seats wait for their payment.
    pub async fn waiting_seats(&mut self) -> Result<Vec<WaitingSeats>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, id, waiting FROM subscription WHERE waiting <> 0
                 ORDER BY organization_id, id"
            ),
            binds![],
        )
        .await?
        .iter_mut()
        .map(|row| {
            Ok(WaitingSeats { organization: row.take()?, subscription: row.take()?, seats: row.take()? })
        })
        .collect()
    }

    /// The orders that have seats wait.
    pub async fn orders_of_waiting_seats(&mut self) -> Result<Vec<WaitingSeats>, StoreError> {
        self.rows(
            sql!(
                "SELECT organization_id, subscription_id, quote FROM orders
                 WHERE kind = 'seats' AND status = 'confirmed' AND subscription_id IS NOT NULL
                 ORDER BY organization_id, subscription_id, id"
            ),
            binds![],
        )
        .await?
        .iter_mut()
        .map(|row| {
            let (organization, subscription) = (row.take()?, row.take()?);
            let quote: OrderQuote = row.json()?;
            let seats = quote.change().map_or(0, ChangeQuote::added);
            Ok(WaitingSeats { organization, subscription, seats })
        })
        .collect()
    }
}
