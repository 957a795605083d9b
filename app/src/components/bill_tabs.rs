use leptos::prelude::*;

use crate::texts::use_texts;

/// The pages of "Bills & payments".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillTab {
    /// `/bills/invoices`
    Invoices,
    /// `/bills/payment-methods`
    PaymentMethods,
}

/// The tabs of "Bills & payments": links, each with an address of its own.
#[component]
pub fn BillTabs(
    /// On which of them one is.
    current: BillTab,
) -> impl IntoView {
    let words = use_texts().bills();
    let tabs = [
        (BillTab::Invoices, "/bills/invoices", words.invoices()),
        (BillTab::PaymentMethods, "/bills/payment-methods", words.payment_methods()),
    ];
    let tab = |(tab, address, name): (BillTab, &'static str, &'static str)| {
        view! {
            <li>
                <a href=address aria-current=(tab == current).then_some("page")>
                    {name}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabs" aria-label=words.title()>
            <ul>{tabs.map(tab).into_iter().collect_view()}</ul>
        </nav>
    }
    .into_any()
}
