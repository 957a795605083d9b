use super::*;
use crate::provider::Brand;

const TODAY: Date = Date::constant(2026, 11, 24);

fn typed(number: &str, expiry: &str, code: &str, name: &str) -> Typed {
    let [number, expiry, code, name] = [number, expiry, code, name].map(str::to_owned);
    Typed { number, expiry, code, name }
}

#[test]
fn a_card_is_read_as_people_type_it() {
    for number in [
        "4242424242424242",
        " 4242 4242 4242 4242 ",
        "４２４２　４２４２　４２４２　４２４２",
        "4242-4242-4242-4242",
    ] {
        let checked = typed(number, "05/30", "123", "佐藤 花").check(true, TODAY).unwrap();
        let number = checked.number.unwrap();
        assert_eq!((number.test_card.brand, number.last_four.to_string()), (Brand::Visa, "4242".to_owned()));
        assert_eq!(checked.holder, "佐藤 花");
    }
    for expiry in ["05/30", "5/30", "05 / 2030", "0530", "052030", "０５／３０", " 05/30 "] {
        assert_eq!(check_expiry(expiry, TODAY).unwrap().to_string(), "2030-05", "{expiry}");
    }
    assert!(check_code("１２３").is_ok());
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let problems = typed("", "", "", " ").check(true, TODAY).unwrap_err();
    let all = Problems {
        number: Some(Problem::NumberMissing),
        expiry: Some(Problem::ExpiryMissing),
        code: Some(Problem::CodeMissing),
        name: Some(Problem::NameMissing),
    };
    assert_eq!(problems, all);
    for (number, problem) in [
        ("4242 4242 4242 4241", Problem::NumberWrong),
        ("4242", Problem::NumberWrong),
        ("card", Problem::NumberWrong),
        ("42424242424242424242", Problem::NumberWrong),
        // Right in itself, and somebody's perhaps.
        ("4111 1111 1111 1111", Problem::NotATestCard),
    ] {
        assert_eq!(check_number(number).unwrap_err(), problem, "{number}");
    }
    for (expiry, problem) in [
        ("10/26", Problem::ExpiryPast),
        ("13/30", Problem::ExpiryWrong),
        ("00/30", Problem::ExpiryWrong),
        ("2030-05", Problem::ExpiryWrong),
        ("05/3", Problem::ExpiryWrong),
        ("05/030", Problem::ExpiryWrong),
        ("05/99", Problem::ExpiryWrong),
        ("530", Problem::ExpiryWrong),
        ("5/", Problem::ExpiryWrong),
        ("+5/30", Problem::ExpiryWrong),
    ] {
        assert_eq!(check_expiry(expiry, TODAY), Err(problem), "{expiry}");
    }
    assert!(check_expiry("11/26", TODAY).is_ok());
    for code in ["12", "1234", "abc"] {
        assert_eq!(check_code(code), Err(Problem::CodeWrong), "{code}");
    }
    assert_eq!(check_name(&"あ".repeat(129)), Err(Problem::NameTooLong));
}

#[test]
fn the_bank_is_asked_last() {
    let refused = |typed: Typed| typed.check(true, TODAY).unwrap_err();
    let wrong_code = refused(typed("4242424242424242", "05/30", "000", "A"));
    assert!(wrong_code.spend_a_try());
    assert_eq!(wrong_code.code, Some(Problem::CodeRefused));
    assert_eq!(refused(typed("4000000000000127", "05/30", "123", "A")).code, Some(Problem::CodeRefused));
    assert!(refused(typed("4111111111111111", "05/30", "123", "A")).spend_a_try());
    assert!(!refused(typed("4242424242424242", "05/30", "000", "")).spend_a_try());
    assert!(!refused(typed("4242424242424241", "05/30", "123", "A")).spend_a_try());
}

#[test]
fn an_edit_asks_for_the_code_and_not_for_the_number() {
    let checked = typed("", "05/30", "123", "Hana Sato").check(false, TODAY).unwrap();
    assert!(checked.number.is_none());
    assert!(typed("", "05/30", "", "Hana Sato").check(false, TODAY).is_err());
}

#[test]
fn a_number_in_a_wrong_field_is_neither_kept_nor_shown() {
    let wrong = typed("", "4242 4242 4242 4242", "123", "４２４２ ４２４２ ４２４２ ４２４２");
    assert_eq!(wrong.kept(), Kept::default());
    assert_eq!(wrong.check(true, TODAY).unwrap_err().name, Some(Problem::NameHoldsNumber));
    let kept = typed("4242424242424242", "05/3", "123", "花").kept();
    assert_eq!(kept, Kept { expiry: "05/3".to_owned(), name: "花".to_owned() });
}
