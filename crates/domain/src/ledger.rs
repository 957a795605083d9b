//! The books: double entry, balanced per posting, never changed (SPEC 4). Balances are derived from postings.

mod account;
mod earned;

pub use account::{Account, AccountError};
pub use earned::{earned_before, earned_on};

use serde::{Deserialize, Serialize};

use crate::id::{BillingProfileId, SubscriptionId};
use crate::money::{Currency, Money, MoneyError};
use crate::tax::TaxTotals;

/// One side of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it is written.
    pub account: Account,
    /// What is written: a debit is positive, a credit negative. Never zero.
    pub amount: Money,
}

/// Entries that were made together. For each currency they add up to zero; all belong to one issuer's books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Posting(Vec<Entry>);

/// Why entries are no posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// Nothing to post.
    #[error("a posting without entries")]
    Empty,
    /// An entry that changes nothing.
    #[error("an entry of zero")]
    ZeroEntry,
    /// Debits and credits of a currency differ.
    #[error("debits and credits differ by {difference}")]
    Unbalanced {
        /// Debits minus credits.
        difference: Money,
    },
    /// A sum that does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Posting {
    /// Takes entries that balance, in the order given.
    pub fn new(entries: Vec<Entry>) -> Result<Self, PostingError> {
        if entries.is_empty() {
            return Err(PostingError::Empty);
        }
        if entries.iter().any(|entry| entry.amount.is_zero()) {
            return Err(PostingError::ZeroEntry);
        }
        for currency in currencies(&entries) {
            let amounts = entries.iter().map(|entry| entry.amount);
            let difference = Money::sum(currency, amounts.filter(|amount| amount.currency() == currency))?;
            if !difference.is_zero() {
                return Err(PostingError::Unbalanced { difference });
            }
        }
        Ok(Self(entries))
    }

    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The posting that undoes this one.
    pub fn reversed(&self) -> Result<Self, PostingError> {
        let back = |entry: &Entry| Ok(Entry { amount: entry.amount.negated()?, ..*entry });
        Ok(Self(self.0.iter().map(back).collect::<Result<_, MoneyError>>()?))
    }
}

/// An invoice: receivable to deferred revenue and, per rate, tax payable (SPEC 4). Nothing where it is for
/// nothing.
pub fn posting_for_invoice(
    profile: BillingProfileId,
    subscription: SubscriptionId,
    totals: &TaxTotals,
) -> Result<Option<Posting>, PostingError> {
    let taxes = totals.rates.iter().map(|rate| (Account::TaxPayable(rate.applied), rate.tax));
    let credits = std::iter::once((Account::DeferredRevenue(subscription), totals.net)).chain(taxes);
    let mut entries = vec![Entry { account: Account::Receivable(profile), amount: totals.gross }];
    for (account, amount) in credits {
        entries.push(Entry { account, amount: amount.negated()? });
    }
    post(entries)
}

/// A payment: provider clearing to receivable (SPEC 4). Nothing where nothing was paid.
pub fn posting_for_payment(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::ProviderClearing, Account::Receivable(profile), amount)
}

/// Credit of a profile that pays for a document: credit to receivable (SPEC 4). Nothing where none was used.
pub fn posting_for_credit_used(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::Credit(profile), Account::Receivable(profile), amount)
}

/// A credit note: the reverse of its invoice's lines, deferred revenue and tax payable to receivable (SPEC 4). Its
/// totals are below zero. What then comes back is posted by [`posting_for_credit_granted`] or
/// [`posting_for_refund`]. Nothing where it is for nothing.
pub fn posting_for_credit_note(
    profile: BillingProfileId,
    subscription: SubscriptionId,
    totals: &TaxTotals,
) -> Result<Option<Posting>, PostingError> {
    posting_for_invoice(profile, subscription, totals)
}

/// What comes back as credit of the profile: receivable to credit (SPEC 4). Nothing where nothing does.
pub fn posting_for_credit_granted(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::Receivable(profile), Account::Credit(profile), amount)
}

/// What comes back to the method that paid: receivable to refunds payable (SPEC 4). Nothing where nothing does.
pub fn posting_for_refund(profile: BillingProfileId, amount: Money) -> Result<Option<Posting>, PostingError> {
    move_to(Account::Receivable(profile), Account::RefundsPayable, amount)
}

/// Credit that is paid out to the owner: credit to refunds payable (SPEC 4).
pub fn posting_for_credit_paid_out(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::Credit(profile), Account::RefundsPayable, amount)
}

/// A payment for something no longer possible, which goes back in full: provider clearing to refunds payable (SPEC 4).
/// Nothing where nothing was paid.
pub fn posting_for_stray(amount: Money) -> Result<Option<Posting>, PostingError> {
    move_to(Account::ProviderClearing, Account::RefundsPayable, amount)
}

/// The provider has sent a refund: refunds payable to provider clearing (SPEC 4).
pub fn posting_for_refund_sent(amount: Money) -> Result<Option<Posting>, PostingError> {
    move_to(Account::RefundsPayable, Account::ProviderClearing, amount)
}

/// The method did not take a refund: refunds payable to credit of the profile (SPEC 4, "or as credit where that
/// fails").
pub fn posting_for_refund_failed(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::RefundsPayable, Account::Credit(profile), amount)
}

/// The bank took a payment back: receivable from provider clearing, and the invoice is open again (SPEC 5,
/// Unpaid).
pub fn posting_for_chargeback(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::Receivable(profile), Account::ProviderClearing, amount)
}

/// What will not be collected: write-off from receivable (SPEC 4).
pub fn posting_for_write_off(
    profile: BillingProfileId,
    amount: Money,
) -> Result<Option<Posting>, PostingError> {
    move_to(Account::WriteOff, Account::Receivable(profile), amount)
}

/// A debit of one account and a credit of another.
fn move_to(debit: Account, credit: Account, amount: Money) -> Result<Option<Posting>, PostingError> {
    post(vec![Entry { account: debit, amount }, Entry { account: credit, amount: amount.negated()? }])
}

/// Without the entries that change nothing; no posting where none is left.
fn post(mut entries: Vec<Entry>) -> Result<Option<Posting>, PostingError> {
    entries.retain(|entry| !entry.amount.is_zero());
    if entries.is_empty() { Ok(None) } else { Posting::new(entries).map(Some) }
}

fn currencies(entries: &[Entry]) -> Vec<Currency> {
    let mut currencies: Vec<Currency> = entries.iter().map(|entry| entry.amount.currency()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    currencies
}

impl TryFrom<Vec<Entry>> for Posting {
    type Error = PostingError;

    fn try_from(entries: Vec<Entry>) -> Result<Self, PostingError> {
        Self::new(entries)
    }
}

impl From<Posting> for Vec<Entry> {
    fn from(posting: Posting) -> Self {
        posting.0
    }
}

#[cfg(test)]
mod tests;
