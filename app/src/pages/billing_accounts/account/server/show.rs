//! An account in words and amounts.

use services::billing::{AccountPage, BillingRole, Holding, ProfileLine};

use super::{AccountView, ProfileRow, TabView};
use crate::format::{money, month};
use crate::pages::billing_accounts::roles::server::show::{About, Kept, RolesDone, done as said, roles};
use crate::pages::billing_accounts::words::{account_name, holder, kind_word, names, profile_name};
use crate::pages::checkout::server::card_name;
use crate::pages::product_details::{Fact, FactLine};
use crate::texts::Texts;

/// What of the account is asked for.
pub(super) struct Asked {
    pub(super) tab: String,
    pub(super) roles: bool,
    pub(super) kept: Option<Kept>,
}

/// The page.
pub(super) fn account(
    page: &AccountPage,
    asked: Asked,
    done: Option<RolesDone>,
    texts: Texts,
) -> AccountView {
    let account = &page.account;
    let may_change = account.role.is_some_and(BillingRole::may_grant);
    let name = account_name(account, &page.party.organization, texts);
    let open = match asked.tab.as_str() {
        "profiles" => "profiles",
        "roles" if account.role.is_some() => "roles",
        _ => "",
    };
    let tab = match open {
        "profiles" => {
            let rows = page.profiles.iter().map(|line| row(line, texts));
            TabView::Profiles { rows: rows.collect() }
        }
        "roles" => {
            let holders = page.holders.iter().map(|one| holder(one, texts)).collect();
            TabView::Roles { holders, may_change }
        }
        _ => TabView::Overview { facts: facts(page, texts) },
    };
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let about = About {
        holding: Holding::Account(account.id),
        account: account.id.to_string(),
        version: account.version,
        subject: name.clone(),
        holders: &page.holders,
    };
    let pane = (open == "roles" && asked.roles && may_change).then(|| roles(about, asked.kept, texts));
    AccountView {
        id: account.id.to_string(),
        name,
        kind: kind_word(account.kind, texts).to_owned(),
        done: done.map(|done| said(&done, texts)),
        open: open.to_owned(),
        profiles: count(page.profiles.len()),
        roles: account.role.map(|_| count(page.holders.len())),
        tab,
        pane,
    }
}

fn facts(page: &AccountPage, texts: Texts) -> Vec<Fact> {
    let words = texts.billing_accounts();
    let (organization, address) = (&page.party.organization, &page.party.address);
    let owners = names(&[&page.owners], BillingRole::may_grant, texts);
    let owners = if owners.is_empty() { words.owner_none().to_owned() } else { owners };
    let tax_id = organization.tax_id.clone().unwrap_or_else(|| words.tax_id_none().to_owned());
    let one = |text: String| vec![FactLine { text, ..FactLine::default() }];
    let fact = |name: &str, lines| Fact { name: name.to_owned(), lines };
    vec![
        fact(words.kind(), one(kind_word(page.account.kind, texts).to_owned())),
        fact(words.owners(), one(owners)),
        fact(words.organization(), one(organization.legal_name.clone())),
        fact(words.sold_to(), address.lines(page.party.country).into_iter().flat_map(one).collect()),
        fact(words.tax_id(), one(tax_id)),
    ]
}

fn row(line: &ProfileLine, texts: Texts) -> ProfileRow {
    let card = line.card.as_ref();
    let figures = &line.figures;
    ProfileRow {
        id: line.profile.id.to_string(),
        name: profile_name(&line.profile, texts),
        currency: line.profile.currency.code().to_owned(),
        method: card.map(|card| card_name(card, texts)),
        expires: card.map_or_else(String::new, |card| {
            month(card.expiry.year(), card.expiry.month(), texts.language())
        }),
        subscriptions: i64::from(figures.subscriptions),
        owed: figures.owed.is_positive().then(|| money(figures.owed)),
    }
}
