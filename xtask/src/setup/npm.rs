//! The npm packages of `end2end/`, exactly those of its lock file.

use crate::{machine::Machine, run, versions};
use anyhow::{Context, Result, bail};
use std::{fs, path::PathBuf};

/// Whether the packages of this very lock file are there.
pub(super) fn is_ready(machine: &Machine) -> bool {
    let wanted = fs::read(lock(machine)).unwrap_or_default();
    !wanted.is_empty() && fs::read(stamp(machine)).is_ok_and(|installed| installed == wanted)
}

/// `npm ci`; no browser is downloaded.
pub(super) fn install(machine: &Machine) -> Result<()> {
    let wanted = versions::NODE;
    match machine.ask("node", &["--version"]).as_deref().and_then(major) {
        None => bail!("Node is missing: install Node {wanted} or newer with npm and run the command again"),
        Some(found) if found < wanted => {
            bail!("Node {found} is too old: install Node {wanted} or newer and run the command again")
        }
        Some(_) => {}
    }
    let mut command = machine.command("npm");
    command
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(machine.end2end())
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run::must(&mut command, "`npm ci` in end2end", &machine.log("npm"))?;
    fs::copy(lock(machine), stamp(machine)).context("the npm packages cannot be marked as installed")?;
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn lock(machine: &Machine) -> PathBuf {
    machine.end2end().join("package-lock.json")
}

fn stamp(machine: &Machine) -> PathBuf {
    machine.end2end().join("node_modules/.installed-lock.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_nodes_version() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nothing"), None);
    }
}
