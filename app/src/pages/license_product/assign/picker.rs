//! Those who were found, and those who were chosen before.

use leptos::html::Input;
use leptos::prelude::*;

use super::super::address::{Address, PERSON};
use super::super::parts::avatar;
use super::{AssignView, Marked, PickPerson, Typing};
use crate::components::Icon;
use crate::texts::use_texts;

/// Who was found, to be ticked.
pub(super) fn found(view: &AssignView, address: &Address, typing: Typing) -> Option<AnyView> {
    let words = use_texts().licenses();
    let typed = address.who.trim();
    if typed.is_empty() {
        return None;
    }
    let count = i64::try_from(view.found.len()).unwrap_or(i64::MAX);
    let legend = match (count, view.more) {
        (0, _) => words.found_nobody(typed),
        (_, true) => words.found_more(count, typed),
        (_, false) => words.found(count, typed),
    };
    let found = view.found.clone();
    let chosen: Vec<String> = view.chosen.iter().map(|person| person.id.clone()).collect();
    let tick = typing.tick(address.product.clone());
    // A row belongs to its person: a tick must never pass to whoever comes to stand in the same place.
    let row = move |person: PickPerson| {
        let ticked = !person.has_it && chosen.contains(&person.id);
        found_row(person, ticked, tick.clone())
    };
    let shown = view! {
        <fieldset>
            <legend class="label" aria-live="polite">
                {legend}
            </legend>
            <ul class="people">
                <For each=move || found.clone() key=PickPerson::clone children=row />
            </ul>
            {(count == 0).then(|| view! { <p class="hint">{words.found_nobody_more()}</p> })}
        </fieldset>
    };
    Some(shown.into_any())
}

fn found_row(person: PickPerson, ticked: bool, tick: impl Fn(&str, bool) + Clone + 'static) -> AnyView {
    let words = use_texts().licenses();
    let PickPerson { id, initial, hue, has_it, .. } = person.clone();
    let input = NodeRef::<Input>::new();
    // What was ticked before the page woke up, or was brought back by the browser, counts as well.
    Effect::new({
        let (id, tick) = (id.clone(), tick.clone());
        move || {
            let Some(input) = input.get() else { return };
            if input.checked() != ticked && !has_it {
                tick(&id, input.checked());
            }
        }
    });
    view! {
        <li>
            <label class="person">
                <input
                    class="check"
                    type="checkbox"
                    name=PERSON
                    value=id.clone()
                    checked=ticked
                    disabled=has_it
                    node_ref=input
                    on:change=move |event| tick(&id, event_target_checked(&event))
                />
                {avatar(initial, (!has_it).then_some(hue), None)}
                {text(person)}
                {has_it
                    .then(|| {
                        view! {
                            <span class="note">
                                <Icon name="check" />
                                {words.has_it()}
                            </span>
                        }
                    })}
            </label>
        </li>
    }
    .into_any()
}

/// Name, kana, department and mail, with what the search has matched.
fn text(person: PickPerson) -> AnyView {
    let words = use_texts().licenses();
    let second = (!person.second.is_empty()).then_some(person.second);
    let department = (!person.department.is_empty()).then(|| person.department + words.joint());
    view! {
        <span class="person-text">
            <b>{marked(person.name)}</b>
            {second
                .map(|second| {
                    view! {
                        <span class="kana" lang="ja">
                            {marked(second)}
                        </span>
                    }
                })}
            <small>{department} {marked(person.mail)}</small>
        </span>
    }
    .into_any()
}

fn marked(text: Marked) -> AnyView {
    let there = |part: String| (!part.is_empty()).then_some(part);
    view! {
        {there(text.before)}
        {there(text.marked).map(|marked| view! { <mark>{marked}</mark> })}
        {there(text.after)}
    }
    .into_any()
}

/// Those who were chosen before. Whoever is among those just found is ticked there instead.
pub(super) fn chosen(view: &AssignView, address: &Address) -> Option<AnyView> {
    let words = use_texts().licenses();
    let elsewhere = |person: &&PickPerson| view.found.iter().all(|found| found.id != person.id);
    let chips: Vec<AnyView> =
        view.chosen.iter().filter(elsewhere).map(|person| chip(person.clone(), address)).collect();
    (!chips.is_empty()).then(|| {
        view! {
            <ul class="chips" data-plain aria-label=words.chosen()>
                {chips}
            </ul>
        }
        .into_any()
    })
}

fn chip(person: PickPerson, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let name = person.name.whole();
    let without = address.without(&person.id);
    let mark = if person.has_it {
        view! {
            <Icon name="error" />
            <span class="hidden">{words.has_it()}</span>
        }
        .into_any()
    } else {
        avatar(person.initial, Some(person.hue), Some("xs"))
    };
    view! {
        <li class="chip" data-kind=person.has_it.then_some("danger")>
            <input type="hidden" name=PERSON value=person.id />
            {mark}
            <span class="chip-name">{name.clone()}</span>
            <a href=without aria-label=words.remove(&name) data-noscroll>
                <Icon name="close" />
            </a>
        </li>
    }
    .into_any()
}
