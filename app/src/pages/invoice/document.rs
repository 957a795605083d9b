//! The document itself: parties, lines, and tax by rate.

use leptos::prelude::*;

use super::{InvoiceView, LineView, RateView};
use crate::texts::use_texts;

/// What was issued.
pub(super) fn document(invoice: &InvoiceView) -> AnyView {
    let words = use_texts().invoice();
    let test = invoice.test.then(|| view! { <p class="quiet">{words.test()}</p> });
    let legend = invoice.reduced.then(|| view! { <p class="quiet">{words.reduced_legend()}</p> });
    view! {
        <article>
            {test}
            <div class="parties">
                {party(words.recipient(), invoice.recipient.clone())}
                {party(words.issuer(), invoice.issuer.clone())}
            </div>
            {lines(invoice.lines.clone(), invoice.tax_included)}
            {legend}
            {rates(invoice.rates.clone(), invoice.tax_name.clone())}
        </article>
    }
    .into_any()
}

fn party(name: &'static str, lines: Vec<String>) -> AnyView {
    let mut lines = lines.into_iter();
    let first = lines.next();
    view! {
        <section>
            <h2 class="quiet">{name}</h2>
            <p>
                <b>{first}</b>
            </p>
            {lines.map(|line| view! { <p>{line}</p> }).collect_view()}
        </section>
    }
    .into_any()
}

fn lines(lines: Vec<LineView>, tax_included: bool) -> AnyView {
    let words = use_texts().invoice();
    let amount = if tax_included { words.column_gross() } else { words.column_net() };
    let row = move |line: LineView| {
        view! {
            <tr>
                <td data-cell="name">
                    <b>{line.name}</b>
                    <small>{line.detail}</small>
                </td>
                <td data-cell="number" data-label=words.column_quantity()>
                    {line.quantity}
                </td>
                <td data-cell="number" data-label=words.column_price()>
                    {line.price}
                </td>
                <td data-cell="number" data-label=words.column_rate()>
                    {line.rate}
                </td>
                <td data-cell="sum">{line.amount}</td>
            </tr>
        }
    };
    view! {
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.lines()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_what()}</th>
                        <th scope="col" data-cell="number">
                            {words.column_quantity()}
                        </th>
                        <th scope="col" data-cell="number">
                            {words.column_price()}
                        </th>
                        <th scope="col" data-cell="number">
                            {words.column_rate()}
                        </th>
                        <th scope="col" data-cell="sum">
                            {amount}
                        </th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn rates(rates: Vec<RateView>, tax: String) -> AnyView {
    let words = use_texts().invoice();
    let last = rates.len().saturating_sub(1);
    let label = tax.clone();
    let row = move |(place, rate): (usize, RateView)| {
        view! {
            <tr class=(place == last).then_some("total")>
                <th scope="row" data-cell="name">
                    {rate.name}
                </th>
                <td data-cell="number" data-label=words.rate_net()>
                    {rate.net}
                </td>
                <td data-cell="number" data-label=label.clone()>
                    {rate.tax}
                </td>
                <td data-cell="sum">{rate.gross}</td>
            </tr>
        }
    };
    view! {
        <section class="section rates" aria-labelledby="rates">
            <h2 id="rates">{words.rates()}</h2>
            <div class="list">
                <table class="table" data-rows="one">
                    <caption class="hidden">{words.rates()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.rate()}</th>
                            <th scope="col" data-cell="number">
                                {words.rate_net()}
                            </th>
                            <th scope="col" data-cell="number">
                                {tax}
                            </th>
                            <th scope="col" data-cell="sum">
                                {words.rate_gross()}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rates.into_iter().enumerate().map(row).collect_view()}</tbody>
                </table>
            </div>
            <p class="quiet">{words.rounded()}</p>
        </section>
    }
    .into_any()
}
