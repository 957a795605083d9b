//! The panes in words, days and amounts.

mod cancel;
mod choose;
mod common;
mod pay;
mod plan;
mod quiet;
mod refused;
mod seats;
mod seats_words;

use domain::catalog::{Plan, Product};
use domain::country::Country;
use domain::id::SubscriptionId;
use services::changes::ChangePane;

use super::PaneView;
use crate::error::AppError;
use crate::pages::products::server::on_shelf;
use crate::request::{answer, asker, language, services};
use crate::texts::Texts;

pub(crate) use cancel::{CancelTyped, cancel_problems};
pub(crate) use pay::is_paid;
pub(crate) use refused::{Came, Refused};

/// What the address says besides, as it was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) seats: Option<String>,
    pub(super) offer: Option<String>,
    pub(super) when: Option<String>,
    pub(super) way: Option<String>,
    pub(super) form: Option<String>,
}

/// What every pane is made from.
struct Shown<'a> {
    pane: &'a ChangePane,
    product: &'a Product,
    plan: &'a Plan,
    /// The country whose tax is named by its own name.
    seller: Country,
    texts: Texts,
}

/// A pane of a subscription that the asker manages.
pub(super) async fn pane(id: SubscriptionId, name: &str, typed: &Typed) -> Result<PaneView, AppError> {
    let pane = services().change_pane(&asker(), id).await.map_err(|error| answer(&error))?;
    let (product, plan) = on_shelf(&pane.window, pane.subscription.plan).map_err(|error| answer(&error))?;
    let seller = pane.window.issuer().map_or(pane.window.customer.country, |issuer| issuer.country);
    let shown = Shown { pane: &pane, product, plan, seller, texts: Texts::new(language()) };
    if let Some(impossible) = common::impossible(&shown, name).map_err(|error| answer(&error))? {
        return Ok(PaneView::Impossible(impossible));
    }
    match name {
        "seats" => seats::pane(&shown, typed).await,
        "plan" => plan::pane(&shown, typed).await,
        "cancel" => cancel::pane(&shown, typed).await,
        "recurring" => quiet::recurring(&shown),
        "scheduled" => quiet::scheduled(&shown, typed).await,
        "extend" => quiet::extend(&shown),
        "pay" => pay::pane(&shown, typed).await,
        "buy" | "reactivate" => choose::pane(&shown, name, typed),
        _ => Err(AppError::NotFound),
    }
}
