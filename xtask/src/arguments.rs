//! What was typed: the command and its options.

mod words;

use crate::{bench::Figure, test::Stage};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use words::{number, split};

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print this text.
    Help(String),
    /// Build the release and serve it with demo data.
    Start(Serve),
    /// Build for debugging, serve, rebuild and reload on save.
    Dev(Serve),
    /// Run these stages, all if none is named.
    Test(Chosen),
    /// Check the house rules.
    Tidy,
    /// Measure these figures, all if none is named.
    Bench(Measure),
    /// Simulate years of organizations.
    Simulate(Simulate),
}

/// Stages to run.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Chosen {
    /// Empty means every stage.
    pub(crate) stages: Vec<Stage>,
    /// Words after `--`, handed to `cargo test` or to Playwright.
    pub(crate) extra: Vec<String>,
}

/// What to measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Empty means every figure.
    pub(crate) figures: Vec<Figure>,
    /// For how long pages are asked for.
    pub(crate) seconds: u32,
    /// How many subscriptions are due at once in `due-million`.
    pub(crate) count: u32,
    /// Which part of its time the worker has there, in per cent.
    pub(crate) worker_share: u32,
}

impl Measure {
    /// What is measured if nothing is said.
    pub(crate) const DEFAULT: Measure =
        Measure { figures: Vec::new(), seconds: 10, count: 1_000_000, worker_share: 50 };
}

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Simulate {
    /// The first seed; one that chance gives if none is given.
    pub(crate) seed: Option<u64>,
    /// How many seeds, one after the other.
    pub(crate) seeds: u32,
    /// How many years each.
    pub(crate) years: u32,
    /// How many organizations.
    pub(crate) organizations: u32,
}

impl Simulate {
    /// What is simulated if nothing is said.
    pub(crate) const DEFAULT: Simulate = Simulate { seed: None, seeds: 1, years: 10, organizations: 3 };
}

/// Where to serve from and at which port of 127.0.0.1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Serve {
    /// Port of the portal.
    pub(crate) port: u16,
    /// The data folder; the project's `data/demo` if none is given.
    pub(crate) data: Option<PathBuf>,
}

const HELP: &str = "\
The commands of a developer's day

  cargo xtask start [--port N] [--data DIR]   set up what is missing, build the release, make the demo data, serve
  cargo xtask dev   [--port N] [--data DIR]   the inner loop: rebuild and reload on save
  cargo xtask test  [STAGE…] [-- WORDS…]      everything CI runs, or only these stages; WORDS go to the one
                                              stage named: `unit -- -p domain money`, `e2e -- --grep buy`
  cargo xtask tidy                            the house rules: walls, files, links
  cargo xtask bench [FIGURE…] [--seconds N] [--count N] [--worker-share N]
                                              measure, print a line of JSON for each figure, and put the figures
                                              into docs/performance.md; pages are asked for N seconds (10); in
                                              due-million N subscriptions (1000000) are due, and the worker has N
                                              per cent of its time (50)
  cargo xtask simulate [--seed N] [--seeds COUNT] [--years N] [--organizations N]
                                              years (10) of organizations (3) that buy, renew and fail to pay, with
                                              a provider that loses answers and workers that die; everything that
                                              must be true is checked every day. COUNT seeds (1) from N on (random)

The port is 3000 and the data folder is data/demo unless said otherwise.

Environment
  ZASEKI_TOOLS      where set-up puts its tools (default: ~/.cache/zaseki/tools)
  ZASEKI_RUST       rustup | debian: insist on one way to a Rust that builds WASM (default: rustup, else Debian)
  ZASEKI_CHROMIUM   the browser for the end-to-end tests (default: the first one found)
  CARGO_TARGET_DIR  where builds go (default: target; with CI=true ~/.cache/zaseki/target)";

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(words: &[String]) -> Result<Command> {
    let Some((command, rest)) = words.split_first() else {
        return Ok(Command::Help(help()));
    };
    let ours = rest.split(|word| word == "--").next().unwrap_or_default();
    if ours.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Command::Help(help()));
    }
    match command.as_str() {
        "start" => serve(rest).map(Command::Start),
        "dev" => serve(rest).map(Command::Dev),
        "test" => chosen(rest).map(Command::Test),
        "tidy" if rest.is_empty() => Ok(Command::Tidy),
        "tidy" => bail!("`cargo xtask tidy` takes no options"),
        "bench" => measure(rest).map(Command::Bench),
        "simulate" => simulate(rest).map(Command::Simulate),
        "help" | "--help" | "-h" => Ok(Command::Help(help())),
        other => bail!("there is no command `{other}`; `cargo xtask help` lists them"),
    }
}

