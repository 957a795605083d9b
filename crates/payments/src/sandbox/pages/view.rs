//! The sandbox's pages as HTML.

use domain::language::Language;
use domain::money::Money;
use maud::{DOCTYPE, Markup, html};

use super::words::{self, Words};
use super::{ConfirmPage, Place, SetupPage};
use crate::provider::{Brand, Card, LastFour, SetupKind, SetupOutcome, WebAddress};
use crate::sandbox::Sandbox;
use crate::sandbox::event::Decision;
use crate::sandbox::form::{Kept, Problem, Problems};
use crate::sandbox::test_card::TEST_CARDS;

/// The page of a set-up, whatever became of it.
pub(super) fn setup(page: &SetupPage, place: Place, kept: &Kept, problems: &Problems) -> Markup {
    let words = Words::of(page.request.language);
    let edits = matches!(page.request.kind, SetupKind::Edit { .. });
    let (title, body) = match &page.outcome {
        SetupOutcome::Pending => {
            let title = if edits { words.edit } else { words.add };
            let body = form(page, place, kept, problems);
            // A reader hears first that something is wrong.
            let title =
                if problems.is_empty() { title.to_owned() } else { format!("{}: {title}", words.wrong) };
            (title, body)
        }
        SetupOutcome::Ready(card) => {
            let title = if edits { words.edited } else { words.added };
            (title.to_owned(), ready(page, place, title, card))
        }
        SetupOutcome::Refused { reason } => {
            let body = html! {
                h1 { (words.no_card) }
                p { (words::refusal(page.request.language, *reason)) }
                (onward(page.request.language, place, &page.request.return_address))
            };
            (words.no_card.to_owned(), body)
        }
    };
    document(page.request.language, place, &page.host, &title, &body)
}

/// The page that takes the place of the bank's.
pub(super) fn confirm(page: &ConfirmPage) -> Markup {
    let (language, words) = (page.request.language, Words::of(page.request.language));
    let title = match &page.decision {
        Decision::Waiting => words.confirm,
        Decision::Collected { .. } => words.paid,
        Decision::Declined { .. } => words.not_paid,
    };
    let body = html! {
        h1 { (title) }
        dl {
            dt { (words.payee) }
            dd { (page.request.statement) }
            dt { (words.amount) }
            dd { (amount(page.request.amount)) }
            @if let Some((brand, last_four)) = page.card {
                dt { (words.card) }
                dd { (card_name(brand, last_four)) }
            }
        }
        @if page.decision == Decision::Waiting {
            p { (words.confirm_hint) }
            form method="post" {
                button name="answer" value="approve" { (words.approve) }
                button.second name="answer" value="refuse" { (words.refuse) }
            }
        } @else {
            (onward(language, Place::Hosted, &page.request.return_address))
        }
    };
    document(language, Place::Hosted, &page.host, title, &body)
}

/// A page of which the language is not known.
pub(super) fn plain(host: &str, english: &str, japanese: &str) -> Markup {
    let body = html! {
        h1 { (english) }
        p lang="ja" { (japanese) }
    };
    document(Language::English, Place::Hosted, host, english, &body)
}

fn document(language: Language, place: Place, host: &str, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="robots" content="noindex";
                title { (title) " · " (Sandbox::NAME) }
                link rel="stylesheet" href="/sandbox/sandbox.css";
                // No picture: browsers would ask for one.
                link rel="icon" href="data:,";
            }
            body data-place=(place.code()) {
                header {
                    // In a frame the page around it says whose it is, outside of what this page can draw.
                    @if place == Place::Hosted {
                        div {
                            strong { (Sandbox::NAME) }
                            span { (host) }
                        }
                    }
                    p.test { (Words::of(language).test_mode) }
                }
                main { (body) }
            }
        }
    }
}

fn form(page: &SetupPage, place: Place, kept: &Kept, problems: &Problems) -> Markup {
    let language = page.request.language;
    let (words, portal) = (Words::of(language), &page.request.return_address);
    let first = [problems.number, problems.expiry, problems.code, problems.name]
        .iter()
        .position(Option::is_some)
        // A frame of another site may not take the focus.
        .filter(|_| place == Place::Hosted);
    let field = |index: usize, field: Field<'_>| text_field(language, &field, first == Some(index));
    let number = Field { id: "number", label: words.number, problem: problems.number, ..Field::EMPTY };
    let expiry = Field {
        id: "expiry",
        label: words.expiry,
        hint: words.expiry_hint,
        value: &kept.expiry,
        problem: problems.expiry,
    };
    let code = Field {
        id: "code",
        label: words.code,
        hint: words.code_hint,
        problem: problems.code,
        ..Field::EMPTY
    };
    let name =
        Field { id: "name", label: words.name, value: &kept.name, problem: problems.name, ..Field::EMPTY };
    html! {
        h1 { (if page.card.is_some() { words.edit } else { words.add }) }
        // Checked here, in the person's language, not by the browser.
        form method="post" novalidate {
            @if let Some(card) = &page.card {
                dl {
                    dt { (words.card) }
                    dd { (card_name(card.brand, card.last_four)) }
                }
                p.hint { (words.number_stays) }
            } @else {
                (field(0, number))
            }
            div.pair {
                (field(1, expiry))
                (field(2, code))
            }
            (field(3, name))
            (address(page))
            button { (words.save) }
        }
        (test_cards(language))
        @if place == Place::Hosted {
            p { a href=(portal) { (words::back_to(language, &portal.host())) } }
        }
    }
}

