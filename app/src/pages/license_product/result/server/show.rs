//! What became of each person, in words.

use std::collections::HashMap;

use domain::id::PersonId;
use domain::license::NotAssigned;
use services::licenses::Given;

use super::{ResultRow, ResultView};
use crate::error::AppError;
use crate::format::date_long;
use crate::pages::license_product::server::{PersonShown, show};
use crate::request::{answer, asker, fresh_key, language, services};
use crate::texts::{Licenses, Texts};

/// What came of giving licenses.
pub(super) async fn assigned(product: &str, given: Vec<Given>) -> Result<ResultView, AppError> {
    let words = Texts::new(language()).licenses();
    let ids: Vec<PersonId> = given.iter().map(|given| given.person).collect();
    let people = people(product, &ids).await?;
    let had_it = given.iter().filter(|given| given.outcome == Err(NotAssigned::AlreadyHasIt));
    let had_it: Vec<PersonId> = had_it.map(|given| given.person).collect();
    let since = since(product, &had_it).await?;
    let (mut failed, mut done) = (Vec::new(), Vec::new());
    for Given { person, outcome } in given {
        let shown = shown(&people, person);
        match outcome {
            Ok(_) => done.push(row(shown, "ok", words.usable_now().to_owned())),
            Err(NotAssigned::NoSeat) => {
                let row = row(shown, "danger", words.no_seat().to_owned());
                failed.push(ResultRow { more_seats: true, ..row });
            }
            Err(NotAssigned::AlreadyHasIt) => {
                let since = since.get(&person).cloned();
                let text = since.unwrap_or_else(|| words.had_it_from_others().to_owned());
                failed.push(row(shown, "info", text));
            }
            Err(refused) => failed.push(row(shown, "danger", cause(refused, words).to_owned())),
        }
    }
    // What needs somebody to act comes before what was so already.
    failed.sort_by_key(|row: &ResultRow| row.kind != "danger");
    Ok(ResultView { taken: false, failed, done, key: fresh_key() })
}

/// What came of taking licenses.
pub(super) async fn unassigned(
    product: &str,
    asked: &[PersonId],
    taken: &[PersonId],
) -> Result<ResultView, AppError> {
    let words = Texts::new(language()).licenses();
    let people = people(product, asked).await?;
    let (done, failed): (Vec<PersonId>, Vec<PersonId>) =
        asked.iter().copied().partition(|id| taken.contains(id));
    let rows = |ids: Vec<PersonId>, kind: &str, text: &str| -> Vec<ResultRow> {
        ids.into_iter().map(|id| row(shown(&people, id), kind, text.to_owned())).collect()
    };
    Ok(ResultView {
        taken: true,
        failed: rows(failed, "info", words.had_none()),
        done: rows(done, "ok", words.seat_is_free()),
        key: fresh_key(),
    })
}

fn cause(refused: NotAssigned, words: Licenses) -> &'static str {
    match refused {
        NotAssigned::AlreadyHasIt => words.had_it_from_others(),
        NotAssigned::Unknown => words.not_known(),
        NotAssigned::Guest => words.is_guest(),
        NotAssigned::Inactive => words.is_inactive(),
        NotAssigned::NoSeat => words.no_seat(),
    }
}

fn row(person: PersonShown, kind: &str, text: String) -> ResultRow {
    ResultRow { person, kind: kind.to_owned(), text, more_seats: false }
}

fn shown(people: &HashMap<PersonId, PersonShown>, person: PersonId) -> PersonShown {
    people.get(&person).cloned().unwrap_or_else(|| show::unknown(person))
}

/// The people of these ids whom the organization knows.
async fn people(product: &str, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonShown>, AppError> {
    let found = services().people_for_license(&asker(), product, ids).await;
    let found = found.map_err(|error| answer(&error))?;
    let known = found.iter().map(|found| {
        let shown = show::person(found.person, &found.profile);
        (found.person, shown)
    });
    Ok(known.collect())
}

/// Since when those have had it whose license the asker could take away, in words.
async fn since(product: &str, ids: &[PersonId]) -> Result<HashMap<PersonId, String>, AppError> {
    let language = language();
    let words = Texts::new(language).licenses();
    let holders = services().holders_among(&asker(), product, ids).await;
    let holders = holders.map_err(|error| answer(&error))?;
    let known = holders.iter().map(|holder| {
        let day = date_long(show::day_of(holder.assigned_at), language);
        (holder.person, words.had_it_since(&day, show::source(holder.source)))
    });
    Ok(known.collect())
}
