use super::*;
use proptest::prelude::*;

fn yen(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}

fn fraction(numerator: i128, denominator: i128) -> Fraction {
    Fraction::new(numerator, denominator).unwrap()
}

#[test]
fn a_currency_knows_its_exponent() {
    for (code, exponent) in [("JPY", 0), ("USD", 2), ("EUR", 2), ("BHD", 3)] {
        assert_eq!(code.parse::<Currency>().unwrap().exponent(), exponent, "{code}");
    }
    for wrong in ["", "jpy", "JP", "JPYX", "XXX", "XAU", "円"] {
        assert_eq!(wrong.parse::<Currency>(), Err(UnknownCurrency(wrong.into())));
    }
}

#[test]
fn a_currency_has_a_code_a_sign_and_an_order() {
    assert_eq!([Currency::JPY, Currency::USD, Currency::EUR].map(Currency::symbol), ["¥", "$", "€"]);
    assert_eq!(format!("{:?} {:?} {}", Currency::JPY, fraction(14, 30), Currency::USD), "JPY 14/30 USD");
    assert!(Currency::EUR < Currency::JPY && Currency::JPY < Currency::USD);
}

#[test]
fn amounts_are_written_with_the_places_of_their_currency() {
    let bahrain: Currency = "BHD".parse().unwrap();
    for (money, text) in [
        (yen(1800), "1800"),
        (yen(-5), "-5"),
        (yen(0), "0"),
        (Money::zero(Currency::USD), "0.00"),
        (Money::new(1250, Currency::USD), "12.50"),
        (Money::new(-1250, Currency::USD), "-12.50"),
        (Money::new(5, Currency::USD), "0.05"),
        (Money::new(5, bahrain), "0.005"),
        (Money::new(-12_345, bahrain), "-12.345"),
        (Money::new(i64::MIN, Currency::USD), "-92233720368547758.08"),
    ] {
        assert_eq!(money.decimal(), text);
    }
    assert_eq!(Money::new(1250, Currency::USD).to_string(), "USD 12.50");
}

#[test]
fn each_mode_rounds_as_its_name_says() {
    // (tenths, half away from zero, half even, down, up)
    for (tenths, half, even, down, up) in [
        (0, 0, 0, 0, 0),
        (1, 0, 0, 0, 1),
        (4, 0, 0, 0, 1),
        (5, 1, 0, 0, 1),
        (6, 1, 1, 0, 1),
        (10, 1, 1, 1, 1),
        (15, 2, 2, 1, 2),
        (25, 3, 2, 2, 3),
        (26, 3, 3, 2, 3),
    ] {
        for sign in [1, -1] {
            let share = |mode| yen(tenths * sign).share(fraction(1, 10), mode).unwrap().minor() * sign;
            assert_eq!(share(Rounding::HalfAwayFromZero), half, "{tenths} half");
            assert_eq!(share(Rounding::HalfEven), even, "{tenths} even");
            assert_eq!(share(Rounding::Down), down, "{tenths} down");
            assert_eq!(share(Rounding::Up), up, "{tenths} up");
        }
    }
}

#[test]
fn two_currencies_never_meet_and_nothing_wraps() {
    let mismatch = MoneyError::CurrencyMismatch { left: Currency::JPY, right: Currency::USD };
    assert_eq!(yen(1).plus(Money::new(1, Currency::USD)), Err(mismatch));
    assert_eq!(yen(1).minus(Money::new(1, Currency::USD)), Err(mismatch));
    assert_eq!(Money::sum(Currency::JPY, [yen(1), Money::zero(Currency::USD)]), Err(mismatch));
    assert_eq!(yen(i64::MAX).plus(yen(1)), Err(MoneyError::Overflow));
    assert_eq!(yen(i64::MIN).minus(yen(1)), Err(MoneyError::Overflow));
    assert_eq!(yen(i64::MIN).negated(), Err(MoneyError::Overflow));
    assert_eq!(yen(i64::MAX / 2 + 1).times(2), Err(MoneyError::Overflow));
    assert_eq!(yen(i64::MAX).share(fraction(2, 1), Rounding::Down), Err(MoneyError::Overflow));
    assert_eq!(yen(i64::MAX).share(fraction(i128::MAX, 1), Rounding::Down), Err(MoneyError::Overflow));
}

