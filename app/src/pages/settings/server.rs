use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsForm {
    /// `ja`, `en`, or nothing: as the organization.
    pub language: String,
    /// `light`, `dark`, or nothing: as the device.
    pub theme: String,
    /// Which state of the settings this is.
    pub version: i64,
}

/// One's own settings.
#[server(endpoint = "settings", input = leptos::server_fn::codec::GetUrl)]
pub async fn settings() -> Result<SettingsForm, AppError> {
    use crate::request::{answer, asker};

    let asker = asker();
    asker.must(services::rights::Right::ChangeSettings).map_err(|error| answer(&error))?;
    let person = &asker.must_place().map_err(|error| answer(&error))?.person;
    Ok(SettingsForm {
        language: person.chosen.language.clone().unwrap_or_default(),
        theme: person.chosen.theme.clone().unwrap_or_default(),
        version: person.version,
    })
}

/// Saves one's own settings.
#[server(endpoint = "save-settings")]
pub async fn save_settings(
    #[server(default)] language: String,
    #[server(default)] theme: String,
    version: i64,
) -> Result<(), AppError> {
    use domain::language::Language;

    use crate::request::{asker, excuse, go, services};

    let (services, asker) = (services(), asker());
    let saved = services.save_preferences(&asker, version, |preferences| {
        preferences.language = Language::from_code(&language);
        preferences.theme = Some(theme).filter(|theme| ["light", "dark"].contains(&theme.as_str()));
    });
    match saved.await {
        Ok(()) => go("/settings"),
        Err(error) => return excuse("/settings", &error).await,
    }
    Ok(())
}

/// Changes the language of the page and stays where one is.
#[server(endpoint = "set-language")]
pub async fn set_language(language: String, #[server(default)] to: String) -> Result<(), AppError> {
    use domain::language::Language;

    use crate::request::{answer, asker, excuse, go, own_address, services};

    let (services, asker) = (services(), asker());
    let version = asker.must_place().map_err(|error| answer(&error))?.person.version;
    let saved = services.save_preferences(&asker, version, |preferences| {
        preferences.language = Language::from_code(&language);
    });
    match saved.await {
        Ok(()) => go(own_address(&to)),
        Err(error) => return excuse("/settings", &error).await,
    }
    Ok(())
}
