//! Build tools that come as crates. They are compiled quickly rather than well: their own speed hardly matters.

use crate::{machine::Machine, machine::is_program, run, versions};
use anyhow::Result;
use std::path::PathBuf;

/// A crate with one program that matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crate {
    name: &'static str,
    program: &'static str,
    version: &'static str,
    words: &'static [&'static str],
}

/// Without `--locked`: its lock file names a version that was withdrawn.
pub(super) const WASM_BINDGEN: Crate =
    Crate { name: "wasm-bindgen-cli", program: "wasm-bindgen", version: versions::WASM_BINDGEN, words: &[] };

/// Without its downloads: wasm-bindgen and wasm-opt are found on PATH, or it says that they are missing. What it
/// is locked to asks for a newer Rust than the product does, and builds with ours all the same.
pub(super) const CARGO_LEPTOS: Crate = Crate {
    name: "cargo-leptos",
    program: "cargo-leptos",
    version: versions::CARGO_LEPTOS,
    words: &["--locked", "--ignore-rust-version", "--no-default-features", "--features", "no_downloads"],
};

/// Whether the program is there in the version that is pinned.
pub(super) fn is_ready(machine: &Machine, tool: Crate) -> bool {
    // Cargo's own record of what it installed: reading it is quicker than starting the program.
    let record = std::fs::read_to_string(machine.tools.join(".crates.toml")).unwrap_or_default();
    record.contains(&format!("\"{} {} (", tool.name, tool.version))
        && is_program(&machine.tools.join("bin").join(tool.program))
}

/// Compiles it. What an interrupted run compiled is used by the next.
pub(super) fn install(machine: &Machine, tool: Crate) -> Result<()> {
    let log = machine.log(tool.name);
    let mut command = machine.cargo(&["install", tool.name, "--version", tool.version, "--force", "--root"]);
    command
        .arg(&machine.tools)
        .arg("--target-dir")
        .arg(build_folder(machine))
        .args(tool.words)
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    run::must(&mut command, &format!("Installing {} {}", tool.name, tool.version), &log)?;
    Ok(())
}

/// Removes what only the compilation needed.
pub(super) fn clean(machine: &Machine) {
    // A few hundred megabytes that nobody misses; if they stay, they do no harm.
    drop(std::fs::remove_dir_all(build_folder(machine)));
}

fn build_folder(machine: &Machine) -> PathBuf {
    machine.tools.join("build")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Rust;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn another_version_is_not_ready() {
        let tools = std::env::temp_dir().join(format!("zaseki-tools-{}", std::process::id()));
        let machine =
            Machine { root: tools.clone(), tools: tools.clone(), target: tools.clone(), rust: Rust::Present };
        std::fs::create_dir_all(tools.join("bin")).unwrap();
        let program = tools.join("bin/wasm-bindgen");
        std::fs::write(&program, "").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let record = |version: &str| {
            let text = format!("[v1]\n\"wasm-bindgen-cli {version} (registry)\" = [\"wasm-bindgen\"]\n");
            std::fs::write(tools.join(".crates.toml"), text).unwrap();
        };
        record("0.2.1");
        assert!(!is_ready(&machine, WASM_BINDGEN));
        record(versions::WASM_BINDGEN);
        assert!(is_ready(&machine, WASM_BINDGEN));
        assert!(!is_ready(&machine, CARGO_LEPTOS));
        std::fs::remove_dir_all(tools).unwrap();
    }
}
