use super::*;
use crate::catalog::{Charge, SeatLimits, TaxKind};
use crate::country::Country;
use crate::line::LineKind;
use crate::sample::{catalog, issuer, japanese_buyer, price, product, tiers, yen};
use crate::tax_id::TaxId;
use crate::time::add_days;
use jiff::civil::date;
use proptest::prelude::*;

fn seats(count: u32) -> SeatCount {
    SeatCount::new(count).unwrap()
}

/// Asks for so many seats of a plan with this price, from this day.
fn ask(price: Price, count: u32, start: Date, credit: i64) -> Result<PurchaseQuote, QuoteError> {
    let (product, plan) = product(price);
    let issuer = issuer("minato-jp");
    let purchase = Purchase {
        issuer: &issuer,
        product: &product,
        plan: &plan,
        price: &plan.prices[0],
        seats: seats(count),
        buyer: japanese_buyer(),
        start,
    };
    purchase.quote(yen(credit), Conventions::default())
}

fn monthly() -> Price {
    price(Term::OneMonth, BillingFrequency::UpFront, vec![Charge::PerSeat(1150)])
}

fn yearly_in_parts() -> Price {
    price(
        Term::OneYear,
        BillingFrequency::Monthly,
        vec![Charge::Flat(10_000), Charge::PerSeat(1500), Charge::OneTime(500)],
    )
}

#[test]
fn a_month_is_said_in_full() {
    // The last page's "¥12,650 を支払って購入": 10 seats at ¥1,150, tax 10 %.
    let quote = ask(monthly(), 10, date(2026, 11, 24), 0).unwrap();
    assert_eq!((quote.totals.net, quote.totals.tax, quote.due_now), (yen(11_500), yen(1_150), yen(12_650)));
    assert_eq!((quote.term, quote.term_total), (quote.service, yen(12_650)));
    assert_eq!((quote.term.start(), quote.term.end()), (date(2026, 11, 24), date(2026, 12, 24)));
    assert!(quote.later.is_empty());
    assert_eq!((quote.renewal.on, quote.renewal.gross), (date(2026, 12, 24), yen(12_650)));
    assert_eq!(quote.last_payment_on(), date(2026, 11, 24));
    let [line] = quote.lines.as_slice() else { panic!("one line") };
    assert_eq!((line.kind, line.quantity(), line.unit_price()), (LineKind::Seats, 10, Some(yen(1150))));
    assert!(!line.is_by_days());
}

#[test]
fn what_is_paid_once_is_not_paid_again_with_a_new_term() {
    let (product, plan) = product(yearly_in_parts());
    let issuer = issuer("minato-jp");
    let (ended, today) = (date(2026, 11, 24), date(2026, 12, 10));
    let again = |had| {
        let purchase = Purchase {
            issuer: &issuer,
            product: &product,
            plan: &plan,
            price: &plan.prices[0],
            seats: seats(10),
            buyer: japanese_buyer(),
            start: ended,
        };
        purchase.quote_again(had, today, yen(0), Conventions::default()).unwrap()
    };
    let once = |quote: &PurchaseQuote| {
        let lines = quote.lines.iter().filter(|line| line.kind == LineKind::OneTime);
        lines.map(|line| line.amount.minor()).collect::<Vec<_>>()
    };
    assert_eq!(once(&again(0)), [5_000]);
    assert_eq!(once(&again(7)), [1_500]);
    assert_eq!((once(&again(10)), once(&again(12))), (vec![], vec![]));
    let all = ask(yearly_in_parts(), 10, ended, 0).unwrap();
    let window = PurchaseQuote { refund_until: date(2026, 12, 17), ..all.clone() };
    assert_eq!((again(0), all.refund_until), (window, date(2026, 12, 1)));
    assert_eq!(again(10).later, all.later);
}

