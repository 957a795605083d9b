//! `cargo xtask test`: everything CI runs, stage by stage, with one line of counts at the end.

mod counts;
mod end2end;

use crate::{
    arguments::Chosen,
    machine::Machine,
    postgres::Postgres,
    release, run,
    setup::{self, Tool},
    tidy,
};
use anyhow::{Context, Result};
use counts::Counts;
use std::{
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

/// One part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The house rules.
    Tidy,
    /// rustfmt.
    Format,
    /// clippy for this machine.
    Clippy,
    /// clippy for WASM.
    ClippyWasm,
    /// `cargo test`.
    Unit,
    /// The TypeScript compiler over the end-to-end tests.
    Types,
    /// The release build.
    Build,
    /// Playwright.
    EndToEnd,
}

impl Stage {
    /// All of them, quick ones first.
    pub(crate) const ALL: [Stage; 8] = [
        Stage::Tidy,
        Stage::Format,
        Stage::Types,
        Stage::Clippy,
        Stage::ClippyWasm,
        Stage::Unit,
        Stage::Build,
        Stage::EndToEnd,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Stage::Tidy => "tidy",
            Stage::Format => "fmt",
            Stage::Types => "types",
            Stage::Clippy => "clippy",
            Stage::ClippyWasm => "clippy-wasm",
            Stage::Unit => "unit",
            Stage::Build => "build",
            Stage::EndToEnd => "e2e",
        }
    }

    /// What it does, in a few words.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Stage::Tidy => "the house rules: walls, files, links",
            Stage::Format => "rustfmt changes nothing",
            Stage::Types => "the end-to-end tests' TypeScript has no type errors",
            Stage::Clippy => "no lints in what runs on the server",
            Stage::ClippyWasm => "no lints in what runs in the browser",
            Stage::Unit => "unit and integration tests of every crate, on both database engines",
            Stage::Build => "the release build",
            Stage::EndToEnd => "Playwright in Chromium against the release, on both database engines",
        }
    }

    fn tools(self) -> &'static [Tool] {
        match self {
            Stage::Tidy => &[],
            Stage::Format | Stage::Clippy | Stage::ClippyWasm => &[Tool::Rust],
            Stage::Types => &[Tool::Npm],
            Stage::Unit => &[Tool::Rust, Tool::Postgres],
            Stage::Build => &Tool::BUILD,
            Stage::EndToEnd => &[
                Tool::Rust,
                Tool::WasmBindgen,
                Tool::CargoLeptos,
                Tool::Npm,
                Tool::Chromium,
                Tool::Font,
                Tool::Postgres,
            ],
        }
    }
}

/// How a stage went.
#[derive(Debug)]
struct Outcome {
    counts: Counts,
    /// What to show if something failed.
    output: String,
}