#[test]
fn what_a_split_leaves_over_goes_to_the_largest_remainders() {
    let split = |amount: i64, weights: &[u64]| -> Vec<i64> {
        yen(amount).split(weights).unwrap().into_iter().map(Money::minor).collect()
    };
    assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(split(1000, &[10_000, 5_000, 3_000, 2_000]), [500, 250, 150, 100]);
    assert_eq!(split(10, &[1, 2, 4]), [1, 3, 6]);
    // 2.1 and 0.9: the larger remainder, not the larger part.
    assert_eq!(split(3, &[7, 3]), [2, 1]);
    assert_eq!(split(-10, &[1, 2, 4]), [-1, -3, -6]);
    assert_eq!(split(5, &[0, 1]), [0, 5]);
    assert_eq!(split(i64::MIN, &[u64::MAX]), [i64::MIN]);
    assert_eq!(yen(5).split(&[]), Err(MoneyError::NoWeights));
    assert_eq!(yen(5).split(&[0, 0]), Err(MoneyError::NoWeights));
}

#[test]
fn a_split_over_both_sides_of_zero_adds_up() {
    let split = |amount: i64, over: &[i64]| -> Vec<i64> {
        let over: Vec<Money> = over.iter().copied().map(yen).collect();
        yen(amount).split_over(&over).unwrap().into_iter().map(Money::minor).collect()
    };
    assert_eq!(split(10, &[1_000, -900]), [100, -90]);
    assert_eq!(split(-10, &[1_000, -900]), [-100, 90]);
    assert_eq!(split(-10, &[-1_000, 900]), [-100, 90]);
    // Exactly 6⅔, 6⅔ and −3⅓: equal remainders above 6, 6 and −4, of which two are made whole.
    assert_eq!(split(10, &[2, 2, -1]), [7, 7, -4]);
    assert_eq!(split(i64::MIN, &[i64::MIN, i64::MIN, i64::MAX]), [1 - i64::MAX - 1, -i64::MAX, i64::MAX - 1]);
    assert_eq!(yen(5).split_over(&[yen(1), yen(-1)]), Err(MoneyError::NoWeights));
    assert_eq!(yen(5).split_over(&[]), Err(MoneyError::NoWeights));
    assert!(yen(5).split_over(&[Money::new(1, Currency::USD)]).is_err());
    assert_eq!(yen(i64::MAX).split_over(&[yen(3), yen(-2)]), Err(MoneyError::Overflow));
}

#[test]
fn fractions_keep_their_terms_and_compare_by_value() {
    assert_eq!(fraction(14, 30).to_string(), "14/30");
    assert_eq!(fraction(14, 30), fraction(7, 15));
    assert_eq!(fraction(-1, -2), fraction(1, 2));
    assert_eq!(fraction(1, -2).to_string(), "-1/2");
    assert_eq!(fraction(14, 30).times(fraction(3, 7)).unwrap(), fraction(1, 5));
    assert_eq!("14/30".parse::<Fraction>().unwrap(), fraction(14, 30));
    assert_eq!("14/0".parse::<Fraction>(), Err(FractionError::ZeroDenominator));
    assert_eq!("14".parse::<Fraction>(), Err(FractionError::Malformed));
}

