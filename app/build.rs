//! Turns `locales/{ja,en}/*.json` into Rust: a method for each text, so that a missing text, a misspelt key or a
//! forgotten value does not compile. Why not a library: docs/decisions/0002-texts.md.
//!
//! A text is a string with values in braces (`"{name} さん"`) or, where its form depends on `{count}`, an object
//! with `one` and `other`. Both languages name the same keys and the same values; the method takes the values in
//! the order in which the English text names them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo names the folder");
    let locales = Path::new(&root).join("locales");
    let ja = read_folder(&locales.join("ja"));
    let en = read_folder(&locales.join("en"));
    let code = generate(&ja, &en).unwrap_or_else(|problem| panic!("\n\n    locales: {problem}\n\n"));
    let out = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&out).join("texts.rs"), code).expect("the texts can be written");
}

type Files = BTreeMap<String, Map<String, Value>>;

fn read_folder(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a plain file name").to_owned();
            let text = fs::read_to_string(&path).expect("the file can be read");
            let content =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (name, content)
        })
        .collect()
}

fn generate(ja: &Files, en: &Files) -> Result<String, String> {
    same(&keys(ja), &keys(en), "files")?;
    let mut code = String::new();
    for (file, texts) in ja {
        let type_name = type_name(file);
        let others = &en[file];
        same(&keys(texts), &keys(others), file)?;
        let _ = write!(
            code,
            "/// The texts of `{file}.json`.\n#[derive(Clone, Copy, Debug)]\npub struct {type_name}(Language);\n\n\
             impl {type_name} {{\n"
        );
        for (key, ja) in texts {
            let place = format!("{file}.json, \"{key}\"");
            code += &method(key, &forms(ja, &place)?, &forms(&others[key], &place)?, &place)?;
        }
        let _ = write!(
            code,
            "}}\n\nimpl Texts {{\n    /// The texts of `{file}.json`.\n    pub const fn {file}(self) -> {type_name} \
             {{\n        {type_name}(self.0)\n    }}\n}}\n\n"
        );
    }
    Ok(code)
}

/// A text by the number that it speaks of.
struct Forms {
    one: Option<String>,
    other: String,
}

fn forms(value: &Value, place: &str) -> Result<Forms, String> {
    match value {
        Value::String(other) => Ok(Forms { one: None, other: other.clone() }),
        Value::Object(forms) => {
            let get = |name: &str| forms.get(name).and_then(Value::as_str).map(str::to_owned);
            if let Some(strange) = forms.keys().find(|key| !["one", "other"].contains(&key.as_str())) {
                return Err(format!("{place} has a form \"{strange}\"; there are \"one\" and \"other\""));
            }
            let other = get("other").ok_or(format!("{place} has no form \"other\""))?;
            Ok(Forms { one: get("one"), other })
        }
        _ => Err(format!("{place} is neither a text nor a set of forms")),
    }
}

fn method(key: &str, ja: &Forms, en: &Forms, place: &str) -> Result<String, String> {
    let values = placeholders(&en.other, place)?;
    let ja_values = placeholders(&ja.other, place)?;
    same(&ja_values.into_iter().collect(), &values.iter().cloned().collect(), place)?;
    let counted = ja.one.is_some() || en.one.is_some();
    let speaks_of_count = values.iter().any(|name| name == "count");
    if counted && !speaks_of_count {
        return Err(format!("{place} has a form \"one\" but speaks of no {{count}}"));
    }
    let doc = format!("    /// {}\n    ///\n    /// {}\n", doc(&ja.other), doc(&en.other));
    if values.is_empty() {
        return Ok(format!(
            "{doc}    pub const fn {key}(self) -> &'static str {{\n        match self.0 {{\n            \
             Language::Japanese => {:?},\n            Language::English => {:?},\n        }}\n    }}\n\n",
            ja.other, en.other
        ));
    }
    let parameters: String = values
        .iter()
        .map(|name| if name == "count" { ", count: i64".to_owned() } else { format!(", {name}: &str") })
        .collect();
    let shown = if speaks_of_count { "        let shown_count = group(count);\n" } else { "" };
    Ok(format!(
        "{doc}    pub fn {key}(self{parameters}) -> String {{\n{shown}        match self.0 {{\n            \
         Language::Japanese => {},\n            Language::English => {},\n        }}\n    }}\n\n",
        expression(ja),
        expression(en)
    ))
}

fn expression(forms: &Forms) -> String {
    let other = concatenation(&forms.other);
    match &forms.one {
        Some(one) => format!("if count == 1 {{ {} }} else {{ {other} }}", concatenation(one)),
        None => other,
    }
}

/// `[a, b].concat()`: smaller in the browser than what formatting macros bring along.
fn concatenation(text: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(format!("{before:?}"));
        }
        parts.push(if name == "count" { "&shown_count".to_owned() } else { name.to_owned() });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(format!("{rest:?}"));
    }
    format!("[{}].concat()", parts.join(", "))
}

/// The values of a text, each once, in the order in which it names them.
fn placeholders(text: &str, place: &str) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        let (name, _) = part.split_once('}').ok_or(format!("{place}: a brace is not closed"))?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            return Err(format!("{place}: \"{{{name}}}\" is no name of a value"));
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn keys<T>(map: impl IntoIterator<Item = (impl ToString, T)>) -> BTreeSet<String> {
    map.into_iter().map(|(key, _)| key.to_string()).collect()
}

fn same(ja: &BTreeSet<String>, en: &BTreeSet<String>, place: &str) -> Result<(), String> {
    match ja.symmetric_difference(en).next() {
        Some(name) => {
            let (has, lacks) = if ja.contains(name) { ("ja", "en") } else { ("en", "ja") };
            Err(format!("{place}: {has} has \"{name}\", {lacks} has not"))
        }
        None => Ok(()),
    }
}

fn type_name(file: &str) -> String {
    file.split('_')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

fn doc(text: &str) -> String {
    text.replace('\n', " ").replace('[', "\\[").replace('<', "\\<")
}
