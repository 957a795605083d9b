//! Rounding, each mode by its name.

crate::code::coded! {
    /// How a sum that falls between two minor units becomes whole.
    pub enum Rounding {
        /// To the nearest; halves away from zero: 0.5 → 1, −0.5 → −1. The mode of every line (SPEC 4).
        HalfAwayFromZero = "half-away-from-zero",
        /// To the nearest; halves to the even neighbor: 0.5 → 0, 1.5 → 2.
        HalfEven = "half-even",
        /// Towards zero: 0.9 → 0, −0.9 → 0. What Japan means by rounding tax down (SPEC 4).
        Down = "down",
        /// Away from zero: 0.1 → 1, −0.1 → −1.
        Up = "up",
    }
}

impl Rounding {
    /// The quotient of two whole numbers in this mode. `denominator` is positive, as a fraction's always is.
    pub(super) fn divide(self, numerator: i128, denominator: i128) -> i128 {
        debug_assert!(denominator > 0, "a fraction's denominator is positive");
        let (quotient, rest) = (numerator / denominator, numerator % denominator);
        let below = rest.unsigned_abs();
        let above = denominator.unsigned_abs() - below;
        let away_from_zero = match self {
            Self::HalfAwayFromZero => below >= above,
            Self::HalfEven => below > above || (below == above && quotient % 2 != 0),
            Self::Down => false,
            Self::Up => below > 0,
        };
        // A rest means a denominator of at least 2, so there is always room for one more.
        if away_from_zero { quotient + numerator.signum() } else { quotient }
    }
}
