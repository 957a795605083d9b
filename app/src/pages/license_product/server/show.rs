//! People, days and places in a list, ready to show.

use domain::id::PersonId;
use domain::language::Language;
use domain::license::AssignmentSource;
use domain::time::{Date, Instant};
use services::asker::{Place, Profile};

use super::PersonShown;
use crate::format::instant_date;
use crate::request::{asker, language};
use crate::texts::Texts;

/// The colors of people's marks.
const HUES: [&str; 7] = ["lapis", "teal", "wisteria", "persimmon", "gold", "moss", "crimson"];

/// A person in the language of the page.
pub(in crate::pages) fn person(id: PersonId, profile: &Profile) -> PersonShown {
    let language = language();
    let name = profile.name();
    let shown = name.as_ref().map_or_else(|| profile.mail.clone(), |name| name.display(language));
    let second = match (language, &name) {
        (_, None) => String::new(),
        (Language::Japanese, Some(name)) => name.reading(),
        (Language::English, Some(name)) => name.display(Language::Japanese),
    };
    PersonShown {
        id: id.to_string(),
        initial: initial(&shown),
        hue: hue(id).to_owned(),
        second: if second == shown { String::new() } else { second },
        name: shown,
        department: profile.department.clone(),
        mail: profile.mail.clone(),
    }
}

/// Somebody whom this organization does not know (any more).
pub(in crate::pages::license_product) fn unknown(id: PersonId) -> PersonShown {
    let name = Texts::new(language()).licenses().unknown_person().to_owned();
    PersonShown {
        id: id.to_string(),
        initial: initial(&name),
        hue: String::new(),
        name,
        second: String::new(),
        department: String::new(),
        mail: String::new(),
    }
}

fn initial(name: &str) -> String {
    name.chars().next().map(String::from).unwrap_or_default()
}

/// A person keeps their color, whatever they are called.
fn hue(person: PersonId) -> &'static str {
    let number = usize::from(person.uuid().as_bytes().last().copied().unwrap_or_default());
    HUES[number % HUES.len()]
}

/// How somebody came to a license, in words.
pub(in crate::pages::license_product) fn source(source: AssignmentSource) -> &'static str {
    match source {
        AssignmentSource::Manual => Texts::new(language()).licenses().manual(),
    }
}

/// The day at an instant, where the person who looks is.
pub(in crate::pages::license_product) fn day_of(at: Instant) -> Date {
    instant_date(at, asker().place().map_or("UTC", Place::time_zone))
}

/// The ids among these texts, each once.
pub(in crate::pages::license_product) fn ids(texts: &[String]) -> Vec<PersonId> {
    let mut ids: Vec<PersonId> = Vec::with_capacity(texts.len());
    for id in texts.iter().filter_map(|text| text.parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// What the address of the page behind a person says: their id and what they are sorted by, so that the page is
/// found without them as well.
pub(in crate::pages::license_product) fn after(sort_key: &str, person: PersonId) -> String {
    let mut code = String::new();
    for byte in format!("{person} {sort_key}").bytes() {
        let digits = [byte >> 4, byte & 15];
        code.extend(digits.into_iter().filter_map(|digit| char::from_digit(u32::from(digit), 16)));
    }
    code
}

/// What [`after`] has made; nothing if it is something else.
pub(in crate::pages::license_product) fn place_in_list(code: &str) -> Option<(String, PersonId)> {
    let byte = |at: usize| u8::from_str_radix(code.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..code.len()).step_by(2).map(byte).collect();
    let text = String::from_utf8(bytes?).ok()?;
    let (person, sort_key) = text.split_once(' ')?;
    Some((sort_key.to_owned(), person.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_found_again() {
        let person: PersonId = "per_01h455vb4pex5vsknk084sn02q".parse().expect("an id");
        for sort_key in ["たかだ しゅうへい", "smith anna", " ", ""] {
            let code = after(sort_key, person);
            assert!(code.bytes().all(|byte| byte.is_ascii_hexdigit()), "{code}");
            assert_eq!(place_in_list(&code), Some((sort_key.to_owned(), person)));
        }
    }

    #[test]
    fn what_is_no_place_is_the_start() {
        for strange in ["", "0", "zz", "é1", "7065", "706572 ", "ffff"] {
            assert_eq!(place_in_list(strange), None, "{strange}");
        }
    }

    #[test]
    fn an_id_counts_once() {
        let id = "per_01h455vb4pex5vsknk084sn02q";
        let texts = [id, "per_", id, "sub_01h455vb4pex5vsknk084sn02q"].map(str::to_owned);
        assert_eq!(ids(&texts), [id.parse::<PersonId>().expect("an id")]);
    }
}
