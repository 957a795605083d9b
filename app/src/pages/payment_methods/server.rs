#[cfg(feature = "ssr")]
pub(super) mod show;

use domain::address::Address;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{CardForm, StatusView};
use crate::error::AppError;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodsView {
    /// The payment methods: one's own first.
    pub rows: Vec<MethodRow>,
    /// What a form has just done.
    pub done: Option<String>,
}

/// A payment method in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodRow {
    /// Its id.
    pub id: String,
    /// Brand and last four digits.
    pub name: String,
    /// The name on it.
    pub holder: String,
    /// Until when it is good, in a sentence of its own.
    pub expires: String,
    /// The last month in which it is.
    pub month: String,
    /// Whether that is over, or soon.
    pub expiry: Option<StatusView>,
    /// Whose it is, where it is not one's own.
    pub owner: Option<String>,
    /// What it pays.
    pub pays: String,
    /// When it was added.
    pub added: String,
}

/// The open pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MethodPane {
    /// One method, with what can be done about it.
    Details(DetailsView),
    /// The address of a card that is about to be typed.
    Address(Box<AddressView>),
    /// The provider's form, or what has become of it.
    Card(Box<CardView>),
    /// The question before one is deleted.
    Delete(DeleteView),
}

/// One method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsView {
    /// As in the list.
    pub row: MethodRow,
    /// What is known of it: name and fact.
    pub facts: Vec<(String, String)>,
    /// The profiles that it pays: name and address.
    pub profiles: Vec<(String, String)>,
}

/// The address of a card's holder, as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressView {
    /// What the pane is called.
    pub title: String,
    /// What will happen.
    pub lead: String,
    /// `add`, `edit`, `replace`.
    pub wish: String,
    /// Which payment method it is about.
    pub method: String,
    /// The profile that the new one pays from then on.
    pub profile: String,
    /// The page to go back to; empty: the list.
    pub back: String,
    /// By which the form is known.
    pub key: String,
    /// Name, label, what stands in it, and what is wrong with it.
    pub fields: Vec<AddressField>,
}

/// A field of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressField {
    /// The name that the form sends.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// What browsers may fill in.
    pub autocomplete: String,
    /// Whether something has to stand in it.
    pub required: bool,
    /// Why what was typed is refused.
    pub error: Option<String>,
}

/// The provider's form, or what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// What the pane is called.
    pub title: String,
    /// Which place at the provider.
    pub setup: String,
    /// How far it is.
    pub stage: CardStage,
    /// The pane that begins anew.
    pub again: String,
}

/// How far a card is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardStage {
    /// It is typed here.
    Type(CardForm),
    /// It is there: its name, until when it is good, and what the button does.
    Save {
        /// Brand and last four digits.
        name: String,
        /// Until when it is good.
        expires: String,
    },
    /// Nothing came of it: why.
    Refused(String),
    /// It is saved already.
    Saved,
}

/// The question before a method is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteView {
    /// As in the list.
    pub row: MethodRow,
    /// By which the form is known.
    pub key: String,
    /// How many profiles it pays, in words; nothing where it pays none.
    pub in_use: Option<String>,
    /// The others of one's own that could take its place: id, name, until when they are good.
    pub others: Vec<(String, String, String)>,
}

/// One's own payment methods, and those that pay one's profiles.
#[server(endpoint = "payment-methods", input = leptos::server_fn::codec::GetUrl)]
pub async fn payment_methods(result: Option<String>) -> Result<MethodsView, AppError> {
    show::methods(result).await
}

/// The open pane, with what it is about.
#[server(endpoint = "method-pane", input = leptos::server_fn::codec::GetUrl)]
pub async fn open_method_pane(
    pane: String,
    method: Option<String>,
    profile: Option<String>,
    setup: Option<String>,
    back: Option<String>,
    form: Option<String>,
) -> Result<MethodPane, AppError> {
    show::pane(&pane, show::Asked { method, profile, setup, back, form }).await
}

/// Begins a card at the provider.
#[server(endpoint = "begin-card")]
pub async fn begin_card(
    wish: String,
    #[server(default)] method: String,
    #[server(default)] profile: String,
    #[server(default)] back: String,
    #[server(default)] key: String,
    #[server(default)] address: Address,
) -> Result<(), AppError> {
    show::act::begin([wish, method, profile, back], &key, address).await
}

/// Saves the card that was typed at the provider.
#[server(endpoint = "finish-card")]
pub async fn finish_card(setup: String) -> Result<(), AppError> {
    show::act::finish(&setup).await
}

/// Deletes a payment method, with another one in its place where it pays something.
#[server(endpoint = "delete-card")]
pub async fn delete_card(
    method: String,
    #[server(default)] instead: String,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    show::act::delete(&method, &instead, &key).await
}
