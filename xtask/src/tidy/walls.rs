//! The walls between the crates, over `cargo metadata` and `cargo tree`.

use super::Problem;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const DOMAIN: &str = "the rules do no IO and know no clock, so that they can be tested as arithmetic and run in \
                      the browser";
const DATABASE: &str = "one door to the database: whoever writes SQL elsewhere escapes units of work, audit and \
                        the second engine";
const BROWSER: &str =
    "what runs in the browser is sent to everybody: server code would make it large and public";

/// Wall 1: nothing that `domain` is built from does IO.
pub(super) fn domain(metadata: &Value) -> Result<Vec<Problem>> {
    let closed = ["axum", "hyper", "leptos", "mio", "sqlx", "sqlx-core", "tokio"];
    let tree = Tree::read(metadata)?;
    let reached = tree.reached_from("domain")?;
    Ok(closed
        .into_iter()
        .filter(|name| reached.contains(name))
        .map(|name| Problem::new("crates/domain", format!("`domain` depends on `{name}`"), DOMAIN))
        .collect())
}

/// Wall 2: only `store` sees sqlx, and `server`, to open it.
pub(super) fn database(metadata: &Value) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for package in members(metadata)? {
        if ["store", "server"].contains(&name(package)) {
            continue;
        }
        for dependency in list(package, "dependencies") {
            if name(dependency).split('-').next() == Some("sqlx") {
                let what = format!("`{}` depends on `{}`", name(package), name(dependency));
                problems.push(Problem::new(name(package), what, DATABASE));
            }
        }
    }
    Ok(problems)
}

/// Wall 3, as written: what `app` needs only on the server is optional, and only `ssr` switches it on.
pub(super) fn server_only(metadata: &Value) -> Result<Vec<Problem>> {
    let Some(app) = members(metadata)?.into_iter().find(|package| name(package) == "app") else {
        return Ok(Vec::new());
    };
    let mut problems = Vec::new();
    for dependency in list(app, "dependencies") {
        // Tests of `app` never reach the browser.
        if !is_server_only(name(dependency)) || dependency["kind"] == "dev" {
            continue;
        }
        if dependency["optional"] != true {
            let what = format!("`app` depends on `{}` without `optional = true`", name(dependency));
            problems.push(Problem::new("app/Cargo.toml", what, BROWSER));
        }
    }
    for (feature, parts) in app["features"].as_object().into_iter().flatten() {
        for part in parts.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let target = part.trim_start_matches("dep:").split(['/', '?']).next().unwrap_or(part);
            // An optional dependency without `dep:` is a feature of its own name.
            if is_server_only(target) && feature != "ssr" && feature != target && !part.contains("?/") {
                let what = format!("feature `{feature}` switches on `{target}`: only `ssr` may");
                problems.push(Problem::new("app/Cargo.toml", what, BROWSER));
            }
        }
    }
    Ok(problems)
}

/// Wall 3, as built: the names that `cargo tree` gives for `frontend` on WASM.
pub(super) fn browser(tree: &str) -> Vec<Problem> {
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    names
        .into_iter()
        .filter(|name| is_server_only(name))
        .map(|name| Problem::new("frontend", format!("`{name}` is built into the WASM"), BROWSER))
        .collect()
}

fn is_server_only(name: &str) -> bool {
    ["axum", "documents", "leptos_axum", "payments", "services", "store", "tokio"].contains(&name)
        || name.split('-').next() == Some("sqlx")
}

/// Who needs whom to be built, normal dependencies only.
struct Tree<'a> {
    names: BTreeMap<&'a str, &'a str>,
    needs: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Tree<'a> {
    fn read(metadata: &'a Value) -> Result<Tree<'a>> {
        let names = list(metadata, "packages").map(|package| (id(package), name(package))).collect();
        let nodes = metadata["resolve"]["nodes"].as_array().context("cargo metadata resolves nothing")?;
        let is_normal =
            |dependency: &&Value| list(dependency, "dep_kinds").any(|kind| kind["kind"].is_null());
        let needs = nodes
            .iter()
            .map(|node| {
                let normal = list(node, "deps").filter(is_normal);
                (id(node), normal.filter_map(|dependency| dependency["pkg"].as_str()).collect())
            })
            .collect();
        Ok(Tree { names, needs })
    }

    fn reached_from(&self, root: &str) -> Result<BTreeSet<&'a str>> {
        let start = self.names.iter().find(|(_, name)| **name == root).map(|(id, _)| *id);
        let mut waiting = vec![start.with_context(|| format!("there is no package `{root}`"))?];
        let mut seen = BTreeSet::new();
        while let Some(package) = waiting.pop() {
            if seen.insert(package) {
                waiting.extend(self.needs.get(package).into_iter().flatten());
            }
        }
        Ok(seen.into_iter().filter_map(|id| self.names.get(id).copied()).collect())
    }
}

