//! The release: WASM, style sheet and server, built by cargo-leptos, split, hashed and precompressed.

use crate::{
    machine::{Machine, Rust},
    run, server,
};
use anyhow::{Context, Result};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// What a release is made of.
const INPUTS: [&str; 9] = [
    "app",
    "crates",
    "frontend",
    "server",
    "style",
    "public",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
];

/// Builds the release unless nothing has changed since it was last built; says where the server's binary is.
pub(crate) fn build(machine: &Machine) -> Result<PathBuf> {
    let binary = machine.target.join("release/zaseki");
    let _alone = alone(machine)?;
    if is_fresh(machine, &binary) {
        return Ok(binary);
    }
    // What is changed while it is built may not be in it.
    let sources = sources(machine);
    let mut command = leptos(machine, &["build", "--release", "--split", "--precompress"]);
    run::must(&mut command, "The release build", &machine.log("build"))?;
    let stamp = stamp(machine);
    fs::write(&stamp, print(sources, &binary))
        .with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(binary)
}

/// Waits until nobody else makes a release in this folder: two at once leave a site whose files do not match.
fn alone(machine: &Machine) -> Result<fs::File> {
    let path = machine.target.join("release-build.lock");
    fs::create_dir_all(&machine.target)
        .and_then(|()| fs::File::create(&path))
        .and_then(|file| {
            if let Err(fs::TryLockError::WouldBlock) = file.try_lock() {
                println!("      Another command is making a release in this folder. Waiting for it");
                file.lock()?;
            }
            Ok(file)
        })
        .with_context(|| format!("{} cannot be locked", path.display()))
}

/// Builds an example of `services`, in which the use cases are called without a browser; says where it is.
pub(crate) fn build_example(machine: &Machine, name: &str) -> Result<PathBuf> {
    let words =
        ["build", "--locked", "--release", "-p", "services", "--features", "testing", "--example", name];
    run::must(&mut machine.cargo(&words), "Building an example of `services`", &machine.log("example"))?;
    Ok(machine.target.join("release/examples").join(name))
}

/// Whether a build would make what is there already. Cargo itself would find out too, but cargo-leptos would
/// optimise and compress the WASM again, which takes a minute.
pub(crate) fn is_fresh(machine: &Machine, binary: &Path) -> bool {
    binary.exists()
        && server::site(machine).join("pkg").is_dir()
        && fs::read_to_string(stamp(machine)).is_ok_and(|stamp| stamp == print(sources(machine), binary))
}

/// cargo-leptos; its settings stand in `Cargo.toml` under `workspace.metadata.leptos`.
pub(crate) fn leptos(machine: &Machine, words: &[&str]) -> Command {
    let mut command = machine.cargo(&["leptos"]);
    command.args(words);
    command
}

/// A digest of the sources and of the binary: another clone that shares the target folder may have replaced it.
fn print(sources: u64, binary: &Path) -> String {
    format!("{sources:016x}{:016x}\n", digest(&[binary.to_path_buf()], 0))
}

/// A digest of every input's name, size and time.
fn sources(machine: &Machine) -> u64 {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&machine.root.join(input), &mut files);
    }
    files.sort();
    digest(&files, u8::from(machine.rust == Rust::Debian))
}

fn digest(files: &[PathBuf], salt: u8) -> u64 {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        if let Ok(data) = file.metadata() {
            (data.len(), data.modified().ok()).hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if let Ok(entries) = fs::read_dir(path) {
        entries.flatten().for_each(|entry| collect(&entry.path(), files));
    } else {
        files.push(path.to_path_buf());
    }
}

fn stamp(machine: &Machine) -> PathBuf {
    machine.root.join("target/release-build.stamp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_source_makes_a_release_stale() {
        let root = std::env::temp_dir().join(format!("zaseki-release-{}", std::process::id()));
        let machine = Machine {
            root: root.clone(),
            tools: root.join("tools"),
            target: root.join("target"),
            rust: Rust::Present,
        };
        for folder in ["app/src", "target/site/pkg", "target/release"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let binary = root.join("target/release/zaseki");
        fs::write(root.join("app/src/lib.rs"), "one").unwrap();
        assert!(!is_fresh(&machine, &binary));
        fs::write(&binary, "binary").unwrap();
        assert!(!is_fresh(&machine, &binary));
        fs::write(stamp(&machine), print(sources(&machine), &binary)).unwrap();
        assert!(is_fresh(&machine, &binary));
        fs::write(root.join("app/src/lib.rs"), "other text").unwrap();
        assert!(!is_fresh(&machine, &binary));
        fs::write(stamp(&machine), print(sources(&machine), &binary)).unwrap();
        fs::write(&binary, "another clone's binary").unwrap();
        assert!(!is_fresh(&machine, &binary));
        fs::remove_dir_all(root).unwrap();
    }
}
