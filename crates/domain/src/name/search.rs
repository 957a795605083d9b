//! Under which keys a person is found, and which part of a text a search has found.

use super::{NameParts, PersonName, fold};
use crate::mail::MailAddress;

/// The folded keys of a person: whoever types the beginning of one of them finds the person (SPEC 5, 7).
///
/// By each word of the name, family and given name together in both orders, the same in kana and in romaji,
/// and by mail address. A key that another key begins with is left out, since the longer one serves for both:
/// 山田 is found through 山田太郎, the local part through the whole address. Sorted, none twice, none empty.
pub fn search_keys(name: &PersonName, mail: Option<&MailAddress>) -> Vec<String> {
    let scripts = [Some(name.written()), name.kana(), name.romaji()];
    let mut keys: Vec<String> = scripts.into_iter().flatten().flat_map(keys_of_parts).collect();
    keys.extend(mail.map(|mail| fold(mail.as_str())));
    keys.retain(|key| !key.is_empty());
    // In sorted order, whatever begins with a key follows it directly.
    keys.sort_unstable();
    let with_next: Vec<bool> =
        keys.windows(2).map(|pair| matches!(pair, [key, next] if next.starts_with(key.as_str()))).collect();
    let mut covered = with_next.into_iter().chain([false]);
    keys.retain(|_| !covered.next().unwrap_or(false));
    keys
}

/// From each word to the end, in both orders: "van der Berg, Anna" is found by `vander`, `derb`, `berga`,
/// `annav`.
fn keys_of_parts(parts: &NameParts) -> Vec<String> {
    let (family, given) = (folded_words(&parts.family), folded_words(&parts.given));
    let orders = [[family.clone(), given.clone()].concat(), [given, family].concat()];
    orders.iter().flat_map(|words| (0..words.len()).map(|from| words[from..].concat())).collect()
}

fn folded_words(text: &str) -> Vec<String> {
    text.split([' ', '\u{3000}', '・']).map(fold).filter(|word| !word.is_empty()).collect()
}

/// The bytes of a shown text that a search has found, to be marked: the first word that folds to something
/// that begins with the folded query. Nothing for an empty query.
pub fn mark(text: &str, query: &str) -> Option<std::ops::Range<usize>> {
    let query = fold(query);
    if query.is_empty() {
        return None;
    }
    let is_gap = |character: char| character.is_whitespace() || character == '・';
    let starts = text.char_indices().scan(true, |after_gap, (place, character)| {
        let starts_word = *after_gap && !is_gap(character);
        *after_gap = is_gap(character);
        Some((place, starts_word))
    });
    starts.filter(|(_, starts_word)| *starts_word).find_map(|(start, _)| {
        let ends =
            text[start..].char_indices().map(|(place, character)| start + place + character.len_utf8());
        ends.into_iter().find(|end| fold(&text[start..*end]).starts_with(&query)).map(|end| start..end)
    })
}
