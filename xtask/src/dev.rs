//! `cargo xtask dev`: the inner loop. cargo-leptos watches the sources, rebuilds what changed, restarts the
//! server and reloads the page.

use crate::{
    arguments::Serve,
    demo,
    machine::Machine,
    release, run,
    server::{self, Product, require_free},
    setup::{self, Tool},
    start,
};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Sets up, builds for debugging, makes the demo, and watches until Ctrl-C.
pub(crate) fn dev(machine: &mut Machine, options: &Serve) -> Result<()> {
    let reload = options
        .port
        .checked_add(1)
        .context("the port after `--port` reloads the page: choose a lower one")?;
    require_free(options.port)?;
    require_free(reload)?;
    setup::set_up(machine, &Tool::BUILD)?;

    let data = start::data_folder(machine, options);
    if !data.exists() {
        println!("[1/2] Building for debugging, to make the demo data with");
        let log = machine.log("dev-build");
        run::must(
            &mut with_ports(release::leptos(machine, &["build"]), options.port, reload),
            "The build",
            &log,
        )?;
        println!("[2/2] Demo data in {}", data.display());
        let binary = machine.target.join("debug/zaseki");
        demo::make(Product::new(machine, &binary), &data)?;
    }
    println!("\n  Zaseki will run at http://127.0.0.1:{}   (Ctrl-C ends it)\n", options.port);
    let mut command = with_ports(release::leptos(machine, &["watch", "--"]), options.port, reload);
    let status = command
        .args(server::serve_words(&data, options.port))
        .status()
        .context("cargo-leptos cannot be started")?;
    // No code: Ctrl-C ended it, as it should.
    if !status.success() && status.code().is_some() {
        bail!("cargo-leptos ended with {status}: what it printed above says why");
    }
    Ok(())
}

fn with_ports(mut command: Command, port: u16, reload: u16) -> Command {
    command
        .env("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}"))
        .env("LEPTOS_RELOAD_PORT", reload.to_string())
        // As `watch` sets it for its own builds: Leptos would be compiled again otherwise.
        .env("LEPTOS_WATCH", "true")
        // While it watches, cargo-leptos rebuilds files but does not hash them again: the server would go on
        // naming the first ones.
        .env("LEPTOS_HASH_FILES", "false");
    command
}
