use super::*;
use crate::address::Address;
use crate::catalog::{BillingFrequency, Charge, Issuer, Plan, Price, Product, Term, Tier};
use crate::change::{ScheduledChange, SeatPurchase, When};
use crate::conventions::Conventions;
use crate::country::Country;
use crate::credit::InvoiceStanding;
use crate::document::{Contents, Document, Recipient, Series};
use crate::id::DocumentId;
use crate::quote::{Charged, OrderQuote, Purchase, PurchaseQuote};
use crate::sample::{issuer, japanese_buyer, price, product, yen};
use crate::subscription::{PaidTerm, SeatCount};
use crate::time::add_days;
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

const START: Date = date(2026, 11, 24);

/// A subscription that was bought on 24 November for a month, on a day of it.
struct Story {
    issuer: Issuer,
    product: Product,
    plan: Plan,
    purchases: Vec<Bought>,
    invoices: Vec<Charged>,
    seats: u32,
    credit: i64,
    today: Date,
    scheduled: Option<ScheduledChange>,
}

fn invoice_id(number: u128) -> DocumentId {
    DocumentId::from_uuid(Uuid::from_u128(number))
}

fn charged(number: u128, contents: Contents) -> Charged {
    let gross = contents.totals.gross;
    let standing = InvoiceStanding::issued(gross).and_then(|standing| standing.pay(gross)).unwrap();
    Charged { invoice: invoice_id(number), credited: vec![], standing, by_card: gross, contents }
}

fn recipient() -> Recipient {
    Recipient {
        name: "はるかぜ設計株式会社".into(),
        country: Country::JAPAN,
        address: Address::default(),
        tax_id: None,
        department: None,
        person: None,
    }
}

fn monthly(charges: Vec<Charge>) -> Price {
    price(Term::OneMonth, BillingFrequency::UpFront, charges)
}

impl Story {
    fn new(price: Price, seats: u32, days: i32) -> Self {
        let (product, plan) = product(price);
        let issuer = issuer("minato-jp");
        let mut story = Self {
            issuer,
            product,
            plan,
            purchases: vec![],
            invoices: vec![],
            seats,
            credit: 0,
            today: add_days(START, days).unwrap(),
            scheduled: None,
        };
        let quote = story.purchase();
        let invoice = Document::invoice(&quote, &story.issuer, recipient(), None, Series::Invoice, false);
        story.bought(seats, START, invoice.contents);
        story
    }

    fn purchase(&self) -> PurchaseQuote {
        let purchase = Purchase {
            issuer: &self.issuer,
            product: &self.product,
            plan: &self.plan,
            price: &self.plan.prices[0],
            seats: SeatCount::new(self.seats).unwrap(),
            buyer: japanese_buyer(),
            start: START,
        };
        purchase.quote(yen(0), Conventions::default()).unwrap()
    }

    fn bought(&mut self, seats: u32, bought_on: Date, contents: Contents) {
        let number = u128::try_from(self.invoices.len()).unwrap() + 1;
        self.invoices.push(charged(number, contents));
        let purchase = SeatPurchase { seats, bought_on };
        self.purchases.push(Bought { purchase, invoice: invoice_id(number) });
    }

    /// So many more seats are bought and paid, on a day.
    fn more(mut self, to: u32, days: i32) -> Self {
        let today = std::mem::replace(&mut self.today, add_days(START, days).unwrap());
        let quote = self.held().quote_seats(to, When::Now).unwrap();
        let invoice =
            Document::invoice_of_change(&quote, &self.issuer, recipient(), None, Series::Invoice, false);
        self.bought(quote.added(), self.today, invoice.contents);
        Self { seats: to, today, ..self }
    }

