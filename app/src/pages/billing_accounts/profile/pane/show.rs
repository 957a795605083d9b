//! The panes of a billing profile in words.

use domain::address::Address;
use domain::billing::{BillingRole, RecipientProblem, RecipientReason, parse_recipients};
use domain::field::{FieldError, FieldProblem};
use serde::{Deserialize, Serialize};
use services::ServiceError;
use services::billing::{DetailsTyped, Holding, ProfilePage};
use services::invoices::PayingCard;

use super::{DetailsView, FieldView, PaneView, RecipientsView, RefusedTitle, ReplaceView, SentView};
use crate::components::{ChoiceView, NoticeView};
use crate::error::AppError;
use crate::format::money;
use crate::pages::billing_accounts::roles::server::show::{About, roles};
use crate::pages::billing_accounts::words::{names, profile_name};
use crate::pages::checkout::server::{card_expires, card_name};
use crate::request::{answer, asker, fresh_key, refused, services};
use crate::texts::Texts;

/// Name, PO number and address as they were typed, and whether somebody else was quicker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptDetails {
    name: String,
    purchase_order: String,
    bill_to: Address,
    stale: bool,
}

impl KeptDetails {
    pub(super) fn of(typed: DetailsTyped, stale: bool) -> Self {
        let DetailsTyped { name, purchase_order, bill_to } = typed;
        Self { name, purchase_order, bill_to, stale }
    }
}

/// Recipients as they were typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptRecipients {
    pub(super) typed: String,
    pub(super) stale: bool,
}

/// The method that was chosen; nothing where it was none of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptMethod {
    pub(super) chosen: String,
    pub(super) stale: bool,
}

/// The pane of this code, if there is one.
pub(in crate::pages::billing_accounts::profile) async fn pane(
    page: &ProfilePage,
    code: Option<&str>,
    form: Option<&str>,
    texts: Texts,
) -> Result<Option<PaneView>, AppError> {
    let role = page.profile.role;
    let title = match code {
        Some("details") => RefusedTitle::Details,
        Some("recipients") => RefusedTitle::Recipients,
        Some("replace") => RefusedTitle::Replace,
        Some("roles") => RefusedTitle::Roles,
        _ => return Ok(None),
    };
    let may = if title == RefusedTitle::Roles { role.may_grant() } else { role.may_change() };
    if !may {
        return Ok(Some(may_not(page, title, texts)));
    }
    Ok(Some(match title {
        RefusedTitle::Details => PaneView::Details(Box::new(details(page, refused(form).await?, texts))),
        RefusedTitle::Recipients => {
            PaneView::Recipients(Box::new(recipients(page, refused(form).await?, texts)))
        }
        RefusedTitle::Replace => {
            let found = services().replacement(&asker(), page.profile.id).await;
            let cards = found.map_err(|error| answer(&error))?.cards;
            PaneView::Replace(Box::new(replace(page, &cards, refused(form).await?, texts)))
        }
        RefusedTitle::Roles => {
            let about = About {
                holding: Holding::Profile(page.profile.id),
                account: page.profile.account.to_string(),
                version: page.profile.version,
                subject: profile_name(&page.profile, texts),
                holders: &page.holders,
            };
            PaneView::Roles(Box::new(roles(about, refused(form).await?, texts)))
        }
    }))
}

/// Who can, for somebody who may only look.
fn may_not(page: &ProfilePage, title: RefusedTitle, texts: Texts) -> PaneView {
    let words = texts.billing_profile();
    let holders: [&[_]; 2] = [&page.holders, &page.account_holders];
    let text = match title {
        RefusedTitle::Roles => words.may_not_grant(&names(&holders, BillingRole::may_grant, texts)),
        _ => words.may_not_change(&names(&holders, BillingRole::may_change, texts)),
    };
    PaneView::Refused { title, subject: profile_name(&page.profile, texts), text }
}

fn sent(page: &ProfilePage, stale: bool, texts: Texts) -> SentView {
    let words = texts.billing_profile();
    let note =
        NoticeView { danger: true, cause: words.stale().to_owned(), text: words.stale_more().to_owned() };
    SentView {
        account: page.profile.account.to_string(),
        profile: page.profile.id.to_string(),
        version: page.profile.version,
        key: fresh_key(),
        subject: profile_name(&page.profile, texts),
        notes: stale.then_some(note).into_iter().collect(),
    }
}

