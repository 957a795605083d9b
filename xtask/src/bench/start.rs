//! How long the server takes to start when many people are there.

use super::{Bench, Figure, Measured, host, http, rounded};
use crate::{
    demo, run,
    server::{self, Product, Server},
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

/// How many people are imported beside those of the demo.
const PEOPLE: usize = 100_000;

/// How often the server is started; the one in the middle counts.
const STARTS: usize = 3;

/// The page that a server which has started answers, without a session.
const PAGE: &str = "/sign-in";

const PATIENCE: Duration = Duration::from_mins(1);

/// What importing took.
#[derive(Debug)]
struct Import {
    seconds: f64,
    /// The most memory of the importing process, in MB, where the kernel says so.
    peak: Option<f64>,
}

/// Imports many people and starts the server some times.
pub(super) fn measure(bench: &Bench<'_>) -> Result<Measured> {
    let data = bench.folder.0.join("start");
    eprintln!("Making demo data");
    demo::make(Product::new(bench.machine, &bench.binary), &data)?;
    let file = bench.folder.0.join("people.csv");
    fs::write(&file, people(PEOPLE)).with_context(|| format!("{} cannot be written", file.display()))?;
    eprintln!("Importing {PEOPLE} people");
    let import = import(bench, &file, &data)?;
    eprintln!("Starting the server {STARTS} times");
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(start(bench, &data)?);
    }
    starts.sort_by(f64::total_cmp);
    let peak = import.peak.map(|peak| format!(", at most {peak:.1} MB")).unwrap_or_default();
    Ok(Measured {
        figure: Figure::Start,
        value: starts[STARTS / 2],
        details: vec![
            ("starts_s", starts.iter().copied().map(rounded).collect::<Value>()),
            ("page", Value::from(PAGE)),
            ("people", Value::from(PEOPLE)),
            ("import_s", Value::from(rounded(import.seconds))),
            ("import_peak_mb", Value::from(import.peak.map(rounded))),
            ("engine", Value::from("SQLite")),
        ],
        note: format!(
            "the middle one of {STARTS} starts, files in the system's cache; SQLite; importing the people took \
             {:.1} s{peak}",
            import.seconds
        ),
    })
}

fn import(bench: &Bench<'_>, file: &Path, data: &Path) -> Result<Import> {
    let log = bench.machine.log("bench-import");
    let mut command = Product::new(bench.machine, &bench.binary).command();
    command.args(["import", "people"]).arg(file).arg("--data").arg(data);
    let time = Instant::now();
    let mut child = run::spawn(&mut command, &log)?;
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait().context("the import was lost")? {
            break status;
        }
        peak = host::memory_of(child.id(), "VmHWM").or(peak);
        sleep(Duration::from_millis(10));
    };
    let seconds = time.elapsed().as_secs_f64();
    if !status.success() {
        let output = fs::read_to_string(&log).unwrap_or_default();
        bail!("{}", run::explain("`zaseki import people`", &output, &log));
    }
    Ok(Import { seconds, peak })
}

/// Seconds from starting the server to the end of its first answer. That somebody can connect says nothing: the
/// server listens before it has opened the database.
fn start(bench: &Bench<'_>, data: &Path) -> Result<f64> {
    let (port, log) = (server::free_port()?, bench.machine.log("bench-start"));
    let mut command = Product::new(bench.machine, &bench.binary).command();
    command.args(server::serve_words(data, port));
    let time = Instant::now();
    let mut server = Server::launch(&mut command, port, Some(&log))?;
    loop {
        if let Ok(answer) = http::get(port, PAGE, None) {
            let seconds = time.elapsed().as_secs_f64();
            ensure!(answer.status == 200, "{PAGE} was answered with {}, not 200", answer.status);
            return Ok(seconds);
        }
        server.must_run(Some(&log))?;
        ensure!(time.elapsed() < PATIENCE, "the server did not answer within a minute");
        sleep(Duration::from_millis(1));
    }
}

const HEAD: &str = "organization,mail,family_name,given_name,family_kana,given_kana,family_romaji,given_romaji,\
                    department,cost_center,groups,manager,language,time_zone,guest,active";

const FAMILIES: [&str; 8] = [
    "佐藤,さとう,Sato",
    "鈴木,すずき,Suzuki",
    "髙橋,たかはし,Takahashi",
    "田中,たなか,Tanaka",
    "伊藤,いとう,Ito",
    "渡邉,わたなべ,Watanabe",
    "山本,やまもと,Yamamoto",
    "中村,なかむら,Nakamura",
];

const GIVEN: [&str; 7] = [
    "翔太,しょうた,Shota",
    "美咲,みさき,Misaki",
    "健二,けんじ,Kenji",
    "花子,はなこ,Hanako",
    "直人,なおと,Naoto",
    "さくら,さくら,Sakura",
    "拓海,たくみ,Takumi",
];

const DEPARTMENTS: [&str; 5] = ["設計一部", "設計二部", "営業部", "経理部", "情報システム部"];

/// So many people of the demo's first organization, with every column of `docs/imports.md`. Ten report to each.
fn people(count: usize) -> String {
    let mut rows = format!("{HEAD}\n");
    for number in 0..count {
        let [family, family_kana, family_romaji] = parts(FAMILIES[number % FAMILIES.len()]);
        let [given, given_kana, given_romaji] = parts(GIVEN[number % GIVEN.len()]);
        let department = DEPARTMENTS[number % DEPARTMENTS.len()];
        let manager = if number == 0 { String::new() } else { mail(number / 10) };
        // Writing to a string cannot fail.
        _ = writeln!(
            rows,
            "harukaze,{},{family},{given},{family_kana},{given_kana},{family_romaji},{given_romaji},{department},\
             HK-{},全社;{department},{manager},ja,Asia/Tokyo,false,true",
            mail(number),
            1_000 + number % 50
        );
    }
    rows
}

fn mail(number: usize) -> String {
    format!("p{number:06}@harukaze.example")
}

fn parts(name: &str) -> [&str; 3] {
    let mut parts = name.split(',');
    [(); 3].map(|()| parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_person_has_every_column_and_an_address_of_their_own() {
        let text = people(1_000);
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), 1_001);
        assert!(rows.iter().all(|row| row.len() == 16));
        let mails: BTreeSet<&str> = rows[1..].iter().map(|row| row[1]).collect();
        assert_eq!(mails.len(), 1_000);
        // Managers are there, and nobody is their own.
        assert!(rows[2..].iter().all(|row| mails.contains(row[11]) && row[11] != row[1]));
        assert_eq!(rows[1][2..8], ["佐藤", "翔太", "さとう", "しょうた", "Sato", "Shota"]);
    }

    #[test]
    fn the_columns_are_the_documented_ones() {
        let example = include_str!("../../../docs/examples/people.csv");
        assert_eq!(example.lines().next(), Some(HEAD));
    }
}
