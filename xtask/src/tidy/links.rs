//! Links in Markdown lead somewhere, and nowhere outside the project.

use super::{Problem, SourceFile};

const WHY: &str = "a reader who follows a link must arrive";

/// Every relative link names a file or folder for which `exists` holds (path from the root).
pub(super) fn check(files: &[SourceFile], exists: &dyn Fn(&str) -> bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.ends(&[".md"])) {
        for (number, target) in links(&file.text) {
            let fault = match resolve(&file.path, target) {
                None => "leaves the project",
                Some(path) if !exists(&path) => "leads nowhere",
                Some(_) => continue,
            };
            let place = format!("{}:{number}", file.path);
            problems.push(Problem::new(place, format!("the link {target} {fault}"), WHY));
        }
    }
    problems
}

/// The relative targets of `[text](target)`, `![picture](target)` and `[name]: target`, with line numbers.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (index, part) in line.split('`').enumerate() {
            // Between two backticks stands code.
            if index % 2 == 0 {
                found.extend(part.split("](").skip(1).filter_map(|rest| Some((number, target(rest, ')')?))));
            }
        }
        if let Some((name, rest)) = line.split_once("]: ")
            && name.starts_with('[')
            && !name.starts_with("[^")
        {
            found.extend(target(rest, ' ').map(|target| (number, target)));
        }
    }
    found
}

/// The path part of a link, unless it leads to another site or to a heading of the same page.
fn target(rest: &str, end: char) -> Option<&str> {
    let whole = rest.split(end).next()?.split_whitespace().next()?;
    let path = whole.trim_matches(['<', '>']).split('#').next()?;
    let is_elsewhere = path.contains("://") || path.starts_with("mailto:");
    (!path.is_empty() && !is_elsewhere).then_some(path)
}

/// The path from the root; nothing if it would stand above it.
fn resolve(file: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        parts.clear();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn finds_links_that_lead_nowhere_or_out() {
        let text =
            "See [a](guide.md#top), ![p](../picture.png \"title\") and [gone](no.md).\n\n[r]: ../../x.md\n";
        let there = |path: &str| ["docs/guide.md", "picture.png"].contains(&path);
        let problems = check(&[file("docs/index.md", text)], &there);
        let whats: Vec<_> = problems.iter().map(|p| format!("{} {}", p.place, p.what)).collect();
        assert_eq!(
            whats,
            [
                "docs/index.md:1 the link no.md leads nowhere",
                "docs/index.md:3 the link ../../x.md leaves the project"
            ]
        );
    }

    #[test]
    fn leaves_other_sites_headings_and_code_alone() {
        let text = "[a](https://example.com/x) [b](#here) [c](mailto:a@b.c) `[d](e)`\n```\n[f](g)\n```\n[^1]: note\n";
        assert_eq!(check(&[file("a.md", text), file("a.rs", "[x](y)")], &|_| false), []);
    }
}
