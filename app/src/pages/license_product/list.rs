//! The page itself: how many seats there are, and who holds one.

use leptos::prelude::*;

use super::address::{ASSIGN, Address, LIST, PERSON, UNASSIGN, UNLIST};
use super::parts::avatar_of;
use super::server::{HolderRow, LicenseProductView};
use crate::components::{Empty, Icon, Pager, SaveAsCsv, Tile};
use crate::texts::{group, use_texts};

/// Everything beside the pane.
pub(super) fn list(page: LicenseProductView, address: &Address) -> AnyView {
    let people = if page.holders.is_empty() { nobody(&page, address) } else { holders(&page, address) };
    view! {
        <div>
            <div class="title-row">
                <Tile icon=page.icon.clone() hue=page.hue.clone() size="l" />
                <h1>{page.name.clone()}</h1>
            </div>
            {figures(&page)}
            {tabs(&page, address)}
            {people}
        </div>
    }
    .into_any()
}

fn figures(page: &LicenseProductView) -> AnyView {
    let words = use_texts().licenses();
    let figures =
        [(words.assigned(), page.assigned), (words.available(), page.free), (words.total(), page.seats)];
    view! {
        <dl class="figures" data-inline>
            {figures
                .into_iter()
                .map(|(name, number)| {
                    view! {
                        <div>
                            <dt>{name}</dt>
                            <dd class="figure">{group(i64::from(number))}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

fn tabs(page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    view! {
        <nav class="tabs" aria-label=page.name.clone()>
            <ul>
                <li>
                    <a href=address.path() aria-current="page">
                        {words.people()}
                        " "
                        <span class="tab-count">{group(i64::from(page.people))}</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}

fn nobody(page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    if !address.after.is_empty() {
        let start = address.page_from(String::new());
        return view! {
            <Empty title=words.end_of_list() small=true>
                <a class="button" href=start>
                    {words.to_start()}
                </a>
            </Empty>
        }
        .into_any();
    }
    let (assign, list) = (address.opening(ASSIGN), address.opening(LIST));
    view! {
        <Empty title=words.nobody() text=words.nobody_more(i64::from(page.free))>
            <a class="button" data-look="primary" data-size="l" href=assign>
                {words.assign()}
            </a>
            <a class="button" data-size="l" href=list>
                {use_texts().listing().open_assign()}
            </a>
        </Empty>
    }
    .into_any()
}

/// The list is a form: it leads to the question whether those who are ticked shall lose their license.
fn holders(page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let listing = use_texts().listing();
    let after = (!address.after.is_empty()).then(|| address.after.clone());
    view! {
        <form method="get" action=address.path()>
            <input type="hidden" name="pane" value=UNASSIGN />
            {after.map(|after| view! { <input type="hidden" name="after" value=after /> })}
            <div class="filters">
                <a class="button" data-look="primary" href=address.opening(ASSIGN)>
                    <Icon name="plus" />
                    {words.assign()}
                </a>
                <button class="button">{words.unassign()}</button>
                <div class="end">
                    <a class="button" data-look="quiet" href=address.opening(LIST)>
                        {listing.open_assign()}
                    </a>
                    <a class="button" data-look="quiet" href=address.opening(UNLIST)>
                        {listing.open_unassign()}
                    </a>
                </div>
            </div>
            <div class="list">{table(page, address)} {foot(page, address)}</div>
        </form>
    }
    .into_any()
}

fn table(page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let holders = page.holders.clone();
    let ticked = address.ticked().to_vec();
    // A row belongs to its person: a tick must never pass to whoever comes to stand in the same place.
    let row = move |holder: HolderRow| {
        let ticked = ticked.contains(&holder.person.id);
        holder_row(holder, ticked)
    };
    view! {
        <table class="table">
            <caption class="hidden">{words.holders_of(&page.name)}</caption>
            <thead>
                <tr>
                    <th scope="col" data-cell="pick">
                        <span class="hidden">{words.pick()}</span>
                    </th>
                    <th scope="col">{words.name()}</th>
                    <th scope="col">{words.department()}</th>
                    <th scope="col" data-drop="late">
                        {words.source()}
                    </th>
                    <th scope="col" data-cell="day">
                        {words.since()}
                    </th>
                </tr>
            </thead>
            <tbody>
                <For each=move || holders.clone() key=HolderRow::clone children=row />
            </tbody>
        </table>
    }
    .into_any()
}

fn holder_row(holder: HolderRow, ticked: bool) -> AnyView {
    let words = use_texts().licenses();
    let avatar = avatar_of(&holder.person);
    let person = holder.person;
    let second = (!person.second.is_empty()).then_some(person.second);
    let (pick, title) = (words.pick_person(&person.name), person.name.clone());
    view! {
        <tr>
            <td data-cell="pick">
                <input
                    class="check"
                    type="checkbox"
                    name=PERSON
                    value=person.id
                    checked=ticked
                    aria-label=pick
                />
            </td>
            <td data-cell="name">
                <div class="item">
                    {avatar} <div>
                        <span class="item-name" title=title>
                            {person.name}
                        </span>
                        {second.map(|second| view! { <small lang="ja">{second}</small> })}
                    </div>
                </div>
            </td>
            <td data-label=words.department()>{person.department}</td>
            <td data-drop="late" data-label=words.source()>
                {holder.source}
            </td>
            <td data-cell="day" data-label=words.since()>
                <time datetime=holder.since_code>{holder.since}</time>
            </td>
        </tr>
    }
    .into_any()
}

fn foot(page: &LicenseProductView, address: &Address) -> AnyView {
    let words = use_texts().licenses();
    let to_start = (!address.after.is_empty()).then(|| address.page_from(String::new()));
    let next = page.next.clone().map(|next| address.page_from(next));
    view! {
        <div class="list-foot">
            <span>{words.all_people(i64::from(page.people))}</span>
            <SaveAsCsv href=["/api/export-licenses?product=", &page.key].concat() />
            <Pager
                label=words.pages()
                first=to_start
                first_word=words.to_start()
                next=next
                next_word=words.next()
            />
        </div>
    }
    .into_any()
}
