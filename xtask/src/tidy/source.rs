//! Rust source without what is not code.

/// The source with comments blanked; lines keep their numbers, strings keep their text.
pub(super) fn without_comments(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let length = piece(rest, letter);
        let (taken, left) = rest.split_at(length);
        if taken.starts_with("//") || taken.starts_with("/*") {
            out.extend(taken.chars().filter(|letter| *letter == '\n'));
        } else {
            out.push_str(taken);
        }
        rest = left;
    }
    out
}

/// The source up to its test module: what tests name is no dependency of the product.
pub(super) fn without_tests(source: &str) -> &str {
    let marker = "#[cfg(test)]\nmod ";
    let mut from = 0;
    while let Some(found) = source[from..].find(marker) {
        let start = from + found;
        let after = start + marker.len();
        let line = source[after..].lines().next().unwrap_or_default();
        if line.ends_with('{') {
            return &source[..start];
        }
        // `mod tests;` stands in a file of its own.
        from = after;
    }
    source
}

/// Whether a path is a test's by its name.
pub(super) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/")
}

/// The paths of the modules that this file declares for tests only (`#[cfg(test)] mod name;`).
pub(super) fn test_modules(path: &str, source: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs");
    let folder = match stem.rsplit_once('/') {
        Some((folder, "lib" | "main")) => folder,
        _ => stem,
    };
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let declared = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]").filter_map(|pair| {
        let (_, name) = pair[1].split_once("mod ")?;
        name.strip_suffix(';')
    });
    declared.map(|name| format!("{folder}/{name}.rs")).collect()
}

/// The length in bytes of the comment, string or letter that `rest` begins with.
fn piece(rest: &str, first: char) -> usize {
    match first {
        '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
        '/' if rest.starts_with("/*") => block_comment(rest),
        '"' => string(rest),
        'r' => raw_string(rest),
        '\'' => character(rest).unwrap_or(1),
        // `br"…"`: the string begins after the b.
        'b' if rest.starts_with("br\"") || rest.starts_with("br#") => 1,
        // A whole word at once, so that the r of `for"` is not taken for a raw string.
        letter if letter.is_alphanumeric() || letter == '_' => word(rest),
        letter => letter.len_utf8(),
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Or of a word that begins with r, or of a raw identifier's r.
fn raw_string(rest: &str) -> usize {
    let hashes = rest[1..].chars().take_while(|letter| *letter == '#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return word(rest);
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = 2 + hashes;
    rest[body..].find(&end).map_or(rest.len(), |at| body + at + end.len())
}

fn word(rest: &str) -> usize {
    rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len())
}

/// Nothing if this is a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut letters = rest.char_indices().skip(1);
    let (_, first) = letters.next()?;
    if first == '\\' {
        letters.next();
        return letters.find(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1);
    }
    letters.next().filter(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_strings_stay() {
        let source =
            "let a = \"// no\"; // yes\n/* x /* y */\n z */ let b = '\"'; /// doc\nlet c = r#\"/* \"s */\"#;";
        assert_eq!(
            without_comments(source),
            "let a = \"// no\"; \n\n let b = '\"'; \nlet c = r#\"/* \"s */\"#;"
        );
    }

    #[test]
    fn lifetimes_escapes_and_words_are_no_strings() {
        for code in [
            "fn f<'a>(x: &'a str) -> &'a str { x }",
            "let q = '\\''; let s = \"\\\" // in\";",
            "for x in \"a//b\".chars() {}",
            "let r#type = br\"//\"; let number = r\"\\\";",
            "let kanji = '座'; let s = \"座席 // 席\";",
        ] {
            assert_eq!(without_comments(code), code);
        }
        assert_eq!(without_comments("let r = 1; // gone"), "let r = 1; ");
        assert_eq!(without_comments("a /* open"), "a ");
    }

    #[test]
    fn modules_for_tests_are_found() {
        let source = "mod a;\n#[cfg(test)]\nmod prepared;\n#[cfg(test)]\npub(crate) mod kit;\nmod b;\n";
        assert_eq!(test_modules("x/src/lib.rs", source), ["x/src/prepared.rs", "x/src/kit.rs"]);
        assert_eq!(test_modules("x/src/unit.rs", source)[0], "x/src/unit/prepared.rs");
    }

    #[test]
    fn the_test_module_is_cut_off() {
        assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {\n b\n}\n"), "a\n");
        assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests;\nb\n"), "a\n#[cfg(test)]\nmod tests;\nb\n");
        assert!(is_test("crates/store/tests/contract.rs") && is_test("a/src/money/tests.rs"));
        assert!(!is_test("crates/store/src/attests.rs"));
    }
}