/// One field of the form.
struct Field<'a> {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &'a str,
    problem: Option<Problem>,
}

impl Field<'_> {
    const EMPTY: Self = Self { id: "", label: "", hint: "", value: "", problem: None };
}

fn text_field(language: Language, field: &Field<'_>, focus: bool) -> Markup {
    let (hint, error) = (format!("{}-hint", field.id), format!("{}-error", field.id));
    let described: Vec<&str> = [(!field.hint.is_empty(), &hint), (field.problem.is_some(), &error)]
        .into_iter()
        .filter_map(|(there, id)| there.then_some(id.as_str()))
        .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let digits = field.id != "name";
    // Without help of the browser, which would offer the person's real cards.
    html! {
        div {
            label for=(field.id) { (field.label) }
            input id=(field.id) name=(field.id) value=(field.value) autocomplete="off" spellcheck="false"
                inputmode=[digits.then_some("numeric")] required autofocus[focus]
                aria-invalid=[field.problem.map(|_| "true")] aria-describedby=[described];
            @if !field.hint.is_empty() {
                p.hint id=(hint) { (field.hint) }
            }
            @if let Some(problem) = field.problem {
                p.error id=(error) { (words::problem(language, problem)) }
            }
        }
    }
}

/// The address that the portal has given, to be seen and not to be typed again.
fn address(page: &SetupPage) -> Markup {
    let known = page.card.as_ref().and_then(|card| card.address.as_ref());
    let address = page.request.holder.address.as_ref().or(known);
    html! {
        @if let Some(address) = address {
            dl {
                dt { (Words::of(page.request.language).address) }
                dd {
                    @for (place, line) in address.address.lines(address.country).iter().enumerate() {
                        @if place > 0 { br; }
                        (line)
                    }
                }
            }
        }
    }
}

fn ready(page: &SetupPage, place: Place, title: &str, card: &Card) -> Markup {
    let language = page.request.language;
    html! {
        h1 { (title) }
        p { (card_name(card.brand, card.last_four)) " " (card.expiry.on_card()) }
        @if place == Place::Frame {
            p data-setup=(page.setup.0) data-portal=(page.request.return_address.origin()) {
                (Words::of(language).next_in_frame)
            }
            script type="module" src="/sandbox/ready.js" {}
        }
        (onward(language, place, &page.request.return_address))
    }
}

/// The link on, where the page stands alone.
fn onward(language: Language, place: Place, address: &WebAddress) -> Markup {
    html! {
        @if place == Place::Hosted {
            p { a href=(address) { (words::continue_to(language, &address.host())) } }
        }
    }
}

fn test_cards(language: Language) -> Markup {
    let words = Words::of(language);
    html! {
        details {
            summary { (words.test_cards) }
            p.hint { (words.test_cards_hint) }
            table {
                thead {
                    tr {
                        th scope="col" { (words.number) }
                        th scope="col" { (words.what_happens) }
                    }
                }
                tbody {
                    @for card in TEST_CARDS {
                        tr {
                            th scope="row" { (card.spaced()) }
                            td { (card.brand.name()) " · " (words::behavior(language, card.behavior)) }
                        }
                    }
                }
            }
        }
    }
}

fn card_name(brand: Brand, last_four: LastFour) -> String {
    format!("{} •••• {last_four}", brand.name())
}

/// `JPY 12,650`: with the code, as banks write it where several currencies meet.
fn amount(amount: Money) -> String {
    let text = amount.decimal();
    let (whole, part) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len() - place;
        if place > 0 && left.is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{} {grouped}{part}", amount.currency())
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    #[test]
    fn amounts_are_grouped() {
        for (minor, currency, text) in [
            (12_650, Currency::JPY, "JPY 12,650"),
            (650, Currency::JPY, "JPY 650"),
            (1_234_567, Currency::USD, "USD 12,345.67"),
            (5, Currency::USD, "USD 0.05"),
            (100_000, Currency::JPY, "JPY 100,000"),
        ] {
            assert_eq!(amount(Money::new(minor, currency)), text);
        }
    }
}
