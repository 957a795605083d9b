//! Files as text: length, names, white space, and style attributes.

use super::{Problem, SourceFile, source};

/// Lines of a Rust file beyond which it must be split.
const LONGEST: usize = 500;

/// Files that may be longer, and why.
const LONG: [(&str, &str); 0] = [];

const LENGTH: &str =
    "a file must fit in a reader's head; split it by idea, or put its tests into foo/tests.rs";
const MODULE: &str = "foo.rs beside foo/: an editor full of files named mod.rs says nothing";
const SPACE: &str = "it shows in every diff";
const STYLE: &str = "the content policy has no unsafe-inline, so the browser drops style attributes: use a class, \
                     an SVG attribute, <meter> or <progress>";

/// Every check of this kind.
pub(super) fn check(files: &[SourceFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        if file.ends(&[".rs"]) {
            rust(file, &mut problems);
        }
        if file.ends(&[".rs", ".toml", ".md", ".css", ".ts", ".json", ".sql", ".yml", ".sh"]) {
            white_space(file, &mut problems);
        }
        if file.ends(&[".rs"]) && file.path.starts_with("app/") {
            style_attributes(file, &mut problems);
        }
    }
    problems
}

fn rust(file: &SourceFile, problems: &mut Vec<Problem>) {
    if file.path.ends_with("/mod.rs") {
        problems.push(Problem::new(&*file.path, "is a mod.rs", MODULE));
    }
    let lines = file.text.lines().count();
    if lines > LONGEST && !LONG.iter().any(|(path, _)| *path == file.path) {
        problems.push(Problem::new(&*file.path, format!("has {lines} lines, over {LONGEST}"), LENGTH));
    }
}

fn white_space(file: &SourceFile, problems: &mut Vec<Problem>) {
    for (number, line) in (1..).zip(file.text.split('\n')) {
        let fault = match line {
            _ if line.ends_with('\r') => "ends with a carriage return",
            _ if line.ends_with([' ', '\t']) => "ends with white space",
            _ if line.contains('\t') => "has a tab",
            _ => continue,
        };
        problems.push(Problem::new(format!("{}:{number}", file.path), fault, SPACE));
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        problems.push(Problem::new(&*file.path, "does not end with a line break", SPACE));
    }
}

/// `style="…"`, `style=move || …` and Leptos' `style:width=…`; formatted Rust puts spaces around `=`.
fn style_attributes(file: &SourceFile, problems: &mut Vec<Problem>) {
    let code = source::without_comments(&file.text);
    for (number, line) in (1..).zip(code.lines()) {
        let mut words = line.split(|letter: char| letter.is_whitespace() || letter == '<');
        if words.any(|word| word.starts_with("style=") || word.starts_with("style:") && word.contains('=')) {
            problems.push(Problem::new(format!("{}:{number}", file.path), "has a style attribute", STYLE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    fn faults(path: &str, text: &str) -> Vec<String> {
        check(&[file(path, text)])
            .into_iter()
            .map(|problem| format!("{} {}", problem.place, problem.what))
            .collect()
    }

    #[test]
    fn finds_each_fault() {
        assert_eq!(faults("a/mod.rs", "x\n"), ["a/mod.rs is a mod.rs"]);
        assert_eq!(faults("a/b.rs", &"x\n".repeat(501)), ["a/b.rs has 501 lines, over 500"]);
        assert_eq!(faults("b.md", "a\nb \n"), ["b.md:2 ends with white space"]);
        assert_eq!(faults("b.css", "\ta\n"), ["b.css:1 has a tab"]);
        assert_eq!(faults("b.sql", "a\r\n"), ["b.sql:1 ends with a carriage return"]);
        assert_eq!(faults("b.ts", "a"), ["b.ts does not end with a line break"]);
    }

    #[test]
    fn finds_style_attributes_but_not_fields() {
        for line in ["<p style=\"x\">", "style=move || x", "<div class=\"a\" style:width=w>"] {
            assert_eq!(
                faults("app/src/a.rs", &format!("{line}\n")),
                ["app/src/a.rs:1 has a style attribute"]
            );
        }
        assert!(faults("app/src/a.rs", "let style = 1; // style=\nA { style: 2 }\n").is_empty());
        assert!(faults("server/src/a.rs", "style=\"x\"\n").is_empty());
    }

    #[test]
    fn leaves_good_files_and_other_kinds_alone() {
        assert!(faults("a/b.rs", &"x\n".repeat(500)).is_empty());
        assert!(faults("people.csv", "a\tb \r\n").is_empty());
    }
}
