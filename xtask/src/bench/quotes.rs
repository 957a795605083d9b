//! How fast quotes are computed: arithmetic alone, on one core.

use super::{Bench, Figure, Measured, example, host, rounded};
use anyhow::Result;
use serde_json::Value;

/// For how many seconds each kind of quote is computed.
const SECONDS: u32 = 3;

/// Has the example compute quotes of three kinds.
pub(super) fn measure(bench: &Bench<'_>) -> Result<Measured> {
    eprintln!("Computing quotes");
    let seconds = SECONDS.to_string();
    let words = ["quotes".as_ref(), seconds.as_ref()];
    read(&example::run(bench, host::SERVER_CORE, &words, "Computing quotes")?)
}

fn read(printed: &example::Printed) -> Result<Measured> {
    let (per_seat, graduated) = (printed.number("per_seat")?, printed.number("graduated")?);
    let (instalments, mix) = (printed.number("instalments")?, printed.number("mix")?);
    Ok(Measured {
        figure: Figure::Quotes,
        value: per_seat,
        details: vec![
            ("graduated_per_s", Value::from(rounded(graduated))),
            ("instalments_per_s", Value::from(rounded(instalments))),
            ("mix_per_s", Value::from(rounded(mix))),
            ("seats", Value::from(14)),
            ("seconds", printed.value("seconds")),
            ("cores", Value::from(host::SERVER_CORE)),
        ],
        note: format!(
            "a month, ¥500 for each of 14 seats; graduated {graduated:.0}/s; a year in 12 instalments \
             {instalments:.0}/s; as many of each {mix:.0}/s; {SECONDS} s each on one core, no IO"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_said_and_the_simple_one_counts() {
        let line = "{\"per_seat\": 900000, \"graduated\": 500000, \"instalments\": 70000, \"mix\": 174000, \
                    \"seconds\": 3}";
        let measured = read(&example::Printed::read(line).unwrap()).unwrap();
        assert_eq!(format!("{:.0}", measured.value), "900000");
        assert!(measured.note.contains("graduated 500000/s") && measured.note.contains("174000/s"));
    }
}
