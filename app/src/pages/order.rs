//! `/orders/{order}`: the receipt, with the way on to the colleagues.

pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Facts, Failed, Icon, PageHead, Quote, Tile};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
use crate::viewer::use_publisher;
pub use server::{OrderView, order};

/// A receipt.
#[derive(Clone, Copy, Debug)]
pub struct OrderPage {
    order: Resource<Result<OrderView, AppError>>,
}

#[lazy_route]
impl LazyRoute for OrderPage {
    fn data() -> Self {
        let params = use_params_map();
        Self { order: Resource::new(move || params.read().get("order").unwrap_or_default(), order) }
    }

    fn view(this: Self) -> AnyView {
        view! { <Suspense>{move || Suspend::new(async move { content(this.order.await) })}</Suspense> }
            .into_any()
    }
}

fn content(loaded: Result<OrderView, AppError>) -> AnyView {
    let words = use_texts().order();
    let order = match loaded {
        Ok(order) => order,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <PageHead title=words.title() /><Failed error /> }.into_any(),
    };
    let assign = ["/licenses/", &order.product, "?pane=assign"].concat();
    let products = ["/products/", &order.subscription].concat();
    let title = [words.title(), " - ", &use_publisher()].concat();
    view! {
        <Title text=title />
        <div class="title-row">
            <Tile icon=order.icon hue=order.hue size="l" />
            <h1>{words.title()}</h1>
        </div>
        <div class="columns measure">
            <div class="stack">
                <Banner
                    kind=BannerKind::Ok
                    cause=words.bought()
                    text=words.bought_more(order.seats, &order.name)
                />
                <div class="row">
                    <a class="button" data-look="primary" data-size="l" href=assign>
                        <Icon name="people" />
                        {words.assign_now()}
                    </a>
                    <a class="button" data-size="l" href=products>
                        {words.your_products()}
                    </a>
                </div>
                <section class="card">
                    <div class="card-head">
                        <h2>{words.what()}</h2>
                    </div>
                    <Facts facts=order.bought />
                </section>
            </div>
            <aside class="stack" data-gap="s">
                <section class="card">
                    <div class="card-head">
                        <h2>{words.payment()}</h2>
                    </div>
                    <Facts facts=order.paid />
                    {order
                        .invoice
                        .map(|invoice| {
                            view! {
                                <p class="section">
                                    <a href=invoice>{words.see_invoice()}</a>
                                </p>
                            }
                        })}
                </section>
                <Quote quote=order.quote paid=true />
            </aside>
        </div>
    }
    .into_any()
}