#[test]
fn a_purchase_that_is_paid_a_day_later_starts_then_and_costs_the_same() {
    for make in [monthly, yearly_in_parts] {
        let quoted = ask(make(), 4, date(2024, 1, 30), 0).unwrap();
        let paid = quoted.clone().starting_on(date(2024, 1, 31), Conventions::default()).unwrap();
        // Nothing but days differs from what would have been quoted on that day.
        assert_eq!(paid, ask(make(), 4, date(2024, 1, 31), 0).unwrap());
        assert_eq!(paid.due_now, quoted.due_now);
        assert_eq!(quoted.clone().starting_on(date(2024, 1, 30), Conventions::default()), Ok(quoted));
    }
}

#[test]
fn the_window_closes_at_the_end_of_the_seventh_day_after() {
    // SPEC 5: bought 1 June, until 8 June.
    assert_eq!(ask(monthly(), 1, date(2026, 6, 1), 0).unwrap().refund_until, date(2026, 6, 8));
}

#[test]
fn instalments_are_named_one_by_one() {
    let quote = ask(yearly_in_parts(), 4, date(2024, 1, 31), 0).unwrap();
    // 10,000 + 4 × 1,500, and once 4 × 500.
    let amounts: Vec<_> = quote.lines.iter().map(|line| (line.kind, line.amount)).collect();
    let expected =
        [(LineKind::Flat, yen(10_000)), (LineKind::Seats, yen(6_000)), (LineKind::OneTime, yen(2_000))];
    assert_eq!(amounts, expected);
    assert_eq!(quote.due_now, yen(19_800));
    assert_eq!(quote.later.len(), 11);
    assert!(quote.later.iter().all(|payment| payment.gross == yen(17_600)));
    let days: Vec<_> = quote.later.iter().take(3).map(|payment| payment.on).collect();
    assert_eq!(days, [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]);
    assert_eq!(quote.last_payment_on(), date(2024, 12, 31));
    assert_eq!(quote.term_total, yen(19_800 + 11 * 17_600));
    assert_eq!((quote.term.end(), quote.renewal.on), (date(2025, 1, 31), date(2025, 1, 31)));
    assert_eq!(quote.renewal.gross, yen(17_600));
    assert_eq!(quote.service.end(), date(2024, 2, 29));
}

#[test]
fn a_discount_is_given_for_as_many_payments_as_it_lasts() {
    use crate::discount::{Discount, Lasts};
    let (product, plan) = product(yearly_in_parts());
    let issuer = issuer("minato-jp");
    let purchase = Purchase {
        issuer: &issuer,
        product: &product,
        plan: &plan,
        price: &plan.prices[0],
        seats: seats(4),
        buyer: japanese_buyer(),
        start: date(2026, 11, 24),
    };
    // 16,000 recur and 2,000 are paid once, which a discount of periods leaves alone.
    let half = Discount { lasts: Lasts::Periods(2), ..Discount::per_cent("50".parse().unwrap()) };
    let quote = purchase.quote_with(&[half], yen(0), Conventions::default()).unwrap();
    assert_eq!(quote.totals.net, yen(10_000));
    let nets: Vec<i64> = quote.later.iter().take(2).map(|payment| payment.net.minor()).collect();
    assert_eq!((nets, quote.renewal.net), (vec![8_000, 16_000], yen(16_000)));
    let reductions = quote.lines.iter().map(|line| line.reduction.is_some());
    assert_eq!(reductions.collect::<Vec<_>>(), [true, true, false]);
    let content = quote.content().unwrap();
    assert_eq!(serde_json::from_slice::<PurchaseQuote>(&content).unwrap(), quote);
    // Without one, nothing is said of it.
    let content = purchase.quote(yen(0), Conventions::default()).unwrap().content().unwrap();
    assert!(!String::from_utf8(content).unwrap().contains("reduction"));
}

