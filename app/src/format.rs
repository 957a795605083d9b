//! Amounts as a person reads them. Only the server formats: the browser gets what is ready to show, so that
//! both render the same.

use domain::money::Money;

/// An amount with its sign and currency: `¥1,234`, `−$12.50`, `CHF 1,234.00`.
pub fn money(amount: Money) -> String {
    let decimal = amount.decimal();
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |digits| ("−", digits));
    let (whole, cents) = digits.split_once('.').map_or((digits, None), |(whole, cents)| (whole, Some(cents)));
    let mut text = String::from(sign);
    text.push_str(&symbol(amount));
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(cents) = cents {
        text.push('.');
        text.push_str(cents);
    }
    text
}

/// The sign that both languages know for a currency; its code and a space for all others.
fn symbol(amount: Money) -> String {
    match amount.currency().code() {
        "JPY" => "¥".to_owned(),
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        code => format!("{code}\u{a0}"),
    }
}

#[cfg(test)]
mod tests {
    use domain::money::{Currency, Money};

    use super::money;

    #[test]
    fn amounts_as_people_write_them() {
        for (minor, currency, text) in [
            (0, "JPY", "¥0"),
            (1_234, "JPY", "¥1,234"),
            (-15_600, "JPY", "−¥15,600"),
            (1_250, "USD", "$12.50"),
            (5, "USD", "$0.05"),
            (-123_456_789, "EUR", "−€1,234,567.89"),
            (100_000, "CHF", "CHF\u{a0}1,000.00"),
            (1_234_567, "BHD", "BHD\u{a0}1,234.567"),
        ] {
            let currency: Currency = currency.parse().expect("a currency");
            assert_eq!(money(Money::new(minor, currency)), text);
        }
    }
}
