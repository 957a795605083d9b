use super::*;
use crate::country::Country;
use crate::money::Currency;
use crate::sample::{catalog, japanese_buyer};
use crate::tax::Buyer;
use crate::tax_id::TaxId;
use jiff::civil::date;

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

/// The problems of the sample after a change.
fn problems(change: impl FnOnce(&mut Catalog)) -> Vec<(String, ProblemCode)> {
    let mut catalog = catalog();
    change(&mut catalog);
    catalog.validate().into_iter().map(|problem| (problem.path, problem.code)).collect()
}

fn one(path: &str, code: ProblemCode) -> Vec<(String, ProblemCode)> {
    vec![(path.to_owned(), code)]
}

#[test]
fn a_file_is_a_catalog() {
    let catalog = catalog();
    assert_eq!(catalog.validate(), []);
    let draft = catalog.product("draft").unwrap();
    assert_eq!(draft.lifecycle, Lifecycle { expired_days: 30, trial_expired_days: 0, disabled_days: 90 });
    let trial = draft.trial.as_ref().unwrap();
    assert_eq!(
        (trial.days, trial.seats, trial.extension_days, trial.extension_within_days),
        (30, 25, 30, 15)
    );
    let prices = &draft.plan("team").unwrap().prices;
    assert_eq!(prices[0].charges, [Charge::PerSeat(1800)]);
    assert_eq!(
        (prices[0].frequency, prices[1].frequency),
        (BillingFrequency::UpFront, BillingFrequency::Monthly)
    );
    assert!(matches!(&prices[2].charges[..], [Charge::Graduated(tiers)] if tiers.len() == 2));
    // Written and read again it is the same.
    let text = toml::to_string(&catalog).unwrap();
    assert_eq!(toml::from_str::<Catalog>(&text).unwrap(), catalog);
}

#[test]
fn what_the_file_does_not_know_is_refused_with_its_name() {
    let error = toml::from_str::<Catalog>("[[products]]\nkey = \"a\"\ncolour = \"red\"").unwrap_err();
    assert!(error.to_string().contains("colour"), "{error}");
    let error = toml::from_str::<Term>("\"2-years\"").map(|_| ());
    assert!(error.is_err());
}

#[test]
fn terms_and_payments_are_counted_in_months() {
    for (term, frequency, months, payments) in [
        (Term::OneMonth, BillingFrequency::UpFront, 1, 1),
        (Term::OneYear, BillingFrequency::UpFront, 12, 1),
        (Term::OneYear, BillingFrequency::Monthly, 1, 12),
        (Term::ThreeYears, BillingFrequency::UpFront, 36, 1),
        (Term::ThreeYears, BillingFrequency::Monthly, 1, 36),
    ] {
        assert_eq!((frequency.months(term), frequency.payments(term)), (months, payments));
    }
}

#[test]
fn all_problems_are_named_at_once_each_with_its_place() {
    let found = problems(|catalog| {
        catalog.issuers[0].name.en = "  ".into();
        catalog.issuers[0].registration_number = Some("T1234".into());
        catalog.issuers[1].sells_to.push(country("JP"));
        catalog.products[0].plans[0].prices[2].charges = vec![Charge::OneTime(-1)];
        catalog.products[0].plans[0].seats = SeatLimits { minimum: 10, maximum: 5 };
        catalog.products[1].key = "draft".parse().unwrap();
    });
    let expected = [
        ("issuers[0].name.en", ProblemCode::EmptyText),
        ("issuers[0].registration_number", ProblemCode::WrongRegistrationNumber),
        ("issuers[1].sells_to[3]", ProblemCode::CountryOfTwoIssuers),
        ("products[0].plans[0].seats", ProblemCode::WrongSeats),
        ("products[0].plans[0].prices[2].charges", ProblemCode::NothingRecurring),
        ("products[0].plans[0].prices[2].charges[0]", ProblemCode::WrongAmount),
        ("products[1].key", ProblemCode::DuplicateKey),
    ];
    assert_eq!(found, expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn every_rule_of_issuers_is_checked() {
    use ProblemCode as Code;
    assert_eq!(
        problems(|catalog| catalog.issuers[1].key = "minato-jp".parse().unwrap()),
        one("issuers[1].key", Code::DuplicateKey)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[1].number_prefix = "MS26-".into()),
        one("issuers[1].number_prefix", Code::DuplicatePrefix)
    );
    let legal = |version: &str, address: &str| {
        let address = crate::language::Localized::new(address, "https://minato.example/terms");
        Some(crate::catalog::LegalText { version: version.into(), address })
    };
    assert_eq!(
        problems(|catalog| catalog.issuers[0].terms = legal("2026-04", "http://minato.example")),
        one("issuers[0].terms.address.ja", Code::NotHttps)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[0].privacy = legal(" ", "https://minato.example")),
        one("issuers[0].privacy.version", Code::EmptyText)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[1].number_prefix = "請求-".into()),
        one("issuers[1].number_prefix", Code::WrongPrefix)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[1].address.ja.city.clear()),
        one("issuers[1].address.ja.city", Code::EmptyText)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[1].currencies.push(Currency::EUR)),
        one("issuers[1].currencies[2]", Code::Duplicate)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[1].sells_to.push(country("FR"))),
        one("issuers[1].sells_to[3]", Code::Duplicate)
    );
    assert_eq!(
        problems(|catalog| catalog.issuers[1].tax[0].rate = TaxRate::ZERO),
        one("issuers[1].tax[0].rate", Code::RateOfKind)
    );
    let ten = TaxRate::from_millionths(100_000).unwrap();
    assert_eq!(
        problems(|catalog| catalog.issuers[1].tax[1].rate = ten),
        one("issuers[1].tax[1].rate", Code::RateOfKind)
    );
    let again = |catalog: &mut Catalog| {
        let row = catalog.issuers[0].tax[0].clone();
        catalog.issuers[0].tax.push(TaxRow { kind: TaxKind::Reduced, ..row });
    };
    assert_eq!(problems(again), one("issuers[0].tax[3]", Code::DuplicateTaxRow));
    // A company's number has the check digit; another's may not, which is worth a warning.
    let wrong_digit = |kind| {
        move |catalog: &mut Catalog| {
            catalog.issuers[0].kind = kind;
            catalog.issuers[0].registration_number = Some("T1000012010038".into());
        }
    };
    let place = "issuers[0].registration_number";
    assert_eq!(problems(wrong_digit(IssuerKind::Company)), one(place, Code::CompanyCheckDigit));
    assert_eq!(problems(wrong_digit(IssuerKind::Other)), one(place, Code::CheckDigitWarning));
}

