//! Wall 4: one place knows that there are two database engines.

use super::{Problem, SourceFile, source};
use std::collections::BTreeSet;

const WHY: &str = "a branch per engine at every call is what one source for two engines avoids: it belongs into \
                   the store's dialect file";

/// Where both engines may be named, and why.
const ALLOWED: [(&str, &str); 4] = [
    ("crates/store/src/engine.rs", "declares the two modules and opens one of them"),
    ("crates/store/src/engine/sqlite.rs", "is one engine"),
    ("crates/store/src/engine/postgres.rs", "is the other"),
    ("server/src/config.rs", "lets the operator choose"),
];

/// No other file of the product names both in its code; comments and tests may.
pub(super) fn one_at_a_time(files: &[SourceFile]) -> Vec<Problem> {
    let tests: BTreeSet<String> =
        files.iter().flat_map(|file| source::test_modules(&file.path, &file.text)).collect();
    let is_product = |file: &&SourceFile| {
        file.ends(&[".rs"])
            && ["app/", "crates/", "frontend/", "server/"].iter().any(|root| file.path.starts_with(root))
            && !source::is_test(&file.path)
            && !tests.contains(&file.path)
            && !ALLOWED.iter().any(|(path, _)| *path == file.path)
    };
    files
        .iter()
        .filter(is_product)
        .filter(|file| {
            let code = source::without_comments(source::without_tests(&file.text)).to_lowercase();
            code.contains("sqlite") && code.contains("postgres")
        })
        .map(|file| Problem::new(&*file.path, "names both SQLite and PostgreSQL", WHY))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn only_the_engines_know_of_each_other() {
        let both = "match url { Sqlite => a, Postgres => b }";
        let files = [
            file("crates/store/src/engine/sqlite.rs", both),
            file("crates/store/tests/contract.rs", both),
            file("crates/store/src/queries.rs", "// SQLite and PostgreSQL\nfn sqlite() {}"),
            file("crates/store/src/unit.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n sqlite, postgres }\n"),
            file("crates/store/src/lib.rs", "#[cfg(test)]\nmod prepared;\n"),
            file("crates/store/src/prepared.rs", both),
            file("xtask/src/postgres.rs", both),
        ];
        assert_eq!(one_at_a_time(&files), []);
        let problems = one_at_a_time(&[file("crates/services/src/buy.rs", both)]);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].place, "crates/services/src/buy.rs");
    }
}
