//! `cargo xtask simulate`: years of organizations, from one seed each.
//!
//! The seed decides everything but one thing: at which step a worker dies is counted in steps of the runtime, and how
//! many of those there are depends on the machine. So what failed may need more than one repetition to fail again.

use crate::{
    arguments::Simulate,
    machine::Machine,
    release,
    setup::{self, Tool},
};
use anyhow::{Context, Result};
use std::{
    hash::{BuildHasher, RandomState},
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

/// A folder in memory, where a machine has one: nothing of a simulation has to last.
const MEMORY: &str = "/dev/shm";

/// Builds the simulation and runs it for one seed after the other, until one fails.
pub(crate) fn simulate(machine: &mut Machine, options: Simulate) -> Result<ExitCode> {
    setup::set_up(machine, &[Tool::Rust])?;
    eprintln!("Building the simulation");
    let program = release::build_example(machine, "simulate")?;
    // Short, since people type it.
    let first = options.seed.unwrap_or_else(|| RandomState::new().hash_one(0) >> 40);
    for number in 0..options.seeds {
        let seed = first.wrapping_add(u64::from(number));
        let Simulate { years, organizations, .. } = options;
        println!("Seed {seed}: {years} years of {organizations} organizations");
        let time = Instant::now();
        let status = command(machine, &program, seed, options).status();
        if !status.context("the simulation cannot be started")?.success() {
            eprintln!(
                "error: seed {seed} failed; this repeats it, though where workers die also depends on timing:"
            );
            eprintln!("{}", again(seed, options));
            return Ok(ExitCode::FAILURE);
        }
        println!(
            "Seed {seed}: everything that must be true was, after {:.0} s",
            time.elapsed().as_secs_f64()
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn command(machine: &Machine, program: &Path, seed: u64, options: Simulate) -> Command {
    let mut command = machine.command(&program.to_string_lossy());
    command.args([seed, options.years.into(), options.organizations.into()].map(|number| number.to_string()));
    if Path::new(MEMORY).is_dir() {
        command.env("TMPDIR", MEMORY);
    }
    command
}

/// The command that simulates the same again.
fn again(seed: u64, options: Simulate) -> String {
    let Simulate { years, organizations, .. } = options;
    format!("cargo xtask simulate --seed {seed} --years {years} --organizations {organizations}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Command, parse};

    #[test]
    fn what_failed_is_repeated_by_the_command_that_is_printed() {
        let options = Simulate { seed: None, seeds: 9, years: 4, organizations: 2 };
        let words: Vec<String> = again(77, options).split(' ').skip(2).map(str::to_owned).collect();
        let expected = Simulate { seed: Some(77), seeds: 1, ..options };
        assert_eq!(parse(&words).unwrap(), Command::Simulate(expected));
    }
}
