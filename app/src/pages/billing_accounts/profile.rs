//! `/billing-accounts/{account}/profiles/{profile}`: what pays, where the bills go and who gets them, with a pane for
//! each change.

mod cards;
pub mod pane;
pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use self::cards::{bill_to, invoices, notifications, people, subscriptions};
use super::parts::done;
use crate::components::{Failed, StatusBadge};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
use crate::viewer::use_publisher;
pub use server::{MethodView, PayedRow, ProfileView, billing_profile};

/// One billing profile.
#[derive(Clone, Copy, Debug)]
pub struct BillingProfilePage {
    profile: Resource<Result<ProfileView, AppError>>,
}

#[lazy_route]
impl LazyRoute for BillingProfilePage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let profile = Resource::new(
            move || {
                let (params, query) = (params.read(), query.read());
                let ids = ["account", "profile"].map(|name| params.get(name).unwrap_or_default());
                (ids, ["pane", "form", "result"].map(|name| query.get(name)))
            },
            |([account, profile], [pane, form, result])| {
                billing_profile(account, profile, pane, form, result)
            },
        );
        Self { profile }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Transition>{move || Suspend::new(async move { content(this.profile.await) })}</Transition>
        }
        .into_any()
    }
}

fn content(loaded: Result<ProfileView, AppError>) -> AnyView {
    let profile = match loaded {
        Ok(profile) => profile,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let words = use_texts().billing_profile();
    let title = [profile.name.as_str(), " - ", &use_publisher()].concat();
    let account = ["/billing-accounts/", &profile.account].concat();
    let address = [&account, "/profiles/", &profile.id].concat();
    let pane = profile.pane.map(|view| pane::pane(view, &address));
    // Beside a pane there is room for one column.
    let (split, columns) = if pane.is_some() { (Some("split"), "stack") } else { (None, "columns") };
    view! {
        <Title text=title />
        <div class=split>
            <div>
                <div class="title-row">
                    <div>
                        <h1>{profile.name}</h1>
                        <p class="subtitle">
                            {words.subtitle()} " · "
                            <a class="link" href=[&account, "?tab=profiles"].concat()>
                                {profile.account_name}
                            </a>
                        </p>
                    </div>
                    {profile.status.map(|status| view! { <StatusBadge status /> })}
                </div>
                {done(profile.done)}
                <div class=columns>
                    <div class="stack">
                        {notifications(profile.method, profile.notifications, &address)}
                        {bill_to(profile.bill_to, &address)}
                    </div>
                    <div class="stack">
                        {subscriptions(profile.subscriptions)} {invoices()}
                        {people(profile.people, &address)}
                    </div>
                </div>
            </div>
            {pane}
        </div>
    }
    .into_any()
}
