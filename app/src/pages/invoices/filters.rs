//! The period, and what else the list can be narrowed by. A plain form: the address says what is chosen, with scripts
//! and without.

use leptos::prelude::*;

use super::{DayField, InvoicesView, PeriodView};
use crate::components::{Icon, field_error};
use crate::pages::products::{FilterChoice, FilterView};
use crate::texts::use_texts;

/// The filter row, with the days of the range below it where one is chosen.
pub(super) fn filters(page: &InvoicesView) -> AnyView {
    let words = use_texts().invoices();
    let period =
        page.period.clone().map(|period| view! { <input type="hidden" name="period" value=period /> });
    let range = page.range.clone().map(range);
    let clear = (!page.applied.is_empty()).then(|| {
        view! {
            <a class="link" href=page.clear.clone()>
                {words.clear()}
            </a>
        }
    });
    view! {
        <form method="get" action="/bills/invoices" aria-label=words.filters()>
            {period}
            <div class="filters">
                <nav class="segment" aria-label=words.period()>
                    {page.periods.iter().cloned().map(choice).collect_view()}
                </nav>
                {status(page.status.clone())}
                {clear}
                <div class="end">
                    <div class="search">
                        <Icon name="search" size="s" />
                        <input
                            class="input"
                            type="search"
                            name="q"
                            value=page.search.clone()
                            aria-label=words.search()
                            placeholder=words.search()
                        />
                    </div>
                    <button class="button">{words.search_button()}</button>
                </div>
            </div>
            {range}
        </form>
    }
    .into_any()
}

fn choice(period: PeriodView) -> AnyView {
    view! {
        <a href=period.address aria-current=period.chosen.then_some("true")>
            {period.name}
        </a>
    }
    .into_any()
}

fn range([from, to]: [DayField; 2]) -> AnyView {
    let words = use_texts().invoices();
    view! {
        <fieldset class="range">
            <legend class="hidden">{words.date_range()}</legend>
            {day("from", words.from(), from)}
            {day("to", words.to(), to)}
            <button class="button">{words.show()}</button>
        </fieldset>
    }
    .into_any()
}

/// What is no day stands in a field for texts: one for days would not show it.
fn day(name: &'static str, label: &'static str, field: DayField) -> AnyView {
    let id = [name, "-error"].concat();
    let described = field.error.is_some().then(|| id.clone());
    let error = field_error(id, field.error);
    let wrong = error.is_some().then_some("true");
    view! {
        <div class="field">
            <label class="label" for=name>
                {label}
            </label>
            <input
                class="input"
                id=name
                name=name
                type=if field.is_day { "date" } else { "text" }
                value=field.value
                autocomplete="off"
                aria-describedby=described
                aria-invalid=wrong
            />
            {error}
        </div>
    }
    .into_any()
}

fn status(filter: FilterView) -> AnyView {
    let words = use_texts().invoices();
    let label = [filter.label.as_str(), ": "].concat();
    let pill = if let Some(chosen) = filter.chosen {
        view! {
            <span class="pill" data-on>
                <button type="button" popovertarget="filter-status">
                    <Icon name="filter" size="s" />
                    <span>{label} <b>{chosen}</b></span>
                </button>
                <a href=filter.clear aria-label=words.clear_one(&filter.label)>
                    <Icon name="close" size="xs" />
                </a>
            </span>
        }
        .into_any()
    } else {
        view! {
            <button class="pill" type="button" popovertarget="filter-status">
                <span>{label} {words.any()}</span>
                <Icon name="chevron-down" size="xs" />
            </button>
        }
        .into_any()
    };
    view! {
        {pill}
        <div class="menu" id="filter-status" popover="auto" data-from="start">
            <fieldset class="choices">
                <legend class="hidden">{filter.label}</legend>
                {filter.choices.into_iter().map(option).collect_view()}
            </fieldset>
            <button class="button" data-look="primary" data-wide>
                {words.narrow()}
            </button>
        </div>
    }
    .into_any()
}

fn option(choice: FilterChoice) -> AnyView {
    view! {
        <label class="option">
            <input class="radio" type="radio" name="status" value=choice.value checked=choice.chosen />
            {choice.label}
            <span class="note">{choice.count}</span>
        </label>
    }
    .into_any()
}
