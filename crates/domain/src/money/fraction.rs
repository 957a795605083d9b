//! Exact fractions.

/// An exact fraction. It keeps the terms it was made of, since people are shown "14 / 30 days", not "7 / 15";
/// two fractions are equal when their values are.
#[derive(Clone, Copy)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

/// Why there is no such fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FractionError {
    /// Nothing can be divided by zero.
    #[error("a fraction over zero")]
    ZeroDenominator,
    /// A term does not fit.
    #[error("a fraction whose terms are too large")]
    Overflow,
    /// Not of the form `14/30`.
    #[error("not of the form 14/30")]
    Malformed,
}

impl Fraction {
    /// The whole.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; a sign below the line moves above it.
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, FractionError> {
        match denominator {
            0 => Err(FractionError::ZeroDenominator),
            1.. => Ok(Self { numerator, denominator }),
            _ => Ok(Self {
                numerator: numerator.checked_neg().ok_or(FractionError::Overflow)?,
                denominator: denominator.checked_neg().ok_or(FractionError::Overflow)?,
            }),
        }
    }

    /// What stands above the line.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// What stands below the line: always positive.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The product, in lowest terms.
    pub fn times(self, other: Self) -> Result<Self, FractionError> {
        // Crosswise first: the product fits whenever its lowest terms do.
        let (a, d) = lowest(self.numerator, other.denominator);
        let (c, b) = lowest(other.numerator, self.denominator);
        let numerator = a.checked_mul(c).ok_or(FractionError::Overflow)?;
        let denominator = b.checked_mul(d).ok_or(FractionError::Overflow)?;
        Ok(Self { numerator, denominator })
    }

    /// The same value in lowest terms.
    #[must_use]
    pub fn lowest(self) -> Self {
        let (numerator, denominator) = lowest(self.numerator, self.denominator);
        Self { numerator, denominator }
    }
}

fn lowest(numerator: i128, denominator: i128) -> (i128, i128) {
    let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    // The divisor is at most the denominator, which is positive and fits.
    match i128::try_from(a) {
        Ok(divisor) if divisor > 1 => (numerator / divisor, denominator / divisor),
        _ => (numerator, denominator),
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.lowest(), other.lowest());
        (left.numerator, left.denominator) == (right.numerator, right.denominator)
    }
}

impl Eq for Fraction {}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl std::fmt::Debug for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Fraction {
    type Err = FractionError;

    fn from_str(text: &str) -> Result<Self, FractionError> {
        let (numerator, denominator) = text.split_once('/').ok_or(FractionError::Malformed)?;
        let number = |digits: &str| digits.parse().map_err(|_| FractionError::Malformed);
        Self::new(number(numerator)?, number(denominator)?)
    }
}

crate::code::serde_as_text!(Fraction);
