//! `/products`: the subscriptions that I manage.

mod filters;
pub mod server;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Empty, Failed, PageHead};
use crate::error::AppError;
use crate::texts::{group, use_texts};
use filters::filters;
pub use server::{DayView, FilterChoice, FilterView, PriceView, ProductRow, ProductsView, products};
use table::{foot, table};

/// The list, its filters and its pages.
#[derive(Clone, Copy, Debug)]
pub struct ProductsPage {
    products: Resource<Result<ProductsView, AppError>>,
}

#[lazy_route]
impl LazyRoute for ProductsPage {
    fn data() -> Self {
        let query = use_query_map();
        let products = Resource::new(
            move || {
                let query = query.read();
                (query.get("channel"), query.get("status"), query.get("after"))
            },
            |(channel, status, after)| products(channel, status, after),
        );
        Self { products }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().products();
        view! {
            <PageHead title=words.title() />
            <Transition>{move || Suspend::new(async move { content(this.products.await) })}</Transition>
        }
        .into_any()
    }
}

fn content(loaded: Result<ProductsView, AppError>) -> AnyView {
    let words = use_texts().products();
    let products = match loaded {
        Ok(products) => products,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let total = products.total;
    let body = if total == 0 { nothing_yet() } else { list(products) };
    view! {
        <nav class="tabs" aria-label=words.title()>
            <ul>
                <li>
                    <a href="/products" aria-current="page">
                        {words.tab()}
                        " "
                        <span class="tab-count">{group(total)}</span>
                    </a>
                </li>
            </ul>
        </nav>
        {body}
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let words = use_texts().products();
    view! {
        <Empty title=words.empty() text=words.empty_more()>
            <a class="button" data-look="primary" data-size="l" href="/catalog">
                {words.find_products()}
            </a>
            <a class="button" data-size="l" href="/my-licenses">
                {words.see_my_licenses()}
            </a>
        </Empty>
    }
    .into_any()
}

fn list(products: ProductsView) -> AnyView {
    let ProductsView { filters: choices, applied, rows, shown, hidden, file, first, next, .. } = products;
    let body = match (rows.is_empty(), first.clone()) {
        (false, _) => table(rows, foot(shown, hidden, file, [first, next])),
        (true, Some(first)) => past_the_end(first),
        (true, None) => filtered_away(&applied),
    };
    view! {
        {filters(choices)}
        {body}
    }
    .into_any()
}

fn filtered_away(applied: &str) -> AnyView {
    let words = use_texts().products();
    view! {
        <Empty title=words.empty_filtered() text=words.empty_filtered_more(applied) small=true>
            <a class="button" href="/products">
                {words.clear()}
            </a>
        </Empty>
    }
    .into_any()
}

fn past_the_end(first: String) -> AnyView {
    let words = use_texts().products();
    view! {
        <Empty title=words.past_end() text=words.past_end_more() small=true>
            <a class="button" href=first>
                {words.first()}
            </a>
        </Empty>
    }
    .into_any()
}
