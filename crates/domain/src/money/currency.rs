//! Currencies, from the table of ISO 4217.

/// A currency that has minor units. JPY has 0 decimal places, USD 2, BHD 3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// A code that names no currency one can pay in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not the code of a currency")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// Japanese yen.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    /// United States dollar.
    pub const USD: Self = Self(iso_currency::Currency::USD);
    /// Euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// The three upper-case letters of ISO 4217.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimal places the minor unit has.
    pub fn exponent(self) -> u16 {
        // Only currencies that have an exponent can be made: see `from_str`.
        self.0.exponent().unwrap_or_default()
    }

    /// The sign people write before or after an amount: ¥, $, €. Several currencies share one.
    pub fn symbol(self) -> String {
        self.0.symbol().to_string()
    }
}

impl std::str::FromStr for Currency {
    type Err = UnknownCurrency;

    /// Exactly the upper-case code. Gold, test codes and others without minor units are refused.
    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.code() == code && currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| UnknownCurrency(code.to_owned()))
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

crate::code::serde_as_text!(Currency);
