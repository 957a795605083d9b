//! `/my-licenses`: the licenses that I hold.

pub mod server;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Empty, Failed, PageHead, StatusBadge, Tile};
use crate::error::AppError;
use crate::texts::use_texts;
pub use server::{LicenseView, my_licenses};

/// What I can use, and until when at least.
#[derive(Clone, Copy, Debug)]
pub struct MyLicensesPage {
    licenses: Resource<Result<Vec<LicenseView>, AppError>>,
}

#[lazy_route]
impl LazyRoute for MyLicensesPage {
    fn data() -> Self {
        Self { licenses: Resource::new(|| (), |()| my_licenses()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().my_licenses();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { content(this.licenses.await) })}</Suspense>
        }
        .into_any()
    }
}

fn content(loaded: Result<Vec<LicenseView>, AppError>) -> AnyView {
    let words = use_texts().my_licenses();
    let licenses = match loaded {
        Ok(licenses) => licenses,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    if licenses.is_empty() {
        return nothing_yet();
    }
    view! {
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.title()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_product()}</th>
                        <th scope="col" data-cell="state">
                            {words.column_status()}
                        </th>
                        <th scope="col">{words.column_until()}</th>
                    </tr>
                </thead>
                <tbody>{licenses.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let words = use_texts().my_licenses();
    view! {
        <Empty title=words.empty() text=words.empty_more()>
            <a class="button" data-look="primary" data-size="l" href="/catalog">
                {words.find_products()}
            </a>
        </Empty>
    }
    .into_any()
}

fn row(license: LicenseView) -> AnyView {
    let title = license.name.clone();
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    <Tile icon=license.icon hue=license.hue />
                    <div>
                        <span class="item-name" title=title>
                            {license.name}
                        </span>
                        <small>{license.since}</small>
                    </div>
                </div>
            </td>
            <td data-cell="state">
                <StatusBadge status=license.status />
            </td>
            <td data-cell="day">
                <time datetime=license.until.date>{license.until.shown}</time>
                <small>{license.until.note}</small>
            </td>
        </tr>
    }
    .into_any()
}
