//! `cargo xtask bench`: the figures by which the project is judged, measured on this machine. What each of them
//! is and how it comes about stands in `docs/performance.md`, which this command keeps up to date.

mod assignments;
mod bytes;
mod host;
mod http;
mod pages;
mod start;
mod table;
mod wrk;

use crate::{
    arguments::Measure,
    machine::Machine,
    release,
    setup::{self, Tool},
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fs, path::PathBuf};

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    /// How fast a long page is made.
    Products,
    /// How fast licenses are given.
    Assignments,
    /// How much a browser fetches before a page is awake.
    Bytes,
    /// How much memory the server takes.
    Memory,
    /// How long the server takes to start.
    Start,
}

impl Figure {
    /// All of them.
    pub(crate) const ALL: [Figure; 5] =
        [Figure::Products, Figure::Assignments, Figure::Bytes, Figure::Memory, Figure::Start];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Figure::Products => "products",
            Figure::Assignments => "assignments",
            Figure::Bytes => "bytes",
            Figure::Memory => "memory",
            Figure::Start => "start",
        }
    }

    /// What it is, in a few words.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Figure::Products => "/products with 50 subscriptions, signed in, on one core",
            Figure::Assignments => "licenses given through the use cases, 64 at once, durable",
            Figure::Bytes => "what a browser fetches until / is awake, compressed",
            Figure::Memory => "resident memory of the server after that load of /products",
            Figure::Start => "from the start of `zaseki serve` to its first page, with 100,000 people",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Figure::Products => "requests/s",
            Figure::Assignments => "assignments/s",
            Figure::Bytes => "kB",
            Figure::Memory => "MB",
            Figure::Start => "s",
        }
    }

    /// Where it is to be, in its unit.
    fn direction(self) -> f64 {
        match self {
            Figure::Products => 1_500.0,
            Figure::Assignments => 4_000.0,
            Figure::Bytes => 200.0,
            Figure::Memory => 100.0,
            Figure::Start => 1.0,
        }
    }

    /// Whether more of it is better.
    fn more_is_better(self) -> bool {
        matches!(self, Figure::Products | Figure::Assignments)
    }

    fn is_reached_by(self, value: f64) -> bool {
        if self.more_is_better() { value >= self.direction() } else { value <= self.direction() }
    }
}

/// A figure that was measured.
#[derive(Debug)]
struct Measured {
    figure: Figure,
    /// In the figure's unit.
    value: f64,
    /// Under which circumstances, and what was measured beside it.
    details: Vec<(&'static str, Value)>,
    /// The details that a reader of the table wants.
    note: String,
}

impl Measured {
    /// One line of JSON, the figure first.
    fn json(&self) -> String {
        let mut parts = vec![
            ("figure", Value::from(self.figure.name())),
            ("value", Value::from(rounded(self.value))),
            ("unit", Value::from(self.figure.unit())),
            ("direction", Value::from(self.figure.direction())),
            ("reached", Value::from(self.figure.is_reached_by(self.value))),
        ];
        parts.extend(self.details.iter().cloned());
        let parts: Vec<String> =
            parts.iter().map(|(name, value)| format!("{}: {value}", Value::from(*name))).collect();
        format!("{{{}}}", parts.join(", "))
    }
}

/// What every measurement needs.
#[derive(Debug)]
struct Bench<'a> {
    machine: &'a Machine,
    /// The product.
    binary: PathBuf,
    /// For the data of measurements: on the clone's disk, because a temporary folder is often in memory, where
    /// everything is durable at once and nothing is durable at all.
    folder: Scratch,
    /// For how long pages are asked for.
    seconds: u32,
}

/// A folder that is removed when dropped.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn make(folder: PathBuf) -> Result<Scratch> {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // If it stays, the next run removes it.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Sets up, builds, measures what was asked for, and writes down each figure as soon as it is known.
pub(crate) fn bench(machine: &mut Machine, options: &Measure) -> Result<()> {
    let wanted = |figure: Figure| options.figures.is_empty() || options.figures.contains(&figure);
    let loads = wanted(Figure::Products) || wanted(Figure::Memory);
    if loads || wanted(Figure::Assignments) {
        host::require_two_cores()?;
    }
    let mut tools = Tool::BUILD.to_vec();
    if loads {
        tools.push(Tool::Wrk);
    }
    setup::set_up(machine, &tools)?;
    let machine: &Machine = machine;
    eprintln!("Building the release");
    let binary = release::build(machine)?;
    let example = if loads || wanted(Figure::Assignments) {
        eprintln!("Building the example that fills data folders");
        Some(release::build_example(machine, "bench")?)
    } else {
        None
    };

    let folder = Scratch::make(machine.root.join("target/xtask/bench"))?;
    let bench = Bench { machine, binary, folder, seconds: options.seconds };
    let keep = |measured: &Measured| table::keep(machine, options, measured);
    if loads || wanted(Figure::Bytes) {
        let filler = example.as_deref().filter(|_| loads);
        for measured in pages::measure(&bench, filler, wanted(Figure::Bytes))? {
            if wanted(measured.figure) {
                keep(&measured)?;
            }
        }
    }
    if let Some(example) = example.as_deref().filter(|_| wanted(Figure::Assignments)) {
        keep(&assignments::measure(&bench, example)?)?;
    }
    if wanted(Figure::Start) {
        keep(&start::measure(&bench)?)?;
    }
    Ok(())
}

/// To three decimal places.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_one_line_of_json_that_begins_with_its_name() {
        let measured = Measured {
            figure: Figure::Products,
            value: 1_612.345_678,
            details: vec![("p99_ms", Value::from(20.5)), ("page", Value::from("/products"))],
            note: String::new(),
        };
        let line = measured.json();
        assert_eq!(
            line,
            "{\"figure\": \"products\", \"value\": 1612.346, \"unit\": \"requests/s\", \"direction\": 1500.0, \
             \"reached\": true, \"p99_ms\": 20.5, \"page\": \"/products\"}"
        );
        assert!(serde_json::from_str::<Value>(&line).unwrap().is_object());
    }

    #[test]
    fn some_figures_are_to_be_large_and_others_small() {
        assert!(Figure::Assignments.is_reached_by(4_000.0) && !Figure::Assignments.is_reached_by(3_999.0));
        assert!(Figure::Start.is_reached_by(1.0) && !Figure::Start.is_reached_by(1.1));
    }

    #[test]
    fn a_scratch_folder_begins_empty_and_goes() {
        let folder = std::env::temp_dir().join(format!("zaseki-bench-{}", std::process::id()));
        fs::create_dir_all(folder.join("left")).unwrap();
        let scratch = Scratch::make(folder.clone()).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        drop(scratch);
        assert!(!folder.exists());
    }
}
