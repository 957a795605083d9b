//! `/billing-accounts/{account}`: one account, with the tabs overview, billing profiles and roles.

mod parts;
pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

pub(super) use self::parts::fact;
use self::parts::{overview, people, profiles};
use super::parts::done;
use super::roles;
use crate::components::{Failed, StatusBadge, StatusView};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::{group, use_texts};
use crate::viewer::use_publisher;
pub use server::{AccountView, ProfileRow, TabView, billing_account};

/// One account.
#[derive(Clone, Copy, Debug)]
pub struct BillingAccountPage {
    account: Resource<Result<AccountView, AppError>>,
}

#[lazy_route]
impl LazyRoute for BillingAccountPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let account = Resource::new(
            move || {
                let query = query.read();
                let asked = ["tab", "pane", "form", "result"].map(|name| query.get(name));
                (params.read().get("account").unwrap_or_default(), asked)
            },
            |(account, [tab, pane, form, result])| billing_account(account, tab, pane, form, result),
        );
        Self { account }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Transition>{move || Suspend::new(async move { content(this.account.await) })}</Transition>
        }
        .into_any()
    }
}

fn content(loaded: Result<AccountView, AppError>) -> AnyView {
    let account = match loaded {
        Ok(account) => account,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let title = [account.name.as_str(), " - ", &use_publisher()].concat();
    let address = ["/billing-accounts/", &account.id].concat();
    let pane = account.pane.map(|pane| roles::pane(pane, &[&address, "?tab=roles"].concat()));
    let body = match account.tab {
        TabView::Overview { facts } => overview(facts),
        TabView::Profiles { rows } => profiles(rows, &address),
        TabView::Roles { holders, may_change } => people(holders, may_change, &address),
    };
    let split = pane.is_some().then_some("split");
    let kind = StatusView { kind: "off".to_owned(), word: account.kind };
    let tabs = tabs(&address, account.open, account.profiles, account.roles);
    view! {
        <Title text=title />
        <div class=split>
            <div>
                <div class="title-row">
                    <h1>{account.name}</h1>
                    <StatusBadge status=kind />
                </div>
                {tabs}
                {done(account.done)}
                {body}
            </div>
            {pane}
        </div>
    }
    .into_any()
}

/// The tabs, each with an address; only who has a role on the account sees its roles.
fn tabs(address: &str, open: String, profiles: i64, roles: Option<i64>) -> AnyView {
    let words = use_texts().billing_accounts();
    let tab = |code: &'static str, name: &'static str, count: Option<i64>| {
        let href = if code.is_empty() { address.to_owned() } else { [address, "?tab=", code].concat() };
        let current = (open == code).then_some("page");
        view! {
            <li>
                <a href=href aria-current=current>
                    {name}
                    " "
                    {count.map(|count| view! { <span class="tab-count">{group(count)}</span> })}
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <nav class="tabs" aria-label=words.title()>
            <ul>
                {tab("", words.overview(), None)} {tab("profiles", words.profiles(), Some(profiles))}
                {roles.map(|count| tab("roles", words.roles(), Some(count)))}
            </ul>
        </nav>
    }
    .into_any()
}
