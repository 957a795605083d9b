//! How fast subscriptions renew that fall due at one instant: through the use cases, without HTTP.

use super::{Bench, Figure, Measured, example, host, rounded};
use crate::{postgres::Postgres, run};
use anyhow::{Result, ensure};
use serde_json::Value;

/// How many subscriptions renew.
const COUNT: u32 = 20_000;

/// Of how many organizations: all of one, and many of each. The slower one counts.
const ORGANIZATIONS: [u32; 2] = [1, 100];

/// Has the example fill a fresh database and renew everything in it, once for each number of organizations.
pub(super) fn measure(bench: &Bench<'_>, figure: Figure) -> Result<Measured> {
    let (place, name) = match figure {
        Figure::RenewalsPostgres => ("server", "PostgreSQL"),
        _ => ("folder", "SQLite"),
    };
    let postgres = if place == "server" { Some(Postgres::durable(bench.machine)?) } else { None };
    if let Some(postgres) = &postgres {
        host::hold(postgres.id(), host::BOTH_CORES)?;
    }
    let mut printed = Vec::new();
    for organizations in ORGANIZATIONS {
        eprintln!("Renewing {COUNT} subscriptions of {organizations} organizations with {name}");
        let data = bench.folder.0.join(format!("{}-{organizations}", figure.name()));
        let (count, organizations) = (COUNT.to_string(), organizations.to_string());
        let words =
            ["renewals".as_ref(), data.as_os_str(), place.as_ref(), count.as_ref(), organizations.as_ref()];
        let mut command = example::command(bench, host::BOTH_CORES, &words);
        if let Some(postgres) = &postgres {
            command.env("ZASEKI_TEST_POSTGRES", postgres.url());
        }
        let output = run::must(&mut command, "Renewing", &bench.machine.log("bench-renewals"))?;
        printed.push(example::Printed::read(&output)?);
    }
    read(figure, name, &printed)
}

fn read(figure: Figure, engine: &str, printed: &[example::Printed]) -> Result<Measured> {
    let mut rates = Vec::new();
    let (mut notes, mut peak) = (Vec::new(), 0_f64);
    for printed in printed {
        let (seconds, count) = (printed.number("seconds")?, printed.number("count")?);
        ensure!(seconds > 0.0, "everything was renewed in no time, which cannot be");
        let rate = count / seconds;
        notes.push(format!("of {} {rate:.0}/s", printed.number("organizations")?));
        rates.push(rate);
        peak = peak.max(printed.number("peak_mb")?);
    }
    Ok(Measured {
        figure,
        value: rates.iter().copied().fold(f64::INFINITY, f64::min),
        details: vec![
            ("count", Value::from(COUNT)),
            ("organizations", ORGANIZATIONS.iter().copied().collect()),
            ("per_s", rates.iter().copied().map(rounded).collect()),
            ("peak_mb", Value::from(rounded(peak))),
            ("engine", Value::from(engine)),
            ("durable", Value::from(true)),
            ("cores", Value::from(host::BOTH_CORES)),
            ("through", Value::from("the use cases, without HTTP; the sandbox answers at once")),
        ],
        note: format!(
            "{COUNT} monthly subscriptions due at one instant, each renewed, paid and its invoice numbered; of one \
             organization or spread over more, the slower counts: {}; at most {peak:.1} MB; {engine}, durable; cores \
             {}, without HTTP",
            notes.join(", "),
            host::BOTH_CORES
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slower_one_counts() {
        let line = |seconds: &str, organizations: u32| {
            let line = format!(
                "{{\"seconds\": {seconds}, \"count\": 20000, \"organizations\": {organizations}, \"peak_mb\": 60.5}}"
            );
            example::Printed::read(&line).unwrap()
        };
        let measured = read(Figure::Renewals, "SQLite", &[line("5", 1), line("8", 100)]).unwrap();
        assert_eq!(format!("{:.0}", measured.value), "2500");
        assert!(measured.note.contains("of 1 4000/s, of 100 2500/s; at most 60.5 MB"), "{}", measured.note);
        assert!(read(Figure::Renewals, "SQLite", &[line("0", 1)]).is_err());
    }
}
