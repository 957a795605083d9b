//! `?pane=…`: what can be changed about a subscription, a pane each. One server function loads whichever is open;
//! each button is a form with a server function of its own (`act`).

pub mod act;
mod cancel;
mod choose;
mod extend;
mod parts;
mod pay;
mod plan;
mod recurring;
mod scheduled;
mod seats;
pub mod server;

use leptos::prelude::*;

use crate::error::AppError;
pub use server::{PaneView, subscription_pane};

/// The open pane of the subscription at this address.
pub(super) fn pane(loaded: Result<PaneView, AppError>, address: &str) -> AnyView {
    match loaded {
        Ok(PaneView::Seats(view)) => seats::pane(*view, address),
        Ok(PaneView::Plan(view)) => plan::pane(*view, address),
        Ok(PaneView::Cancel(view)) => cancel::pane(*view, address),
        Ok(PaneView::Recurring(view)) => recurring::pane(*view, address),
        Ok(PaneView::Scheduled(view)) => scheduled::pane(*view, address),
        Ok(PaneView::Extend(view)) => extend::pane(view, address),
        Ok(PaneView::Choose(view)) => choose::pane(*view, address),
        Ok(PaneView::Pay(view)) => pay::pane(*view, address),
        Ok(PaneView::Impossible(view)) => parts::impossible(view, address),
        Err(error) => parts::failed(error, address),
    }
}
