//! The worked amounts of `money-cases.md`, each under its id and the conventions that its row names.
//!
//! This is also how a stranger's table is run against the crate: everything here uses what is public and plain.
//! Amounts are in minor units; a row without a convention rests on the default, which is SPEC.

mod days;
mod documents;
mod further;
mod plans;
mod seats;

use domain::catalog::{
    BillingFrequency, Catalog, Charge, SeatLimits, TaxKind, Term, Tier, TrialCard, TrialRule,
};
use domain::change::{
    CancelRequest, ChangeRefusal, PlanChange, PlanRequest, PlanSide, SeatChange, SeatPurchase, SeatRequest,
    cancel, change_plan, change_seats, seats_by,
};
use domain::conventions::{Conventions, Counting, CycleRule, Decreases, EndDay, Proration, QuantityLines};
use domain::country::Country;
use domain::credit::{Invoiced, ProfileCredit, credit_note};
use domain::discount::{Discount, spread};
use domain::document::{Document, Pint, Recipient, Series};
use domain::dunning::asked_for;
use domain::line::{Holding, Item, sum};
use domain::money::{Currency, Fraction, Money, Rounding};
use domain::quote::Purchase;
use domain::subscription::{SeatCount, Seats, State};
use domain::tax::{AppliedTax, Buyer, TaxTotals, shown_per_line, total};
use domain::tax_id::{TaxId, TaxIdForm};
use domain::time::{BillingDay, Cycle, Date, FixedDayCycle, Period};

fn spec() -> Conventions {
    Conventions::default()
}

fn credited_now() -> Conventions {
    Conventions { decreases: Decreases::CreditedNow, ..spec() }
}

fn ratio(over: i128, of: i128) -> Conventions {
    Conventions { counting: Counting::Ratio(Fraction::new(over, of).expect("a fraction")), ..credited_now() }
}

fn billed_on(day: i8) -> Conventions {
    Conventions {
        cycle: CycleRule::FixedDay(BillingDay::new(day).expect("a day of the month")),
        ..credited_now()
    }
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn period(start: &str, end: &str) -> Period {
    Period::new(day(start), day(end)).expect("a period")
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn holding<'a>(charges: &'a [Charge], seats: u32, discounts: &'a [Discount]) -> Holding<'a> {
    Holding { currency: Currency::USD, charges, seats, discounts }
}

fn amounts(items: &[Item]) -> Vec<i64> {
    items.iter().map(|item| item.amount.minor()).collect()
}

fn whole(holding: Holding<'_>) -> i64 {
    sum(Currency::USD, &holding.recurring(Fraction::ONE, spec()).expect("items")).expect("a sum").minor()
}

fn vat(per_cent: &str) -> AppliedTax {
    AppliedTax { rate: per_cent.parse().expect("a rate"), kind: TaxKind::Standard }
}

fn add_up(lines: &[(AppliedTax, i64)], mode: Rounding) -> TaxTotals {
    total(Currency::USD, false, mode, lines.iter().map(|(tax, minor)| (*tax, usd(*minor)))).expect("totals")
}

/// The gross amount of a credit note for what was invoiced and what comes back of it, both net.
fn credited(invoiced: i64, back: i64, tax: AppliedTax) -> i64 {
    let totals = add_up(&[(tax, invoiced)], Rounding::HalfAwayFromZero);
    let invoice = Invoiced {
        currency: Currency::USD,
        tax_included: false,
        tax_rounding: Rounding::HalfAwayFromZero,
        totals: &totals,
    };
    credit_note(&invoice, &[], &[(tax, usd(back))]).expect("a note").gross.minor()
}

/// Credits and charges of a change of plan on a day of a period.
fn plan(
    old: (Holding<'_>, Term),
    new: (Holding<'_>, Term),
    billing: Period,
    on: &str,
    conventions: Conventions,
) -> (Vec<i64>, Vec<i64>) {
    let side = |(holding, term)| PlanSide { holding, term, frequency: BillingFrequency::UpFront };
    let request = PlanRequest::new(side(old), side(new), billing, day(on));
    match change_plan(&request, conventions).expect("a change") {
        PlanChange::Now(change) => (amounts(&change.credit), amounts(&change.charge)),
        PlanChange::AtRenewal => panic!("it was asked for now"),
    }
}

fn seats(holding: Holding<'_>, to: u32, billing: Period, on: &str, conventions: Conventions) -> SeatChange {
    change_seats(&SeatRequest::new(holding, to, billing, day(on)), conventions).expect("a change")
}
