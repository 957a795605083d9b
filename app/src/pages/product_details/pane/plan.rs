//! `?pane=plan`: another plan, term or frequency. What is chosen stands in the address, and so does its quote.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::act::ChangePlan;
use super::parts::{foot, quoted, subject};
use super::server::PlanView;
use crate::components::live_form::on_change;
use crate::components::{Choices, Icon, notices, pane_head};
use crate::texts::use_texts;

/// The controls that stand in the address.
const NAMES: &[&str] = &["pane", "offer", "when"];

/// The pane.
pub(super) fn pane(mut view: PlanView, address: &str) -> AnyView {
    let words = use_texts().plan_change();
    let changed = on_change(address.to_owned(), NAMES);
    let error = view.error.map(|error| {
        view! {
            <p class="error" role="alert">
                <Icon name="error" />
                <span>{error}</span>
            </p>
        }
    });
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="get" action=address.to_owned() on:change=changed>
                {pane_head(view.subject.title.clone(), None, address)}
                <div class="pane-body">
                    <input type="hidden" name="pane" value="plan" />
                    <input type="hidden" name="subscription" value=view.subject.id.clone() />
                    {notices(std::mem::take(&mut view.confirm.notices))}
                    {subject(&view.subject)}
                    <Choices legend=words.offer() name="offer" choices=view.offers />
                    {error}
                    {quoted(&mut view.confirm)}
                </div>
                {foot(view.confirm, address, ChangePlan::PATH)}
            </form>
        </section>
    }
    .into_any()
}
