//! Playwright against the release: a data folder of its own, a server of its own, on a free port.

use super::{Outcome, counts};
use crate::{
    demo,
    machine::Machine,
    postgres::Postgres,
    release, run,
    server::{self, Product, Server},
    setup,
};
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// Builds if anything changed, serves fresh demo data, and runs the tests: all of them on the embedded database, and
/// those tagged `@postgres` on the other one, where the database is the only difference.
pub(super) fn run(machine: &Machine, extra: &[String]) -> Result<Outcome> {
    let binary = release::build(machine)?;
    let results = machine.end2end().join("results");
    if results.exists() {
        fs::remove_dir_all(&results).with_context(|| format!("{} cannot be removed", results.display()))?;
    }
    fs::create_dir_all(&results).with_context(|| format!("{} cannot be made", results.display()))?;
    let product = Product::new(machine, &binary);
    let embedded = round(product, &binary, "sqlite", extra)?;
    // Words of one's own choose tests: they mean the ordinary run.
    if !extra.is_empty() {
        return Ok(embedded);
    }
    let postgres = Postgres::start(machine)?;
    let database = postgres.url();
    let words = ["--grep", "@postgres"].map(str::to_owned);
    let remote = round(product.on(&database), &binary, "postgres", &words)?;
    let output = embedded.output + &remote.output;
    Ok(Outcome { counts: embedded.counts.plus(remote.counts), output })
}

/// One run of Playwright against a server of its own.
fn round(product: Product<'_>, binary: &Path, name: &str, extra: &[String]) -> Result<Outcome> {
    let machine = product.machine();
    let chromium = setup::chromium().context("no Chromium was found: set ZASEKI_CHROMIUM to one")?;
    let results = machine.end2end().join("results");
    let data = results.join(format!("data-{name}"));
    demo::make(product, &data)?;

    let server_log = machine.log(&format!("e2e-server-{name}"));
    let server = Server::start(product, &data, server::free_port()?, Some(&server_log))?;
    demo::set_passwords(product, &data, server.port())?;
    let report = results.join(format!("report-{name}.json"));
    let log = machine.log(&format!("e2e-{name}"));
    let mut command = machine.command("playwright");
    command
        .arg("test")
        .args(extra)
        .current_dir(machine.end2end())
        .env("ZASEKI_URL", server.url())
        .env("ZASEKI_BINARY", binary)
        .env("ZASEKI_DATA", &data)
        .env("ZASEKI_CHROMIUM", chromium)
        .env("ZASEKI_REPORT", &report)
        .envs(product.environment());
    let finished = run::run(&mut command, &log)?;
    drop(server);

    let report = fs::read_to_string(&report).unwrap_or_default();
    let counts = counts::playwright(&report, finished.success)
        .with_context(|| run::explain("Playwright", &finished.output, &log))?;
    let server_output = fs::read_to_string(&server_log).unwrap_or_default();
    let tail: Vec<&str> = server_output.lines().rev().take(40).collect();
    let mut output = finished.output;
    output.push_str("\nThe end of the server's log:\n");
    for line in tail.into_iter().rev() {
        output.push_str(line);
        output.push('\n');
    }
    Ok(Outcome { counts, output })
}
