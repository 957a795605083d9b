//! `cargo xtask bench`: the figures by which the project is judged, measured on this machine. What each of them
//! is and how it comes about stands in `docs/performance.md`, which this command keeps up to date.

mod assignments;
mod bytes;
mod drain;
mod due_million;
mod example;
mod figure;
mod host;
mod http;
mod pages;
mod quotes;
mod renewals;
mod start;
mod table;
mod wrk;
mod years;

use crate::{
    arguments::Measure,
    machine::Machine,
    release,
    setup::{self, Tool},
};
use anyhow::{Context, Result};
pub(crate) use figure::Figure;
use serde_json::Value;
use std::{fs, path::PathBuf};

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
    /// The product, where a figure is measured of it.
    binary: PathBuf,
    /// The use cases in a program of their own, which fills data folders and measures without a browser; where a
    /// figure needs it.
    example: PathBuf,
    /// For the data of measurements: on the clone's disk, because a temporary folder is often in memory, where
    /// everything is durable at once and nothing is durable at all.
    folder: Scratch,
    /// What was asked for.
    options: &'a Measure,
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
    let any = |test: fn(Figure) -> bool| Figure::ALL.into_iter().any(|figure| wanted(figure) && test(figure));
    if any(Figure::needs_example) {
        host::require_two_cores()?;
    }
    let loads = wanted(Figure::Products) || wanted(Figure::Memory);
    let mut tools = if any(Figure::is_of_product) { Tool::BUILD.to_vec() } else { vec![Tool::Rust] };
    if loads || wanted(Figure::DueMillion) {
        tools.push(Tool::Wrk);
    }
    if wanted(Figure::RenewalsPostgres) {
        tools.push(Tool::Postgres);
    }
    setup::set_up(machine, &tools)?;
    let machine: &Machine = machine;
    let (binary, example) = build(machine, any(Figure::is_of_product), any(Figure::needs_example))?;

    let folder = Scratch::make(machine.root.join("target/xtask/bench"))?;
    let bench = Bench { machine, binary, example, folder, options };
    let keep = |measured: &Measured| table::keep(machine, options, measured);
    if loads || wanted(Figure::Bytes) {
        for measured in pages::measure(&bench, loads, wanted(Figure::Bytes))? {
            if wanted(measured.figure) {
                keep(&measured)?;
            }
        }
    }
    if wanted(Figure::Quotes) {
        keep(&quotes::measure(&bench)?)?;
    }
    if wanted(Figure::Assignments) {
        keep(&assignments::measure(&bench)?)?;
    }
    for figure in [Figure::Renewals, Figure::RenewalsPostgres] {
        if wanted(figure) {
            keep(&renewals::measure(&bench, figure)?)?;
        }
    }
    if wanted(Figure::DueMillion) {
        keep(&due_million::measure(&bench)?)?;
    }
    if wanted(Figure::Years) {
        keep(&years::measure(&bench)?)?;
    }
    if wanted(Figure::Start) {
        keep(&start::measure(&bench)?)?;
    }
    Ok(())
}

/// Builds what is measured: says where the product and the example are.
fn build(machine: &Machine, product: bool, example: bool) -> Result<(PathBuf, PathBuf)> {
    let (mut of_product, mut of_example) = (PathBuf::new(), PathBuf::new());
    if product {
        eprintln!("Building the release");
        of_product = release::build(machine)?;
    }
    if example {
        eprintln!("Building the example that calls the use cases");
        of_example = release::build_example(machine, "bench")?;
    }
    Ok((of_product, of_example))
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
    fn a_scratch_folder_begins_empty_and_goes() {
        let folder = std::env::temp_dir().join(format!("zaseki-bench-{}", std::process::id()));
        fs::create_dir_all(folder.join("left")).unwrap();
        let scratch = Scratch::make(folder.clone()).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        drop(scratch);
        assert!(!folder.exists());
    }
}
