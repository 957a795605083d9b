//! What the buttons of the panes do. Each is a plain form: it does one thing and leads to where that is seen.

use leptos::prelude::*;

use crate::error::AppError;

/// Confirms another number of seats as it was quoted.
#[server(endpoint = "change-seats")]
pub async fn change_seats(
    subscription: String,
    #[server(default)] seats: String,
    #[server(default)] when: String,
    #[server(default)] way: String,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    use services::changes::SeatWish;

    use self::carry::{carried, confirmed, page, wanted};
    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, query, services};

    let id = page::id(&subscription)?;
    let typed = query(&[("seats", &seats), ("when", &when), ("way", &way)]);
    let pane = format!("{}?pane=seats&{typed}", page::of(id));
    let wish = SeatWish { total: seats, when: wanted(&when) };
    let outcome = services().change_seats(&asker(), id, &wish, &confirmed(&confirmation)).await;
    carried(id, &pane, wish.when, Done::Seats, outcome).await
}

/// Confirms another plan as it was quoted.
#[server(endpoint = "change-plan")]
pub async fn change_plan(
    subscription: String,
    #[server(default)] offer: String,
    #[server(default)] when: String,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    use services::changes::PlanWish;

    use self::carry::{carried, confirmed, page, wanted};
    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, query, services};

    let id = page::id(&subscription)?;
    let pane = format!("{}?pane=plan&{}", page::of(id), query(&[("offer", &offer), ("when", &when)]));
    let [plan, term, frequency] = page::offer(&offer);
    let wish = PlanWish { plan, term, frequency, when: wanted(&when) };
    let outcome = services().change_plan(&asker(), id, &wish, &confirmed(&confirmation)).await;
    carried(id, &pane, wish.when, Done::Plan, outcome).await
}

/// Cancels, as it was quoted. Reason and feedback that are refused are kept for the pane.
#[server(endpoint = "cancel-subscription")]
pub async fn cancel_subscription(
    subscription: String,
    #[server(default)] how: String,
    #[server(default)] reason: String,
    #[server(default)] other: String,
    #[server(default)] feedback: String,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    use super::server::show::CancelTyped;

    let id = carry::page::id(&subscription)?;
    let typed = CancelTyped { how, reason, other, feedback, ..CancelTyped::default() };
    carry::cancel(id, typed, &confirmation).await
}

/// Turns recurring billing on or off.
#[server(endpoint = "set-recurring")]
pub async fn set_recurring(
    subscription: String,
    #[server(default)] key: String,
    #[server(default)] turn: String,
) -> Result<(), AppError> {
    use self::carry::{done, key_or_fresh, page};
    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, services};

    let id = page::id(&subscription)?;
    let on = turn == "on";
    let outcome = services().set_recurring(&asker(), &key_or_fresh(key), id, on).await;
    done(id, "recurring", Done::Recurring { on }, outcome).await
}

/// Drops what waits for the renewal.
#[server(endpoint = "revoke-scheduled")]
pub async fn revoke_scheduled(subscription: String, #[server(default)] key: String) -> Result<(), AppError> {
    use self::carry::{done, key_or_fresh, page};
    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, services};

    let id = page::id(&subscription)?;
    let outcome = services().revoke_scheduled(&asker(), &key_or_fresh(key), id).await;
    done(id, "scheduled", Done::Revoked, outcome).await
}

/// Decides who loses their license at the renewal.
#[server(endpoint = "choose-losing")]
pub async fn choose_losing(
    subscription: String,
    #[server(default)] key: String,
    #[server(default)] person: Vec<String>,
) -> Result<(), AppError> {
    let id = carry::page::id(&subscription)?;
    carry::lose(id, key, &person).await
}

/// Pays an invoice that is due, or asks what has become of its payment.
#[server(endpoint = "pay-invoice")]
pub async fn pay_invoice(
    subscription: String,
    #[server(default)] document: String,
    #[server(default)] method: String,
) -> Result<(), AppError> {
    use self::carry::page;

    let id = page::id(&subscription)?;
    let document = document.parse().map_err(|_| AppError::NotFound)?;
    let method = if method.is_empty() { None } else { Some(method.parse().map_err(|_| AppError::NotFound)?) };
    carry::pay(id, document, method).await
}

/// Extends a trial.
#[server(endpoint = "extend-trial")]
pub async fn extend_trial(subscription: String, #[server(default)] key: String) -> Result<(), AppError> {
    use self::carry::{done, key_or_fresh, page};
    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, services};

    let id = page::id(&subscription)?;
    let outcome = services().extend_trial(&asker(), &key_or_fresh(key), id).await;
    done(id, "extend", Done::Extended, outcome).await
}

/// Begins the order that buys a trial, or brings back what has ended, and leads to its checkout.
#[server(endpoint = "begin-term")]
pub async fn begin_term(
    subscription: String,
    product: String,
    #[server(default)] pane: String,
    #[server(default)] offer: String,
    #[server(default)] seats: String,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    use services::ServiceError;
    use services::orders::Wish;

    use self::carry::{key_or_fresh, page};
    use crate::request::{asker, excuse, go, query, services};

    let id = page::id(&subscription)?;
    let pane = if pane == "buy" { "buy" } else { "reactivate" };
    let typed = query(&[("offer", &offer), ("seats", &seats)]);
    let back = format!("{}?pane={pane}&{typed}", page::of(id));
    let [plan, term, frequency] = page::offer(&offer);
    let wish = Wish { product, plan, term, frequency, seats };
    let (asker, key) = (asker(), key_or_fresh(key));
    let order = match pane {
        "buy" => services().buy_trial(&asker, &key, id, &wish).await,
        _ => services().reactivate(&asker, &key, id, &wish).await,
    };
    match order {
        Ok(order) => go(&format!("/checkout/{order}")),
        // The pane says so itself, beside the field.
        Err(ServiceError::Fields(_) | ServiceError::Change(_)) => go(&back),
        Err(error) => return excuse(&back, &error).await,
    }
    Ok(())
}

#[cfg(feature = "ssr")]
mod carry;
