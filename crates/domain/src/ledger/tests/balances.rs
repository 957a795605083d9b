//! Whatever happens to an invoice and in whatever order, the books say what its standing says.

use super::*;
use crate::credit::ProfileCredit;

/// What has happened so far: an invoice, the profile's credit, and refunds on their way.
struct Story {
    totals: crate::tax::TaxTotals,
    standing: InvoiceStanding,
    credit: ProfileCredit,
    before: Vec<(AppliedTax, Money)>,
    refunds: i64,
    by_card: i64,
    postings: Vec<Posting>,
}

impl Story {
    fn new(net: i64) -> Self {
        let applied = tax("10", TaxKind::Standard);
        let totals = total(Currency::JPY, false, Rounding::Down, [(applied, yen(net))]).unwrap();
        let standing = InvoiceStanding::issued(totals.gross).unwrap();
        let credit = ProfileCredit::none(Currency::JPY);
        let (before, postings) = (vec![], vec![]);
        let mut story = Self { totals, standing, credit, before, refunds: 0, by_card: 0, postings };
        let posting = posting_for_invoice(profile(), subscription(), &story.totals);
        story.post(posting);
        story
    }

    fn post(&mut self, posting: Result<Option<Posting>, PostingError>) {
        self.postings.extend(posting.unwrap());
    }

    fn balance(&self, account: Account) -> i64 {
        let entries = self.postings.iter().flat_map(Posting::entries);
        entries.filter(|entry| entry.account == account).map(|entry| entry.amount.minor()).sum()
    }

    /// A card pays, or the profile's credit does.
    fn pay(&mut self, minor: i64, with_credit: bool) {
        let minor = if with_credit { minor.min(self.credit.amount().minor()) } else { minor };
        let Ok(standing) = self.standing.pay(yen(minor)) else { return };
        self.standing = standing;
        if with_credit {
            self.credit = self.credit.pay(yen(minor)).unwrap().left;
            self.post(posting_for_credit_used(profile(), yen(minor)));
        } else {
            self.by_card += minor;
            self.post(posting_for_payment(profile(), yen(minor)));
        }
    }

    /// A credit note; what comes back goes to the card as far as it paid, and is kept otherwise.
    fn credit(&mut self, net: i64) {
        let invoice = Invoiced {
            currency: Currency::JPY,
            tax_included: false,
            tax_rounding: Rounding::Down,
            totals: &self.totals,
        };
        let line = (tax("10", TaxKind::Standard), yen(-net));
        let Ok(note) = credit_note(&invoice, &self.before, &[line]) else { return };
        self.before.push(line);
        self.post(posting_for_credit_note(profile(), subscription(), &note));
        let (standing, settlement) =
            self.standing.settle(note.gross.negated().unwrap(), ReturnTo::Method).unwrap();
        self.standing = standing;
        let back = settlement.returned.map_or(0, |returned| returned.amount.minor());
        let to_card = back.min(self.by_card);
        self.by_card -= to_card;
        self.refunds += to_card;
        self.credit = self.credit.grant(yen(back - to_card)).unwrap();
        self.post(posting_for_refund(profile(), yen(to_card)));
        self.post(posting_for_credit_granted(profile(), yen(back - to_card)));
    }

    fn charge_back(&mut self, minor: i64) {
        let minor = minor.min(self.by_card);
        if let Ok(standing) = self.standing.charge_back(yen(minor)) {
            self.standing = standing;
            self.by_card -= minor;
            self.post(posting_for_chargeback(profile(), yen(minor)));
        }
    }

    /// A refund arrives, or the method does not take it.
    fn refund(&mut self, minor: i64, arrives: bool) {
        let minor = minor.min(self.refunds);
        self.refunds -= minor;
        if arrives {
            self.post(posting_for_refund_sent(yen(minor)));
        } else {
            self.credit = self.credit.grant(yen(minor)).unwrap();
            self.post(posting_for_refund_failed(profile(), yen(minor)));
        }
    }
}

proptest! {
    /// No negative balance from nowhere: nobody owes less than nothing, nobody is owed less than nothing, and each
    /// balance is what the rules say it is.
    #[test]
    fn no_balance_is_negative_or_comes_from_nowhere(
        net in 0_i64..1_000_000,
        events in prop::collection::vec((0_u8..6, 0_i64..400_000), 0..25),
    ) {
        let mut story = Story::new(net);
        for (event, minor) in events {
            match event {
                0 | 1 => story.pay(minor, event == 1),
                2 => story.credit(minor),
                3 => story.charge_back(minor),
                _ => story.refund(minor, event == 4),
            }
            let owed = story.balance(Account::Receivable(profile()));
            let kept = -story.balance(Account::Credit(profile()));
            let refunds = -story.balance(Account::RefundsPayable);
            let deferred = -story.balance(Account::DeferredRevenue(subscription()));
            let payable = -story.balance(Account::TaxPayable(tax("10", TaxKind::Standard)));
            let clearing = story.balance(Account::ProviderClearing);
            prop_assert_eq!(owed, story.standing.owed().unwrap().minor());
            prop_assert_eq!((kept, refunds), (story.credit.amount().minor(), story.refunds));
            prop_assert!([owed, kept, refunds, deferred, payable, clearing].iter().all(|each| *each >= 0));
            let credited: i64 = story.before.iter().map(|(_, amount)| amount.minor()).sum();
            prop_assert_eq!(deferred, net + credited);
            prop_assert_eq!(owed + clearing, kept + refunds + deferred + payable);
        }
    }
}
