//! Billing accounts and profiles: who pays, with what, where the bills go, and who may see and change that (SPEC 1).
//!
//! What somebody may do is asked of the thing itself: their role on a profile is the stronger of those on the profile
//! and on its account. An owner does everything, a contributor everything but roles, a reader and an invoice manager
//! see. Without a role there is nothing to see.

mod accounts;
mod profiles;
mod replace;
mod roles;

use domain::address::Address;
use domain::billing::RecipientProblem;
use domain::country::Country;
use domain::id::{BillingAccountId, BillingProfileId};
use payments::provider::Card;
use store::Conn;
use store::organizations::Organization;

pub use accounts::{AccountLine, AccountPage, ProfileLine};
pub use domain::billing::{AccountKind, BillingRole, RecipientReason};
pub use profiles::{DetailsTyped, PO_NUMBER_LIMIT, ProfilePage, ProfileSubscription};
pub use replace::Replacement;
pub use roles::Grant;
pub use store::billing::{BillingAccount, Holding, ProfileDetails, ProfileFigures, RoleHolder, SeenProfile};

use crate::ServiceError;
use crate::asker::Place;
use crate::rights::Right;

/// Why a change of a billing account or profile is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillingProblem {
    /// It would leave nobody who owns it (SPEC 1).
    #[error("the last owner stays one")]
    LastOwner,
    /// No active person of the organization has this address, or it is that of a guest. Which of it is not said.
    #[error("nobody here to whom a role can be given")]
    NobodyHere,
    /// There is no such role on an account.
    #[error("no role of an account")]
    NoSuchRole,
    /// Recipients that cannot be accepted.
    #[error("{} recipients are refused", .0.len())]
    Recipients(Vec<RecipientProblem>),
}

/// The contract party, to which every invoice is addressed.
#[derive(Clone, Debug)]
pub struct ContractParty {
    /// The organization.
    pub organization: Organization,
    /// Its country.
    pub country: Country,
    /// The sold-to address.
    pub address: Address,
}

impl ContractParty {
    fn of(organization: &Organization) -> Result<Self, ServiceError> {
        Ok(Self {
            country: organization.country.parse().map_err(ServiceError::broken)?,
            address: serde_json::from_str(&organization.address).map_err(ServiceError::broken)?,
            organization: organization.clone(),
        })
    }
}

/// The card that pays a profile.
fn card_of(profile: &SeenProfile) -> Result<Option<Card>, ServiceError> {
    let method = profile.method.as_ref();
    method.map(|method| serde_json::from_str(&method.card).map_err(ServiceError::broken)).transpose()
}

/// A profile that the asker may see.
async fn seen(
    conn: &mut Conn<'_>,
    place: &Place,
    profile: BillingProfileId,
) -> Result<SeenProfile, ServiceError> {
    let found = conn.seen_profile(place.organization.id, place.person.id, profile).await?;
    found.ok_or(ServiceError::NotFound)
}

/// A profile that the asker may change.
async fn changeable(
    conn: &mut Conn<'_>,
    place: &Place,
    profile: BillingProfileId,
) -> Result<SeenProfile, ServiceError> {
    let found = seen(conn, place, profile).await?;
    if found.role.may_change() { Ok(found) } else { Err(ServiceError::Forbidden(Right::ManageBilling)) }
}

/// What the asker is on the thing that roles hang on.
async fn role_on(
    conn: &mut Conn<'_>,
    place: &Place,
    holding: Holding,
) -> Result<Option<BillingRole>, ServiceError> {
    match holding {
        Holding::Account(account) => account_role(conn, place, account).await,
        Holding::Profile(profile) => Ok(Some(seen(conn, place, profile).await?.role)),
    }
}

async fn account_role(
    conn: &mut Conn<'_>,
    place: &Place,
    account: BillingAccountId,
) -> Result<Option<BillingRole>, ServiceError> {
    let found = conn.seen_account(place.organization.id, place.person.id, account).await?;
    Ok(found.ok_or(ServiceError::NotFound)?.role)
}
