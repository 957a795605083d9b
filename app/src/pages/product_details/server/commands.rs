//! What can be done with a subscription in its state, and why the rest cannot: for its page and for its row in the
//! list.

use domain::catalog::TrialRule;
use domain::subscription::{Active, Disabled, DisabledCause, PaidTerm, Run, State, TrialRun};
use domain::time::{Date, add_days};

use crate::components::{Command, CommandKind};
use crate::format::{date_long, date_short};
use crate::pages::products::server::status_view;
use crate::texts::{Commands, Texts};

/// What decides it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// How its product is tried.
    pub(crate) trial: Option<&'a TrialRule>,
    /// Whether its plan is sold.
    pub(crate) sold: bool,
    /// Its state.
    pub(crate) state: &'a State,
    /// How many licenses can be given.
    pub(crate) free: u32,
    /// Whether something waits for the renewal.
    pub(crate) scheduled: bool,
    /// Today, in the organization's calendar.
    pub(crate) today: Date,
}

/// Why something is not possible: in short, and in a sentence.
type Why = (String, String);

/// What there is, in the order in which it is shown. Cancel is the last.
pub(crate) fn commands(given: &Given<'_>, texts: Texts) -> Vec<Command> {
    let words = texts.commands();
    let mut commands = Vec::new();
    if is_unpaid(given.state) {
        commands.push(command(CommandKind::Pay, None, ""));
    }
    if let State::Active(Active { run: Run::Trial(trial), .. }) = given.state {
        commands.push(command(CommandKind::Buy, retired(given, words), ""));
        commands.push(command(CommandKind::Extend, extension(given, *trial, texts), ""));
    }
    if matches!(given.state, State::Expired { .. } | State::Disabled(_)) {
        let why = unpaid_first(given.state, words).or_else(|| retired(given, words));
        commands.push(command(CommandKind::Reactivate, why, ""));
    }
    let (costly, change) = (costly(given, texts), change(given, texts));
    let recurring = recurring(given.state);
    let is_on = recurring.map_or("", |on| if on { words.on() } else { words.off() });
    let not_recurring = if recurring.is_some() { None } else { change.clone() };
    let waits = if given.scheduled { words.one() } else { words.none() };
    let free = words.available(i64::from(given.free));
    commands.extend([
        command(CommandKind::BuyLicenses, costly.clone(), ""),
        command(CommandKind::RemoveLicenses, change.clone(), ""),
        command(CommandKind::Assign, no_assigning(given, texts), &free),
        command(CommandKind::Recurring, not_recurring, is_on),
        command(CommandKind::Plan, costly, ""),
        command(CommandKind::Scheduled, change.clone(), waits),
        command(CommandKind::Cancel, change, ""),
    ]);
    commands
}

/// With a fact beside it where it is possible, with the reasons where it is not.
fn command(kind: CommandKind, why: Option<Why>, fact: &str) -> Command {
    let refused = why.is_some();
    let (note, why) = why.unwrap_or_else(|| (fact.to_owned(), String::new()));
    Command { kind, note, refused, why }
}

/// Whether it renews, or becomes a purchase, where that can be changed.
fn recurring(state: &State) -> Option<bool> {
    match state {
        State::Active(Active { run: Run::Paid(PaidTerm { recurring, .. }), .. }) => Some(*recurring),
        State::Active(Active { run: Run::Trial(TrialRun { converts_to: Some(_), .. }), .. }) => Some(true),
        _ => None,
    }
}

fn no_assigning(given: &Given<'_>, texts: Texts) -> Option<Why> {
    let words = texts.commands();
    let status = status_view(given.state, texts).word;
    let why = || (words.not_in_state(&status), words.no_assign_more(&status));
    (!given.state.status().can_assign()).then(why)
}

/// Why nothing of it can be changed.
fn change(given: &Given<'_>, texts: Texts) -> Option<Why> {
    let words = texts.commands();
    match given.state {
        State::Active(Active { run: Run::Paid(_), .. }) => None,
        State::Active(Active { run: Run::Trial(trial), .. }) => {
            let end = date_long(trial.period.end(), texts.language());
            let more = match trial.converts_to {
                Some(_) => words.converts_more(&end),
                None => words.not_in_trial_more(&end),
            };
            Some((words.not_in_trial().to_owned(), more))
        }
        state => {
            let status = status_view(state, texts).word;
            Some((words.not_in_state(&status), words.not_in_state_more(&status)))
        }
    }
}

/// Why nothing that costs money can be changed.
fn costly(given: &Given<'_>, texts: Texts) -> Option<Why> {
    let words = texts.commands();
    let owes = matches!(given.state, State::Active(Active { payment_due: Some(_), .. }));
    let unpaid = || owes.then(|| (words.unpaid().to_owned(), words.unpaid_more().to_owned()));
    change(given, texts).or_else(unpaid).or_else(|| retired(given, words))
}

fn retired(given: &Given<'_>, words: Commands) -> Option<Why> {
    (!given.sold).then(|| (words.retired().to_owned(), words.retired_more().to_owned()))
}

/// Whether something is due that was tried in vain, or has disabled it.
fn is_unpaid(state: &State) -> bool {
    matches!(
        state,
        State::Active(Active { payment_due: Some(_), .. })
            | State::Disabled(Disabled { cause: DisabledCause::Unpaid(_), .. })
    )
}

