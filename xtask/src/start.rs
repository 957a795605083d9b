//! `cargo xtask start`: from a clone to a running portal with demo data.

use crate::{
    arguments::Serve,
    demo,
    machine::Machine,
    release, run,
    server::{self, Product, Server},
    setup::{self, Tool},
};
use anyhow::Result;
use std::{path::PathBuf, time::Instant};

/// Sets up, builds, makes the demo, serves until Ctrl-C.
pub(crate) fn start(machine: &mut Machine, options: &Serve) -> Result<()> {
    // Asked first: nobody wants to hear it after a build of ten minutes.
    server::require_free(options.port)?;
    setup::set_up(machine, &Tool::BUILD)?;

    println!("[1/3] Building the release (the first time about ten minutes on two cores)");
    let time = Instant::now();
    let binary = release::build(machine)?;
    println!("      done after {}", run::duration(time.elapsed()));

    let data = data_folder(machine, options);
    println!("[2/3] Demo data in {}", data.display());
    let product = Product::new(machine, &binary);
    demo::make(product, &data)?;

    println!("[3/3] Serving");
    let server = Server::start(product, &data, options.port, None)?;
    demo::set_passwords(product, &data, options.port)?;
    print_welcome(&server.url());
    server.wait()
}

/// The data folder asked for, or the project's `data/demo`.
pub(crate) fn data_folder(machine: &Machine, options: &Serve) -> PathBuf {
    match &options.data {
        // Relative to where the command was typed, as anybody would expect.
        Some(folder) => std::path::absolute(folder).unwrap_or_else(|_| folder.clone()),
        None => machine.root.join("data/demo"),
    }
}

/// The address and the demo's people.
pub(crate) fn print_welcome(url: &str) {
    println!("\n  Zaseki runs at {url}   (Ctrl-C ends it)\n");
    for person in &demo::SIGN_INS {
        println!("  {:<34} {:<20} {}", person.mail, person.password, person.who);
    }
    println!();
}
