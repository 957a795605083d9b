//! Lists in words.

use services::ServiceError;
use services::licenses::{ListChecked, ListWish, Listed, MOST_LISTED, Verdict};
use services::rights::Right;

use super::super::super::address::{Address, LIST, UNLIST};
use super::{CheckedView, Kept, ListRow, ListView};
use crate::error::AppError;
use crate::request::{answer, asker, excuse, fresh_key, keep_result, language, refused, services};
use crate::texts::{Texts, group};

/// How many entries are shown: what is wrong stands first, and people do not read on.
const SHOWN: usize = 300;

fn wish_of(code: &str) -> Result<ListWish, AppError> {
    match code {
        "assign" => Ok(ListWish::Assign),
        "unassign" => Ok(ListWish::Unassign),
        _ => Err(AppError::NotFound),
    }
}

fn page(product: &str, wish: ListWish) -> String {
    let pane = match wish {
        ListWish::Assign => LIST,
        ListWish::Unassign => UNLIST,
    };
    Address::of_pane(product, pane).text()
}

/// What the pane shows.
pub(super) async fn view(product: &str, code: &str, result: &str) -> Result<ListView, AppError> {
    let wish = wish_of(code)?;
    let (services, asker, texts) = (services(), asker(), Texts::new(language()));
    asker.must(Right::AssignLicenses).map_err(|error| answer(&error))?;
    let kept: Option<Kept> = refused(Some(result).filter(|key| !key.is_empty())).await?;
    let text = kept.as_ref().map(|kept| kept.text.clone()).unwrap_or_default();
    let checked = match services.check_list(&asker, product, wish, &text).await {
        Ok(checked) => checked,
        Err(ServiceError::TooManyAtOnce) => {
            let most = group(i64::try_from(MOST_LISTED).unwrap_or(i64::MAX));
            let error = Some(texts.listing().too_many(&most));
            return Ok(ListView { wish: code.to_owned(), text, error, checked: None });
        }
        Err(error) => return Err(answer(&error)),
    };
    let Some(kept) = kept else {
        return Ok(ListView { wish: code.to_owned(), ..ListView::default() });
    };
    if checked.listed.is_empty() {
        let error = Some(texts.listing().nobody().to_owned());
        return Ok(ListView { wish: code.to_owned(), text, error, checked: None });
    }
    let came = kept.came.filter(|came| came.len() == checked.listed.len());
    Ok(ListView {
        wish: code.to_owned(),
        text,
        error: None,
        checked: Some(checked_view(checked, came, wish, result, texts)),
    })
}

fn checked_view(
    mut checked: ListChecked,
    came: Option<Vec<Verdict>>,
    wish: ListWish,
    list: &str,
    texts: Texts,
) -> CheckedView {
    let done = came.is_some();
    for (listed, verdict) in checked.listed.iter_mut().zip(came.into_iter().flatten()) {
        listed.verdict = verdict;
    }
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let fits = number(checked.count(Verdict::Fits));
    let verdicts = [
        Verdict::Fits,
        Verdict::Nothing,
        Verdict::Unknown,
        Verdict::Several,
        Verdict::Guest,
        Verdict::Inactive,
        Verdict::Repeated,
        Verdict::NoSeat,
    ];
    let counts = verdicts.into_iter().map(|verdict| (verdict, number(checked.count(verdict))));
    let counts = counts.filter(|(_, count)| *count > 0);
    let counts = counts.map(|(verdict, count)| {
        let (kind, _) = says(verdict, wish, done, texts);
        (kind.to_owned(), word(verdict, wish, texts).to_owned(), count)
    });
    let counts = counts.collect();
    let all = checked.listed.len();
    let free = (wish == ListWish::Assign).then(|| i64::from(checked.free) - if done { 0 } else { fits });
    let mut listed = checked.listed;
    listed.sort_by_key(|listed| (rank(listed.verdict), listed.line));
    listed.truncate(SHOWN);
    CheckedView {
        done,
        fits,
        all: number(all),
        counts,
        hidden: number(all - listed.len()),
        rows: listed.into_iter().map(|listed| row(listed, wish, done, texts)).collect(),
        free,
        list: list.to_owned(),
        key: fresh_key(),
    }
}

