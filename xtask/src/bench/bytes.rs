//! How much a browser fetches until the first page is awake.
//!
//! The page names its style sheet, the script and the WASM that wake it up, and, as preloads, the pieces of WASM
//! that its route is split into. The script imports another one, which the page may or may not name.

use super::{Figure, Measured, http, rounded};
use crate::{machine::Machine, server};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

/// What of a built page's files is fetched to wake it up.
const KINDS: [&str; 3] = [".wasm", ".js", ".css"];

/// The name that the build gives to the pieces of the page at `/`.
const FIRST_ROUTE: &str = "__home_page_view_";

const NOT_COUNTED: &str =
    "the HTML itself, icons and other SVG files, headers, the data that scripts ask for later";

/// Asks for `/` and weighs the compressed copies of the files that it needs.
pub(super) fn measure(machine: &Machine, port: u16, cookie: &str) -> Result<Measured> {
    let answer = http::get(port, "/", Some(cookie)).context("the first page cannot be asked for")?;
    ensure!(answer.status == 200, "/ was answered with {}, not 200", answer.status);
    let folder = server::site(machine).join("pkg");
    let (names, from) = needed(&answer.body, &folder)?;
    let mut sizes = Vec::new();
    for name in &names {
        sizes.push((name.as_str(), compressed(&folder, name)?));
    }
    let sum = |kind: fn(&str) -> bool| -> f64 {
        sizes.iter().filter(|(name, _)| kind(name)).map(|(_, size)| f64::from(*size) / 1_000.0).sum()
    };
    let total = sum(|_| true);
    let (main, pieces) = (sum(is_main_wasm), sum(|name| is(name, ".wasm") && !is_main_wasm(name)));
    let (scripts, styles) = (sum(|name| is(name, ".js")), sum(|name| is(name, ".css")));
    let files = sizes.iter().map(|(name, size)| ((*name).to_owned(), Value::from(*size)));
    Ok(Measured {
        figure: Figure::Bytes,
        value: total,
        details: vec![
            ("main_wasm_kb", Value::from(rounded(main))),
            ("route_wasm_kb", Value::from(rounded(pieces))),
            ("scripts_kb", Value::from(rounded(scripts))),
            ("styles_kb", Value::from(rounded(styles))),
            ("files", Value::Object(files.collect())),
            ("route_named_by", Value::from(from)),
            ("compression", Value::from("brotli")),
            ("html_bytes", Value::from(answer.body.len())),
            ("not_counted", Value::from(NOT_COUNTED)),
        ],
        note: format!(
            "main WASM {main:.1} kB, the route's WASM {pieces:.1} kB, scripts {scripts:.1} kB, style sheet \
             {styles:.1} kB; brotli; not counted: {NOT_COUNTED}"
        ),
    })
}

/// The files that a page needs, and what names the pieces of its route: the page, or else the build's manifest.
fn needed(html: &str, folder: &Path) -> Result<(BTreeSet<String>, &'static str)> {
    let mut names = named_by_page(html);
    for kind in KINDS {
        ensure!(names.iter().any(|name| is(name, kind)), "the first page names no {kind} file under /pkg/");
    }
    let is_split = names.iter().any(|name| name.starts_with("split_"));
    if !is_split {
        names.extend(named_by_manifest(folder)?);
    }
    // A script that another one imports is fetched before either runs.
    let mut waiting: Vec<String> = names.iter().filter(|name| is(name, ".js")).cloned().collect();
    while let Some(script) = waiting.pop() {
        let file = folder.join(&script);
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        for import in imports(&text) {
            if names.insert(import.clone()) {
                waiting.push(import);
            }
        }
    }
    Ok((names, if is_split { "the page" } else { "the build's manifest" }))
}

fn named_by_page(html: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let names = html.split("/pkg/").skip(1).map(|rest| rest.split(|letter: char| !is_part(letter)).next());
    let names = names.flatten().filter(|name| KINDS.iter().any(|kind| is(name, kind)));
    names.map(str::to_owned).collect()
}

/// The pieces of the first route, as the build's manifest lists them: `{"__home_page_view_1": ["chunk_2.HASH"]}`.
fn named_by_manifest(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = entries.flatten().map(|entry| entry.path());
    let manifest = files.find(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("__wasm_split_manifest") && is(&name, ".json")
    });
    let manifest = manifest.context("the build has left no manifest of the pieces of WASM")?;
    let text =
        fs::read_to_string(&manifest).with_context(|| format!("{} cannot be read", manifest.display()))?;
    let pieces = pieces(&text, FIRST_ROUTE);
    ensure!(!pieces.is_empty(), "{} names no pieces of the first page", manifest.display());
    Ok(pieces)
}

