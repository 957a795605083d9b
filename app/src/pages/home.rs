//! `/`

pub mod server;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Failed, PageHead};
use crate::error::AppError;
use crate::texts::use_texts;
use crate::viewer::use_viewer;
pub use server::{HomeView, home};

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
    view! {
        <section class="empty">
            <svg class="drawing" width="202" height="50" aria-hidden="true">
                <use href="/empty-seats.svg#drawing"></use>
            </svg>
            <h2>{words.nothing_yet()}</h2>
            <p>{words.nothing_yet_more()}</p>
            <div class="row">
                <a class="button" data-look="primary" data-size="l" href="/catalog">
                    {words.find_products()}
                </a>
            </div>
        </section>
    }
    .into_any()
}
