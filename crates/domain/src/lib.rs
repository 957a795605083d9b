//! The rules of Zaseki: money, calendar, catalog, quote, changes, credit, subscription, documents, ledger, names.
//!
//! Everything here is a function of its arguments. The same question has the same answer on the server, in
//! the browser and in a test, today and in eleven years.
//!
//! # What must not happen here
//!
//! - **No IO, no async, no clock, no randomness.** The day, the instant and random bytes are arguments.
//!   `sqlx`, `axum`, `tokio` and `leptos` are unknown here; it builds for `wasm32-unknown-unknown`.
//! - **No float and no `as`.** Amounts are whole minor units in [`money::Money`]; a part of one is an exact
//!   [`money::Fraction`], made whole once, by a [`money::Rounding`] that is named.
//! - **No sentence for people.** Rules answer with enums that have codes; their texts stand in the locale
//!   files.
//! - **No wish is taken for a fact.** What people type becomes a type of ours ([`mail::MailAddress`],
//!   [`subscription::SeatCount`]) or a [`field::FieldError`]; from there on nobody checks again.
//!
//! # Where things are
//!
//! | question | module |
//! |---|---|
//! | What is sold, by whom, where? | [`catalog`], [`tax`] |
//! | What does it cost, now and later? | [`quote`], made of [lines](mod@line), under [`conventions`] |
//! | What does a change cost or give back, and when? | [`change`], [`discount`] |
//! | What comes back, with how much tax, and where to? | [`credit`] |
//! | What happens when it is not paid, and who is told ahead? | [`dunning`], [`notices`] |
//! | What falls due by itself, when and in which order? | [`agenda`] |
//! | What state is a subscription in, and what comes next? | [`subscription`] |
//! | How far is a wish to buy? | [`order`] |
//! | Who may do what about who pays, and who gets the invoices? | [`billing`] |
//! | Who may be given a license, and from which subscription? | [`license`] |
//! | What stands on the invoice and in the books? | [`document`], [`ledger`] |
//! | Which day is it, and which period? | [`time`] |
//! | Who is this, and how are they found? | [`name`], [`mail`], [`id`] |
//! | What did they type? | [`field`], [`address`], [`country`], [`tax_id`], [`language`] |
//!
//! # How to ask
//!
//! The functions take plain values, so that a table of cases can be run against them. `tests/money_cases` does
//! so with the worked amounts of other systems, each under the [`conventions::Conventions`] that it rests on.
//!
//! **A change of seats**, from 5 to 8 in the middle of June: one line for the difference.
//!
//! ```
//! use domain::change::{SeatRequest, change_seats};
//! use domain::{catalog::Charge, conventions::Conventions, line::Holding, money::Currency, time::Period};
//! use jiff::civil::date;
//!
//! let june = Period::new(date(2025, 6, 1), date(2025, 7, 1))?;
//! let charges = [Charge::PerSeat(1000)];
//! let five = Holding { currency: Currency::JPY, charges: &charges, seats: 5, discounts: &[] };
//! let change = change_seats(&SeatRequest::new(five, 8, june, date(2025, 6, 16)), Conventions::default())?;
//! // 15/30 of 3 × ¥1,000.
//! assert_eq!(change.items[0].share.to_string(), "15/30");
//! assert_eq!(change.items[0].amount.to_string(), "JPY 1500");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! **A change of plan** on the same day: a credit and a charge.
//!
//! ```
//! use domain::catalog::{BillingFrequency, Charge, Term};
//! use domain::change::{PlanChange, PlanRequest, PlanSide, change_plan};
//! use domain::{conventions::Conventions, line::Holding, money::Currency, time::Period};
//! use jiff::civil::date;
//!
//! let june = Period::new(date(2025, 6, 1), date(2025, 7, 1))?;
//! let monthly = |charges| {
//!     let holding = Holding { currency: Currency::USD, charges, seats: 1, discounts: &[] };
//!     PlanSide { holding, term: Term::OneMonth, frequency: BillingFrequency::UpFront }
//! };
//! let (old, new) = ([Charge::Flat(10_000)], [Charge::Flat(30_000)]);
//! let request = PlanRequest::new(monthly(&old), monthly(&new), june, date(2025, 6, 16));
//! let PlanChange::Now(change) = change_plan(&request, Conventions::default())? else { unreachable!() };
//! assert_eq!(change.credit[0].amount.to_string(), "USD -50.00");
//! assert_eq!(change.charge[0].amount.to_string(), "USD 150.00");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! **Tiers** and **discounts**: what a whole period costs.
//!
//! ```
//! use domain::catalog::{Charge, Tier};
//! use domain::conventions::Conventions;
//! use domain::discount::Discount;
//! use domain::line::{Holding, sum};
//! use domain::money::{Currency, Fraction};
//!
//! let tiers = || vec![Tier { up_to: Some(10), per_seat: 1000 }, Tier { up_to: None, per_seat: 800 }];
//! let cost = |charge: Charge, discounts: &[Discount]| {
//!     let holding = Holding { currency: Currency::USD, charges: &[charge], seats: 14, discounts };
//!     sum(Currency::USD, &holding.recurring(Fraction::ONE, Conventions::default())?).map(|sum| sum.to_string())
//! };
//! assert_eq!(cost(Charge::Graduated(tiers()), &[])?, "USD 132.00");
//! assert_eq!(cost(Charge::Volume(tiers()), &[])?, "USD 112.00");
//! assert_eq!(cost(Charge::Volume(tiers()), &[Discount::per_cent("25".parse()?)])?, "USD 84.00");
//! assert_eq!(cost(Charge::Volume(tiers()), &[Discount::fixed(1000)])?, "USD 102.00");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! **The tax of a document**, once per rate, and **a credit note**, whose tax is what makes all notes add up.
//!
//! ```
//! use domain::catalog::TaxKind;
//! use domain::credit::{Invoiced, credit_note};
//! use domain::money::{Currency, Money, Rounding};
//! use domain::tax::{AppliedTax, total};
//!
//! let (currency, tax_included, tax_rounding) = (Currency::JPY, false, Rounding::Down);
//! let tax = AppliedTax { rate: "10".parse()?, kind: TaxKind::Standard };
//! let line = |minor| (tax, Money::new(minor, currency));
//! let totals = total(currency, tax_included, tax_rounding, [line(105), line(105), line(105)])?;
//! assert_eq!((totals.tax.minor(), totals.gross.minor()), (31, 346));
//!
//! let invoice = Invoiced { currency, tax_included, tax_rounding, totals: &totals };
//! let first = credit_note(&invoice, &[], &[line(-105)])?;
//! let rest = credit_note(&invoice, &[line(-105)], &[line(-210)])?;
//! assert_eq!((first.gross.minor(), rest.gross.minor()), (-115, -231));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! **A sequence of periods**, counted from the anchor.
//!
//! ```
//! use domain::time::Cycle;
//! use jiff::civil::date;
//!
//! let monthly = Cycle::new(date(2024, 1, 31), 1);
//! let starts: Vec<String> = (0..4).map(|n| monthly.start_of(n).map(|day| day.to_string())).collect::<Result<_, _>>()?;
//! assert_eq!(starts, ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]);
//! # Ok::<_, domain::time::TimeError>(())
//! ```
//!
//! **A dunning timeline**, after a failure and after a hard decline on the third day.
//!
//! ```
//! use domain::dunning::timeline;
//! use jiff::civil::date;
//!
//! let say = |hard_since| {
//!     let steps = timeline(date(2026, 11, 24), hard_since)?;
//!     Ok::<_, domain::time::TimeError>(steps.iter().map(|step| format!("{} {}", step.on, step.action)).collect())
//! };
//! let soft: Vec<String> = say(None)?;
//! assert_eq!(soft[..3], ["2026-11-24 failed-mail", "2026-11-27 retry", "2026-12-02 retry"]);
//! assert_eq!(soft[3..], ["2026-12-09 retry", "2026-12-15 retry", "2026-12-24 disable"]);
//! let hard: Vec<String> = say(Some(date(2026, 11, 27)))?;
//! assert_eq!(hard[1..3], ["2026-11-27 retry", "2026-12-02 reminder-mail"]);
//! # Ok::<_, domain::time::TimeError>(())
//! ```
//!
//! # What always holds
//!
//! Each of these is a property that is tried with many random inputs, under the name beside it.
//!
//! | property | test |
//! |---|---|
//! | parts sum to the whole | `the_parts_of_a_split_add_up_to_the_whole`, `a_split_over_amounts_adds_up_to_the_whole`, `a_spread_adds_up_and_takes_no_more_than_there_is`, `the_parts_of_an_item_sum_to_the_whole` |
//! | lines + tax = total | `net_and_tax_are_gross_and_tax_is_close`, `the_payments_of_a_term_add_up_and_follow_each_other` |
//! | A → B → A at one instant is nothing | `there_and_back_is_nothing` (plans), `a_change_is_the_difference_of_what_is_charged` (seats); with tax `there_and_back_with_tax_is_nothing_within_two_units_per_document` |
//! | many small changes of seats are one big one | `many_small_changes_are_one_big_one` (half a unit per line), `many_small_changes_with_tax_are_one_big_one_within_two_units_per_document` |
//! | credits ≤ invoiced, and the notes of an invoice add up to it | `the_notes_of_an_invoice_add_up_to_it` |
//! | money back ≤ paid, and no negative balance from nowhere | `money_back_is_money_paid`, `no_balance_is_negative_or_comes_from_nowhere` |
//! | postings sum to zero, and nothing is left behind | `every_posting_sums_to_zero`, `every_invoice_and_its_payment_balance_and_clear`, `what_is_credited_leaves_nothing_behind` |
//! | the days of a line earn exactly its amount | `the_days_of_a_line_add_up_to_it` |
//! | assigned ≤ quantity | `never_more_assigned_than_there_are_seats`, `assigned_seats_stay_and_only_open_windows_give_back` |
//! | renewal dates strictly increase and are those of the anchor, leap days and month ends included | `renewals_strictly_increase_and_are_those_of_the_anchor`, `boundaries_strictly_increase_and_keep_the_anchor_day` |
//! | days begin and end where clocks change, in both hemispheres | `days_and_instants_agree` |
//! | ties of half-rounding | `ties_go_where_their_mode_says`, `rounding_is_the_same_on_both_sides_of_zero` |
//!
//! How well the tests hold the rules is measured by changing the code and seeing whether one of them fails:
//! `docs/mutation.md`.
//!
//! # How to add a rule
//!
//! 1. Find its number in the specification and write it into the doc comment, "(SPEC 5)".
//! 2. Put it where its noun lives, under the verb that every layer will use: `change_seats` here, in `store`,
//!    in `services` and in `app`.
//! 3. Take what it depends on as arguments and return a new value or an error that says why not; a change of
//!    state consumes the old one.
//! 4. If it costs or gives back money, make it [items](line::Item), name them ([`line::LineContext::name`]) and
//!    let [`tax::total`] add them up, so that quote, charge, invoice and posting cannot differ.
//! 5. Write the worked amounts as a table in the module's tests, with their case numbers, and beside it the
//!    property that must hold for all other input.
//!
//! # Features
//!
//! `zones` brings the time zone database for [`time`]: the server's way from instants to days. Without it the
//! crate stays small enough for the browser.

#![deny(clippy::as_conversions, clippy::float_arithmetic, missing_docs)]

pub mod address;
pub mod agenda;
pub mod billing;
pub mod catalog;
pub mod change;
pub mod code;
pub mod conventions;
pub mod country;
pub mod credit;
pub mod discount;
pub mod document;
pub mod dunning;
pub mod field;
pub mod id;
pub mod language;
pub mod ledger;
pub mod license;
pub mod line;
pub mod mail;
pub mod money;
pub mod name;
pub mod notices;
pub mod order;
pub mod quote;
#[cfg(test)]
mod sample;
pub mod subscription;
pub mod tax;
pub mod tax_id;
pub mod time;
