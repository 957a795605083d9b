//! Very many subscriptions that are due when the server starts: how fast the worker inside it renews them, and what
//! that is to people who look at a page meanwhile.

use super::{
    Bench, Figure, Measured,
    drain::{self, Drained},
    example, host, http, pages, rounded, wrk,
};
use crate::{
    demo, run,
    server::{self, Product, Server},
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{path::Path, thread, time::Instant};

/// What was measured.
#[derive(Debug)]
struct Found {
    seconds: f64,
    peak: f64,
    /// The 99th of 100 answers, in milliseconds, while nothing was done …
    idle_ms: f64,
    /// … and while subscriptions were renewed.
    meanwhile_ms: f64,
    /// Whether there was something to renew for as long as the page was asked for.
    covered: bool,
}

/// Makes data, serves it without a worker, and then with one.
pub(super) fn measure(bench: &Bench<'_>) -> Result<Measured> {
    let data = bench.folder.0.join("due");
    pages::make(bench, &data, true)?;
    let count = bench.options.count;
    eprintln!("Writing {count} subscriptions that are due");
    let words = ["due".as_ref(), data.as_os_str()];
    let number = count.to_string();
    let words = [words[0], words[1], number.as_ref()];
    let printed = example::run(bench, host::BOTH_CORES, &words, "Writing subscriptions")?;

    let (idle_ms, cookie) = idle(bench, &data)?;
    let found = with_worker(bench, &data, &cookie, idle_ms)?;
    eprintln!("Verifying");
    let mut verify = Product::new(bench.machine, &bench.binary).command();
    verify.arg("verify").arg("--data").arg(&data);
    run::must(&mut verify, "`zaseki verify`", &bench.machine.log("bench-verify"))?;
    Ok(figure(bench, &printed, &found))
}

/// The page without a worker beside it; gives its 99th of 100 answers and whoever asked.
fn idle(bench: &Bench<'_>, data: &Path) -> Result<(f64, String)> {
    let log = bench.machine.log("bench-idle");
    let mut server = launch(bench, data, 0, &log)?;
    server.wait_until_it_listens(Some(&log))?;
    demo::set_passwords(Product::new(bench.machine, &bench.binary), data, server.port())?;
    let cookie = http::sign_in(server.port(), pages::PERSON)?;
    let url = format!("{}{}", server.url(), pages::PAGE);
    eprintln!("Asking for {} while nothing is done", pages::PAGE);
    wrk::run(bench.machine, &url, &cookie, pages::WARM_UP_SECONDS)?;
    let load = wrk::run(bench.machine, &url, &cookie, bench.options.seconds)?;
    pages::check(&server, &cookie)?;
    Ok((load.p99_ms, cookie))
}

/// The worker renews everything, and for a part of that time the page is asked for.
fn with_worker(bench: &Bench<'_>, data: &Path, cookie: &str, idle_ms: f64) -> Result<Found> {
    let log = bench.machine.log("bench-due");
    let start = Instant::now();
    let mut server = launch(bench, data, bench.options.worker_share, &log)?;
    server.wait_until_it_listens(Some(&log))?;
    let (process, count) = (server.id(), bench.options.count);
    let url = format!("{}{}", server.url(), pages::PAGE);
    eprintln!("Asking for {} while subscriptions renew, and waiting for the last of them", pages::PAGE);
    let (drained, load) = thread::scope(|scope| {
        let watching = scope.spawn(|| drain::watch(&log, process, count));
        let load = wrk::run(bench.machine, &url, cookie, pages::WARM_UP_SECONDS)
            .and_then(|_| wrk::run(bench.machine, &url, cookie, bench.options.seconds))
            .map(|load| (load, Instant::now()));
        (watching.join(), load)
    });
    let drained = drained.ok().context("whoever watched the server is gone")?;
    let (Drained { at, peak }, (load, asked_until)) = (drained?, load?);
    pages::check(&server, cookie)?;
    let seconds = at.duration_since(start).as_secs_f64();
    Ok(Found { seconds, peak, idle_ms, meanwhile_ms: load.p99_ms, covered: at >= asked_until })
}

fn launch(bench: &Bench<'_>, data: &Path, worker_share: u32, log: &Path) -> Result<Server> {
    let port = server::free_port()?;
    let mut command = Product::new(bench.machine, &bench.binary).command();
    command.args(server::serve_words(data, port)).args(["--worker-share", &worker_share.to_string()]);
    // Each round of the worker is a line, by which it is seen from outside how far it is.
    command.env("RUST_LOG", "info,zaseki::worker=debug").env("NO_COLOR", "1");
    Server::launch(&mut host::on_cores(&command, host::SERVER_CORE), port, Some(log))
}

fn figure(bench: &Bench<'_>, printed: &example::Printed, found: &Found) -> Measured {
    let Found { seconds, peak, idle_ms, meanwhile_ms, covered } = found;
    let (count, share, asked) = (bench.options.count, bench.options.worker_share, bench.options.seconds);
    let ratio = meanwhile_ms / idle_ms;
    let until = if *covered { "" } else { " (the last were renewed before that was over)" };
    Measured {
        figure: Figure::DueMillion,
        value: f64::from(count) / seconds,
        details: vec![
            ("count", Value::from(count)),
            ("organizations", printed.value("organizations")),
            ("seconds", Value::from(rounded(*seconds))),
            ("peak_mb", Value::from(rounded(*peak))),
            ("p99_idle_ms", Value::from(rounded(*idle_ms))),
            ("p99_meanwhile_ms", Value::from(rounded(*meanwhile_ms))),
            ("p99_ratio", Value::from(rounded(ratio))),
            ("asked_s", Value::from(asked)),
            ("asked_only_meanwhile", Value::from(*covered)),
            ("worker_share", Value::from(share)),
            ("page", Value::from(pages::PAGE)),
            ("connections", Value::from(wrk::CONNECTIONS)),
            ("engine", Value::from("SQLite")),
            ("server_cores", Value::from(host::SERVER_CORE)),
            ("load_cores", Value::from(host::LOAD_CORE)),
        ],
        note: format!(
            "{count} subscriptions due at one instant, renewed, paid and numbered after {seconds:.1} s; worker share \
             {share} %; at most {peak:.1} MB; p99 of {} with {} rows {idle_ms:.1} ms idle and {meanwhile_ms:.1} ms \
             meanwhile, {ratio:.2} times, for {asked} s{until}; SQLite; server and load on one core each",
            pages::PAGE,
            pages::SUBSCRIPTIONS
        ),
    }
}
