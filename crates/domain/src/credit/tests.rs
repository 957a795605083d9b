use super::*;
use crate::catalog::TaxKind;
use crate::money::{Currency, Rounding};
use crate::sample::yen;
use crate::tax::{TaxTotals, total};
use jiff::civil::date;
use proptest::prelude::*;

fn standard() -> AppliedTax {
    AppliedTax { rate: "10".parse().unwrap(), kind: TaxKind::Standard }
}

fn reduced() -> AppliedTax {
    AppliedTax { rate: "8".parse().unwrap(), kind: TaxKind::Reduced }
}

fn add_up(lines: &[(AppliedTax, Money)], tax_included: bool, mode: Rounding) -> TaxTotals {
    total(Currency::JPY, tax_included, mode, lines.iter().copied()).unwrap()
}

fn invoiced(totals: &TaxTotals, tax_included: bool, tax_rounding: Rounding) -> Invoiced<'_> {
    Invoiced { currency: Currency::JPY, tax_included, tax_rounding, totals }
}

#[test]
fn notes_add_up_to_the_invoice() {
    // Money case J1, credited line by line.
    let line = (standard(), yen(105));
    let back = (standard(), yen(-105));
    let totals = add_up(&[line; 3], false, Rounding::Down);
    let invoice = invoiced(&totals, false, Rounding::Down);
    let taxes = [0, 1, 2].map(|before| credit_note(&invoice, &vec![back; before], &[back]).unwrap().tax);
    assert_eq!(taxes, [-10, -11, -10].map(yen));
}

#[test]
fn nothing_is_credited_that_was_not_invoiced() {
    let totals = add_up(&[(standard(), yen(100)), (reduced(), yen(50))], false, Rounding::Down);
    let invoice = invoiced(&totals, false, Rounding::Down);
    let more = |applied, left| Err(CreditError::MoreThanInvoiced { applied, left: yen(left) });
    let back = |applied, minor| [(applied, yen(minor))];
    assert_eq!(credit_note(&invoice, &[], &back(standard(), -101)), more(standard(), 100));
    assert_eq!(credit_note(&invoice, &back(standard(), -60), &back(standard(), -41)), more(standard(), 40));
    // One rate does not make room for another.
    assert_eq!(credit_note(&invoice, &[], &back(reduced(), -51)), more(reduced(), 50));
    let unknown = AppliedTax { rate: "20".parse().unwrap(), ..standard() };
    assert_eq!(credit_note(&invoice, &[], &back(unknown, -1)), more(unknown, 0));
    assert_eq!(credit_note(&invoice, &[], &back(standard(), 1)), Err(CreditError::WrongSign(yen(1))));
}

#[test]
fn an_invoice_stands_as_its_money_does() {
    // (invoiced, lowered, paid, returned) → state
    for (parts, state) in [
        ([1_000, 0, 0, 0], BillState::Unpaid),
        ([1_000, 400, 599, 0], BillState::Unpaid),
        ([1_000, 0, 1_000, 0], BillState::Paid),
        ([1_000, 400, 600, 599], BillState::Paid),
        ([1_000, 400, 600, 600], BillState::Credited),
        ([1_000, 1_000, 0, 0], BillState::Credited),
        ([0, 0, 0, 0], BillState::Paid),
    ] {
        let [invoiced, lowered, paid, returned] = parts.map(yen);
        let standing = InvoiceStanding::new(invoiced, lowered, paid, returned).unwrap();
        assert_eq!(standing.state(), Ok(state), "{parts:?}");
    }
}

#[test]
fn a_note_first_lowers_what_is_owed() {
    let open = InvoiceStanding::issued(yen(1_000)).unwrap();
    let half = open.pay(yen(400)).unwrap();
    // (standing, note) → (lowers, comes back)
    for (standing, note, lowers, back) in [
        (open, 300, 300, 0),
        (open, 1_000, 1_000, 0),
        (half, 500, 500, 0),
        (half, 700, 600, 100),
        (half, 1_000, 600, 400),
        (open.pay(yen(1_000)).unwrap(), 300, 0, 300),
    ] {
        let (after, settlement) = standing.settle(yen(note), ReturnTo::Method).unwrap();
        let returned = settlement.returned.map_or(0, |returned| returned.amount.minor());
        assert_eq!((settlement.lowers, returned), (yen(lowers), back), "{note}");
        assert_eq!(after.owed().unwrap(), standing.owed().unwrap().minus(yen(lowers)).unwrap());
    }
    let (after, _) = half.settle(yen(700), ReturnTo::Credit).unwrap();
    let too_much = Err(CreditError::MoreThanThereIs(yen(300)));
    assert_eq!(after.settle(yen(301), ReturnTo::Credit).map(|_| ()), too_much);
    assert_eq!(open.pay(yen(1_001)), Err(CreditError::MoreThanThereIs(yen(1_000))));
    assert_eq!(InvoiceStanding::issued(yen(-1)), Err(CreditError::WrongSign(yen(-1))));
    // What the bank takes back is owed again.
    assert_eq!(half.charge_back(yen(400)), Ok(open));
    assert_eq!(half.charge_back(yen(401)), Err(CreditError::MoreThanThereIs(yen(400))));
    let returned = Returned { amount: yen(5), to: ReturnTo::Method };
    assert_eq!(returned.refund_failed(), Returned { amount: yen(5), to: ReturnTo::Credit });
}

