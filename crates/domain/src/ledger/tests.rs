mod balances;

use super::*;
use crate::catalog::TaxKind;
use crate::credit::{InvoiceStanding, Invoiced, ReturnTo, Returned, credit_note};
use crate::money::Rounding;
use crate::sample::yen;
use crate::tax::{AppliedTax, total};
use proptest::prelude::*;
use uuid::Uuid;

fn profile() -> BillingProfileId {
    BillingProfileId::from_uuid(Uuid::from_u128(1))
}

fn subscription() -> SubscriptionId {
    SubscriptionId::from_uuid(Uuid::from_u128(2))
}

fn tax(rate: &str, kind: TaxKind) -> AppliedTax {
    AppliedTax { rate: rate.parse().unwrap(), kind }
}

fn entry(account: Account, amount: Money) -> Entry {
    Entry { account, amount }
}

#[test]
fn an_invoice_is_owed_and_deferred_with_tax_per_rate() {
    let (standard, reduced) = (tax("10", TaxKind::Standard), tax("8", TaxKind::Reduced));
    let lines = [(standard, yen(84_065)), (reduced, yen(12_960))];
    let totals = total(Currency::JPY, false, Rounding::Down, lines).unwrap();
    let posting = posting_for_invoice(profile(), subscription(), &totals).unwrap().unwrap();
    let expected = [
        entry(Account::Receivable(profile()), yen(106_467)),
        entry(Account::DeferredRevenue(subscription()), yen(-97_025)),
        entry(Account::TaxPayable(standard), yen(-8_406)),
        entry(Account::TaxPayable(reduced), yen(-1_036)),
    ];
    assert_eq!(posting.entries(), expected);
}

#[test]
fn a_payment_clears_what_is_owed() {
    let posting = posting_for_payment(profile(), yen(12_650)).unwrap().unwrap();
    let expected =
        [entry(Account::ProviderClearing, yen(12_650)), entry(Account::Receivable(profile()), yen(-12_650))];
    assert_eq!(posting.entries(), expected);
    let credit = posting_for_credit_used(profile(), yen(500)).unwrap().unwrap();
    let expected =
        [entry(Account::Credit(profile()), yen(500)), entry(Account::Receivable(profile()), yen(-500))];
    assert_eq!(credit.entries(), expected);
    assert_eq!(posting_for_payment(profile(), yen(0)), Ok(None));
}

#[test]
fn tax_of_nothing_is_not_posted_and_nothing_is_no_posting() {
    let exempt = tax("0", TaxKind::Exempt);
    let totals = total(Currency::JPY, false, Rounding::Down, [(exempt, yen(100))]).unwrap();
    let posting = posting_for_invoice(profile(), subscription(), &totals).unwrap().unwrap();
    assert_eq!(posting.entries().len(), 2);
    let totals = total(Currency::JPY, false, Rounding::Down, [(exempt, yen(0))]).unwrap();
    assert_eq!(posting_for_invoice(profile(), subscription(), &totals), Ok(None));
}

#[test]
fn what_comes_back_is_posted_step_by_step() {
    let (owed, credit) = (Account::Receivable(profile()), Account::Credit(profile()));
    let (refunds, clearing, off) = (Account::RefundsPayable, Account::ProviderClearing, Account::WriteOff);
    let amount = yen(500);
    for (posting, debit, credited) in [
        (posting_for_credit_granted(profile(), amount), owed, credit),
        (posting_for_refund(profile(), amount), owed, refunds),
        (posting_for_credit_paid_out(profile(), amount), credit, refunds),
        (posting_for_refund_sent(amount), refunds, clearing),
        (posting_for_refund_failed(profile(), amount), refunds, credit),
        (posting_for_chargeback(profile(), amount), owed, clearing),
        (posting_for_write_off(profile(), amount), off, owed),
    ] {
        let expected = [entry(debit, yen(500)), entry(credited, yen(-500))];
        assert_eq!(posting.unwrap().unwrap().entries(), expected);
    }
    assert_eq!(posting_for_refund(profile(), yen(0)), Ok(None));
    let totals = |sign: i64| {
        let lines = [(tax("10", TaxKind::Standard), yen(sign * 105))];
        total(Currency::JPY, false, Rounding::Down, lines).unwrap()
    };
    let note = posting_for_credit_note(profile(), subscription(), &totals(-1)).unwrap().unwrap();
    let invoice = posting_for_invoice(profile(), subscription(), &totals(1)).unwrap().unwrap();
    assert_eq!(note, invoice.reversed().unwrap());
}

