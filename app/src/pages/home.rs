//! `/`

pub mod server;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Empty, Failed, PageHead, SeatsBar, StatusBadge, Tile};
use crate::error::AppError;
use crate::pages::my_licenses::LicenseView;
use crate::texts::use_texts;
use crate::viewer::use_viewer;
pub use server::{HomeView, ManagedProduct, home};

/// What needs me, what I hold, what it costs.
#[derive(Clone, Copy, Debug)]
pub struct HomePage {
    home: Resource<Result<HomeView, AppError>>,
}

#[lazy_route]
impl LazyRoute for HomePage {
    fn data() -> Self {
        Self { home: Resource::new(|| (), |()| home()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().home();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { content(this.home.await) })}</Suspense>
        }
        .into_any()
    }
}

fn content(loaded: Result<HomeView, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.home();
    let home = match loaded {
        Ok(home) => home,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let guest = use_viewer().is_some_and(|viewer| viewer.guest);
    if guest {
        return view! { <Banner kind=BannerKind::Info cause=words.guest() text=words.guest_more(&home.organization) /> }
            .into_any();
    }
    if home.licenses.is_empty() && !home.manages {
        return nothing_yet();
    }
    view! {
        <div class="columns" data-sides="equal">
            {licenses(home.licenses)} {managed(home.manages, home.managed)}
        </div>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let words = use_texts().home();
    view! {
        <Empty title=words.nothing_yet() text=words.nothing_yet_more()>
            <a class="button" data-look="primary" data-size="l" href="/catalog">
                {words.find_products()}
            </a>
        </Empty>
    }
    .into_any()
}

fn licenses(licenses: Vec<LicenseView>) -> AnyView {
    let words = use_texts().home();
    let body = if licenses.is_empty() {
        view! { <p class="quiet">{words.no_licenses()}</p> }.into_any()
    } else {
        view! {
            <ul class="stack" data-gap="s">
                {licenses.into_iter().map(license).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.licenses()}</h2>
                <small class="end">
                    <a href="/my-licenses">{words.all_licenses()}</a>
                </small>
            </div>
            {body}
        </section>
    }
    .into_any()
}

fn license(license: LicenseView) -> AnyView {
    view! {
        <li class="item">
            <Tile icon=license.icon hue=license.hue />
            <div>
                <span class="item-name">{license.name}</span>
                <small>{license.since}</small>
            </div>
            <StatusBadge status=license.status />
        </li>
    }
    .into_any()
}

fn managed(manages: bool, products: Vec<ManagedProduct>) -> AnyView {
    let words = use_texts().home();
    let body = match (manages, products.is_empty()) {
        (_, false) => view! {
            <ul class="stack" data-gap="s">
                {products.into_iter().map(managed_product).collect_view()}
            </ul>
        }
        .into_any(),
        (true, true) => view! { <p class="quiet">{words.none_active()}</p> }.into_any(),
        (false, true) => view! {
            <div class="stack" data-gap="s">
                <p class="quiet">{words.none_managed()}</p>
                <div class="row">
                    <a class="button" href="/catalog">
                        {words.find_products()}
                    </a>
                </div>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.managed()}</h2>
                <small class="end">
                    <a href="/products">{words.all_products()}</a>
                </small>
            </div>
            {body}
        </section>
    }
    .into_any()
}

fn managed_product(product: ManagedProduct) -> AnyView {
    view! {
        <li class="item">
            <Tile icon=product.icon hue=product.hue />
            <div>
                <a class="item-name" href=product.address>
                    {product.name}
                </a>
                <small class=product.day.urgent.then_some("alarm")>
                    <time datetime=product.day.date>{product.day.shown}</time>
                    " "
                    {product.day.note}
                </small>
            </div>
            <SeatsBar assigned=product.assigned seats=product.seats />
        </li>
    }
    .into_any()
}
