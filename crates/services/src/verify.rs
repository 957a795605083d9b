//! `zaseki verify`: everything that must be true of the books, documents, orders and licenses, checked on the
//! database as it is. It trusts nothing that was stored: documents are added up anew.

use std::collections::BTreeMap;

use store::Conn;
use store::checks::{CHECKS, CreditState, Living, SeriesState, Written};

use crate::{ServiceError, Services};

/// How many documents are looked at in one go.
const TOGETHER: u32 = 500;

/// Something that is checked, and what breaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What must be true.
    pub rule: &'static str,
    /// The first row that breaks it; nothing if it holds.
    pub broken: Option<String>,
}

impl Services {
    /// Checks every rule, in a fixed order. `said` hears each verdict as it is reached.
    pub async fn verify(&self, mut said: impl FnMut(&Verdict)) -> Result<Vec<Verdict>, ServiceError> {
        let mut verdicts = Vec::with_capacity(CHECKS.len() + 5);
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        for check in CHECKS {
            let broken = conn.broken(*check).await?.map(|broken| match broken.organization {
                Some(organization) => format!("{} of {organization}", broken.row),
                None => broken.row,
            });
            let verdict = Verdict { rule: check.rule, broken };
            said(&verdict);
            verdicts.push(verdict);
        }
        let gap = conn.series_in_use().await?.into_iter().find(|series| !is_whole(series));
        let numbers = Verdict {
            rule: "the numbers of a series run from 1 without gaps",
            broken: gap.map(|series| format!("{} {}", series.name.0, series.name.1)),
        };
        said(&numbers);
        verdicts.push(numbers);
        for verdict in [credit(&mut conn).await?, waiting(&mut conn).await?] {
            said(&verdict);
            verdicts.push(verdict);
        }
        let mut after = None;
        let mut broken = None;
        loop {
            let documents = conn.documents_after(after, TOGETHER).await?;
            let Some(last) = documents.last() else { break };
            after = Some((last.organization, last.id));
            if let Some(wrong) = documents.iter().find(|document| !adds_up(document)) {
                broken = Some(format!("{} of {}", wrong.id, wrong.organization));
                break;
            }
        }
        let totals = Verdict { rule: "what a document asks for is what its lines and tax come to", broken };
        said(&totals);
        verdicts.push(totals);
        let mut after = None;
        let mut broken = None;
        loop {
            let page = conn.living_after(after, TOGETHER).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.organization, last.id));
            if let Some(wrong) = page.iter().find(|living| !is_in_step(living)) {
                broken = Some(format!("{} of {}", wrong.id, wrong.organization));
                break;
            }
        }
        let calendar = Verdict { rule: "a subscription falls due on the day that its state says", broken };
        said(&calendar);
        verdicts.push(calendar);
        Ok(verdicts)
    }
}

/// Whether what stands beside a state, for lists and workers, is what the state says.
fn is_in_step(living: &Living) -> bool {
    let (state, next) = (living.agenda.state, living.agenda.next());
    let next_on = next.map(|next| next.map(|(on, _)| on));
    state.status() == living.status
        && state.ends_on().is_ok_and(|ends_on| ends_on == living.ends_on)
        && next_on.is_ok_and(|next_on| next_on == living.next_on && next_on.is_some() == living.has_work)
}

/// Credit is kept twice, so that a statement can decide on it: both have to say the same.
async fn credit(conn: &mut Conn<'_>) -> Result<Verdict, ServiceError> {
    let kept = conn.credits_kept().await?;
    let books = conn.credits_in_the_books().await?;
    let place = |state: &CreditState| (state.organization, state.account.clone(), state.currency.clone());
    let mut sums: BTreeMap<_, i64> = kept.iter().map(|state| (place(state), state.amount)).collect();
    for state in &books {
        *sums.entry(place(state)).or_default() += state.amount;
    }
    let wrong = sums.into_iter().find(|(_, sum)| *sum != 0);
    let broken = wrong.map(|((organization, account, _), _)| format!("{account} of {organization}"));
    Ok(Verdict { rule: "what is kept for a profile stands in the books", broken })
}

/// Seats wait for exactly the orders that are under way.
async fn waiting(conn: &mut Conn<'_>) -> Result<Verdict, ServiceError> {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for waiting in conn.waiting_seats().await? {
        sums.insert((waiting.organization, waiting.subscription), i64::from(waiting.seats));
    }
    for order in conn.orders_of_waiting_seats().await? {
        *sums.entry((order.organization, order.subscription)).or_default() -= i64::from(order.seats);
    }
    let wrong = sums.into_iter().find(|(_, sum)| *sum != 0);
    let broken = wrong.map(|((organization, id), _)| format!("{id} of {organization}"));
    Ok(Verdict { rule: "seats wait for the orders that are under way, and for no others", broken })
}

fn is_whole(series: &SeriesState) -> bool {
    series.ends == (1, series.numbered) && series.next == series.numbered + 1
}

fn adds_up(document: &Written) -> bool {
    let totals = &document.contents.totals;
    let columns = (totals.net.minor(), totals.tax.minor(), totals.gross.minor());
    document.contents.adds_up().unwrap_or(false) && columns == document.columns
}
