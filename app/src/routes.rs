//! Every address and the page that stands there.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

use crate::components::Frame;
use crate::look::Look;
use crate::pages::billing_accounts::BillingAccountsPage;
use crate::pages::billing_accounts::account::BillingAccountPage;
use crate::pages::billing_accounts::profile::BillingProfilePage;
use crate::pages::catalog::CatalogPage;
use crate::pages::checkout::CheckoutPage;
use crate::pages::clock::ClockPage;
use crate::pages::home::HomePage;
use crate::pages::invoice::InvoicePage;
use crate::pages::invoices::InvoicesPage;
use crate::pages::license_product::LicenseProductPage;
use crate::pages::licenses::LicensesPage;
use crate::pages::link::LinkPage;
use crate::pages::my_licenses::MyLicensesPage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::order::OrderPage;
use crate::pages::organizations::OrganizationsPage;
use crate::pages::payment_methods::PaymentMethodsPage;
use crate::pages::product::ProductPage;
use crate::pages::product_details::ProductDetailsPage;
use crate::pages::products::ProductsPage;
use crate::pages::settings::SettingsPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::trial::TrialPage;
use crate::viewer::{provide_told, use_publisher};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_look();
    provide_told();
    // For a page that says no title of its own, such as one that could not be loaded.
    let publisher = use_publisher();
    view! {
        <Title text=publisher />
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/sign-in") view={Lazy::<SignInPage>::new()} ssr=SsrMode::Async />
                <Route path=path!("/link/:token") view={Lazy::<LinkPage>::new()} ssr=SsrMode::Async />
                <Route
                    path=path!("/organizations")
                    view={Lazy::<OrganizationsPage>::new()}
                    ssr=SsrMode::Async
                />
                <ParentRoute path=path!("/") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("") view={Lazy::<HomePage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("catalog") view={Lazy::<CatalogPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("catalog/:product") view={Lazy::<ProductPage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("catalog/:product/trial")
                        view={Lazy::<TrialPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("checkout/:order") view={Lazy::<CheckoutPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("orders/:order") view={Lazy::<OrderPage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("bills/payment-methods")
                        view={Lazy::<PaymentMethodsPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("products") view={Lazy::<ProductsPage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("products/:subscription")
                        view={Lazy::<ProductDetailsPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("licenses") view={Lazy::<LicensesPage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("licenses/:product")
                        view={Lazy::<LicenseProductPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("bills/invoices") view={Lazy::<InvoicesPage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("bills/invoices/:invoice")
                        view={Lazy::<InvoicePage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("my-licenses") view={Lazy::<MyLicensesPage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("billing-accounts")
                        view={Lazy::<BillingAccountsPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("billing-accounts/:account")
                        view={Lazy::<BillingAccountPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("billing-accounts/:account/profiles/:profile")
                        view={Lazy::<BillingProfilePage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("organization/clock")
                        view={Lazy::<ClockPage>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("settings") view={Lazy::<SettingsPage>::new()} ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The browser reads from the document what the server decided and put into the context.
fn provide_look() {
    #[cfg(target_family = "wasm")]
    provide_context(Look::of_document());
    #[cfg(not(target_family = "wasm"))]
    if use_context::<Look>().is_none() {
        provide_context(Look::default());
    }
}
