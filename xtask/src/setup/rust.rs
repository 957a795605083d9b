//! A Rust that builds for WASM. The Rust that is there is asked first (`rustup target add`); only where that
//! fails, because rustup's server cannot be reached, Debian's newer Rust is installed beside it, and the
//! standard library is built for WASM from its sources. The choice is kept in a file among the tools.

use super::apt;
use crate::{
    machine::{Machine, Rust, find_program},
    run, versions,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Settles which Rust is used, from what is asked for or what was chosen before.
pub(super) fn choose(machine: &mut Machine) -> Result<()> {
    let before = fs::read_to_string(choice_file(machine)).unwrap_or_default();
    machine.rust = match wanted()? {
        Some(rust) => rust,
        None if before.trim() == "debian" => Rust::Debian,
        None => Rust::Present,
    };
    Ok(())
}

/// Whether the chosen Rust compiles for WASM, formats and lints.
pub(super) fn is_ready(machine: &Machine) -> bool {
    let linked = machine.rust == Rust::Present || machine.debian_links().join("rustfmt").exists();
    linked && builds_wasm(machine) && has_linters(machine)
}

/// Installs what is missing, the ordinary way if possible.
pub(super) fn install(machine: &mut Machine) -> Result<()> {
    let wanted = wanted()?;
    if wanted != Some(Rust::Debian) {
        machine.rust = Rust::Present;
        let refusal = ask_rustup(machine)?;
        if is_ready(machine) {
            return remember(machine, "rustup");
        }
        let reason = refusal.unwrap_or_else(|| "it lacks the target, rustfmt or clippy".to_owned());
        if wanted == Some(Rust::Present) || find_program(&["apt-get"]).is_none() {
            bail!("the Rust that is installed cannot build for WASM: {reason}");
        }
        println!("      rustup cannot fetch {TARGET}: taking Debian's Rust (about 2 minutes)");
    }
    install_debian(machine)?;
    remember(machine, "debian")
}

fn wanted() -> Result<Option<Rust>> {
    match std::env::var("ZASEKI_RUST").as_deref() {
        Ok("rustup") => Ok(Some(Rust::Present)),
        Ok("debian") => Ok(Some(Rust::Debian)),
        Ok("") | Err(_) => Ok(None),
        Ok(other) => bail!("ZASEKI_RUST is `{other}`: it must be `rustup` or `debian`"),
    }
}

/// Compiles an empty crate: the one test that cannot be wrong about a standard library of another compiler.
fn builds_wasm(machine: &Machine) -> bool {
    // A file of its own: rustc replaces what stands there, even if that is a device.
    let output = std::env::temp_dir().join(format!("zaseki-probe-{}.rmeta", std::process::id()));
    let probe = || -> std::io::Result<bool> {
        let mut child = machine
            .command("rustc")
            .args(["--crate-name", "probe", "--crate-type", "lib", "--emit", "metadata", "--target", TARGET])
            .arg("-o")
            .arg(&output)
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(b"pub fn probe() -> String { String::new() }")?;
        }
        Ok(child.wait()?.success())
    };
    let built = probe().unwrap_or(false);
    drop(fs::remove_file(output));
    built
}

fn has_linters(machine: &Machine) -> bool {
    let Some(root) = machine.ask("rustc", &["--print", "sysroot"]) else {
        return false;
    };
    let programs = Path::new(&root).join("bin");
    ["rustfmt", "cargo-fmt", "cargo-clippy", "clippy-driver"].iter().all(|name| programs.join(name).exists())
}

/// Nothing if rustup did it, otherwise why not.
fn ask_rustup(machine: &Machine) -> Result<Option<String>> {
    if find_program(&["rustup"]).is_none() {
        return Ok(Some("rustup is not installed".to_owned()));
    }
    let log = machine.log("rustup");
    if !has_linters(machine) {
        let mut components = machine.command("rustup");
        let finished = run::run(components.args(["component", "add", "rustfmt", "clippy"]), &log)?;
        if !finished.success {
            return Ok(Some(run::explain("`rustup component add rustfmt clippy`", &finished.output, &log)));
        }
    }
    let finished = run::run(machine.command("rustup").args(["target", "add", TARGET]), &log)?;
    let what = format!("`rustup target add {TARGET}`");
    Ok((!finished.success).then(|| run::explain(&what, &finished.output, &log)))
}

fn install_debian(machine: &mut Machine) -> Result<()> {
    machine.rust = Rust::Debian;
    if !Path::new("/usr/bin/rustc").exists() || find_program(&[versions::DEBIAN_WASM_LINKER]).is_none() {
        apt::install(machine, "Debian's Rust", versions::DEBIAN_RUST)?;
    }
    link_debian(machine)?;
    if !has_linters(machine) {
        apt::install(machine, "Debian's Rust", versions::DEBIAN_RUST)?;
    }
    if !builds_wasm(machine) {
        build_std(machine)?;
    }
    Ok(())
}

/// A folder with links to Debian's Rust and nothing else, to stand first on PATH.
fn link_debian(machine: &Machine) -> Result<()> {
    let folder = machine.debian_links();
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for name in ["cargo", "cargo-clippy", "cargo-fmt", "clippy-driver", "rustc", "rustdoc", "rustfmt"] {
        let link = folder.join(name);
        if fs::symlink_metadata(&link).is_err() {
            std::os::unix::fs::symlink(Path::new("/usr/bin").join(name), &link)
                .with_context(|| format!("{} cannot be made", link.display()))?;
        }
    }
    Ok(())
}

/// Debian ships the standard library's sources, not the library for WASM. It is built once, from an empty
/// crate, and put where the compiler looks for it.
fn build_std(machine: &Machine) -> Result<()> {
    let folder = machine.tools.join("wasm-std");
    let target = folder.join("target");
    write(&folder.join("Cargo.toml"), EMPTY_CRATE)?;
    write(&folder.join("src/lib.rs"), "#![no_std]\n")?;
    let mut command = machine.cargo(&["build", "--release", "--target", TARGET]);
    command
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro")
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&folder)
        // Building std is an unstable option; Debian's compiler is a stable one.
        .env("RUSTC_BOOTSTRAP", "1");
    run::must(&mut command, "Building Rust's standard library for WASM", &machine.log("wasm-std"))?;

    let library = PathBuf::from("/usr/lib/rustlib").join(TARGET).join("lib");
    let copy = || -> std::io::Result<()> {
        if library.exists() {
            // What stands there was built by an older compiler.
            fs::remove_dir_all(&library)?;
        }
        fs::create_dir_all(&library)?;
        for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
            let file = entry?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let wanted = file.extension().is_some_and(|end| end == "rlib" || end == "rmeta");
            if wanted && !name.starts_with("libempty") {
                fs::copy(&file, library.join(name))?;
            }
        }
        Ok(())
    };
    copy().with_context(|| {
        format!("the standard library for WASM cannot be put into {}: run this as root", library.display())
    })?;
    drop(fs::remove_dir_all(folder));
    Ok(())
}

const EMPTY_CRATE: &str = "\
[package]
name = \"empty\"
version = \"0.0.0\"
edition = \"2024\"

[workspace]
";

fn remember(machine: &Machine, choice: &str) -> Result<()> {
    write(&choice_file(machine), choice)
}

fn choice_file(machine: &Machine) -> PathBuf {
    machine.tools.join("rust")
}

fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .with_context(|| format!("{} cannot be written", file.display()))
}
