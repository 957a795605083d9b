//! The real program, started as somebody at the terminal starts it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program on a data folder, free of whatever the environment says.
pub(crate) fn zaseki(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zaseki"));
    for name in ["CONFIG", "DATA", "DATABASE", "LISTEN", "PUBLIC_ADDRESS"] {
        command.env_remove(format!("ZASEKI_{name}"));
    }
    command.arg("--data").arg(data).args(words).stdin(Stdio::null());
    command
}

/// `zaseki serve`. Returns when it serves.
pub(crate) fn serve(data: &Path, options: &[&str]) -> Child {
    let mut child = zaseki(data, options)
        .arg("serve")
        .env("LEPTOS_OUTPUT_NAME", "zaseki")
        .env("LEPTOS_SITE_ROOT", data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
    assert!(line.starts_with("Zaseki serves on "), "{line}");
    child
}
