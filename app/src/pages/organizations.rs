//! `/organizations`: where to go, for an account that is in several organizations or in none.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Entry, Failed, Icon};
use crate::error::AppError;
use crate::pages::sign_in::SignOut;
use crate::texts::use_texts;
pub use server::{ChooseOrganization, PlaceToGo, places};

/// The choice.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationsPage {
    places: Resource<Result<Vec<PlaceToGo>, AppError>>,
}

#[lazy_route]
impl LazyRoute for OrganizationsPage {
    fn data() -> Self {
        Self { places: Resource::new(|| (), |()| places()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().organizations();
        view! {
            <Entry title=words.title() lead=words.lead()>
                <Suspense>{move || Suspend::new(async move { list(this.places.await) })}</Suspense>
                <form method="post" action=SignOut::PATH>
                    <button class="link">
                        <Icon name="sign-out" />
                        {words.sign_out()}
                    </button>
                </form>
            </Entry>
        }
        .into_any()
    }
}

fn list(loaded: Result<Vec<PlaceToGo>, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.organizations();
    let places = match loaded {
        Ok(places) => places,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    if places.is_empty() {
        return view! { <Banner kind=BannerKind::Info cause=words.none() text=words.none_more() /> }
            .into_any();
    }
    view! {
        <form class="stack" data-gap="s" method="post" action=ChooseOrganization::PATH>
            {places
                .into_iter()
                .map(|place| {
                    view! {
                        <button class="button choose" data-size="l" name="organization" value=place.organization>
                            <span class="avatar" data-hue="lapis" aria-hidden="true">
                                {place.initial}
                            </span>
                            <span>
                                <b>{place.name}</b>
                            </span>
                            <Icon name="chevron-right" />
                        </button>
                    }
                })
                .collect_view()}
        </form>
    }
    .into_any()
}