    fn held(&self) -> Held<'_> {
        let paid = PaidTerm::first(self.plan.prices[0].term, self.plan.prices[0].frequency, START);
        Held {
            issuer: &self.issuer,
            product: &self.product,
            plan: &self.plan,
            price: &self.plan.prices[0],
            buyer: japanese_buyer(),
            paid,
            billed_to: paid.period().unwrap().end(),
            seats: self.seats,
            assigned: 0,
            waiting: 0,
            purchases: &self.purchases,
            invoices: &self.invoices,
            scheduled: self.scheduled.as_ref(),
            renewal_price: None,
            credit: yen(self.credit),
            today: self.today,
            conventions: Conventions::default(),
        }
    }
}

#[test]
fn the_examples_of_the_design_guide() {
    let story = Story::new(monthly(vec![Charge::PerSeat(1_800)]), 20, 16);
    let more = story.held().quote_seats(25, When::Now).unwrap();
    assert_eq!((more.totals.net, more.totals.tax, more.due_now), (yen(4_200), yen(420), yen(4_620)));
    assert_eq!((more.next.unwrap().net, more.next_was.unwrap().net), (yen(45_000), yen(36_000)));

    let story = Story::new(monthly(vec![Charge::PerSeat(300)]), 60, 4);
    let end = story.held().quote_cancel().unwrap();
    let back = end.back.as_ref().unwrap();
    assert_eq!((back.net, back.tax), (yen(-15_600), yen(-1_560)));
    assert_eq!((end.to_method(), end.to_credit()), (Ok(yen(17_160)), Ok(yen(0))));
    assert_eq!((end.next, end.seats), (None, (60, 0, 0)));
}

#[test]
fn each_purchase_comes_back_on_the_invoice_that_charged_it() {
    let story = Story::new(monthly(vec![Charge::Flat(3_000), Charge::PerSeat(500)]), 10, 5).more(13, 3);
    let end = story.held().quote_cancel().unwrap();
    let notes: Vec<_> = end.notes.iter().map(|note| (note.invoice, note.totals.net)).collect();
    // 25 of 30 days of ¥3,000 and 10 × ¥500, and of 3 × ¥500.
    assert_eq!(notes, [(invoice_id(1), yen(-6_667)), (invoice_id(2), yen(-1_250))]);
    let fewer = story.held().quote_seats(12, When::Now).unwrap();
    assert_eq!((fewer.notes.len(), fewer.notes[0].invoice), (1, invoice_id(2)));
    assert_eq!(fewer.seats, (13, 12, 12));
}

#[test]
fn an_invoice_that_has_too_little_left_is_followed_by_another() {
    let mut story = Story::new(monthly(vec![Charge::PerSeat(500)]), 10, 3).more(13, 3);
    // Most of the second invoice was credited before.
    let line = story.invoices[1].contents.lines[0].clone();
    story.invoices[1].credited = vec![crate::line::Line { amount: yen(-1_000), ..line }];
    let fewer = story.held().quote_seats(10, When::Now).unwrap();
    let notes: Vec<_> = fewer.notes.iter().map(|note| (note.invoice, note.totals.net)).collect();
    assert_eq!(notes, [(invoice_id(1), yen(-1_000)), (invoice_id(2), yen(-350))]);
}

#[test]
fn more_seats_that_cost_less_give_back_and_fewer_that_cost_more_wait() {
    let tiers = vec![Tier { up_to: Some(10), per_seat: 1_000 }, Tier { up_to: None, per_seat: 800 }];
    let story = Story::new(monthly(vec![Charge::Volume(tiers)]), 10, 0);
    // 11 × ¥800 are less than 10 × ¥1,000.
    let more = story.held().quote_seats(11, When::Now).unwrap();
    assert_eq!((more.is_charged(), more.back.map(|back| back.net)), (false, Some(yen(-1_200))));
    let story = Story { seats: 11, ..story };
    let fewer = story.held().quote_seats(10, When::Now);
    assert_eq!(fewer, Err(ChangeRefusal::OnlyAtRenewal.into()));
    assert_eq!(story.held().quote_seats(10, When::AtRenewal).map(|quote| quote.seats), Ok((11, 11, 10)));
}

