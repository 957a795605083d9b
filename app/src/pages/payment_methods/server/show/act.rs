//! What the buttons do, and where they lead.

use domain::address::Address;
use domain::id::{CardSetupId, PaymentMethodId};
use serde::{Deserialize, Serialize};
use services::ServiceError;
use services::cards::{CardWish, MethodLine};

use super::{PAGE, id, wish};
use crate::error::AppError;
use crate::pages::checkout::server::card_name;
use crate::request::{asker, excuse, fresh_key, go, keep_result, own_address, query, refuse, services};
use crate::texts::Texts;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "kebab-case")]
pub(in super::super) enum Done {
    /// A method is there.
    Added { method: PaymentMethodId },
    /// A method is there, and pays a profile.
    Attached { method: PaymentMethodId },
    /// A method is as it was typed.
    Edited { method: PaymentMethodId },
    /// A method took the place of another.
    Replaced { method: PaymentMethodId },
    /// A method is gone.
    Deleted,
}

impl Done {
    /// What the page says of it.
    pub(super) fn text(self, lines: &[MethodLine], texts: Texts) -> String {
        let words = texts.cards();
        let name = |method: PaymentMethodId| {
            lines
                .iter()
                .find(|line| line.id == method)
                .map(|line| card_name(&line.card, texts))
                .unwrap_or_default()
        };
        match self {
            Self::Added { method } => words.added_done(&name(method)),
            Self::Attached { method } => words.attached_done(&name(method)),
            Self::Edited { method } => words.edited_done(&name(method)),
            Self::Replaced { method } => words.replaced_done(&name(method)),
            Self::Deleted => words.deleted_done().to_owned(),
        }
    }
}

/// Begins a card at the provider, or shows the address again with what is wrong with it.
pub(in super::super) async fn begin(
    [code, method, profile, back]: [String; 4],
    key: &str,
    typed: Address,
) -> Result<(), AppError> {
    let wished = wish(&code, Some(&method), Some(&profile))?;
    let about = [("pane", &code), ("method", &method), ("profile", &profile), ("back", &back)];
    let about: Vec<_> = about.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let here = format!("{PAGE}?{}", query(&about));
    let key = if key.is_empty() { fresh_key() } else { key.to_owned() };
    match services().begin_card(&asker(), &key, wished, &typed, &back).await {
        Ok(setup) => {
            go(&format!("{PAGE}?pane=card&setup={setup}"));
            Ok(())
        }
        Err(ServiceError::Fields(_)) => refuse(&here, &typed).await,
        Err(error) => excuse(&here, &error).await,
    }
}

/// Saves the card, or leads back to where it is typed.
pub(in super::super) async fn finish(setup: &str) -> Result<(), AppError> {
    let setup: CardSetupId = id(Some(setup))?;
    let place = format!("{PAGE}?pane=card&setup={setup}");
    let finished = match services().finish_card(&asker(), setup).await {
        Ok(Some(finished)) => finished,
        Ok(None) => {
            go(&place);
            return Ok(());
        }
        Err(error) => return excuse(&place, &error).await,
    };
    if !finished.back.is_empty() {
        go(own_address(&finished.back));
        return Ok(());
    }
    let method = finished.method;
    let done = match finished.wish {
        CardWish::Add { profile: None } => Done::Added { method },
        CardWish::Add { profile: Some(_) } => Done::Attached { method },
        CardWish::Edit { .. } => Done::Edited { method },
        CardWish::Replace { .. } => Done::Replaced { method },
    };
    keep_result(PAGE, &done).await
}

/// Deletes a method.
pub(in super::super) async fn delete(method: &str, instead: &str, key: &str) -> Result<(), AppError> {
    let deleted: PaymentMethodId = id(Some(method))?;
    let instead = if instead.is_empty() { None } else { Some(id(Some(instead))?) };
    let key = if key.is_empty() { fresh_key() } else { key.to_owned() };
    match services().delete_card(&asker(), &key, deleted, instead).await {
        Ok(()) => {
            let done = instead.map_or(Done::Deleted, |method| Done::Replaced { method });
            keep_result(PAGE, &done).await
        }
        Err(error) => excuse(&format!("{PAGE}?pane=delete&method={deleted}"), &error).await,
    }
}
