use super::*;
use crate::catalog::{BillingFrequency, Lifecycle, Term, TrialCard, TrialRule};
use crate::time::{Cycle, Date, TimeError, add_days};
use jiff::civil::date;
use proptest::prelude::*;

const DAY: Date = date(2026, 11, 24);

fn month() -> PaidTerm {
    PaidTerm::first(Term::OneMonth, BillingFrequency::UpFront, DAY)
}

fn active() -> State {
    State::purchased(month(), DAY).unwrap()
}

fn ending() -> State {
    active().set_recurring(false).unwrap()
}

fn rule() -> TrialRule {
    TrialRule {
        card: TrialCard::Required,
        plan: None,
        days: 30,
        seats: 25,
        extension_days: 30,
        extension_within_days: 15,
    }
}

fn trial() -> State {
    State::trial(&rule(), DAY, None).unwrap()
}

fn lifecycle() -> Lifecycle {
    Lifecycle::default()
}

#[test]
fn a_purchase_is_active_on_its_first_day() {
    assert_eq!(active().status(), Status::Active);
    assert_eq!(active().next_day(), Ok(Some(date(2026, 12, 24))));
    let later = State::purchased(month(), date(2026, 11, 20)).unwrap();
    assert_eq!((later.status(), later.next_day()), (Status::Scheduled, Ok(Some(DAY))));
    assert_eq!(later.start(date(2026, 11, 23)), Err(TransitionError::TooEarly(DAY)));
    assert_eq!(later.start(DAY), Ok(active()));
    assert_eq!(State::purchased(month(), date(2026, 11, 25)), Err(TransitionError::TooLate(DAY)));
}

#[test]
fn terms_renew_from_the_anchor() {
    let paid = PaidTerm::first(Term::OneMonth, BillingFrequency::UpFront, date(2024, 1, 31));
    let mut state = State::purchased(paid, date(2024, 1, 31)).unwrap();
    for end in [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)] {
        assert_eq!(state.next_day(), Ok(Some(end)));
        assert_eq!(state.renew(end.yesterday().unwrap()), Err(TransitionError::TooEarly(end)));
        state = state.renew(end).unwrap();
    }
    assert_eq!(ending().renew(date(2026, 12, 24)), Err(TransitionError::NotRecurring));
}

#[test]
fn what_ends_expires_then_is_disabled_then_deleted() {
    let ended = date(2026, 12, 24);
    assert_eq!(active().end(lifecycle(), ended), Err(TransitionError::Recurring));
    assert_eq!(ending().end(lifecycle(), date(2026, 12, 23)), Err(TransitionError::TooEarly(ended)));
    let expired = ending().end(lifecycle(), ended).unwrap();
    let thirty_days_later = date(2027, 1, 23);
    assert_eq!(expired, State::Expired { ended, until: thirty_days_later });
    assert!(expired.status().works());
    assert_eq!(
        expired.disable(lifecycle(), date(2027, 1, 22)),
        Err(TransitionError::TooEarly(thirty_days_later))
    );
    // Run three days late, the days are still those of the calendar.
    let disabled = expired.disable(lifecycle(), date(2027, 1, 26)).unwrap();
    let until = date(2027, 4, 23);
    let expected = Disabled { since: thirty_days_later, until, cause: DisabledCause::Ended };
    assert_eq!(disabled, State::Disabled(expected));
    assert!(!disabled.status().works() && !disabled.status().can_assign());
    assert_eq!(disabled.delete(date(2027, 4, 22)), Err(TransitionError::TooEarly(until)));
    let deleted = disabled.delete(until).unwrap();
    assert_eq!((deleted, deleted.next_day()), (State::Deleted { on: until }, Ok(None)));
}

