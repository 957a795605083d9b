//! One billing profile: what is set on it, what hangs on it, and changing what is said of it.

use domain::address::Address;
use domain::billing::parse_recipients;
use domain::field::{FieldError, parse_line};
use domain::id::BillingProfileId;
use domain::money::Money;
use payments::provider::Card;
use serde::Serialize;
use store::audit::Record;
use store::billing::{BillingAccount, Holding, ProfileDetails, ProfileFigures, RoleHolder, SeenProfile};
use store::people::Profile as Person;
use store::subscriptions::Subscription;

use super::{BillingProblem, ContractParty, card_of, changeable, seen};
use crate::asker::Asker;
use crate::catalog::Window;
use crate::import::organizations::TEXT_LIMIT;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// The longest name of a profile, in characters.
const NAME_LIMIT: u32 = 60;

/// The longest PO number, in characters.
pub const PO_NUMBER_LIMIT: u32 = 40;

/// One billing profile.
#[derive(Clone, Debug)]
pub struct ProfilePage {
    /// The profile.
    pub profile: SeenProfile,
    /// Its account.
    pub account: BillingAccount,
    /// Whose it is.
    pub party: ContractParty,
    /// The card that pays it.
    pub card: Option<Card>,
    /// Whose the payment method is.
    pub method_owner: Option<Person>,
    /// Whether it is the asker's own.
    pub own_method: bool,
    /// What hangs on it.
    pub figures: ProfileFigures,
    /// What is kept for it and used before its card.
    pub credit: Money,
    /// Who has a role on it.
    pub holders: Vec<RoleHolder>,
    /// Who has a role on its account, which counts here too.
    pub account_holders: Vec<RoleHolder>,
    /// What it pays.
    pub subscriptions: Vec<ProfileSubscription>,
    /// Names and tiles of that.
    pub window: Window,
}

/// A subscription that a profile pays.
#[derive(Clone, Debug)]
pub struct ProfileSubscription {
    /// The subscription.
    pub subscription: Subscription,
    /// Whether the asker manages it, so that its page can be opened.
    pub managed: bool,
}

/// What is said of a profile, as people type it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DetailsTyped {
    /// What it is called.
    pub name: String,
    /// The customer's own reference.
    pub purchase_order: String,
    /// The address of the bills; nothing at all: the sold-to address.
    pub bill_to: Address,
}

impl DetailsTyped {
    /// What is meant. Errors: all the fields that cannot be accepted.
    pub fn read(&self) -> Result<ProfileDetails, ServiceError> {
        let mut errors: Vec<FieldError> = Vec::new();
        let mut line = |field: &'static str, text: &str, most: u32| {
            parse_line(text, most).unwrap_or_else(|problem| {
                errors.push(problem.of(field));
                String::new()
            })
        };
        let name = line("name", &self.name, NAME_LIMIT);
        let purchase_order = line("purchase_order", &self.purchase_order, PO_NUMBER_LIMIT);
        let Address { postal_code, region, city, street, building } = &self.bill_to;
        let given = [postal_code, region, city, street, building];
        let given = given.into_iter().any(|text| !text.trim().is_empty());
        let bill_to = self.bill_to.read([TEXT_LIMIT; 5], given).unwrap_or_else(|wrong| {
            errors.extend(wrong);
            Address::default()
        });
        if !errors.is_empty() {
            return Err(ServiceError::Fields(errors));
        }
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(ProfileDetails {
            name: said(name),
            purchase_order: said(purchase_order),
            bill_to: given.then_some(bill_to),
        })
    }
}

impl Services {
    /// A billing profile on which, or on whose account, the asker has a role.
    pub async fn billing_profile(
        &self,
        asker: &Asker,
        profile: BillingProfileId,
    ) -> Result<ProfilePage, ServiceError> {
        asker.must(Right::SeeBilling)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let found = seen(&mut conn, place, profile).await?;
        let account = conn.seen_account(organization, person, found.account).await?;
        let owner = found.method.as_ref().map(|method| method.person);
        let method_owner = match owner {
            Some(owner) => conn.stored_profile(organization, owner).await?,
            None => None,
        };
        let subscriptions = conn.subscriptions_of_profile(organization, profile, person).await?;
        let subscriptions = subscriptions
            .into_iter()
            .map(|(subscription, managed)| ProfileSubscription { subscription, managed });
        Ok(ProfilePage {
            account: account.ok_or(ServiceError::NotFound)?,
            party: ContractParty::of(&place.organization)?,
            card: card_of(&found)?,
            method_owner,
            own_method: owner == Some(person),
            figures: conn.profile_figures(organization, profile, found.currency).await?,
            credit: conn.profile_credit(organization, profile, found.currency).await?,
            holders: conn.role_holders(organization, Holding::Profile(profile)).await?,
            account_holders: conn.role_holders(organization, Holding::Account(found.account)).await?,
            subscriptions: subscriptions.collect(),
            window,
            profile: found,
        })
    }

