//! What is wrong with a catalog, in the English of the command line.

use domain::catalog::ProblemCode;

/// One sentence without its place and without a full stop.
pub(in super::super) fn sentence(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::EmptyText => "the text is empty",
        ProblemCode::TextTooLong => "the text is too long",
        ProblemCode::DuplicateKey => "another one of the same kind has this key",
        ProblemCode::Duplicate => "the list names this twice",
        ProblemCode::EmptyList => "the list needs at least one entry",
        ProblemCode::CountryOfTwoIssuers => "an earlier issuer sells to this country already",
        ProblemCode::DuplicatePrefix => "another issuer's document numbers begin with the same prefix",
        ProblemCode::WrongPrefix => "a prefix has 1 to 12 letters, digits and hyphens",
        ProblemCode::UnknownTimeZone => "there is no such time zone",
        ProblemCode::NotHttps => "a link begins with https://",
        ProblemCode::WrongRegistrationNumber => "this is no registration number of the issuer's country",
        ProblemCode::CompanyCheckDigit => "the check digit is wrong, and a company must have a right one",
        ProblemCode::CheckDigitWarning => {
            "the check digit is not that of a company; for others that may be right"
        }
        ProblemCode::RateOfKind => "a standard or reduced rate is above 0; the other kinds have none",
        ProblemCode::DuplicateTaxRow => "there is a row for the same country, category and day",
        ProblemCode::CountryNotSoldTo => "the issuer does not sell to this country, so the row is never used",
        ProblemCode::UnknownTaxCategory => "no issuer has a tax row for this category",
        ProblemCode::NothingToSell => "the product has neither a price nor a trial",
        ProblemCode::WrongDays => "too few or too many days (3,650 at most)",
        ProblemCode::UnknownPlan => "the product has no such plan",
        ProblemCode::WrongSeats => "seats are 1 to 1,000,000, and the maximum is not below the minimum",
        ProblemCode::DuplicatePrice => "another price has the same currency, term and frequency",
        ProblemCode::CurrencyOfNoIssuer => "no issuer sells in this currency",
        ProblemCode::InstalmentsOfOneMonth => "a term of one month is not paid in instalments",
        ProblemCode::WrongAmount => "an amount is 0 to 1,000,000,000,000 minor units",
        ProblemCode::NothingRecurring => "a price needs a charge that recurs",
        ProblemCode::ChargeTwice => "the price has two charges of this sort",
        ProblemCode::WrongTiers => "tiers rise from at least 1, and only the last has no up_to",
    }
}