#[test]
fn credit_is_used_before_the_card() {
    let story = Story { credit: 1_000, ..Story::new(monthly(vec![Charge::PerSeat(500)]), 10, 0) };
    let more = story.held().quote_seats(12, When::Now).unwrap();
    assert_eq!((more.totals.gross, more.credit_used, more.due_now), (yen(1_100), yen(1_000), yen(100)));
}

#[test]
fn what_does_not_renew_has_no_renewal_to_wait_for() {
    let story = Story::new(monthly(vec![Charge::PerSeat(500)]), 10, 8);
    let held = story.held();
    let held = Held { paid: PaidTerm { recurring: false, ..held.paid }, ..held };
    for when in [When::Now, When::AtRenewal] {
        assert_eq!(held.quote_seats(8, when), Err(ChangeRefusal::NotRecurring.into()), "{when}");
    }
    let more = held.quote_seats(12, When::Now).unwrap();
    assert_eq!((more.next, more.next_was), (None, None));
}

#[test]
fn instalments_that_remain_add_up_with_their_tax() {
    let yearly = price(Term::OneYear, BillingFrequency::Monthly, vec![Charge::PerSeat(475)]);
    let story = Story::new(yearly, 2, 0);
    let held = Held { billed_to: date(2026, 12, 24), ..story.held() };
    let remaining = held.remaining().unwrap();
    assert_eq!((remaining.len(), remaining[0].gross), (11, yen(1_045)));
    assert_eq!(remaining.last().map(|last| last.on), Some(date(2027, 10, 24)));
    // The next invoice is an instalment, and knows nothing of the renewal.
    let quote = held.quote_seats(1, When::AtRenewal).unwrap();
    assert_eq!(quote.next, quote.next_was);
}

#[test]
fn what_was_confirmed_is_read_again_also_from_before_there_were_changes() {
    let story = Story::new(monthly(vec![Charge::PerSeat(500)]), 10, 0);
    let purchase = story.purchase();
    let before = serde_json::to_string(&purchase).unwrap();
    assert_eq!(serde_json::from_str::<OrderQuote>(&before).unwrap(), OrderQuote::Purchase(purchase.clone()));
    let change = story.held().quote_seats(12, When::Now).unwrap();
    for quote in [OrderQuote::Purchase(purchase), OrderQuote::Change(change)] {
        let text = serde_json::to_string(&quote).unwrap();
        assert_eq!(serde_json::from_str::<OrderQuote>(&text).unwrap(), quote);
    }
}

proptest! {
    /// What comes back of everything never exceeds what each invoice has, and is what its lines come to.
    #[test]
    fn what_comes_back_never_exceeds_what_was_invoiced(
        flat in 0_i64..100_000,
        seat in prop::sample::select(vec![1_i64, 7, 333, 1_800]),
        first in 1_u32..60,
        more in 1_u32..60,
        day in 0_i32..7,
        later in 0_i32..7,
    ) {
        let price = monthly(vec![Charge::Flat(flat), Charge::PerSeat(seat)]);
        let today = day.max(later);
        let story = Story::new(price, first, today).more(first + more, day.min(later));
        let end = story.held().quote_cancel().unwrap();
        for note in &end.notes {
            let charged = story.invoices.iter().find(|charged| charged.invoice == note.invoice).unwrap();
            let left = charged.contents.totals.gross.plus(note.totals.gross).unwrap();
            prop_assert!(!left.is_negative());
            let back = note.to_method.plus(note.to_credit).unwrap();
            prop_assert_eq!(back.plus(note.lowers).unwrap(), note.totals.gross.negated().unwrap());
        }
        let lines: i64 = end.back_lines.iter().map(|line| line.amount.minor()).sum();
        prop_assert_eq!(end.back.map_or(0, |back| back.net.minor()), lines);
    }
}
