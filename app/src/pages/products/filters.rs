//! What the list can be narrowed by. A plain form: the address says what is chosen, with scripts and without.

use leptos::prelude::*;

use super::{FilterChoice, FilterView};
use crate::components::Icon;
use crate::texts::use_texts;

/// The filter row, with the way to buy at its end.
pub(super) fn filters(filters: Vec<FilterView>) -> AnyView {
    let words = use_texts().products();
    let applied = filters.iter().any(|filter| filter.chosen.is_some());
    view! {
        <form class="filters" method="get" action="/products" aria-label=words.filters()>
            {filters.into_iter().map(filter).collect_view()}
            {applied
                .then(|| {
                    view! {
                        <a class="link" href="/products">
                            {words.clear()}
                        </a>
                    }
                })}
            <div class="end">
                <a class="button" data-look="primary" href="/catalog">
                    <Icon name="plus" />
                    {words.buy()}
                </a>
            </div>
        </form>
    }
    .into_any()
}

fn filter(filter: FilterView) -> AnyView {
    let words = use_texts().products();
    let menu = ["filter-", &filter.name].concat();
    let label = [filter.label.as_str(), ": "].concat();
    let pill = if let Some(chosen) = filter.chosen {
        view! {
            <span class="pill" data-on>
                <button type="button" popovertarget=menu.clone()>
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
            <button class="pill" type="button" popovertarget=menu.clone()>
                <span>{label} {words.any()}</span>
                <Icon name="chevron-down" size="xs" />
            </button>
        }
        .into_any()
    };
    let name = filter.name;
    let choices = filter.choices.into_iter().map(|choice| option(name.clone(), choice)).collect_view();
    view! {
        {pill}
        <div class="menu" id=menu popover="auto" data-from="start">
            <fieldset class="choices">
                <legend class="hidden">{filter.label}</legend>
                {choices}
            </fieldset>
            <button class="button" data-look="primary" data-wide>
                {words.narrow()}
            </button>
        </div>
    }
    .into_any()
}

fn option(name: String, choice: FilterChoice) -> AnyView {
    view! {
        <label class="option">
            <input class="radio" type="radio" name=name value=choice.value checked=choice.chosen />
            {choice.label}
            <span class="note">{choice.count}</span>
        </label>
    }
    .into_any()
}