#[test]
fn money_travels_as_its_minor_units_and_code() {
    let money = Money::new(-1250, Currency::USD);
    let json = serde_json::to_string(&money).unwrap();
    assert_eq!(json, r#"{"minor":-1250,"currency":"USD"}"#);
    assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
}

proptest! {
    #[test]
    fn the_parts_of_a_split_add_up_to_the_whole(
        amount: i64,
        weights in prop::collection::vec(0_u64..1_000_000, 1..20),
    ) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let parts = yen(amount).split(&weights).unwrap();
        prop_assert_eq!(Money::sum(Currency::JPY, parts.iter().copied()).unwrap(), yen(amount));
        let total: u64 = weights.iter().sum();
        for (part, weight) in parts.iter().zip(&weights) {
            // No part is further than one unit from its exact share.
            let exact_times_total = i128::from(amount) * i128::from(*weight);
            let distance = i128::from(part.minor()) * i128::from(total) - exact_times_total;
            prop_assert!(distance.abs() < i128::from(total));
        }
    }

    /// Over amounts of one sign it is the split by weights, and over others no part is off by a unit or more.
    #[test]
    fn a_split_over_amounts_adds_up_to_the_whole(
        amount in -1_000_000_000_i64..1_000_000_000,
        over in prop::collection::vec(-1_000_000_i64..1_000_000, 1..12),
        negative: bool,
    ) {
        let sum: i64 = over.iter().sum();
        prop_assume!(sum != 0);
        let moneys: Vec<Money> = over.iter().copied().map(yen).collect();
        let parts = yen(amount).split_over(&moneys).unwrap();
        prop_assert_eq!(Money::sum(Currency::JPY, parts.iter().copied()).unwrap(), yen(amount));
        for (part, of) in parts.iter().zip(&over) {
            let exact_times_sum = i128::from(amount) * i128::from(*of);
            let distance = i128::from(part.minor()) * i128::from(sum) - exact_times_sum;
            prop_assert!(distance.abs() < i128::from(sum).abs());
        }
        let weights: Vec<u64> = over.iter().map(|each| each.unsigned_abs()).collect();
        let one_sided: Vec<Money> =
            over.iter().map(|each| yen(if negative { -each.abs() } else { each.abs() })).collect();
        prop_assert_eq!(yen(amount).split_over(&one_sided), yen(amount).split(&weights));
    }

    #[test]
    fn rounding_is_never_off_by_more_than_its_mode_says(
        amount: i64,
        over in 1_i128..100_000,
        of in 1_i128..100_000,
    ) {
        for mode in Rounding::ALL {
            let Ok(share) = yen(amount).share(fraction(over, of), *mode) else { continue };
            let error = (i128::from(share.minor()) * of - i128::from(amount) * over).abs();
            match mode {
                Rounding::HalfAwayFromZero | Rounding::HalfEven => prop_assert!(error * 2 <= of),
                Rounding::Down | Rounding::Up => prop_assert!(error < of),
            }
        }
    }

    #[test]
    fn rounding_is_the_same_on_both_sides_of_zero(
        amount in 0..i64::MAX,
        over in 1_i128..1000,
        of in 1000_i128..2000,
    ) {
        for mode in Rounding::ALL {
            let [there, back] = [amount, -amount].map(|minor| yen(minor).share(fraction(over, of), *mode));
            prop_assert_eq!(there.unwrap().negated(), back);
        }
    }

    /// Ties of half-rounding: half away from zero is away from it on both sides, half to even is even.
    #[test]
    fn ties_go_where_their_mode_says(odd in -1_000_000_000_i64..1_000_000_000, of in 1_i128..1_000) {
        // (2n + 1) / 2, as so many of twice as many days.
        let (tie, half) = (yen(2 * odd + 1), fraction(of, 2 * of));
        let [away, even] =
            [Rounding::HalfAwayFromZero, Rounding::HalfEven].map(|mode| tie.share(half, mode).unwrap().minor());
        prop_assert_eq!(away, if odd < 0 { odd } else { odd + 1 });
        prop_assert_eq!(even % 2, 0);
        prop_assert!((2 * even - tie.minor()).abs() == 1);
    }

    #[test]
    fn sums_do_not_depend_on_their_order(
        mut amounts in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 0..20),
    ) {
        let sum = |amounts: &[i64]| Money::sum(Currency::JPY, amounts.iter().copied().map(yen)).unwrap();
        let first = sum(&amounts);
        amounts.reverse();
        prop_assert_eq!(sum(&amounts), first);
    }
}
