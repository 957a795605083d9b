//! Billing accounts and profiles in words.

use services::asker::Organization;
use services::billing::{AccountKind, BillingAccount, BillingRole, RoleHolder, SeenProfile};

use super::roles::HolderView;
use crate::pages::license_product::server::person_shown;
use crate::texts::Texts;

pub(super) fn role_word(role: BillingRole, texts: Texts) -> &'static str {
    let words = texts.billing_roles();
    match role {
        BillingRole::Owner => words.owner(),
        BillingRole::Contributor => words.contributor(),
        BillingRole::InvoiceManager => words.invoice_manager(),
        BillingRole::Reader => words.reader(),
    }
}

pub(super) fn kind_word(kind: AccountKind, texts: Texts) -> &'static str {
    let words = texts.billing_accounts();
    match kind {
        AccountKind::Central => words.kind_central(),
        AccountKind::Personal => words.kind_personal(),
    }
}

/// What an account is called: by whom it was made, or whose it is.
pub(super) fn account_name(account: &BillingAccount, organization: &Organization, texts: Texts) -> String {
    match (account.kind, &account.made_by) {
        (AccountKind::Personal, Some(person)) => {
            texts.billing_accounts().of(&person.display(texts.language()))
        }
        _ => organization.legal_name.clone(),
    }
}

/// What a profile is called.
pub(super) fn profile_name(profile: &SeenProfile, texts: Texts) -> String {
    let unnamed = || texts.billing_profile().unnamed(profile.currency.code());
    profile.details.name.clone().unwrap_or_else(unnamed)
}

/// Somebody with a role.
pub(super) fn holder(holder: &RoleHolder, texts: Texts) -> HolderView {
    HolderView {
        person: person_shown(holder.person, &holder.profile),
        role: holder.role.code().to_owned(),
        role_name: role_word(holder.role, texts).to_owned(),
        active: holder.profile.active,
    }
}

/// The names of the active ones among these who may, each once.
pub(super) fn names(holders: &[&[RoleHolder]], may: fn(BillingRole) -> bool, texts: Texts) -> String {
    let mut found: Vec<&RoleHolder> = Vec::new();
    for holder in holders.iter().copied().flatten() {
        let known = found.iter().any(|known| known.person == holder.person);
        if may(holder.role) && holder.profile.active && !known {
            found.push(holder);
        }
    }
    let names: Vec<String> = found.iter().map(|holder| holder.profile.display(texts.language())).collect();
    names.join(texts.billing_profile().joint())
}
