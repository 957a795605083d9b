use super::*;
use crate::mail::MailAddress;
use proptest::prelude::*;

fn name(parts: [&str; 6]) -> PersonName {
    let [family, given, family_kana, given_kana, family_romaji, given_romaji] = parts;
    PersonName::parse(NameInput { family, given, family_kana, given_kana, family_romaji, given_romaji })
        .unwrap()
}

fn sasaki() -> PersonName {
    name(["佐々木", "美咲", "ササキ", "ミサキ", "Sasaki", "Misaki"])
}

#[test]
fn a_name_is_shown_in_the_order_of_the_reader() {
    assert_eq!(sasaki().display(Language::Japanese), "佐々木 美咲");
    assert_eq!(sasaki().display(Language::English), "Misaki Sasaki");
    assert_eq!(sasaki().reading(), "ササキ ミサキ");
    let anna = name(["van der Berg", "Anna", "", "", "", ""]);
    assert_eq!(anna.display(Language::Japanese), "Anna van der Berg");
    assert_eq!(anna.display(Language::English), "Anna van der Berg");
    assert_eq!(name(["山田", "太郎", "", "", "", ""]).display(Language::English), "山田 太郎");
    assert_eq!(name(["", "Sukarno", "", "", "", ""]).display(Language::English), "Sukarno");
    assert_eq!(name(["Nguyễn", "Thị Minh", "", "", "", ""]).display(Language::Japanese), "Thị Minh Nguyễn");
}

#[test]
fn a_name_is_tidied_and_all_errors_are_given() {
    assert_eq!(
        name(["　佐々木 ", "美\u{3000}咲", "", "", "", ""]).written(),
        &NameParts::new("佐々木", "美 咲")
    );
    let long = "あ".repeat(65);
    let errors = PersonName::parse(NameInput { family: "a\u{1}", given_kana: &long, ..NameInput::default() })
        .unwrap_err();
    let expected =
        [FieldProblem::ControlCharacters.of("family"), FieldProblem::TooLong { most: 64 }.of("given_kana")];
    assert_eq!(errors, expected);
    let missing = PersonName::parse(NameInput { family: " ", ..NameInput::default() });
    assert_eq!(missing, Err(vec![FieldProblem::Missing.of("family")]));
    let json = serde_json::to_string(&sasaki()).unwrap();
    assert_eq!(serde_json::from_str::<PersonName>(&json).unwrap(), sasaki());
    assert!(serde_json::from_str::<PersonName>(&json.replace("佐々木", "").replace("美咲", "")).is_err());
}

#[test]
fn what_people_take_for_the_same_folds_to_the_same() {
    for group in [
        &["高橋", "髙橋", "高 橋", "高\u{3000}橋", "高\u{e0100}橋"][..],
        &["山崎", "山﨑", "山嵜"],
        &["渡辺", "渡邊", "渡邉"],
        &["斎藤", "齋藤", "斉藤", "齊藤"],
        &["浜田", "濱田", "濵田"],
        &["沢田", "澤田"],
        &["徳田眞", "德田真"],
        &["広瀬国男", "廣瀬國男"],
        &["桑田柳", "桒田栁"],
        &["島津竜", "嶋津龍", "嶌津龍"],
        &["吉野", "𠮷野"],
        &["ささき", "ササキ", "ｻｻｷ", "サ サ キ"],
        &["がぱ", "ガパ", "ｶﾞﾊﾟ", "か\u{3099}は\u{309a}"],
        &["じょんすみす", "ジョン・スミス", "ｼﾞｮﾝ･ｽﾐｽ"],
        &["sasaki", "SASAKI", "Ｓａｓａｋｉ", "sa saki"],
        &["muller", "Müller", "MU\u{308}LLER"],
        &["strasse", "Straße", "STRASSE"],
        &["ohno", "Ōhno", "ohnō"],
        &["soren", "Søren"],
        &["nguyen", "Nguyễn"],
        &["105", "１０５"],
    ] {
        for text in group {
            assert_eq!(fold(text), fold(group[0]), "{text}");
        }
    }
}

#[test]
fn what_people_tell_apart_stays_apart() {
    for (one, other) in [("か", "が"), ("は", "ぱ"), ("小野", "大野"), ("つ", "っ"), ("ー", "一"), ("a", "b")]
    {
        assert_ne!(fold(one), fold(other));
    }
}

#[test]
fn a_person_is_found_by_each_word_both_orders_and_mail() {
    let mail = MailAddress::parse("misaki.sasaki@harukaze.example").unwrap();
    let keys = search_keys(&sasaki(), Some(&mail));
    let found = |typed: &str| keys.iter().any(|key| key.starts_with(&fold(typed)));
    for typed in [
        "佐",
        "佐々木",
        "美咲",
        "佐々木美咲",
        "佐々木 美",
        "美咲佐々木",
        "ささ",
        "ササキ",
        "ｻｻｷ",
        "みさ",
        "ささき みさき",
        "みさきささ",
        "sas",
        "Sasaki Misaki",
        "MISAKI",
        "misaki s",
        "misaki.s",
        "misaki.sasaki@harukaze.example",
        "ｍｉｓａｋｉ",
    ] {
        assert!(found(typed), "{typed}");
    }
    for typed in ["々木", "咲", "harukaze", "asaki", "佐々木太"] {
        assert!(!found(typed), "{typed}");
    }
    // Two for each script and one for the mail: nothing that another key serves for.
    assert_eq!(keys.len(), 7);
    assert!(keys.is_sorted());
}

