//! Tax ids: what a buyer or an issuer is registered under.

use crate::country::Country;

/// A tax id of a country in its plain form: upper-case letters and digits, no spaces, dots or hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct TaxId {
    country: Country,
    value: String,
}

#[derive(serde::Deserialize)]
struct Unchecked {
    country: Country,
    value: String,
}

/// What is known about a tax id from its form alone. No register is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxIdForm {
    /// Form and check digit are right.
    Checked,
    /// The form is right and the check digit is not that of a corporate number. In Japan that may be a person
    /// in business, whose number has no check digit: refused for a company, warned about for others (SPEC 5).
    NotACompany,
    /// Only the form was looked at; this country's check digits are not known here.
    FormOnly,
}

/// Why a text is not a tax id of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxIdError {
    /// Nothing was given.
    #[error("no tax id")]
    Empty,
    /// Not the form that the country's ids have.
    #[error("not of the form of this country's tax ids")]
    WrongForm,
}

impl TaxId {
    /// Reads a tax id as people write it: full-width characters, spaces, dots and hyphens are fine.
    ///
    /// Japan: `T` and 13 digits (適格請求書発行事業者の登録番号). The European Union: the country's letters (`EL` for
    /// Greece) and 2 to 12 letters or digits. Elsewhere: 4 to 20 letters or digits.
    pub fn parse(country: Country, text: &str) -> Result<Self, TaxIdError> {
        let value = plain(text);
        if value.is_empty() {
            return Err(TaxIdError::Empty);
        }
        if fits(country, &value) { Ok(Self { country, value }) } else { Err(TaxIdError::WrongForm) }
    }

    /// The country that gave it.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The id without any separators: `T8999901048213`.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// What can be said about it without asking a register.
    pub fn form(&self) -> TaxIdForm {
        if self.country != Country::JAPAN {
            return TaxIdForm::FormOnly;
        }
        let digits: Vec<u32> = self.value.chars().filter_map(|digit| digit.to_digit(10)).collect();
        match digits.split_first() {
            Some((check, base)) if *check == corporate_check_digit(base) => TaxIdForm::Checked,
            _ => TaxIdForm::NotACompany,
        }
    }
}

impl TryFrom<Unchecked> for TaxId {
    type Error = TaxIdError;

    fn try_from(read: Unchecked) -> Result<Self, TaxIdError> {
        Self::parse(read.country, &read.value)
    }
}

impl std::fmt::Display for TaxId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.value)
    }
}

/// The check digit of a Japanese corporate number (法人番号) for its other 12 digits: 9 minus the remainder by 9
/// of the sum of the digits, every second one from the right doubled.
fn corporate_check_digit(base: &[u32]) -> u32 {
    let weights = [1, 2].into_iter().cycle();
    let sum: u32 = base.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    9 - sum % 9
}

/// Letters and digits only, half-width and upper-case.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let separator = |character: &char| {
        character.is_whitespace() || matches!(character, '-' | '.' | '‐' | '‑' | '–' | '−' | 'ー' | '/')
    };
    text.nfkc().filter(|character| !separator(character)).flat_map(char::to_uppercase).collect()
}

fn fits(country: Country, value: &str) -> bool {
    let all = |text: &str, test: fn(&u8) -> bool| text.as_bytes().iter().all(test);
    if country == Country::JAPAN {
        return value
            .strip_prefix('T')
            .is_some_and(|digits| digits.len() == 13 && all(digits, u8::is_ascii_digit));
    }
    if let Some(letters) = european_letters(country.code()) {
        return value
            .strip_prefix(letters)
            .is_some_and(|rest| (2..=12).contains(&rest.len()) && all(rest, u8::is_ascii_alphanumeric));
    }
    (4..=20).contains(&value.len()) && all(value, u8::is_ascii_alphanumeric)
}

/// The letters before the VAT numbers of a member state: its code, but `EL` for Greece.
fn european_letters(code: &str) -> Option<&str> {
    const MEMBERS: &str = "AT BE BG CY CZ DE DK EE ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
    if code == "GR" { Some("EL") } else { MEMBERS.split(' ').find(|member| *member == code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        code.parse().unwrap()
    }

    #[test]
    fn a_japanese_number_is_t_and_thirteen_digits() {
        for written in
            ["T7000012050002", " t7000012050002", "Ｔ７００００１２０５０００２", "T7-0000-1205-0002"]
        {
            let id = TaxId::parse(Country::JAPAN, written).unwrap();
            assert_eq!((id.as_str(), id.form()), ("T7000012050002", TaxIdForm::Checked), "{written}");
        }
        for wrong in ["7000012050002", "T700001205000", "T70000120500022", "T70000120500O2", "TT000012050002"]
        {
            assert_eq!(TaxId::parse(Country::JAPAN, wrong), Err(TaxIdError::WrongForm), "{wrong}");
        }
        assert_eq!(TaxId::parse(Country::JAPAN, " "), Err(TaxIdError::Empty));
    }

    #[test]
    fn the_check_digit_tells_a_company_from_others() {
        // 国税庁 7000012050002, デジタル庁 8000012010038; every other first digit is wrong.
        for (base, right) in [("000012050002", '7'), ("000012010038", '8')] {
            for check in '0'..='9' {
                let form = TaxId::parse(Country::JAPAN, &format!("T{check}{base}")).unwrap().form();
                let expected = if check == right { TaxIdForm::Checked } else { TaxIdForm::NotACompany };
                assert_eq!(form, expected, "{check}{base}");
            }
        }
    }

    #[test]
    fn elsewhere_only_the_form_is_looked_at() {
        let vat = TaxId::parse(country("DE"), "DE 123.456.789").unwrap();
        assert_eq!((vat.as_str(), vat.form()), ("DE123456789", TaxIdForm::FormOnly));
        assert_eq!(TaxId::parse(country("DE"), "FR123456789"), Err(TaxIdError::WrongForm));
        assert!(TaxId::parse(country("GR"), "EL123456789").is_ok());
        assert!(TaxId::parse(Country::UNITED_STATES, "12-3456789").is_ok());
        assert_eq!(TaxId::parse(Country::UNITED_STATES, "123"), Err(TaxIdError::WrongForm));
        let json = serde_json::to_string(&vat).unwrap();
        assert_eq!(serde_json::from_str::<TaxId>(&json).unwrap(), vat);
        assert!(serde_json::from_str::<TaxId>(&json.replace("DE1", "FR1")).is_err());
    }
}
