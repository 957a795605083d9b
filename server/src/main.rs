//! The `zaseki` binary: configuration, wiring, HTTP layers, command line.

#![recursion_limit = "256"]

mod command;
mod config;
mod environment;
mod http;
mod ownership;
mod provider;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = config::Arguments::parse();
    match command::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence that says what happened and what to do; the causes behind it follow a colon.
            eprintln!("zaseki: {error:#}");
            ExitCode::FAILURE
        }
    }
}
