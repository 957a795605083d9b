use super::*;
use crate::catalog::{BillingFrequency, Lifecycle, Term, TrialCard, TrialRule};
use crate::subscription::{Conversion, SeatCount};
use jiff::civil::date;
use proptest::prelude::*;

fn paid(term: Term, frequency: BillingFrequency, start: Date) -> Agenda {
    let paid = PaidTerm::first(term, frequency, start);
    let state = State::purchased(paid, start).unwrap();
    let (_, first) = next_billing(paid, start).unwrap();
    Agenda::new(state, start).billed_to(first.end())
}

/// What falls due, until so many things have; each is taken as carried out as the engine does.
fn days(mut agenda: Agenda, count: usize) -> Vec<String> {
    let mut found = Vec::new();
    while found.len() < count {
        let Some((on, due)) = agenda.next().unwrap() else { break };
        found.push(format!("{on} {due:?}"));
        agenda = done(agenda, on, due);
    }
    found
}

fn done(agenda: Agenda, on: Date, due: Due) -> Agenda {
    let lifecycle = Lifecycle::default();
    let state = agenda.state;
    match due {
        Due::Start => Agenda { state: state.start(on).unwrap(), ..agenda },
        Due::End => Agenda { state: state.end(lifecycle, on).unwrap(), billed_to: None, ..agenda },
        Due::Disable => Agenda { state: state.disable(lifecycle, on).unwrap(), ..agenda },
        Due::DisableUnpaid => {
            Agenda { state: state.disable_unpaid(lifecycle, on).unwrap(), dunning: None, ..agenda }
        }
        Due::Delete => Agenda { state: state.delete(on).unwrap(), ..agenda },
        Due::Retry | Due::Remind => {
            let dunning = agenda.dunning.map(|dunning| Dunning { done_to: on, ..dunning });
            Agenda { dunning, ..agenda }
        }
        Due::Renew => {
            let state = state.renew(on).unwrap();
            let next = Agenda { state, next_amount: NextAmount::Undecided, ..agenda };
            invoiced(next)
        }
        Due::Invoice => invoiced(agenda),
        Due::FixPrice => Agenda { next_amount: NextAmount::Same, ..agenda },
        Due::Tell(_) => Agenda { told_to: on, ..agenda },
        Due::Convert => unreachable!("no trial here converts"),
    }
}

fn invoiced(agenda: Agenda) -> Agenda {
    let State::Active(Active { run: Run::Paid(paid), .. }) = agenda.state else { unreachable!() };
    let (_, period) = next_billing(paid, agenda.billed_to.unwrap()).unwrap();
    agenda.billed_to(period.end())
}

#[test]
fn a_month_renews_silently_and_from_its_anchor() {
    let month = paid(Term::OneMonth, BillingFrequency::UpFront, date(2026, 1, 31));
    assert_eq!(
        days(month, 4),
        ["2026-02-21 FixPrice", "2026-02-28 Renew", "2026-03-24 FixPrice", "2026-03-31 Renew"]
    );
    let differs = Agenda { next_amount: NextAmount::Differs, ..month };
    assert_eq!(days(differs, 2), ["2026-02-21 Tell(Renewal(2026-02-28))", "2026-02-28 Renew"]);
}

#[test]
fn a_year_in_instalments_is_invoiced_monthly_and_announced() {
    let year = paid(Term::OneYear, BillingFrequency::Monthly, date(2026, 1, 31));
    let found = days(year, 16);
    assert_eq!(found[0], "2026-02-28 Invoice");
    assert_eq!(found[9], "2026-11-30 Invoice");
    assert_eq!(found[10], "2026-12-31 Invoice");
    assert_eq!(found[11], "2027-01-01 FixPrice");
    assert_eq!(found[12], "2027-01-01 Tell(Renewal(2027-01-31))");
    assert_eq!(found[13..15], [24, 30].map(|day| format!("2027-01-{day} Tell(Renewal(2027-01-31))")));
    assert_eq!(found[15], "2027-01-31 Renew");
}

#[test]
fn what_does_not_renew_ends_is_kept_and_deleted() {
    let year = paid(Term::OneYear, BillingFrequency::UpFront, date(2026, 1, 1));
    let off = Agenda { state: year.state.set_recurring(false).unwrap(), ..year };
    let end = ["2026-12-02", "2026-12-25", "2026-12-31"].map(|day| format!("{day} Tell(End(2027-01-01))"));
    let gone =
        ["2027-04-01", "2027-04-24", "2027-04-30"].map(|day| format!("{day} Tell(Deletion(2027-05-01))"));
    let expected = end.into_iter().chain(["2027-01-01 End".to_owned(), "2027-01-31 Disable".to_owned()]);
    let expected: Vec<_> = expected.chain(gone).chain(["2027-05-01 Delete".to_owned()]).collect();
    assert_eq!(days(off, 99), expected);
}

