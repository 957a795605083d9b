//! `/catalog/{product}`: plans, prices, terms.

mod buy;
pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use crate::components::live_form::on_change;
use crate::components::{Banner, BannerKind, Facts, Failed, Icon, Tile};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
use crate::viewer::use_publisher;
pub use server::{BuyBox, PlanCard, PlanPrice, ProductView, StartOrder, TermChoice, TrialBox, product};

/// One product.
#[derive(Clone, Copy, Debug)]
pub struct ProductPage {
    product: Resource<Result<ProductView, AppError>>,
}

#[lazy_route]
impl LazyRoute for ProductPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let product = Resource::new(
            move || {
                let query = query.read();
                let product = params.read().get("product").unwrap_or_default();
                (product, ["term", "plan", "frequency", "seats"].map(|name| query.get(name)))
            },
            |(key, [term, plan, frequency, seats])| product(key, term, plan, frequency, seats),
        );
        Self { product }
    }

    fn view(this: Self) -> AnyView {
        view! { <Transition>{move || Suspend::new(async move { content(this.product.await) })}</Transition> }
            .into_any()
    }
}

fn content(loaded: Result<ProductView, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.product();
    let product = match loaded {
        Ok(product) => product,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let title = [product.name.as_str(), " - ", &use_publisher()].concat();
    let plans = (!product.plans.is_empty()).then(|| plans(&product));
    let (key, buy, trial) = (product.key.clone(), product.buy.clone(), product.trial.clone());
    let main = view! {
        <div>
            <div class="title-row">
                <Tile icon=product.icon hue=product.hue size="xl" />
                <div>
                    <h1>{product.name}</h1>
                    <p class="subtitle">{product.summary}</p>
                </div>
            </div>
            {product
                .not_sold
                .map(|reason| {
                    view! { <Banner kind=BannerKind::Info cause=words.not_sold() text=reason /> }
                })}
            {plans}
            <section class="section">
                <h2>{words.about()}</h2>
                {product
                    .description
                    .into_iter()
                    .map(|paragraph| view! { <p class="prose">{paragraph}</p> })
                    .collect_view()}
            </section>
            <section class="section">
                <h2>{words.good_to_know()}</h2>
                <Facts facts=product.facts lines=true />
            </section>
        </div>
    }
    .into_any();
    let page = match buy {
        Some(buy) => {
            let address = ["/catalog/", &key].concat();
            let changed = on_change(address.clone(), &["term", "plan", "frequency", "seats"]);
            view! {
                <form class="columns measure" method="get" action=address on:change=changed>
                    {main}
                    {buy::buy_box(key, buy, trial)}
                </form>
            }
            .into_any()
        }
        None => match trial {
            Some(trial) => view! {
                <div class="columns measure">
                    {main} <aside class="stack" data-gap="s">
                        <section class="card buy">{buy::trial_box(trial, true)}</section>
                    </aside>
                </div>
            }
            .into_any(),
            None => view! { <div class="measure">{main}</div> }.into_any(),
        },
    };
    view! {
        <Title text=title />
        {page}
    }
    .into_any()
}

fn plans(product: &ProductView) -> AnyView {
    let words = use_texts().product();
    let chosen = product.buy.as_ref().map(|buy| ["&plan=", &buy.plan].concat()).unwrap_or_default();
    let terms = product
        .terms
        .iter()
        .map(|term| {
            let address = ["/catalog/", &product.key, "?term=", &term.code, &chosen].concat();
            view! {
                <a href=address aria-current=term.chosen.then_some("true")>
                    {term.name.clone()}
                </a>
            }
        })
        .collect_view();
    let cards = product.plans.iter().cloned().map(plan).collect_view();
    view! {
        <section class="section">
            <div class="section-head">
                <h2 id="plans">{words.choose_plan()}</h2>
                <nav class="segment" aria-label=words.term()>
                    {terms}
                </nav>
            </div>
            <div class="plans" role="radiogroup" aria-labelledby="plans">
                {cards}
            </div>
            <p class="hint">{product.tax_note.clone()}</p>
        </section>
    }
    .into_any()
}

fn plan(plan: PlanCard) -> AnyView {
    let features = plan
        .features
        .into_iter()
        .map(|feature| {
            view! {
                <span>
                    <Icon name="check" />
                    {feature}
                </span>
            }
        })
        .collect_view();
    let (first, others) = plan
        .prices
        .split_first()
        .map_or((None, Vec::new()), |(first, others)| (Some(first.clone()), others.to_vec()));
    view! {
        <label class="plan">
            <input class="radio" type="radio" name="plan" value=plan.key checked=plan.chosen />
            <span class="plan-name">{plan.name}</span>
            <span class="plan-text">{plan.seats}</span>
            <span class="plan-price">
                {first
                    .map(|price| {
                        view! {
                            <b>{price.amount}</b>
                            " "
                            <small>{price.unit}</small>
                        }
                    })}
                {others
                    .into_iter()
                    .map(|price| {
                        view! {
                            <small class="plan-more">{[price.amount.as_str(), " ", &price.unit].concat()}</small>
                        }
                    })
                    .collect_view()}
            </span>
            <span class="features">{features}</span>
            <span class="plan-foot"></span>
        </label>
    }
    .into_any()
}
