//! `cargo xtask tidy`: the rules of the house that a compiler does not hold. Each check says what is wrong,
//! where, and why the rule exists. The checks are plain functions over texts and cargo's metadata, so that
//! their tests can show each of them failing.

mod engines;
mod links;
mod locales;
mod papers;
mod source;
mod text;
mod walls;

use crate::machine::Machine;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{fmt::Write, process::ExitCode};

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// File and line, or a package.
    place: String,
    /// What is wrong there.
    what: String,
    /// Why the rule exists.
    why: &'static str,
}

impl Problem {
    fn new(place: impl Into<String>, what: impl Into<String>, why: &'static str) -> Problem {
        Problem { place: place.into(), what: what.into(), why }
    }
}

/// A text file of the project.
#[derive(Debug)]
struct SourceFile {
    /// Path from the root, with `/`.
    path: String,
    text: String,
}

impl SourceFile {
    fn ends(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.path.ends_with(end))
    }
}

/// Runs every check and prints what they found.
pub(crate) fn tidy(machine: &Machine) -> Result<ExitCode> {
    let problems = problems(machine)?;
    print!("{}", report(&problems));
    if problems.is_empty() {
        println!("tidy");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} found", problems.len());
    Ok(ExitCode::FAILURE)
}

/// Runs every check.
pub(crate) fn problems(machine: &Machine) -> Result<Vec<Problem>> {
    let files = files(machine)?;
    // One platform, so that every machine gives the same answer (and downloads no other's crates).
    let metadata = metadata(machine, &["--locked", "--filter-platform", "x86_64-unknown-linux-gnu"])?;
    let mut problems = walls::domain(&metadata)?;
    problems.extend(walls::database(&metadata)?);
    problems.extend(walls::server_only(&metadata)?);
    problems.extend(walls::browser(&browser_tree(machine)?));
    problems.extend(engines::one_at_a_time(&files));
    problems.extend(text::check(&files));
    problems.extend(links::check(&files, &|path| machine.root.join(path).exists()));
    problems.extend(locales::check(&files));
    problems.extend(papers::check(&files, &metadata));
    Ok(problems)
}

/// The problems, each with its place and its reason.
pub(crate) fn report(problems: &[Problem]) -> String {
    let mut text = String::new();
    for Problem { place, what, why } in problems {
        // Writing to a string cannot fail.
        _ = write!(text, "{place}: {what}\n    why: {why}\n");
    }
    text
}

/// Cargo's metadata of the workspace's own packages.
pub(crate) fn workspace(machine: &Machine) -> Result<Value> {
    metadata(machine, &["--no-deps"])
}

fn metadata(machine: &Machine, words: &[&str]) -> Result<Value> {
    let text = answer(machine, &[&["metadata", "--format-version", "1"], words].concat())?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// The names of all packages that end up in the WASM, one a line.
fn browser_tree(machine: &Machine) -> Result<String> {
    let words = ["tree", "--locked", "-p", "frontend", "--target", "wasm32-unknown-unknown"];
    answer(machine, &[&words[..], &["--edges", "normal,no-proc-macro", "--prefix", "none"]].concat())
}

fn answer(machine: &Machine, words: &[&str]) -> Result<String> {
    let output = machine.cargo(words).output().context("cargo cannot be started")?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        let line = error.lines().find(|line| line.starts_with("error")).unwrap_or("it says nothing");
        bail!("`cargo {}` failed ({line})", words[0]);
    }
    String::from_utf8(output.stdout).context("cargo's answer is not UTF-8")
}

/// What git knows or would take, as far as it is text.
fn files(machine: &Machine) -> Result<Vec<SourceFile>> {
    let output = machine
        .command("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("git cannot be started")?;
    if !output.status.success() {
        bail!("tidy asks git which files are the project's: run it in a clone");
    }
    let list = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let read = |path: &str| {
        let text = std::fs::read_to_string(machine.root.join(path)).ok()?;
        Some(SourceFile { path: path.to_owned(), text })
    };
    Ok(list.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect())
}

#[cfg(test)]
fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_gives_place_fault_and_reason() {
        let problem = Problem::new("a.rs:3", "it is crooked", "straight is easier to read");
        assert_eq!(report(&[problem]), "a.rs:3: it is crooked\n    why: straight is easier to read\n");
    }
}
