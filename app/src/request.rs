//! The request behind a page or a server function: who asks, the services, and the answer's headers.

use domain::language::{Language, Localized};
use http::header::{HeaderName, HeaderValue, SET_COOKIE};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::Serialize;
use serde::de::DeserializeOwned;
use services::asker::{Asker, LONGEST_SECONDS};
use services::{ServiceError, Services};

use crate::error::AppError;
use crate::viewer::{Told, Viewer};

/// What the server is told at its start, as far as pages need it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The use cases.
    pub services: Services,
    /// The publisher's name.
    pub publisher: Localized,
    /// Whether people reach the portal by https. Only on a plain-http loopback address they may not.
    pub secure: bool,
}

impl Site {
    /// What the session cookie is called. The prefix makes browsers insist on https and on this host.
    pub const fn cookie_name(&self) -> &'static str {
        if self.secure { "__Host-zaseki" } else { "zaseki" }
    }
}

/// Who asks.
pub fn asker() -> Asker {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<Asker>().cloned()).unwrap_or_default()
}

/// The site.
pub fn site() -> Site {
    expect_context()
}

/// The use cases.
pub fn services() -> Services {
    site().services
}

/// The language of this request's answer.
pub fn language() -> Language {
    use_context::<crate::look::Look>().unwrap_or_default().language
}

/// What the page is told once.
pub(crate) fn told() -> Told {
    // At its start the server walks through the routes without a request: then there is nothing to tell.
    let Some(site) = use_context::<Site>() else { return Told::default() };
    let language = language();
    let viewer = asker().place().map(|place| {
        let name = place.person.profile.display(language);
        Viewer {
            initial: name.chars().next().map(String::from).unwrap_or_default(),
            name,
            organization: place.organization.legal_name.clone(),
            administrator: place.person.administrator,
            guest: place.person.profile.guest,
            test_clock: place.organization.test_clock.map(|day| crate::format::date_long(day, language)),
            elsewhere: place.elsewhere,
        }
    });
    let test_mode = site.services.paying().provider().is_test();
    Told { viewer, publisher: site.publisher.get(language).clone(), test_mode }
}

/// Gives the browser a session.
pub fn keep_session(token: &str) {
    set_cookie(&format!("{token}; Max-Age={LONGEST_SECONDS}"));
}

/// Takes the session from the browser.
pub fn forget_session() {
    set_cookie("; Max-Age=0");
}

fn set_cookie(value_and_age: &str) {
    let site = site();
    let secure = if site.secure { "; Secure" } else { "" };
    let cookie = format!("{}={value_and_age}; Path=/; HttpOnly; SameSite=Lax{secure}", site.cookie_name());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        header(SET_COOKIE, cookie);
    }
}

fn header(name: HeaderName, value: HeaderValue) {
    expect_context::<ResponseOptions>().append_header(name, value);
}

/// Sends the browser to another address of ours.
pub fn go(address: &str) {
    leptos_axum::redirect(address);
}

/// The address if it is one of ours, the home page otherwise: a form never leads to another site.
pub fn own_address(address: &str) -> &str {
    let ours = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    let plain = !address.chars().any(char::is_control);
    if ours && plain { address } else { "/" }
}

/// Names and values as the query of an address.
pub fn query(parts: &[(&str, &String)]) -> String {
    let pair = |(name, value): &(&str, &String)| {
        let value: String = value.bytes().take(200).map(escaped).collect();
        format!("{name}={value}")
    };
    parts.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}

/// Keeps what was typed into a refused form and sends the browser back to its page, which shows it again.
pub async fn refuse<T: Serialize>(page: &str, typed: &T) -> Result<(), AppError> {
    lead_back(page, "form", typed).await
}

/// Sends the browser back to a form's page, which says why nothing was done.
pub async fn excuse(page: &str, error: &ServiceError) -> Result<(), AppError> {
    lead_back(page, "notice", &answer(error)).await
}

/// Keeps what came of a form and sends the browser to the page that shows it, under `?result=KEY`.
pub async fn keep_result<T: Serialize>(page: &str, result: &T) -> Result<(), AppError> {
    lead_back(page, "result", result).await
}

/// An idempotency key for a form: sending it twice does once what it asks.
pub fn fresh_key() -> String {
    let bytes: [u8; 16] = services().environment().bytes();
    format!("{:032x}", u128::from_be_bytes(bytes))
}

async fn lead_back<T: Serialize>(page: &str, name: &str, kept: &T) -> Result<(), AppError> {
    let asker = asker();
    let key = services().keep_refused_form(&asker, kept).await.map_err(|error| answer(&error))?;
    let joint = if page.contains('?') { '&' } else { '?' };
    // Before somebody is inside, the language stands in the address.
    let language =
        if asker.place().is_none() { format!("&lang={}", language().code()) } else { String::new() };
    go(&format!("{page}{joint}{name}={key}{language}"));
    Ok(())
}

/// What was typed into a form that was refused a moment ago.
pub async fn refused<T: DeserializeOwned>(key: Option<&str>) -> Result<Option<T>, AppError> {
    let Some(key) = key else { return Ok(None) };
    services().refused_form(&asker(), key).await.map_err(|error| answer(&error))
}

/// What the page is told of an error. What nobody asked for goes to the log under a reference.
pub fn answer(error: &ServiceError) -> AppError {
    match error {
        ServiceError::SignedOut => AppError::SignedOut,
        ServiceError::Forbidden(_) => AppError::Forbidden,
        ServiceError::TooMany { retry_after } => AppError::TooMany { retry_after: *retry_after },
        ServiceError::Stale | ServiceError::QuoteChanged | ServiceError::NotNow(_) => AppError::Stale,
        ServiceError::TooManyAtOnce => AppError::TooManyPeople,
        ServiceError::Provider(error) => {
            tracing::warn!(%error, "the payment provider did not answer");
            AppError::Provider
        }
        ServiceError::NotFound | ServiceError::DeadLink => AppError::NotFound,
        ServiceError::WrongPassword
        | ServiceError::Password(_)
        | ServiceError::Fields(_)
        | ServiceError::NotSold(_)
        | ServiceError::Change(_)
        | ServiceError::PaymentDue
        | ServiceError::TriedBefore
        | ServiceError::NoCard
        | ServiceError::CardInUse
        | ServiceError::Billing(_)
        | ServiceError::Clock(_) => AppError::Refused,
        ServiceError::Broken(_) => {
            let reference = reference();
            tracing::error!(%reference, %error, "a use case failed");
            AppError::Broken { reference }
        }
    }
}

/// A short number under which the log knows more.
fn reference() -> String {
    let [a, b, c, d]: [u8; 4] = services().environment().bytes();
    format!("{a:02X}{b:02X}-{c:02X}{d:02X}")
}
