//! The panes.

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::list::to;
use super::server::{AddressField, CardStage};
use super::{
    ADDRESS, AddressView, BeginCard, CardView, DeleteCard, DeleteView, DetailsView, FinishCard, MethodPane,
    MethodRow,
};
use crate::components::{
    Banner, BannerKind, Facts, Failed, Icon, OnCard, StatusBadge, card_frame, field_error, pane_close,
    pane_head,
};
use crate::error::AppError;
use crate::texts::use_texts;

/// The open pane.
pub(super) fn pane(loaded: Result<MethodPane, AppError>) -> AnyView {
    match loaded {
        Ok(MethodPane::Details(view)) => details(view),
        Ok(MethodPane::Address(view)) => address(*view),
        Ok(MethodPane::Card(view)) => card(*view),
        Ok(MethodPane::Delete(view)) => delete(view),
        Err(error) => {
            let title = use_texts().change().not_loaded().to_owned();
            frame(title, view! { <Failed error /> }.into_any(), pane_close(ADDRESS))
        }
    }
}

fn frame(title: String, body: AnyView, foot: AnyView) -> AnyView {
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(title, None, ADDRESS)}
            <div class="pane-body">{body}</div>
            <footer class="pane-foot">{foot}</footer>
        </section>
    }
    .into_any()
}

fn subject(row: &MethodRow) -> AnyView {
    view! {
        <div class="item subject">
            <span class="tile" data-hue="lapis" aria-hidden="true">
                <Icon name="card" />
            </span>
            <div>
                <b>{row.name.clone()}</b>
                <small>{row.expires.clone()}</small>
            </div>
            {row.expiry.clone().map(|status| view! { <StatusBadge status /> })}
        </div>
    }
    .into_any()
}

