//! What is known of a card here: a token, and what stands on the card besides its number and code.

use domain::address::Address;
use domain::country::Country;
use serde::{Deserialize, Serialize};

/// A card as the portal keeps it (SPEC 5, Cards).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What stands for it at its provider.
    pub token: CardToken,
    /// Whose network it belongs to.
    pub brand: Brand,
    /// The last four digits of its number.
    pub last_four: LastFour,
    /// The last month it is good for.
    pub expiry: Expiry,
    /// The name on it.
    pub holder: String,
    /// Where its holder gets the bills of it, where that was given.
    pub address: Option<BillingAddress>,
}

/// What stands for a card at its provider. Whoever has it can charge the card through this installation, so
/// it is stored and sent to the provider, and shown and logged nowhere.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardToken(String);

impl CardToken {
    /// From what the provider, or the store, has given.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The token itself: for the store and the provider.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for CardToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardToken(…)")
    }
}

/// A postal address with its country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingAddress {
    /// The country.
    pub country: Country,
    /// The rest of it.
    pub address: Address,
}

/// The network of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Brand {
    /// American Express.
    AmericanExpress,
    /// Diners Club.
    Diners,
    /// Discover.
    Discover,
    /// JCB.
    Jcb,
    /// Mastercard.
    Mastercard,
    /// `UnionPay`, 銀聯.
    UnionPay,
    /// Visa.
    Visa,
    /// Any other.
    Other,
}

impl Brand {
    /// Every brand.
    pub const ALL: &'static [Self] = &[
        Self::AmericanExpress,
        Self::Diners,
        Self::Discover,
        Self::Jcb,
        Self::Mastercard,
        Self::UnionPay,
        Self::Visa,
        Self::Other,
    ];

    /// The stable code, for columns.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AmericanExpress => "american-express",
            Self::Diners => "diners",
            Self::Discover => "discover",
            Self::Jcb => "jcb",
            Self::Mastercard => "mastercard",
            Self::UnionPay => "union-pay",
            Self::Visa => "visa",
            Self::Other => "other",
        }
    }

    /// The brand of this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|brand| brand.code() == code)
    }

    /// How the network writes itself, in every language. `Other` is the plain word and may be translated.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmericanExpress => "American Express",
            Self::Diners => "Diners Club",
            Self::Discover => "Discover",
            Self::Jcb => "JCB",
            Self::Mastercard => "Mastercard",
            Self::UnionPay => "UnionPay",
            Self::Visa => "Visa",
            Self::Other => "Card",
        }
    }
}

/// A text that is no such detail of a card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {0}")]
pub struct NotACardDetail(&'static str);

/// The last four digits of a card's number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LastFour([u8; 4]);

impl std::str::FromStr for LastFour {
    type Err = NotACardDetail;

    fn from_str(text: &str) -> Result<Self, NotACardDetail> {
        let digits: [u8; 4] = text.as_bytes().try_into().map_err(|_| NotACardDetail("four digits"))?;
        let all = digits.iter().all(u8::is_ascii_digit);
        if all { Ok(Self(digits)) } else { Err(NotACardDetail("four digits")) }
    }
}

impl std::fmt::Display for LastFour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(std::str::from_utf8(&self.0).map_err(|_| std::fmt::Error)?)
    }
}

/// The last month a card is good for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expiry {
    year: i16,
    month: i8,
}

impl Expiry {
    /// From a year such as 2030 and a month from 1 to 12.
    pub const fn new(year: i16, month: i8) -> Option<Self> {
        if year >= 2000 && year <= 9999 && month >= 1 && month <= 12 {
            Some(Self { year, month })
        } else {
            None
        }
    }

    /// The year, such as 2030.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, from 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// Whether the card is good for nothing any more on this day.
    pub fn is_past(self, today: domain::time::Date) -> bool {
        (self.year, self.month) < (today.year(), today.month())
    }

    /// As it stands on a card: `05/30`.
    pub fn on_card(self) -> String {
        format!("{:02}/{:02}", self.month, self.year % 100)
    }
}

impl std::str::FromStr for Expiry {
    type Err = NotACardDetail;

    /// `2030-05`, as columns and messages have it.
    fn from_str(text: &str) -> Result<Self, NotACardDetail> {
        let parts = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
        let expiry = parts.and_then(|(year, month)| Self::new(year.parse().ok()?, month.parse().ok()?));
        expiry.ok_or(NotACardDetail("a month such as 2030-05"))
    }
}

impl std::fmt::Display for Expiry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

macro_rules! as_text {
    ($($name:ident),+) => {
        $(
            impl TryFrom<String> for $name {
                type Error = NotACardDetail;

                fn try_from(text: String) -> Result<Self, NotACardDetail> {
                    text.parse()
                }
            }

            impl From<$name> for String {
                fn from(detail: $name) -> Self {
                    detail.to_string()
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    std::fmt::Display::fmt(self, f)
                }
            }
        )+
    };
}

as_text!(LastFour, Expiry);

#[cfg(test)]
mod tests {
    use domain::time::Date;

    use super::*;

    #[test]
    fn a_token_is_not_shown() {
        let token = CardToken::new("card_secret");
        assert!(!format!("{token:?}").contains("secret"));
        assert_eq!(token.secret(), "card_secret");
    }

    #[test]
    fn details_have_one_text_form() {
        let expiry: Expiry = "2030-05".parse().unwrap();
        assert_eq!((expiry.to_string(), expiry.on_card()), ("2030-05".to_owned(), "05/30".to_owned()));
        assert_eq!("4242".parse::<LastFour>().unwrap().to_string(), "4242");
        for wrong in ["", "2030-5", "2030-13", "2030-00", "30-05", "1999-01", "2030/05"] {
            assert!(wrong.parse::<Expiry>().is_err(), "{wrong}");
        }
        for wrong in ["", "424", "42424", "４２", "42a2"] {
            assert!(wrong.parse::<LastFour>().is_err(), "{wrong}");
        }
        for brand in Brand::ALL {
            assert_eq!(Brand::from_code(brand.code()), Some(*brand));
            assert_eq!(serde_json::to_value(brand).unwrap(), brand.code());
        }
    }

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        let expiry = Expiry::new(2026, 11).unwrap();
        assert!(!expiry.is_past(Date::constant(2026, 11, 30)));
        assert!(expiry.is_past(Date::constant(2026, 12, 1)));
        assert!(!expiry.is_past(Date::constant(2025, 12, 31)));
    }
}
