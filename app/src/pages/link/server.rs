use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkForm {
    /// The link's token, for the form to send.
    pub token: String,
    /// Whose password it sets.
    pub mail: String,
    /// Whether there is a password already.
    pub reset: bool,
    /// Why the last one was refused.
    pub refusal: Option<PasswordRefusal>,
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordRefusal {
    /// Too few characters.
    TooShort,
    /// Too many characters.
    TooLong,
    /// For the most part the person's own address.
    AboutYourself,
    /// One piece again and again.
    Monotonous,
    /// The second one is not the first.
    Different,
}

/// Looks at the link; it stays unused.
#[server(endpoint = "link-form", input = leptos::server_fn::codec::GetUrl)]
pub async fn load_link_form(token: String, form: Option<String>) -> Result<LinkForm, AppError> {
    use crate::request::{answer, asker, refused, services};

    let open = services().open_link(&asker(), &token).await.map_err(|error| answer(&error))?;
    let refusal = refused::<PasswordRefusal>(form.as_deref()).await?;
    Ok(LinkForm { token, mail: open.mail, reset: open.reset, refusal })
}

/// Sets the password and signs in.
#[server(endpoint = "use-link")]
pub async fn use_link(
    token: String,
    #[server(default)] password: String,
    #[server(default)] again: String,
) -> Result<(), AppError> {
    use services::ServiceError;
    use services::password::PasswordProblem;

    use crate::request::{asker, excuse, go, keep_session, refuse, services};

    // Whatever comes in as a token goes out as part of an address.
    let page = format!("/link/{}", token.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
    if password != again {
        return refuse(&page, &PasswordRefusal::Different).await;
    }
    let problem = match services().use_link(&asker(), &token, password).await {
        Ok(started) => {
            keep_session(&started.token);
            go(if started.placed { "/" } else { "/organizations" });
            return Ok(());
        }
        Err(ServiceError::Password(problem)) => problem,
        Err(ServiceError::DeadLink) => {
            go(&page);
            return Ok(());
        }
        Err(error) => return excuse(&page, &error).await,
    };
    let refusal = match problem {
        PasswordProblem::TooShort => PasswordRefusal::TooShort,
        PasswordProblem::TooLong => PasswordRefusal::TooLong,
        PasswordProblem::AboutYourself => PasswordRefusal::AboutYourself,
        PasswordProblem::Monotonous => PasswordRefusal::Monotonous,
    };
    refuse(&page, &refusal).await
}
