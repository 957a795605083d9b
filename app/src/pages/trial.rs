//! `/catalog/{product}/trial`: the last page before a trial: what, for how many, until when, and what then (SPEC 4, 5).

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use crate::components::live_form::{on_change, on_type};
use crate::components::{Banner, BannerKind, Choices, Facts, Failed, Icon, Legal, PageHead, SeatsBox, Tile};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
pub use server::{ConvertView, StartTrial, TrialForm, TrialView, trial};

/// The controls that stand in the address.
const NAMES: &[&str] = &["convert", "offer", "seats"];

/// The last page before a trial.
#[derive(Clone, Copy, Debug)]
pub struct TrialPage {
    trial: Resource<Result<TrialView, AppError>>,
}

#[lazy_route]
impl LazyRoute for TrialPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let trial = Resource::new(
            move || {
                let query = query.read();
                let product = params.read().get("product").unwrap_or_default();
                (product, ["convert", "offer", "seats"].map(|name| query.get(name)))
            },
            |(product, [convert, offer, seats])| trial(product, convert, offer, seats),
        );
        Self { trial }
    }

    fn view(this: Self) -> AnyView {
        view! { <Transition>{move || Suspend::new(async move { content(this.trial.await) })}</Transition> }
            .into_any()
    }
}

fn content(loaded: Result<TrialView, AppError>) -> AnyView {
    let words = use_texts().trial();
    let view = match loaded {
        Ok(view) => view,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <PageHead title=words.title() /><Failed error /> }.into_any(),
    };
    let back = ["/catalog/", &view.product].concat();
    let main = match view.form {
        Some(form) => start(&view.product, form),
        None => tried_before(back.clone()),
    };
    view! {
        <PageHead title=words.title() />
        <div class="columns measure">
            {main}
            <aside class="stack" data-gap="s">
                <div class="item subject">
                    <Tile icon=view.icon hue=view.hue />
                    <div>
                        <b>{view.name.clone()}</b>
                        <small>{view.summary}</small>
                    </div>
                </div>
                <a class="link" href=back>
                    {words.to_product(&view.name)}
                </a>
            </aside>
        </div>
    }
    .into_any()
}

/// A product is tried once.
fn tried_before(product: String) -> AnyView {
    let words = use_texts().trial();
    view! {
        <div class="stack">
            <Banner kind=BannerKind::Info cause=words.used() text=words.used_more() />
            <div class="row">
                <a class="button" data-look="primary" href=product>
                    {words.buy_it()}
                </a>
            </div>
        </div>
    }
    .into_any()
}

fn start(product: &str, form: TrialForm) -> AnyView {
    let words = use_texts().trial();
    let address = ["/catalog/", product, "/trial"].concat();
    let (changed, typed) = (on_change(address.clone(), NAMES), on_type(address.clone(), NAMES));
    let card = form.convert.is_some();
    let note = if card { words.card_next() } else { words.no_card_next() };
    let button = if card { words.button_card() } else { words.button() };
    let convert = form.convert.map(|view| convert(view, address.clone()));
    view! {
        <form class="stack trial" method="get" action=address on:change=changed on:input=typed>
            <input type="hidden" name="product" value=product.to_owned() />
            <h2>{words.what()}</h2>
            <Facts facts=form.facts lines=true />
            {convert}
            <Legal agree=words.agree() texts=form.legal />
            <div class="stack" data-gap="xs">
                <button
                    class="button"
                    data-look="primary"
                    data-size="l"
                    data-wide
                    name="key"
                    value=form.key
                    formmethod="post"
                    formaction=StartTrial::PATH
                >
                    {button}
                </button>
                <small>{note}</small>
            </div>
        </form>
    }
    .into_any()
}

/// Whether it becomes a purchase: only if that is ticked, and then with everything that follows. The style sheet shows
/// the rest where it is ticked.
fn convert(view: ConvertView, address: String) -> AnyView {
    let texts = use_texts();
    let words = texts.trial();
    let error = view.error.map(|error| {
        view! {
            <p class="error">
                <Icon name="error" />
                <span>{error}</span>
            </p>
        }
    });
    view! {
        <label class="consent">
            <input class="check" type="checkbox" name="convert" value="yes" checked=view.ticked />
            <span>{words.convert()}</span>
            <small>{words.convert_more()}</small>
        </label>
        <div class="stack" data-if="convert">
            <Choices legend=words.convert_term() name="offer" choices=view.offers />
            <SeatsBox seats=view.seats label=words.convert_seats() path=address names=NAMES />
            <div class="row">
                <button class="button" data-size="s">
                    {words.update()}
                </button>
            </div>
            {error}
            <div role="status">
                {view.then.map(|then| view! { <Banner kind=BannerKind::Info cause=words.end() text=then /> })}
            </div>
            <p class="hint">{words.convert_assigned()}</p>
        </div>
    }
    .into_any()
}