#[test]
fn only_warnings_let_a_catalog_pass() {
    let mut catalog = catalog();
    catalog.issuers[1].sells_to.retain(|code| *code != country("US"));
    let found = catalog.validate();
    assert_eq!(
        found.iter().map(|problem| problem.path.as_str()).collect::<Vec<_>>(),
        ["issuers[1].tax[2].country"]
    );
    assert!(found.iter().all(Problem::is_warning));
    catalog.issuers.clear();
    assert!(!catalog.validate().iter().any(Problem::is_warning));
}

#[cfg(feature = "zones")]
#[test]
fn a_time_zone_must_exist() {
    let found = problems(|catalog| catalog.issuers[0].time_zone = "Asia/Edo".parse().unwrap());
    assert_eq!(found, one("issuers[0].time_zone", ProblemCode::UnknownTimeZone));
}

#[test]
fn every_rule_of_products_is_checked() {
    use ProblemCode as Code;
    assert_eq!(
        problems(|catalog| catalog.products[0].tax_category = "books".parse().unwrap()),
        one("products[0].tax_category", Code::UnknownTaxCategory)
    );
    assert_eq!(problems(|catalog| catalog.products[1].trial = None), one("products[1]", Code::NothingToSell));
    assert_eq!(
        problems(|catalog| catalog.products[0].lifecycle.disabled_days = 3651),
        one("products[0].lifecycle.disabled_days", Code::WrongDays)
    );
    assert_eq!(
        problems(|catalog| catalog.products[0].name.ja = "長".repeat(101)),
        one("products[0].name.ja", Code::TextTooLong)
    );
    let trial =
        |change: fn(&mut TrialRule)| problems(|catalog| change(catalog.products[1].trial.as_mut().unwrap()));
    assert_eq!(trial(|rule| rule.seats = 0), one("products[1].trial.seats", Code::WrongSeats));
    assert_eq!(
        trial(|rule| rule.plan = Some("none".parse().unwrap())),
        one("products[1].trial.plan", Code::UnknownPlan)
    );
    assert_eq!(trial(|rule| rule.days = 0), one("products[1].trial.days", Code::WrongDays));
}