#[test]
fn a_product_can_have_other_lengths() {
    let short = Lifecycle { expired_days: 0, trial_expired_days: 5, disabled_days: 10 };
    let disabled = ending().end(short, date(2026, 12, 24)).unwrap();
    assert_eq!((disabled.status(), disabled.next_day()), (Status::Disabled, Ok(Some(date(2027, 1, 3)))));
    let expired = trial().end(short, date(2026, 12, 24)).unwrap();
    assert_eq!(expired, State::Expired { ended: date(2026, 12, 24), until: date(2026, 12, 29) });
}

#[test]
fn a_trial_has_no_expired_days_unless_the_product_says_so() {
    assert_eq!(trial().next_day(), Ok(Some(date(2026, 12, 24))));
    assert_eq!(trial().end(lifecycle(), date(2026, 12, 24)).unwrap().status(), Status::Disabled);
    assert_eq!(trial().renew(date(2026, 12, 24)), Err(TransitionError::WrongState(Status::Active)));
}

#[test]
fn a_trial_is_extended_once_in_its_last_fifteen_days() {
    assert_eq!(
        trial().extend_trial(&rule(), date(2026, 12, 8)),
        Err(TransitionError::TooEarly(date(2026, 12, 9)))
    );
    assert_eq!(
        trial().extend_trial(&rule(), date(2026, 12, 24)),
        Err(TransitionError::TooLate(date(2026, 12, 23)))
    );
    let longer = trial().extend_trial(&rule(), date(2026, 12, 9)).unwrap();
    assert_eq!(longer.next_day(), Ok(Some(date(2027, 1, 23))));
    assert_eq!(longer.extend_trial(&rule(), date(2027, 1, 20)), Err(TransitionError::ExtendedBefore));
    assert_eq!(active().extend_trial(&rule(), DAY), Err(TransitionError::WrongState(Status::Active)));
}

#[test]
fn a_trial_that_is_bought_starts_its_term_that_day() {
    let on = date(2026, 12, 1);
    let bought = trial().buy_trial(Term::OneYear, BillingFrequency::Monthly, on).unwrap();
    assert_eq!(bought.next_day(), Ok(Some(date(2027, 12, 1))));
    assert!(matches!(
        active().buy_trial(Term::OneYear, BillingFrequency::Monthly, on),
        Err(TransitionError::WrongState(Status::Active))
    ));
}

#[test]
fn unpaid_for_thirty_days_is_disabled_and_paying_restores_at_once() {
    let renewed = active().renew(date(2026, 12, 24)).unwrap();
    let due = renewed.payment_failed(30, date(2026, 12, 24)).unwrap();
    assert_eq!((due.status(), due.next_day()), (Status::Active, Ok(Some(date(2027, 1, 23)))));
    // A later failure of the same kind changes nothing; a chargeback leaves one day.
    assert_eq!(due.payment_failed(30, date(2027, 1, 3)), Ok(due));
    assert_eq!(due.payment_failed(1, date(2027, 1, 3)).unwrap().next_day(), Ok(Some(date(2027, 1, 4))));
    assert_eq!(
        due.disable_unpaid(lifecycle(), date(2027, 1, 22)),
        Err(TransitionError::TooEarly(date(2027, 1, 23)))
    );
    let disabled = due.disable_unpaid(lifecycle(), date(2027, 1, 23)).unwrap();
    assert_eq!(disabled.status(), Status::Disabled);
    let reactivated = disabled.reactivate(Term::OneMonth, BillingFrequency::UpFront, date(2027, 2, 1));
    assert_eq!(reactivated, Err(TransitionError::PaymentDue));
    assert_eq!(disabled.payment_settled(), Ok(renewed));
    assert_eq!(due.payment_settled(), Ok(renewed));
    assert_eq!(
        renewed.disable_unpaid(lifecycle(), date(2027, 12, 24)),
        Err(TransitionError::WrongState(Status::Active))
    );
}

