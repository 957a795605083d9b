//! `/bills/invoices/{invoice}`: a document as it was issued, with what has become of it. It prints as an invoice.

mod document;
pub mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Facts, Failed, Icon, StatusBadge};
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::texts::use_texts;
use crate::viewer::use_publisher;
use document::document;
pub use server::{EventView, InvoiceView, LineView, LinkView, RateView, invoice};

/// An invoice or a credit note.
#[derive(Clone, Copy, Debug)]
pub struct InvoicePage {
    invoice: Resource<Result<InvoiceView, AppError>>,
}

#[lazy_route]
impl LazyRoute for InvoicePage {
    fn data() -> Self {
        let params = use_params_map();
        Self { invoice: Resource::new(move || params.read().get("invoice").unwrap_or_default(), invoice) }
    }

    fn view(this: Self) -> AnyView {
        view! { <Suspense>{move || Suspend::new(async move { content(this.invoice.await) })}</Suspense> }
            .into_any()
    }
}

fn content(loaded: Result<InvoiceView, AppError>) -> AnyView {
    let invoice = match loaded {
        Ok(invoice) => invoice,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let title = [invoice.title.as_str(), " - ", &use_publisher()].concat();
    view! {
        <Title text=title />
        <div class="title-row">
            <h1>{invoice.title.clone()}</h1>
            <StatusBadge status=invoice.status.clone() />
        </div>
        {commands(&invoice)}
        <div class="columns measure document">
            {document(&invoice)}
            <aside class="stack">{summary(&invoice)} {history(invoice.events)}</aside>
        </div>
    }
    .into_any()
}

/// The ways on. They are not printed.
fn commands(invoice: &InvoiceView) -> AnyView {
    let words = use_texts().invoice();
    let command = |address: String, icon: &'static str, name: &'static str| {
        view! {
            <li>
                <a class="command" href=address>
                    <Icon name=icon />
                    {name}
                </a>
            </li>
        }
    };
    view! {
        <ul class="commands">
            {command("/bills/invoices".to_owned(), "chevron-left", words.back())}
            {invoice.subscription.clone().map(|address| command(address, "grid", words.subscription()))}
        </ul>
    }
    .into_any()
}

/// What it comes to, what of it is owed, and the way to pay that.
fn summary(invoice: &InvoiceView) -> AnyView {
    let words = use_texts().invoice();
    let pay = invoice.pay.clone().map(|address| {
        view! {
            <p data-screen>
                <a class="button" data-look="primary" data-size="l" data-wide href=address>
                    <Icon name="card" />
                    {words.pay_now()}
                </a>
            </p>
        }
    });
    let corrects = invoice.corrects.clone().map(|link| {
        view! {
            <dl class="facts">
                <div>
                    <dt>{words.corrects()}</dt>
                    <dd>
                        <p>
                            <a href=link.address>{link.number}</a>
                            " "
                            <small>{link.note}</small>
                        </p>
                    </dd>
                </div>
            </dl>
        }
    });
    let facts: Vec<_> = invoice.facts.iter().chain(&invoice.money).cloned().collect();
    view! {
        <section class="card stack" data-gap="s" data-ground>
            <dl class="figures" data-inline>
                <div>
                    <dt>{invoice.gross_name.clone()}</dt>
                    <dd class="figure" data-size="l">
                        {invoice.gross.clone()}
                    </dd>
                </div>
            </dl>
            {pay}
            <Facts facts />
            {corrects}
        </section>
    }
    .into_any()
}

fn history(events: Vec<EventView>) -> AnyView {
    let words = use_texts().invoice();
    let event = |event: EventView| {
        let more = (!event.more.is_empty()).then(|| view! { <small>{event.more}</small> });
        let by = event.by.map(|link| view! { " " <a href=link.address>{link.number}</a> });
        view! {
            <li data-kind=event.kind>
                <time datetime=event.date>{event.day}</time>
                <div>{event.what} {by} {more}</div>
            </li>
        }
    };
    view! {
        <section data-screen>
            <h2>{words.history()}</h2>
            <ol class="timeline">{events.into_iter().map(event).collect_view()}</ol>
        </section>
    }
    .into_any()
}
