//! `/licenses`: the seats that one can give to people, per product.

pub mod server;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Empty, Failed, PageHead, SeatsBar, Tile};
use crate::error::AppError;
use crate::texts::{group, use_texts};
pub use server::{LicenseRow, licenses};

/// The products, one row each.
#[derive(Clone, Copy, Debug)]
pub struct LicensesPage {
    rows: Resource<Result<Vec<LicenseRow>, AppError>>,
}

#[lazy_route]
impl LazyRoute for LicensesPage {
    fn data() -> Self {
        Self { rows: Resource::new(|| (), |()| licenses()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().licenses();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { table(this.rows.await) })}</Suspense>
        }
        .into_any()
    }
}

fn table(loaded: Result<Vec<LicenseRow>, AppError>) -> AnyView {
    let words = use_texts().licenses();
    let rows = match loaded {
        Ok(rows) => rows,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    if rows.is_empty() {
        return empty();
    }
    view! {
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.title()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.product()}</th>
                        <th scope="col" data-cell="seats">
                            {words.assigned_of_total()}
                        </th>
                        <th scope="col" data-cell="number">
                            {words.available()}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: LicenseRow) -> AnyView {
    let words = use_texts().licenses();
    let title = row.name.clone();
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    <Tile icon=row.icon hue=row.hue />
                    <div>
                        <a
                            class="item-name"
                            href=["/licenses/", &row.key].concat()
                            title=title
                        >
                            {row.name}
                        </a>
                    </div>
                </div>
            </td>
            <td data-cell="seats">
                <SeatsBar assigned=row.assigned seats=row.seats />
            </td>
            <td data-cell="number" data-label=words.available()>
                {group(i64::from(row.free))}
            </td>
        </tr>
    }
    .into_any()
}

fn empty() -> AnyView {
    let words = use_texts().licenses();
    view! {
        <Empty title=words.empty() text=words.empty_more()>
            <a class="button" data-look="primary" data-size="l" href="/catalog">
                {words.find_products()}
            </a>
        </Empty>
    }
    .into_any()
}
