//! `/products/{subscription}`: one subscription, with what it costs and when it changes, and the panes that change it.

pub mod pane;
pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use self::pane::{PaneView, pane, subscription_pane};
use crate::components::{Commands, Failed, Icon, StatusBadge, Tile};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
use crate::viewer::use_publisher;
pub use server::{DoneView, Fact, FactLine, ProductDetailsView, product_details};

/// One subscription.
#[derive(Clone, Copy, Debug)]
pub struct ProductDetailsPage {
    details: Resource<Result<ProductDetailsView, AppError>>,
    pane: Resource<Option<Result<PaneView, AppError>>>,
}

#[lazy_route]
impl LazyRoute for ProductDetailsPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let subscription = Memo::new(move |_| params.read().get("subscription").unwrap_or_default());
        let details = Resource::new(
            move || (subscription.get(), query.read().get("result")),
            |(subscription, result)| product_details(subscription, result),
        );
        let pane = Resource::new(
            move || {
                let query = query.read();
                let typed = ["seats", "offer", "when", "way", "form"].map(|name| query.get(name));
                (subscription.get(), query.get("pane"), typed)
            },
            |(subscription, pane, [seats, offer, when, way, form])| async move {
                match pane {
                    Some(pane) => {
                        Some(subscription_pane(subscription, pane, seats, offer, when, way, form).await)
                    }
                    None => None,
                }
            },
        );
        Self { details, pane }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Transition>
                {move || Suspend::new(async move { content(this.details.await, this.pane.await) })}
            </Transition>
        }
        .into_any()
    }
}

fn content(
    loaded: Result<ProductDetailsView, AppError>,
    open: Option<Result<PaneView, AppError>>,
) -> AnyView {
    let details = match loaded {
        Ok(details) => details,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let title = [details.name.as_str(), " - ", &use_publisher()].concat();
    let address = ["/products/", &details.id].concat();
    let open = open.map(|loaded| pane(loaded, &address));
    let layout = if open.is_some() { "split" } else { "measure" };
    view! {
        <Title text=title />
        <div class=layout>{subscription(details)} {open}</div>
    }
    .into_any()
}

fn subscription(details: ProductDetailsView) -> AnyView {
    let words = use_texts().product_details();
    let waiting = details.waiting.map(|waiting| view! { <dd class="note">{waiting}</dd> });
    view! {
        <div>
            <div class="title-row">
                <Tile icon=details.icon hue=details.hue size="l" />
                <h1>{details.name}</h1>
                <StatusBadge status=details.status />
            </div>
            {details.done.map(done)}
            <Commands subscription=details.id product=details.product commands=details.commands />
            <dl class="figures" data-inline>
                <div>
                    <dt>{words.assigned()}</dt>
                    <dd class="figure">
                        {details.assigned}
                        " "
                        <small>"/ " {details.seats}</small>
                    </dd>
                    {waiting}
                </div>
                <div>
                    <dt>{words.available()}</dt>
                    <dd class="figure">{details.available}</dd>
                </div>
            </dl>
            <section class="card">
                <div class="card-head">
                    <h2>{words.facts()}</h2>
                </div>
                <dl class="facts">{details.facts.into_iter().map(fact).collect_view()}</dl>
            </section>
        </div>
    }
    .into_any()
}

/// What a form has done, and the way back.
fn done(done: DoneView) -> AnyView {
    let way = done.way.map(|(name, address)| {
        view! {
            <a class="button" href=address>
                {name}
            </a>
        }
    });
    view! {
        <section class="banner" data-kind="ok" role="status">
            <Icon name="check" />
            <div>
                <b>{done.cause}</b>
                <p>{done.text}</p>
            </div>
            {way}
        </section>
    }
    .into_any()
}

fn fact(fact: Fact) -> AnyView {
    view! {
        <div>
            <dt>{fact.name}</dt>
            <dd>{fact.lines.into_iter().map(line).collect_view()}</dd>
        </div>
    }
    .into_any()
}

fn line(line: FactLine) -> AnyView {
    let text = match line.address {
        Some(address) => view! { <a href=address>{line.text}</a> }.into_any(),
        None => line.text.into_any(),
    };
    view! { <p>{text} {line.note.map(|note| view! { " " <small>{note}</small> })}</p> }.into_any()
}
