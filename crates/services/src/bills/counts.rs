//! How many bills there are, and how many of them a filter hides.

use domain::credit::BillState;
use domain::money::Money;
use domain::time::Date;
use store::bills::Count;

use crate::ServiceError;

/// How many bills one sees, and how many of them the filter hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them, whatever the filter.
    pub total: i64,
    /// Those that the filter leaves.
    pub matching: i64,
    /// What those come to, tax included: once for each currency.
    pub sums: Vec<Money>,
    /// What the filter hides.
    pub hidden: Hidden,
    /// The first and last day of issue of all that the rest of the filter leaves, whatever the span.
    pub reach: Option<(Date, Date)>,
    /// How many stand how, within the span and as far as they are found by what was typed.
    pub states: Vec<(BillState, i64)>,
    /// What is owed, whatever the filter.
    pub unpaid: Option<Unpaid>,
}

/// How many bills a filter hides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Issued before the span, and left by the rest of the filter.
    pub older: i64,
    /// Issued after the span, and left by the rest of the filter.
    pub later: i64,
    /// Issued within the span, and hidden by the rest of the filter.
    pub others: i64,
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// On how many invoices.
    pub count: i64,
    /// How much: once for each currency.
    pub sums: Vec<Money>,
    /// When the first of them was issued.
    pub first: Date,
    /// When the last of them was issued.
    pub last: Date,
}

impl Counts {
    /// From all that there are and those of them that are found by what was typed. `state`: only those that stand
    /// like this are wanted.
    pub(super) fn new(
        all: &[Count],
        found: Vec<Count>,
        state: Option<BillState>,
    ) -> Result<Self, ServiceError> {
        let within: i64 = all.iter().map(|count| count.within).sum();
        let states = BillState::ALL.iter().map(|state| {
            let those = found.iter().filter(|count| count.state == *state);
            (*state, those.map(|count| count.within).sum())
        });
        let states = states.collect();
        let wanted: Vec<Count> =
            found.into_iter().filter(|count| state.is_none_or(|state| state == count.state)).collect();
        let matching = wanted.iter().map(|count| count.within).sum();
        let hidden = Hidden {
            older: wanted.iter().map(|count| count.older).sum(),
            later: wanted.iter().map(|count| count.later).sum(),
            others: within - matching,
        };
        let owed: Vec<&Count> = all.iter().filter(|count| count.state == BillState::Unpaid).collect();
        Ok(Self {
            total: all.iter().map(|count| count.older + count.within + count.later).sum(),
            matching,
            sums: sums(wanted.iter().filter(|count| count.within > 0).map(|count| count.sum))?,
            hidden,
            reach: reach(wanted.iter()),
            states,
            unpaid: match reach(owed.iter().copied()) {
                None => None,
                Some((first, last)) => Some(Unpaid {
                    count: owed.iter().map(|count| count.older + count.within + count.later).sum(),
                    sums: sums(owed.iter().map(|count| count.owed))?,
                    first,
                    last,
                }),
            },
        })
    }
}

/// One sum for each currency: amounts of two currencies are never counted together (SPEC 2).
fn sums(amounts: impl Iterator<Item = Money>) -> Result<Vec<Money>, ServiceError> {
    let mut sums: Vec<Money> = Vec::new();
    for amount in amounts {
        match sums.iter_mut().find(|sum| sum.currency() == amount.currency()) {
            Some(sum) => *sum = sum.plus(amount).map_err(ServiceError::broken)?,
            None => sums.push(amount),
        }
    }
    sums.sort_by_key(|sum| sum.currency());
    Ok(sums)
}

fn reach<'a>(counts: impl Iterator<Item = &'a Count> + Clone) -> Option<(Date, Date)> {
    let first = counts.clone().map(|count| count.first).min()?;
    Some((first, counts.map(|count| count.last).max()?))
}
