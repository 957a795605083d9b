//! What is typed to find a bill: a part of its number, or its amount.

use domain::money::Currency;
use domain::name::fold;
use store::bills::Search;

/// Longer than every number: what is longer finds nothing.
const LONGEST: usize = 64;

/// Reads what was typed; nothing if nothing was.
pub(super) fn read(typed: &str, currency: Currency) -> Option<Search> {
    let number: String = fold(typed).chars().take(LONGEST).collect();
    if number.is_empty() {
        return None;
    }
    let amount = amount(&number, currency);
    Some(Search { number, amount })
}

/// An amount in minor units as people type it, without its sign: `31,680`, `¥31680`, `31680円`, `$12.50`.
fn amount(folded: &str, currency: Currency) -> Option<i64> {
    let code = currency.code().to_lowercase();
    let bare = folded.trim_start_matches(['-', '−']).replace(&code, "");
    let bare = bare.trim_start_matches(['¥', '$', '€', '£']).trim_end_matches('円').replace(',', "");
    let (whole, rest) = bare.split_once('.').unwrap_or((&bare, ""));
    let places = usize::from(currency.exponent());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > places {
        return None;
    }
    format!("{whole}{rest:0<places$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, currency, minor) in [
            ("31680", Currency::JPY, Some(31_680)),
            ("￥３１，６８０", Currency::JPY, Some(31_680)),
            ("−¥6,174", Currency::JPY, Some(6_174)),
            ("31,680 円", Currency::JPY, Some(31_680)),
            ("JPY 500", Currency::JPY, Some(500)),
            ("12.50", Currency::USD, Some(1_250)),
            ("$12.5", Currency::USD, Some(1_250)),
            ("12", Currency::USD, Some(1_200)),
            ("12.5", Currency::JPY, None),
            ("12.345", Currency::USD, None),
            ("ex-0000001", Currency::JPY, None),
            ("-", Currency::JPY, None),
            ("99999999999999999999", Currency::JPY, None),
        ] {
            let read = read(typed, currency).expect("something was typed");
            assert_eq!(read.amount, minor, "{typed}");
        }
        assert_eq!(read("　", Currency::JPY), None);
        assert_eq!(read("ＥＸ-0001", Currency::JPY).map(|read| read.number), Some("ex-0001".into()));
    }
}
