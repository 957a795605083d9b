//! Roles in words.

use serde::{Deserialize, Serialize};
use services::billing::{BillingRole, Holding, RoleHolder};

use super::RolesView;
use crate::components::{ChoiceView, NoticeView};
use crate::pages::billing_accounts::parts::DoneView;
use crate::pages::billing_accounts::words::{holder, role_word};
use crate::request::fresh_key;
use crate::texts::Texts;

/// What was typed, and why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::pages::billing_accounts) struct Kept {
    pub(super) mail: String,
    pub(super) role: String,
    pub(super) why: Why,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Why {
    /// Somebody else was quicker.
    Stale,
    /// What was typed is no address.
    NotMail,
    /// Nobody would own it.
    LastOwner,
    /// Nobody here has the address.
    NobodyHere,
    /// There is no such role there.
    NoSuchRole,
}

/// What was done: to whom, and which role they have now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::pages::billing_accounts) struct RolesDone {
    pub(super) mail: String,
    pub(super) role: Option<String>,
}

/// What the page says of it.
pub(in crate::pages::billing_accounts) fn done(done: &RolesDone, texts: Texts) -> DoneView {
    let words = texts.billing_roles();
    let role = done.role.as_deref().and_then(BillingRole::from_code);
    let (cause, text) = match role {
        Some(role) => (words.done_given(), words.done_given_more(&done.mail, role_word(role, texts))),
        None => (words.done_taken(), words.done_taken_more(&done.mail)),
    };
    DoneView { cause: cause.to_owned(), text }
}

/// What the pane is about.
pub(in crate::pages::billing_accounts) struct About<'a> {
    pub(in crate::pages::billing_accounts) holding: Holding,
    pub(in crate::pages::billing_accounts) account: String,
    pub(in crate::pages::billing_accounts) version: i64,
    pub(in crate::pages::billing_accounts) subject: String,
    pub(in crate::pages::billing_accounts) holders: &'a [RoleHolder],
}

/// The pane.
pub(in crate::pages::billing_accounts) fn roles(
    about: About<'_>,
    kept: Option<Kept>,
    texts: Texts,
) -> RolesView {
    let words = texts.billing_roles();
    let why = kept.as_ref().map(|kept| kept.why);
    let chosen = kept.as_ref().and_then(|kept| BillingRole::from_code(&kept.role));
    let chosen = chosen.unwrap_or(BillingRole::Reader);
    let of_profiles = matches!(about.holding, Holding::Profile(_));
    let roles = BillingRole::ALL.iter().filter(|role| of_profiles || role.is_of_accounts());
    let choice = |role: &BillingRole| ChoiceView {
        value: role.code().to_owned(),
        name: role_word(*role, texts).to_owned(),
        note: String::new(),
        lines: vec![more(*role, texts).to_owned()],
        chosen: *role == chosen,
    };
    let kept_mail = kept.map(|kept| kept.mail).unwrap_or_default();
    let mail_error = match why {
        Some(Why::NotMail) if kept_mail.trim().is_empty() => Some(words.mail_missing()),
        Some(Why::NotMail) => Some(words.not_mail()),
        Some(Why::NobodyHere) => Some(words.nobody()),
        _ => None,
    };
    let note = match why {
        Some(Why::Stale) => Some((words.stale(), words.stale_more())),
        Some(Why::LastOwner) => Some((words.last_owner(), words.last_owner_more())),
        Some(Why::NoSuchRole) => Some(("", words.no_such_role())),
        _ => None,
    };
    let note = note.map(|(cause, text)| NoticeView { danger: true, cause: cause.into(), text: text.into() });
    RolesView {
        on: match about.holding {
            Holding::Account(account) => account.to_string(),
            Holding::Profile(profile) => profile.to_string(),
        },
        account: about.account,
        version: about.version,
        key: fresh_key(),
        subject: about.subject,
        holders: about.holders.iter().map(|one| holder(one, texts)).collect(),
        roles: roles.map(choice).collect(),
        // What was refused of somebody in the list stands there.
        mail: if why == Some(Why::LastOwner) { String::new() } else { kept_mail },
        mail_error: mail_error.map(str::to_owned),
        notes: note.into_iter().collect(),
    }
}

fn more(role: BillingRole, texts: Texts) -> &'static str {
    let words = texts.billing_roles();
    match role {
        BillingRole::Owner => words.owner_more(),
        BillingRole::Contributor => words.contributor_more(),
        BillingRole::InvoiceManager => words.invoice_manager_more(),
        BillingRole::Reader => words.reader_more(),
    }
}
