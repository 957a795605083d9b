//! The rules of Zaseki: money, calendar, catalog, quote, subscription, documents, ledger, names.
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
//! | What state is a subscription in, and what comes next? | [`subscription`] |
//! | How far is a wish to buy? | [`order`] |
//! | Who may be given a license, and from which subscription? | [`license`] |
//! | What stands on the invoice and in the books? | [`document`], [`ledger`] |
//! | Which day is it, and which period? | [`time`] |
//! | Who is this, and how are they found? | [`name`], [`mail`], [`id`] |
//! | What did they type? | [`field`], [`address`], [`country`], [`tax_id`], [`language`] |
//!
//! # How to add a rule
//!
//! 1. Find its number in the specification and write it into the doc comment, "(SPEC 5)".
//! 2. Put it where its noun lives, under the verb that every layer will use: `change_seats` here, in `store`,
//!    in `services` and in `app`.
//! 3. Take what it depends on as arguments and return a new value or an error that says why not; a change of
//!    state consumes the old one.
//! 4. If it costs or gives back money, make it lines ([`line::LineContext`]) and let [`tax::total`] add them
//!    up, so that quote, charge, invoice and posting cannot differ.
//! 5. Write the worked amounts as a table in the module's tests, with their case numbers, and beside it the
//!    property that must hold for all other input.
//!
//! # Features
//!
//! `zones` brings the time zone database for [`time`]: the server's way from instants to days. Without it the
//! crate stays small enough for the browser.

#![deny(clippy::as_conversions, clippy::float_arithmetic, missing_docs)]

pub mod address;
pub mod catalog;
pub mod code;
pub mod conventions;
pub mod country;
pub mod document;
pub mod field;
pub mod id;
pub mod language;
pub mod ledger;
pub mod license;
pub mod line;
pub mod mail;
pub mod money;
pub mod name;
pub mod order;
pub mod quote;
#[cfg(test)]
mod sample;
pub mod subscription;
pub mod tax;
pub mod tax_id;
pub mod time;
