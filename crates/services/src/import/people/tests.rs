use std::fs;
use std::io;

use super::super::text::{Encoding, Separator};
use super::*;

const HEADER: &str = "organization,mail,family_name,given_name";

fn rows(text: &[u8]) -> Vec<Result<PersonRow, RowProblems>> {
    PeopleReader::open(text).unwrap().collect()
}

/// All problems of a file, as they are said on the command line.
fn said(text: &str) -> Vec<String> {
    match PeopleReader::open(text.as_bytes()) {
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
        Ok(reader) => reader
            .filter_map(Result::err)
            .flat_map(|row| row.problems)
            .map(|problem| problem.to_string())
            .collect(),
    }
}

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_example_is_read_as_documented() {
    let people: Vec<PersonRow> =
        rows(&file("docs/examples/people.csv")).into_iter().map(Result::unwrap).collect();
    assert_eq!(people.iter().map(|person| person.line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
    let yui = &people[2];
    assert_eq!(
        *yui,
        PersonRow {
            line: 4,
            organization: "aozora".parse().unwrap(),
            mail: "yui.yamazaki@aozora.example".parse().unwrap(),
            family_name: "山﨑".to_owned(),
            given_name: "唯".to_owned(),
            family_kana: Stated::Said(Some("ヤマザキ".to_owned())),
            given_kana: Stated::Said(Some("ユイ".to_owned())),
            family_romaji: Stated::Said(Some("Yamazaki".to_owned())),
            given_romaji: Stated::Said(Some("Yui".to_owned())),
            department: Stated::Said(Some("設計部,第二".to_owned())),
            cost_center: Stated::Said(Some("-300".to_owned())),
            groups: Stated::Said(vec!["設計".to_owned()]),
            manager: Stated::Said(Some("kenji.takahashi@aozora.example".parse().unwrap())),
            language: Stated::Said(Some(Language::Japanese)),
            time_zone: Stated::Said(None),
            guest: Stated::Said(false),
            active: Stated::Said(true),
        }
    );
    assert_eq!(people[1].groups, Stated::Said(vec!["設計".to_owned(), "夜間当番".to_owned()]));
    assert_eq!((people[1].guest, people[1].active), (Stated::Said(false), Stated::Said(true)));
    // One account in two organizations, a guest in one of them; and someone with one name only.
    assert_eq!((people[3].guest, people[4].guest), (Stated::Said(true), Stated::Said(false)));
    assert_eq!(people[3].mail, people[4].mail);
    assert_eq!((people[5].given_name.as_str(), people[5].active), ("", Stated::Said(false)));
}

#[test]
fn the_demo_is_read_without_problems() {
    let people: Vec<PersonRow> = rows(&file("demo/people.csv")).into_iter().map(Result::unwrap).collect();
    let of = |key: &str| people.iter().filter(|person| person.organization.as_str() == key).count();
    assert!(of("harukaze") >= 300 && of("northgate") >= 40);
    for person in &people {
        if let Stated::Said(Some(manager)) = &person.manager {
            let same =
                |other: &&PersonRow| other.organization == person.organization && other.mail == *manager;
            assert!(people.iter().any(|other| same(&other)), "line {}: {manager}", person.line);
        }
    }
}

#[test]
fn a_column_that_is_left_out_says_nothing() {
    let people = rows(format!("{HEADER}\na,b@c.example,D,E\n").as_bytes());
    let person = people[0].as_ref().unwrap();
    assert_eq!(person.department, Stated::LeftOut);
    assert_eq!((person.guest, person.active), (Stated::LeftOut, Stated::LeftOut));
    assert_eq!(person.groups.clone().or(vec!["stored".to_owned()]), ["stored"]);
}

#[test]
fn readings_that_are_left_out_stay() {
    let stored = PersonName::parse(NameInput {
        family: "森",
        given: "花",
        family_kana: "もり",
        given_kana: "はな",
        given_romaji: "Hana",
        ..NameInput::default()
    })
    .unwrap();
    let people = rows(b"organization,mail,family_name,given_name,family_kana\na,b@c.example,X,Y,\n");
    let name = people[0].as_ref().unwrap().name(Some(&stored)).unwrap();
    assert_eq!((name.written().family.as_str(), name.written().given.as_str()), ("X", "Y"));
    assert_eq!(name.reading(), "はな", "the family name's is said to be none, the given name's is left out");
    assert_eq!(name.romaji().unwrap().given, "Hana");
    assert_eq!(people[0].as_ref().unwrap().name(None).unwrap().kana(), None);
}

#[test]
fn every_form_of_the_file_reads_alike() {
    let comma = "組織,メール,姓,名,姓カナ,部署,ゲスト\na,b@c.example,髙橋,直人,タカハシ,設計,いいえ\n";
    let tab = comma.replace(',', "\t");
    let marked = format!("\u{feff}{comma}");
    let crlf = comma.replace('\n', "\r\n");
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(comma);
    let expected = rows(comma.as_bytes());
    assert_eq!(expected[0].as_ref().unwrap().family_kana, Stated::Said(Some("タカハシ".to_owned())));
    for (bytes, encoding, separator) in [
        (comma.as_bytes(), Encoding::Utf8, Separator::Comma),
        (tab.as_bytes(), Encoding::Utf8, Separator::Tab),
        (marked.as_bytes(), Encoding::Utf8WithMark, Separator::Comma),
        (crlf.as_bytes(), Encoding::Utf8, Separator::Comma),
        (&cp932, Encoding::Cp932, Separator::Comma),
    ] {
        let mut reader = PeopleReader::open(bytes).unwrap();
        assert_eq!(reader.by_ref().collect::<Vec<_>>(), expected);
        assert_eq!(reader.recognized(), Recognized { encoding, separator });
    }
}

#[test]
fn every_column_has_its_names() {
    for column in Column::ALL {
        for name in column.names() {
            let named = |other: Column| if other == column { *name } else { other.name() };
            let header: Vec<&str> = Column::ALL.into_iter().map(named).collect();
            let reader =
                PeopleReader::open(format!("{}\n", header.join(",")).as_str().as_bytes()).map(|_| ());
            assert_eq!(reader, Ok(()), "{name}");
        }
    }
    let reader = PeopleReader::open("Organization,ﾒｰﾙ,Family-Name,given name,\n".as_bytes()).unwrap();
    assert_eq!(reader.columns(), [Column::Organization, Column::Mail, Column::FamilyName, Column::GivenName]);
}

#[test]
fn the_first_line_is_checked_whole() {
    assert_eq!(
        said("organisation,mail,mail,shoe size\n"),
        [
            "line 1: there is no column \"organisation\"; did you mean \"organization\"?",
            "line 1: the column \"mail\" is there twice",
            "line 1: there is no column \"shoe size\"",
            "line 1: the column \"organization\" is missing",
            "line 1: the column \"family_name\" is missing",
            "line 1: the column \"given_name\" is missing",
        ]
    );
    assert_eq!(said("\n\n"), ["the file is empty"]);
    assert_eq!(said("a;b\n"), ["the cells are separated by semicolons; use commas or tabs"]);
}

#[test]
fn every_problem_of_a_cell_is_named() {
    let long = "長".repeat(101);
    let groups = (0..=GROUPS_LIMIT).map(|n| n.to_string()).collect::<Vec<_>>().join(";");
    for (column, cell, problem) in [
        ("organization", "", "must not be empty"),
        (
            "organization",
            "Ha ru",
            "\"Ha ru\" is not a key: 1 to 64 of a-z, 0-9 and -, neither first nor last a hyphen",
        ),
        ("mail", "　", "must not be empty"),
        ("mail", "misaki", "\"misaki\" is not a mail address"),
        ("family_name", "'", ""),
        ("family_name", "", "must not be empty"),
        ("family_name", &long, "has 101 characters; at most 64 are kept"),
        ("department", &long, "has 101 characters; at most 100 are kept"),
        ("given_name", "a\u{1}b", "holds the control character U+0001"),
        ("given_name", "a\u{202e}b", "holds the control character U+202E"),
        ("given_name", "a\u{fffd}b", "a character is broken: its bytes do not exist in the file's encoding"),
        ("groups", &groups, "has 101 entries; at most 100 are kept"),
        ("groups", &long, "has 101 characters; at most 100 are kept"),
        ("manager", "x@y.example", "a person cannot be their own manager"),
        ("manager", "nobody", "\"nobody\" is not a mail address"),
        ("language", "fr", "there is no language \"fr\"; there are: ja, en"),
        ("time_zone", "Asia/Tokio", "there is no time zone \"Asia/Tokio\"; did you mean \"Asia/Tokyo\"?"),
        ("time_zone", "???", "there is no time zone \"???\""),
        ("guest", "maybe", "\"maybe\" is neither true nor false"),
        ("active", "2", "\"2\" is neither true nor false"),
    ] {
        let header: Vec<&str> = Column::ALL.into_iter().map(Column::name).collect();
        let values: Vec<&str> = header
            .iter()
            .map(|&name| match name {
                _ if name == column => cell,
                "organization" => "org",
                "mail" => "x@y.example",
                "family_name" => "F",
                _ => "",
            })
            .collect();
        let text = format!("{}\n{}\n", header.join(","), values.join(","));
        let expected: Vec<String> = match problem {
            "" => Vec::new(),
            problem => vec![format!("line 2, {column}: {problem}")],
        };
        assert_eq!(said(&text), expected, "{column} {cell:?}");
    }
}

#[test]
fn all_problems_of_a_row_and_all_rows_are_said() {
    let text = "organization,mail,family_name,given_name,language,guest\n\
                a,nobody,,,xx,perhaps\n\
                a,b@c.example,D,E,ja,no\n\
                a,B@C.EXAMPLE,D,E,ja,no\n\
                b,b@c.example,D,E,ja,no\n\
                a,f@c.example,D\n\
                a,g@c.example,D,E,ja,no,more\n\
                a,h@c.example,D,E,ja,no,,\n";
    assert_eq!(
        said(text),
        [
            "line 2, mail: \"nobody\" is not a mail address",
            "line 2, family_name: must not be empty",
            "line 2, language: there is no language \"xx\"; there are: ja, en",
            "line 2, guest: \"perhaps\" is neither true nor false",
            "line 4, mail: this mail address is already in line 3 for the same organization",
            "line 6: the row has 3 cells where the first line names 6",
            "line 7: the row has 7 cells where the first line names 6",
        ]
    );
    assert_eq!(rows(text.as_bytes()).iter().filter(|row| row.is_ok()).count(), 3);
}

#[test]
fn lines_are_those_of_the_file() {
    for end in ["\n", "\r\n", "\r"] {
        let text = [
            "",
            HEADER,
            "",
            "a,1@c.example,\"two",
            "lines\",E",
            ",,,",
            "",
            "a,2@c.example,\"one\"\"quote\",E",
            "a,3@c.example,\"",
            "",
            "three\",E",
            "a,4@c.example,D,E",
        ]
        .join(end);
        let people: Vec<PersonRow> = rows(text.as_bytes()).into_iter().map(Result::unwrap).collect();
        let found: Vec<(usize, &str)> = people.iter().map(|p| (p.line, p.family_name.as_str())).collect();
        assert_eq!(found, [(4, "two lines"), (8, "one\"quote"), (9, "three"), (12, "D")], "{end:?}");
    }
}

#[test]
fn a_row_that_swallows_the_file_ends_it() {
    let open = format!("{HEADER}\na,b@c.example,\"D,E\na,f@c.example,D,E\n");
    assert_eq!(said(&open), ["line 2: a quoted cell of this row is never closed"]);
    let swallowed = format!("{open}{}", "a,f@c.example,D,E\n".repeat(10_000));
    let problem = "the row is longer than 64 KiB or has more than 256 cells; is a quote not closed?";
    assert_eq!(said(&swallowed), [format!("line 2: {problem}")]);
    assert_eq!(said(&format!("{HEADER}\na{}\n", ",".repeat(300))), [format!("line 2: {problem}")]);
}

#[test]
fn only_protecting_quotes_are_taken_off() {
    let family = |cell: &str| {
        let people = rows(format!("{HEADER}\na,b@c.example,{cell},E\n").as_bytes());
        people.into_iter().next().unwrap().unwrap().family_name
    };
    for (cell, name) in [
        ("'=1+1", "=1+1"),
        ("'+81", "+81"),
        ("'-", "-"),
        ("'@home", "@home"),
        ("\"'\ttab\"", "tab"),
        ("'t Hooft", "'t Hooft"),
        ("O'Brien", "O'Brien"),
        ("''=", "''="),
        ("=1", "=1"),
    ] {
        assert_eq!(family(cell), name, "{cell}");
    }
}

/// A file that is written while it is read, so that no more of it exists than what the reader asked for.
struct Generated {
    rows: usize,
    next: usize,
    buffer: Vec<u8>,
    most_taken: usize,
}

impl Read for &mut Generated {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.buffer.len() < to.len() && self.next <= self.rows {
            let n = self.next;
            let row = match n {
                0 => format!("{HEADER},department\n"),
                // Every thousandth row is bad.
                _ if n.is_multiple_of(1000) => format!("big,p{n},髙橋,直人,設計部\n"),
                _ => format!("big,p{n}@big.example,髙橋,直人,設計部\n"),
            };
            self.buffer.extend_from_slice(row.as_bytes());
            self.next += 1;
        }
        let count = to.len().min(self.buffer.len());
        to[..count].copy_from_slice(&self.buffer[..count]);
        self.buffer.drain(..count);
        self.most_taken = self.most_taken.max(count);
        Ok(count)
    }
}

#[test]
fn a_hundred_thousand_rows_are_a_stream() {
    let mut file = Generated { rows: 100_000, next: 0, buffer: Vec::new(), most_taken: 0 };
    let mut ahead = 0;
    let (mut good, mut bad) = (0, Vec::new());
    let mut reader = PeopleReader::open(&mut file).unwrap();
    while let Some(row) = reader.next() {
        match row {
            Ok(_) => good += 1,
            Err(row) => bad.push(row.line),
        }
        let (undecoded, decoded) = reader.rows.held();
        ahead = ahead.max(undecoded + decoded);
    }
    drop(reader);
    assert_eq!((good, bad.len()), (99_900, 100));
    assert_eq!((bad[0], bad[99]), (1001, 100_001));
    // Of a file of 5 MB never more than a few windows were in memory.
    assert!(ahead < 512 * 1024, "{ahead} bytes");
    assert!(file.most_taken <= 64 * 1024);
}
