use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInForm {
    /// What was typed before, if it was refused.
    pub mail: String,
    /// Where to go afterwards.
    pub to: String,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
}

/// Why somebody was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Address and password do not belong together.
    Wrong,
    /// Too many tries.
    TooMany {
        /// After how many minutes it works again.
        minutes: i64,
    },
}

/// The form, with what was typed before if it was refused.
#[server(endpoint = "sign-in-form", input = leptos::server_fn::codec::GetUrl)]
pub async fn load_sign_in_form(form: Option<String>, to: Option<String>) -> Result<SignInForm, AppError> {
    let refused = crate::request::refused::<SignInForm>(form.as_deref()).await?;
    Ok(refused.unwrap_or_else(|| SignInForm { to: to.unwrap_or_default(), ..SignInForm::default() }))
}

/// Signs in and goes on: to the page that asked for it, or to the choice of a place.
#[server(endpoint = "sign-in")]
pub async fn sign_in(
    mail: String,
    #[server(default)] password: String,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    use services::ServiceError;

    use crate::request::{asker, excuse, go, keep_session, own_address, refuse, services};

    let refusal = match services().sign_in(&asker(), &mail, password).await {
        Ok(started) => {
            keep_session(&started.token);
            go(if started.placed { own_address(&to) } else { "/organizations" });
            return Ok(());
        }
        Err(ServiceError::WrongPassword) => Refusal::Wrong,
        Err(ServiceError::TooMany { retry_after }) => {
            Refusal::TooMany { minutes: i64::from(retry_after.div_ceil(60)) }
        }
        Err(error) => return excuse("/sign-in", &error).await,
    };
    refuse("/sign-in", &SignInForm { mail, to, refusal: Some(refusal) }).await
}

/// Ends the session, on the server and in the browser.
#[server(endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::request::{asker, excuse, forget_session, go, services};

    if let Err(error) = services().sign_out(&asker()).await {
        return excuse("/", &error).await;
    }
    forget_session();
    go("/sign-in");
    Ok(())
}
