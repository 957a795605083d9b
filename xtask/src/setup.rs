//! Set-up: what a command needs and does not find is installed, once. Every tool is a name, a quick question
//! whether it is there in the right version, and an installation.
//!
//! A second run only asks the questions, which takes a fraction of a second and no network.

mod apt;
mod cargo_tools;
mod npm;
mod rust;

use crate::{
    machine::{Machine, find_program, is_program},
    postgres, run, versions,
};
use anyhow::{Result, bail};
use std::{path::PathBuf, time::Instant};

/// Something that must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// A Rust that builds for WASM, with rustfmt and clippy.
    Rust,
    /// wasm-bindgen's command line.
    WasmBindgen,
    /// cargo-leptos.
    CargoLeptos,
    /// Everything in `end2end/package.json`: wasm-opt, Playwright, axe-core.
    Npm,
    /// A Chromium for the end-to-end tests.
    Chromium,
    /// A font with Japanese letters: without one the pages are tested with empty boxes.
    Font,
    /// `PostgreSQL`'s programs.
    Postgres,
    /// wrk, which asks a server for a page as often as it can.
    Wrk,
}

impl Tool {
    /// What building the release takes.
    pub(crate) const BUILD: [Tool; 4] = [Tool::Rust, Tool::WasmBindgen, Tool::CargoLeptos, Tool::Npm];

    fn name(self) -> String {
        match self {
            Tool::Rust => "a Rust that builds for WASM".to_owned(),
            Tool::WasmBindgen => format!("wasm-bindgen {} (about 3 minutes)", versions::WASM_BINDGEN),
            Tool::CargoLeptos => format!("cargo-leptos {} (about 10 minutes)", versions::CARGO_LEPTOS),
            Tool::Npm => "the npm packages: wasm-opt, Playwright, axe-core".to_owned(),
            Tool::Chromium => "Chromium".to_owned(),
            Tool::Font => "a Japanese font".to_owned(),
            Tool::Postgres => format!("PostgreSQL {} or newer", versions::POSTGRES),
            Tool::Wrk => "wrk, which measures servers".to_owned(),
        }
    }

    fn is_ready(self, machine: &Machine) -> bool {
        match self {
            Tool::Rust => rust::is_ready(machine),
            Tool::WasmBindgen => cargo_tools::is_ready(machine, cargo_tools::WASM_BINDGEN),
            Tool::CargoLeptos => cargo_tools::is_ready(machine, cargo_tools::CARGO_LEPTOS),
            Tool::Npm => npm::is_ready(machine),
            Tool::Chromium => chromium().is_some(),
            Tool::Font => has_japanese_font(machine),
            Tool::Postgres => postgres::programs().is_some(),
            Tool::Wrk => find_program(&["wrk"]).is_some(),
        }
    }

    fn install(self, machine: &mut Machine) -> Result<()> {
        match self {
            Tool::Rust => rust::install(machine),
            Tool::WasmBindgen => cargo_tools::install(machine, cargo_tools::WASM_BINDGEN),
            Tool::CargoLeptos => cargo_tools::install(machine, cargo_tools::CARGO_LEPTOS),
            Tool::Npm => npm::install(machine),
            Tool::Chromium => match std::env::var("ZASEKI_CHROMIUM") {
                Ok(named) => bail!("ZASEKI_CHROMIUM is `{named}`, which is no program"),
                Err(_) => apt::install(machine, "Chromium", &["chromium"]),
            },
            Tool::Font => apt::install(machine, "A Japanese font", &["fonts-noto-cjk"]),
            Tool::Postgres => apt::install(machine, "PostgreSQL", &["postgresql"]),
            Tool::Wrk => apt::install(machine, "wrk", &["wrk"]),
        }
    }
}

/// Installs those of `tools` that are missing and settles which Rust is used.
pub(crate) fn set_up(machine: &mut Machine, tools: &[Tool]) -> Result<()> {
    rust::choose(machine)?;
    let missing: Vec<Tool> = tools.iter().copied().filter(|tool| !tool.is_ready(machine)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Setting up what is missing, once. Tools go to {}", machine.tools.display());
    for (index, tool) in missing.iter().enumerate() {
        println!("[set-up {}/{}] {}", index + 1, missing.len(), tool.name());
        let start = Instant::now();
        tool.install(machine)?;
        if !tool.is_ready(machine) {
            bail!("{} was installed but is still not found", tool.name());
        }
        println!("      ready after {}", run::duration(start.elapsed()));
    }
    cargo_tools::clean(machine);
    Ok(())
}

/// The browser for the end-to-end tests.
pub(crate) fn chromium() -> Option<PathBuf> {
    const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    if let Some(named) = std::env::var_os("ZASEKI_CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|file| is_program(file));
    }
    find_program(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
        .or_else(|| Some(PathBuf::from(MAC)).filter(|file| is_program(file)))
}

fn has_japanese_font(machine: &Machine) -> bool {
    // Where fontconfig is not used (macOS) the system brings its own Japanese fonts.
    find_program(&["fc-list"]).is_none() || machine.ask("fc-list", &[":lang=ja", "family"]).is_some()
}
