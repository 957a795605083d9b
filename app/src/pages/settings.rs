//! `/settings`: how the page looks to me.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Failed, PageHead};
use crate::error::AppError;
use crate::texts::use_texts;
pub use server::{SaveSettings, SetLanguage, SettingsForm, settings};

/// Language, time zone, theme.
#[derive(Clone, Copy, Debug)]
pub struct SettingsPage {
    form: Resource<Result<SettingsForm, AppError>>,
}

#[lazy_route]
impl LazyRoute for SettingsPage {
    fn data() -> Self {
        Self { form: Resource::new(|| (), |()| settings()) }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().settings();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { form(this.form.await) })}</Suspense>
        }
        .into_any()
    }
}

fn form(loaded: Result<SettingsForm, AppError>) -> AnyView {
    let texts = use_texts();
    let words = texts.settings();
    let form = match loaded {
        Ok(form) => form,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let languages = [("", words.as_organization()), ("ja", "日本語"), ("en", "English")];
    let themes = [("", words.as_device()), ("light", words.light()), ("dark", words.dark())];
    view! {
        <form class="stack" method="post" action=SaveSettings::PATH>
            <input type="hidden" name="version" value=form.version />
            {choices("language", words.language(), &languages, &form.language)}
            {choices("theme", words.theme(), &themes, &form.theme)}
            <div class="row">
                <button class="button" data-look="primary">
                    {words.save()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn choices(
    name: &'static str,
    legend: &'static str,
    options: &[(&'static str, &'static str)],
    chosen: &str,
) -> AnyView {
    let options = options
        .iter()
        .map(|&(value, label)| {
            view! {
                <label>
                    <input type="radio" name=name value=value checked=value == chosen />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="label">{legend}</legend>
            <div class="segment">{options}</div>
        </fieldset>
    }
    .into_any()
}
