//! Every word that the page says, in the person's language. Made from `app/locales` by `build.rs`.

use domain::language::Language;
use leptos::prelude::use_context;

use crate::look::Look;

/// All texts in one language: `texts.products().title()`.
#[derive(Clone, Copy, Debug)]
pub struct Texts(Language);

impl Texts {
    /// The texts in a language.
    pub const fn new(language: Language) -> Self {
        Self(language)
    }

    /// The language.
    pub const fn language(self) -> Language {
        self.0
    }
}

/// The texts in the language of this page.
pub fn use_texts() -> Texts {
    Texts(use_context::<Look>().unwrap_or_default().language)
}

/// The address of a server function for a form on a page where nobody is signed in: the language stands in it.
pub fn with_language(path: &str) -> String {
    [path, "?lang=", use_texts().language().code()].concat()
}

/// A number with its thousands kept apart, as both languages write it.
pub(crate) fn group(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A text as markup, for the few places that take nothing else.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
mod tests {
    use super::group;

    #[test]
    fn thousands_are_kept_apart() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "−1,000")]
        {
            assert_eq!(group(number), text);
        }
    }
}
