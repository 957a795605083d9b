//! `/catalog`: what can be bought.

pub mod server;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Failed, PageHead, Tile};
use crate::error::AppError;
use crate::texts::use_texts;
pub use server::{CatalogCard, PriceFrom, catalog};

/// The products, as cards.
#[derive(Clone, Copy, Debug)]
pub struct CatalogPage {
    cards: Resource<Result<Vec<CatalogCard>, AppError>>,
}

#[lazy_route]
impl LazyRoute for CatalogPage {
    fn data() -> Self {
        Self { cards: Resource::new(|| (), |()| catalog()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().catalog();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { cards(this.cards.await) })}</Suspense>
        }
        .into_any()
    }
}

fn cards(loaded: Result<Vec<CatalogCard>, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.catalog();
    let cards = match loaded {
        Ok(cards) => cards,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    if cards.is_empty() {
        return view! { <Banner kind=BannerKind::Info cause=words.empty() text=words.empty_more() /> }
            .into_any();
    }
    view! { <ul class="tiles">{cards.into_iter().map(card).collect_view()}</ul> }.into_any()
}

fn card(card: CatalogCard) -> AnyView {
    let words = use_texts().catalog();
    view! {
        <li class="card product-card">
            <div class="item">
                <Tile icon=card.icon hue=card.hue size="l" />
                <div>
                    <h2>
                        <a href=["/catalog/", &card.key].concat()>{card.name}</a>
                    </h2>
                </div>
            </div>
            <p>{card.summary}</p>
            <div class="row" data-spread>
                {card.from.map(from)}
                {card
                    .trial_days
                    .map(|days| {
                        view! {
                            <span class="badge" data-kind="info">
                                {words.trial(days)}
                            </span>
                        }
                    })}
                {card.not_sold.then(|| view! { <span class="badge" data-kind="off">{words.not_sold()}</span> })}
            </div>
        </li>
    }
    .into_any()
}

fn from(price: PriceFrom) -> AnyView {
    let words = use_texts().catalog();
    view! {
        <span>
            {words.from()} " " <b>{price.amount}</b> " " <small>{price.unit}</small>
        </span>
    }
    .into_any()
}
