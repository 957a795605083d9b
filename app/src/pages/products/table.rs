//! The list as a table, which becomes cards where it is narrow.

use leptos::prelude::*;

use super::ProductRow;
use crate::components::{Command, Icon, Pager, SaveAsCsv, SeatsBar, StatusBadge, Tile, menu_items};
use crate::texts::use_texts;

/// The rows, with what stands below them.
pub(super) fn table(rows: Vec<ProductRow>, foot: AnyView) -> AnyView {
    let words = use_texts().products();
    view! {
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.title()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_product()}</th>
                        <th scope="col" data-cell="state">
                            {words.column_status()}
                        </th>
                        <th scope="col" data-cell="seats">
                            {words.column_seats()}
                        </th>
                        <th scope="col" data-drop="late" aria-sort="ascending">
                            {words.column_day()}
                        </th>
                        <th scope="col" data-cell="sum">
                            {words.column_price()}
                        </th>
                        <th scope="col" data-cell="act">
                            <span class="hidden">{words.column_actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
            {foot}
        </div>
    }
    .into_any()
}

fn row(row: ProductRow) -> AnyView {
    let (menu, title) = (row_menu(&row.id, &row.name, &row.product, row.commands), row.name.clone());
    let waiting = row.waiting.map(|waiting| view! { <small>{waiting}</small> });
    let address = ["/products/", &row.id].concat();
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    <Tile icon=row.icon hue=row.hue />
                    <div>
                        <a class="item-name" href=address title=title>
                            {row.name}
                        </a>
                        <small>{row.term}</small>
                    </div>
                </div>
            </td>
            <td data-cell="state">
                <StatusBadge status=row.status />
            </td>
            <td data-cell="seats">
                <SeatsBar assigned=row.assigned seats=row.seats />
                {waiting}
            </td>
            <td data-cell="day" data-drop="late">
                <time datetime=row.day.date>{row.day.shown}</time>
                <small class=row.day.urgent.then_some("alarm")>{row.day.note}</small>
            </td>
            <td data-cell="sum">
                {row.price.amount}
                <small>{row.price.formula}</small>
            </td>
            <td data-cell="act">{menu}</td>
        </tr>
    }
    .into_any()
}

/// What can be done with a row: the button with its menu.
fn row_menu(id: &str, name: &str, product: &str, commands: Vec<Command>) -> AnyView {
    let words = use_texts().products();
    let menu = ["menu-", id].concat();
    view! {
        <button class="icon-button" type="button" popovertarget=menu.clone() aria-label=words.actions(name)>
            <Icon name="more" />
        </button>
        <ul class="menu" id=menu popover="auto">
            <li>
                <a class="menu-item" href=["/products/", id].concat()>
                    <Icon name="info" />
                    {words.details()}
                </a>
            </li>
            {menu_items(id, product, commands)}
        </ul>
    }
    .into_any()
}

/// How much stands here, what the filters hide, and the way to other pages.
pub(super) fn foot(shown: String, hidden: i64, file: String, [first, next]: [Option<String>; 2]) -> AnyView {
    let words = use_texts().products();
    view! {
        <div class="list-foot">
            <span>{shown}</span>
            {(hidden > 0)
                .then(|| {
                    view! {
                        <span>
                            {words.hidden(hidden)}
                            " "
                            <a class="link" href="/products">
                                {words.show_all()}
                            </a>
                        </span>
                    }
                })}
            <SaveAsCsv href=file />
            <Pager
                label=words.pages()
                first=first
                first_word=words.first()
                next=next
                next_word=words.next()
            />
        </div>
    }
    .into_any()
}
