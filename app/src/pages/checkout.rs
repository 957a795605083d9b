//! `/checkout/{order}`: card, last page, bank.

mod card;
mod confirm;
mod seats;
pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, ChangeQuote, Failed, Icon, PageHead, Quote, Tile};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
pub use server::{
    CardLine, CardStep, ChangeOrder, CheckoutView, ChooseCard, ConfirmOrder, ConfirmStep, EndedStep,
    OfferChoice, SeatsStep, SettleOrder, Step, checkout,
};

/// The way from a choice to a receipt.
#[derive(Clone, Copy, Debug)]
pub struct CheckoutPage {
    checkout: Resource<Result<CheckoutView, AppError>>,
}

#[lazy_route]
impl LazyRoute for CheckoutPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let checkout = Resource::new(
            move || {
                let query = query.read();
                let order = params.read().get("order").unwrap_or_default();
                (order, ["step", "seats", "changed"].map(|name| query.get(name)))
            },
            |(order, [step, seats, changed])| checkout(order, step, seats, changed),
        );
        Self { checkout }
    }

    fn view(this: Self) -> AnyView {
        view! { <Transition>{move || Suspend::new(async move { content(this.checkout.await) })}</Transition> }
            .into_any()
    }
}

fn content(loaded: Result<CheckoutView, AppError>) -> AnyView {
    let words = use_texts().checkout();
    let view = match loaded {
        Ok(view) => view,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <PageHead title=words.title() /><Failed error /> }.into_any(),
    };
    let place = match view.step {
        Step::Seats(_) => 0,
        Step::Card(_) => 1,
        _ => 2,
    };
    let subject = subject(&view);
    let order = view.order.clone();
    let main = match view.step {
        Step::Seats(step) => seats::form(order, view.product.clone(), step),
        Step::Card(step) => card::form(&order, step),
        Step::Confirm(step) => confirm::form(order, *step),
        Step::Bank { address, host } => bank(order, address, &host),
        Step::Underway => underway(order),
        Step::Ended(step) => ended(step),
    };
    let (back, back_address) = view.back;
    let steps = view.steps.then(|| steps(place));
    view! {
        <PageHead title=view.title />
        {steps}
        <div class="columns measure">
            {main}
            <aside class="stack" data-gap="s">
                {subject}
                {view.quote.map(|quote| view! { <Quote quote /> })}
                {view.changed.map(|quote| view! { <ChangeQuote quote /> })}
                <a class="link" href=back_address>
                    {back}
                </a>
            </aside>
        </div>
    }
    .into_any()
}

/// The steps, up to the one that one is at.
fn steps(place: usize) -> AnyView {
    let words = use_texts().checkout();
    view! {
        <ol class="steps" aria-label=words.steps()>
            {[words.step_seats(), words.step_card(), words.step_confirm()]
                .into_iter()
                .enumerate()
                .map(|(index, name)| {
                    view! {
                        <li data-done=index < place aria-current=(index == place).then_some("step")>
                            <span>{name}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
    .into_any()
}

/// What is bought, with the way to change it.
fn subject(view: &CheckoutView) -> AnyView {
    let words = use_texts().checkout();
    // Whoever is at it has no need of a way there.
    let change = view.change.clone().filter(|_| !matches!(view.step, Step::Seats(_)));
    view! {
        <div class="item subject">
            <Tile icon=view.icon.clone() hue=view.hue.clone() />
            <div>
                <b>{view.name.clone()}</b>
                <small>{view.summary.clone()}</small>
            </div>
            {change
                .map(|change| {
                    view! {
                        <a class="link end" href=change>
                            {words.change()}
                        </a>
                    }
                })}
        </div>
    }
    .into_any()
}

fn bank(order: String, address: String, host: &str) -> AnyView {
    let words = use_texts().checkout();
    view! {
        <div class="stack">
            <Banner kind=BannerKind::Info cause=words.bank() text=words.bank_more() />
            <div class="row">
                <a class="button" data-look="primary" data-size="l" href=address rel="external">
                    <Icon name="external" />
                    {words.bank_link(host)}
                </a>
            </div>
            <p class="quiet">{words.bank_done()}</p>
            {check(order)}
        </div>
    }
    .into_any()
}

fn underway(order: String) -> AnyView {
    let words = use_texts().checkout();
    // Whoever has scripts does not have to press the button: the page asks by itself, once.
    let form = NodeRef::<leptos::html::Form>::new();
    Effect::new(move || {
        if let Some(form) = form.get() {
            form.request_submit().ok();
        }
    });
    view! {
        <div class="stack">
            <Banner kind=BannerKind::Info cause=words.underway() text=words.underway_more() />
            <form method="post" action=SettleOrder::PATH node_ref=form>
                <input type="hidden" name="order" value=order />
                <button class="button" data-look="primary">
                    {words.check()}
                </button>
            </form>
        </div>
    }
    .into_any()
}

fn check(order: String) -> AnyView {
    let words = use_texts().checkout();
    view! {
        <form method="post" action=SettleOrder::PATH>
            <input type="hidden" name="order" value=order />
            <button class="button">{words.check()}</button>
        </form>
    }
    .into_any()
}

fn ended(step: EndedStep) -> AnyView {
    let (name, address) = step.way;
    view! {
        <div class="stack">
            <Banner kind=BannerKind::Danger cause=step.cause text=step.text />
            <div class="row">
                <a class="button" data-look="primary" href=address>
                    {name}
                </a>
            </div>
        </div>
    }
    .into_any()
}