    /// Says other things of a profile: its name, the PO number of its next invoices, where its bills go. What is issued
    /// stays as it is. `version` is the state in which it was seen.
    pub async fn describe_profile(
        &self,
        asker: &Asker,
        key: &str,
        profile: BillingProfileId,
        version: i64,
        typed: &DetailsTyped,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageBilling)?;
        let place = asker.must_place()?.clone();
        let organization = place.organization.id;
        let key = key_of("billing-profile.describe", &place, key, &(profile, version, typed))?;
        let (command, typed) = (self.command(asker, organization, Some(key)), typed.clone());
        self.store()
            .write(command, move |tx| {
                let (place, typed) = (place.clone(), typed.clone());
                Box::pin(async move {
                    let before = changeable(tx, &place, profile).await?.details;
                    let after = typed.read()?;
                    tx.describe_profile(organization, profile, version, &after).await?;
                    tx.audit(
                        Record::new("billing-profile.describe", "billing-profile", profile.uuid())
                            .fact("before", facts(&before)?)
                            .fact("after", facts(&after)?),
                    );
                    Ok(())
                })
            })
            .await
    }

    /// Has the invoices of a profile mailed to these addresses, as people type them; to its owners where there are none.
    /// `version` is the state in which it was seen.
    pub async fn set_recipients(
        &self,
        asker: &Asker,
        key: &str,
        profile: BillingProfileId,
        version: i64,
        typed: &str,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageBilling)?;
        let place = asker.must_place()?.clone();
        let organization = place.organization.id;
        let key = key_of("billing-profile.recipients", &place, key, &(profile, version, typed))?;
        let (command, typed) = (self.command(asker, organization, Some(key)), typed.to_owned());
        self.store()
            .write(command, move |tx| {
                let (place, typed) = (place.clone(), typed.clone());
                Box::pin(async move {
                    let before = changeable(tx, &place, profile).await?.recipients;
                    let after = parse_recipients(&typed);
                    let after = after
                        .map_err(|problems| ServiceError::Billing(BillingProblem::Recipients(problems)))?;
                    tx.set_recipients(organization, profile, version, &after).await?;
                    let list = |mails: &[domain::mail::MailAddress]| {
                        mails.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
                    };
                    tx.audit(
                        Record::new("billing-profile.recipients", "billing-profile", profile.uuid())
                            .fact("count", after.len())
                            .personal("before", list(&before))
                            .personal("after", list(&after)),
                    );
                    Ok(())
                })
            })
            .await
    }
}

fn facts(details: &ProfileDetails) -> Result<serde_json::Value, ServiceError> {
    serde_json::to_value(details).map_err(ServiceError::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, [city, street]: [&str; 2]) -> DetailsTyped {
        let bill_to = Address { city: city.into(), street: street.into(), ..Address::default() };
        DetailsTyped { name: name.into(), purchase_order: " PO  1 ".into(), bill_to }
    }

    #[test]
    fn an_address_is_whole_or_not_there() {
        let read = typed("  分析 チーム ", [" ", ""]).read().expect("nothing is wrong");
        assert_eq!(read.name.as_deref(), Some("分析 チーム"));
        assert_eq!((read.purchase_order.as_deref(), read.bill_to), (Some("PO 1"), None));
        let Err(ServiceError::Fields(errors)) = typed(&"長".repeat(61), ["大阪市北区", " "]).read()
        else {
            panic!("two fields are wrong")
        };
        let errors: Vec<&str> = errors.iter().map(|error| error.field).collect();
        assert_eq!(errors, ["name", "street"]);
        assert!(typed("", ["大阪市北区", "中之島 9-9-9"]).read().is_ok_and(|read| read.bill_to.is_some()));
    }
}
