use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn months(anchor: Date, months: u16) -> Vec<Date> {
    (0..4).map(|n| Cycle::new(anchor, months).start_of(n).unwrap()).collect()
}

#[test]
fn periods_are_counted_from_the_anchor() {
    // Money cases U5, U6, M7 and SPEC 3.
    let leap = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)];
    assert_eq!(months(date(2024, 1, 31), 1), leap);
    let common = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)];
    assert_eq!(months(date(2025, 1, 31), 1), common);
    let june = [date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)];
    assert_eq!(months(date(2025, 5, 31), 1), june);
    let years = [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28)];
    assert_eq!(months(date(2024, 2, 29), 12), years);
    assert_eq!(Cycle::new(date(2024, 2, 29), 12).start_of(4).unwrap(), date(2028, 2, 29));
    let three = [date(2026, 11, 24), date(2029, 11, 24), date(2032, 11, 24), date(2035, 11, 24)];
    assert_eq!(months(date(2026, 11, 24), 36), three);
}

#[test]
fn a_leap_february_has_its_cycles() {
    // Money case K9: from 30 January 2012, 1 March lies in the second cycle after the first.
    let cycle = Cycle::new(date(2012, 1, 30), 1);
    assert_eq!(cycle.period(0).unwrap().end(), date(2012, 2, 29));
    assert_eq!(cycle.number_on(date(2012, 3, 1)), Some(1));
    assert_eq!(cycle.period_on(date(2012, 2, 29)).unwrap().0, 1);
}

#[test]
fn cycles_are_counted_when_they_begin() {
    // Money case K9: two full cycles.
    let cycle = Cycle::new(date(2012, 1, 30), 1);
    for (day, begun) in [
        (date(2012, 1, 29), 0),
        (date(2012, 1, 30), 1),
        (date(2012, 2, 28), 1),
        (date(2012, 2, 29), 2),
        (date(2012, 3, 1), 2),
        (date(2012, 3, 30), 3),
    ] {
        assert_eq!(cycle.begun_by(day), begun, "{day}");
    }
}

fn fixed(start: Date, day: i8, end: Date) -> Vec<String> {
    let cycle = FixedDayCycle::new(start, BillingDay::new(day).unwrap(), 1);
    cycle.until(end).unwrap().into_iter().map(|stretch| stretch.part().to_string()).collect()
}

#[test]
fn a_fixed_billing_day_makes_a_first_and_a_last_part() {
    // Money cases K8, L1, L16, Z3 and K9 with billing day 30 in a leap year.
    assert_eq!(fixed(date(2011, 1, 31), 7, date(2011, 3, 10)), ["7/31", "28/28", "3/31"]);
    assert_eq!(fixed(date(2024, 3, 5), 1, date(2024, 4, 1)), ["27/31"]);
    assert_eq!(fixed(date(2024, 3, 15), 1, date(2024, 4, 1)), ["17/31"]);
    assert_eq!(fixed(date(2025, 7, 7), 1, date(2025, 8, 1)), ["25/31"]);
    assert_eq!(fixed(date(2012, 1, 30), 30, date(2012, 3, 30)), ["30/30", "30/30"]);
    // The 31st is the last day of a shorter month, and comes back.
    assert_eq!(fixed(date(2025, 1, 31), 31, date(2025, 5, 1)), ["28/28", "31/31", "30/30", "1/31"]);
    assert_eq!(fixed(date(2025, 2, 10), 31, date(2025, 2, 10)), [""; 0]);
    assert_eq!((BillingDay::new(0), BillingDay::new(32)), (None, None));
}

