//! The cards of the sandbox. Only these are accepted, so that nobody's real number is ever kept here.

use serde::{Deserialize, Serialize};

use crate::provider::{Brand, DeclineCode};

/// A card that exists in tests only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestCard {
    /// Its number, 16 digits without spaces.
    pub number: &'static str,
    /// Whose number it is like.
    pub brand: Brand,
    /// What happens with it.
    pub behavior: Behavior,
}

/// What a test card does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "kebab-case")]
pub enum Behavior {
    /// Every charge succeeds.
    Pays,
    /// Every charge is declined.
    Declines {
        /// With this reason.
        code: DeclineCode,
    },
    /// A charge on session waits for the person's confirmation; one without them is declined.
    AsksToConfirm,
    /// Every charge succeeds, every refund fails.
    KeepsRefunds,
    /// The security code is always wrong: no set-up with it ends well.
    WrongCode,
}

/// A security code that is wrong for every card, so that edits can be refused too.
pub const WRONG_CODE: &str = "000";

/// The cards, in the order in which pages list them.
pub const TEST_CARDS: &[TestCard] = &[
    card("4242424242424242", Brand::Visa, Behavior::Pays),
    card("5555555555554444", Brand::Mastercard, Behavior::Pays),
    card("3530111333300000", Brand::Jcb, Behavior::Pays),
    card("4000000000003220", Brand::Visa, Behavior::AsksToConfirm),
    card("4000000000000002", Brand::Visa, Behavior::Declines { code: DeclineCode::Declined }),
    card("4000000000009995", Brand::Visa, Behavior::Declines { code: DeclineCode::InsufficientFunds }),
    card("4000000000009987", Brand::Visa, Behavior::Declines { code: DeclineCode::Lost }),
    card("4000000000000069", Brand::Visa, Behavior::Declines { code: DeclineCode::Expired }),
    card("4000000000000127", Brand::Visa, Behavior::WrongCode),
    card("4000000000005126", Brand::Visa, Behavior::KeepsRefunds),
];

const fn card(number: &'static str, brand: Brand, behavior: Behavior) -> TestCard {
    TestCard { number, brand, behavior }
}

impl TestCard {
    /// The test card of this number, digits only.
    pub fn find(number: &str) -> Option<&'static Self> {
        TEST_CARDS.iter().find(|card| card.number == number)
    }

    /// The number as people write it: `4242 4242 4242 4242`.
    pub fn spaced(&self) -> String {
        let (first, rest) = self.number.split_at(4);
        let (second, rest) = rest.split_at(4);
        let (third, fourth) = rest.split_at(4);
        format!("{first} {second} {third} {fourth}")
    }
}

/// Whether the last digit is the check digit of the others. Anything but digits has none.
pub(super) fn passes_luhn(number: &str) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let mut sum = 0;
    for (place, digit) in number.chars().rev().enumerate() {
        let Some(digit) = digit.to_digit(10) else { return false };
        sum += if place % 2 == 1 { doubled(digit) } else { digit };
    }
    !number.is_empty() && sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_have_numbers_like_real_ones() {
        for card in TEST_CARDS {
            assert_eq!(card.number.len(), 16);
            assert!(passes_luhn(card.number), "{}", card.number);
            assert_eq!(TestCard::find(card.number), Some(card));
            assert_eq!(card.spaced().replace(' ', ""), card.number);
        }
        assert_eq!(TEST_CARDS[0].spaced(), "4242 4242 4242 4242");
    }

    #[test]
    fn a_check_digit_finds_one_wrong_or_two_swapped_digits() {
        assert!(passes_luhn("79927398713"));
        for wrong in ["79927398710", "79927398731", "4242424242424241", "", "4242 4242 4242 4242"] {
            assert!(!passes_luhn(wrong), "{wrong}");
        }
    }
}
