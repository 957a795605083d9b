//! The commands of a developer's day: `cargo xtask start | test | dev | tidy | bench | simulate`.
//!
//! Compiled by whatever stable Rust is there before anything is set up, so it depends on next to nothing.

mod arguments;
mod bench;
mod demo;
mod dev;
mod machine;
mod postgres;
mod release;
mod run;
mod server;
mod setup;
mod simulate;
mod start;
mod test;
mod tidy;
mod versions;

use arguments::Command;
use machine::Machine;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match arguments::parse(&words).and_then(perform) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Help(text) => {
            println!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Start(options) => start::start(&mut Machine::here()?, &options).map(|()| ExitCode::SUCCESS),
        Command::Dev(options) => dev::dev(&mut Machine::here()?, &options).map(|()| ExitCode::SUCCESS),
        Command::Test(chosen) => test::test(&mut Machine::here()?, &chosen),
        Command::Tidy => tidy::tidy(&Machine::here()?),
        Command::Bench(options) => bench::bench(&mut Machine::here()?, &options).map(|()| ExitCode::SUCCESS),
        Command::Simulate(options) => simulate::simulate(&mut Machine::here()?, options),
    }
}
