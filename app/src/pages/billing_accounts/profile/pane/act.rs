//! What the buttons of the panes do. Each is a plain form: it does one thing and leads to where that is seen.

use domain::address::Address;
use leptos::prelude::*;

use crate::error::AppError;

/// Saves name, PO number and address.
#[server(endpoint = "describe-profile")]
pub async fn describe_profile(
    account: String,
    profile: String,
    version: i64,
    #[server(default)] key: String,
    #[server(default)] name: String,
    #[server(default)] purchase_order: String,
    #[server(default)] address: Address,
) -> Result<(), AppError> {
    let desk = carry::Desk::of(&account, &profile, version, key)?;
    carry::describe(&desk, carry::details(name, purchase_order, address)).await
}

/// Saves who gets the invoices.
#[server(endpoint = "set-recipients")]
pub async fn set_recipients(
    account: String,
    profile: String,
    version: i64,
    #[server(default)] key: String,
    #[server(default)] recipients: String,
) -> Result<(), AppError> {
    carry::recipients(&carry::Desk::of(&account, &profile, version, key)?, recipients).await
}

/// Has the profile paid by another method of one's own.
#[server(endpoint = "replace-method")]
pub async fn replace_method(
    account: String,
    profile: String,
    version: i64,
    #[server(default)] key: String,
    #[server(default)] method: String,
) -> Result<(), AppError> {
    carry::replace(&carry::Desk::of(&account, &profile, version, key)?, &method).await
}

#[cfg(feature = "ssr")]
mod carry;
