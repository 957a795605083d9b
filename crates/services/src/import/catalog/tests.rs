use std::fs;

use domain::catalog::{Charge, Hue, Offer, TaxKind};
use domain::tax::Buyer;
use domain::time::Date;

use super::super::organizations;
use super::*;

fn file(name: &str) -> CatalogFile {
    let path = format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"));
    CatalogFile::read(fs::File::open(path).unwrap()).unwrap()
}

fn example() -> String {
    fs::read_to_string(format!("{}/../../docs/examples/catalog.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What is said about the example where `from` is replaced by `to`.
fn said(from: &str, to: &str) -> Vec<String> {
    let text = example();
    assert!(text.contains(from), "{from}");
    let problems = match CatalogFile::read(text.replacen(from, to, 1).as_bytes()) {
        Err(problems) => problems,
        Ok(file) => file.check(&Catalog::default()).errors,
    };
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_example_is_read_as_documented() {
    let file = file("docs/examples/catalog.toml");
    assert_eq!(file.check(&Catalog::default()), Findings::default());
    let catalog = &file.catalog;
    let whole: Catalog = toml::from_str(&example()).unwrap();
    assert_eq!(*catalog, whole, "read in pieces it is the same as read in one");
    let issuer = catalog.issuer("example-nl").unwrap();
    assert_eq!(issuer.tax[1].kind, TaxKind::ReverseCharge);
    let product = catalog.product("paper").unwrap();
    assert_eq!((product.tile.hue, product.plans.len()), (Hue::Gold, 2));
    assert_eq!(product.plan("standard").unwrap().prices[1].charges, [Charge::PerSeat(5400)]);
}

#[test]
fn the_demo_is_read_without_problems() {
    let file = file("demo/catalog.toml");
    assert_eq!(file.check(&Catalog::default()), Findings::default());
    let price = |product: &str, plan: &str| {
        file.catalog.product(product).unwrap().plan(plan).unwrap().prices[0].charges[0].clone()
    };
    // The prices of the design pictures.
    for (product, plan, yen) in [
        ("draft", "team", 1800),
        ("draft", "pro", 3400),
        ("board", "standard", 7800),
        ("board", "plus", 1280),
        ("meet", "pro", 900),
        ("insight", "pro", 2400),
        ("notes", "basic", 300),
        ("flow", "standard", 1200),
        ("atlas", "starter", 900),
        ("atlas", "pro", 2100),
        ("atlas", "studio", 4800),
    ] {
        assert_eq!(price(product, plan), Charge::PerSeat(yen), "{product} {plan}");
    }
    assert!(file.catalog.products.len() >= 12);
}

#[test]
fn the_demo_sells_to_its_customers() {
    let catalog = file("demo/catalog.toml").catalog;
    let path = format!("{}/../../demo/organizations.toml", env!("CARGO_MANIFEST_DIR"));
    let customers = organizations::read(fs::File::open(path).unwrap()).unwrap().organizations;
    let day: Date = "2026-11-24".parse().unwrap();
    let sold = |organization: &organizations::OrganizationEntry| -> Vec<&str> {
        let tax_id = organization.tax_id.clone().or(None);
        let buyer = Buyer { country: organization.country, tax_id: tax_id.as_ref() };
        let offered = catalog.products.iter().filter(|product| {
            !matches!(catalog.offer(product, buyer, organization.currency, day), Offer::NotSoldHere(_))
        });
        offered.map(|product| product.key.as_str()).collect()
    };
    let all = [
        "draft", "board", "meet", "sign", "render", "insight", "notes", "flow", "atlas", "vault", "key",
        "lab", "press",
    ];
    assert_eq!(sold(&customers[0]), all);
    // The newspaper has neither a price nor a tax row there.
    assert_eq!(sold(&customers[1]), all[..12]);
}

#[test]
fn every_problem_of_shape_has_its_place() {
    for (from, to, problem) in [
        (
            "kind = \"company\"",
            "kind = \"shop\"",
            "line 6, column 8, issuers[0]: \"shop\" is not one of: company, other",
        ),
        (
            "currencies = [\"JPY\"]",
            "currencies = [\"YEN\"]",
            "line 11, column 14, issuers[0]: \"YEN\" is not the code of a currency",
        ),
        (
            "tax_rounding = \"down\"\n",
            "",
            "line 3, column 1, issuers[0]: the key \"tax_rounding\" is missing",
        ),
        (
            "rate = 10",
            "rate = 10.5",
            "line 43, column 8, issuers[0].tax[0]: invalid type: floating point `10.5`, expected a rate in per cent: a whole number, or a text such as \"8.875\"",
        ),
        (
            "per_seat = 500 }",
            "per_saet = 500 }",
            "line 105, column 56, products[0].plans[0].prices[0]: there is no key \"per_saet\" here; did you mean \"per_seat\"?",
        ),
        (
            "minimum = 1",
            "minimun = 1",
            "line 101, column 11, products[0].plans[0]: there is no key \"minimun\" here; did you mean \"minimum\"?",
        ),
        (
            "[[products]]",
            "[[product]]",
            "line 77, column 3: there is no key \"product\" here; did you mean \"products\"?",
        ),
        ("retired = false", "retired = no", "line 85, column 11: invalid float, expected `nan`"),
    ] {
        let said = said(from, to);
        assert!(said.iter().any(|said| said == problem), "{to}: {said:#?}");
    }
}

#[test]
fn a_mistake_does_not_hide_the_next() {
    let text = example()
        .replacen("kind = \"company\"", "kind = \"shop\"", 1)
        .replacen("hue = \"gold\"", "hue = \"pink\"", 1)
        .replacen("term = \"1-month\"", "term = \"1-week\"", 1)
        .replacen("frequency = \"monthly\"", "frequenci = \"monthly\"", 1);
    let problems = CatalogFile::read(text.as_bytes()).unwrap_err();
    let paths: Vec<&str> = problems.iter().filter_map(|problem| problem.field.as_deref()).collect();
    assert_eq!(
        paths,
        ["issuers[0]", "products[0]", "products[0].plans[0].prices[0]", "products[0].plans[0].prices[2]"]
    );
    assert!(problems.iter().all(|problem| problem.line.is_some()));
}

#[test]
fn every_problem_of_sense_has_its_place() {
    for (from, to, problem) in [
        (
            "T7999901048321",
            "T1999901048321",
            "line 9, column 23, issuers[0].registration_number: the check digit is wrong, and a company must have a right one",
        ),
        (
            "[\"NL\", \"DE\"]",
            "[\"NL\", \"JP\"]",
            "line 54, column 19, issuers[1].sells_to[1]: an earlier issuer sells to this country already",
        ),
        (
            "maximum = 500",
            "maximum = 0",
            "line 101, column 34, products[0].plans[0].seats.maximum: seats are 1 to 1,000,000, and the maximum is not below the minimum",
        ),
        (
            "per_seat = 5400",
            "per_seat = -1",
            "line 106, column 77, products[0].plans[0].prices[1].charges[0]: an amount is 0 to 1,000,000,000,000 minor units",
        ),
        (
            "key = \"business\"",
            "key = \"standard\"",
            "line 113, column 7, products[0].plans[1].key: another one of the same kind has this key",
        ),
        (
            "plan = \"standard\"",
            "plan = \"gold\"",
            "line 89, column 8, products[0].trial.plan: the product has no such plan",
        ),
        (
            "tax_category = \"software\"",
            "tax_category = \"food\"",
            "line 82, column 16, products[0].tax_category: no issuer has a tax row for this category",
        ),
    ] {
        let said = said(from, to);
        assert!(said.iter().any(|said| said == problem), "{to}: {said:#?}");
    }
}

#[test]
fn warnings_do_not_stop_an_import() {
    let text = example()
        .replace("kind = \"company\"", "kind = \"other\"")
        .replace("T7999901048321", "T1999901048321");
    let findings = CatalogFile::read(text.as_bytes()).unwrap().check(&Catalog::default());
    assert_eq!(findings.errors, []);
    let said: Vec<String> = findings.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["line 9, column 23, issuers[0].registration_number: \
          the check digit is not that of a company; for others that may be right"]
    );
}

#[test]
fn what_a_file_leaves_out_is_checked_with_what_is_stored() {
    let stored = file("docs/examples/catalog.toml").catalog;
    // A file with a product alone: its tax category, currency and the trial's plan are those stored.
    let start = example().find("[[products]]").unwrap();
    let end = example().find("[[products.plans]]").unwrap();
    let alone = CatalogFile::read(&example().as_bytes()[start..end]).unwrap();
    assert_eq!(alone.check(&stored), Findings::default());
    let paths = |findings: Findings| -> Vec<String> {
        findings.errors.into_iter().filter_map(|problem| problem.field).collect()
    };
    assert_eq!(
        paths(alone.check(&Catalog::default())),
        ["issuers", "products[0].tax_category", "products[0].trial.plan"]
    );
    // A new issuer that takes a country from a stored one.
    let rival = example()[..start]
        .replace("example-", "rival-")
        .replace("\"EX-\"", "\"RX-\"")
        .replace("\"EE-\"", "\"RE-\"");
    let rival = CatalogFile::read(rival.as_bytes()).unwrap();
    assert_eq!(
        paths(rival.check(&stored)),
        [
            "issuers[example-jp].sells_to[0]",
            "issuers[example-nl].sells_to[0]",
            "issuers[example-nl].sells_to[1]"
        ]
    );
}

#[test]
fn every_catalog_problem_has_its_sentence() {
    let codes = domain::catalog::ProblemCode::ALL;
    let sentences: std::collections::BTreeSet<&str> = codes.iter().map(|code| sentence(*code)).collect();
    assert_eq!(sentences.len(), codes.len(), "no two read alike");
}
