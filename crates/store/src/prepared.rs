//! Both engines prepare every statement of this crate: what is misspelt in a branch that no test walks is
//! found here.

use std::path::Path;

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _, Statement as _};
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
            && let Ok(Head { head, columns, tail }) = node.parse_body()
        {
            let rows = Rows { head: head.leak(), columns, tail: tail.leak() };
            self.0.push(rows.statement(1).text().to_owned());
        }
        syn::visit::visit_macro(self, node);
    }
}

/// What stands inside `rows!(…)`.
struct Head {
    head: String,
    columns: usize,
    tail: String,
}

impl syn::parse::Parse for Head {
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
