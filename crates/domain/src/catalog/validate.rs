//! Everything that can be wrong with a catalog, all at once.

mod issuers;
mod products;

use super::{Catalog, SeatLimits};
use crate::language::Localized;

/// One thing that is wrong, and where: `products[3].plans[0].prices[2].charges[0]`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The place in the file, with names and counts from 0.
    pub path: String,
    /// What is wrong there.
    pub code: ProblemCode,
}

crate::code::coded! {
    /// What can be wrong. The sentence for it stands in the locale files.
    pub enum ProblemCode {
        /// A text is missing or only spaces.
        EmptyText = "empty-text",
        /// A text is longer than its place has room for.
        TextTooLong = "text-too-long",
        /// The key was used before by another of the same kind.
        DuplicateKey = "duplicate-key",
        /// A list names the same thing twice.
        Duplicate = "duplicate",
        /// A list that needs at least one entry is empty.
        EmptyList = "empty-list",
        /// The country buys from an earlier issuer already.
        CountryOfTwoIssuers = "country-of-two-issuers",
        /// Another issuer's document numbers begin alike.
        DuplicatePrefix = "duplicate-prefix",
        /// A prefix has other than 1 to 12 letters, digits and hyphens.
        WrongPrefix = "wrong-prefix",
        /// The time zone database does not know the name.
        UnknownTimeZone = "unknown-time-zone",
        /// A link that is not https.
        NotHttps = "not-https",
        /// Not a registration number of the issuer's country.
        WrongRegistrationNumber = "wrong-registration-number",
        /// The check digit is wrong, and a company must have a right one (SPEC 5).
        CompanyCheckDigit = "company-check-digit",
        /// The check digit is wrong, which may be right for one who is no company (SPEC 5). A warning.
        CheckDigitWarning = "check-digit-warning",
        /// The kind of tax has no rate, or needs one above zero.
        RateOfKind = "rate-of-kind",
        /// A row for the same country, category and day exists.
        DuplicateTaxRow = "duplicate-tax-row",
        /// The issuer does not sell to the country of the row. A warning: the row is never used.
        CountryNotSoldTo = "country-not-sold-to",
        /// No issuer has a tax row for the category: the product could be sold nowhere.
        UnknownTaxCategory = "unknown-tax-category",
        /// Neither a price nor a trial.
        NothingToSell = "nothing-to-sell",
        /// More than 3,650 days, or none where some are needed.
        WrongDays = "wrong-days",
        /// The trial names a plan that the product lacks.
        UnknownPlan = "unknown-plan",
        /// A number of seats below 1 or above 1,000,000, or a maximum below its minimum.
        WrongSeats = "wrong-seats",
        /// Another price has the same currency, term and frequency.
        DuplicatePrice = "duplicate-price",
        /// No issuer sells in the currency.
        CurrencyOfNoIssuer = "currency-of-no-issuer",
        /// A term of one month cannot be paid in instalments.
        InstalmentsOfOneMonth = "instalments-of-one-month",
        /// An amount below zero or above 1,000,000,000,000 minor units.
        WrongAmount = "wrong-amount",
        /// All charges are one-time.
        NothingRecurring = "nothing-recurring",
        /// Two charges of a price are of the same sort: two flat ones, two that recur by seat, two one-time.
        ChargeTwice = "charge-twice",
        /// Tiers do not rise, have a gap at the end, or go on after the open one.
        WrongTiers = "wrong-tiers",
    }
}

impl Problem {
    /// Whether the catalog can be used all the same.
    pub const fn is_warning(&self) -> bool {
        matches!(self.code, ProblemCode::CheckDigitWarning | ProblemCode::CountryNotSoldTo)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.code)
    }
}

impl Catalog {
    /// Names everything that is wrong, in the order of the file. A catalog without problems other than
    /// warnings can be sold from; check the whole, not a file alone, since what a file leaves out stays.
    pub fn validate(&self) -> Vec<Problem> {
        let mut report = Report::default();
        issuers::check(self, &mut report);
        products::check(self, &mut report);
        report.problems
    }
}

/// The most minor units that one amount of a price may have. Times the largest number of seats it still fits.
const LARGEST_AMOUNT: i64 = 1_000_000_000_000;

/// Collects problems while a path leads to where one is.
#[derive(Default)]
struct Report {
    path: Vec<String>,
    problems: Vec<Problem>,
}

impl Report {
    /// Checks what stands under a name.
    fn at(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(name.to_owned());
        check(self);
        self.path.pop();
    }

    /// Checks each entry of a list.
    fn each<T>(&mut self, name: &str, list: &[T], mut check: impl FnMut(&mut Self, usize, &T)) {
        for (place, entry) in list.iter().enumerate() {
            self.at(&format!("{name}[{place}]"), |report| check(report, place, entry));
        }
    }

    /// Notes a problem here where `wrong`.
    fn when(&mut self, wrong: bool, code: ProblemCode) {
        if wrong {
            self.problems.push(Problem { path: self.path.join(".").replace(".[", "["), code });
        }
    }

    /// Notes a problem at a name below here where `wrong`.
    fn when_at(&mut self, name: &str, wrong: bool, code: ProblemCode) {
        self.at(name, |report| report.when(wrong, code));
    }

    /// A text that must stand there, in every language, and fit.
    fn text(&mut self, name: &str, text: &Localized, most: usize) {
        for (language, text) in [("ja", &text.ja), ("en", &text.en)] {
            self.when_at(&format!("{name}.{language}"), text.trim().is_empty(), ProblemCode::EmptyText);
            self.too_long(&format!("{name}.{language}"), text, most);
        }
    }

    /// A text that must fit where it stands.
    fn too_long(&mut self, name: &str, text: &str, most: usize) {
        self.when_at(name, text.chars().count() > most, ProblemCode::TextTooLong);
    }

    /// A number of seats that a subscription can have.
    fn seats(&mut self, name: &str, seats: u32) {
        self.when_at(name, !(1..=SeatLimits::LARGEST).contains(&seats), ProblemCode::WrongSeats);
    }
}

/// Whether an earlier entry of the list is the same by this measure.
fn repeats<'a, T, K: PartialEq>(list: &'a [T], place: usize, measure: impl Fn(&'a T) -> K) -> bool {
    let this = measure(&list[place]);
    list[..place].iter().any(|earlier| measure(earlier) == this)
}
