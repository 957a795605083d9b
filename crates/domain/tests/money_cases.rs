//! The worked amounts of `money-cases.md`, each under its id and the conventions that its row names.
//!
//! This is also how a stranger's table is run against the crate: everything here uses what is public and plain.
//! Amounts are in minor units; a row without a convention rests on the default, which is SPEC.

use domain::catalog::{
    BillingFrequency, Catalog, Charge, SeatLimits, TaxKind, Term, Tier, TrialCard, TrialRule,
};
use domain::change::{
    CancelRequest, ChangeRefusal, PlanChange, PlanRequest, PlanSide, SeatChange, SeatRequest, cancel,
    change_plan, change_seats, seats_by,
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

#[test]
fn plans_that_change_in_mid_term() {
    let june = || period("2025-06-01", "2025-07-01");
    let january = || period("2024-01-01", "2024-02-01");
    let flat = |minor| vec![Charge::Flat(minor)];
    let with_seats = |flat, seat| vec![Charge::Flat(flat), Charge::PerSeat(seat)];
    let now = credited_now();
    // (id, old, new, period, day, credits, charges, convention)
    for (id, old, new, billing, on, credits, charges, conventions) in [
        ("P1", flat(10_000), flat(30_000), june(), "2025-06-16", vec![-5_000], vec![15_000], now),
        ("P2", flat(10_000), flat(30_000), june(), "2025-06-11", vec![-6_667], vec![20_000], now),
        (
            "P3",
            flat(10_000),
            flat(30_000),
            period("2024-02-18", "2024-03-18"),
            "2024-02-25",
            vec![-7_586],
            vec![22_759],
            now,
        ),
        ("P11, 1st", flat(10_000), flat(20_000), june(), "2025-06-07", vec![-8_000], vec![16_000], now),
        ("P11, 2nd", flat(20_000), flat(30_000), june(), "2025-06-13", vec![-12_000], vec![18_000], now),
        ("P11, 3rd", flat(30_000), flat(40_000), june(), "2025-06-19", vec![-12_000], vec![16_000], now),
        (
            "M1",
            with_seats(2_900, 1_000),
            with_seats(9_900, 2_500),
            january(),
            "2024-01-16",
            vec![-1_497, -516],
            vec![5_110, 1_290],
            now,
        ),
        (
            "M2",
            with_seats(9_900, 2_500),
            with_seats(2_900, 1_000),
            january(),
            "2024-01-16",
            vec![-5_110, -1_290],
            vec![1_497, 516],
            now,
        ),
        ("M9, 1/30 left", flat(30_000), flat(60_000), june(), "2025-06-30", vec![-1_000], vec![2_000], now),
        ("M9, at the end", flat(10_000), flat(20_000), june(), "2025-07-01", vec![], vec![], now),
        (
            "M9, at the start",
            flat(10_000),
            flat(20_000),
            june(),
            "2025-06-01",
            vec![-10_000],
            vec![20_000],
            now,
        ),
        ("Z1", flat(1_000), flat(2_000), june(), "2025-06-16", vec![-500], vec![1_000], ratio(1, 2)),
        ("Z2", flat(2_000), flat(5_000), june(), "2025-06-16", vec![-1_000], vec![2_500], ratio(1, 2)),
    ] {
        let month = |charges| (holding(charges, 1, &[]), Term::OneMonth);
        assert_eq!(plan(month(&old), month(&new), billing, on, conventions), (credits, charges), "{id}");
    }
    // M2: what is left over is kept as credit of the account.
    let kept = ProfileCredit::none(Currency::USD).grant(usd(5_110 + 1_290 - 1_497 - 516)).unwrap();
    assert_eq!(kept.amount(), usd(4_387), "M2");
}

#[test]
fn another_term_begins_a_new_cycle() {
    let (monthly, yearly) = ([Charge::Flat(10_000)], [Charge::Flat(100_000)]);
    let monthly = (holding(&monthly, 1, &[]), Term::OneMonth);
    let yearly = (holding(&yearly, 1, &[]), Term::OneYear);
    let june = period("2025-06-01", "2025-07-01");
    let changed = plan(monthly, yearly, june, "2025-06-16", credited_now());
    assert_eq!(changed, (vec![-5_000], vec![100_000]), "P7");
    let year = period("2025-06-01", "2026-06-01");
    let changed = plan(yearly, monthly, year, "2025-08-13", credited_now());
    assert_eq!(changed, (vec![-80_000], vec![10_000]), "P9");
}

#[test]
fn discounts_come_before_days() {
    let june = period("2025-06-01", "2025-07-01");
    let per_cent = |text: &str| vec![Discount::per_cent(text.parse().unwrap())];
    let fixed = |minor| vec![Discount::fixed(minor)];
    let (small, large) = ([Charge::Flat(10_000)], [Charge::Flat(100_000)]);
    for (id, old, to, new, credit, charge) in [
        ("D1", per_cent("25"), &large, per_cent("50"), -3_750, 25_000),
        ("D2", vec![], &large, per_cent("50"), -5_000, 25_000),
        ("D4", fixed(2_500), &large, fixed(5_000), -3_750, 47_500),
    ] {
        let old = (holding(&small, 1, &old), Term::OneMonth);
        let new = (holding(to, 1, &new), Term::OneMonth);
        assert_eq!(plan(old, new, june, "2025-06-16", ratio(1, 2)), (vec![credit], vec![charge]), "{id}");
    }
    let (base_and_seats, seat) = ([Charge::Flat(10_000), Charge::PerSeat(5_000)], [Charge::PerSeat(5_000)]);
    let (ten, thousand) = (per_cent("10"), fixed(1_000));
    let half = Conventions { counting: ratio(1, 2).counting, ..spec() };
    let change = seats(holding(&base_and_seats, 2, &ten), 4, june, "2025-06-16", half);
    assert_eq!(amounts(&change.items), [4_500], "D8");
    let change = seats(holding(&seat, 1, &thousand), 2, june, "2025-06-01", spec());
    assert_eq!(amounts(&change.items), [5_000], "D10");
}

#[test]
fn seats_that_are_added() {
    let june = || period("2025-06-01", "2025-07-01");
    let january = period("2024-01-01", "2024-02-01");
    let july = period("2025-07-01", "2025-08-01");
    let two_lines = Conventions { quantity: QuantityLines::Two, ..spec() };
    let half = Conventions { counting: ratio(1, 2).counting, ..spec() };
    let seat = Charge::PerSeat;
    for (id, charge, from, to, billing, on, expected, conventions) in [
        ("S1", seat(1_000), 5, 8, june(), "2025-06-16", vec![1_500], spec()),
        ("S2", seat(1_500), 5, 10, june(), "2025-06-11", vec![5_000], spec()),
        ("S5", seat(2_900), 3, 5, january, "2024-01-16", vec![2_900], half),
        ("M8", seat(1_000), 5, 10, june(), "2025-06-16", vec![-2_500, 5_000], two_lines),
        ("M11", Charge::OneTime(50_000), 1, 3, june(), "2025-06-23", vec![100_000], spec()),
        ("Z3, 25 of 31", seat(3_900), 1, 2, july, "2025-07-07", vec![3_145], billed_on(1)),
        ("Z3, 31 of 31", seat(3_900), 1, 2, july, "2025-07-01", vec![3_900], billed_on(1)),
    ] {
        let charges = [charge];
        let change = seats(holding(&charges, from, &[]), to, billing, on, conventions);
        assert_eq!(amounts(&change.items), expected, "{id}");
    }
    // The next period: the scheduled plan with the number of seats that there is then.
    assert_eq!(whole(holding(&[seat(2_500)], 8, &[])), 20_000, "S1, next");
    assert_eq!(whole(holding(&[seat(2_500)], 10, &[])), 25_000, "S2, next");
}

#[test]
fn tiers() {
    let tiers = || vec![Tier { up_to: Some(10), per_seat: 1_000 }, Tier { up_to: None, per_seat: 800 }];
    assert_eq!(whole(holding(&[Charge::Graduated(tiers())], 14, &[])), 13_200, "S8");
    assert_eq!(whole(holding(&[Charge::Volume(tiers())], 14, &[])), 11_200, "S8");
}

#[test]
fn fewer_seats_and_differences() {
    let limits = SeatLimits { minimum: 1, maximum: 50 };
    let june = period("2025-06-01", "2025-07-01");
    let charges = [Charge::PerSeat(1_000)];
    // M12: the window is 0 days; three invoices in all.
    let no_window = Conventions { window_days: 0, ..spec() };
    let mut invoices = vec![whole(holding(&charges, 5, &[]))];
    let to = seats_by(5, 2, limits).unwrap();
    let more = seats(holding(&charges, 5, &[]), to, june, "2025-06-11", no_window);
    invoices.extend(amounts(&more.items));
    assert_eq!(more.now, 7, "M12");
    let fewer =
        seats(holding(&charges, 7, &[]), seats_by(7, -5, limits).unwrap(), june, "2025-06-16", no_window);
    invoices.extend(amounts(&fewer.items));
    assert_eq!((fewer.now, fewer.at_renewal), (7, 2), "M12");
    let outside = ChangeRefusal::OutsideLimits { least: 1, most: 50 };
    assert_eq!(seats_by(fewer.at_renewal, -5, limits), Err(outside.clone()), "M12");
    invoices.push(whole(holding(&charges, fewer.at_renewal, &[])));
    assert_eq!(invoices, [5_000, 1_333, 2_000], "M12");
    // M13: given as differences; five wait for their payment.
    let seats = Seats::new(10).add(1, limits).unwrap();
    let waiting = seats.wait(5, limits).unwrap();
    let more = waiting.add(1, limits).unwrap();
    let paid = more.paid(5).unwrap();
    let last = paid.add(1, limits).unwrap();
    let totals = [seats, waiting, more, paid, last].map(Seats::total);
    assert_eq!(totals, [11, 11, 12, 17, 18], "M13");
    // M14.
    for difference in [100, -10] {
        assert_eq!(seats_by(10, difference, limits), Err(outside.clone()), "M14");
    }
    for to in [110, 0] {
        let request = SeatRequest {
            limits,
            ..SeatRequest::new(holding(&charges, 10, &[]), to, june, day("2025-06-16"))
        };
        assert_eq!(change_seats(&request, spec()), Err(outside.clone()), "M14");
    }
    // M15: each is carried out on the number that holds then.
    let all = (0..3).try_fold(10, |seats, _| seats_by(seats, 1, limits));
    assert_eq!(all, Ok(13), "M15");
}

#[test]
fn units_that_are_paid_ahead() {
    let june = period("2025-06-01", "2025-07-01");
    let paid_ahead = Conventions { proration: Proration::None, decreases: Decreases::Never, ..spec() };
    let charges = [Charge::PerSeat(1_000)];
    let cost = |from, to| {
        let change = seats(holding(&charges, from, &[]), to, june, "2025-06-16", paid_ahead);
        (sum(Currency::USD, &change.items).unwrap().minor(), change.now)
    };
    assert_eq!(whole(holding(&charges, 10, &[])), 10_000, "L14");
    assert_eq!(cost(10, 5), (0, 10), "L14");
    assert_eq!(cost(10, 15), (5_000, 15), "L14");
    assert_eq!((cost(10, 15).0, cost(15, 20).0), (5_000, 5_000), "L15");
    let both = [(1_000, 10, 15), (2_000, 5, 10)].map(|(price, from, to)| {
        let charges = [Charge::PerSeat(price)];
        let change = seats(holding(&charges, from, &[]), to, june, "2025-06-16", paid_ahead);
        (vat("0"), change.items[0].amount.minor())
    });
    assert_eq!(add_up(&both, Rounding::Down).gross, usd(15_000), "L15");
}

#[test]
fn a_fixed_billing_day() {
    let first = billed_on(1);
    let march = first.stretch(day("2024-03-05"), 1, 0).unwrap();
    let cost = |minor, stretch: domain::time::Stretch| {
        let share = first.share(stretch.service, stretch.billing);
        let charges = [Charge::Flat(minor)];
        amounts(&holding(&charges, 1, &[]).recurring(share, first).unwrap())
    };
    assert_eq!(cost(1_000, march), [871], "L1");
    let (old, new) = ([Charge::Flat(1_000)], [Charge::Flat(1_500)]);
    let month = |charges| (holding(charges, 1, &[]), Term::OneMonth);
    let (credit, charge) = plan(month(&old), month(&new), march.billing, "2024-03-12", first);
    assert_eq!((charge, credited(871, credit[0], vat("25"))), (vec![968], -806), "L2");
    // L6: the last day is still billed.
    let billed = Conventions { end_day: EndDay::Billed, ..first };
    let february = first.stretch(day("2023-02-08"), 1, 0).unwrap();
    let fee = cost(5_000, february)[0];
    assert_eq!(add_up(&[(vat("20"), fee)], Rounding::HalfAwayFromZero).gross, usd(4_500), "L6");
    let charges = [Charge::Flat(5_000)];
    let today = day("2023-02-08");
    let request = CancelRequest {
        holding: holding(&charges, 1, &[]),
        billing: february.billing,
        today,
        purchases: &[],
    };
    let back = amounts(&cancel(&request, billed).unwrap().items)[0];
    assert_eq!((back, credited(fee, back, vat("20"))), (-3_571, -4_285), "L6");
    // L16: nothing is invoiced before the trial is over.
    let rule = TrialRule {
        card: TrialCard::Required,
        plan: None,
        days: 10,
        seats: 1,
        extension_days: 0,
        extension_within_days: 0,
    };
    let trial = State::trial(&rule, day("2024-03-05"), None).unwrap();
    let bought = trial.next_day().unwrap().unwrap();
    assert_eq!(bought, day("2024-03-15"), "L16");
    assert_eq!(cost(5_000_000, first.stretch(bought, 1, 0).unwrap()), [2_741_935], "L16");
    // K1, in billionths.
    for (start, day_of_month, expected) in [
        ("2023-05-23", 15, 741_935_484),
        ("2023-06-23", 15, 733_333_333),
        ("2023-02-23", 15, 714_285_714),
        ("2024-02-23", 15, 724_137_931),
    ] {
        let cycle = FixedDayCycle::new(day(start), BillingDay::new(day_of_month).unwrap(), 1);
        let part = cycle.stretch(0).unwrap().part();
        let billionths = usd(1_000_000_000).share(part, Rounding::HalfAwayFromZero).unwrap();
        assert_eq!(billionths.minor(), expected, "K1 {start}");
    }
    let cycle = FixedDayCycle::new(day("2011-01-31"), BillingDay::new(7).unwrap(), 1);
    let parts = cycle.until(day("2011-03-10")).unwrap().into_iter().map(domain::time::Stretch::part);
    let expected = [(7, 31), (1, 1), (3, 31)].map(|(over, of)| Fraction::new(over, of).unwrap());
    assert_eq!(parts.collect::<Vec<_>>(), expected, "K8");
}

#[test]
fn anniversaries() {
    let starts =
        |anchor: &str| [1, 2, 3].map(|n| Cycle::new(day(anchor), 1).start_of(n).unwrap().to_string());
    assert_eq!(starts("2024-01-31"), ["2024-02-29", "2024-03-31", "2024-04-30"], "M7, U5");
    assert_eq!(starts("2025-01-31"), ["2025-02-28", "2025-03-31", "2025-04-30"], "U5");
    assert_eq!(starts("2025-05-31")[0], "2025-06-30", "U6");
    for n in 0..3 {
        let stretch = spec().stretch(day("2024-01-31"), 1, n).unwrap();
        let share = spec().share(stretch.service, stretch.billing);
        let items = holding(&[Charge::Flat(3_500)], 1, &[]).recurring(share, spec()).unwrap();
        assert_eq!(amounts(&items), [3_500], "M7");
    }
    assert_eq!(Cycle::new(day("2012-01-30"), 1).begun_by(day("2012-03-01")), 2, "K9");
    // L4: twice in one day.
    let billing = spec().stretch(day("2024-03-05"), 1, 0).unwrap().billing;
    let [first, second, third] = [1_000, 1_500, 1_900].map(|minor| [Charge::Flat(minor)]);
    let month = |charges| (holding(charges, 1, &[]), Term::OneMonth);
    assert_eq!(whole(month(&first).0), 1_000, "L4");
    let (credit, charge) = plan(month(&first), month(&second), billing, "2024-03-12", credited_now());
    assert_eq!((&charge[..], credited(1_000, credit[0], vat("25"))), (&[1_161][..], -968), "L4");
    let (credit, next) = plan(month(&second), month(&third), billing, "2024-03-12", credited_now());
    assert_eq!((next, credited(charge[0], credit[0], vat("25"))), (vec![1_471], -1_451), "L4");
}

#[test]
fn taxes_of_documents() {
    // L23: the tax of a rate is shown per line.
    let fees = [10_000, 5_000, 3_000, 2_000].map(usd);
    let coupon = spread(usd(1_000), &fees).unwrap();
    let nets = fees.iter().zip(coupon).map(|(fee, off)| fee.minus(off).unwrap());
    let lines: Vec<_> = ["10", "0", "20", "20"].into_iter().map(vat).zip(nets).collect();
    let totals = total(Currency::USD, false, Rounding::HalfAwayFromZero, lines.iter().copied()).unwrap();
    assert_eq!(shown_per_line(&totals, &lines).unwrap(), [950, 0, 570, 380].map(usd), "L23");
    assert_eq!(totals.gross, usd(20_900), "L23");
    let totals = add_up(&[(vat("10"), 105); 3], Rounding::Down);
    assert_eq!((totals.tax, totals.gross), (usd(31), usd(346)), "J1");
    // J1: credited line by line.
    let invoice = Invoiced {
        currency: Currency::USD,
        tax_included: false,
        tax_rounding: Rounding::Down,
        totals: &totals,
    };
    let back = (vat("10"), usd(-105));
    let notes = [0, 1, 2].map(|n| credit_note(&invoice, &vec![back; n], &[back]).unwrap().gross);
    assert_eq!(Money::sum(Currency::USD, notes).unwrap(), usd(-346), "J1");
    let reduced = AppliedTax { kind: TaxKind::Reduced, ..vat("8") };
    let lines = [(reduced, usd(1_188)), (vat("10"), usd(1_100))];
    let totals = total(Currency::USD, true, Rounding::Down, lines).unwrap();
    let taxes: Vec<i64> = totals.rates.iter().map(|rate| rate.tax.minor()).collect();
    assert_eq!((taxes, totals.gross), (vec![100, 88], usd(2_288)), "J3");
}

#[test]
fn small_debts() {
    let from_150 = Conventions { dunning_threshold: 150, ..spec() };
    assert_eq!(asked_for(usd(149), from_150), None, "U3");
    assert_eq!(asked_for(usd(155), from_150), Some(usd(155)), "U3");
    assert_eq!(asked_for(usd(149), spec()), Some(usd(149)), "U3 under SPEC");
}

#[test]
fn japanese_documents() {
    let form = |text| TaxId::parse(Country::JAPAN, text).map(|id| id.form());
    assert_eq!(form("T8000012010038"), Ok(TaxIdForm::Checked), "J6");
    assert_eq!(form("T9000012010038"), Ok(TaxIdForm::NotACompany), "J6");
    assert!(form("8000012010038").is_err() && form("T800001201003").is_err(), "J6");
    let catalog: Catalog = toml::from_str(include_str!("money_cases.toml")).unwrap();
    let (issuer, product) = (&catalog.issuers[0], &catalog.products[0]);
    let plan = &product.plans[0];
    let purchase = Purchase {
        issuer,
        product,
        plan,
        price: &plan.prices[0],
        seats: SeatCount::new(1).unwrap(),
        buyer: Buyer { country: Country::JAPAN, tax_id: None },
        start: day("2026-11-24"),
    };
    let quote = purchase.quote(Money::zero(Currency::JPY), spec()).unwrap();
    let recipient = Recipient {
        name: "はるかぜ設計株式会社".into(),
        country: Country::JAPAN,
        address: issuer.address.ja.clone(),
        tax_id: None,
        department: None,
        person: None,
    };
    let invoice = Document::invoice(&quote, issuer, recipient, None, Series::Invoice, false);
    let invoice = invoice.issue(1, day("2026-11-24"));
    let pint = Pint::of(&invoice.contents).unwrap();
    assert_eq!((pint.type_code.code(), pint.tax_currency), ("380", Currency::JPY), "J7");
    let mut lines = invoice.contents.lines.clone();
    lines[0].amount = lines[0].amount.negated().unwrap();
    let note = Document::credit_note(&invoice, &[], lines, day("2026-11-25")).unwrap().contents;
    let pint = Pint::of(&note).unwrap();
    assert_eq!((pint.type_code.code(), pint.preceding), ("380", Some(invoice.number.number)), "J7");
    assert_eq!(note.totals.gross, invoice.contents.totals.gross.negated().unwrap(), "J7");
}
