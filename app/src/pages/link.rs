//! `/link/{token}`: a one-time link with which a person sets or resets the password.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Entry, Failed, TextField};
use crate::error::AppError;
use crate::texts::{use_texts, with_language};
pub use server::{LinkForm, PasswordRefusal, UseLink, load_link_form};

/// Sets a password.
#[derive(Clone, Copy, Debug)]
pub struct LinkPage {
    form: Resource<Result<LinkForm, AppError>>,
}

#[lazy_route]
impl LazyRoute for LinkPage {
    fn data() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let form = Resource::new(
            move || (params.read().get("token").unwrap_or_default(), query.read().get("form")),
            |(token, form)| load_link_form(token, form),
        );
        Self { form }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().link();
        view! {
            <Entry title=words.title() lead=words.lead()>
                <Suspense>{move || Suspend::new(async move { form(this.form.await) })}</Suspense>
            </Entry>
        }
        .into_any()
    }
}

fn form(loaded: Result<LinkForm, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.link();
    let form = match loaded {
        Ok(form) => form,
        Err(AppError::NotFound) => {
            return view! {
                <Banner kind=BannerKind::Danger cause=words.dead() text=words.dead_more() />
                <a class="button" href="/sign-in" rel="external">
                    {words.to_sign_in()}
                </a>
            }
            .into_any();
        }
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let error = form.refusal.map(|refusal| match refusal {
        PasswordRefusal::TooShort => words.too_short(),
        PasswordRefusal::TooLong => words.too_long(),
        PasswordRefusal::AboutYourself => words.about_yourself(),
        PasswordRefusal::Monotonous => words.monotonous(),
        PasswordRefusal::Different => words.different(),
    });
    view! {
        <form class="stack" data-gap="s" method="post" action=with_language(UseLink::PATH)>
            <input type="hidden" name="token" value=form.token />
            <p>{words.whose(&form.mail)}</p>
            <input type="hidden" autocomplete="username" value=form.mail />
            <PasswordField name="password" label=words.password() hint=Some(words.hint().to_owned()) error />
            <TextField name="again" label=words.again() kind="password" autocomplete="new-password" />
            {form.reset.then(|| view! { <Banner kind=BannerKind::Info text=words.ends_others() /> })}
            <button class="button" data-look="primary" data-size="l" data-wide>
                {words.submit()}
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn PasswordField(
    name: &'static str,
    label: &'static str,
    hint: Option<String>,
    error: Option<&'static str>,
) -> impl IntoView {
    let error = error.map(str::to_owned);
    view! { <TextField name label kind="password" autocomplete="new-password" hint error focus=true /> }
}
