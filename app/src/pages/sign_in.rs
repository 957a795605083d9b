//! `/sign-in`

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Entry, Failed, TextField};
use crate::error::AppError;
use crate::texts::{use_texts, with_language};
pub use server::{Refusal, SignIn, SignInForm, SignOut, load_sign_in_form};

/// Mail address and password.
#[derive(Clone, Copy, Debug)]
pub struct SignInPage {
    form: Resource<Result<SignInForm, AppError>>,
}

#[lazy_route]
impl LazyRoute for SignInPage {
    fn data() -> Self {
        let query = use_query_map();
        let form = Resource::new(
            move || (query.read().get("form"), query.read().get("to")),
            |(form, to)| load_sign_in_form(form, to),
        );
        Self { form }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().sign_in();
        view! {
            <Entry title=words.title() lead=words.lead()>
                <Suspense>{move || Suspend::new(async move { form(this.form.await) })}</Suspense>
            </Entry>
        }
        .into_any()
    }
}

fn form(loaded: Result<SignInForm, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.sign_in();
    let form = match loaded {
        Ok(form) => form,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let refusal = form.refusal.map(|refusal| match refusal {
        Refusal::Wrong => (words.wrong(), words.wrong_more().to_owned()),
        Refusal::TooMany { minutes } => (words.too_many(), words.too_many_more(minutes)),
    });
    view! {
        <form class="stack" data-gap="s" method="post" action=with_language(SignIn::PATH)>
            {refusal
                .map(|(cause, text)| view! { <Banner kind=BannerKind::Danger cause=cause text=text /> })}
            <input type="hidden" name="to" value=form.to />
            <TextField
                name="mail"
                label=words.mail()
                kind="email"
                autocomplete="username"
                focus=form.mail.is_empty()
                value=form.mail
            />
            <TextField
                name="password"
                label=words.password()
                kind="password"
                autocomplete="current-password"
            />
            <button class="button" data-look="primary" data-size="l" data-wide>
                {words.submit()}
            </button>
        </form>
        <p class="hint">{words.help()}</p>
    }
    .into_any()
}
