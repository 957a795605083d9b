//! What is measured of a running server: a long page under load, the memory after it, the size of the first page.

use super::{Bench, Figure, Measured, bytes, example, host, http, rounded, wrk};
use crate::{
    demo::{self, SignIn},
    run,
    server::{self, Product, Server},
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

/// How many subscriptions the page lists: as many as fit on one (design guide 8).
pub(super) const SUBSCRIPTIONS: usize = 50;

/// Whose page it is.
pub(super) const PERSON: &SignIn = &demo::SIGN_INS[0];

/// The page that is asked for.
pub(super) const PAGE: &str = "/products";

/// For how long it is asked for before anything is measured.
pub(super) const WARM_UP_SECONDS: u32 = 3;

/// Serves demo data and measures: page and memory, and the size of the first page, if they are wanted.
pub(super) fn measure(bench: &Bench<'_>, loads: bool, size: bool) -> Result<Vec<Measured>> {
    let Bench { machine, binary, folder, .. } = bench;
    let data = folder.0.join("pages");
    make(bench, &data, loads)?;
    let product = Product::new(machine, binary);
    let (port, log) = (server::free_port()?, machine.log("bench-server"));
    let mut command = product.command();
    command.args(server::serve_words(&data, port));
    if loads {
        command = host::on_cores(&command, host::SERVER_CORE);
    }
    let mut server = Server::launch(&mut command, port, Some(&log))?;
    server.wait_until_it_listens(Some(&log))?;
    demo::set_passwords(product, &data, port)?;
    let cookie = http::sign_in(port, PERSON)?;

    let mut measured = Vec::new();
    if loads {
        measured.push(load(bench, &server, &cookie)?);
        measured.push(memory(&server)?);
    }
    if size {
        eprintln!("Weighing the first page");
        measured.push(bytes::measure(machine, port, &cookie)?);
    }
    Ok(measured)
}

/// Makes the demo's data; with the subscriptions of a long page, if that is wanted.
pub(super) fn make(bench: &Bench<'_>, data: &Path, loads: bool) -> Result<()> {
    eprintln!("Making demo data");
    demo::make(Product::new(bench.machine, &bench.binary), data)?;
    if loads {
        let count = SUBSCRIPTIONS.to_string();
        let words = ["fill".as_ref(), data.as_os_str(), PERSON.mail.as_ref(), count.as_ref()];
        let mut command = example::command(bench, host::BOTH_CORES, &words);
        run::must(&mut command, "Buying subscriptions", &bench.machine.log("bench-fill"))?;
    }
    Ok(())
}

fn load(bench: &Bench<'_>, server: &Server, cookie: &str) -> Result<Measured> {
    let size = check(server, cookie)?;
    let url = format!("{}{PAGE}", server.url());
    eprintln!("Asking for {PAGE} for {WARM_UP_SECONDS} s to warm up, then for {} s", bench.options.seconds);
    wrk::run(bench.machine, &url, cookie, WARM_UP_SECONDS)?;
    let load = wrk::run(bench.machine, &url, cookie, bench.options.seconds)?;
    // wrk would also count the way to the sign-in.
    check(server, cookie)?;
    let connections = wrk::CONNECTIONS;
    let note = format!(
        "p99 {:.1} ms, p50 {:.1} ms; {connections} connections for {} s; {SUBSCRIPTIONS} rows, {size} bytes of HTML; \
         SQLite; server and load on one core each",
        load.p99_ms, load.p50_ms, bench.options.seconds
    );
    Ok(Measured {
        figure: Figure::Products,
        value: load.per_second,
        details: vec![
            ("p99_ms", Value::from(rounded(load.p99_ms))),
            ("p50_ms", Value::from(rounded(load.p50_ms))),
            ("requests", Value::from(load.requests)),
            ("seconds", Value::from(bench.options.seconds)),
            ("connections", Value::from(connections)),
            ("page", Value::from(PAGE)),
            ("rows", Value::from(SUBSCRIPTIONS)),
            ("page_bytes", Value::from(size)),
            ("engine", Value::from("SQLite")),
            ("server_cores", Value::from(host::SERVER_CORE)),
            ("load_cores", Value::from(host::LOAD_CORE)),
        ],
        note,
    })
}

fn memory(server: &Server) -> Result<Measured> {
    let gone = "the kernel does not say how much memory the server takes";
    let resident = host::memory_of(server.id(), "VmRSS").context(gone)?;
    let peak = host::memory_of(server.id(), "VmHWM").context(gone)?;
    Ok(Measured {
        figure: Figure::Memory,
        value: resident,
        details: vec![
            ("peak_mb", Value::from(rounded(peak))),
            ("after", Value::from("the load of `products`")),
        ],
        note: format!("VmRSS right after the load of `products`; at most {peak:.1} MB since the start"),
    })
}

/// The page is there and lists every subscription. Gives its size in bytes.
pub(super) fn check(server: &Server, cookie: &str) -> Result<usize> {
    let answer = http::get(server.port(), PAGE, Some(cookie)).context("the page cannot be asked for")?;
    ensure!(answer.status == 200, "{PAGE} was answered with {}, not 200", answer.status);
    let rows = subscriptions(&answer.body);
    ensure!(rows == SUBSCRIPTIONS, "{PAGE} lists {rows} subscriptions, not {SUBSCRIPTIONS}");
    Ok(answer.body.len())
}

/// How many subscriptions a page links to; a row may do it more than once.
fn subscriptions(html: &str) -> usize {
    let links = html.split("\"/products/sub_").skip(1);
    links.filter_map(|rest| rest.split(['"', '?']).next()).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_counts_once() {
        let html = "<a href=\"/products/sub_a\">1</a><a href=\"/products/sub_a?pane=cancel\">2</a>\
                    <a href=\"/products/sub_b\">3</a><a href=\"/products?after=sub_c\">next</a>";
        assert_eq!(subscriptions(html), 2);
        assert_eq!(subscriptions("<p>nothing</p>"), 0);
    }
}
