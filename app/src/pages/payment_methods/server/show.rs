//! Payment methods in words.

pub(super) mod act;

use domain::address::Address;
use domain::id::{BillingProfileId, CardSetupId, PaymentMethodId};
use services::cards::{CardAtProvider, CardWish, ExpiryState, MethodLine, read_card_address};

use super::{
    AddressField, AddressView, CardStage, CardView, DeleteView, DetailsView, MethodPane, MethodRow,
    MethodsView,
};
use crate::components::StatusView;
use crate::error::AppError;
use crate::format::{date_long, month};
use crate::pages::checkout::server::{card_expires, card_form, card_name, refusal};
use crate::request::{answer, asker, fresh_key, language, refused, services};
use crate::texts::Texts;

/// What the address says besides the pane.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) setup: Option<String>,
    pub(super) back: Option<String>,
    pub(super) form: Option<String>,
}

/// What stands in the address of the page.
const PAGE: &str = "/bills/payment-methods";

/// The list, and what was done.
pub(super) async fn methods(result: Option<String>) -> Result<MethodsView, AppError> {
    let texts = Texts::new(language());
    let lines = services().cards(&asker()).await.map_err(|error| answer(&error))?;
    let done: Option<act::Done> = refused(result.as_deref()).await?;
    Ok(MethodsView {
        rows: lines.iter().map(|line| row(line, texts)).collect(),
        done: done.map(|done| done.text(&lines, texts)),
    })
}

fn row(line: &MethodLine, texts: Texts) -> MethodRow {
    let words = texts.cards();
    let badge = |kind: &str, word: &str| Some(StatusView { kind: kind.to_owned(), word: word.to_owned() });
    let pays = i64::try_from(line.pays.len()).unwrap_or(i64::MAX);
    MethodRow {
        id: line.id.to_string(),
        name: card_name(&line.card, texts),
        holder: line.card.holder.clone(),
        expires: card_expires(&line.card, texts),
        month: month(line.card.expiry.year(), line.card.expiry.month(), texts.language()),
        expiry: match line.expiry {
            ExpiryState::Good => None,
            ExpiryState::Soon => badge("warning", words.expires_soon()),
            ExpiryState::Past => badge("danger", words.expired()),
        },
        owner: line.owner.as_ref().map(|owner| owner.display(texts.language())),
        pays: if pays == 0 { words.pays_nothing().to_owned() } else { words.pays(pays) },
        added: date_long(line.added_on, texts.language()),
    }
}

/// The open pane.
pub(super) async fn pane(pane: &str, asked: Asked) -> Result<MethodPane, AppError> {
    let texts = Texts::new(language());
    Ok(match pane {
        "method" => MethodPane::Details(details(&asked, texts).await?),
        "add" | "edit" | "replace" => MethodPane::Address(Box::new(address(pane, asked, texts).await?)),
        "card" => MethodPane::Card(Box::new(card(&asked, texts).await?)),
        "delete" => MethodPane::Delete(delete(&asked, texts).await?),
        _ => return Err(AppError::NotFound),
    })
}

fn id<T: std::str::FromStr>(text: Option<&str>) -> Result<T, AppError> {
    text.unwrap_or_default().parse().map_err(|_| AppError::NotFound)
}

/// What is wished, by the codes that stand in addresses and forms.
fn wish(code: &str, method: Option<&str>, profile: Option<&str>) -> Result<CardWish, AppError> {
    Ok(match code {
        "add" => {
            let profile = profile.filter(|profile| !profile.is_empty());
            let profile: Option<BillingProfileId> = profile.map(|profile| id(Some(profile))).transpose()?;
            CardWish::Add { profile }
        }
        "edit" => CardWish::Edit { method: id(method)? },
        "replace" => CardWish::Replace { method: id(method)? },
        _ => return Err(AppError::NotFound),
    })
}

async fn line(asked: &Asked) -> Result<(MethodLine, Vec<MethodLine>), AppError> {
    let method: PaymentMethodId = id(asked.method.as_deref())?;
    let mut lines = services().cards(&asker()).await.map_err(|error| answer(&error))?;
    let place = lines.iter().position(|line| line.id == method).ok_or(AppError::NotFound)?;
    Ok((lines.remove(place), lines))
}

