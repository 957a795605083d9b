//! The accounts of the books, and their one text form.

use crate::catalog::TaxKind;
use crate::id::{BillingProfileId, SubscriptionId};
use crate::tax::AppliedTax;

/// An account of an issuer's books in one currency (SPEC 4).
///
/// Its text form stands in the store and in the journal export: `receivable:bpr_…`, `tax:standard:10`,
/// `clearing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// What a profile owes.
    Receivable(BillingProfileId),
    /// What is kept for a profile and used before its card.
    Credit(BillingProfileId),
    /// What the payment provider has collected and not yet paid out.
    ProviderClearing,
    /// What is owed to the tax office, per rate and kind.
    TaxPayable(AppliedTax),
    /// What was invoiced and is earned day by day.
    DeferredRevenue(SubscriptionId),
    /// What is on its way back to customers.
    RefundsPayable,
    /// What will not be collected.
    WriteOff,
}

/// A text that names no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" names no account")]
pub struct AccountError(pub String);

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Receivable(profile) => write!(f, "receivable:{profile}"),
            Self::Credit(profile) => write!(f, "credit:{profile}"),
            Self::ProviderClearing => f.write_str("clearing"),
            Self::TaxPayable(AppliedTax { rate, kind }) => write!(f, "tax:{kind}:{rate}"),
            Self::DeferredRevenue(subscription) => write!(f, "deferred:{subscription}"),
            Self::RefundsPayable => f.write_str("refunds"),
            Self::WriteOff => f.write_str("write-off"),
        }
    }
}

impl std::str::FromStr for Account {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        let (name, subject) = text.split_once(':').unwrap_or((text, ""));
        let account = match (name, subject) {
            ("receivable", profile) => profile.parse().ok().map(Self::Receivable),
            ("credit", profile) => profile.parse().ok().map(Self::Credit),
            ("deferred", subscription) => subscription.parse().ok().map(Self::DeferredRevenue),
            ("tax", tax) => read_tax(tax).map(Self::TaxPayable),
            ("clearing", "") => Some(Self::ProviderClearing),
            ("refunds", "") => Some(Self::RefundsPayable),
            ("write-off", "") => Some(Self::WriteOff),
            _ => None,
        };
        // One account has one text: what would be written differently is refused.
        account.filter(|account| account.to_string() == text).ok_or_else(|| AccountError(text.to_owned()))
    }
}

fn read_tax(text: &str) -> Option<AppliedTax> {
    let (kind, rate) = text.split_once(':')?;
    Some(AppliedTax { rate: rate.parse().ok()?, kind: TaxKind::from_code(kind)? })
}

crate::code::serde_as_text!(Account);
