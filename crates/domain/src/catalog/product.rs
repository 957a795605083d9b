//! Products, plans and trials.

use serde::{Deserialize, Serialize};

use super::{Key, Price};
use crate::language::Localized;

/// Something that people use with a license. Its plans are what is bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its stable name; stands in addresses.
    pub key: Key,
    /// What it is called.
    pub name: Localized,
    /// One sentence.
    pub summary: Localized,
    /// What it is, in some paragraphs.
    #[serde(default)]
    pub description: Localized,
    /// Which tax rows apply to it.
    pub tax_category: Key,
    /// How it is recognized without reading.
    pub tile: Tile,
    /// How long it lives on after its end.
    #[serde(default)]
    pub lifecycle: Lifecycle,
    /// Whether and how it can be tried.
    #[serde(default)]
    pub trial: Option<TrialRule>,
    /// No longer sold: existing subscriptions renew, nothing can be added (SPEC 5).
    #[serde(default)]
    pub retired: bool,
    /// Its plans, in the order in which they are shown.
    #[serde(default)]
    pub plans: Vec<Plan>,
}

/// The picture of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// Which glyph.
    pub icon: Key,
    /// Which color.
    pub hue: Hue,
}

crate::code::coded! {
    /// The hues of product tiles (design guide 4).
    pub enum Hue {
        /// 瑠璃
        Lapis = "lapis",
        /// 浅葱
        Teal = "teal",
        /// 藤
        Wisteria = "wisteria",
        /// 柿
        Persimmon = "persimmon",
        /// 山吹
        Gold = "gold",
        /// 苔
        Moss = "moss",
        /// 紅
        Crimson = "crimson",
    }
}

/// How many days each stage after the end lasts (SPEC 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lifecycle {
    /// Days as Expired: everything still works.
    pub expired_days: u16,
    /// Days as Expired after a trial: none unless the product says so.
    pub trial_expired_days: u16,
    /// Days as Disabled: the data is kept, nobody can use it.
    pub disabled_days: u16,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self { expired_days: 30, trial_expired_days: 0, disabled_days: 90 }
    }
}

crate::code::coded! {
    /// Whether a trial asks for a card (SPEC 5).
    pub enum TrialCard {
        /// A card is given at the start; the trial becomes a purchase only if recurring billing was chosen.
        Required = "required",
        /// Nothing is asked; the trial ends by itself.
        None = "none",
    }
}

/// How a product can be tried: once per organization (SPEC 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialRule {
    /// With or without a card.
    pub card: TrialCard,
    /// The plan that is tried; the product's first where none is named.
    #[serde(default)]
    pub plan: Option<Key>,
    /// How many days it lasts.
    #[serde(default = "thirty")]
    pub days: u16,
    /// How many seats it has.
    #[serde(default = "twenty_five")]
    pub seats: u32,
    /// How many days its one extension adds.
    #[serde(default = "thirty")]
    pub extension_days: u16,
    /// In how many last days it can be extended; in all of a trial that is shorter.
    #[serde(default = "fifteen")]
    pub extension_within_days: u16,
}

const fn thirty() -> u16 {
    30
}

const fn fifteen() -> u16 {
    15
}

const fn twenty_five() -> u32 {
    25
}

/// What is bought: a set of features at a set of prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its stable name within the product.
    pub key: Key,
    /// What it is called.
    pub name: Localized,
    /// What it has, one short line each.
    #[serde(default)]
    pub features: Vec<Localized>,
    /// How many seats one subscription can have.
    #[serde(default)]
    pub seats: SeatLimits,
    /// No longer sold: existing subscriptions renew, nothing can be added (SPEC 5).
    #[serde(default)]
    pub retired: bool,
    /// Its prices.
    #[serde(default)]
    pub prices: Vec<Price>,
}

/// The least and the most seats of one subscription, both allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SeatLimits {
    /// At least so many.
    pub minimum: u32,
    /// At most so many.
    pub maximum: u32,
}

impl SeatLimits {
    /// The most seats that any plan can allow.
    pub const LARGEST: u32 = 1_000_000;

    /// Whether so many seats are allowed.
    pub const fn allow(self, seats: u32) -> bool {
        self.minimum <= seats && seats <= self.maximum
    }
}

impl Default for SeatLimits {
    /// 1 to 99,999, the widest that every table has room for (design guide 8).
    fn default() -> Self {
        Self { minimum: 1, maximum: 99_999 }
    }
}
