//! L1–L6, L16, K1–K9, M7, U5, U6: where periods begin.

use super::*;

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
    let thirtieth = FixedDayCycle::new(day("2012-01-30"), BillingDay::new(30).unwrap(), 1);
    let billed = [0, 1].map(|n| thirtieth.stretch(n).unwrap());
    assert!(billed.iter().all(|stretch| stretch.service == stretch.billing), "K9");
    assert_eq!(billed[1].service, period("2012-02-29", "2012-03-30"), "K9");
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
