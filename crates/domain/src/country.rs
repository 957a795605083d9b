//! Countries, by the two letters of ISO 3166-1.

/// A country or territory that ISO 3166-1 gives a code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

/// Two letters that name no country.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not the two-letter code of a country")]
pub struct UnknownCountry(pub String);

impl Country {
    /// Japan.
    pub const JAPAN: Self = Self(*b"JP");
    /// The United States of America.
    pub const UNITED_STATES: Self = Self(*b"US");

    /// Every country, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.split_whitespace().filter_map(|code| code.parse().ok())
    }

    /// The two upper-case letters.
    pub fn code(&self) -> &str {
        // Only ASCII letters of the table can be inside.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::str::FromStr for Country {
    type Err = UnknownCountry;

    /// Exactly the upper-case code.
    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        let known = CODES.split_whitespace().any(|known| known == code);
        match <[u8; 2]>::try_from(code.as_bytes()) {
            Ok(letters) if known => Ok(Self(letters)),
            _ => Err(UnknownCountry(code.to_owned())),
        }
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

crate::code::serde_as_text!(Country);

/// The officially assigned codes.
const CODES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES \
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE \
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY \
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU \
    NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM \
    SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE \
    VG VI VN VU WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_complete_and_in_order() {
        let all: Vec<Country> = Country::all().collect();
        // ISO 3166-1 has 249 officially assigned codes.
        assert_eq!(all.len(), 249);
        assert!(all.is_sorted());
        assert_eq!("JP".parse(), Ok(Country::JAPAN));
    }

    #[test]
    fn what_is_not_a_code_is_refused() {
        for wrong in ["", "J", "jp", "XX", "JPN", "UK", "JP JM", " "] {
            assert_eq!(wrong.parse::<Country>(), Err(UnknownCountry(wrong.into())));
        }
    }
}
