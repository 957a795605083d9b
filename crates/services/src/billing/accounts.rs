//! Billing accounts with their profiles.

use domain::id::BillingAccountId;
use domain::money::Money;
use payments::provider::Card;
use store::Conn;
use store::billing::{BillingAccount, Holding, ProfileFigures, RoleHolder, SeenProfile};

use super::{ContractParty, card_of};
use crate::asker::{Asker, Place};
use crate::rights::Right;
use crate::{ServiceError, Services};

/// An account in the list.
#[derive(Clone, Debug)]
pub struct AccountLine {
    /// The account.
    pub account: BillingAccount,
    /// How many of its profiles the asker sees.
    pub profiles: usize,
    /// What is owed on them, a sum for each currency in which anything is.
    pub owed: Vec<Money>,
}

/// One account.
#[derive(Clone, Debug)]
pub struct AccountPage {
    /// The account.
    pub account: BillingAccount,
    /// Whose it is.
    pub party: ContractParty,
    /// Those of its profiles that the asker sees.
    pub profiles: Vec<ProfileLine>,
    /// Who owns it.
    pub owners: Vec<RoleHolder>,
    /// Who has a role on it; nobody to whom only one of its profiles is shown.
    pub holders: Vec<RoleHolder>,
}

/// A profile in its account's list.
#[derive(Clone, Debug)]
pub struct ProfileLine {
    /// The profile.
    pub profile: SeenProfile,
    /// The card that pays it.
    pub card: Option<Card>,
    /// What hangs on it.
    pub figures: ProfileFigures,
}

impl Services {
    /// The accounts on which, or on whose profiles, the asker has a role.
    pub async fn billing_accounts(&self, asker: &Asker) -> Result<Vec<AccountLine>, ServiceError> {
        asker.must(Right::SeeBilling)?;
        let place = asker.must_place()?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let mut lines = Vec::new();
        for account in conn.seen_accounts(place.organization.id, place.person.id).await? {
            let profiles = profiles(&mut conn, place, account.id).await?;
            let owed = owed(&profiles)?;
            lines.push(AccountLine { account, profiles: profiles.len(), owed });
        }
        Ok(lines)
    }

    /// One of them.
    pub async fn billing_account(
        &self,
        asker: &Asker,
        account: BillingAccountId,
    ) -> Result<AccountPage, ServiceError> {
        asker.must(Right::SeeBilling)?;
        let place = asker.must_place()?;
        let organization = place.organization.id;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let found = conn.seen_account(organization, place.person.id, account).await?;
        let found = found.ok_or(ServiceError::NotFound)?;
        let profiles = profiles(&mut conn, place, account).await?;
        let holders = conn.role_holders(organization, Holding::Account(account)).await?;
        let owners = holders.iter().filter(|holder| holder.role.may_grant() && holder.profile.active);
        Ok(AccountPage {
            party: ContractParty::of(&place.organization)?,
            profiles,
            owners: owners.cloned().collect(),
            holders: if found.role.is_some() { holders } else { Vec::new() },
            account: found,
        })
    }
}

async fn profiles(
    conn: &mut Conn<'_>,
    place: &Place,
    account: BillingAccountId,
) -> Result<Vec<ProfileLine>, ServiceError> {
    let organization = place.organization.id;
    let mut lines = Vec::new();
    for profile in conn.seen_profiles(organization, place.person.id, account).await? {
        let figures = conn.profile_figures(organization, profile.id, profile.currency).await?;
        let card = card_of(&profile)?;
        lines.push(ProfileLine { profile, card, figures });
    }
    Ok(lines)
}

/// What is owed on profiles, for each currency by itself (SPEC 2: never summed across).
fn owed(profiles: &[ProfileLine]) -> Result<Vec<Money>, ServiceError> {
    let mut sums: Vec<Money> = Vec::new();
    for owed in profiles.iter().map(|line| line.figures.owed).filter(|owed| owed.is_positive()) {
        match sums.iter_mut().find(|sum| sum.currency() == owed.currency()) {
            Some(sum) => *sum = sum.plus(owed).map_err(ServiceError::broken)?,
            None => sums.push(owed),
        }
    }
    Ok(sums)
}
