//! How fast licenses are given: through the use cases, in a process of their own, without HTTP.

use super::{Bench, Figure, Measured, example, host, rounded};
use anyhow::{Result, bail};
use serde_json::Value;

/// How many people get a license: a few seconds' work.
const COUNT: u32 = 20_000;

/// Has the example make an organization and give everybody in it a license.
pub(super) fn measure(bench: &Bench<'_>) -> Result<Measured> {
    eprintln!("Importing {COUNT} people and giving each a license");
    let (data, count) = (bench.folder.0.join("assignments"), COUNT.to_string());
    let words = ["assignments".as_ref(), data.as_os_str(), count.as_ref()];
    let printed = example::run(bench, host::BOTH_CORES, &words, "Giving licenses")?;
    read(&printed)
}

fn read(printed: &example::Printed) -> Result<Measured> {
    let (seconds, count) = (printed.number("seconds")?, printed.number("count")?);
    let (at_once, subscriptions) = (printed.number("at_once")?, printed.number("subscriptions")?);
    if seconds <= 0.0 {
        bail!("the licenses were given in no time, which cannot be");
    }
    Ok(Measured {
        figure: Figure::Assignments,
        value: count / seconds,
        details: vec![
            ("count", printed.value("count")),
            ("seconds", Value::from(rounded(seconds))),
            ("at_once", printed.value("at_once")),
            ("people_per_call", Value::from(1)),
            ("subscriptions", printed.value("subscriptions")),
            ("engine", Value::from("SQLite")),
            ("durable", Value::from(true)),
            ("cores", Value::from(host::BOTH_CORES)),
            (
                "through",
                Value::from("the use cases, without HTTP and without looking up the session each time"),
            ),
        ],
        note: format!(
            "{count} people, one per call, {at_once} calls at once, from {subscriptions} subscriptions; SQLite, \
             each answer after its commit; one process on cores {}, without HTTP",
            host::BOTH_CORES
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_the_example() {
        let output = "a note\n{\"seconds\": 2.5, \"count\": 10000, \"at_once\": 64, \"subscriptions\": 20}\n";
        let measured = read(&example::Printed::read(output).unwrap()).unwrap();
        assert_eq!(format!("{:.1}", measured.value), "4000.0");
        assert!(
            measured.note.starts_with("10000 people, one per call, 64 calls at once, from 20 subscriptions")
        );
        let zero = "{\"seconds\": 0, \"count\": 1, \"at_once\": 1, \"subscriptions\": 1}";
        let zero = example::Printed::read(zero).unwrap();
        assert!(read(&zero).unwrap_err().to_string().contains("in no time"));
    }
}