/// The packages of the workspace.
pub(super) fn members(metadata: &Value) -> Result<Vec<&Value>> {
    let ids: BTreeSet<&str> = list(metadata, "workspace_members").filter_map(Value::as_str).collect();
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    Ok(packages.iter().filter(|package| ids.contains(id(package))).collect())
}

/// A package's or dependency's name.
pub(super) fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// `domain` needs `jiff` to run, `build-helper` to be built and `tester` to be tested.
    fn metadata(jiff_needs: &str) -> Value {
        let package = |name: &str| json!({ "id": name, "name": name, "dependencies": [], "features": {} });
        let need = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        json!({
            "workspace_members": ["domain"],
            "packages": (["domain", "jiff", "tokio", "leptos", "plain", "tester"].map(package)),
            "resolve": { "nodes": [
                { "id": "domain", "deps": [
                    need("jiff", Value::Null), need("tester", json!("dev")), need("tokio", json!("build"))
                ] },
                { "id": "jiff", "deps": [need(jiff_needs, Value::Null)] },
                { "id": "tester", "deps": [need("leptos", Value::Null)] },
            ] },
        })
    }

    #[test]
    fn the_domain_may_not_reach_io_even_from_afar() {
        assert_eq!(domain(&metadata("plain")).unwrap(), []);
        let problems = domain(&metadata("tokio")).unwrap();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].what.contains("`tokio`"));
        assert!(domain(&json!({ "packages": [], "resolve": { "nodes": [] } })).is_err());
    }

    #[test]
    fn only_store_and_server_see_sqlx() {
        let package = |name: &str, needs: &str| json!({ "id": name, "name": name, "dependencies": [{ "name": needs }] });
        let metadata = json!({
            "workspace_members": ["store", "server", "services", "app"],
            "packages": [
                package("store", "sqlx"), package("server", "sqlx"), package("services", "sqlx-core"),
                package("app", "leptos"), package("somebody-else", "sqlx"),
            ],
        });
        let problems = database(&metadata).unwrap();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].what, "`services` depends on `sqlx-core`");
    }

    fn app(dependencies: &Value, features: &Value) -> Value {
        let app = json!({ "id": "app", "name": "app", "dependencies": dependencies, "features": features });
        json!({ "workspace_members": ["app"], "packages": [app] })
    }

    #[test]
    fn app_sees_services_only_under_ssr() {
        let dependencies = json!([
            { "name": "services", "optional": true, "kind": null },
            { "name": "tokio", "optional": false, "kind": "dev" },
            { "name": "leptos", "optional": false, "kind": null },
        ]);
        let good = json!({ "ssr": ["dep:services", "leptos/ssr"], "hydrate": ["leptos/hydrate"] });
        assert_eq!(server_only(&app(&dependencies, &good)).unwrap(), []);
        let bad = json!({ "ssr": ["dep:services"], "hydrate": ["dep:services", "leptos/hydrate"] });
        assert_eq!(server_only(&app(&dependencies, &bad)).unwrap().len(), 1);
        let always = json!([{ "name": "store", "optional": false, "kind": null }]);
        assert!(server_only(&app(&always, &good)).unwrap()[0].what.contains("without `optional"));
    }

    #[test]
    fn nothing_of_the_server_is_built_into_the_wasm() {
        assert_eq!(browser("frontend v0.1.0 (/x)\napp v0.1.0 (/x)\nleptos v0.8.23\n"), []);
        let problems = browser("frontend v0.1.0\ntokio v1.0.0\ntokio v1.0.0 (*)\nsqlx-core v0.9.0\n");
        assert_eq!(problems.len(), 2);
    }
}
