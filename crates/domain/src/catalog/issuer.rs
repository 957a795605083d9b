//! Issuers and their tax rows.

use serde::{Deserialize, Serialize};

use super::Key;
use crate::address::Address;
use crate::country::Country;
use crate::language::Localized;
use crate::mail::MailAddress;
use crate::money::{Currency, Fraction, Rounding};
use crate::tax_id::{TaxId, TaxIdError};
use crate::time::{Date, ZoneName};

crate::code::coded! {
    /// What an issuer is in law. A Japanese company's number has a check digit, others' may not (SPEC 5).
    pub enum IssuerKind {
        /// A company: its registration number must carry the corporate check digit.
        Company = "company",
        /// Anyone else in business: a wrong check digit is only warned about.
        Other = "other",
    }
}

/// The legal person that sells, invoices and owes the tax (SPEC 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its stable name.
    pub key: Key,
    /// Its legal name, as invoices show it.
    pub name: Localized,
    /// Company or not.
    pub kind: IssuerKind,
    /// The country that it is in.
    pub country: Country,
    /// Its address, as invoices show it.
    pub address: Localized<Address>,
    /// Where its calendar days begin: the date of issue of a document is a day there.
    pub time_zone: ZoneName,
    /// Its tax registration as written; in Japan the T number (SPEC 5). See [`Issuer::tax_id`].
    #[serde(default)]
    pub registration_number: Option<String>,
    /// Whom customers ask about an invoice.
    #[serde(default)]
    pub contact: Option<MailAddress>,
    /// The currencies that it sells in.
    pub currencies: Vec<Currency>,
    /// How the tax of a rate becomes whole, once per document. Japan: down.
    pub tax_rounding: Rounding,
    /// What its document numbers begin with, such as `MS26-`.
    pub number_prefix: String,
    /// The countries whose organizations buy from it. No country buys from two.
    pub sells_to: Vec<Country>,
    /// Its terms, which are agreed to with every purchase.
    #[serde(default)]
    pub terms: Option<LegalText>,
    /// Its privacy notice, which is named on every last page.
    #[serde(default)]
    pub privacy: Option<LegalText>,
    /// Its tax rows.
    #[serde(default)]
    pub tax: Vec<TaxRow>,
}

/// A text of the issuer's that people agree to, in one version (SPEC 4, the last page).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalText {
    /// Which version: it is stored with every order.
    pub version: String,
    /// Where it can be read: an https address.
    pub address: Localized,
}

impl Issuer {
    /// Its registration number as a tax id; nothing where it has none.
    pub fn tax_id(&self) -> Option<Result<TaxId, TaxIdError>> {
        self.registration_number.as_deref().map(|number| TaxId::parse(self.country, number))
    }
}

crate::code::coded! {
    /// What kind of tax a row names: it decides what an invoice says beside the rate.
    pub enum TaxKind {
        /// The ordinary rate.
        Standard = "standard",
        /// The reduced rate, 軽減税率: its lines carry a mark and the document its legend.
        Reduced = "reduced",
        /// Taxed at nothing.
        Zero = "zero",
        /// Exempt, 非課税.
        Exempt = "exempt",
        /// Outside the scope of the tax, 不課税.
        OutsideScope = "outside-scope",
        /// The buyer owes the tax; only for a buyer with a valid tax id.
        ReverseCharge = "reverse-charge",
    }
}

impl TaxKind {
    /// Whether a rate above zero belongs to it. All other kinds have the rate 0.
    pub const fn is_taxed(self) -> bool {
        matches!(self, Self::Standard | Self::Reduced)
    }
}

/// What is added for tax: which tax, from when, for what sold to where (SPEC 4).
///
/// The row in force on a day is the one with the latest `valid_from` up to it. Reverse-charge rows are a
/// series of their own, beside the rows for buyers without a tax id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRow {
    /// The country of the sold-to address.
    pub country: Country,
    /// The tax category of the product.
    pub category: Key,
    /// The first day on which it applies, in the organization's calendar.
    pub valid_from: Date,
    /// Which kind of tax.
    pub kind: TaxKind,
    /// The rate; left out where the kind has none.
    #[serde(default)]
    pub rate: TaxRate,
}

/// A tax rate in millionths, exactly: 10 % is 100,000; 8.875 % is 88,750. Between 0 and 100 %.
///
/// Written as a per cent with up to four decimal places: `"10"`, `"8.875"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaxRate(u32);

/// A text that is no tax rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a rate in per cent from 0 to 100 with at most four decimal places")]
pub struct TaxRateError(pub String);

impl TaxRate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    pub(crate) const WHOLE: u32 = 1_000_000;

    /// From millionths; nothing above 100 %.
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths <= Self::WHOLE { Some(Self(millionths)) } else { None }
    }

    /// The rate in millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// The tax on a net amount of 1.
    pub fn of_net(self) -> Fraction {
        Fraction::new(self.0.into(), Self::WHOLE.into()).unwrap_or(Fraction::ONE)
    }

    /// The tax inside an amount of 1 that includes it.
    pub fn of_gross(self) -> Fraction {
        let whole = i128::from(Self::WHOLE) + i128::from(self.0);
        Fraction::new(self.0.into(), whole).unwrap_or(Fraction::ONE)
    }
}

impl std::fmt::Display for TaxRate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000);
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl std::str::FromStr for TaxRate {
    type Err = TaxRateError;

    fn from_str(text: &str) -> Result<Self, TaxRateError> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |text: &str| (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let millionths =
            if digits(whole) && digits(part) { format!("{whole}{part:0<4}").parse().ok() } else { None };
        millionths.and_then(Self::from_millionths).ok_or_else(|| TaxRateError(text.to_owned()))
    }
}

impl Serialize for TaxRate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TaxRate {
    /// A text such as `"8.875"` or a whole number such as `10`. A float is refused: it would not be exact.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rate;

        impl serde::de::Visitor<'_> for Rate {
            type Value = TaxRate;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a rate in per cent: a whole number, or a text such as \"8.875\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TaxRate, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<TaxRate, E> {
                number.to_string().parse().map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<TaxRate, E> {
                number.to_string().parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Rate)
    }
}
