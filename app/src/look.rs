//! How the page looks to this person: its language and its theme.
//!
//! The server decides (the person's choice, else the address, else what the browser asks for) and writes it
//! onto `<html>`; the browser reads it from there, so both render the same from the first moment on.

use domain::language::Language;
use serde::{Deserialize, Serialize};

/// Language and theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language of every word on the page.
    pub language: Language,
    /// The colors.
    pub theme: Theme,
}

impl Default for Look {
    fn default() -> Self {
        Self { language: Language::English, theme: Theme::Device }
    }
}

/// Light, dark, or as the device is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the device is set.
    #[default]
    Device,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// What `data-theme` says; nothing where the device decides.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Device => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The theme of that name; the device's for anything else.
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Device,
        }
    }
}

impl Look {
    /// What the server wrote onto `<html>`.
    #[cfg(target_family = "wasm")]
    pub fn of_document() -> Self {
        let root = leptos::prelude::document().document_element();
        let attribute = |name| root.as_ref().and_then(|root| root.get_attribute(name)).unwrap_or_default();
        Self {
            language: if attribute("lang") == "ja" { Language::Japanese } else { Language::English },
            theme: Theme::named(&attribute("data-theme")),
        }
    }
}
