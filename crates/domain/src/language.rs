//! The languages that are complete and first-class, and texts that exist in each of them.

use serde::{Deserialize, Serialize};

crate::code::coded! {
    /// A language of the interface, by its ISO 639-1 code.
    pub enum Language {
        /// 日本語
        Japanese = "ja",
        /// English, in American spelling
        English = "en",
    }
}

/// Something that exists in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized<T = String> {
    /// In Japanese.
    pub ja: T,
    /// In English.
    pub en: T,
}

impl<T> Localized<T> {
    /// The one for this language.
    pub const fn get(&self, language: Language) -> &T {
        match language {
            Language::Japanese => &self.ja,
            Language::English => &self.en,
        }
    }

    /// The same in each language after `change`.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Localized<U> {
        Localized { ja: change(self.ja), en: change(self.en) }
    }
}

impl Localized<String> {
    /// From two texts.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}
