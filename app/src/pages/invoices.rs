//! `/bills/invoices`: the invoices and credit notes that I see.

mod filters;
pub mod server;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{BillTab, BillTabs, Empty, Failed, Icon, PageHead};
use crate::error::AppError;
use crate::texts::use_texts;
use filters::filters;
pub use server::{DayField, HiddenView, InvoiceRow, InvoicesView, PeriodView, UnpaidView, invoices};
use table::{foot, hidden_rows, table};

/// The list, its period, its filters and its pages.
#[derive(Clone, Copy, Debug)]
pub struct InvoicesPage {
    invoices: Resource<Result<InvoicesView, AppError>>,
}

#[lazy_route]
impl LazyRoute for InvoicesPage {
    fn data() -> Self {
        let query = use_query_map();
        let invoices = Resource::new(
            move || {
                let query = query.read();
                ["period", "from", "to", "status", "q", "after"].map(|name| query.get(name))
            },
            |[period, from, to, status, q, after]| invoices(period, from, to, status, q, after),
        );
        Self { invoices }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().bills();
        view! {
            <PageHead title=words.title() />
            <BillTabs current=BillTab::Invoices />
            <Transition>{move || Suspend::new(async move { content(this.invoices.await) })}</Transition>
        }
        .into_any()
    }
}

fn content(loaded: Result<InvoicesView, AppError>) -> AnyView {
    match loaded {
        Err(error) => view! { <Failed error /> }.into_any(),
        Ok(invoices) if invoices.total == 0 => nothing_yet(),
        Ok(invoices) => list(invoices),
    }
}

fn nothing_yet() -> AnyView {
    let words = use_texts().invoices();
    view! {
        <Empty title=words.empty() text=words.empty_more()>
            <a class="button" data-look="primary" data-size="l" href="/catalog">
                {words.find_products()}
            </a>
        </Empty>
    }
    .into_any()
}

fn list(page: InvoicesView) -> AnyView {
    let banner = page.unpaid.clone().map(unpaid);
    let row = filters(&page);
    let body = if page.refused {
        refused(&page)
    } else if !page.rows.is_empty() {
        let foot = foot(&page);
        table(page.rows, foot)
    } else if let Some(first) = page.first {
        past_the_end(first)
    } else if page.applied.is_empty() {
        nothing_in_the_period(&page)
    } else {
        filtered_away(&page)
    };
    view! {
        {banner}
        {row}
        {body}
    }
    .into_any()
}

fn unpaid(unpaid: UnpaidView) -> AnyView {
    let words = use_texts().invoices();
    let way = (!unpaid.address.is_empty()).then(|| {
        view! {
            <a class="button" href=unpaid.address.clone()>
                {words.show_unpaid()}
            </a>
        }
    });
    view! {
        <section class="banner" data-kind="danger">
            <Icon name="error" />
            <div>
                <b>{unpaid.text}</b>
                <p>{words.unpaid_more()}</p>
            </div>
            {way}
        </section>
    }
    .into_any()
}

/// The way back to a period that everybody understands.
fn refused(page: &InvoicesView) -> AnyView {
    let words = use_texts().invoices();
    let first = page.periods.first().cloned();
    view! {
        <Empty title=words.refused() text=words.refused_more() small=true>
            {first.map(button)}
        </Empty>
    }
    .into_any()
}

/// Nothing was issued in the period: a longer one is offered, and what is hidden is said.
fn nothing_in_the_period(page: &InvoicesView) -> AnyView {
    let words = use_texts().invoices();
    let longer = page.periods.get(1).filter(|longer| !longer.chosen).cloned();
    view! {
        <Empty title=words.empty_span() text=words.empty_span_more(&page.days) small=true>
            {longer.map(button)}
        </Empty>
        <div class="list-foot">{hidden_rows(&page.hidden)}</div>
    }
    .into_any()
}

fn button(period: PeriodView) -> AnyView {
    view! {
        <a class="button" href=period.address>
            {period.name}
        </a>
    }
    .into_any()
}

fn filtered_away(page: &InvoicesView) -> AnyView {
    let words = use_texts().invoices();
    let clear = page.clear.clone();
    view! {
        <Empty
            title=words.empty_filtered()
            text=words.empty_filtered_more(&page.days, &page.applied)
            small=true
        >
            <a class="button" href=clear>
                {words.clear()}
            </a>
        </Empty>
        <div class="list-foot">{hidden_rows(&page.hidden)}</div>
    }
    .into_any()
}

fn past_the_end(first: String) -> AnyView {
    let words = use_texts().invoices();
    view! {
        <Empty title=words.past_end() text=words.past_end_more() small=true>
            <a class="button" href=first>
                {words.first()}
            </a>
        </Empty>
    }
    .into_any()
}
