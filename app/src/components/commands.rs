use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Icon;
use crate::texts::use_texts;

/// What can be done with a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandKind {
    /// What is owed is paid.
    Pay,
    /// A trial is bought.
    Buy,
    /// A trial is extended.
    Extend,
    /// What has ended comes back.
    Reactivate,
    /// More seats.
    BuyLicenses,
    /// Fewer seats.
    RemoveLicenses,
    /// Licenses are given.
    Assign,
    /// Whether it renews.
    Recurring,
    /// Another plan.
    Plan,
    /// What waits for the renewal.
    Scheduled,
    /// Its end. It stands last, apart from the others.
    Cancel,
}

/// Something that can be done with a subscription, or cannot in its state. What is as usual is not sent: a list has
/// many of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What.
    pub kind: CommandKind,
    /// What a menu says at its right: a fact, or in short why it is not possible.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether it is not possible.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// Why not, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl CommandKind {
    fn icon(self) -> &'static str {
        match self {
            Self::Pay => "card",
            Self::Buy => "bag",
            Self::Extend => "clock",
            Self::Reactivate => "undo",
            Self::BuyLicenses => "plus",
            Self::RemoveLicenses => "minus",
            Self::Assign => "people",
            Self::Recurring => "refresh",
            Self::Plan => "swap",
            Self::Scheduled => "calendar",
            Self::Cancel => "close",
        }
    }

    fn name(self) -> &'static str {
        let words = use_texts().commands();
        match self {
            Self::Pay => words.pay(),
            Self::Buy => words.buy(),
            Self::Extend => words.extend(),
            Self::Reactivate => words.reactivate(),
            Self::BuyLicenses => words.buy_licenses(),
            Self::RemoveLicenses => words.remove_licenses(),
            Self::Assign => words.assign(),
            Self::Recurring => words.recurring(),
            Self::Plan => words.plan(),
            Self::Scheduled => words.scheduled(),
            Self::Cancel => words.cancel(),
        }
    }

    /// Where it leads, for a subscription of a product.
    fn address(self, subscription: &str, product: &str) -> String {
        let pane = match self {
            Self::Assign => return ["/licenses/", product].concat(),
            Self::Pay => "pay",
            Self::Buy => "buy",
            Self::Extend => "extend",
            Self::Reactivate => "reactivate",
            Self::BuyLicenses => "seats&way=more",
            Self::RemoveLicenses => "seats&way=fewer",
            Self::Recurring => "recurring",
            Self::Plan => "plan",
            Self::Scheduled => "scheduled",
            Self::Cancel => "cancel",
        };
        ["/products/", subscription, "?pane=", pane].concat()
    }
}

/// What can be done, as a bar. What cannot stays where it is, grey, and the reasons stand below, each once.
#[component]
pub fn Commands(
    /// The subscription's id.
    subscription: String,
    /// Its product's key.
    product: String,
    /// What there is.
    commands: Vec<Command>,
) -> impl IntoView {
    let mut reasons: Vec<String> = Vec::new();
    for command in &commands {
        if !command.why.is_empty() && !reasons.contains(&command.why) {
            reasons.push(command.why.clone());
        }
    }
    let id = |place: usize| ["why-", &place.to_string()].concat();
    let items = commands.into_iter().map(|command| {
        let described = reasons.iter().position(|reason| *reason == command.why).map(id);
        let apart = (command.kind == CommandKind::Cancel).then_some("divide");
        view! { <li class=apart>{in_bar(command, described, &subscription, &product)}</li> }
    });
    let items = items.collect_view();
    let notes = reasons.into_iter().enumerate().map(|(place, reason)| view! { <p id=id(place)>{reason}</p> });
    let notes: Vec<_> = notes.collect();
    view! {
        <ul class="commands">{items}</ul>
        {(!notes.is_empty()).then(|| view! { <div class="command-notes">{notes}</div> })}
    }
    .into_any()
}

fn in_bar(command: Command, described: Option<String>, subscription: &str, product: &str) -> AnyView {
    let kind = command.kind;
    if command.refused {
        return view! {
            <button class="command" type="button" aria-disabled="true" aria-describedby=described>
                <Icon name=kind.icon() />
                {kind.name()}
            </button>
        }
        .into_any();
    }
    view! {
        <a class="command" href=kind.address(subscription, product)>
            <Icon name=kind.icon() />
            {kind.name()}
        </a>
    }
    .into_any()
}

/// The same as the items of a row's menu.
pub fn menu_items(subscription: &str, product: &str, commands: Vec<Command>) -> AnyView {
    commands.into_iter().map(|command| in_menu(command, subscription, product)).collect_view().into_any()
}

fn in_menu(command: Command, subscription: &str, product: &str) -> AnyView {
    let Command { kind, note, refused, .. } = command;
    let ends = kind == CommandKind::Cancel;
    let line = ends.then(|| {
        view! {
            <li>
                <hr class="menu-line" />
            </li>
        }
    });
    let note = (!note.is_empty()).then(|| view! { <span class="note">{note}</span> });
    view! {
        {line}
        <li>
            <a
                class="menu-item"
                data-kind=(ends && !refused).then_some("danger")
                href=(!refused).then(|| kind.address(subscription, product))
                role=refused.then_some("link")
                aria-disabled=refused.then_some("true")
            >
                <Icon name=kind.icon() />
                {kind.name()}
                {note}
            </a>
        </li>
    }
    .into_any()
}
