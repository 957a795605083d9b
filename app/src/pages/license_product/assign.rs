//! `?pane=assign`: choosing people and giving each a license.
//!
//! One form with two buttons. The first sends it to the page's own address: whoever is ticked stays in it while
//! one searches on. The second sends it to the server function. Where scripts run, typing and ticking go to the
//! same addresses by themselves.

mod picker;
pub mod server;
mod typing;

use domain::license::MOST_AT_ONCE;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use self::picker::{chosen, found};
pub(super) use self::typing::Typing;
use super::address::{ASSIGN, Address, NOBODY};
use super::parts::{close, pane_head};
use super::server::LicenseProductView;
use crate::components::field_error;
use crate::texts::{group, use_texts};
pub use server::{AssignLicenses, AssignView, Marked, PickPerson, assign_licenses, find_people};

/// The pane.
pub(super) fn pane(
    view: AssignView,
    page: &LicenseProductView,
    address: &Address,
    typing: Typing,
) -> AnyView {
    let words = use_texts().licenses();
    let after = (!address.after.is_empty()).then(|| address.after.clone());
    let people = view.chosen.iter().filter(|person| !person.has_it).count();
    let error = problem(people, address);
    let (results, chips) = (found(&view, address, typing), chosen(&view, address));
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="get" action=address.path()>
                {pane_head(words.assign_title().to_owned(), page, address)} <div class="pane-body">
                    <input type="hidden" name="pane" value=ASSIGN />
                    {after.map(|after| view! { <input type="hidden" name="after" value=after /> })}
                    <input type="hidden" name="product" value=page.key.clone() />
                    {search(address, error, typing)}
                    {results}
                    {chips}
                    {tally(people, page)}
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.assign_note()}</p>
                    {close(address)}
                    <button
                        class="button"
                        data-look="primary"
                        name="key"
                        value=view.key
                        formmethod="post"
                        formaction=AssignLicenses::PATH
                    >
                        {words.assign_them()}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}

/// What is wrong with those who are chosen.
fn problem(people: usize, address: &Address) -> Option<String> {
    let words = use_texts().licenses();
    if people > MOST_AT_ONCE {
        let too_many = i64::try_from(people - MOST_AT_ONCE).unwrap_or(i64::MAX);
        Some(words.too_many_chosen(too_many))
    } else if people == 0 && address.problem == NOBODY {
        Some(words.nobody_chosen().to_owned())
    } else {
        None
    }
}

fn search(address: &Address, error: Option<String>, typing: Typing) -> AnyView {
    let words = use_texts().licenses();
    let described = if error.is_some() { "who-hint who-error" } else { "who-hint" };
    let type_on = typing.search(address.product.clone());
    let type_at_end = type_on.clone();
    view! {
        <div class="field">
            <label class="label" for="who">
                {words.who()}
            </label>
            <div class="row" data-nowrap>
                <input
                    class="input"
                    id="who"
                    name="who"
                    value=address.who.clone()
                    autocomplete="off"
                    aria-describedby=described
                    aria-invalid=error.is_some().then_some("true")
                    on:compositionstart=move |_| typing.compose(true)
                    on:compositionend=move |event| {
                        typing.compose(false);
                        type_at_end(event_target_value(&event));
                    }
                    on:input=move |event| type_on(event_target_value(&event))
                    on:keydown=move |event| {
                        // The key that ends composing a word must not send the form.
                        if event.key() == "Enter" && (event.is_composing() || event.key_code() == 229) {
                            event.prevent_default();
                        }
                    }
                />
                <button class="button">{words.search()}</button>
            </div>
            <p class="hint" id="who-hint">
                {words.who_hint()}
            </p>
            {field_error("who-error", error)}
        </div>
    }
    .into_any()
}

/// How many are chosen, how many seats are left.
fn tally(people: usize, page: &LicenseProductView) -> AnyView {
    let words = use_texts().licenses();
    let filled = (people * 100 / MOST_AT_ONCE).min(100).to_string() + "%";
    let kind = (people > MOST_AT_ONCE).then_some("over");
    let [people, most] = [people, MOST_AT_ONCE].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let free = i64::from(page.free);
    view! {
        <div class="tally">
            <p>
                <b>{words.chosen()}</b>
                <span>
                    <b>{group(people)}</b>
                    " "
                    {words.of_people(&group(most))}
                </span>
            </p>
            <svg class="bar" data-wide data-kind=kind aria-hidden="true">
                <rect width=filled height="100%" rx="3"></rect>
            </svg>
            <p>
                {words.free_afterwards()}
                <span>
                    <b>{group((free - people).max(0))}</b>
                    " "
                    {words.of_seats(&group(i64::from(page.seats)))}
                </span>
            </p>
        </div>
        {(people > free || free == 0).then(|| view! { <p class="caution">{words.short(free)}</p> })}
    }
    .into_any()
}
