//! The list as a table, which becomes cards where it is narrow.

use leptos::prelude::*;

use super::{HiddenView, InvoiceRow, InvoicesView};
use crate::components::{Pager, SaveAsCsv, StatusBadge};
use crate::texts::use_texts;

/// The rows, with what stands below them.
pub(super) fn table(rows: Vec<InvoiceRow>, foot: AnyView) -> AnyView {
    let words = use_texts().invoices();
    view! {
        <div class="list">
            <table class="table" data-rows="one">
                <caption class="hidden">{use_texts().bills().invoices()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_number()}</th>
                        <th scope="col" aria-sort="descending">
                            {words.column_date()}
                        </th>
                        <th scope="col">{words.column_what()}</th>
                        <th scope="col" data-drop="early">
                            {words.column_service()}
                        </th>
                        <th scope="col" data-cell="state">
                            {words.column_status()}
                        </th>
                        <th scope="col" data-cell="sum">
                            {words.column_amount()}
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

fn row(row: InvoiceRow) -> AnyView {
    let words = use_texts().invoices();
    let address = ["/bills/invoices/", &row.id].concat();
    view! {
        <tr>
            <td data-cell="name">
                <a class="item-name" href=address>
                    {row.number}
                </a>
            </td>
            <td data-cell="day">
                <time datetime=row.date>{row.day}</time>
            </td>
            <td data-label=words.column_what()>{row.what}</td>
            <td data-label=words.column_service() data-drop="early">
                {row.service}
            </td>
            <td data-cell="state">
                <StatusBadge status=row.status />
            </td>
            <td data-cell="sum">{row.amount}</td>
        </tr>
    }
    .into_any()
}

/// How much stands here and what it comes to, what is hidden, and the way to other pages.
pub(super) fn foot(page: &InvoicesView) -> AnyView {
    let words = use_texts().invoices();
    let sums = page.sums.iter().cloned().map(|sum| view! { " " <b>{sum}</b> }).collect_view();
    view! {
        <div class="list-foot">
            <span>{page.shown.clone()}</span>
            <span>{words.sum()} {sums}</span>
            {hidden_rows(&page.hidden)}
            <SaveAsCsv href=page.file.clone() />
            <Pager
                label=words.pages()
                first=page.first.clone()
                first_word=words.first()
                next=page.next.clone()
                next_word=words.next()
            />
        </div>
    }
    .into_any()
}

/// What is hidden, each with the way to see it.
pub(super) fn hidden_rows(hidden: &[HiddenView]) -> AnyView {
    let words = use_texts().invoices();
    let row = |hidden: HiddenView| {
        view! {
            <span>
                {hidden.text} " "
                <a class="link" href=hidden.address>
                    {words.show_all()}
                </a>
            </span>
        }
    };
    hidden.iter().cloned().map(row).collect_view().into_any()
}
