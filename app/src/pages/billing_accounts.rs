//! `/billing-accounts`: the accounts on which, or on whose profiles, I have a role.
//!
//! `account` is one of them, `profile` one of its profiles, `roles` the pane that both have.

pub mod account;
mod parts;
pub mod profile;
pub mod roles;
pub mod server;
#[cfg(feature = "ssr")]
mod words;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Empty, Failed, Icon, PageHead};
use crate::error::AppError;
use crate::texts::{group, use_texts};
pub use server::{AccountRow, billing_accounts};

/// The list.
#[derive(Clone, Copy, Debug)]
pub struct BillingAccountsPage {
    accounts: Resource<Result<Vec<AccountRow>, AppError>>,
}

#[lazy_route]
impl LazyRoute for BillingAccountsPage {
    fn data() -> Self {
        Self { accounts: Resource::new(|| (), |()| billing_accounts()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().billing_accounts();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { content(this.accounts.await) })}</Suspense>
        }
        .into_any()
    }
}

fn content(loaded: Result<Vec<AccountRow>, AppError>) -> AnyView {
    let words = use_texts().billing_accounts();
    let rows = match loaded {
        Ok(rows) => rows,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    if rows.is_empty() {
        return view! {
            <Empty title=words.empty() text=words.empty_more()>
                <a class="button" data-look="primary" data-size="l" href="/catalog">
                    {words.find_products()}
                </a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.title()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_account()}</th>
                        <th scope="col">{words.column_kind()}</th>
                        <th scope="col">{words.column_role()}</th>
                        <th scope="col" data-cell="number">
                            {words.column_profiles()}
                        </th>
                        <th scope="col" data-cell="sum">
                            {words.column_owed()}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: AccountRow) -> AnyView {
    let words = use_texts().billing_accounts();
    let (address, title) = (["/billing-accounts/", &row.id].concat(), row.name.clone());
    let owed = row.owed.into_iter().map(|sum| view! { <b class="alarm">{sum}</b> " " }).collect_view();
    let owed = if row.owes { owed.into_any() } else { words.nothing_owed().into_any() };
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    <Icon name="building" />
                    <div>
                        <a class="item-name" href=address title=title>
                            {row.name}
                        </a>
                        <small>{row.organization}</small>
                    </div>
                </div>
            </td>
            <td data-label=words.column_kind()>{row.kind}</td>
            <td data-label=words.column_role()>{row.role}</td>
            <td data-cell="number" data-label=words.column_profiles()>
                {group(row.profiles)}
            </td>
            <td data-cell="sum">{owed}</td>
        </tr>
    }
    .into_any()
}
