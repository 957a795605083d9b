//! What the tabs of an account show.

use leptos::prelude::*;

use super::server::ProfileRow;
use crate::components::Icon;
use crate::pages::billing_accounts::roles::HolderView;
use crate::pages::license_product::parts::avatar;
use crate::pages::product_details::Fact;
use crate::texts::{group, use_texts};

/// What is known of the account.
pub(super) fn overview(facts: Vec<Fact>) -> AnyView {
    let words = use_texts().billing_accounts();
    view! {
        <section class="card measure">
            <div class="card-head">
                <h2>{words.facts()}</h2>
            </div>
            <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl>
            <p class="hint">{words.sold_to_why()}</p>
        </section>
    }
    .into_any()
}

/// Something to know, under its name.
pub(in crate::pages::billing_accounts) fn fact(fact: Fact) -> AnyView {
    let line = |line: crate::pages::product_details::FactLine| {
        let text = match line.address {
            Some(address) => view! { <a href=address>{line.text}</a> }.into_any(),
            None => line.text.into_any(),
        };
        view! { <p>{text} {line.note.map(|note| view! { " " <small>{note}</small> })}</p> }
    };
    view! {
        <div>
            <dt>{fact.name}</dt>
            <dd>{fact.lines.into_iter().map(line).collect_view()}</dd>
        </div>
    }
    .into_any()
}

/// Its billing profiles.
pub(super) fn profiles(rows: Vec<ProfileRow>, address: &str) -> AnyView {
    let words = use_texts().billing_accounts();
    if rows.is_empty() {
        return view! { <p class="quiet">{words.no_profiles()}</p> }.into_any();
    }
    let rows = rows.into_iter().map(|row| profile(row, address)).collect_view();
    view! {
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.profiles()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_name()}</th>
                        <th scope="col">{words.column_method()}</th>
                        <th scope="col" data-drop="late">
                            {words.column_expires()}
                        </th>
                        <th scope="col" data-cell="number">
                            {words.column_subscriptions()}
                        </th>
                        <th scope="col" data-cell="sum">
                            {words.column_owed()}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn profile(row: ProfileRow, address: &str) -> AnyView {
    let words = use_texts().billing_accounts();
    let (address, title) = ([address, "/profiles/", &row.id].concat(), row.name.clone());
    let method = row.method.unwrap_or_else(|| words.no_method().to_owned());
    let owed = match row.owed {
        Some(owed) => view! { <b class="alarm">{owed}</b> }.into_any(),
        None => words.nothing_owed().into_any(),
    };
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    <Icon name="receipt" />
                    <div>
                        <a class="item-name" href=address title=title>
                            {row.name}
                        </a>
                        <small>{row.currency}</small>
                    </div>
                </div>
            </td>
            <td data-label=words.column_method()>{method}</td>
            <td data-drop="late" data-label=words.column_expires()>
                {row.expires}
            </td>
            <td data-cell="number" data-label=words.column_subscriptions()>
                {group(row.subscriptions)}
            </td>
            <td data-cell="sum">{owed}</td>
        </tr>
    }
    .into_any()
}

/// Who has a role on it.
pub(super) fn people(holders: Vec<HolderView>, may_change: bool, address: &str) -> AnyView {
    let words = use_texts().billing_accounts();
    let change = may_change.then(|| {
        view! {
            <ul class="commands">
                <li>
                    <a class="command" href=[address, "?tab=roles&pane=roles"].concat()>
                        <Icon name="people" />
                        {words.change_roles()}
                    </a>
                </li>
            </ul>
        }
    });
    view! {
        {change}
        <p class="quiet">{words.roles_more()}</p>
        <div class="list">
            <table class="table">
                <caption class="hidden">{words.roles()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.column_person()}</th>
                        <th scope="col">{words.column_mail()}</th>
                        <th scope="col">{words.roles()}</th>
                    </tr>
                </thead>
                <tbody>{holders.into_iter().map(holder).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn holder(holder: HolderView) -> AnyView {
    let words = use_texts().billing_accounts();
    let hue = Some(holder.person.hue).filter(|hue| !hue.is_empty());
    let left = (!holder.active).then(|| view! { <small class="caution">{words.left()}</small> });
    view! {
        <tr>
            <td data-cell="name">
                <div class="item">
                    {avatar(holder.person.initial, hue, None)}
                    <div>
                        <span class="item-name">{holder.person.name}</span>
                        <small>{holder.person.second}</small>
                    </div>
                </div>
            </td>
            <td data-label=words.column_mail()>{holder.person.mail}</td>
            <td data-label=words.roles()>{holder.role_name} " " {left}</td>
        </tr>
    }
    .into_any()
}
