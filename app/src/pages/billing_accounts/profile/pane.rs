//! `?pane=…`: what can be changed about a billing profile, a pane each. Each button is a form with a server function of
//! its own (`act`).

pub mod act;
mod details;
mod recipients;
mod replace;
#[cfg(feature = "ssr")]
pub(super) mod show;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{ChoiceView, NoticeView, notices, pane_close, pane_head};
use crate::pages::billing_accounts::roles::{self, RolesView};
use crate::texts::use_texts;

/// The open pane, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaneView {
    /// Name, PO number, address.
    Details(Box<DetailsView>),
    /// Who gets the invoices.
    Recipients(Box<RecipientsView>),
    /// What pays.
    Replace(Box<ReplaceView>),
    /// Who has a role.
    Roles(Box<RolesView>),
    /// It may be seen and not changed: why, and who can.
    Refused {
        /// What the pane is called.
        title: RefusedTitle,
        /// What it is about.
        subject: String,
        /// Who can.
        text: String,
    },
}

/// What a pane is called that does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefusedTitle {
    /// Name, PO number, address.
    Details,
    /// Who gets the invoices.
    Recipients,
    /// What pays.
    Replace,
    /// Who has a role.
    Roles,
}

/// What every form sends along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentView {
    /// The account, in whose address the page stands.
    pub account: String,
    /// The profile.
    pub profile: String,
    /// The state in which it was seen.
    pub version: i64,
    /// Makes sure that the form, sent twice, is carried out once.
    pub key: String,
    /// What the profile is called.
    pub subject: String,
    /// What one should know before the button.
    pub notes: Vec<NoticeView>,
}

/// Name, PO number, address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsView {
    /// What is sent along.
    pub sent: SentView,
    /// What it is called, the PO number, and the five parts of the address, by the names of their fields.
    pub fields: Vec<FieldView>,
}

/// A line to type into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// What stands in it.
    pub value: String,
    /// Why that is refused.
    pub error: Option<String>,
}

/// Who gets the invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientsView {
    /// What is sent along.
    pub sent: SentView,
    /// The addresses, one a line.
    pub typed: String,
    /// Why some are refused.
    pub errors: Vec<String>,
}

/// What pays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplaceView {
    /// What is sent along.
    pub sent: SentView,
    /// My own methods.
    pub cards: Vec<ChoiceView>,
    /// Where one is added.
    pub add: String,
}

impl SentView {
    fn inputs(&self) -> AnyView {
        view! {
            <input type="hidden" name="account" value=self.account.clone() />
            <input type="hidden" name="profile" value=self.profile.clone() />
            <input type="hidden" name="version" value=self.version />
            <input type="hidden" name="key" value=self.key.clone() />
        }
        .into_any()
    }
}

/// The open pane of the profile at this address.
pub(super) fn pane(view: PaneView, address: &str) -> AnyView {
    match view {
        PaneView::Details(view) => details::pane(*view, address),
        PaneView::Recipients(view) => recipients::pane(*view, address),
        PaneView::Replace(view) => replace::pane(*view, address),
        PaneView::Roles(view) => roles::pane(*view, address),
        PaneView::Refused { title, subject, text } => refused(title, subject, text, address),
    }
}

fn refused(title: RefusedTitle, subject: String, text: String, address: &str) -> AnyView {
    let texts = use_texts();
    let words = texts.billing_profile();
    let title = match title {
        RefusedTitle::Details => words.details_title(),
        RefusedTitle::Recipients => words.recipients_title(),
        RefusedTitle::Replace => words.replace_title(),
        RefusedTitle::Roles => texts.billing_roles().title(),
    };
    let note = NoticeView { danger: false, cause: words.may_not().to_owned(), text };
    view! {
        <section class="pane" aria-labelledby="pane-title">
            {pane_head(title.to_owned(), Some(subject), address)} <div class="pane-body">{notices(vec![note])}</div>
            <footer class="pane-foot">{pane_close(address)}</footer>
        </section>
    }
    .into_any()
}
