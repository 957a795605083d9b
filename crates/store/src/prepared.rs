//! Both engines prepare every statement of this crate: what is misspelt in a branch that no test walks is
//! found here.

use std::path::Path;

use sqlx::{AssertSqlSafe, Executor as _, Row as _, SqlSafeStr as _, Statement as _};
use syn::visit::Visit;

use crate::door::Location;
use crate::engine::{postgres, sqlite};
use crate::statement::Rows;
use crate::testing;

/// Every text inside `sql!(…)` in a file, and inside `sql!(…)` within other macros' arguments.
#[derive(Default)]
struct Texts(Vec<String>);

impl<'ast> Visit<'ast> for Texts {
    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        if node.path.is_ident("sql")
            && let Ok(text) = node.parse_body::<syn::LitStr>()
        {
            self.0.push(text.value());
        }
        if node.path.is_ident("rows")
            && let Ok(Insert { head, columns, tail }) = node.parse_body()
        {
            let rows = Rows { head: head.leak(), columns, tail: tail.leak() };
            self.0.push(rows.statement(1).text().to_owned());
        }
        syn::visit::visit_macro(self, node);
    }
}

/// What stands inside `rows!(…)`.
struct Insert {
    head: String,
    columns: usize,
    tail: String,
}

impl syn::parse::Parse for Insert {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        let head = input.parse::<syn::LitStr>()?.value();
        input.parse::<syn::Token![,]>()?;
        let columns = input.parse::<syn::LitInt>()?.base10_parse()?;
        let tail = match input.parse::<Option<syn::Token![,]>>()? {
            Some(_) if !input.is_empty() => input.parse::<syn::LitStr>()?.value(),
            _ => String::new(),
        };
        Ok(Self { head, columns, tail })
    }
}

fn statements() -> Vec<String> {
    let mut texts = Texts::default();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    texts.0
}

fn collect(folder: &Path, texts: &mut Texts) {
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).expect("the file can be read");
            texts.visit_file(&syn::parse_file(&source).expect("the file is Rust"));
        }
    }
}

#[test]
fn every_use_of_the_macro_is_found() {
    let written: usize = {
        let mut count = 0;
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("prepared.rs") && !path.ends_with("statement.rs") {
                    let source = std::fs::read_to_string(&path).expect("the file can be read");
                    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
                    count += code
                        .map(|line| line.matches("sql!(").count() + line.matches("rows!(").count())
                        .sum::<usize>();
                }
            }
        }
        count
    };
    assert_eq!(statements().len(), written);
    assert!(written > 20);
}

#[tokio::test]
async fn the_embedded_engine_prepares_every_statement() {
    let fresh = testing::embedded().await.expect("a database");
    let Location::Folder(folder) = &fresh.location else { panic!("an embedded database has a folder") };
    let mut connection = sqlite::connect(folder).await.expect("a connection");
    for text in statements() {
        let prepared = (&mut connection).prepare(AssertSqlSafe(text.clone()).into_sql_str()).await;
        assert!(prepared.is_ok(), "{text}\n{:?}", prepared.err());
    }
}

