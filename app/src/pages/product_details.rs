//! `/products/{subscription}`: one subscription, with what it costs and when it changes.

pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Failed, Icon, StatusBadge, Tile};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
use crate::viewer::use_publisher;
pub use server::{Fact, FactLine, ProductDetailsView, product_details};

/// One subscription.
#[derive(Clone, Copy, Debug)]
pub struct ProductDetailsPage {
    details: Resource<Result<ProductDetailsView, AppError>>,
}

#[lazy_route]
impl LazyRoute for ProductDetailsPage {
    fn data() -> Self {
        let params = use_params_map();
        let subscription = move || params.read().get("subscription").unwrap_or_default();
        Self { details: Resource::new(subscription, product_details) }
    }

    fn view(this: Self) -> AnyView {
        view! { <Transition>{move || Suspend::new(async move { content(this.details.await) })}</Transition> }
            .into_any()
    }
}

fn content(loaded: Result<ProductDetailsView, AppError>) -> AnyView {
    let words = use_texts().product_details();
    let details = match loaded {
        Ok(details) => details,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let title = [details.name.as_str(), " - ", &use_publisher()].concat();
    let commands = commands(details.licenses, details.cannot_assign);
    view! {
        <Title text=title />
        <div class="measure">
            <div class="title-row">
                <Tile icon=details.icon hue=details.hue size="l" />
                <h1>{details.name}</h1>
                <StatusBadge status=details.status />
            </div>
            {commands}
            <dl class="figures" data-inline>
                <div>
                    <dt>{words.assigned()}</dt>
                    <dd class="figure">
                        {details.assigned}
                        " "
                        <small>"/ " {details.seats}</small>
                    </dd>
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

/// What can be done. What cannot in this state stays, with the reason below it.
fn commands(licenses: String, cannot_assign: Option<String>) -> AnyView {
    let words = use_texts().product_details();
    let Some(reason) = cannot_assign else {
        return view! {
            <ul class="commands">
                <li>
                    <a class="command" href=licenses>
                        <Icon name="people" />
                        {words.assign()}
                    </a>
                </li>
            </ul>
        }
        .into_any();
    };
    view! {
        <ul class="commands">
            <li>
                <button class="command" type="button" aria-disabled="true" aria-describedby="cannot-assign">
                    <Icon name="people" />
                    {words.assign()}
                </button>
            </li>
            <li>
                <small id="cannot-assign">{reason}</small>
            </li>
        </ul>
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
