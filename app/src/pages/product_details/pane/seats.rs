//! `?pane=seats`: more or fewer seats. The total that is wanted stands in the address, and so does its quote.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::ChangeSeats;
use super::parts::{foot, quoted, subject};
use super::server::{SeatsView, WayView};
use crate::components::live_form::{on_change, on_type};
use crate::components::{SeatsBar, SeatsBox, notices, pane_head};
use crate::texts::use_texts;

/// The controls that stand in the address.
const NAMES: &[&str] = &["pane", "way", "seats", "when"];

/// The pane.
pub(super) fn pane(mut view: SeatsView, address: &str) -> AnyView {
    let words = use_texts().seats();
    let (changed, typed) = (on_change(address.to_owned(), NAMES), on_type(address.to_owned(), NAMES));
    let delta = view.delta.take().map(|delta| view! { <span class="delta">{delta}</span> });
    let beside = view! {
        <div class="stack" data-gap="xs">
            <span class="row">{delta} <span class="quiet">{view.held}</span></span>
            <span class="row">
                <SeatsBar assigned=view.assigned seats=view.seats />
                <small>{view.used}</small>
            </span>
        </div>
    }
    .into_any();
    let way = if view.remove { "fewer" } else { "more" };
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="get" action=address.to_owned() on:change=changed on:input=typed>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="pane" value="seats" />
                    <input type="hidden" name="way" value=way />
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    {notices(std::mem::take(&mut view.confirm.notices))}
                    {subject(&view.subject)}
                    <SeatsBox
                        seats=view.total
                        label=words.total()
                        path=address.to_owned()
                        names=NAMES
                        beside=beside
                    />
                    {ways(view.ways)}
                    {quoted(&mut view.confirm)}
                </div>
                {foot(view.confirm, address, ChangeSeats::PATH)}
            </form>
        </section>
    }
    .into_any()
}

/// What can be done instead of what is refused.
fn ways(ways: Vec<WayView>) -> AnyView {
    let words = use_texts().seats();
    if ways.is_empty() {
        return ().into_any();
    }
    let way = |way: WayView| {
        view! {
            <li>
                <div>
                    <b>{way.name}</b>
                    <small>{way.text}</small>
                </div>
                <a class="button" data-size="s" href=way.address>
                    {way.button}
                </a>
            </li>
        }
    };
    view! { <ul class="ways" aria-label=words.ways()>{ways.into_iter().map(way).collect_view()}</ul> }
        .into_any()
}
