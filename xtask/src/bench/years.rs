//! How long ten years of many organizations take, in memory.

use super::{Bench, Figure, Measured, Scratch, example, host, rounded};
use anyhow::Result;
use serde_json::Value;
use std::path::Path;

/// How many years go by.
const YEARS: u32 = 10;

/// Of how many organizations, each with three subscriptions.
const ORGANIZATIONS: u32 = 1_000;

/// A folder in memory, where a machine has one: what is measured is the engine, not the disk.
const MEMORY: &str = "/dev/shm";

/// Has the example let the years go by.
pub(super) fn measure(bench: &Bench<'_>) -> Result<Measured> {
    eprintln!("Letting {YEARS} years of {ORGANIZATIONS} organizations go by");
    let in_memory = Path::new(MEMORY).is_dir();
    let folder = if in_memory {
        Path::new(MEMORY).join(format!("zaseki-bench-{}", std::process::id()))
    } else {
        bench.folder.0.join("years")
    };
    let folder = Scratch::make(folder)?;
    let (years, organizations) = (YEARS.to_string(), ORGANIZATIONS.to_string());
    let words = ["years".as_ref(), folder.0.as_os_str(), years.as_ref(), organizations.as_ref()];
    read(&example::run(bench, host::BOTH_CORES, &words, "Letting years go by")?, in_memory)
}

fn read(printed: &example::Printed, in_memory: bool) -> Result<Measured> {
    let seconds = printed.number("seconds")?;
    let (days, invoices) = (printed.number("days")?, printed.number("invoices")?);
    let peak = printed.number("peak_mb")?;
    let place = if in_memory { "in memory" } else { "on a disk" };
    Ok(Measured {
        figure: Figure::Years,
        value: seconds,
        details: vec![
            ("years", Value::from(YEARS)),
            ("organizations", Value::from(ORGANIZATIONS)),
            ("days", printed.value("days")),
            ("invoices", printed.value("invoices")),
            ("charges", printed.value("charges")),
            ("peak_mb", Value::from(rounded(peak))),
            ("engine", Value::from("SQLite")),
            ("place", Value::from(place)),
            ("cores", Value::from(host::BOTH_CORES)),
        ],
        note: format!(
            "{YEARS} years of {ORGANIZATIONS} organizations with a month, a year and a year in instalments each, {days} \
             days one by one, {invoices} invoices; at most {peak:.1} MB; SQLite, {place}; one process on cores {}",
            host::BOTH_CORES
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_and_the_invoices_are_said() {
        let line = "{\"seconds\": 59.5, \"days\": 3681, \"invoices\": 250000, \"charges\": 250000, \"peak_mb\": 120}";
        let measured = read(&example::Printed::read(line).unwrap(), true).unwrap();
        assert!(Figure::Years.is_reached_by(measured.value));
        assert!(measured.note.contains("3681 days one by one, 250000 invoices"), "{}", measured.note);
    }
}
