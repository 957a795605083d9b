//! Postal addresses, as they are written on an envelope.

use serde::{Deserialize, Serialize};

use crate::country::Country;
use crate::field::{FieldError, FieldProblem, parse_line};

/// A postal address without its country, which stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// `530-0005`, `94105`; empty where a country has none.
    #[serde(default)]
    pub postal_code: String,
    /// Prefecture, state or province; empty where addresses have none.
    #[serde(default)]
    pub region: String,
    /// City, ward, town.
    pub city: String,
    /// Street and number: `中之島 9-9-9`, `1 Market Street`.
    pub street: String,
    /// Building, floor, room; may be empty.
    #[serde(default)]
    pub building: String,
}

impl Address {
    /// The address as it was typed into a form, with lines of at most so many characters, in the order of the fields.
    /// City and street have to be there if `needed`. Errors: all the fields that cannot be accepted.
    pub fn read(&self, most: [u32; 5], needed: bool) -> Result<Self, Vec<FieldError>> {
        let fields = [
            ("postal_code", &self.postal_code, false),
            ("region", &self.region, false),
            ("city", &self.city, needed),
            ("street", &self.street, needed),
            ("building", &self.building, false),
        ];
        let mut errors = Vec::new();
        let mut most = most.into_iter();
        let [postal_code, region, city, street, building] = fields.map(|(name, typed, needed)| {
            match parse_line(typed, most.next().unwrap_or_default()) {
                Ok(line) if needed && line.is_empty() => errors.push(FieldProblem::Missing.of(name)),
                Ok(line) => return line,
                Err(problem) => errors.push(problem.of(name)),
            }
            String::new()
        });
        if errors.is_empty() { Ok(Self { postal_code, region, city, street, building }) } else { Err(errors) }
    }

    /// The lines of the address in the order of its country, largest first where it is written in Japanese.
    pub fn lines(&self, country: Country) -> Vec<String> {
        let japanese = country == Country::JAPAN && !self.city.is_ascii();
        let lines = if japanese {
            let code =
                if self.postal_code.is_empty() { String::new() } else { format!("〒{}", self.postal_code) };
            vec![code, format!("{}{}{}", self.region, self.city, self.street), self.building.clone()]
        } else {
            let place = [self.city.as_str(), self.region.as_str(), self.postal_code.as_str()];
            let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
            vec![self.building.clone(), self.street.clone(), place.join(" ")]
        };
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(parts: [&str; 5]) -> Address {
        let [postal_code, region, city, street, building] = parts.map(str::to_owned);
        Address { postal_code, region, city, street, building }
    }

    #[test]
    fn what_was_typed_is_an_address_or_says_all_that_is_wrong() {
        let typed = address([" 530-0005 ", "", "大阪市　北区", "中之島 9-9-9", ""]);
        let read = address(["530-0005", "", "大阪市 北区", "中之島 9-9-9", ""]);
        assert_eq!(typed.read([20, 5, 10, 10, 5], true), Ok(read));
        let names = |typed: [&str; 5], needed: bool| -> Vec<&str> {
            let errors = address(typed).read([2, 2, 2, 2, 2], needed).err().unwrap_or_default();
            errors.iter().map(|error| error.field).collect()
        };
        assert_eq!(names(["123", "", " ", "", "abc"], true), ["postal_code", "city", "street", "building"]);
        assert_eq!(names(["", "", " ", "", "a\u{0}"], false), ["building"]);
    }

    #[test]
    fn a_japanese_address_begins_with_the_largest() {
        let osaka = address(["530-0005", "大阪府", "大阪市北区", "中之島 9-9-9", "北浜ゲートタワー 14 階"]);
        let lines = ["〒530-0005", "大阪府大阪市北区中之島 9-9-9", "北浜ゲートタワー 14 階"];
        assert_eq!(osaka.lines(Country::JAPAN), lines);
        let romaji = address(["530-0005", "Osaka", "Kita-ku", "9-9-9 Nakanoshima", ""]);
        assert_eq!(romaji.lines(Country::JAPAN), ["9-9-9 Nakanoshima", "Kita-ku Osaka 530-0005"]);
    }

    #[test]
    fn other_addresses_begin_with_the_smallest() {
        let there = address(["94105", "CA", "San Francisco", "1 Market Street", "Floor 9"]);
        assert_eq!(
            there.lines(Country::UNITED_STATES),
            ["Floor 9", "1 Market Street", "San Francisco CA 94105"]
        );
    }
}