#[test]
fn nothing_more_is_invoiced_while_something_is_owed() {
    let month = paid(Term::OneMonth, BillingFrequency::UpFront, date(2026, 2, 1));
    // The second month's payment failed on its first day; February's renewal day comes before the 30 days are over.
    let state = month.state.renew(date(2026, 3, 1)).unwrap().payment_failed(30, date(2026, 3, 1)).unwrap();
    let day = date(2026, 3, 1);
    let failed = Dunning { first_failure: day, hard_since: None, done_to: day };
    let owing = Agenda {
        state,
        owes: true,
        dunning: Some(failed),
        next_amount: NextAmount::Same,
        ..month.billed_to(date(2026, 4, 1))
    };
    let found = days(owing, 6);
    let retries = ["03-04", "03-09", "03-16", "03-22"].map(|day| format!("2026-{day} Retry"));
    assert_eq!(found[..4], retries);
    assert_eq!(found[4], "2026-03-31 DisableUnpaid");
    assert_eq!(found[5], "2026-05-30 Tell(Deletion(2026-06-29))");
    // While the outcome of a payment is not known, nothing is due.
    assert_eq!(Agenda { dunning: None, state: month.state, ..owing }.next(), Ok(None));
    // Once it is paid, the waiting month is invoiced from its own start, however late.
    let paid = Agenda { state: state.payment_settled().unwrap(), owes: false, dunning: None, ..owing };
    assert_eq!(paid.next(), Ok(Some((date(2026, 4, 1), Due::Renew))));
    let hard = Agenda { dunning: Some(Dunning { hard_since: Some(day), ..failed }), ..owing };
    assert_eq!(days(hard, 1), ["2026-03-04 Remind"]);
}

#[test]
fn a_period_is_invoiced_once_no_seats_wait_for_their_payment() {
    let month = paid(Term::OneMonth, BillingFrequency::UpFront, date(2026, 2, 1));
    let waiting = Agenda { waits: true, next_amount: NextAmount::Same, ..month };
    assert_eq!(waiting.next(), Ok(None));
    let known = Agenda { waits: false, ..waiting };
    assert_eq!(known.next(), Ok(Some((date(2026, 3, 1), Due::Renew))));
    // An end does not wait: what is paid for after it goes back.
    let ending =
        Agenda { state: month.state.set_recurring(false).unwrap(), told_to: date(2026, 3, 1), ..waiting };
    assert_eq!(ending.next(), Ok(Some((date(2026, 3, 1), Due::End))));
}

#[test]
fn a_trial_ends_or_becomes_a_purchase() {
    let rule = TrialRule {
        card: TrialCard::Required,
        plan: None,
        days: 30,
        seats: 25,
        extension_days: 30,
        extension_within_days: 15,
    };
    let start = date(2026, 11, 1);
    let lapsing = Agenda::new(State::trial(&rule, start, None).unwrap(), start);
    let told =
        ["2026-11-16", "2026-11-24", "2026-11-30"].map(|day| format!("{day} Tell(TrialEnd(2026-12-01))"));
    let found = days(lapsing, 5);
    assert_eq!(found[..3], told);
    // No days as Expired after a trial unless the product says so.
    assert_eq!(found[3], "2026-12-01 End");
    assert_eq!(found[4], "2027-01-30 Tell(Deletion(2027-03-01))");
    let (term, frequency) = (Term::OneYear, BillingFrequency::UpFront);
    let choice = SeatCount::new(3).map(|seats| Conversion { term, frequency, seats });
    let converting =
        Agenda { state: State::trial(&rule, start, choice).unwrap(), told_to: date(2026, 12, 1), ..lapsing };
    assert_eq!(converting.next(), Ok(Some((date(2026, 12, 1), Due::Convert))));
}

#[test]
fn an_end_comes_before_reminders_and_a_reminder_after_the_price() {
    let start = date(2026, 1, 1);
    let year = paid(Term::OneYear, BillingFrequency::UpFront, start);
    let losing =
        Agenda { loses_seats: true, told_to: date(2026, 12, 25), next_amount: NextAmount::Same, ..year };
    assert_eq!(losing.next(), Ok(Some((date(2026, 12, 31), Due::Tell(Ahead::Renewal(date(2027, 1, 1)))))));
    let week = Agenda { told_to: date(2026, 12, 2), ..losing };
    let both = ["2026-12-25 Tell(LosingSeats(2027-01-01))", "2026-12-31 Tell(Renewal(2027-01-01))"];
    assert_eq!(days(week, 2), both);
    // A purchase for a later day begins on it.
    let later =
        State::purchased(PaidTerm::first(Term::OneYear, BillingFrequency::UpFront, start), date(2025, 12, 1));
    assert_eq!(days(Agenda { state: later.unwrap(), ..year }, 1), ["2026-01-01 Start"]);
}

proptest! {
    /// What falls due never goes back in time, and renewals lie on the days that are counted from the anchor.
    #[test]
    fn days_never_go_back(
        days_later in 0_i32..20_000,
        term in prop::sample::select(Term::ALL),
        monthly: bool,
        steps in 1_usize..60,
    ) {
        let start = crate::time::add_days(date(2000, 1, 1), days_later).unwrap();
        let frequency = if monthly { BillingFrequency::Monthly } else { BillingFrequency::UpFront };
        let mut agenda = paid(term, frequency, start);
        let (mut last, mut renewals) = (start, 0);
        for _ in 0..steps {
            let (on, due) = agenda.next().unwrap().unwrap();
            prop_assert!(last <= on);
            if due == Due::Renew {
                renewals += 1;
                prop_assert_eq!(on, Cycle::new(start, term.months()).start_of(renewals).unwrap());
            }
            last = on;
            agenda = done(agenda, on, due);
        }
    }
}
