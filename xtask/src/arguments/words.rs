//! Options with their values, and the words between them.

use anyhow::{Context, Result, bail};
use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

/// An option's name and its value.
pub(super) type Named = (String, String);

/// Sorts words into options of these names with their values (`--port 3` or `--port=3`) and all others.
pub(super) fn split(words: &[String], known: &[&str]) -> Result<(Vec<Named>, Vec<String>)> {
    let (mut named, mut others) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        if known.contains(&name) {
            let value = value.or_else(|| words.next().cloned());
            named.push((name.to_owned(), value.with_context(|| format!("`{name}` needs a value"))?));
        } else if name.starts_with('-') {
            bail!("there is no option `{name}`; `cargo xtask help` lists them");
        } else {
            others.push(word.clone());
        }
    }
    Ok((named, others))
}

/// A number between these two; `what` completes the sentence "… is no".
pub(super) fn number<T>(value: &str, allowed: RangeInclusive<T>, what: &str) -> Result<T>
where
    T: Display + FromStr + PartialOrd,
{
    value.parse::<T>().ok().filter(|number| allowed.contains(number)).with_context(|| {
        format!("`{value}` is no {what}: give one from {} to {}", allowed.start(), allowed.end())
    })
}