#[test]
fn what_comes_back_starts_where_the_specification_says() {
    let back = |state: State, on| state.reactivate(Term::OneMonth, BillingFrequency::UpFront, on).unwrap();
    let expired = ending().end(lifecycle(), date(2026, 12, 24)).unwrap();
    assert_eq!(back(expired, date(2027, 1, 10)).next_day(), Ok(Some(date(2027, 1, 24))));
    let disabled = expired.disable(lifecycle(), date(2027, 1, 23)).unwrap();
    assert_eq!(back(disabled, date(2027, 2, 1)).next_day(), Ok(Some(date(2027, 3, 1))));
    let canceled = active().cancel_now(lifecycle(), date(2026, 11, 25)).unwrap();
    assert_eq!(canceled.next_day(), Ok(Some(date(2027, 2, 23))));
    assert_eq!(back(canceled, date(2026, 11, 26)).next_day(), Ok(Some(date(2026, 12, 26))));
}

#[test]
fn lists_are_sorted_by_the_day_on_which_the_term_ends() {
    let later = State::purchased(month(), date(2026, 11, 20)).unwrap();
    let (ended, until) = (date(2026, 12, 24), date(2027, 1, 23));
    let expired = ending().end(lifecycle(), ended).unwrap();
    let disabled = expired.disable(lifecycle(), until).unwrap();
    for (state, ends_on) in [
        (active(), ended),
        (later, ended),
        (trial(), ended),
        (expired, ended),
        (disabled, until),
        (State::Deleted { on: DAY }, DAY),
    ] {
        assert_eq!(state.ends_on(), Ok(ends_on), "{}", state.status());
    }
}

#[test]
fn nothing_comes_of_what_is_deleted() {
    let gone = State::Deleted { on: DAY };
    let wrong = Err(TransitionError::WrongState(Status::Deleted));
    let late = date(2030, 1, 1);
    for refused in [
        gone.start(late),
        gone.renew(late),
        gone.end(lifecycle(), late),
        gone.disable(lifecycle(), late),
        gone.disable_unpaid(lifecycle(), late),
        gone.delete(late),
        gone.set_recurring(true),
        gone.extend_trial(&rule(), late),
        gone.buy_trial(Term::OneYear, BillingFrequency::UpFront, late),
        gone.cancel_now(lifecycle(), late),
        gone.payment_failed(30, late),
        gone.payment_settled(),
        gone.reactivate(Term::OneYear, BillingFrequency::UpFront, late),
    ] {
        assert_eq!(refused, wrong);
    }
}

