//! `?pane=roles`: who has a role on an account or a profile. Owners give, change and take them here.

pub mod server;

use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::components::{ChoiceView, Choices, TextField, notices, pane_close, pane_head};
use crate::pages::license_product::parts::avatar;
use crate::texts::use_texts;
pub use server::{GrantBillingRole, HolderView, RevokeBillingRole, RolesView};

/// The pane of the page at this address.
pub(super) fn pane(view: RolesView, address: &str) -> AnyView {
    let words = use_texts().billing_roles();
    let sent = Sent { on: view.on, account: view.account, version: view.version, key: view.key };
    let roles = view.roles.clone();
    let holders = view.holders.into_iter().enumerate();
    let holders = holders.map(|(number, one)| holder(number, one, &roles, &sent)).collect_view();
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(words.title().to_owned(), Some(view.subject), address)}
            <div class="pane-body">
                {notices(view.notes)}
                <section class="stack" data-gap="s">
                    <h3 class="label">{words.holders()}</h3>
                    {holders}
                </section>
                <form class="stack" data-gap="s" method="post" action=GrantBillingRole::PATH>
                    <h3 class="label">{words.give()}</h3>
                    {sent.inputs()}
                    <TextField
                        name="mail"
                        label=words.mail()
                        value=view.mail
                        hint=words.mail_hint().to_owned()
                        error=view.mail_error
                    />
                    <Choices legend=words.role() name="role" choices=view.roles />
                    <div class="row">
                        <button class="button" data-look="primary">
                            {words.add()}
                        </button>
                    </div>
                </form>
            </div>
            <footer class="pane-foot">
                <p class="pane-note">{words.note()}</p>
                {pane_close(address)}
            </footer>
        </section>
    }
    .into_any()
}

/// What every form of the pane sends along.
struct Sent {
    on: String,
    account: String,
    version: i64,
    key: String,
}

impl Sent {
    fn inputs(&self) -> AnyView {
        view! {
            <input type="hidden" name="on" value=self.on.clone() />
            <input type="hidden" name="account" value=self.account.clone() />
            <input type="hidden" name="version" value=self.version />
            <input type="hidden" name="key" value=self.key.clone() />
        }
        .into_any()
    }
}

/// Somebody with a role: another one is chosen, or it is taken. Who has left can only lose it.
fn holder(number: usize, holder: HolderView, roles: &[ChoiceView], sent: &Sent) -> AnyView {
    let words = use_texts().billing_roles();
    let id = ["role-", &number.to_string()].concat();
    let name = holder.person.name.clone();
    let hue = Some(holder.person.hue).filter(|hue| !hue.is_empty());
    let option = |role: &ChoiceView| {
        let chosen = role.value == holder.role;
        view! {
            <option value=role.value.clone() selected=chosen>
                {role.name.clone()}
            </option>
        }
    };
    let change = holder.active.then(|| {
        view! {
            <label class="hidden" for=id.clone()>
                {words.role_of(&name)}
            </label>
            <select class="input" id=id.clone() name="role" autocomplete="off">
                {roles.iter().map(option).collect_view()}
            </select>
            <button class="button" aria-label=words.change_of(&name)>
                {words.change()}
            </button>
        }
    });
    let role = (!holder.active).then(|| view! { <span>{holder.role_name.clone()}</span> });
    view! {
        <form class="stack" data-gap="xs" method="post" action=GrantBillingRole::PATH>
            {sent.inputs()}
            <input type="hidden" name="mail" value=holder.person.mail.clone() />
            <input type="hidden" name="person" value=holder.person.id.clone() />
            <div class="item">
                {avatar(holder.person.initial, hue, None)}
                <div>
                    <b class="item-name">{name.clone()}</b>
                    <small>{holder.person.mail}</small>
                </div>
            </div>
            <div class="row" data-nowrap>
                {change} {role}
                <button
                    class="button"
                    formaction=RevokeBillingRole::PATH
                    aria-label=words.remove_of(&name)
                >
                    {words.remove()}
                </button>
            </div>
        </form>
    }
    .into_any()
}
