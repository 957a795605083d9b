//! What the example `bench` of `services` does and prints.

use super::{Bench, host};
use crate::run;
use anyhow::{Context, Result};
use serde_json::Value;
use std::{ffi::OsStr, process::Command};

/// The line of JSON that the example prints when it has measured something.
#[derive(Debug)]
pub(super) struct Printed(Value);

impl Printed {
    /// Reads it out of everything that was printed.
    pub(super) fn read(output: &str) -> Result<Printed> {
        let line = output.lines().rfind(|line| line.starts_with('{'));
        let value = serde_json::from_str(line.unwrap_or_default());
        value.map(Printed).context("the example `bench` printed no figure")
    }

    /// A number of it.
    pub(super) fn number(&self, name: &str) -> Result<f64> {
        self.0[name].as_f64().with_context(|| format!("the example `bench` printed no `{name}`"))
    }

    /// What it says by this name, as it is.
    pub(super) fn value(&self, name: &str) -> Value {
        self.0[name].clone()
    }
}

/// The example with these words, on these cores.
pub(super) fn command(bench: &Bench<'_>, cores: &str, words: &[&OsStr]) -> Command {
    let mut command = bench.machine.command(&bench.example.to_string_lossy());
    command.args(words);
    host::on_cores(&command, cores)
}

/// Runs it to its end. `what` completes the sentence "… failed".
pub(super) fn run(bench: &Bench<'_>, cores: &str, words: &[&OsStr], what: &str) -> Result<Printed> {
    let name = words.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let log = bench.machine.log(&format!("bench-{name}"));
    let output = run::must(&mut command(bench, cores, words), what, &log)?;
    Printed::read(&output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_the_example() {
        let printed = Printed::read("a note\n{\"seconds\": 2.5, \"count\": 10000}\n").unwrap();
        assert_eq!(format!("{:.1}", printed.number("seconds").unwrap()), "2.5");
        assert_eq!(printed.value("count"), Value::from(10_000));
        assert!(printed.number("people").unwrap_err().to_string().contains("`people`"));
        assert!(Printed::read("error: x\n").unwrap_err().to_string().contains("printed no figure"));
    }
}