#[test]
fn three_years_up_front_are_one_payment() {
    let long = price(Term::ThreeYears, BillingFrequency::UpFront, vec![Charge::Graduated(tiers())]);
    let quote = ask(long, 14, date(2026, 11, 24), 0).unwrap();
    assert_eq!((quote.totals.net, quote.later.len()), (yen(13_200), 0));
    assert_eq!((quote.service, quote.term.end()), (quote.term, date(2029, 11, 24)));
}

#[test]
fn each_payment_has_the_tax_of_its_own_first_day() {
    let quote = ask(yearly_in_parts(), 4, date(2019, 8, 15), 0).unwrap();
    let taxes: Vec<i64> = quote.later.iter().take(3).map(|payment| payment.tax.minor()).collect();
    assert_eq!(quote.totals.tax, yen(1440));
    // 15 September at 8 %, from 15 October on at 10 %.
    assert_eq!(taxes, [1280, 1600, 1600]);
}

#[test]
fn credit_is_used_before_the_card_and_never_more_than_is_due() {
    for (credit, used, due) in
        [(0, 0, 12_650), (2_650, 2_650, 10_000), (12_650, 12_650, 0), (99_999, 12_650, 0), (-5, 0, 12_650)]
    {
        let quote = ask(monthly(), 10, date(2026, 11, 24), credit).unwrap();
        assert_eq!((quote.credit_used, quote.due_now), (yen(used), yen(due)), "{credit}");
    }
}

#[test]
fn prices_with_tax_stay_what_they_say() {
    let included = Price {
        tax_included: true,
        ..price(Term::OneMonth, BillingFrequency::UpFront, vec![Charge::PerSeat(1100)])
    };
    let quote = ask(included, 3, date(2026, 11, 24), 0).unwrap();
    assert_eq!((quote.totals.net, quote.totals.tax, quote.due_now), (yen(3000), yen(300), yen(3300)));
}

#[test]
fn what_cannot_be_bought_is_refused() {
    let (mut product, mut plan) = product(monthly());
    let issuer = issuer("minato-jp");
    let price = monthly();
    let quote = |product: &Product, plan: &Plan, price: &Price, buyer: Buyer<'_>, count: u32| {
        let start = date(2026, 11, 24);
        let purchase = Purchase { issuer: &issuer, product, plan, price, seats: seats(count), buyer, start };
        purchase.quote(Money::zero(price.currency), Conventions::default()).map(|quote| quote.due_now)
    };
    let here = japanese_buyer();
    let there = Buyer { country: Country::UNITED_STATES, tax_id: None };
    let not_sold = |reason| Err(QuoteError::NotSold(reason));
    plan.seats = SeatLimits { minimum: 5, maximum: 10 };
    let outside = Err(QuoteError::Seats { least: 5, most: 10 });
    assert_eq!(quote(&product, &plan, &price, here, 4), outside);
    assert_eq!(quote(&product, &plan, &price, here, 11), outside);
    assert!(
        quote(&product, &plan, &price, here, 5).is_ok() && quote(&product, &plan, &price, here, 10).is_ok()
    );
    assert_eq!(quote(&product, &plan, &price, there, 5), not_sold(NotSoldReason::Country));
    let dollars = Price { currency: Currency::USD, ..price.clone() };
    assert_eq!(quote(&product, &plan, &dollars, here, 5), not_sold(NotSoldReason::IssuerCurrency));
    let huge = Price { charges: vec![Charge::PerSeat(i64::MAX)], ..price.clone() };
    assert_eq!(quote(&product, &plan, &huge, here, 5), Err(QuoteError::Money(MoneyError::Overflow)));
    plan.retired = true;
    assert_eq!(quote(&product, &plan, &price, here, 5), not_sold(NotSoldReason::Retired));
    plan.retired = false;
    product.tax_category = "books".parse().unwrap();
    assert_eq!(quote(&product, &plan, &price, here, 5), not_sold(NotSoldReason::TaxRow));
}