#[test]
fn each_word_of_a_long_name_finds_it() {
    let keys = search_keys(&name(["van der Berg", "Anna Maria", "", "", "", ""]), None);
    let found = |typed: &str| keys.iter().any(|key| key.starts_with(&fold(typed)));
    for typed in [
        "van",
        "der",
        "berg",
        "anna",
        "maria",
        "van der Berg",
        "vanderbergannamaria",
        "Anna Maria van",
        "mariav",
    ] {
        assert!(found(typed), "{typed}");
    }
}

#[test]
fn people_sort_by_kana_in_japanese() {
    let people = [
        name(["相田", "翔", "アイダ", "ショウ", "Aida", "Sho"]),
        name(["阿部", "薫", "あべ", "かおる", "Abe", "Kaoru"]),
        name(["阿部", "美穂", "アベ", "ミホ", "Abe", "Miho"]),
        name(["安部井", "修", "アベイ", "オサム", "Abei", "Osamu"]),
        name(["佐々木", "美咲", "ササキ", "ミサキ", "Sasaki", "Misaki"]),
        name(["渡邉", "蓮", "ワタナベ", "レン", "Watanabe", "Ren"]),
    ];
    assert!(people.is_sorted_by_key(|person| person.sort_key(Language::Japanese)));
    let mut english: Vec<_> = people.iter().map(|person| person.sort_key(Language::English)).collect();
    english.sort();
    assert_eq!(english, ["abe kaoru", "abe miho", "abei osamu", "aida sho", "sasaki misaki", "watanabe ren"]);
}

#[test]
fn what_was_found_can_be_marked() {
    let marked = |text: &'static str, query: &str| mark(text, query).map(|range| &text[range]);
    assert_eq!(marked("佐々木 美咲", "美"), Some("美"));
    assert_eq!(marked("佐々木 美咲", "佐々木美"), Some("佐々木 美"));
    assert_eq!(marked("ササキ ミサキ", "みさ"), Some("ミサ"));
    assert_eq!(marked("髙橋 翔", "高橋"), Some("髙橋"));
    assert_eq!(marked("Straße", "STRASS"), Some("Straß"));
    assert_eq!(marked("Misaki Sasaki", "asa"), None);
    assert_eq!(marked("Misaki", ""), None);
}

/// Characters of names in every script and width, and anything at all now and then.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::char::ranges(vec!['ぁ'..='ゖ', 'ァ'..='ヺ', 'ー'..='ー', '一'..='龠', '豈'..='鶴'].into()),
        2 => prop::char::ranges(vec![' '..='~', 'À'..='ſ', 'Ạ'..='ỹ', '！'..='～'].into()),
        1 => Just('\u{3000}'),
        1 => any::<char>(),
    ];
    prop::collection::vec(character, 0..12).prop_map(String::from_iter)
}

/// The same without characters that join what stands before them.
fn composed_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        use unicode_normalization::UnicodeNormalization as _;
        let joins = |character: &char| {
            let class = unicode_normalization::char::canonical_combining_class(*character);
            class != 0 || "゛゜ﾞﾟ".contains(*character)
        };
        let hangul_part = |character: &char| {
            matches!(character, '\u{1100}'..='\u{11ff}' | '\u{ffa0}'..='\u{ffdc}' | '\u{3131}'..='\u{318e}')
        };
        text.nfc().filter(|character| !joins(character) && !hangul_part(character)).collect()
    })
}

proptest! {
    #[test]
    fn folding_again_changes_nothing(text in text()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn the_beginning_of_a_text_finds_it(text in composed_text(), cut in 0_usize..12) {
        let beginning: String = text.chars().take(cut).collect();
        prop_assert!(fold(&text).starts_with(&fold(&beginning)), "{:?} in {:?}", beginning, text);
    }

    #[test]
    fn no_key_is_the_beginning_of_another(family in text(), given in text()) {
        let input = NameInput { family: &family, given: &given, ..NameInput::default() };
        let Ok(name) = PersonName::parse(input) else { return Ok(()) };
        let keys = search_keys(&name, None);
        for (place, key) in keys.iter().enumerate() {
            prop_assert!(!key.is_empty());
            let others = keys.iter().enumerate().filter(|(other, _)| *other != place);
            prop_assert!(others.into_iter().all(|(_, other)| !other.starts_with(key.as_str())));
        }
        for part in [&family, &given] {
            let folded = fold(part);
            let found = folded.is_empty() || keys.iter().any(|key| key.starts_with(&folded));
            prop_assert!(found, "{:?} in {:?}", part, keys);
        }
    }

    #[test]
    fn whatever_is_marked_begins_with_the_query(text in text(), query in text()) {
        if let Some(range) = mark(&text, &query) {
            prop_assert!(fold(&text[range]).starts_with(&fold(&query)));
        }
    }
}