#[test]
fn what_does_not_balance_is_no_posting() {
    let dollars = |minor| Money::new(minor, Currency::USD);
    let (clearing, off) = (Account::ProviderClearing, Account::WriteOff);
    assert_eq!(Posting::new(vec![]), Err(PostingError::Empty));
    let zero = vec![entry(clearing, yen(5)), entry(off, yen(-5)), entry(off, yen(0))];
    assert_eq!(Posting::new(zero), Err(PostingError::ZeroEntry));
    let lopsided = vec![entry(clearing, yen(5)), entry(off, yen(-4))];
    assert_eq!(Posting::new(lopsided), Err(PostingError::Unbalanced { difference: yen(1) }));
    // Currencies balance each for itself, never one against the other.
    let mixed = vec![entry(clearing, yen(5)), entry(off, dollars(-5))];
    assert!(matches!(Posting::new(mixed), Err(PostingError::Unbalanced { .. })));
    let two = vec![
        entry(clearing, yen(5)),
        entry(off, yen(-5)),
        entry(clearing, dollars(-7)),
        entry(off, dollars(7)),
    ];
    assert!(Posting::new(two).is_ok());
    assert!(
        serde_json::from_str::<Posting>(r#"[{"account":"clearing","amount":{"minor":5,"currency":"JPY"}}]"#)
            .is_err()
    );
}

#[test]
fn a_posting_reads_back_as_it_was_written() {
    let posting = posting_for_payment(profile(), yen(12_650)).unwrap().unwrap();
    let json = serde_json::to_string(&posting).unwrap();
    assert_eq!(serde_json::from_str::<Posting>(&json).unwrap(), posting);
}

#[test]
fn an_account_has_one_text() {
    let accounts = [
        Account::Receivable(profile()),
        Account::Credit(profile()),
        Account::ProviderClearing,
        Account::TaxPayable(tax("8.875", TaxKind::Standard)),
        Account::DeferredRevenue(subscription()),
        Account::RefundsPayable,
        Account::WriteOff,
    ];
    for account in accounts {
        assert_eq!(account.to_string().parse(), Ok(account));
    }
    assert_eq!(accounts[3].to_string(), "tax:standard:8.875");
    assert_eq!(accounts[0].to_string(), "receivable:bpr_00000000000000000000000001");
    for wrong in [
        "",
        "cash",
        "clearing:",
        "clearing:x",
        "tax:standard:10.0",
        "tax:10",
        "receivable:sub_00000000000000000000000001",
    ] {
        assert_eq!(wrong.parse::<Account>(), Err(AccountError(wrong.into())));
    }
}

proptest! {
    /// Every posting there is sums to zero, for any amount in either direction.
    #[test]
    fn every_posting_sums_to_zero(
        minor in -1_000_000_000_i64..1_000_000_000,
        amounts in prop::collection::vec(-1_000_000_i64..1_000_000, 1..6),
        included: bool,
        mode in prop::sample::select(Rounding::ALL),
    ) {
        let (profile, subscription, amount) = (profile(), subscription(), yen(minor));
        let rates = [tax("10", TaxKind::Standard), tax("8", TaxKind::Reduced), tax("0", TaxKind::ReverseCharge)];
        let lines = amounts.iter().zip(rates.iter().cycle()).map(|(minor, applied)| (*applied, yen(*minor)));
        let totals = total(Currency::JPY, included, mode, lines).unwrap();
        for posting in [
            posting_for_invoice(profile, subscription, &totals),
            posting_for_credit_note(profile, subscription, &totals),
            posting_for_payment(profile, amount),
            posting_for_credit_used(profile, amount),
            posting_for_credit_granted(profile, amount),
            posting_for_refund(profile, amount),
            posting_for_credit_paid_out(profile, amount),
            posting_for_refund_sent(amount),
            posting_for_refund_failed(profile, amount),
            posting_for_chargeback(profile, amount),
            posting_for_write_off(profile, amount),
        ] {
            if let Some(posting) = posting.unwrap() {
                let sum = Money::sum(Currency::JPY, posting.entries().iter().map(|entry| entry.amount));
                prop_assert_eq!(sum, Ok(yen(0)));
                prop_assert!(posting.entries().iter().all(|entry| !entry.amount.is_zero()));
            }
        }
    }

    #[test]
    fn every_invoice_and_its_payment_balance_and_clear(
        amounts in prop::collection::vec((0_usize..3, 0_i64..1_000_000_000), 1..10),
        included: bool,
        mode in prop::sample::select(Rounding::ALL),
        credit in 0_i64..1_000_000_000,
    ) {
        let rates = [tax("10", TaxKind::Standard), tax("8", TaxKind::Reduced), tax("0", TaxKind::Exempt)];
        let lines = amounts.iter().map(|(place, minor)| (rates[*place], yen(*minor)));
        let totals = total(Currency::JPY, included, mode, lines).unwrap();
        let used = yen(credit.min(totals.gross.minor()));
        let postings = [
            posting_for_invoice(profile(), subscription(), &totals).unwrap(),
            posting_for_credit_used(profile(), used).unwrap(),
            posting_for_payment(profile(), totals.gross.minus(used).unwrap()).unwrap(),
        ];
        let entries: Vec<Entry> = postings.iter().flatten().flat_map(Posting::entries).copied().collect();
        let balance = |account| {
            let of_account = entries.iter().filter(|entry| entry.account == account);
            Money::sum(Currency::JPY, of_account.map(|entry| entry.amount)).unwrap()
        };
        // Debits and credits of all postings cancel, and nothing stays owed.
        prop_assert!(Money::sum(Currency::JPY, entries.iter().map(|entry| entry.amount)).unwrap().is_zero());
        prop_assert!(balance(Account::Receivable(profile())).is_zero());
        prop_assert_eq!(balance(Account::DeferredRevenue(subscription())), totals.net.negated().unwrap());
        for posting in postings.iter().flatten() {
            prop_assert_eq!(&posting.reversed().unwrap().reversed().unwrap(), posting);
        }
    }

    /// An invoice of which a part is paid and all is credited: every posting balances, nothing stays owed, nothing
    /// stays deferred or owed to the tax office, and what was paid is with the customer again.
    #[test]
    fn what_is_credited_leaves_nothing_behind(
        amounts in prop::collection::vec(1_i64..1_000_000, 1..6),
        paid in 0_i64..6_000_000,
        mode in prop::sample::select(Rounding::ALL),
        as_credit in prop::collection::vec(any::<bool>(), 6),
    ) {
        let lines: Vec<_> =
            amounts.iter().map(|minor| (tax("10", TaxKind::Standard), yen(*minor))).collect();
        let totals = total(Currency::JPY, false, mode, lines.iter().copied()).unwrap();
        let invoice =
            Invoiced { currency: Currency::JPY, tax_included: false, tax_rounding: mode, totals: &totals };
        let paid = yen(paid.min(totals.gross.minor()));
        let mut standing = InvoiceStanding::issued(totals.gross).unwrap().pay(paid).unwrap();
        let mut postings = vec![
            posting_for_invoice(profile(), subscription(), &totals),
            posting_for_payment(profile(), paid),
        ];
        let mut before = Vec::new();
        for ((applied, amount), as_credit) in lines.iter().zip(as_credit) {
            let back = (*applied, amount.negated().unwrap());
            let note = credit_note(&invoice, &before, &[back]).unwrap();
            before.push(back);
            postings.push(posting_for_credit_note(profile(), subscription(), &note));
            let to = if as_credit { ReturnTo::Credit } else { ReturnTo::Method };
            let (next, settlement) = standing.settle(note.gross.negated().unwrap(), to).unwrap();
            standing = next;
            if let Some(Returned { amount, to }) = settlement.returned {
                postings.push(match to {
                    ReturnTo::Credit => posting_for_credit_granted(profile(), amount),
                    ReturnTo::Method => posting_for_refund(profile(), amount),
                });
            }
        }
        let postings: Vec<Posting> = postings.into_iter().filter_map(Result::unwrap).collect();
        let balance = |account| {
            let entries = postings.iter().flat_map(Posting::entries).filter(|entry| entry.account == account);
            Money::sum(Currency::JPY, entries.map(|entry| entry.amount)).unwrap()
        };
        for account in [
            Account::Receivable(profile()),
            Account::DeferredRevenue(subscription()),
            Account::TaxPayable(tax("10", TaxKind::Standard)),
        ] {
            prop_assert!(balance(account).is_zero(), "{}", account);
        }
        let back = balance(Account::Credit(profile())).plus(balance(Account::RefundsPayable)).unwrap();
        prop_assert_eq!(back.negated().unwrap(), paid);
        prop_assert_eq!(balance(Account::ProviderClearing), paid);
    }
}
