use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// The clock of one's organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    /// Whether it is on a test clock.
    pub running: bool,
    /// Whether it could be put on one.
    pub can_start: bool,
    /// Which day it is there, in words.
    pub today: String,
    /// The first day to which it can be moved, as a date field wants it.
    pub first: String,
    /// The last one.
    pub last: String,
    /// The first one in words.
    pub first_shown: String,
    /// The last one in words.
    pub last_shown: String,
    /// What stands in the field.
    pub typed: String,
    /// Whether that was refused.
    pub wrong: bool,
    /// What happened when it was moved just now.
    pub happened: Option<Vec<ClockRow>>,
    /// What could not be done.
    pub failed: Vec<String>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRow {
    /// The day.
    pub on: String,
    /// What.
    pub what: String,
    /// With which product.
    pub product: String,
}

/// What is kept between moving the clock and the page that shows what happened.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    happened: Vec<services::Happened>,
    failed: Vec<String>,
}

/// The clock of one's organization, with what happened or was refused just now.
#[server(endpoint = "clock", input = leptos::server_fn::codec::GetUrl)]
pub async fn clock(
    #[server(default)] result: String,
    #[server(default)] form: String,
) -> Result<ClockView, AppError> {
    use crate::format::date_long;
    use crate::request::{answer, asker, language, refused, services};

    let (services, asker, language) = (services(), asker(), language());
    let clock = services.own_clock(&asker).await.map_err(|error| answer(&error))?;
    let typed: Option<String> =
        refused(Some(&form).filter(|key| !key.is_empty()).map(String::as_str)).await?;
    let kept: Option<Kept> = refused(Some(&result).filter(|key| !key.is_empty()).map(String::as_str)).await?;
    let (first, last) = (clock.today, clock.last);
    let (happened, failed) = match kept {
        Some(kept) => (Some(show::rows(kept.happened).await?), kept.failed),
        None => (None, Vec::new()),
    };
    Ok(ClockView {
        running: clock.test_clock.is_some(),
        can_start: clock.can_start,
        today: date_long(clock.today, language),
        first: first.to_string(),
        last: last.to_string(),
        first_shown: date_long(first, language),
        last_shown: date_long(last, language),
        wrong: typed.is_some(),
        typed: typed.unwrap_or_default(),
        happened,
        failed,
    })
}

/// Puts one's organization on a test clock.
#[server(endpoint = "start-clock")]
pub async fn start_clock() -> Result<(), AppError> {
    use crate::request::{asker, excuse, go, services};

    match services().start_own_clock(&asker()).await {
        Ok(_) => go("/organization/clock"),
        Err(error) => return excuse("/organization/clock", &error).await,
    }
    Ok(())
}

/// Moves the test clock of one's organization.
#[server(endpoint = "advance-clock")]
pub async fn advance_clock(#[server(default)] to: String) -> Result<(), AppError> {
    use services::ServiceError;
    use services::clock::ClockProblem;

    use crate::request::{asker, excuse, keep_result, refuse, services};

    const PAGE: &str = "/organization/clock";
    let (services, asker) = (services(), asker());
    let Ok(day) = to.trim().parse::<domain::time::Date>() else { return refuse(PAGE, &to).await };
    match services.advance_own_clock(&asker, day).await {
        Ok(advanced) => {
            keep_result(PAGE, &Kept { happened: advanced.happened, failed: advanced.failed }).await
        }
        Err(ServiceError::Clock(ClockProblem::Backward(_) | ClockProblem::TooFar(_))) => {
            refuse(PAGE, &to).await
        }
        Err(error) => excuse(PAGE, &error).await,
    }
}

#[cfg(feature = "ssr")]
mod show {
    use services::Happened;

    use super::ClockRow;
    use crate::error::AppError;
    use crate::format::date_short;
    use crate::request::{answer, asker, language, services};
    use crate::texts::use_texts;

    /// What happened, with the names of the products.
    pub(super) async fn rows(happened: Vec<Happened>) -> Result<Vec<ClockRow>, AppError> {
        let language = language();
        let ids = happened.iter().map(|each| each.subscription).collect();
        let names = services().names_on_clock(&asker(), &ids).await.map_err(|error| answer(&error))?;
        let row = |each: Happened| ClockRow {
            on: date_short(each.on, language),
            what: words(&each.what),
            product: names.get(&each.subscription).map(|name| name.get(language).clone()).unwrap_or_default(),
        };
        Ok(happened.into_iter().map(row).collect())
    }

    fn words(what: &str) -> String {
        let words = use_texts().clock();
        let text = match what {
            "subscription.begin" => words.subscription_begin(),
            "subscription.renew" => words.subscription_renew(),
            "subscription.invoice" => words.subscription_invoice(),
            "subscription.fix-price" => words.subscription_fix_price(),
            "subscription.announce" => words.subscription_announce(),
            "subscription.end" => words.subscription_end(),
            "subscription.disable" => words.subscription_disable(),
            "subscription.disable-unpaid" => words.subscription_disable_unpaid(),
            "subscription.delete" => words.subscription_delete(),
            "subscription.retry" => words.subscription_retry(),
            "subscription.remind" => words.subscription_remind(),
            "subscription.no-card" => words.subscription_no_card(),
            "trial.convert" => words.subscription_convert(),
            "subscription.move-people" => words.subscription_move_people(),
            "license.lose" => words.license_lose(),
            "document.pay" => words.document_pay(),
            "document.decline" => words.document_decline(),
            _ => words.other(),
        };
        text.to_owned()
    }
}
