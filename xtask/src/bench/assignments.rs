//! How fast licenses are given: through the use cases, in a process of their own, without HTTP.

use super::{Bench, Figure, Measured, host, rounded};
use crate::run;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::Path;

/// How many people get a license: a few seconds' work.
const COUNT: u32 = 20_000;

/// The cores of the server and of the load: here both are one process.
const CORES: &str = "0,1";

/// Has the example make an organization and give everybody in it a license.
pub(super) fn measure(bench: &Bench<'_>, example: &Path) -> Result<Measured> {
    eprintln!("Importing {COUNT} people and giving each a license");
    let mut command = bench.machine.command(&example.to_string_lossy());
    command.arg("assignments").arg(bench.folder.0.join("assignments")).arg(COUNT.to_string());
    let mut command = host::on_cores(&command, CORES);
    let output = run::must(&mut command, "Giving licenses", &bench.machine.log("bench-assignments"))?;
    read(&output)
}

/// Reads the line of JSON that the example prints.
fn read(output: &str) -> Result<Measured> {
    let line = output.lines().rfind(|line| line.starts_with('{'));
    let result: Value = serde_json::from_str(line.unwrap_or_default())
        .context("the example that gives licenses printed no figure")?;
    let number = |name: &str| {
        result[name].as_f64().with_context(|| format!("the example that gives licenses printed no `{name}`"))
    };
    let (seconds, count) = (number("seconds")?, number("count")?);
    let (at_once, subscriptions) = (number("at_once")?, number("subscriptions")?);
    if seconds <= 0.0 {
        bail!("the licenses were given in no time, which cannot be");
    }
    Ok(Measured {
        figure: Figure::Assignments,
        value: count / seconds,
        details: vec![
            ("count", result["count"].clone()),
            ("seconds", Value::from(rounded(seconds))),
            ("at_once", result["at_once"].clone()),
            ("people_per_call", Value::from(1)),
            ("subscriptions", result["subscriptions"].clone()),
            ("engine", Value::from("SQLite")),
            ("durable", Value::from(true)),
            ("cores", Value::from(CORES)),
            (
                "through",
                Value::from("the use cases, without HTTP and without looking up the session each time"),
            ),
        ],
        note: format!(
            "{count} people, one per call, {at_once} calls at once, from {subscriptions} subscriptions; SQLite, \
             each answer after its commit; one process on cores {CORES}, without HTTP"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_the_example() {
        let output = "a note\n{\"seconds\": 2.5, \"count\": 10000, \"at_once\": 64, \"subscriptions\": 20}\n";
        let measured = read(output).unwrap();
        assert_eq!(format!("{:.1}", measured.value), "4000.0");
        assert!(
            measured.note.starts_with("10000 people, one per call, 64 calls at once, from 20 subscriptions")
        );
        assert!(read("error: x\n").unwrap_err().to_string().contains("printed no figure"));
        assert!(read("{\"seconds\": 1}").unwrap_err().to_string().contains("`count`"));
    }
}
