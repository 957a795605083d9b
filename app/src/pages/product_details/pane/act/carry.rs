//! Where a form leads when its use case has answered.

use domain::change::{CancelReason, When};
use domain::id::{DocumentId, PaymentMethodId, PersonId, SubscriptionId};
use domain::time::Instant;
use services::ServiceError;
use services::changes::{CancelHow, CancelWish, ChangeOutcome, Confirmation, Standing};

use super::super::server::show::{Came, CancelTyped, Refused, cancel_problems, is_paid};
use crate::error::AppError;
use crate::pages::product_details::server::done::Done;
use crate::request::{asker, excuse, fresh_key, go, keep_result, refuse, services};

/// What stands in addresses.
pub(super) mod page {
    use domain::id::SubscriptionId;

    use crate::error::AppError;

    /// The id of a subscription. Only what is one goes into an address again.
    pub(in super::super) fn id(text: &str) -> Result<SubscriptionId, AppError> {
        text.parse().map_err(|_| AppError::NotFound)
    }

    /// A subscription's page.
    pub(in super::super) fn of(id: SubscriptionId) -> String {
        format!("/products/{id}")
    }

    /// Plan, term and frequency by their codes, as a choice names them.
    pub(in super::super) fn offer(code: &str) -> [String; 3] {
        let mut parts = code.split('/').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }
}

/// When something is wanted; at once where nothing is said.
pub(super) fn wanted(when: &str) -> When {
    When::from_code(when).unwrap_or(When::Now)
}

/// The quote that a button names.
pub(super) fn confirmed(text: &str) -> Confirmation {
    let (at, seal) = text.split_once('/').unwrap_or_default();
    Confirmation { seal: seal.to_owned(), quoted_at: Instant::from_micros(at.parse().unwrap_or_default()) }
}

/// The key that a form was given, or one of its own for a form without.
pub(super) fn key_or_fresh(key: String) -> String {
    if key.is_empty() { fresh_key() } else { key }
}

/// After a change that costs nothing: its page says so, or its pane why not.
pub(super) async fn done(
    id: SubscriptionId,
    pane: &str,
    what: Done,
    outcome: Result<(), ServiceError>,
) -> Result<(), AppError> {
    let page = page::of(id);
    match outcome {
        Ok(()) => keep_result(&page, &what).await,
        Err(error) => excuse(&format!("{page}?pane={pane}"), &error).await,
    }
}

/// After a change that was quoted: done, on its way to be paid, or shown again with what has become of it.
pub(super) async fn carried(
    id: SubscriptionId,
    pane: &str,
    when: When,
    what: Done,
    outcome: Result<ChangeOutcome, ServiceError>,
) -> Result<(), AppError> {
    let what = if when == When::AtRenewal { Done::Scheduled } else { what };
    match outcome {
        Ok(ChangeOutcome::Done | ChangeOutcome::Order { standing: Standing::Paid { .. }, .. }) => {
            keep_result(&page::of(id), &what).await
        }
        Ok(ChangeOutcome::Order { standing: Standing::Declined { code }, .. }) => {
            refuse(pane, &Came { declined: Some(code), ..Came::default() }).await
        }
        Ok(ChangeOutcome::Order { order, .. }) => {
            go(&format!("/checkout/{order}"));
            Ok(())
        }
        Err(ServiceError::QuoteChanged) => refuse(pane, &Came { changed: true, ..Came::default() }).await,
        // The pane says so itself, beside the field.
        Err(ServiceError::Fields(_)) => {
            go(pane);
            Ok(())
        }
        Err(error) => match Refused::of(&error) {
            Some(refused) => refuse(pane, &Came { refused: Some(refused), ..Came::default() }).await,
            None => excuse(pane, &error).await,
        },
    }
}

/// Cancels, or shows again what was typed with what is wrong with it.
pub(super) async fn cancel(
    id: SubscriptionId,
    typed: CancelTyped,
    confirmation: &str,
) -> Result<(), AppError> {
    let pane = format!("{}?pane=cancel", page::of(id));
    let Some(reason) = CancelReason::from_code(&typed.reason) else {
        return refuse(&pane, &CancelTyped { reason_missing: true, ..typed }).await;
    };
    let how = if typed.how == "now" { CancelHow::Now } else { CancelHow::AtEnd };
    let wish = CancelWish { how, reason, other: typed.other.clone(), feedback: typed.feedback.clone() };
    let (services, asker) = (services(), asker());
    // What comes back is said afterwards too.
    let quote = services.quote_cancel(&asker, id).await.ok().and_then(|quote| quote.now);
    match services.cancel(&asker, id, &wish, &confirmed(confirmation)).await {
        Ok(_) => {
            let back = quote.and_then(|quote| quote.back).and_then(|back| back.gross.negated().ok());
            let what = match how {
                CancelHow::Now => Done::Canceled { back: back.filter(|back| back.is_positive()) },
                CancelHow::AtEnd => Done::CanceledAtEnd,
            };
            keep_result(&page::of(id), &what).await
        }
        Err(ServiceError::QuoteChanged) => refuse(&pane, &CancelTyped { changed: true, ..typed }).await,
        Err(ServiceError::Fields(errors)) => refuse(&pane, &cancel_problems(typed, &errors)).await,
        Err(error) => match Refused::of(&error) {
            Some(refused) => refuse(&pane, &CancelTyped { refused: Some(refused), ..typed }).await,
            None => excuse(&pane, &error).await,
        },
    }
}

/// Pays an invoice: its page says so, the pane goes on with the bank, or says why it was declined.
pub(super) async fn pay(
    id: SubscriptionId,
    document: DocumentId,
    method: Option<PaymentMethodId>,
) -> Result<(), AppError> {
    let pane = format!("{}?pane=pay", page::of(id));
    let (services, asker) = (services(), asker());
    // What was paid is said afterwards too.
    let owed = services.payable(&asker, id).await.ok().flatten().map(|payable| payable.owed);
    match services.pay_now(&asker, document, method).await {
        Ok(Standing::Paid { .. }) => keep_result(&page::of(id), &Done::Paid { amount: owed }).await,
        Ok(Standing::Declined { code }) => {
            refuse(&pane, &Came { declined: Some(code), ..Came::default() }).await
        }
        Ok(_) => {
            go(&pane);
            Ok(())
        }
        Err(error) if is_paid(&error) => {
            go(&pane);
            Ok(())
        }
        Err(error) => excuse(&pane, &error).await,
    }
}

/// Decides who loses their license: the page says so, or the pane that too many were ticked.
pub(super) async fn lose(id: SubscriptionId, key: String, people: &[String]) -> Result<(), AppError> {
    let pane = format!("{}?pane=scheduled", page::of(id));
    let people: Vec<PersonId> = people
        .iter()
        .map(|person| person.parse())
        .collect::<Result<_, _>>()
        .map_err(|_| AppError::NotFound)?;
    match services().choose_losing(&asker(), &key_or_fresh(key), id, &people).await {
        Ok(()) => keep_result(&page::of(id), &Done::Losing).await,
        Err(ServiceError::Fields(_)) => refuse(&pane, &people).await,
        Err(error) => excuse(&pane, &error).await,
    }
}
