//! A billing profile in words, days and amounts.

use serde::{Deserialize, Serialize};
use services::ServiceError;
use services::billing::{ProfilePage, ProfileSubscription, RoleHolder};

use super::{HeldView, MethodView, PayedRow, ProfileView};
use crate::components::StatusView;
use crate::format::{date_long, money};
use crate::pages::billing_accounts::parts::DoneView;
use crate::pages::billing_accounts::roles::server::show::{RolesDone, done as said_of_roles};
use crate::pages::billing_accounts::words::{account_name, profile_name, role_word};
use crate::pages::checkout::server::{card_expires, card_name};
use crate::pages::license_product::server::person_shown;
use crate::pages::product_details::{Fact, FactLine};
use crate::pages::products::server::{day_view, full_name, on_shelf, status_view};
use crate::texts::Texts;

/// What a form has done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(in crate::pages::billing_accounts) enum Done {
    /// Something of the profile's own.
    Own(Saved),
    /// A role.
    Role(RolesDone),
}

/// What of the profile's own was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::pages::billing_accounts) enum Saved {
    /// Name, PO number, address.
    Details,
    /// Who gets the invoices.
    Recipients,
    /// What pays.
    Method,
}

/// The page, without a pane.
pub(super) fn profile(
    page: &ProfilePage,
    done: Option<Done>,
    texts: Texts,
) -> Result<ProfileView, ServiceError> {
    let profile = &page.profile;
    let words = texts.billing_profile();
    let unpaid = || StatusView { kind: "danger".to_owned(), word: words.unpaid().to_owned() };
    let subscriptions = page.subscriptions.iter().map(|payed| row(page, payed, texts));
    Ok(ProfileView {
        id: profile.id.to_string(),
        name: profile_name(profile, texts),
        account: profile.account.to_string(),
        account_name: account_name(&page.account, &page.party.organization, texts),
        status: page.figures.owed.is_positive().then(unpaid),
        done: done.map(|done| said(&done, texts)),
        method: method(page, texts),
        notifications: notifications(page, texts),
        bill_to: bill_to(page, texts),
        subscriptions: subscriptions.collect::<Result<_, _>>()?,
        people: people(page, texts),
        pane: None,
    })
}

fn said(done: &Done, texts: Texts) -> DoneView {
    let words = texts.billing_profile();
    let (cause, text) = match done {
        Done::Role(done) => return said_of_roles(done, texts),
        Done::Own(Saved::Details) => (words.done_details(), words.done_details_more()),
        Done::Own(Saved::Recipients) => (words.done_recipients(), words.done_recipients_more()),
        Done::Own(Saved::Method) => (words.done_replaced(), words.done_replaced_more()),
    };
    DoneView { cause: cause.to_owned(), text: text.to_owned() }
}

fn method(page: &ProfilePage, texts: Texts) -> MethodView {
    let words = texts.billing_profile();
    let (Some(card), Some(method)) = (&page.card, &page.profile.method) else {
        let (name, more) = (words.no_method().to_owned(), words.no_method_more().to_owned());
        return MethodView { name, more, edit: None, edit_by: None };
    };
    let owner = page.method_owner.as_ref().map(|owner| owner.display(texts.language()));
    let owner = owner.unwrap_or_default();
    let more = [card_expires(card, texts), words.holder(&card.holder), words.added_by(&owner)];
    let edit = || format!("/bills/payment-methods?pane=edit&method={}", method.id);
    MethodView {
        name: card_name(card, texts),
        more: more.join(" · "),
        edit: page.own_method.then(edit),
        edit_by: (!page.own_method).then(|| words.edit_by(&owner)),
    }
}

fn fact(name: &str, lines: Vec<FactLine>) -> Fact {
    Fact { name: name.to_owned(), lines }
}

fn one(text: impl Into<String>) -> Vec<FactLine> {
    vec![FactLine { text: text.into(), ..FactLine::default() }]
}

fn noted(text: impl Into<String>, note: impl Into<String>) -> Vec<FactLine> {
    vec![FactLine { text: text.into(), note: Some(note.into()), address: None }]
}

fn notifications(page: &ProfilePage, texts: Texts) -> Vec<Fact> {
    let words = texts.billing_profile();
    let figures = &page.figures;
    let owed = match figures.due_on.filter(|_| figures.owed.is_positive()) {
        Some(day) => {
            let day = date_long(day, texts.language());
            noted(money(figures.owed), words.owed_more(i64::from(figures.unpaid), &day))
        }
        None if figures.owed.is_positive() => one(money(figures.owed)),
        None => one(words.owed_none()),
    };
    let recipients: Vec<FactLine> = match page.profile.recipients.as_slice() {
        [] => one(words.recipients_owners()),
        recipients => recipients.iter().flat_map(|mail| one(mail.to_string())).collect(),
    };
    let number = page.profile.details.purchase_order.clone();
    let mut facts = vec![
        fact(words.owed(), owed),
        fact(words.recipients(), recipients),
        fact(words.purchase_order(), one(number.unwrap_or_else(|| words.purchase_order_none().to_owned()))),
    ];
    if page.credit.is_positive() {
        facts.push(fact(words.credit(), noted(money(page.credit), words.credit_more())));
    }
    facts
}

fn bill_to(page: &ProfilePage, texts: Texts) -> Vec<Fact> {
    let words = texts.billing_profile();
    let party = &page.party;
    let own = page.profile.details.bill_to.as_ref();
    let (address, note) = match own {
        Some(own) => (own.lines(party.country), None),
        None => (party.address.lines(party.country), Some(words.address_default().to_owned())),
    };
    let mut address: Vec<FactLine> = address.into_iter().flat_map(one).collect();
    if let Some(last) = address.last_mut() {
        last.note = note;
    }
    vec![
        fact(words.company(), one(party.organization.legal_name.clone())),
        fact(words.address(), address),
        fact(words.currency(), noted(page.profile.currency.code(), words.currency_why())),
    ]
}

fn row(page: &ProfilePage, payed: &ProfileSubscription, texts: Texts) -> Result<PayedRow, ServiceError> {
    let subscription = &payed.subscription;
    let (product, plan) = on_shelf(&page.window, subscription.plan)?;
    let day = day_view(&subscription.state, page.window.customer.today, texts)?;
    let seats = texts.billing_profile().seats(i64::from(subscription.seats));
    Ok(PayedRow {
        address: payed.managed.then(|| format!("/products/{}", subscription.id)),
        name: full_name(product, plan, texts.language()),
        icon: product.tile.icon.to_string(),
        hue: product.tile.hue.code().to_owned(),
        line: [seats, day.shown, day.note].join(" · "),
        status: status_view(&subscription.state, texts),
    })
}

fn people(page: &ProfilePage, texts: Texts) -> Vec<HeldView> {
    let words = texts.billing_profile();
    let active = |holder: &&RoleHolder| holder.profile.active;
    let held = |holder: &RoleHolder, role: String| HeldView {
        person: person_shown(holder.person, &holder.profile),
        role,
    };
    let own = page.holders.iter().filter(active);
    let own = own.map(|holder| held(holder, role_word(holder.role, texts).to_owned()));
    // Whoever has a role on both stands there once.
    let known = |holder: &&RoleHolder| page.holders.iter().all(|own| own.person != holder.person);
    let others = page.account_holders.iter().filter(active).filter(known);
    let others = others
        .map(|holder| held(holder, [role_word(holder.role, texts), " (", words.via_account(), ")"].concat()));
    own.chain(others).collect()
}
