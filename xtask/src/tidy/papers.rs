//! Papers that must be there, and versions and licenses that must agree.

use super::{Problem, SourceFile, walls};
use crate::versions;
use serde_json::Value;

const REQUIRED: [&str; 5] = ["ARCHITECTURE.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
const LICENSE: &str = "MIT OR Apache-2.0";

const PAPERS: &str = "a newcomer looks for it there";
const LICENSES: &str = "every part of the project comes under the same two licenses";
const LOCKS: &str =
    "a lock file names the public registry or none: another host is reachable from one network only";
const BINDGEN: &str =
    "wasm-bindgen's crate and command line must be of one version, or the build fails at its end";

/// Every check of this kind.
pub(super) fn check(files: &[SourceFile], metadata: &Value) -> Vec<Problem> {
    let mut problems: Vec<Problem> = REQUIRED
        .into_iter()
        .filter(|name| !files.iter().any(|file| file.path == *name))
        .map(|name| Problem::new(name, "is missing", PAPERS))
        .collect();
    for package in walls::members(metadata).unwrap_or_default() {
        if package["license"] != LICENSE {
            let what = format!("its license is not `{LICENSE}`");
            problems.push(Problem::new(walls::name(package), what, LICENSES));
        }
    }
    for file in files {
        locks(file, &mut problems);
    }
    let bindgen = metadata["packages"].as_array().into_iter().flatten();
    for package in bindgen.filter(|package| walls::name(package) == "wasm-bindgen") {
        if package["version"] != versions::WASM_BINDGEN {
            let what = format!("wasm-bindgen is {} there", package["version"]);
            problems.push(Problem::new("xtask/src/versions.rs", what, BINDGEN));
        }
    }
    problems
}

fn locks(file: &SourceFile, problems: &mut Vec<Problem>) {
    let (mark, host) = match file.path.rsplit('/').next() {
        Some("package-lock.json") => ("\"resolved\": \"", "https://registry.npmjs.org/"),
        Some("Cargo.lock") => ("source = \"", "registry+https://github.com/rust-lang/crates.io-index"),
        _ => return,
    };
    for (number, line) in (1..).zip(file.text.lines()) {
        if let Some((_, address)) = line.split_once(mark)
            && !address.starts_with(host)
        {
            problems.push(Problem::new(format!("{}:{number}", file.path), "names another registry", LOCKS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;
    use serde_json::json;

    fn papers() -> Vec<SourceFile> {
        REQUIRED.map(|name| file(name, "x\n")).into()
    }

    fn metadata(license: &str, bindgen: &str) -> Value {
        json!({ "workspace_members": ["app"], "packages": [
            { "id": "app", "name": "app", "license": license },
            { "id": "wasm-bindgen", "name": "wasm-bindgen", "version": bindgen, "license": "MIT" },
        ] })
    }

    #[test]
    fn finds_what_is_missing_or_disagrees() {
        let good = metadata(LICENSE, versions::WASM_BINDGEN);
        assert_eq!(check(&papers(), &good), []);
        assert_eq!(check(&papers()[1..], &good)[0].place, "ARCHITECTURE.md");
        assert_eq!(check(&papers(), &metadata("MIT", versions::WASM_BINDGEN))[0].place, "app");
        assert!(check(&papers(), &metadata(LICENSE, "0.2.1"))[0].what.contains("0.2.1"));
    }

    #[test]
    fn finds_odd_registries_in_lock_files() {
        let good = metadata(LICENSE, versions::WASM_BINDGEN);
        let with = |path: &str, line: &str| {
            let mut files = papers();
            files.push(file(path, line));
            check(&files, &good).len()
        };
        assert_eq!(with("end2end/package-lock.json", "\"resolved\": \"https://registry.npmjs.org/a\"\n"), 0);
        assert_eq!(with("end2end/package-lock.json", "\"resolved\": \"https://elsewhere.test/a\"\n"), 1);
        assert_eq!(
            with("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n"),
            0
        );
        assert_eq!(with("Cargo.lock", "source = \"git+https://elsewhere.test/a\"\n"), 1);
    }
}
