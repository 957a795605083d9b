//! The conventions of charging, as one value.

use crate::money::Rounding;

/// How is charged where publishers of the world differ. The default is SPEC; worked examples of other systems
/// rest on other values, and tests of them name those. Not a setting: the product always uses the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conventions {
    /// How a line becomes whole. Default: half away from zero, once per line (SPEC 4).
    pub line_rounding: Rounding,
    /// How many days after a purchase of seats its window closes. Default: at the end of the 7th (SPEC 5).
    pub window_days: u16,
}

impl Default for Conventions {
    fn default() -> Self {
        Self { line_rounding: Rounding::HalfAwayFromZero, window_days: 7 }
    }
}
