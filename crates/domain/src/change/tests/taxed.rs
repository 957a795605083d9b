//! The same with tax: each document rounds it once, so that two units per document are the bound (money cases,
//! properties).

use super::properties::{any_charges, any_discounts};
use super::*;
use crate::catalog::{TaxKind, TaxRate};
use crate::credit::{Invoiced, credit_note};
use crate::money::{Money, Rounding};
use crate::tax::{AppliedTax, TaxTotals, total};

/// How documents are added up.
#[derive(Clone, Copy, Debug)]
struct Taxes {
    applied: AppliedTax,
    included: bool,
    mode: Rounding,
}

impl Taxes {
    fn lines(self, items: &[Item]) -> Vec<(AppliedTax, Money)> {
        items.iter().map(|item| (self.applied, item.amount)).collect()
    }

    fn document(self, items: &[Item]) -> TaxTotals {
        total(Currency::JPY, self.included, self.mode, self.lines(items)).unwrap()
    }

    fn note(self, invoice: &TaxTotals, items: &[Item]) -> TaxTotals {
        let (currency, tax_included, tax_rounding) = (Currency::JPY, self.included, self.mode);
        let invoice = Invoiced { currency, tax_included, tax_rounding, totals: invoice };
        credit_note(&invoice, &[], &self.lines(items)).unwrap()
    }
}

fn any_taxes() -> impl Strategy<Value = Taxes> {
    let rate = 0_u32..=250_000;
    (rate, any::<bool>(), prop::sample::select(Rounding::ALL)).prop_map(|(rate, included, mode)| {
        let rate = TaxRate::from_millionths(rate).unwrap();
        Taxes { applied: AppliedTax { rate, kind: TaxKind::Standard }, included, mode }
    })
}

fn gross(documents: &[TaxTotals]) -> i64 {
    documents.iter().map(|document| document.gross.minor()).sum()
}

proptest! {
    /// A → B → A in one day, with its four documents: a note of what was paid for A, an invoice and a note of B, an
    /// invoice of A. Net amounts cancel out exactly, and gross ones within two units for each document.
    #[test]
    fn there_and_back_with_tax_is_nothing_within_two_units_per_document(
        a in any_charges(),
        b in any_charges(),
        of_a in any_discounts(),
        of_b in any_discounts(),
        seats in 1_u32..200,
        day in 0_i32..30,
        taxes in any_taxes(),
    ) {
        let today = add_days(june().start(), day).unwrap();
        let side = |charges, discounts| PlanSide {
            holding: Holding { currency: Currency::JPY, charges, seats, discounts },
            term: Term::OneMonth,
            frequency: BillingFrequency::UpFront,
        };
        let (a, b) = (side(&a[..], &of_a[..]), side(&b[..], &of_b[..]));
        let change = |old, new| {
            match change_plan(&PlanRequest::new(old, new, june(), today), credited_now()).unwrap() {
                PlanChange::Now(change) => change,
                PlanChange::AtRenewal => panic!("it is for today"),
            }
        };
        let paid = taxes.document(&a.holding.recurring(Fraction::ONE, credited_now()).unwrap());
        let (there, back) = (change(a, b), change(b, a));
        let of_b = taxes.document(&there.charge);
        let documents = [
            taxes.note(&paid, &there.credit),
            of_b.clone(),
            taxes.note(&of_b, &back.credit),
            taxes.document(&back.charge),
        ];
        prop_assert_eq!(documents[1].gross, documents[2].gross.negated().unwrap());
        let bound = if taxes.included { 0 } else { 2 * 4 };
        prop_assert!(gross(&documents).abs() <= bound, "{:?}", documents);
        let nets = [there.credit, there.charge, back.credit, back.charge];
        prop_assert_eq!(nets.iter().map(|items| amounts(items).iter().sum::<i64>()).sum::<i64>(), 0);
    }

    /// Many small changes of seats, each with its own document, equal one big one within two units for each
    /// document.
    #[test]
    fn many_small_changes_with_tax_are_one_big_one_within_two_units_per_document(
        flat in 0_i64..1_000_000,
        seat in prop::sample::select(vec![
            Charge::PerSeat(777), Charge::PerSeat(1), Charge::Graduated(tiers()), Charge::Volume(tiers()),
        ]),
        discounts in any_discounts(),
        seats in prop::collection::vec(1_u32..200, 2..10),
        day in 0_i32..30,
        taxes in any_taxes(),
    ) {
        let today = add_days(june().start(), day).unwrap();
        let charges = [Charge::Flat(flat), seat];
        let document = |from, to| {
            let holding = Holding { discounts: &discounts, ..holding(&charges, from) };
            let request = SeatRequest::new(holding, to, june(), today);
            change_seats(&request, credited_now()).map_or(vec![], |change| change.items)
        };
        let small: Vec<TaxTotals> =
            seats.windows(2).map(|pair| taxes.document(&document(pair[0], pair[1]))).collect();
        let big = [taxes.document(&document(seats[0], *seats.last().unwrap()))];
        let bound = i64::try_from(2 * (small.len() + 1)).unwrap();
        prop_assert!((gross(&small) - gross(&big)).abs() <= bound, "{:?} {:?}", small, big);
    }
}