fn pieces(manifest: &str, route: &str) -> BTreeSet<String> {
    let manifest: Value = serde_json::from_str(manifest).unwrap_or_default();
    let routes = manifest.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with(route));
    let pieces = routes.filter_map(|(_, pieces)| pieces.as_array()).flatten().filter_map(Value::as_str);
    pieces.map(|piece| format!("{piece}.wasm")).collect()
}

/// The scripts beside it that a script imports: `from"./other.js"`.
fn imports(script: &str) -> impl Iterator<Item = String> {
    let names = script.split("from").skip(1).filter_map(|rest| rest.trim_start().strip_prefix("\"./"));
    names.filter_map(|rest| rest.split('"').next()).filter(|name| is(name, ".js")).map(str::to_owned)
}

fn is(name: &str, kind: &str) -> bool {
    name.ends_with(kind)
}

fn is_main_wasm(name: &str) -> bool {
    is(name, ".wasm") && !name.starts_with("split_") && !name.starts_with("chunk_")
}

/// The size in bytes of a file's compressed copy, which is what browsers get.
fn compressed(folder: &Path, name: &str) -> Result<u32> {
    let file = folder.join(format!("{name}.br"));
    let size = file.metadata().with_context(|| format!("the release has no {}", file.display()))?.len();
    u32::try_from(size).with_context(|| format!("{} is too large to be weighed", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<link rel=\"icon\" href=\"/favicon.svg\"><link href=\"/pkg/zaseki.A-_b.css\">\
                        <link href=\"/pkg/zaseki.C.js\"><link href=\"/pkg/zaseki.D.wasm\">\
                        <script>(\"\", \"pkg\", \"zaseki.C\")</script>";

    #[test]
    fn a_page_names_its_files_once() {
        let twice = format!("{HTML}<link href=\"/pkg/split___home.E.wasm\"><link href=\"/pkg/zaseki.C.js\">");
        let names: Vec<String> = named_by_page(&twice).into_iter().collect();
        assert_eq!(names, ["split___home.E.wasm", "zaseki.A-_b.css", "zaseki.C.js", "zaseki.D.wasm"]);
    }

    #[test]
    fn what_a_script_imports_counts_and_what_it_may_fetch_does_not() {
        let script =
            "import*as n from\"./b.js\";import { x } from \"./c.js\"; fetch(new URL(\"./chunk_1.wasm\", u))";
        assert_eq!(imports(script).collect::<Vec<_>>(), ["b.js", "c.js"]);
    }

    #[test]
    fn the_manifest_lists_the_pieces_of_a_route() {
        let manifest =
            r#"{"__home_page_view_1":["chunk_8.X","split___home.Y"],"__link_page_view_2":["chunk_9.Z"]}"#;
        let found: Vec<String> = pieces(manifest, FIRST_ROUTE).into_iter().collect();
        assert_eq!(found, ["chunk_8.X.wasm", "split___home.Y.wasm"]);
        assert!(pieces("no JSON", FIRST_ROUTE).is_empty());
    }

    #[test]
    fn everything_that_is_needed_is_found() {
        let folder = std::env::temp_dir().join(format!("zaseki-bytes-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("zaseki.C.js"), "import*as n from\"./__wasm_split.F.js\";").unwrap();
        fs::write(folder.join("__wasm_split.F.js"), "import { i } from \"./zaseki.C.js\";").unwrap();
        fs::write(folder.join("__wasm_split_manifest.G.json"), r#"{"__home_page_view_1":["chunk_8.X"]}"#)
            .unwrap();
        fs::write(folder.join("zaseki.D.wasm.br"), "12345").unwrap();
        let (names, from) = needed(HTML, &folder).unwrap();
        let names: Vec<String> = names.into_iter().collect();
        assert_eq!(
            names,
            ["__wasm_split.F.js", "chunk_8.X.wasm", "zaseki.A-_b.css", "zaseki.C.js", "zaseki.D.wasm"]
        );
        assert_eq!(from, "the build's manifest");
        assert_eq!(compressed(&folder, "zaseki.D.wasm").unwrap(), 5);
        assert!(compressed(&folder, "zaseki.C.js").is_err());
        assert!(needed("<p>", &folder).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