#[test]
fn a_buyer_with_a_tax_id_owes_the_tax_alone() {
    let catalog = catalog();
    let (issuer, product) = (catalog.issuer("minato-eu").unwrap(), catalog.product("draft").unwrap());
    let plan = product.plan("team").unwrap();
    let price = plan.prices.iter().find(|price| price.currency == Currency::EUR).unwrap();
    let france: Country = "FR".parse().unwrap();
    let id = TaxId::parse(france, "FR12345678901").unwrap();
    let buy = |tax_id| {
        let buyer = Buyer { country: france, tax_id };
        let start = date(2026, 11, 24);
        let purchase = Purchase { issuer, product, plan, price, seats: seats(14), buyer, start };
        purchase.quote(Money::zero(Currency::EUR), Conventions::default())
    };
    let quote = buy(Some(&id)).unwrap();
    assert_eq!((quote.totals.tax.minor(), quote.due_now.minor()), (0, 13_200));
    assert_eq!(quote.totals.rates[0].applied.kind, TaxKind::ReverseCharge);
    assert_eq!(buy(None), Err(QuoteError::NotSold(NotSoldReason::NeedsTaxId)));
}

#[test]
fn the_content_binds_everything_and_reads_back() {
    let quote = ask(yearly_in_parts(), 4, date(2026, 11, 24), 0).unwrap();
    let content = quote.content().unwrap();
    assert_eq!(serde_json::from_slice::<PurchaseQuote>(&content).unwrap(), quote);
    assert_eq!(ask(yearly_in_parts(), 4, date(2026, 11, 24), 0).unwrap().content().unwrap(), content);
    for other in [
        ask(yearly_in_parts(), 5, date(2026, 11, 24), 0),
        ask(yearly_in_parts(), 4, date(2026, 11, 25), 0),
        ask(yearly_in_parts(), 4, date(2026, 11, 24), 1),
    ] {
        assert_ne!(other.unwrap().content().unwrap(), content);
    }
}

proptest! {
    #[test]
    fn the_payments_of_a_term_add_up_and_follow_each_other(
        per_seat in 0_i64..1_000_000,
        flat in 0_i64..1_000_000,
        count in 1_u32..300,
        after in 0_i32..3000,
        term in prop::sample::select(Term::ALL),
        frequency in prop::sample::select(BillingFrequency::ALL),
        credit in 0_i64..10_000_000,
        tax_included: bool,
    ) {
        let charges = vec![Charge::Flat(flat), Charge::PerSeat(per_seat)];
        let start = add_days(date(2020, 1, 1), after).unwrap();
        let price = Price { tax_included, ..price(term, frequency, charges) };
        let quote = ask(price, count, start, credit).unwrap();
        // Lines and tax are the total; credit and card are the total.
        let lines = Money::sum(quote.currency, quote.lines.iter().map(|line| line.amount)).unwrap();
        prop_assert_eq!(lines, if tax_included { quote.totals.gross } else { quote.totals.net });
        prop_assert_eq!(quote.totals.net.plus(quote.totals.tax).unwrap(), quote.totals.gross);
        prop_assert_eq!(quote.credit_used.plus(quote.due_now).unwrap(), quote.totals.gross);
        prop_assert!(!quote.credit_used.is_negative() && !quote.due_now.is_negative());
        // The payments are the term's price and its days, without a gap.
        let payments = quote.later.iter().map(|payment| payment.gross).chain([quote.totals.gross]);
        prop_assert_eq!(Money::sum(quote.currency, payments).unwrap(), quote.term_total);
        let mut end = quote.service.end();
        for payment in &quote.later {
            prop_assert_eq!((payment.on, payment.service.start()), (end, end));
            end = payment.service.end();
        }
        prop_assert_eq!(quote.term.start(), start);
        prop_assert_eq!((end, quote.renewal.on), (quote.term.end(), quote.term.end()));
    }
}