#[test]
fn a_state_reads_back_as_it_was_written() {
    let due = active().payment_failed(30, DAY).unwrap();
    let unpaid = due.disable_unpaid(lifecycle(), date(2027, 1, 1)).unwrap();
    let expired = ending().end(lifecycle(), date(2026, 12, 24)).unwrap();
    for state in
        [active(), due, unpaid, expired, trial(), State::Deleted { on: DAY }, State::Scheduled(month())]
    {
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&json).unwrap(), state, "{json}");
        assert!(json.contains(&format!(r#""status":"{}""#, state.status())), "{json}");
    }
}

#[test]
fn a_number_of_seats_has_bounds() {
    assert_eq!(SeatCount::new(0), None);
    assert_eq!(SeatCount::new(SeatCount::LARGEST).map(SeatCount::get), Some(1_000_000));
    assert_eq!(SeatCount::new(SeatCount::LARGEST + 1), None);
    assert!(serde_json::from_str::<SeatCount>("0").is_err());
    assert_eq!(SeatCount::new(12).unwrap().to_string(), "12");
}

#[test]
fn codes_read_back() {
    for status in Status::ALL {
        assert_eq!(status.code().parse(), Ok(*status));
    }
    let unknown = "paused".parse::<Channel>().unwrap_err();
    assert_eq!(unknown.to_string(), "\"paused\" is not one of: self-service, central, trial");
}

proptest! {
    /// However late the worker comes, terms follow each other without a gap, each later than the one before, and
    /// each begins where the anchor says, month ends and leap days included.
    #[test]
    fn renewals_strictly_increase_and_are_those_of_the_anchor(
        after in 0_i32..4_000,
        term in prop::sample::select(Term::ALL),
        late in 0_i32..20,
        count in 1_u32..40,
    ) {
        let anchor = add_days(date(2023, 12, 1), after).unwrap();
        let paid = PaidTerm::first(term, BillingFrequency::UpFront, anchor);
        let mut state = State::purchased(paid, anchor).unwrap();
        let mut last = anchor;
        for n in 1..=count {
            let due = state.next_day().unwrap().unwrap();
            prop_assert!(last < due);
            prop_assert_eq!(due, Cycle::new(anchor, term.months()).start_of(n).unwrap());
            state = state.renew(add_days(due, late).unwrap()).unwrap();
            last = due;
        }
    }

    /// Whatever the length of its stages, a subscription that ends is Deleted after exactly their sum, and
    /// each stage begins on the day the one before it ends, however late the worker comes.
    #[test]
    fn the_stages_follow_each_other(
        expired_days in 0_u16..100,
        disabled_days in 0_u16..100,
        late in 0_i32..50,
    ) {
        let lifecycle = Lifecycle { expired_days, trial_expired_days: 0, disabled_days };
        let mut state = ending();
        let mut days = Vec::new();
        while let Some(day) = state.next_day().unwrap() {
            days.push(day);
            let today = add_days(day, late).unwrap();
            state = match state.status() {
                Status::Active => state.end(lifecycle, today),
                Status::Expired => state.disable(lifecycle, today),
                _ => state.delete(today),
            }
            .unwrap();
        }
        let end = add_days(date(2026, 12, 24), i32::from(expired_days) + i32::from(disabled_days));
        prop_assert_eq!(Ok::<_, TimeError>(*days.last().unwrap()), end);
        prop_assert!(days.is_sorted());
    }
}

#[test]
fn a_new_term_begins_on_its_day_and_not_while_there_is_one() {
    let today = DAY.tomorrow().unwrap();
    let ended = ending().end(lifecycle(), date(2026, 12, 24)).unwrap();
    let later = date(2027, 1, 10);
    assert_eq!(trial().new_term_starts_on(today), Ok(today));
    assert_eq!(ended.new_term_starts_on(later), Ok(date(2026, 12, 24)));
    let gone = ended.disable(lifecycle(), date(2027, 1, 23)).unwrap();
    assert_eq!(gone.new_term_starts_on(date(2027, 2, 1)), Ok(date(2027, 2, 1)));
    assert_eq!(active().new_term_starts_on(today), Err(TransitionError::WrongState(Status::Active)));
    for (state, on) in [(trial(), today), (ended, later), (gone, date(2027, 2, 1))] {
        let State::Active(Active { run: Run::Paid(paid), payment_due: None }) =
            state.begin_term(Term::OneYear, BillingFrequency::Monthly, on).unwrap()
        else {
            panic!("a term")
        };
        let first = PaidTerm::first(Term::OneYear, BillingFrequency::Monthly, paid.anchor);
        assert_eq!((paid, Ok(paid.anchor)), (first, state.new_term_starts_on(on)));
    }
    let unpaid = active().payment_failed(30, DAY).unwrap().disable_unpaid(lifecycle(), date(2026, 12, 24));
    assert_eq!(unpaid.unwrap().new_term_starts_on(later), Err(TransitionError::PaymentDue));
}

#[test]
fn a_trial_that_was_to_be_bought_can_be_told_not_to() {
    let (term, frequency) = (Term::OneYear, BillingFrequency::UpFront);
    let five = SeatCount::new(5).map(|seats| Conversion { term, frequency, seats });
    let converting = State::trial(&rule(), DAY, five).unwrap();
    assert_eq!(converting.set_recurring(false), Ok(trial()));
    assert_eq!(trial().set_recurring(true), Err(TransitionError::WrongState(Status::Active)));
}
