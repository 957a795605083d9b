use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{ChoiceView, SeatsBoxView};
use crate::error::AppError;

/// How a product can be tried, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialView {
    /// The product's key.
    pub product: String,
    /// Product and plan.
    pub name: String,
    /// Its glyph.
    pub icon: String,
    /// Its color.
    pub hue: String,
    /// For how many and how long.
    pub summary: String,
    /// What is started; nothing where the organization has had its trial.
    pub form: Option<TrialForm>,
}

/// What is started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialForm {
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// What one should know: name and fact.
    pub facts: Vec<(String, String)>,
    /// Whether it becomes a purchase; nothing without a card, since then it never does.
    pub convert: Option<ConvertView>,
    /// What is agreed to: text and address.
    pub legal: Vec<(String, String)>,
}

/// What a trial becomes at its end, if that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvertView {
    /// Whether it is.
    pub ticked: bool,
    /// Terms with the way of paying.
    pub offers: Vec<ChoiceView>,
    /// How many seats.
    pub seats: SeatsBoxView,
    /// What is charged then, and what follows.
    pub then: Option<String>,
    /// Why the choice cannot be had.
    pub error: Option<String>,
}

/// The last page before a trial of a product. `convert`, `offer` and `seats` are what stands in the address.
#[server(endpoint = "trial", input = leptos::server_fn::codec::GetUrl)]
pub async fn trial(
    product: String,
    #[server(default)] convert: Option<String>,
    #[server(default)] offer: Option<String>,
    #[server(default)] seats: Option<String>,
) -> Result<TrialView, AppError> {
    use crate::request::{answer, asker, services};

    let found = services().trial_offer(&asker(), &product).await.map_err(|error| answer(&error))?;
    show::trial(&found, &show::Typed { convert: convert.is_some(), offer, seats })
}

/// Starts a trial, or begins the order for which a card is typed first.
#[server(endpoint = "start-trial")]
pub async fn start_trial(
    product: String,
    #[server(default)] key: String,
    #[server(default)] convert: Option<String>,
    #[server(default)] offer: String,
    #[server(default)] seats: String,
) -> Result<(), AppError> {
    use services::ServiceError;
    use services::trials::{TrialStarted, TrialWish};

    use crate::pages::product_details::server::done::Done;
    use crate::request::{asker, excuse, fresh_key, go, keep_result, query, services};

    // Whatever comes in as a product goes out as part of an address.
    let safe = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let mut page = format!("/catalog/{}/trial", product.chars().filter(safe).collect::<String>());
    if convert.is_some() {
        let yes = "yes".to_owned();
        page =
            [page.as_str(), "?", &query(&[("convert", &yes), ("offer", &offer), ("seats", &seats)])].concat();
    }
    let wanted = offer.split_once('/').map(|(term, frequency)| (term.to_owned(), frequency.to_owned()));
    let wish = TrialWish { product, seats_to_buy: seats, convert: convert.and(wanted) };
    let key = if key.is_empty() { fresh_key() } else { key };
    match services().start_trial(&asker(), &key, &wish).await {
        Ok(TrialStarted::Running(subscription)) => {
            keep_result(&format!("/products/{subscription}"), &Done::Started).await
        }
        Ok(TrialStarted::Card(order)) => {
            go(&format!("/checkout/{order}"));
            Ok(())
        }
        // The page says so itself.
        Err(ServiceError::Fields(_) | ServiceError::TriedBefore) => {
            go(&page);
            Ok(())
        }
        Err(error) => excuse(&page, &error).await,
    }
}

#[cfg(feature = "ssr")]
mod show;