/// What is wrong comes first, then what is done, then what is so already.
const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unknown | Verdict::Several | Verdict::Guest | Verdict::Inactive | Verdict::NoSeat => 0,
        Verdict::Fits => 1,
        Verdict::Nothing | Verdict::Repeated => 2,
    }
}

fn row(listed: Listed, wish: ListWish, done: bool, texts: Texts) -> ListRow {
    let (kind, text) = says(listed.verdict, wish, done, texts);
    let person = listed.person.map(|(_, profile)| {
        let name = profile.display(texts.language());
        let department = profile.department.clone();
        if department.is_empty() { name } else { texts.listing().who(&name, &department) }
    });
    ListRow {
        line: listed.line,
        typed: listed.typed,
        person: person.unwrap_or_default(),
        kind: kind.to_owned(),
        text: text.to_owned(),
    }
}

fn says(verdict: Verdict, wish: ListWish, done: bool, texts: Texts) -> (&'static str, &'static str) {
    let words = texts.listing();
    match (verdict, wish, done) {
        (Verdict::Fits, ListWish::Assign, false) => ("ok", words.will_assign()),
        (Verdict::Fits, ListWish::Assign, true) => ("ok", words.assigned()),
        (Verdict::Fits, ListWish::Unassign, false) => ("ok", words.will_unassign()),
        (Verdict::Fits, ListWish::Unassign, true) => ("ok", words.unassigned()),
        (Verdict::Nothing, ListWish::Assign, _) => ("info", words.has_it()),
        (Verdict::Nothing, ListWish::Unassign, _) => ("info", words.has_none()),
        (Verdict::Unknown, ..) => ("danger", words.unknown()),
        (Verdict::Several, ..) => ("danger", words.several()),
        (Verdict::Guest, ..) => ("danger", words.guest()),
        (Verdict::Inactive, ..) => ("danger", words.inactive()),
        (Verdict::Repeated, ..) => ("info", words.repeated()),
        (Verdict::NoSeat, ..) => ("danger", words.no_seat()),
    }
}

fn word(verdict: Verdict, wish: ListWish, texts: Texts) -> &'static str {
    let words = texts.listing();
    match (verdict, wish) {
        (Verdict::Fits, ListWish::Assign) => words.count_assign(),
        (Verdict::Fits, ListWish::Unassign) => words.count_unassign(),
        (Verdict::Nothing, ListWish::Assign) => words.count_has_it(),
        (Verdict::Nothing, ListWish::Unassign) => words.count_has_none(),
        (Verdict::Unknown, _) => words.count_unknown(),
        (Verdict::Several, _) => words.count_several(),
        (Verdict::Guest, _) => words.count_guest(),
        (Verdict::Inactive, _) => words.count_inactive(),
        (Verdict::Repeated, _) => words.count_repeated(),
        (Verdict::NoSeat, _) => words.count_no_seat(),
    }
}

/// Keeps what was pasted; its page says what would come of it.
pub(super) async fn check(product: &str, code: &str, text: String) -> Result<(), AppError> {
    let wish = wish_of(code)?;
    let page = page(product, wish);
    // Who may not is told here, not on the next page.
    match services().check_list(&asker(), product, wish, "").await {
        Ok(_) => keep_result(&page, &Kept { text, came: None }).await,
        Err(error) => excuse(&page, &error).await,
    }
}

/// Carries out what was checked.
pub(super) async fn carry_out(product: &str, code: &str, checked: &str, key: String) -> Result<(), AppError> {
    let wish = wish_of(code)?;
    let page = page(product, wish);
    let (services, asker) = (services(), asker());
    let kept: Option<Kept> = refused(Some(checked).filter(|key| !key.is_empty())).await?;
    let text = kept.map(|kept| kept.text).unwrap_or_default();
    let key = if key.is_empty() { fresh_key() } else { key };
    match services.carry_list_out(&asker, &key, product, wish, &text).await {
        Ok(came) => keep_result(&page, &Kept { text, came: Some(came) }).await,
        Err(error) => excuse(&page, &error).await,
    }
}
