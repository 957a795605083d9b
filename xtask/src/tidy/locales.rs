//! Japanese and English have the same texts.

use super::{Problem, SourceFile};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const FOLDER: &str = "app/locales/";
const LANGUAGES: [&str; 2] = ["en", "ja"];
const WHY: &str =
    "both languages are complete and first-class: a text that is missing in one shows the other's";

/// Every file stands in both folders, and every key in both files.
pub(super) fn check(files: &[SourceFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut keys: BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for file in files {
        let Some((language, name)) = file.path.strip_prefix(FOLDER).and_then(|path| path.split_once('/'))
        else {
            continue;
        };
        match serde_json::from_str(&file.text) {
            Ok(texts) => {
                let mut found = BTreeSet::new();
                flatten("", &texts, &mut found);
                keys.entry(name).or_default().insert(language, found);
            }
            Err(error) => problems.push(Problem::new(&*file.path, format!("is no JSON: {error}"), WHY)),
        }
    }
    for (name, languages) in &keys {
        let all: BTreeSet<&String> = languages.values().flatten().collect();
        for language in LANGUAGES {
            let place = format!("{FOLDER}{language}/{name}");
            match languages.get(language) {
                None => problems.push(Problem::new(place, "is missing", WHY)),
                Some(has) => {
                    let lacks = all.iter().filter(|key| !has.contains(**key));
                    problems.extend(lacks.map(|key| Problem::new(&*place, format!("lacks `{key}`"), WHY)));
                }
            }
        }
    }
    problems
}

fn flatten(prefix: &str, value: &Value, keys: &mut BTreeSet<String>) {
    let Some(object) = value.as_object().filter(|object| !is_plural(object)) else {
        keys.insert(prefix.to_owned());
        return;
    };
    for (name, value) in object {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        flatten(&key, value, keys);
    }
}

/// One text in several forms: English has `one` and `other` where Japanese needs no forms.
fn is_plural(object: &Map<String, Value>) -> bool {
    object.contains_key("other") && object.keys().all(|form| form == "one" || form == "other")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn finds_missing_keys_files_and_broken_json() {
        let files = [
            file("app/locales/en/home.json", r#"{"title":"Home","menu":{"buy":"Buy"}}"#),
            file("app/locales/ja/home.json", r#"{"title":"ホーム","menu":{},"extra":"x"}"#),
            file("app/locales/ja/bills.json", "{}"),
            file("app/locales/en/broken.json", "{"),
        ];
        let whats: Vec<_> = check(&files).iter().map(|p| format!("{} {}", p.place, p.what)).collect();
        assert!(whats[0].starts_with("app/locales/en/broken.json is no JSON"));
        assert_eq!(
            whats[1..],
            [
                "app/locales/en/bills.json is missing",
                "app/locales/en/home.json lacks `extra`",
                "app/locales/ja/home.json lacks `menu.buy`",
            ]
        );
    }

    #[test]
    fn equal_languages_pass() {
        let files = [
            file("app/locales/en/a.json", r#"{"a":{"b":"x"},"n":{"one":"1","other":"2"}}"#),
            file("app/locales/ja/a.json", r#"{"a":{"b":"y"},"n":"3"}"#),
        ];
        assert_eq!(check(&files), []);
    }
}
