//! Trials: what runs, and what becomes of it at its end.

use serde::{Deserialize, Serialize};

use super::SeatCount;
use crate::catalog::{BillingFrequency, Term};
use crate::time::Period;

/// A trial that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialRun {
    /// Its days.
    pub period: Period,
    /// Whether its one extension was used.
    pub extended: bool,
    /// What it becomes at its end, where a card was given and recurring billing was chosen.
    pub converts_to: Option<Conversion>,
}

/// What a trial becomes at its end: a purchase of the plan that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// How long is committed to.
    pub term: Term,
    /// When it is paid.
    pub frequency: BillingFrequency,
    /// How many seats are bought. Until then the trial has those of its rule.
    pub seats: SeatCount,
}

/// What the end of a trial brings (SPEC 5, Trials).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialEnd {
    /// It becomes the purchase that was chosen.
    Bought(Conversion),
    /// It ends: no purchase was chosen.
    NotChosen,
    /// It ends as not bought: more people hold a license than seats were to be bought.
    TooManyAssigned {
        /// How many too many.
        over: u32,
    },
}

impl TrialRun {
    /// What its end brings, where so many people hold a license.
    pub const fn at_end(self, assigned: u32) -> TrialEnd {
        match self.converts_to {
            None => TrialEnd::NotChosen,
            Some(conversion) => match assigned.checked_sub(conversion.seats.get()) {
                None | Some(0) => TrialEnd::Bought(conversion),
                Some(over) => TrialEnd::TooManyAssigned { over },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_trial_is_bought_only_for_as_many_as_hold_a_license() {
        let period = Period::new(date(2026, 11, 1), date(2026, 12, 1)).unwrap();
        let (term, frequency) = (Term::OneYear, BillingFrequency::UpFront);
        let five = SeatCount::new(5).map(|seats| Conversion { term, frequency, seats });
        let trial = |converts_to| TrialRun { period, extended: false, converts_to };
        assert_eq!(trial(None).at_end(0), TrialEnd::NotChosen);
        assert_eq!(trial(five).at_end(0), TrialEnd::Bought(five.unwrap()));
        assert_eq!(trial(five).at_end(5), TrialEnd::Bought(five.unwrap()));
        assert_eq!(trial(five).at_end(7), TrialEnd::TooManyAssigned { over: 2 });
    }
}
