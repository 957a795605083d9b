//! `/organization/clock`: the test clock of the organization, for its administrators.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Banner, BannerKind, Facts, Failed, PageHead};
use crate::error::AppError;
use crate::texts::use_texts;
pub use server::{AdvanceClock, ClockRow, ClockView, StartClock, clock};

/// The clock, and what happened when it was moved.
#[derive(Clone, Copy, Debug)]
pub struct ClockPage {
    clock: Resource<Result<ClockView, AppError>>,
}

#[lazy_route]
impl LazyRoute for ClockPage {
    fn data() -> Self {
        let query = use_query_map();
        let named = move |name: &str| query.read().get(name).unwrap_or_default();
        Self {
            clock: Resource::new(
                move || (named("result"), named("form")),
                |(result, form)| clock(result, form),
            ),
        }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().clock();
        view! {
            <PageHead title=words.title() />
            <Suspense>{move || Suspend::new(async move { content(this.clock.await) })}</Suspense>
        }
        .into_any()
    }
}

fn content(loaded: Result<ClockView, AppError>) -> AnyView {
    let words = use_texts().clock();
    match loaded {
        Err(error) => view! { <Failed error /> }.into_any(),
        Ok(clock) if clock.running => {
            let facts = vec![(words.today().to_owned(), clock.today.clone())];
            view! {
                <Facts facts lines=true />
                {mover(&clock)}
                {happened(clock.happened, clock.failed)}
            }
            .into_any()
        }
        Ok(clock) => not_running(clock.can_start),
    }
}

fn not_running(can_start: bool) -> AnyView {
    let words = use_texts().clock();
    if !can_start {
        return view! { <Banner kind=BannerKind::Info cause=words.real() text=words.not_possible() /> }
            .into_any();
    }
    view! {
        <form class="stack" method="post" action=StartClock::PATH>
            <p class="prose">{words.real()} " " {words.real_more()}</p>
            <div class="row">
                <button class="button" data-look="primary">
                    {words.start()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn mover(clock: &ClockView) -> AnyView {
    let words = use_texts().clock();
    let error = clock.wrong.then(|| words.wrong_date(&clock.first_shown, &clock.last_shown));
    view! {
        <form class="stack" method="post" action=AdvanceClock::PATH>
            <div class="field">
                <label class="label" for="to">
                    {words.to()}
                </label>
                <input
                    class="input"
                    id="to"
                    name="to"
                    type="date"
                    value=clock.typed.clone()
                    min=clock.first.clone()
                    max=clock.last.clone()
                    required=true
                    aria-describedby=if error.is_some() { "to-hint to-error" } else { "to-hint" }
                    aria-invalid=error.is_some().then_some("true")
                />
                <p class="hint" id="to-hint">
                    {words.to_hint()}
                </p>
                {error
                    .map(|error| {
                        view! {
                            <p class="error" id="to-error">
                                {error}
                            </p>
                        }
                    })}
            </div>
            <div class="row">
                <button class="button" data-look="primary">
                    {words.advance()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn happened(rows: Option<Vec<ClockRow>>, failed: Vec<String>) -> AnyView {
    let words = use_texts().clock();
    let Some(rows) = rows else { return ().into_any() };
    let empty = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td>{row.on}</td>
                    <td>{row.what}</td>
                    <td>{row.product}</td>
                </tr>
            }
        })
        .collect_view();
    let failed = (!failed.is_empty()).then(|| {
        let text = failed.join(" ");
        view! { <Banner kind=BannerKind::Danger cause=words.failed() text /> }
    });
    view! {
        <section aria-labelledby="happened">
            <h2 id="happened">{words.happened()}</h2>
            {failed}
            {if empty {
                view! { <p class="prose">{words.nothing()}</p> }.into_any()
            } else {
                view! {
                    <div class="table-box">
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">{words.day()}</th>
                                    <th scope="col">{words.what()}</th>
                                    <th scope="col">{words.product()}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
    .into_any()
}
