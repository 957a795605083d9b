//! Postal addresses, as they are written on an envelope.

use serde::{Deserialize, Serialize};

use crate::country::Country;

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
