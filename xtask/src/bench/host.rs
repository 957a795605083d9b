//! The machine that is measured on: what it is, its cores, and what its kernel says of a process.

use crate::machine::{Machine, find_program};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    process::{Command, Stdio},
    thread::available_parallelism,
};

/// The core that a server has to itself.
pub(super) const SERVER_CORE: &str = "0";

/// The core of whoever asks it.
pub(super) const LOAD_CORE: &str = "1";

/// The cores of the server and of the load, where both are one process.
pub(super) const BOTH_CORES: &str = "0,1";

/// A figure per core is one only if whoever asks does not take part of the core.
pub(super) fn require_two_cores() -> Result<()> {
    if find_program(&["taskset"]).is_none() {
        bail!("`taskset` is missing: these figures are measured on Linux, with util-linux installed");
    }
    let cores = available_parallelism().map_or(1, usize::from);
    ensure!(cores >= 2, "these figures need two cores, one for the server and one for the load");
    Ok(())
}

/// The same command on these cores alone, as `taskset` takes them: `0` or `0,1`. It is the same process.
pub(super) fn on_cores(command: &Command, cores: &str) -> Command {
    let mut pinned = Command::new("taskset");
    pinned.args(["-c", cores]).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        pinned.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => pinned.env(name, value),
            None => pinned.env_remove(name),
        };
    }
    pinned
}

/// Holds a process that runs, and what it starts from now on, to these cores.
pub(super) fn hold(process: u32, cores: &str) -> Result<()> {
    let mut command = Command::new("taskset");
    command.args(["--all-tasks", "-cp", cores, &process.to_string()]).stdout(Stdio::null());
    let held = command.status().is_ok_and(|status| status.success());
    ensure!(held, "`taskset` cannot hold process {process} to cores {cores}");
    Ok(())
}

/// Processor, cores and memory.
pub(super) fn describe() -> String {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let cores = available_parallelism().map_or(1, usize::from);
    words(&read("/proc/cpuinfo"), cores, &read("/proc/meminfo"))
}

fn words(processors: &str, cores: usize, memory: &str) -> String {
    let model = processors.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().replace('|', "/"))
    });
    let model = model.unwrap_or_else(|| "processor unknown".to_owned());
    let cores = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    match kib(memory, "MemTotal") {
        Some(memory) => format!("{model}, {cores}, {:.0} GB", megabytes(memory) / 1_000.0),
        None => format!("{model}, {cores}"),
    }
}

/// Today, such as 2026-12-01.
pub(super) fn today(machine: &Machine) -> Result<String> {
    machine.ask("date", &["+%F"]).context("`date` does not say which day it is")
}

/// `VmRSS` (resident) or `VmHWM` (the most that was ever resident) of a process, in MB. Nothing if it has ended.
pub(super) fn memory_of(process: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    kib(&status, name).map(megabytes)
}

/// The number in a line such as `VmRSS:     48156 kB`; the kernel's kB has 1024 bytes.
fn kib(text: &str, name: &str) -> Option<u32> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

fn megabytes(kib: u32) -> f64 {
    f64::from(kib) * 1_024.0 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_a_few_words() {
        let processors = "processor\t: 0\nmodel name\t: AMD EPYC 7B13\nprocessor\t: 1\nmodel name\t: other\n";
        let memory = "MemTotal:       24641220 kB\nMemFree:  1 kB\n";
        assert_eq!(words(processors, 2, memory), "AMD EPYC 7B13, 2 cores, 25 GB");
        assert_eq!(words("", 1, ""), "processor unknown, 1 core");
    }

    #[test]
    fn reads_what_the_kernel_says() {
        let status = "Name:\tzaseki\nVmHWM:\t   60000 kB\nVmRSS:\t   50000 kB\n";
        assert_eq!(
            (kib(status, "VmRSS"), kib(status, "VmHWM"), kib(status, "Vm")),
            (Some(50_000), Some(60_000), None)
        );
        assert_eq!(format!("{:.1}", megabytes(50_000)), "51.2");
        assert!(memory_of(0, "VmRSS").is_none());
    }

    #[test]
    fn a_pinned_command_is_the_same_command() {
        let mut command = Command::new("zaseki");
        command.args(["serve", "--data", "x"]).env("A", "1").env_remove("B").current_dir("/tmp");
        let pinned = on_cores(&command, "0,1");
        let words: Vec<_> = pinned.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        assert_eq!(pinned.get_program(), "taskset");
        assert_eq!(words, ["-c", "0,1", "zaseki", "serve", "--data", "x"]);
        assert_eq!(pinned.get_envs().collect::<Vec<_>>(), command.get_envs().collect::<Vec<_>>());
        assert_eq!(pinned.get_current_dir(), command.get_current_dir());
    }
}
