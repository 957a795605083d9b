//! The machine that this runs on: where things are, and how a child process is started so that it finds them.

use crate::versions;
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Which Rust builds the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rust {
    /// The one that is there (rustup's, as a rule): it can build for WASM.
    Present,
    /// Debian's newer one under `/usr/bin`, for machines where rustup cannot fetch the WASM target.
    Debian,
}

/// Places and the choice of Rust.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Where set-up puts its tools: outside the clone, so that all clones share them.
    pub(crate) tools: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Which Rust; settled by set-up.
    pub(crate) rust: Rust,
}

impl Machine {
    /// Looks around; starts nothing and changes nothing.
    pub(crate) fn here() -> Result<Machine> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().context("xtask stands in no workspace")?.to_path_buf();
        let cache = match std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => std::env::home_dir()
                .context("there is no home folder: set ZASEKI_TOOLS to a folder for the build tools")?
                .join(".cache"),
        };
        let tools =
            std::env::var_os("ZASEKI_TOOLS").map_or_else(|| cache.join("zaseki/tools"), PathBuf::from);
        let target = match std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()) {
            Some(folder) => root.join(folder),
            // CI starts in a fresh clone: what an earlier run on the same machine compiled is still good.
            None if in_ci() => cache.join("zaseki/target"),
            None => root.join("target"),
        };
        Ok(Machine { root, tools, target, rust: Rust::Present })
    }

    /// A child process in the clone's root that finds the chosen Rust and the installed tools.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        // `cargo run` tells its child about the package that it runs; that is nothing to the next cargo.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || LEFT_BY_CARGO_RUN.contains(&text.as_ref()) {
                command.env_remove(&name);
            }
        }
        command.env("PATH", self.path()).env("CARGO_TARGET_DIR", &self.target);
        if self.rust == Rust::Debian {
            command
                .env_remove("RUSTUP_TOOLCHAIN")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", versions::DEBIAN_WASM_LINKER);
        }
        command
    }

    /// A cargo of the chosen Rust.
    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(words);
        if in_ci() {
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    /// The folder of links to Debian's Rust: putting `/usr/bin` itself first would also change which Node or
    /// git is found.
    pub(crate) fn debian_links(&self) -> PathBuf {
        self.tools.join("debian-rust")
    }

    /// Where the npm packages are.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// A file for the output of a step that is shown only when the step fails.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join("target/xtask").join(format!("{name}.log"))
    }

    /// The value of a program's first line of output, or nothing if it cannot be run.
    pub(crate) fn ask(&self, program: &str, words: &[&str]) -> Option<String> {
        let output = self.command(program).args(words).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned();
        output.status.success().then_some(text)
    }

    fn path(&self) -> OsString {
        let mut folders = vec![self.tools.join("bin"), self.end2end().join("node_modules/.bin")];
        if self.rust == Rust::Debian {
            folders.insert(0, self.debian_links());
        }
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        folders.extend(std::env::split_paths(&inherited));
        std::env::join_paths(folders).unwrap_or(inherited)
    }
}

/// `LD_LIBRARY_PATH` stands here because `cargo run` puts the running toolchain's libraries into it, which
/// would then meet a compiler of another version.
const LEFT_BY_CARGO_RUN: [&str; 8] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "LD_LIBRARY_PATH",
    "OUT_DIR",
];

/// Whether a continuous integration service runs this.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1")
}

/// Whether packages can be installed and `PostgreSQL` needs another user.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The first of these programs on `PATH`.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| is_program(file))
    })
}

/// Whether this file can be run.
pub(crate) fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
