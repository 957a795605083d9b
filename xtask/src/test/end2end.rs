//! Playwright against the release: a data folder of its own, a server of its own, on a free port.

use super::{Outcome, counts};
use crate::{
    demo,
    machine::Machine,
    release, run,
    server::{self, Server},
    setup,
};
use anyhow::{Context, Result};
use std::fs;

/// Builds if anything changed, serves fresh demo data, and runs the tests.
pub(super) fn run(machine: &Machine, extra: &[String]) -> Result<Outcome> {
    let binary = release::build(machine)?;
    let chromium = setup::chromium().context("no Chromium was found: set ZASEKI_CHROMIUM to one")?;
    let results = machine.end2end().join("results");
    if results.exists() {
        fs::remove_dir_all(&results).with_context(|| format!("{} cannot be removed", results.display()))?;
    }
    let data = results.join("data");
    fs::create_dir_all(&results).with_context(|| format!("{} cannot be made", results.display()))?;
    demo::make(machine, &binary, &data)?;

    let server_log = machine.log("e2e-server");
    let server = Server::start(machine, &binary, &data, server::free_port()?, Some(&server_log))?;
    demo::set_passwords(machine, &binary, &data, server.port())?;
    let report = results.join("report.json");
    let mut command = machine.command("playwright");
    command
        .arg("test")
        .args(extra)
        .current_dir(machine.end2end())
        .env("ZASEKI_URL", server.url())
        .env("ZASEKI_BINARY", &binary)
        .env("ZASEKI_DATA", &data)
        .env("ZASEKI_CHROMIUM", chromium)
        .env("ZASEKI_REPORT", &report);
    let finished = run::run(&mut command, &machine.log("e2e"))?;
    drop(server);

    let report = fs::read_to_string(&report).unwrap_or_default();
    let counts = counts::playwright(&report, finished.success)
        .with_context(|| run::explain("Playwright", &finished.output, &machine.log("e2e")))?;
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
