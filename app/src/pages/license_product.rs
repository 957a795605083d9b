//! `/licenses/{product}`: who holds a license of a product, giving and taking them.
//!
//! Everything that can be seen stands in the address (`address`): the page of the list, the open pane, who is
//! searched for, who is ticked. The panes are `assign`, `unassign` and `result`, each with its server functions.

mod address;
pub mod assign;
mod list;
pub mod listing;
pub(super) mod parts;
pub mod result;
pub mod server;
pub mod unassign;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use leptos_router::{LazyRoute, lazy_route};
use serde::{Deserialize, Serialize};

use self::address::Address;
use self::assign::{AssignView, Typing, find_people};
use self::listing::{ListView, license_list};
use self::result::{ResultView, license_result};
use self::unassign::{UnassignView, unassign_question};
use crate::components::Failed;
use crate::error::AppError;
use crate::pages::not_found::Nothing;
use crate::viewer::use_publisher;
pub use server::{HolderRow, LicenseProductView, PersonShown, license_product};

/// The licenses of one product.
#[derive(Clone, Copy, Debug)]
pub struct LicenseProductPage {
    address: Memo<Address>,
    page: Resource<Result<LicenseProductView, AppError>>,
    pane: Resource<Result<Option<PaneView>, AppError>>,
    typing: Typing,
}

/// The open pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaneView {
    /// Choosing people.
    Assign(AssignView),
    /// The question before licenses are taken.
    Unassign(UnassignView),
    /// Many people at once.
    List(Box<ListView>),
    /// What came of it; nothing where that was too long ago.
    Result(Option<ResultView>),
}

#[lazy_route]
impl LazyRoute for LicenseProductPage {
    fn data() -> Self {
        let (params, location) = (use_params_map(), use_location());
        let query = location.query;
        let address = Memo::new(move |_| {
            Address::read(params.read().get("product").unwrap_or_default(), &query.read())
        });
        let page = Resource::new(
            move || address.with(|address| (address.product.clone(), address.after.clone())),
            |(product, after)| license_product(product, after),
        );
        let pane = Resource::new(move || address.get(), load_pane);
        Self { address, page, pane, typing: Typing::new(location.pathname, query) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Transition>
                {move || Suspend::new(async move {
                    let (page, pane) = (this.page.await, this.pane.await);
                    content(page, pane, &this.address.get_untracked(), this.typing)
                })}
            </Transition>
        }
        .into_any()
    }
}

async fn load_pane(address: Address) -> Result<Option<PaneView>, AppError> {
    let Address { product, pane, who, people, result, .. } = address;
    let pane = match pane.as_str() {
        address::ASSIGN => PaneView::Assign(find_people(product, who, people).await?),
        address::UNASSIGN => PaneView::Unassign(unassign_question(product, people).await?),
        address::LIST => PaneView::List(Box::new(license_list(product, "assign".to_owned(), result).await?)),
        address::UNLIST => {
            PaneView::List(Box::new(license_list(product, "unassign".to_owned(), result).await?))
        }
        address::RESULT => PaneView::Result(license_result(product, result).await?),
        _ => return Ok(None),
    };
    Ok(Some(pane))
}

fn content(
    page: Result<LicenseProductView, AppError>,
    pane: Result<Option<PaneView>, AppError>,
    address: &Address,
    typing: Typing,
) -> AnyView {
    let page = match page {
        Ok(page) => page,
        Err(AppError::NotFound) => return view! { <Nothing /> }.into_any(),
        Err(error) => return view! { <Failed error /> }.into_any(),
    };
    let title = [page.name.as_str(), " - ", &use_publisher()].concat();
    let pane = match pane {
        Ok(None) => None,
        Ok(Some(PaneView::Assign(view))) => Some(assign::pane(view, &page, address, typing)),
        Ok(Some(PaneView::Unassign(view))) => Some(unassign::pane(view, &page, address)),
        Ok(Some(PaneView::List(view))) => Some(listing::pane(*view, &page, address)),
        Ok(Some(PaneView::Result(view))) => Some(result::pane(view, &page, address)),
        Err(error) => Some(parts::failed(error, &page, address)),
    };
    // Beside a pane the list makes room; it stays the same list, so that what is ticked stays ticked.
    let split = pane.is_some().then_some("split");
    view! {
        <Title text=title />
        <div class=split>{list::list(page, address)} {pane}</div>
    }
    .into_any()
}