/// What reads everything, or everything of an organization, and why it may.
const WHOLE: &[(&str, &str)] = &[
    ("FROM issuer ORDER BY", "the catalog is kept in memory"),
    ("FROM tax_rate WHERE replaced_at IS NULL", "the catalog is kept in memory"),
    ("FROM product ORDER BY", "the catalog is kept in memory"),
    ("FROM plan ORDER BY", "the catalog is kept in memory"),
    ("FROM price WHERE replaced_at IS NULL", "the catalog is kept in memory"),
    ("SELECT id FROM price WHERE plan_id", "a catalog is imported"),
    ("FROM document WHERE running IS NULL", "what waits for its number: few"),
    ("DELETE FROM refused_form", "what was typed in the last hour: few"),
    ("FROM administrator WHERE organization_id", "an organization has few"),
    ("administrator = NOT administrator", "an organization's administrators are imported"),
    (
        "INTO billing_account_role (organization_id, billing_account_id, person_id, role, granted_at) SELECT",
        "once",
    ),
    (
        "INTO billing_profile_role (organization_id, billing_profile_id, person_id, role, granted_at) SELECT",
        "once",
    ),
    (
        "SELECT COUNT(*) FROM person WHERE organization_id = $1 AND active",
        "how many people a file would lose",
    ),
    ("UPDATE work SET held = TRUE", "once, when an organization gets its test clock"),
    ("FROM work WHERE organization_id = $1 AND held", "an organization on a test clock"),
    (
        "FROM person WHERE organization_id = $1 AND active AND NOT guest ORDER BY sort_key, id",
        "a page, in its order",
    ),
    ("FROM audit a LEFT JOIN audit_private p", "a page, in its order"),
    (
        "WHERE s.organization_id = $1 AND (s.id > $2 OR $2 IS NULL) ORDER BY s.id LIMIT $3",
        "a page, in its order",
    ),
    ("FROM document d WHERE d.running IS NOT NULL GROUP BY", "a check of everything"),
    ("FROM profile_credit WHERE amount <> 0", "a check of everything"),
    ("FROM entry WHERE account LIKE 'credit:%'", "a check of everything"),
    ("FROM subscription WHERE waiting <> 0", "a check of everything"),
    ("FROM orders WHERE kind = 'seats' AND status = 'confirmed'", "a check of everything"),
    ("FROM refund r WHERE r.organization_id = o.id", "each organization once"),
];

#[tokio::test]
async fn the_embedded_engine_finds_what_it_needs_by_an_index() {
    let fresh = testing::embedded().await.expect("a database");
    let Location::Folder(folder) = &fresh.location else { panic!("an embedded database has a folder") };
    let mut connection = sqlite::connect(folder).await.expect("a connection");
    let mut unused: Vec<&str> = WHOLE.iter().map(|(text, _)| *text).collect();
    let mut faults = Vec::new();
    for text in statements() {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
        let rows = sqlx::query(explain).fetch_all(&mut connection).await.expect("a plan");
        let steps: Vec<(i64, i64, String)> =
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(3))).collect();
        // A check of the whole database begins with all rows of a table, but looks for others by an index.
        let is_check = text.contains("LIMIT 1") && !text.contains('$') || text.contains("OR $1 IS NULL");
        let whole = steps.iter().find(|step| reads_everything(step, &steps, is_check));
        let Some((_, _, step)) = whole else { continue };
        match WHOLE.iter().find(|(known, _)| text.contains(known)) {
            Some((known, _)) => unused.retain(|text| text != known),
            None => faults.push(format!("{step}: {text}")),
        }
    }
    assert!(faults.is_empty(), "these read too much:\n{}", faults.join("\n"));
    assert!(unused.is_empty(), "these are listed in vain: {unused:?}");
}

/// Whether a step of a plan reads all rows of a table, or all those of an organization.
fn reads_everything(
    (_, parent, what): &(i64, i64, String),
    steps: &[(i64, i64, String)],
    check: bool,
) -> bool {
    let made = |name: &str| {
        let made = [format!("MATERIALIZE {name}"), format!("CO-ROUTINE {name}")];
        steps.iter().any(|(_, _, step)| made.contains(step))
    };
    let all = match what.strip_prefix("SCAN ") {
        Some(rest) => {
            let name = rest.split(' ').next().unwrap_or(rest);
            name != "CONSTANT" && !made(name)
        }
        None => what.ends_with("(organization_id=?)"),
    };
    if !check {
        return all;
    }
    let mut above = *parent;
    while let Some((_, next, step)) = steps.iter().find(|(id, _, _)| *id == above) {
        if step.starts_with("CORRELATED") {
            return all;
        }
        above = *next;
    }
    false
}

#[tokio::test]
async fn the_remote_engine_prepares_every_statement() {
    let Some(fresh) = testing::remote(false).await.expect("a database on the server") else { return };
    let Location::Address { address, .. } = &fresh.location else {
        panic!("a remote database has an address")
    };
    let mut connection = postgres::connect(address).await.expect("a connection");
    for text in statements() {
        let prepared = (&mut connection).prepare(AssertSqlSafe(text.clone()).into_sql_str()).await;
        let columns = prepared.map(|statement| statement.columns().len());
        assert!(columns.is_ok(), "{text}\n{:?}", columns.err());
    }
}