/// Sets up, runs the chosen stages (all if none is named), prints a table and the counts.
pub(crate) fn test(machine: &mut Machine, chosen: &Chosen) -> Result<ExitCode> {
    let stages: Vec<Stage> =
        Stage::ALL.into_iter().filter(|s| chosen.stages.is_empty() || chosen.stages.contains(s)).collect();
    let mut tools: Vec<Tool> = Vec::new();
    for tool in stages.iter().flat_map(|stage| stage.tools()) {
        if !tools.contains(tool) {
            tools.push(*tool);
        }
    }
    setup::set_up(machine, &tools)?;

    let mut done: Vec<(Stage, Counts, Duration)> = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        println!("[{}/{}] {}: {}", index + 1, stages.len(), stage.name(), stage.describe());
        let start = Instant::now();
        let built = !done.iter().any(|(stage, counts, _)| *stage == Stage::Build && counts.failed > 0);
        let outcome = if *stage == Stage::EndToEnd && !built {
            Outcome { counts: Counts::skipped(), output: String::new() }
        } else {
            // A stage that cannot even be run has failed; the others still have something to say.
            perform(machine, *stage, &chosen.extra).unwrap_or_else(|error| Outcome {
                counts: Counts::one(false),
                output: format!("error: {error:#}\n"),
            })
        };
        if outcome.counts.failed > 0 {
            print!("{}", shorten(&outcome.output));
            println!("      {} FAILED", stage.name());
        }
        done.push((*stage, outcome.counts, start.elapsed()));
    }
    let total = done.iter().fold(Counts::default(), |sum, (_, counts, _)| sum.plus(*counts));
    println!("\n{:<12} {:>12} {:>8} {:>8} {:>8}", "stage", "time", "passed", "failed", "skipped");
    for (stage, counts, time) in &done {
        let time = run::duration(*time);
        println!(
            "{:<12} {time:>12} {:>8} {:>8} {:>8}",
            stage.name(),
            counts.passed,
            counts.failed,
            counts.skipped
        );
    }
    println!("\n{total}");
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn perform(machine: &Machine, stage: Stage, extra: &[String]) -> Result<Outcome> {
    match stage {
        Stage::Tidy => {
            let problems = tidy::problems(machine)?;
            Ok(Outcome { counts: Counts::one(problems.is_empty()), output: tidy::report(&problems) })
        }
        Stage::Format => {
            one(machine, stage, &mut machine.cargo(&["fmt", "--all", "--", "--check", "--color=never"]))
        }
        Stage::Types => {
            let mut command = machine.command("tsc");
            one(machine, stage, command.arg("--noEmit").current_dir(machine.end2end()))
        }
        Stage::Clippy => {
            let mut command = machine.cargo(&["clippy", "--locked", "--all-targets"]);
            select_native(machine, &mut command)?;
            one(machine, stage, command.args(["--", "-D", "warnings"]))
        }
        Stage::ClippyWasm => {
            let words = ["clippy", "--locked", "-p", "frontend", "--target", "wasm32-unknown-unknown"];
            one(machine, stage, machine.cargo(&words).args(["--", "-D", "warnings"]))
        }
        Stage::Unit => unit(machine, extra),
        Stage::Build => {
            let log = machine.log("build");
            let built = release::build(machine);
            let output = match &built {
                Ok(_) => String::new(),
                Err(error) => {
                    format!("{}\nerror: {error:#}\n", std::fs::read_to_string(log).unwrap_or_default())
                }
            };
            Ok(Outcome { counts: Counts::one(built.is_ok()), output })
        }
        Stage::EndToEnd => end2end::run(machine, extra),
    }
}

/// A command that counts as one test.
fn one(machine: &Machine, stage: Stage, command: &mut Command) -> Result<Outcome> {
    let finished = run::run(command, &machine.log(stage.name()))?;
    Ok(Outcome { counts: Counts::one(finished.success), output: finished.output })
}

fn unit(machine: &Machine, extra: &[String]) -> Result<Outcome> {
    let postgres = Postgres::start(machine)?;
    let mut command = machine.cargo(&["test", "--locked", "--no-fail-fast"]);
    if extra.is_empty() {
        select_native(machine, &mut command)?;
    }
    command.args(extra).env("ZASEKI_TEST_POSTGRES", postgres.url());
    let finished = run::run(&mut command, &machine.log("unit"))?;
    Ok(Outcome { counts: counts::cargo_test(&finished.output, finished.success), output: finished.output })
}

/// Every crate of the workspace but `frontend`, with `app` as the server sees it. One call for all of them, so
/// that cargo keeps both cores busy; never together with `frontend`, whose features must not unify with these.
fn select_native(machine: &Machine, command: &mut Command) -> Result<()> {
    let metadata = tidy::workspace(machine)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    for name in packages.iter().filter_map(|package| package["name"].as_str()) {
        if name != "frontend" {
            command.args(["-p", name]);
        }
    }
    command.args(["--features", "app/ssr"]);
    Ok(())
}

/// The end of a long output without cargo's list of crates: what failed stands there, the whole is in the log.
fn shorten(output: &str) -> String {
    const LINES: usize = 400;
    const PROGRESS: [&str; 6] =
        ["Adding ", "Checking ", "Compiling ", "Downloaded ", "Downloading ", "Locking "];
    let is_progress = |line: &&str| {
        line.starts_with(' ') && PROGRESS.iter().any(|word| line.trim_start().starts_with(word))
    };
    let lines: Vec<&str> = output.lines().filter(|line| !is_progress(line)).collect();
    let hidden = lines.len().saturating_sub(LINES);
    let mut text = String::new();
    if hidden > 0 {
        text = format!("… {hidden} lines before this are in target/xtask\n");
    }
    for line in &lines[hidden..] {
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_have_names_of_their_own() {
        let mut names = Stage::ALL.map(Stage::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Stage::ALL.len());
    }

    #[test]
    fn a_long_output_keeps_its_end() {
        let long = (0..1000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        let short = shorten(&long);
        assert!(short.starts_with("… 600 lines") && short.ends_with("line 999\n"));
        assert_eq!(shorten("   Compiling x v1\na\nb"), "a\nb\n");
    }
}
