//! Who may do what: one table, from the first use case on (house rule "Rights").
//!
//! A use case asks [`Asker::must`] before it does anything. What an asker may not even see is
//! [`ServiceError::NotFound`]; what is seen but may not be done is [`ServiceError::Forbidden`] with the right
//! that is missing. The walk of strangers through every page and server function is generated from [`TABLE`].

use crate::ServiceError;
use crate::asker::Asker;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Choose among the places of one's own account, end one's own session.
    UseAccount,
    /// See the home page and one's own settings.
    SeeHome,
    /// Change one's own settings.
    ChangeSettings,
    /// See what is sold.
    BrowseCatalog,
    /// Buy for oneself, and see one's own orders.
    Buy,
    /// See the subscriptions that one manages.
    SeeProducts,
    /// Change the subscriptions that one manages: seats, plan, recurring billing, cancel.
    ManageSubscription,
    /// Give and take licenses of the subscriptions that one manages.
    AssignLicenses,
    /// See the licenses that one holds.
    SeeLicenses,
    /// Move the test clock of the organization.
    MoveClock,
    /// See the invoices of the billing profiles on which, or on whose account, one has a role.
    SeeInvoices,
    /// Pay invoices of the billing profiles on which one has a role that may.
    PayInvoices,
    /// See the payment methods of one's own and of one's profiles; add, edit, replace and delete one's own.
    ManageCards,
    /// See the billing accounts and profiles on which one has a role.
    SeeBilling,
    /// Change the billing accounts and profiles on which one has a role that may.
    ManageBilling,
}

/// How far somebody has come, from nothing to everything. Roles that hang on one thing (the manager of a
/// subscription, the owner of a profile) are asked about that thing, in its use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Not signed in.
    Stranger,
    /// Signed in, and not (any more) an active person of the organization.
    Account,
    /// A guest of the organization.
    Guest,
    /// An active person.
    Member,
    /// An administrator.
    Administrator,
}

/// The least that somebody has to be, for each right.
pub const TABLE: &[(Right, Role)] = &[
    (Right::UseAccount, Role::Account),
    (Right::SeeHome, Role::Guest),
    (Right::ChangeSettings, Role::Guest),
    (Right::BrowseCatalog, Role::Member),
    (Right::Buy, Role::Member),
    (Right::SeeProducts, Role::Member),
    (Right::ManageSubscription, Role::Member),
    (Right::AssignLicenses, Role::Member),
    (Right::SeeLicenses, Role::Member),
    (Right::SeeInvoices, Role::Member),
    (Right::PayInvoices, Role::Member),
    (Right::ManageCards, Role::Member),
    (Right::SeeBilling, Role::Member),
    (Right::ManageBilling, Role::Member),
    (Right::MoveClock, Role::Administrator),
];

impl Right {
    /// The least that somebody has to be.
    pub fn least(self) -> Role {
        TABLE.iter().find(|(right, _)| *right == self).map_or(Role::Administrator, |(_, role)| *role)
    }
}

impl Asker {
    /// What this asker is where they stand.
    pub fn role(&self) -> Role {
        match (&self.signed_in, self.place()) {
            (None, _) => Role::Stranger,
            (Some(_), None) => Role::Account,
            (Some(_), Some(place)) if place.person.profile.guest => Role::Guest,
            (Some(_), Some(place)) if place.person.administrator => Role::Administrator,
            (Some(_), Some(_)) => Role::Member,
        }
    }

    /// Whether they may.
    pub fn may(&self, right: Right) -> bool {
        self.role() >= right.least()
    }

    /// Refuses who may not.
    pub fn must(&self, right: Right) -> Result<(), ServiceError> {
        match self.role() {
            role if role >= right.least() => Ok(()),
            Role::Stranger | Role::Account => Err(ServiceError::SignedOut),
            _ => Err(ServiceError::Forbidden(right)),
        }
    }
}