fn help() -> String {
    let stages: Vec<String> =
        Stage::ALL.iter().map(|stage| format!("  {:<12} {}", stage.name(), stage.describe())).collect();
    let figures: Vec<String> =
        Figure::ALL.iter().map(|figure| format!("  {:<18} {}", figure.name(), figure.describe())).collect();
    format!(
        "{HELP}\n\nStages of test, in this order\n{}\n\nFigures of bench\n{}",
        stages.join("\n"),
        figures.join("\n")
    )
}

fn chosen(words: &[String]) -> Result<Chosen> {
    let mut parts = words.splitn(2, |word| word == "--");
    let named = parts.next().unwrap_or_default();
    let extra = parts.next().unwrap_or_default().to_vec();
    let stages = named.iter().map(|word| stage(word)).collect::<Result<Vec<_>>>()?;
    if !extra.is_empty() && !matches!(stages[..], [Stage::Unit | Stage::EndToEnd]) {
        bail!("words after `--` go to one stage: name `unit` or `e2e` before them");
    }
    Ok(Chosen { stages, extra })
}

fn stage(word: &str) -> Result<Stage> {
    Stage::ALL.into_iter().find(|stage| stage.name() == word).with_context(|| {
        format!("there is no stage `{word}`; choose from {}", Stage::ALL.map(Stage::name).join(", "))
    })
}

fn measure(words: &[String]) -> Result<Measure> {
    let mut options = Measure::DEFAULT;
    let (named, figures) = split(words, &["--seconds", "--count", "--worker-share"])?;
    for (name, value) in &named {
        match name.as_str() {
            "--seconds" => options.seconds = number(value, 1..=600, "number of seconds")?,
            "--count" => options.count = number(value, 1..=10_000_000, "number of subscriptions")?,
            _ => options.worker_share = number(value, 1..=100, "part of the worker's time")?,
        }
    }
    options.figures = figures.iter().map(|word| figure(word)).collect::<Result<_>>()?;
    Ok(options)
}

fn simulate(words: &[String]) -> Result<Simulate> {
    let mut options = Simulate::DEFAULT;
    let (named, other) = split(words, &["--seed", "--seeds", "--years", "--organizations"])?;
    if let Some(word) = other.first() {
        bail!("`cargo xtask simulate` does not know what to do with `{word}`");
    }
    for (name, value) in &named {
        match name.as_str() {
            "--seed" => options.seed = Some(number(value, 0..=u64::MAX, "seed")?),
            "--seeds" => options.seeds = number(value, 1..=1_000_000, "number of seeds")?,
            "--years" => options.years = number(value, 1..=100, "number of years")?,
            _ => options.organizations = number(value, 1..=1_000, "number of organizations")?,
        }
    }
    Ok(options)
}

fn figure(word: &str) -> Result<Figure> {
    Figure::ALL.into_iter().find(|figure| figure.name() == word).with_context(|| {
        format!("there is no figure `{word}`; choose from {}", Figure::ALL.map(Figure::name).join(", "))
    })
}

fn serve(words: &[String]) -> Result<Serve> {
    let mut options = Serve { port: 3000, data: None };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), words.next().cloned()),
        };
        let value = value.with_context(|| format!("`{name}` needs a value"))?;
        match name {
            "--port" => {
                options.port = value
                    .parse()
                    .ok()
                    .filter(|port| *port > 0)
                    .with_context(|| format!("`{value}` is no port: give a number from 1 to 65535"))?;
            }
            "--data" => options.data = Some(PathBuf::from(value)),
            other => bail!("there is no option `{other}`; `cargo xtask help` lists them"),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests;