#[test]
fn every_rule_of_prices_is_checked() {
    use ProblemCode as Code;
    let price =
        |change: fn(&mut Price)| problems(|catalog| change(&mut catalog.products[0].plans[0].prices[2]));
    let path = |rest: &str| format!("products[0].plans[0].prices[2]{rest}");
    let tier = |up_to, per_seat| Tier { up_to, per_seat };
    assert_eq!(
        price(|price| price.charges.push(Charge::PerSeat(1))),
        one(&path(".charges[1]"), Code::ChargeTwice)
    );
    assert_eq!(price(|price| price.charges.clear()), one(&path(".charges"), Code::NothingRecurring));
    assert_eq!(
        price(|price| price.currency = "GBP".parse().unwrap()),
        one(&path(".currency"), Code::CurrencyOfNoIssuer)
    );
    let instalments =
        price(|price| (price.term, price.frequency) = (Term::OneMonth, BillingFrequency::Monthly));
    assert_eq!(instalments, one(&path(".frequency"), Code::InstalmentsOfOneMonth));
    let twice = price(|price| (price.currency, price.term) = (Currency::JPY, Term::OneMonth));
    assert_eq!(twice, one(&path(""), Code::DuplicatePrice));
    for tiers in [
        vec![],
        vec![tier(Some(10), 1)],
        vec![tier(None, 1), tier(None, 1)],
        vec![tier(Some(0), 1), tier(None, 1)],
        vec![tier(Some(10), 1), tier(Some(10), 1), tier(None, 1)],
        vec![tier(Some(10), 1), tier(Some(9), 1), tier(None, 1)],
    ] {
        let found =
            problems(|catalog| catalog.products[0].plans[0].prices[2].charges = vec![Charge::Volume(tiers)]);
        assert_eq!(found, one(&path(".charges[0].volume"), Code::WrongTiers));
    }
    let negative =
        price(|price| price.charges = vec![Charge::Graduated(vec![Tier { up_to: None, per_seat: -1 }])]);
    assert_eq!(negative, one(&path(".charges[0].graduated[0]"), Code::WrongAmount));
    assert_eq!(
        price(|price| price.charges = vec![Charge::Flat(1_000_000_000_001)]),
        one(&path(".charges[0]"), Code::WrongAmount)
    );
    assert_eq!(price(|price| price.charges = vec![Charge::Flat(1_000_000_000_000)]), []);
}

#[test]
fn the_country_chooses_the_issuer() {
    let catalog = catalog();
    let issuer = |code| catalog.issuer_for(country(code)).map(|issuer| issuer.key.as_str());
    assert_eq!((issuer("JP"), issuer("FR"), issuer("BR")), (Some("minato-jp"), Some("minato-eu"), None));
}

#[test]
fn an_offer_says_what_is_sold_or_why_not() {
    let mut catalog = catalog();
    let day = date(2026, 11, 24);
    let offer = |catalog: &Catalog, product: &str, buyer: Buyer<'_>, currency, on| match catalog.offer(
        catalog.product(product).unwrap(),
        buyer,
        currency,
        on,
    ) {
        Offer::Sold(sale) => {
            Ok((sale.issuer.key.to_string(), sale.plans[0].prices.len(), sale.tax.rate.to_string()))
        }
        Offer::TrialOnly { trial, .. } => Ok(("trial".to_owned(), 0, trial.seats.to_string())),
        Offer::NotSoldHere(reason) => Err(reason),
    };
    let japan = japanese_buyer();
    let abroad = |code| Buyer { country: country(code), tax_id: None };
    let french = TaxId::parse(country("FR"), "FR12345678901").unwrap();
    let french = Buyer { country: country("FR"), tax_id: Some(&french) };
    for (product, buyer, currency, on, expected) in [
        ("draft", japan, Currency::JPY, day, Ok(("minato-jp".to_owned(), 2, "10".to_owned()))),
        ("draft", french, Currency::EUR, day, Ok(("minato-eu".to_owned(), 1, "0".to_owned()))),
        ("lab", japan, Currency::JPY, day, Ok(("trial".to_owned(), 0, "5".to_owned()))),
        ("draft", abroad("FR"), Currency::EUR, day, Err(NotSoldReason::NeedsTaxId)),
        ("draft", abroad("BR"), Currency::USD, day, Err(NotSoldReason::Country)),
        ("draft", japan, Currency::USD, day, Err(NotSoldReason::IssuerCurrency)),
        ("draft", abroad("US"), Currency::USD, day, Err(NotSoldReason::Price)),
        ("draft", japan, Currency::JPY, date(2000, 1, 1), Err(NotSoldReason::TaxRow)),
    ] {
        assert_eq!(offer(&catalog, product, buyer, currency, on), expected);
    }
    catalog.products[0].plans[0].retired = true;
    assert_eq!(offer(&catalog, "draft", japan, Currency::JPY, day), Err(NotSoldReason::Price));
    catalog.products[0].retired = true;
    assert_eq!(offer(&catalog, "draft", japan, Currency::JPY, day), Err(NotSoldReason::Retired));
}

#[test]
fn a_key_is_lower_case_and_plain() {
    for right in ["a", "minato-draft", "2026", &"a".repeat(64)] {
        assert_eq!(right.parse::<Key>().unwrap().as_str(), right);
    }
    for wrong in ["", "-a", "a-", "A", "a b", "a_b", "図", &"a".repeat(65)] {
        assert_eq!(wrong.parse::<Key>(), Err(KeyError(wrong.to_owned())));
    }
}
