//! Amounts as a person reads them. Only the server formats: the browser gets what is ready to show, so that
//! both render the same.

use domain::language::Language;
use domain::money::Money;
use domain::time::{Date, Instant, Zone, ZoneName};

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

/// A day in a table: `2026/12/08`, `8 Dec 2026`.
pub fn date_short(day: Date, language: Language) -> String {
    match language {
        Language::Japanese => format!("{}/{:02}/{:02}", day.year(), day.month(), day.day()),
        Language::English => english(day),
    }
}

/// A day in a text: `2026年12月8日`, `8 Dec 2026`.
pub fn date_long(day: Date, language: Language) -> String {
    match language {
        Language::Japanese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Language::English => english(day),
    }
}

fn english(day: Date) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(day.month()).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    format!("{} {} {}", day.day(), month.copied().unwrap_or_default(), day.year())
}

/// The first and last day of a period, the year said once where both have the same: `2026年11月24日`, `12月23日`;
/// `24 Nov`, `23 Dec 2026`.
pub fn dates(first: Date, last: Date, language: Language) -> (String, String) {
    let (whole_first, whole_last) = (date_long(first, language), date_long(last, language));
    if first.year() != last.year() {
        return (whole_first, whole_last);
    }
    let year = first.year().to_string();
    match language {
        Language::Japanese => {
            let last = whole_last.strip_prefix(&format!("{year}年")).unwrap_or(&whole_last).to_owned();
            (whole_first, last)
        }
        Language::English => {
            let first = whole_first.strip_suffix(&format!(" {year}")).unwrap_or(&whole_first).to_owned();
            (first, whole_last)
        }
    }
}

/// A month, as it stands on a card: `2028年5月`, `May 2028`.
pub fn month(year: i16, month: i8, language: Language) -> String {
    match (language, Date::new(year, month, 1)) {
        (Language::English, Ok(first)) => {
            english(first).split_once(' ').map_or_else(String::new, |(_, month)| month.to_owned())
        }
        _ => format!("{year}年{month}月"),
    }
}

/// The calendar day at an instant in a time zone, whose name was checked when it was imported.
pub fn instant_date(at: Instant, zone: &str) -> Date {
    find(zone).map_or(Date::ZERO, |zone| zone.date(at))
}

/// The time of day at an instant in a time zone: `10:42`.
pub fn instant_time(at: Instant, zone: &str) -> String {
    let time = find(zone).map(|zone| zone.datetime(at)).unwrap_or_default();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn find(zone: &str) -> Option<Zone> {
    zone.parse::<ZoneName>().ok().and_then(|name| Zone::find(&name).ok())
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
    use domain::language::Language::{English, Japanese};
    use domain::money::{Currency, Money};
    use domain::time::{Date, Instant};

    use super::{date_long, date_short, dates, instant_date, instant_time, money, month};

    #[test]
    fn days_as_people_write_them() {
        let day = Date::constant(2026, 12, 8);
        assert_eq!(
            (date_short(day, Japanese), date_long(day, Japanese)),
            ("2026/12/08".into(), "2026年12月8日".into())
        );
        assert_eq!(
            (date_short(day, English), date_long(day, English)),
            ("8 Dec 2026".into(), "8 Dec 2026".into())
        );
        assert_eq!(
            (month(2028, 5, Japanese), month(2028, 5, English)),
            ("2028年5月".into(), "May 2028".into())
        );
        let texts = |last, language| {
            let (first, last) = dates(Date::constant(2026, 11, 24), last, language);
            format!("{first}/{last}")
        };
        let (soon, late) = (Date::constant(2026, 12, 23), Date::constant(2027, 11, 23));
        assert_eq!(texts(soon, Japanese), "2026年11月24日/12月23日");
        assert_eq!(texts(soon, English), "24 Nov/23 Dec 2026");
        assert_eq!(texts(late, Japanese), "2026年11月24日/2027年11月23日");
        assert_eq!(texts(late, English), "24 Nov 2026/23 Nov 2027");
        // 24 November 2026, 23:30 UTC.
        let night = Instant::from_micros(1_795_563_000_000_000);
        assert_eq!(instant_date(night, "Asia/Tokyo"), Date::constant(2026, 11, 25));
        assert_eq!(instant_time(night, "Asia/Tokyo"), "08:30");
        assert_eq!(instant_time(night, "America/Los_Angeles"), "15:30");
    }

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