fn unpaid_first(state: &State, words: Commands) -> Option<Why> {
    let unpaid = matches!(state, State::Disabled(Disabled { cause: DisabledCause::Unpaid(_), .. }));
    unpaid.then(|| (words.reactivate_unpaid().to_owned(), words.reactivate_unpaid_more().to_owned()))
}

fn extension(given: &Given<'_>, trial: TrialRun, texts: Texts) -> Option<Why> {
    let words = texts.commands();
    if trial.extended {
        return Some((words.extend_used().to_owned(), words.extend_used_more().to_owned()));
    }
    let from = extension_from(given.trial, trial)?;
    (given.today < from).then(|| {
        let (short, long) = (date_short(from, texts.language()), date_long(from, texts.language()));
        (words.extend_from(&short), words.extend_from_more(&long))
    })
}

/// The first day on which a trial can be extended.
pub(crate) fn extension_from(rule: Option<&TrialRule>, trial: TrialRun) -> Option<Date> {
    let within = i32::from(rule?.extension_within_days);
    add_days(trial.period.end(), -within).ok().map(|from| from.max(trial.period.start()))
}

#[cfg(test)]
mod tests {
    use domain::catalog::{BillingFrequency, Term, TrialCard};
    use domain::language::Language;
    use domain::subscription::{DisabledCause, PaymentDue};
    use domain::time::Period;

    use super::*;
    use CommandKind::{
        Assign, Buy, BuyLicenses, Cancel, Extend, Pay, Plan, Reactivate, Recurring, RemoveLicenses, Scheduled,
    };

    const TODAY: Date = Date::constant(2026, 11, 24);

    const RULE: TrialRule = TrialRule {
        card: TrialCard::None,
        plan: None,
        days: 30,
        seats: 25,
        extension_days: 30,
        extension_within_days: 15,
    };

    fn paid(recurring: bool, payment_due: Option<PaymentDue>) -> State {
        let paid = PaidTerm::first(Term::OneMonth, BillingFrequency::UpFront, TODAY);
        State::Active(Active { run: Run::Paid(PaidTerm { recurring, ..paid }), payment_due })
    }

    /// What is possible, and what is not.
    fn split(state: &State, sold: bool) -> (Vec<CommandKind>, Vec<CommandKind>) {
        let given = Given { trial: Some(&RULE), sold, state, free: 3, scheduled: false, today: TODAY };
        let (refused, possible): (Vec<Command>, Vec<Command>) =
            commands(&given, Texts::new(Language::English)).into_iter().partition(|each| each.refused);
        assert!(refused.iter().all(|each| !each.why.is_empty() && !each.note.is_empty()), "{refused:?}");
        assert!(possible.iter().all(|each| each.why.is_empty()), "{possible:?}");
        let kinds = |commands: Vec<Command>| commands.into_iter().map(|each| each.kind).collect();
        (kinds(possible), kinds(refused))
    }

    #[test]
    fn a_paid_subscription_can_be_changed() {
        let all = vec![BuyLicenses, RemoveLicenses, Assign, Recurring, Plan, Scheduled, Cancel];
        assert_eq!(split(&paid(true, None), true), (all, vec![]));
    }

    #[test]
    fn what_costs_money_waits_while_something_is_owed_or_nothing_is_sold() {
        let due = PaymentDue { since: TODAY, until: Date::constant(2026, 12, 24) };
        let rest = vec![RemoveLicenses, Assign, Recurring, Scheduled, Cancel];
        let first = [vec![Pay], rest.clone()].concat();
        assert_eq!(split(&paid(true, Some(due)), true), (first, vec![BuyLicenses, Plan]));
        assert_eq!(split(&paid(true, None), false), (rest, vec![BuyLicenses, Plan]));
    }

    #[test]
    fn a_trial_is_bought_and_extended_in_its_last_days() {
        let trial = |start: Date, extended: bool| {
            let end = add_days(start, 30).expect("a day");
            let period = Period::new(start, end).expect("a period");
            let run = TrialRun { period, extended, converts_to: None };
            State::Active(Active { run: Run::Trial(run), payment_due: None })
        };
        let never = vec![BuyLicenses, RemoveLicenses, Recurring, Plan, Scheduled, Cancel];
        let early = [vec![Extend], never.clone()].concat();
        assert_eq!(split(&trial(TODAY, false), true), (vec![Buy, Assign], early.clone()));
        let late = Date::constant(2026, 11, 5);
        assert_eq!(split(&trial(late, false), true), (vec![Buy, Extend, Assign], never));
        assert_eq!(split(&trial(late, true), true), (vec![Buy, Assign], early));
    }

    #[test]
    fn what_has_ended_comes_back_once_it_is_paid() {
        let until = Date::constant(2027, 2, 21);
        let disabled = |cause| State::Disabled(Disabled { since: TODAY, until, cause });
        let rest = vec![BuyLicenses, RemoveLicenses, Assign, Recurring, Plan, Scheduled, Cancel];
        assert_eq!(split(&disabled(DisabledCause::Ended), true), (vec![Reactivate], rest.clone()));
        let unpaid = DisabledCause::Unpaid(PaidTerm::first(Term::OneMonth, BillingFrequency::UpFront, TODAY));
        assert_eq!(split(&disabled(unpaid), true), (vec![Pay], [vec![Reactivate], rest].concat()));
    }
}