async fn details(asked: &Asked, texts: Texts) -> Result<DetailsView, AppError> {
    let (line, _) = line(asked).await?;
    let words = texts.cards();
    let row = row(&line, texts);
    let address = line.card.address.as_ref();
    let address = address.map(|address| address.address.lines(address.country).join(" "));
    let mut facts = vec![
        (words.holder().to_owned(), row.holder.clone()),
        (words.expiry().to_owned(), line.card.expiry.on_card()),
        (words.address().to_owned(), address.unwrap_or_default()),
        (words.added().to_owned(), row.added.clone()),
    ];
    if let Some(owner) = &row.owner {
        facts.push((words.owner().to_owned(), owner.clone()));
    }
    facts.retain(|(_, fact)| !fact.is_empty());
    let profile = |(account, profile): &(_, _)| {
        (words.profile().to_owned(), format!("/billing-accounts/{account}/profiles/{profile}"))
    };
    Ok(DetailsView { facts, profiles: line.pays.iter().map(profile).collect(), row })
}

async fn address(pane: &str, asked: Asked, texts: Texts) -> Result<AddressView, AppError> {
    let words = texts.cards();
    let wish = wish(pane, asked.method.as_deref(), asked.profile.as_deref())?;
    let known = services().card_address(&asker(), wish).await.map_err(|error| answer(&error))?;
    let typed: Option<Address> = refused(asked.form.as_deref()).await?;
    let problems = typed.as_ref().and_then(|typed| read_card_address(typed).err()).unwrap_or_default();
    let stands = typed.unwrap_or(known);
    let field = |name: &str, label: &str, value: String, autocomplete: &str, required: bool| AddressField {
        name: name.to_owned(),
        label: label.to_owned(),
        value,
        autocomplete: autocomplete.to_owned(),
        required,
        error: problems.iter().find(|problem| problem.field == name).map(|problem| match problem.problem {
            domain::field::FieldProblem::Missing => words.missing(label),
            domain::field::FieldProblem::TooLong { most } => words.too_long(label, &most.to_string()),
            _ => words.not_a_line(label),
        }),
    };
    let Address { postal_code, region, city, street, building } = stands;
    let (title, lead) = match wish {
        CardWish::Add { profile: None } => (words.add(), words.add_lead()),
        CardWish::Add { profile: Some(_) } => (words.add(), words.attach_lead()),
        CardWish::Edit { .. } => (words.edit_title(), words.edit_lead()),
        CardWish::Replace { .. } => (words.replace_title(), words.replace_lead()),
    };
    Ok(AddressView {
        title: title.to_owned(),
        lead: lead.to_owned(),
        wish: pane.to_owned(),
        method: asked.method.unwrap_or_default(),
        profile: asked.profile.unwrap_or_default(),
        back: asked.back.unwrap_or_default(),
        key: fresh_key(),
        fields: vec![
            field("postal_code", words.postal_code(), postal_code, "postal-code", false),
            field("region", words.region(), region, "address-level1", false),
            field("city", words.city(), city, "address-level2", true),
            field("street", words.street(), street, "address-line1", true),
            field("building", words.building(), building, "address-line2", false),
        ],
    })
}

async fn card(asked: &Asked, texts: Texts) -> Result<CardView, AppError> {
    let words = texts.cards();
    let setup: CardSetupId = id(asked.setup.as_deref())?;
    let progress = services().card_progress(&asker(), setup).await.map_err(|error| answer(&error))?;
    let (title, again) = match progress.wish {
        CardWish::Add { profile: None } => (words.add(), format!("{PAGE}?pane=add")),
        CardWish::Add { profile: Some(profile) } => {
            (words.add(), format!("{PAGE}?pane=add&profile={profile}"))
        }
        CardWish::Edit { method } => (words.edit_title(), format!("{PAGE}?pane=edit&method={method}")),
        CardWish::Replace { method } => {
            (words.replace_title(), format!("{PAGE}?pane=replace&method={method}"))
        }
    };
    let stage = match progress.at {
        CardAtProvider::Waiting(setup) => CardStage::Type(card_form(&setup)),
        CardAtProvider::Ready(card) => {
            CardStage::Save { name: card_name(&card, texts), expires: card_expires(&card, texts) }
        }
        CardAtProvider::Refused(reason) => CardStage::Refused(refusal(reason, texts).to_owned()),
        CardAtProvider::Saved(_) => CardStage::Saved,
    };
    Ok(CardView { title: title.to_owned(), setup: setup.to_string(), stage, again })
}

async fn delete(asked: &Asked, texts: Texts) -> Result<DeleteView, AppError> {
    let (line, others) = line(asked).await?;
    if line.owner.is_some() {
        return Err(AppError::NotFound);
    }
    let pays = i64::try_from(line.pays.len()).unwrap_or(i64::MAX);
    let other = |other: &MethodLine| {
        (other.id.to_string(), card_name(&other.card, texts), card_expires(&other.card, texts))
    };
    Ok(DeleteView {
        row: row(&line, texts),
        key: fresh_key(),
        in_use: (pays > 0).then(|| texts.cards().in_use(pays)),
        others: others.iter().filter(|other| other.owner.is_none()).map(other).collect(),
    })
}