#[test]
fn credit_pays_before_the_card_and_never_more_than_there_is() {
    let credit = ProfileCredit::none(Currency::JPY).grant(yen(500)).unwrap();
    let paid = credit.pay(yen(300)).unwrap();
    assert_eq!((paid.used, paid.to_pay, paid.left.amount()), (yen(300), yen(0), yen(200)));
    let paid = credit.pay(yen(800)).unwrap();
    assert_eq!((paid.used, paid.to_pay, paid.left), (yen(500), yen(300), ProfileCredit::none(Currency::JPY)));
    assert_eq!(credit.pay_out(yen(501)), Err(CreditError::MoreThanThereIs(yen(500))));
    assert_eq!(credit.pay_out(yen(500)), Ok(ProfileCredit::none(Currency::JPY)));
    assert_eq!(credit.grant(yen(-1)), Err(CreditError::WrongSign(yen(-1))));
    assert_eq!(ProfileCredit::new(yen(-1)), Err(CreditError::WrongSign(yen(-1))));
    assert!(credit.pay(Money::new(5, Currency::USD)).is_err());
}

#[test]
fn netted_changes_wait_for_the_next_invoice_and_a_month_at_most() {
    let first = date(2026, 1, 31);
    for (next, ends, on) in [
        (Some(date(2026, 2, 10)), None, date(2026, 2, 10)),
        (Some(date(2026, 6, 1)), None, date(2026, 2, 28)),
        (Some(date(2026, 2, 10)), Some(date(2026, 2, 5)), date(2026, 2, 5)),
        (None, None, date(2026, 2, 28)),
    ] {
        assert_eq!(netted_on(first, next, ends), Ok(on));
    }
    let net = |amounts: &[i64]| {
        let lines = amounts.iter().map(|minor| (standard(), yen(*minor)));
        net(Currency::JPY, false, Rounding::Down, lines).unwrap()
    };
    // Tax once over all: 19 has a tax of 1.
    assert!(matches!(net(&[105, -86]), Netted::Invoice(totals) if totals.gross == yen(20)));
    assert!(matches!(net(&[105, -105]), Netted::Nothing(_)));
    assert!(matches!(net(&[86, -105]), Netted::Credit(totals) if totals.gross == yen(-20)));
}

proptest! {
    /// Whatever is credited in whatever order: credits never exceed what was invoiced, have no tax of the wrong
    /// sign, and all of them together are the invoice.
    #[test]
    fn the_notes_of_an_invoice_add_up_to_it(
        amounts in prop::collection::vec((any::<bool>(), 1_i64..1_000_000), 1..8),
        cuts in prop::collection::vec(0_i64..=100, 8),
        included: bool,
        mode in prop::sample::select(Rounding::ALL),
    ) {
        let lines: Vec<_> = amounts
            .iter()
            .map(|(low, minor)| (if *low { reduced() } else { standard() }, yen(*minor)))
            .collect();
        let totals = add_up(&lines, included, mode);
        let invoice = invoiced(&totals, included, mode);
        // A part of every line, then the rest of every line, one note each.
        let part = |((applied, amount), cut): (&(AppliedTax, Money), &i64)| {
            let part = amount.minor() * cut / 100;
            [(*applied, yen(-part)), (*applied, yen(part - amount.minor()))]
        };
        let (parts, rests): (Vec<_>, Vec<_>) =
            lines.iter().zip(&cuts).map(part).map(|[part, rest]| (part, rest)).unzip();
        let mut before = Vec::new();
        let mut sums = [0; 3];
        for back in parts.into_iter().chain(rests) {
            let note = credit_note(&invoice, &before, &[back]).unwrap();
            prop_assert_eq!(note.net.plus(note.tax).unwrap(), note.gross);
            prop_assert!(!note.tax.is_positive() && !note.gross.is_positive());
            for (sum, amount) in sums.iter_mut().zip([note.net, note.tax, note.gross]) {
                *sum += amount.minor();
            }
            prop_assert!(-sums[2] <= totals.gross.minor());
            before.push(back);
        }
        prop_assert_eq!(sums.map(|sum| yen(-sum)), [totals.net, totals.tax, totals.gross]);
        prop_assert!(credit_note(&invoice, &before, &[(standard(), yen(-1))]).is_err());
    }

    /// Money back never exceeds what was paid, nothing is ever owed below zero, and no balance falls below zero.
    #[test]
    fn money_back_is_money_paid(
        gross in 0_i64..1_000_000,
        events in prop::collection::vec((0_u8..4, 0_i64..400_000), 0..20),
    ) {
        let mut standing = InvoiceStanding::issued(yen(gross)).unwrap();
        let mut credit = ProfileCredit::none(Currency::JPY);
        let (mut paid, mut back, mut lowered) = (0, 0, 0);
        for (event, minor) in events {
            let amount = yen(minor);
            match event {
                0 => if let Ok(next) = standing.pay(amount) {
                    standing = next;
                    paid += minor;
                },
                1 => if let Ok(next) = standing.charge_back(amount) {
                    standing = next;
                    paid -= minor;
                },
                2 => if let Ok((next, settlement)) = standing.settle(amount, ReturnTo::Credit) {
                    standing = next;
                    lowered += settlement.lowers.minor();
                    if let Some(returned) = settlement.returned {
                        credit = credit.grant(returned.amount).unwrap();
                        back += returned.amount.minor();
                    }
                },
                _ => credit = credit.pay(amount).unwrap().left,
            }
            prop_assert!(0 <= back && back <= paid);
            prop_assert_eq!(standing.owed().unwrap(), yen(gross - lowered - paid));
            prop_assert!(!standing.owed().unwrap().is_negative());
            prop_assert!(!credit.amount().is_negative() && credit.amount().minor() <= back);
        }
    }
}
