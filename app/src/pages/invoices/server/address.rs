//! The address of the list: which invoices are wanted.

use domain::credit::BillState;
use domain::id::DocumentId;
use domain::name::fold;
use domain::time::Date;
use services::bills::{Filter, Span};

use crate::request::query;

/// What a period is called in the address. The first one is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    ThreeMonths,
    SixMonths,
    Range,
}

impl Period {
    pub(super) const ALL: [Self; 3] = [Self::ThreeMonths, Self::SixMonths, Self::Range];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::ThreeMonths => "3-months",
            Self::SixMonths => "6-months",
            Self::Range => "range",
        }
    }
}

/// What is wrong with a day that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayProblem {
    Missing,
    NotADay,
    BeforeTheFirst,
}

/// Which invoices are wanted, as the address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) period: Period,
    /// What was typed; `None`: the address names no day, and the past 3 months are meant.
    pub(super) days: Option<[String; 2]>,
    pub(super) state: Option<BillState>,
    pub(super) search: String,
    pub(super) after: Option<(Date, DocumentId)>,
}

impl Address {
    pub(super) fn read(
        period: Option<String>,
        days: [Option<String>; 2],
        state: Option<String>,
        search: Option<String>,
        after: Option<String>,
    ) -> Self {
        let named = |period: &str| Period::ALL.into_iter().find(|known| known.code() == period);
        let days = match days {
            [None, None] => None,
            days => Some(days.map(Option::unwrap_or_default)),
        };
        Self {
            period: period.as_deref().and_then(named).unwrap_or(Period::ThreeMonths),
            days,
            state: state.as_deref().and_then(BillState::from_code),
            search: search.unwrap_or_default().trim().to_owned(),
            after: after.as_deref().and_then(cursor),
        }
    }

    /// What is wrong with each day of the range.
    pub(super) fn problems(&self) -> [Option<DayProblem>; 2] {
        let (Period::Range, Some(days)) = (self.period, &self.days) else { return [None; 2] };
        match days.each_ref().map(|typed| day(typed)) {
            [Ok(from), Ok(to)] if to < from => [None, Some(DayProblem::BeforeTheFirst)],
            days => days.map(Result::err),
        }
    }

    /// Of days that cannot be accepted nothing is wanted: then the past 3 months are looked at, and not shown.
    pub(super) fn filter(&self) -> Filter {
        let range = self.days.as_ref().map(|days| days.each_ref().map(|typed| day(typed)));
        let span = match (self.period, range) {
            (Period::Range, Some([Ok(from), Ok(to)])) if from <= to => Span::Range(from, to),
            (Period::SixMonths, _) => Span::SixMonths,
            (Period::ThreeMonths | Period::Range, _) => Span::ThreeMonths,
        };
        Filter { span, state: self.state, search: self.search.clone(), after: self.after }
    }

    /// The same from its first page on, in another period.
    pub(super) fn within(&self, period: Period, (from, to): (Date, Date)) -> Self {
        let days = (period == Period::Range).then(|| [from, to].map(|day| day.to_string()));
        Self { period, days, after: None, ..self.clone() }
    }

    pub(super) fn path(&self) -> String {
        let mut parts = Vec::new();
        if self.period != Period::ThreeMonths {
            parts.push(("period", self.period.code().to_owned()));
        }
        if let (Period::Range, Some([from, to])) = (self.period, &self.days) {
            parts.extend([("from", from.clone()), ("to", to.clone())]);
        }
        parts.extend(self.state.map(|state| ("status", state.code().to_owned())));
        if !self.search.is_empty() {
            parts.push(("q", self.search.clone()));
        }
        parts.extend(self.after.map(|(day, id)| ("after", format!("{day}_{id}"))));
        let parts: Vec<_> = parts.iter().map(|(name, value)| (*name, value)).collect();
        let query = query(&parts);
        if query.is_empty() { "/bills/invoices".to_owned() } else { ["/bills/invoices?", &query].concat() }
    }
}

/// A day as people type it: full-width digits and slashes are fine.
fn day(typed: &str) -> Result<Date, DayProblem> {
    let folded = fold(typed).replace('/', "-");
    if folded.is_empty() {
        return Err(DayProblem::Missing);
    }
    // Nothing but a year, a month and a day: no time, no sign.
    let plain = folded.len() == 10 && folded.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = if plain { folded.parse().ok() } else { None };
    day.filter(|day: &Date| day.year() >= 1).ok_or(DayProblem::NotADay)
}

/// A place in the list as it stands in addresses: `2026-12-08_doc_…`.
fn cursor(text: &str) -> Option<(Date, DocumentId)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str) -> Address {
        let days = [Some(from.to_owned()), Some(to.to_owned())];
        Address::read(Some("range".into()), days, None, None, None)
    }

    #[test]
    fn days_that_cannot_be_accepted_are_named() {
        use DayProblem::{BeforeTheFirst, Missing, NotADay};

        for (from, to, problems) in [
            ("2026-11-01", "2026-11-01", [None, None]),
            ("２０２６/11/01", " 2026-11-30 ", [None, None]),
            ("", "2026-11-01", [Some(Missing), None]),
            ("2026-02-30", "soon", [Some(NotADay), Some(NotADay)]),
            ("0000-01-01", "-000001-01-01", [Some(NotADay), Some(NotADay)]),
            ("2026-11-02", "2026-11-01", [None, Some(BeforeTheFirst)]),
        ] {
            assert_eq!(range(from, to).problems(), problems, "{from} {to}");
        }
    }

    #[test]
    fn an_address_says_what_is_wanted() {
        let all = Address::read(None, [None, None], None, None, None);
        assert_eq!(all.path(), "/bills/invoices");
        let some =
            Address { state: Some(BillState::Unpaid), search: "1,100 円".into(), ..range("a b", "&") };
        let path = some.path();
        assert_eq!(
            path,
            "/bills/invoices?period=range&from=a%20b&to=%26&status=unpaid&q=1%2C100%20%E5%86%86"
        );
        assert_eq!(cursor("2026-11-24_doc"), None);
    }
}
