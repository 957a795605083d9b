//! `/bills/payment-methods`: what one pays with. The panes are addresses: one method, its address, the provider's form,
//! the question before it is deleted.

mod list;
mod pane;
pub mod server;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::components::{Failed, PageHead};
use crate::error::AppError;
use crate::texts::use_texts;
pub use server::{
    AddressView, BeginCard, CardView, DeleteCard, DeleteView, DetailsView, FinishCard, MethodPane, MethodRow,
    MethodsView, open_method_pane, payment_methods,
};

/// Where the page stands.
pub(crate) const ADDRESS: &str = "/bills/payment-methods";

/// Payment methods.
#[derive(Clone, Copy, Debug)]
pub struct PaymentMethodsPage {
    methods: Resource<Result<MethodsView, AppError>>,
    pane: Resource<Option<Result<MethodPane, AppError>>>,
}

#[lazy_route]
impl LazyRoute for PaymentMethodsPage {
    fn data() -> Self {
        let query = use_query_map();
        let methods = Resource::new(move || query.read().get("result"), payment_methods);
        let pane = Resource::new(
            move || {
                let query = query.read();
                ["pane", "method", "profile", "setup", "back", "form"].map(|name| query.get(name))
            },
            |[pane, method, profile, setup, back, form]| async move {
                match pane {
                    Some(pane) => Some(open_method_pane(pane, method, profile, setup, back, form).await),
                    None => None,
                }
            },
        );
        Self { methods, pane }
    }

    fn view(this: Self) -> AnyView {
        let words = use_texts().cards();
        view! {
            <PageHead title=words.title() />
            <Transition>
                {move || Suspend::new(async move { content(this.methods.await, this.pane.await) })}
            </Transition>
        }
        .into_any()
    }
}

fn content(loaded: Result<MethodsView, AppError>, open: Option<Result<MethodPane, AppError>>) -> AnyView {
    let methods = match loaded {
        Ok(methods) => methods,
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let open = open.map(pane::pane);
    let split = open.is_some().then_some("split");
    view! {
        <div class=split>{list::list(methods)} {open}</div>
    }
    .into_any()
}
