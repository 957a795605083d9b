//! The list of payment methods.

use leptos::prelude::*;

use super::{ADDRESS, MethodRow, MethodsView};
use crate::components::{Banner, BannerKind, BillTab, BillTabs, Empty, Icon, StatusBadge};
use crate::texts::use_texts;

/// The tabs, the way to add one, and the methods.
pub(super) fn list(methods: MethodsView) -> AnyView {
    let done = methods.done.map(|done| view! { <Banner kind=BannerKind::Ok text=done /> });
    let body = if methods.rows.is_empty() { nothing() } else { table(methods.rows) };
    view! {
        <div>
            <BillTabs current=BillTab::PaymentMethods />
            {done}
            {body}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    let words = use_texts().cards();
    view! {
        <Empty title=words.empty() text=words.empty_more()>
            <a class="button" data-look="primary" data-size="l" href=to("add", "")>
                {words.add()}
            </a>
        </Empty>
    }
    .into_any()
}

fn table(rows: Vec<MethodRow>) -> AnyView {
    let words = use_texts().cards();
    view! {
        <div class="filters">
            <a class="button" data-look="primary" href=to("add", "")>
                <Icon name="plus" />
                {words.add()}
            </a>
        </div>
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.tab()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.method()}</th>
                        <th scope="col" data-cell="day">
                            {words.expiry()}
                        </th>
                        <th scope="col">{words.use_of()}</th>
                        <th scope="col" data-drop="early">
                            {words.added()}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: MethodRow) -> AnyView {
    let words = use_texts().cards();
    let second = match row.owner {
        Some(owner) => words.of(&owner),
        None => row.holder,
    };
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    <span class="tile" data-hue="lapis" aria-hidden="true">
                        <Icon name="card" />
                    </span>
                    <div>
                        <a class="item-name" href=to("method", &row.id)>
                            {row.name}
                        </a>
                        <small>{second}</small>
                    </div>
                </div>
            </td>
            <td data-label=words.expiry()>
                <span>{row.month}</span>
                {row.expiry.map(|status| view! { " " <StatusBadge status /> })}
            </td>
            <td data-label=words.use_of()>{row.pays}</td>
            <td data-label=words.added() data-drop="early">
                {row.added}
            </td>
        </tr>
    }
    .into_any()
}

/// The address of a pane about a method.
pub(super) fn to(pane: &str, method: &str) -> String {
    let about = if method.is_empty() { String::new() } else { ["&method=", method].concat() };
    [ADDRESS, "?pane=", pane, &about].concat()
}