fn details(page: &ProfilePage, kept: Option<KeptDetails>, texts: Texts) -> DetailsView {
    let stored = page.profile.details.clone();
    let stale = kept.as_ref().is_some_and(|kept| kept.stale);
    let stored = || KeptDetails {
        name: stored.name.unwrap_or_default(),
        purchase_order: stored.purchase_order.unwrap_or_default(),
        bill_to: stored.bill_to.unwrap_or_default(),
        stale: false,
    };
    let KeptDetails { name, purchase_order, bill_to, .. } = kept.unwrap_or_else(stored);
    let typed = DetailsTyped { name, purchase_order, bill_to };
    let errors = match typed.read() {
        Err(ServiceError::Fields(errors)) => errors,
        _ => Vec::new(),
    };
    let DetailsTyped { name, purchase_order, bill_to } = typed;
    let Address { postal_code, region, city, street, building } = bill_to;
    let fields = [
        ("name", name),
        ("purchase_order", purchase_order),
        ("postal_code", postal_code),
        ("region", region),
        ("city", city),
        ("street", street),
        ("building", building),
    ];
    let field = |(name, value): (&str, String)| FieldView { value, error: problem(name, &errors, texts) };
    DetailsView { sent: sent(page, stale, texts), fields: fields.into_iter().map(field).collect() }
}

/// What is wrong with a field, in words.
fn problem(field: &str, errors: &[FieldError], texts: Texts) -> Option<String> {
    let words = texts.billing_profile();
    let found = errors.iter().find(|error| error.field == field)?;
    Some(match found.problem {
        FieldProblem::Missing => words.missing().to_owned(),
        FieldProblem::TooLong { most } => words.too_long(&most.to_string()),
        _ => words.control().to_owned(),
    })
}

fn recipients(page: &ProfilePage, kept: Option<KeptRecipients>, texts: Texts) -> RecipientsView {
    let stored = || {
        let stored: Vec<String> = page.profile.recipients.iter().map(ToString::to_string).collect();
        KeptRecipients { typed: stored.join("\n"), stale: false }
    };
    let KeptRecipients { typed, stale } = kept.unwrap_or_else(stored);
    let problems = parse_recipients(&typed).err().unwrap_or_default();
    let errors = problems.iter().map(|problem| recipient_problem(problem, texts)).collect();
    RecipientsView { sent: sent(page, stale, texts), typed, errors }
}

fn recipient_problem(problem: &RecipientProblem, texts: Texts) -> String {
    let words = texts.billing_profile();
    match problem.reason {
        RecipientReason::NotAMailAddress => words.recipient_not_mail(&problem.typed),
        RecipientReason::TooLong => words.recipient_long(&problem.typed),
        RecipientReason::Twice => words.recipient_twice(&problem.typed),
        RecipientReason::TooMany => words.recipient_many(&problem.typed),
    }
}

fn replace(page: &ProfilePage, cards: &[PayingCard], kept: Option<KeptMethod>, texts: Texts) -> ReplaceView {
    let words = texts.billing_profile();
    let stale = kept.as_ref().is_some_and(|kept| kept.stale);
    let mut sent = sent(page, stale, texts);
    let quiet = |danger: bool, text: String| NoticeView { danger, cause: String::new(), text };
    let nothing = kept.as_ref().is_some_and(|kept| kept.chosen.is_empty());
    sent.notes.extend(nothing.then(|| quiet(true, words.no_choice().to_owned())));
    let owed = page.figures.owed;
    sent.notes.extend(owed.is_positive().then(|| quiet(false, words.replace_owed(&money(owed)))));
    let chosen = kept.map(|kept| kept.chosen).filter(|chosen| !chosen.is_empty());
    let choice = |card: &PayingCard| {
        let value = card.method.to_string();
        ChoiceView {
            name: card_name(&card.card, texts),
            note: card_expires(&card.card, texts),
            lines: card.usual.then(|| words.pays_now().to_owned()).into_iter().collect(),
            chosen: chosen.as_ref().map_or(card.usual, |chosen| *chosen == value),
            value,
        }
    };
    let add = format!("/bills/payment-methods?pane=add&profile={}", page.profile.id);
    ReplaceView { sent, cards: cards.iter().map(choice).collect(), add }
}
