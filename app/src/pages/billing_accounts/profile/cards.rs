//! The cards of a billing profile's page.

use leptos::prelude::*;

use super::server::{HeldView, MethodView, PayedRow};
use crate::components::{Icon, StatusBadge, Tile};
use crate::pages::billing_accounts::account::fact;
use crate::pages::license_product::parts::avatar;
use crate::pages::product_details::Fact;
use crate::texts::use_texts;

/// What pays, what is owed, and who is told.
pub(super) fn notifications(method: MethodView, facts: Vec<Fact>, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    let edit = method.edit.map(|edit| {
        view! {
            <a class="button" href=edit aria-label=words.edit_method()>
                {words.edit()}
            </a>
        }
    });
    let edit_by = method.edit_by.map(|by| view! { <p class="hint">{by}</p> });
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.notifications()}</h2>
                <a class="end" href=[address, "?pane=recipients"].concat()>
                    {words.edit_recipients()}
                </a>
            </div>
            <div class="row" data-spread>
                <div class="item">
                    <Icon name="card" />
                    <div>
                        <small>{words.method()}</small>
                        <b class="item-name">{method.name}</b>
                        <small>{method.more}</small>
                    </div>
                </div>
                <div class="row" data-nowrap>
                    {edit}
                    <a class="button" data-look="primary" href=[address, "?pane=replace"].concat()>
                        {words.replace()}
                    </a>
                </div>
            </div>
            {edit_by}
            <div class="section">
                <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl>
            </div>
        </section>
    }
    .into_any()
}

/// Where the bills go.
pub(super) fn bill_to(facts: Vec<Fact>, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.bill_to()}</h2>
                <a
                    class="end"
                    href=[address, "?pane=details"].concat()
                    aria-label=words.edit_bill_to()
                >
                    {words.edit()}
                </a>
            </div>
            <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// What the profile pays. What I manage can be opened.
pub(super) fn subscriptions(rows: Vec<PayedRow>) -> AnyView {
    let words = use_texts().billing_profile();
    let row = |row: PayedRow| {
        let name = match row.address {
            Some(address) => view! {
                <a class="item-name" href=address>
                    {row.name}
                </a>
            }
            .into_any(),
            None => view! { <span class="item-name">{row.name}</span> }.into_any(),
        };
        view! {
            <li class="row" data-spread>
                <div class="item">
                    <Tile icon=row.icon hue=row.hue size="s" />
                    <div>{name} <small>{row.line}</small></div>
                </div>
                <StatusBadge status=row.status />
            </li>
        }
        .into_any()
    };
    let list = if rows.is_empty() {
        view! { <p class="quiet">{words.subscriptions_none()}</p> }.into_any()
    } else {
        view! {
            <ul class="stack" data-gap="s">
                {rows.into_iter().map(row).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.subscriptions()}</h2>
            </div>
            {list}
        </section>
    }
    .into_any()
}

/// The way to the invoices.
pub(super) fn invoices() -> AnyView {
    let words = use_texts().billing_profile();
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.invoices()}</h2>
            </div>
            <a class="link" href="/bills/invoices">
                {words.see_invoices()}
            </a>
        </section>
    }
    .into_any()
}

/// Who has a role here, on the profile or on its account.
pub(super) fn people(people: Vec<HeldView>, address: &str) -> AnyView {
    let words = use_texts().billing_profile();
    let person = |held: HeldView| {
        let hue = Some(held.person.hue).filter(|hue| !hue.is_empty());
        view! {
            <li class="row" data-spread>
                <div class="item">
                    {avatar(held.person.initial, hue, Some("s"))}
                    <div>
                        <span>{held.person.name}</span>
                    </div>
                </div>
                <small>{held.role}</small>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.people()}</h2>
                <a class="end" href=[address, "?pane=roles"].concat()>
                    {words.edit_roles()}
                </a>
            </div>
            <ul class="stack" data-gap="s">
                {people.into_iter().map(person).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}
