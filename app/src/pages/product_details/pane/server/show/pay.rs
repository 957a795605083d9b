//! `?pane=pay` in words, days and amounts.

use domain::id::SubscriptionId;
use domain::subscription::{Active, State};
use services::ServiceError;
use services::invoices::{Payable, PayingCard};
use services::paying::WebAddress;

use super::super::{BankView, ImpossibleView, PaneView, PayView};
use super::{Came, Shown, Typed};
use crate::components::{ChoiceView, NoticeView};
use crate::error::AppError;
use crate::format::{date_long, money};
use crate::pages::checkout::server::{card_expires, card_name, declined};
use crate::request::{answer, asker, query, refused, services};
use crate::texts::Texts;

pub(super) async fn pane(shown: &Shown<'_>, typed: &Typed) -> Result<PaneView, AppError> {
    let texts = shown.texts;
    let words = texts.pay();
    let subscription = &shown.pane.subscription;
    let payable = services().payable(&asker(), subscription.id).await.map_err(|error| answer(&error))?;
    let subject = shown.subject(words.title()).map_err(|error| answer(&error))?;
    let Some(payable) = payable else {
        let (cause, text) = (words.nothing().to_owned(), words.nothing_more().to_owned());
        return Ok(PaneView::Impossible(ImpossibleView { subject, cause, text, way: None }));
    };
    let came: Came = refused(typed.form.as_deref()).await?.unwrap_or_default();
    let amount = money(payable.owed);
    let bank = payable.under_way.as_ref().map(|address| BankView {
        address: address.as_ref().map(ToString::to_string).unwrap_or_default(),
        host: address.as_ref().map(WebAddress::host).unwrap_or_default(),
    });
    let button = match &bank {
        Some(_) => Some(texts.checkout().check().to_owned()),
        None if payable.cards.is_empty() => None,
        None => Some(words.button(&amount)),
    };
    let note =
        if bank.is_none() && button.is_some() { texts.change().note_pay(&amount) } else { String::new() };
    Ok(PaneView::Pay(Box::new(PayView {
        subject,
        notices: notices(shown, &payable, &came),
        document: payable.document.to_string(),
        new_card: if bank.is_none() { new_card(subscription.id, &payable) } else { String::new() },
        facts: facts(&payable, texts),
        cards: payable.cards.iter().map(|card| choice(card, texts)).collect(),
        bank,
        button,
        note,
    })))
}

/// Where a new card is typed that then pays here, and what comes after it where the asker may choose that.
fn new_card(subscription: SubscriptionId, payable: &Payable) -> String {
    let back = format!("/products/{subscription}?pane=pay");
    let profile = payable.profile.map(|profile| format!("&profile={profile}")).unwrap_or_default();
    format!("/bills/payment-methods?pane=add{profile}&{}", query(&[("back", &back)]))
}

fn facts(payable: &Payable, texts: Texts) -> Vec<(String, String)> {
    let words = texts.pay();
    let number =
        payable.issued.as_ref().map_or_else(|| words.unnumbered().to_owned(), |issued| issued.number.clone());
    let mut facts = vec![(words.invoice().to_owned(), number)];
    facts.extend(payable.due_on.map(|day| (words.due_on().to_owned(), date_long(day, texts.language()))));
    if payable.gross != payable.owed {
        facts.push((words.total().to_owned(), money(payable.gross)));
    }
    facts.push((words.owed().to_owned(), money(payable.owed)));
    facts
}

/// What has become of an earlier payment, what becomes of the subscription, and where no card is there.
fn notices(shown: &Shown<'_>, payable: &Payable, came: &Came) -> Vec<NoticeView> {
    let texts = shown.texts;
    let words = texts.pay();
    let mut notices = Vec::new();
    if let Some(code) = came.declined {
        let text = words.declined_more(declined(code, texts));
        notices.push(NoticeView { danger: true, cause: words.declined().to_owned(), text });
    }
    if payable.cards.is_empty() && payable.under_way.is_none() {
        let (cause, text) = (words.no_card().to_owned(), words.no_card_more().to_owned());
        notices.push(NoticeView { danger: true, cause, text });
    }
    let text = match shown.pane.subscription.state {
        State::Active(Active { payment_due: Some(due), .. }) => {
            Some(words.until(&shown.day(due.until.yesterday().unwrap_or(due.until))))
        }
        State::Disabled(_) => Some(words.restores().to_owned()),
        _ => None,
    };
    notices.extend(text.map(|text| NoticeView { danger: false, cause: String::new(), text }));
    notices
}

fn choice(card: &PayingCard, texts: Texts) -> ChoiceView {
    ChoiceView {
        value: card.method.to_string(),
        name: card_name(&card.card, texts),
        note: card_expires(&card.card, texts),
        lines: card.usual.then(|| texts.pay().usual().to_owned()).into_iter().collect(),
        chosen: card.usual,
    }
}

/// What is paid cannot be paid again: then the pane says that nothing is due.
pub(crate) fn is_paid(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Stale)
}
