use std::fs;

use super::*;

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn said(text: &str) -> Vec<String> {
    read(text.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect()
}

/// An organization in which the line that starts with `key` is `line`.
fn with(key: &str, line: &str) -> String {
    let right = [
        "[[organizations]]",
        "key = 'org'",
        "legal_name = 'Org'",
        "country = 'JP'",
        "currency = 'JPY'",
        "time_zone = 'Asia/Tokyo'",
        "language = 'ja'",
        "tax_id = ''",
        "mail_domains = ['org.example']",
        "administrators = ['a@org.example']",
        "[organizations.sold_to]",
        "city = 'Osaka'",
        "street = '9'",
        "",
    ];
    right.map(|found| if found.starts_with(key) { line } else { found }).join("\n")
}

#[test]
fn the_example_is_read_as_documented() {
    let file = read(file("docs/examples/organizations.toml").as_slice()).unwrap();
    assert_eq!(file.encoding, Encoding::Utf8);
    let [aozora, lakeside] = file.organizations.as_slice() else { panic!("{file:?}") };
    assert_eq!(
        (aozora.line, aozora.key.as_str(), aozora.legal_name.as_str()),
        (3, "aozora", "あおぞら工務店株式会社")
    );
    assert_eq!((aozora.country, aozora.currency), (Country::JAPAN, Currency::JPY));
    assert_eq!((aozora.time_zone.as_str(), aozora.language), ("Asia/Tokyo", Language::Japanese));
    assert_eq!(aozora.tax_id, Stated::Said(Some(TaxId::parse(Country::JAPAN, "T5999901052317").unwrap())));
    assert_eq!(aozora.mail_domains, Stated::Said(vec!["aozora.example".parse().unwrap()]));
    assert_eq!(aozora.administrators, Stated::Said(vec!["hana.mori@aozora.example".parse().unwrap()]));
    assert_eq!(aozora.sold_to.lines(aozora.country)[1], "京都府京都市中京区例町 1-2-3");
    assert_eq!((lakeside.line, lakeside.sold_to.street.as_str()), (21, "Seestraße 9"));
    assert_eq!((&lakeside.tax_id, &lakeside.mail_domains), (&Stated::LeftOut, &Stated::LeftOut));
    assert_eq!(lakeside.administrators, Stated::LeftOut);
}

#[test]
fn the_demo_is_read_without_problems() {
    let file = read(file("demo/organizations.toml").as_slice()).unwrap();
    let keys: Vec<&str> = file.organizations.iter().map(|organization| organization.key.as_str()).collect();
    assert_eq!(keys, ["harukaze", "northgate"]);
}

#[test]
fn files_may_be_cp932_and_say_so() {
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode("[[organizations]]\nlegal_name = '髙橋組'\n");
    let problems = read(&*bytes).unwrap_err();
    assert_eq!(problems.len(), 1, "only what is missing: {problems:?}");
    let text = with("legal_name", "legal_name = '髙橋組'");
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let file = read(&*bytes).unwrap();
    assert_eq!((file.organizations[0].legal_name.as_str(), file.encoding), ("髙橋組", Encoding::Cp932));
}

#[test]
fn every_problem_has_its_place() {
    let long = format!("legal_name = '{}'", "長".repeat(201));
    for (key, line, problem) in [
        (
            "key",
            "key = 'Org 1'",
            "line 2, column 7, organizations[0].key: \"Org 1\" is not a key: 1 to 64 of a-z, 0-9 and -, neither first nor last a hyphen",
        ),
        (
            "legal_name",
            "legal_name = ' '",
            "line 3, column 14, organizations[0].legal_name: must not be empty",
        ),
        (
            "legal_name",
            &long,
            "line 3, column 14, organizations[0].legal_name: has 201 characters; at most 200 are kept",
        ),
        (
            "legal_name",
            "legal_name = \"a\\u0007\"",
            "line 3, column 14, organizations[0].legal_name: holds the control character U+0007",
        ),
        (
            "legal_name",
            "legal_name = 1",
            "line 3, column 14, organizations[0]: invalid type: integer `1`, expected a string",
        ),
        ("legal_name", "", "line 1, column 1, organizations[0]: the key \"legal_name\" is missing"),
        ("legal_name", "legal_name = 'Org", "line 3, column 18: invalid literal string, expected `'`"),
        (
            "country",
            "country = 'UK'",
            "line 4, column 11, organizations[0].country: there is no country \"UK\"; it takes two capital letters, such as JP",
        ),
        (
            "currency",
            "currency = 'yen'",
            "line 5, column 12, organizations[0].currency: there is no currency \"yen\"; it takes three capital letters, such as JPY",
        ),
        (
            "time_zone",
            "time_zone = 'Tokyo'",
            "line 6, column 13, organizations[0].time_zone: there is no time zone \"Tokyo\"",
        ),
        (
            "language",
            "language = 'jp'",
            "line 7, column 12, organizations[0].language: there is no language \"jp\"; there are: ja, en",
        ),
        (
            "tax_id",
            "tax_id = 'T123'",
            "line 8, column 10, organizations[0].tax_id: \"T123\" does not have the form of a tax id of JP",
        ),
        (
            "mail_domains",
            "mail_domains = ['a.example', 'b']",
            "line 9, column 30, organizations[0].mail_domains[1]: \"b\" is not a mail domain",
        ),
        (
            "administrators",
            "administrators = []",
            "line 10, column 18, organizations[0].administrators: must not be empty",
        ),
        (
            "administrators",
            "administrators = ['b']",
            "line 10, column 19, organizations[0].administrators[0]: \"b\" is not a mail address",
        ),
        (
            "administrators",
            "administrators = ['a@b.example', 'A@b.example']",
            "line 10, column 34, organizations[0].administrators[1]: \"A@b.example\" is there twice",
        ),
        ("city", "city = ''", "line 12, column 8, organizations[0].sold_to.city: must not be empty"),
        (
            "street",
            "stret = '9'",
            "line 13, column 1, organizations[0]: there is no key \"stret\" here; did you mean \"street\"?",
        ),
    ] {
        let said = said(&with(key, line));
        assert!(said.iter().any(|said| said == problem), "{line}: {said:#?}");
    }
    assert!(read(with("", "").as_bytes()).is_ok());
}

#[test]
fn all_problems_are_said_at_once() {
    let twice = with("key", "kee = 'x'\nkey = 'org'\nlegal_nmae = 'y'")
        + &with("language", "language = 'xx'")
        + "[other]\n";
    assert_eq!(
        said(&twice),
        [
            "line 2, column 1, organizations[0]: there is no key \"kee\" here; did you mean \"key\"?",
            "line 4, column 1, organizations[0]: there is no key \"legal_nmae\" here; did you mean \"legal_name\"?",
            "line 22, column 12, organizations[1].language: there is no language \"xx\"; there are: ja, en",
            "line 29, column 2: there is no key \"other\" here",
        ]
    );
    let same = with("none", "") + &with("none", "");
    assert_eq!(said(&same), ["line 15, column 7, organizations[1].key: \"org\" is there twice"]);
    assert_eq!(said("a = \nb = 1 2\n").len(), 2, "{:#?}", said("a = \nb = 1 2\n"));
    assert_eq!(
        said("organizations = 1\n"),
        ["line 1, column 17: invalid type: integer `1`, expected a sequence"]
    );
}
