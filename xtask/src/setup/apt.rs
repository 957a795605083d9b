//! Debian's packages.

use crate::{
    machine::{Machine, find_program, is_root},
    run,
};
use anyhow::{Result, bail};

/// Installs packages, or says in one sentence who must do it.
pub(super) fn install(machine: &Machine, what: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if find_program(&["apt-get"]).is_none() {
        bail!("{what} is missing: install it with this system's package manager and run the command again");
    }
    if !is_root() {
        bail!(
            "{what} is missing and installing it takes root: run `sudo apt-get install \
             --no-install-recommends {list}` and then the command again"
        );
    }
    let log = machine.log("apt");
    run::must(&mut apt(machine, &["update"]), "`apt-get update`", &log)?;
    run::must(
        apt(machine, &["install", "--no-install-recommends", "-y"]).args(packages),
        &format!("`apt-get install {list}`"),
        &log,
    )?;
    Ok(())
}

fn apt(machine: &Machine, words: &[&str]) -> std::process::Command {
    let mut command = machine.command("apt-get");
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C");
    command
}