#[test]
fn periods_are_half_open() {
    let period = Period::new(date(2026, 11, 24), date(2026, 12, 8)).unwrap();
    assert_eq!((period.days(), period.last_day()), (14, date(2026, 12, 7)));
    assert!(period.contains(date(2026, 11, 24)) && period.contains(date(2026, 12, 7)));
    assert!(!period.contains(date(2026, 11, 23)) && !period.contains(date(2026, 12, 8)));
    assert_eq!(period.rest_from(date(2026, 12, 7)).unwrap().days(), 1);
    assert_eq!(period.rest_from(date(2026, 12, 8)), None);
    let empty = TimeError::EmptyPeriod { start: date(2026, 1, 1), end: date(2026, 1, 1) };
    assert_eq!(Period::new(date(2026, 1, 1), date(2026, 1, 1)), Err(empty));
    assert!(serde_json::from_str::<Period>(r#"{"start":"2026-01-02","end":"2026-01-01"}"#).is_err());
}

#[test]
fn fractions_count_real_days() {
    // Money case K1, with the periods as anchored months.
    for (anchor, day, end, part) in [
        (date(2023, 5, 15), date(2023, 5, 23), date(2023, 6, 15), "23/31"),
        (date(2023, 6, 15), date(2023, 6, 23), date(2023, 7, 15), "22/30"),
        (date(2023, 2, 15), date(2023, 2, 23), date(2023, 3, 15), "20/28"),
        (date(2024, 2, 15), date(2024, 2, 23), date(2024, 3, 15), "21/29"),
    ] {
        let whole = Cycle::new(anchor, 1).period(0).unwrap();
        assert_eq!(whole.end(), end);
        assert_eq!(whole.rest_from(day).unwrap().part_of(whole).to_string(), part);
    }
}

#[test]
fn the_calendar_ends() {
    assert_eq!(add_days(Date::MAX, 1), Err(TimeError::OutsideCalendar));
    assert_eq!(add_days(Date::MIN, i32::MIN), Err(TimeError::OutsideCalendar));
    assert_eq!(Cycle::new(date(2026, 1, 1), 36).start_of(u32::MAX), Err(TimeError::OutsideCalendar));
    assert_eq!(days_between(Date::MIN, Date::MAX), 7_304_483);
    assert_eq!(Cycle::new(date(2026, 1, 1), 1).number_on(date(2025, 12, 31)), None);
    assert_eq!(Cycle::new(date(2026, 1, 31), 1).number_on(date(2026, 1, 30)), None);
}

#[test]
fn an_instant_is_shown_as_iso_8601() {
    let at = Instant::from_micros(1_795_489_200_000_001);
    assert_eq!(at.to_string(), "2026-11-24T03:00:00.000001Z");
    assert_eq!(Instant::from(at.timestamp()), at);
    assert_eq!(Instant::from(jiff::Timestamp::from_nanosecond(-1).unwrap()), Instant::from_micros(-1));
    assert_eq!(Instant::from_micros(i64::MAX).timestamp(), jiff::Timestamp::MAX);
    assert_eq!(Instant::from_micros(i64::MIN).timestamp(), jiff::Timestamp::MIN);
    assert_eq!(format!("{at:?}"), at.to_string());
    assert_eq!(Instant::from_micros(0).plus_seconds(-2).as_micros(), -2_000_000);
}

#[test]
fn zone_names_have_a_form() {
    assert!("Asia/Tokyo".parse::<ZoneName>().is_ok());
    assert!("Etc/GMT+9".parse::<ZoneName>().is_ok());
    assert!("".parse::<ZoneName>().is_err());
    assert!("東京".parse::<ZoneName>().is_err());
}

#[cfg(feature = "zones")]
mod zones {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::find(&name.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_day_begins_at_its_first_instant_there() {
        for (name, day, first) in [
            // In the south and in the north, a day that begins at 01:00, and the day after clocks went back over
            // midnight.
            ("America/Santiago", date(2024, 9, 8), "2024-09-08T04:00:00Z"),
            ("America/Santiago", date(2024, 4, 7), "2024-04-07T04:00:00Z"),
            ("Africa/Cairo", date(2023, 4, 28), "2023-04-27T22:00:00Z"),
            ("Africa/Cairo", date(2023, 10, 27), "2023-10-26T22:00:00Z"),
            ("Asia/Beirut", date(2022, 3, 27), "2022-03-26T22:00:00Z"),
            ("Asia/Beirut", date(2022, 10, 30), "2022-10-29T22:00:00Z"),
            // Half an hour forward and back, later in the day: days of 23.5 and 24.5 hours.
            ("Australia/Lord_Howe", date(2024, 10, 6), "2024-10-05T13:30:00Z"),
            ("Australia/Lord_Howe", date(2024, 10, 7), "2024-10-06T13:00:00Z"),
            ("Australia/Lord_Howe", date(2024, 4, 7), "2024-04-06T13:00:00Z"),
            ("Australia/Lord_Howe", date(2024, 4, 8), "2024-04-07T13:30:00Z"),
            ("Asia/Tokyo", date(2026, 11, 24), "2026-11-23T15:00:00Z"),
            ("America/New_York", date(2026, 3, 8), "2026-03-08T05:00:00Z"),
            ("America/New_York", date(2026, 3, 9), "2026-03-09T04:00:00Z"),
            // Clocks went from 00:00 to 01:00.
            ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z"),
            // Clocks went from 23:30 to 00:30: the day began half an hour late, at the change.
            ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30:00Z"),
            // Clocks went from 01:00 to 00:00: the day began at the first of the two midnights.
            ("America/Havana", date(2025, 11, 2), "2025-11-02T04:00:00Z"),
        ] {
            let zone = zone(name);
            let start = zone.start_of(day).unwrap();
            assert_eq!(start.to_string(), first, "{name}");
            assert_eq!(zone.date(start), day, "{name}");
            assert_ne!(zone.date(Instant::from_micros(start.as_micros() - 1)), day, "{name}");
        }
    }

    #[test]
    fn a_day_that_was_left_out_begins_with_the_next() {
        // Apia went from the 29th to the 31st.
        let apia = zone("Pacific/Apia");
        let next = apia.start_of(date(2011, 12, 31)).unwrap();
        assert_eq!(next.to_string(), "2011-12-30T10:00:00Z");
        assert_eq!(apia.start_of(date(2011, 12, 30)), Ok(next));
        assert_eq!(apia.date(next), date(2011, 12, 31));
    }

    #[test]
    fn people_read_the_clock_of_their_zone() {
        let at = Instant::from_micros(1_795_489_200_000_000);
        assert_eq!(zone("Asia/Tokyo").datetime(at), date(2026, 11, 24).at(12, 0, 0, 0));
        assert_eq!(zone("Australia/Lord_Howe").datetime(at), date(2026, 11, 24).at(14, 0, 0, 0));
    }

    #[test]
    fn a_day_is_the_calendar_day_there() {
        let at = Instant::from(
            date(2026, 11, 24).at(15, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(),
        );
        assert_eq!(zone("Asia/Tokyo").date(at), date(2026, 11, 25));
        assert_eq!(zone("America/Los_Angeles").date(at), date(2026, 11, 24));
        assert_eq!(
            Zone::find(&"Mars/Olympus".parse().unwrap()),
            Err(TimeError::UnknownZone("Mars/Olympus".into()))
        );
    }

    proptest! {
        /// Daylight saving in both hemispheres, at midnight and by half an hour: every instant lies in its day,
        /// and every day begins after the one before it.
        #[test]
        fn days_and_instants_agree(
            seconds in 0_i64..4_000_000_000,
            name in prop::sample::select(vec![
                "Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia",
                "America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Pacific/Auckland",
            ]),
        ) {
            let zone = zone(name);
            let at = Instant::from_micros(seconds * 1_000_000);
            let day = zone.date(at);
            prop_assert!(zone.start_of(day).unwrap() <= at);
            prop_assert!(at < zone.start_of(day.tomorrow().unwrap()).unwrap());
        }
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0_i32..40_000).prop_map(|days| add_days(date(2000, 1, 1), days).unwrap())
}

proptest! {
    #[test]
    fn boundaries_strictly_increase_and_keep_the_anchor_day(
        anchor in any_day(),
        length in 1_u16..40,
        n in 0_u32..400,
    ) {
        let cycle = Cycle::new(anchor, length);
        let (this, next) = (cycle.start_of(n).unwrap(), cycle.start_of(n + 1).unwrap());
        prop_assert!(this < next);
        // The anchor's day, or the last of a month that lacks it.
        prop_assert_eq!(this.day(), anchor.day().min(this.days_in_month()));
        let month = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
        let months = month(this) - month(anchor);
        prop_assert_eq!(months, i64::from(n) * i64::from(length));
    }

    #[test]
    fn every_day_lies_in_exactly_its_period(anchor in any_day(), length in 1_u16..40, after in 0_i32..4_000) {
        let (cycle, day) = (Cycle::new(anchor, length), add_days(anchor, after).unwrap());
        let (n, period) = cycle.period_on(day).unwrap();
        prop_assert!(period.contains(day));
        prop_assert_eq!(cycle.period(n).unwrap(), period);
    }

    #[test]
    fn days_add_and_subtract(day in any_day(), days in -10_000_i32..10_000) {
        prop_assert_eq!(days_between(day, add_days(day, days).unwrap()), days);
    }

    #[test]
    fn stretches_of_a_fixed_day_follow_each_other(
        start in any_day(),
        day in 1_i8..=31,
        months in 1_u16..13,
        length in 1_i32..2_000,
    ) {
        let cycle = FixedDayCycle::new(start, BillingDay::new(day).unwrap(), months);
        let end = add_days(start, length).unwrap();
        let mut next = start;
        for (n, stretch) in (0..).zip(cycle.until(end).unwrap()) {
            prop_assert_eq!(stretch.service.start(), next);
            prop_assert!(stretch.billing.start() <= next && stretch.service.end() <= stretch.billing.end());
            let begins = stretch.billing.start();
            prop_assert_eq!(begins.day(), day.min(begins.days_in_month()));
            prop_assert_eq!(cycle.stretch(n).unwrap().billing, stretch.billing);
            next = stretch.service.end();
        }
        prop_assert_eq!(next, end);
    }
}