fn details(view: DetailsView) -> AnyView {
    let words = use_texts().cards();
    let DetailsView { row, facts, profiles } = view;
    let mine = row.owner.is_none();
    let notice = row.owner.clone().map(|owner| {
        view! { <Banner kind=BannerKind::Info cause=words.not_mine() text=words.not_mine_more(&owner) /> }
    });
    let profiles = profiles
        .into_iter()
        .map(|(name, address)| {
            view! {
                <li>
                    <a class="link" href=address>
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    let body = view! {
        {subject(&row)}
        {notice}
        <Facts facts=facts lines=true />
        <section>
            <h3>{words.use_of()}</h3>
            <p>{row.pays.clone()}</p>
            <ul class="plain">{profiles}</ul>
        </section>
    }
    .into_any();
    let acts = mine.then(|| {
        view! {
            <a class="button" data-look="quiet" href=to("delete", &row.id)>
                {words.delete()}
            </a>
            <a class="button" href=to("replace", &row.id)>
                {words.replace()}
            </a>
            <a class="button" data-look="primary" href=to("edit", &row.id)>
                {words.edit()}
            </a>
        }
    });
    let foot = view! { {pane_close(ADDRESS)} {acts} }.into_any();
    frame(words.details().to_owned(), body, foot)
}

/// The address of the card's holder: a form of ours; number and code are typed on the next page, at the provider.
fn address(view: AddressView) -> AnyView {
    let words = use_texts().cards();
    view! {
        <section class="pane" aria-labelledby="pane-title">
            <form method="post" action=BeginCard::PATH>
                {pane_head(view.title, None, ADDRESS)}
                <div class="pane-body">
                    <input type="hidden" name="wish" value=view.wish />
                    <input type="hidden" name="method" value=view.method />
                    <input type="hidden" name="profile" value=view.profile />
                    <input type="hidden" name="back" value=view.back />
                    <input type="hidden" name="key" value=view.key />
                    <p>{view.lead}</p>
                    <fieldset class="stack" data-gap="s">
                        <legend class="label">{words.address()}</legend>
                        {view.fields.into_iter().map(field).collect_view()}
                    </fieldset>
                </div>
                <footer class="pane-foot">
                    <p class="pane-note">{words.address_note()}</p>
                    {pane_close(ADDRESS)}
                    <button class="button" data-look="primary">
                        {words.to_card()}
                    </button>
                </footer>
            </form>
        </section>
    }
    .into_any()
}

fn field(field: AddressField) -> AnyView {
    let error_id = field.error.is_some().then(|| [field.name.as_str(), "-error"].concat());
    view! {
        <div class="field">
            <label class="label" for=field.name.clone()>
                {field.label}
            </label>
            <input
                class="input"
                id=field.name.clone()
                name=["address[", &field.name, "]"].concat()
                type="text"
                value=field.value
                autocomplete=["billing ", &field.autocomplete].concat()
                required=field.required
                aria-describedby=error_id.clone()
                aria-invalid=field.error.is_some().then_some("true")
            />
            {field_error([field.name.as_str(), "-error"].concat(), field.error)}
        </div>
    }
    .into_any()
}

/// The provider's form, or what has become of it.
fn card(view: CardView) -> AnyView {
    let words = use_texts().cards();
    let here = [ADDRESS, "?pane=card&setup=", &view.setup].concat();
    let again = view.again;
    let (body, button) = match view.stage {
        CardStage::Type(form) => (card_frame(form, here, OnCard::Send("finish-card")), None),
        CardStage::Save { name, expires } => {
            let body = view! {
                <p>{words.card_ready()}</p>
                <p class="method">
                    <Icon name="card" />
                    {name}
                    " "
                    <small>{expires}</small>
                </p>
            };
            (body.into_any(), Some(words.save()))
        }
        CardStage::Refused(reason) => {
            let body = view! {
                <Banner kind=BannerKind::Danger cause=use_texts().checkout().refused() text=reason />
                <div class="row">
                    <a class="button" href=again>
                        {words.again()}
                    </a>
                </div>
            };
            (body.into_any(), None)
        }
        CardStage::Saved => {
            (view! { <Banner kind=BannerKind::Ok text=words.saved_before() /> }.into_any(), None)
        }
    };
    let button = button.map(|button| {
        view! {
            <button class="button" data-look="primary" form="finish-card">
                {button}
            </button>
        }
    });
    let body = view! {
        {body}
        <form id="finish-card" method="post" action=FinishCard::PATH>
            <input type="hidden" name="setup" value=view.setup />
        </form>
    };
    frame(view.title, body.into_any(), view! { {pane_close(ADDRESS)} {button} }.into_any())
}

fn delete(view: DeleteView) -> AnyView {
    let words = use_texts().cards();
    let in_use = view.in_use.is_some();
    let replaceable = !in_use || !view.others.is_empty();
    let id = view.row.id.clone();
    let why =
        view.in_use.map(|why| view! { <Banner kind=BannerKind::Info cause=words.in_use_cause() text=why /> });
    let others = view
        .others
        .into_iter()
        .enumerate()
        .map(|(place, (id, name, expires))| {
            view! {
                <label class="choice">
                    <input class="radio" type="radio" name="instead" value=id checked=place == 0 />
                    <Icon name="card" />
                    <span class="choice-name">{name}</span>
                    <span class="choice-note">{expires}</span>
                </label>
            }
        })
        .collect_view();
    let choose = in_use.then(|| {
        let others = replaceable.then(|| {
            view! {
                <fieldset>
                    <legend class="label">{words.instead()}</legend>
                    <div class="stack" data-gap="xs">
                        {others}
                    </div>
                </fieldset>
            }
        });
        view! {
            {others}
            <div class="row">
                <a class="button" href=to("replace", &id)>
                    <Icon name="plus" />
                    {words.replace_new()}
                </a>
            </div>
        }
    });
    let button = replaceable.then(|| {
        view! {
            <button class="button" data-look="danger" form="delete-card">
                {if in_use { words.replace_and_delete() } else { words.delete() }}
            </button>
        }
    });
    let body = view! {
        <form id="delete-card" class="stack" method="post" action=DeleteCard::PATH>
            <input type="hidden" name="method" value=view.row.id.clone() />
            <input type="hidden" name="key" value=view.key />
            {subject(&view.row)}
            <p>{words.delete_lead()}</p>
            {why}
            {choose}
        </form>
    };
    frame(
        words.delete_title().to_owned(),
        body.into_any(),
        view! { {pane_close(ADDRESS)} {button} }.into_any(),
    )
}
