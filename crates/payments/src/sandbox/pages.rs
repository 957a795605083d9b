//! The sandbox's pages: the card form in a frame and as a whole page, and the bank's question.
//!
//! A site of its own: no cookies, no scripts but one, headers and checks as the portal has them. Who knows
//! the name of a set-up or an attempt, which nobody can guess, is the person it was begun for.

mod view;
mod words;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use domain::id::PaymentAttemptId;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Method, StatusCode};
use maud::Markup;
use serde::Deserialize;

use super::Sandbox;
use super::event::Decision;
use super::form::{Kept, Problems, Typed};
use super::state::ChargeRecord;
use crate::provider::{
    Brand, Card, ChargeRequest, LastFour, ProviderError, SetupId, SetupKind, SetupOutcome, SetupRequest,
};

/// More than a card and a name need.
const LARGEST_FORM: usize = 16 * 1024;

/// The pages, for a host name of their own.
pub(super) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/sandbox/cards/{setup}/{place}", get(show_setup).post(type_card))
        .route("/sandbox/confirm/{attempt}", get(show_confirm).post(answer_bank))
        .route("/sandbox/sandbox.css", get(async || file("text/css", include_str!("pages/sandbox.css"))))
        .route("/sandbox/ready.js", get(async || file("text/javascript", include_str!("pages/ready.js"))))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn(guard))
        .with_state(sandbox)
}

/// Where a set-up's page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Place {
    /// In a frame of the portal's.
    Frame,
    /// Alone.
    Hosted,
}

impl Place {
    const fn code(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Hosted => "hosted",
        }
    }
}

/// What the page of a set-up shows.
struct SetupPage {
    host: String,
    setup: SetupId,
    request: SetupRequest,
    outcome: SetupOutcome,
    /// The card that is edited.
    card: Option<Card>,
}

/// What the page of a charge shows.
struct ConfirmPage {
    host: String,
    request: ChargeRequest,
    decision: Decision,
    card: Option<(Brand, LastFour)>,
}

async fn show_setup(
    State(sandbox): State<Sandbox>,
    Path((setup, place)): Path<(SetupId, Place)>,
) -> Response {
    match sandbox.setup_page(setup).await {
        Ok(Some(page)) => {
            let kept = page.known();
            page.answer(place, &kept, &Problems::default())
        }
        Ok(None) => nothing_here(State(sandbox)).await,
        Err(error) => out_of_order(&sandbox, &error),
    }
}

async fn type_card(
    State(sandbox): State<Sandbox>,
    Path((setup, place)): Path<(SetupId, Place)>,
    Form(typed): Form<Typed>,
) -> Response {
    let page = match sandbox.setup_page(setup.clone()).await {
        Ok(Some(page)) => page,
        Ok(None) => return nothing_here(State(sandbox)).await,
        Err(error) => return out_of_order(&sandbox, &error),
    };
    let with_number = page.request.kind == SetupKind::Add;
    let today = jiff::tz::Offset::UTC.to_datetime(sandbox.now().timestamp()).date();
    let done = match typed.check(with_number, today) {
        // Typed twice: the page says what came of the first.
        _ if page.outcome != SetupOutcome::Pending => Ok(()),
        Ok(checked) => sandbox.card_typed(setup.clone(), checked).await,
        Err(problems) if problems.spend_a_try() => match sandbox.card_refused(setup.clone()).await {
            Ok(()) => return refused(&sandbox, page, place, &typed, &problems).await,
            Err(error) => Err(error),
        },
        Err(problems) => return page.answer(place, &typed.kept(), &problems),
    };
    match done {
        Ok(()) => Redirect::to(&format!("/sandbox/cards/{}/{}", setup.0, place.code())).into_response(),
        Err(error) => out_of_order(&sandbox, &error),
    }
}

/// The page after the bank has refused, which may have been the last time.
async fn refused(
    sandbox: &Sandbox,
    page: SetupPage,
    place: Place,
    typed: &Typed,
    problems: &Problems,
) -> Response {
    match sandbox.setup_page(page.setup).await {
        Ok(Some(page)) => page.answer(place, &typed.kept(), problems),
        Ok(None) => nothing_here(State(sandbox.clone())).await,
        Err(error) => out_of_order(sandbox, &error),
    }
}

async fn show_confirm(State(sandbox): State<Sandbox>, Path(attempt): Path<PaymentAttemptId>) -> Response {
    match sandbox.confirm_page(attempt).await {
        Ok(Some(page)) => answer(StatusCode::OK, &view::confirm(&page), None),
        Ok(None) => nothing_here(State(sandbox)).await,
        Err(error) => out_of_order(&sandbox, &error),
    }
}

/// What the person tells the bank.
#[derive(Deserialize)]
struct BankAnswer {
    answer: Approval,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Approval {
    Approve,
    Refuse,
}

async fn answer_bank(
    State(sandbox): State<Sandbox>,
    Path(attempt): Path<PaymentAttemptId>,
    Form(given): Form<BankAnswer>,
) -> Response {
    match sandbox.bank_answered(attempt, given.answer == Approval::Approve).await {
        Ok(()) => Redirect::to(&format!("/sandbox/confirm/{attempt}")).into_response(),
        Err(error) => out_of_order(&sandbox, &error),
    }
}

impl SetupPage {
    /// What the form shows at first.
    fn known(&self) -> Kept {
        let hint = self.request.holder.name.clone();
        match &self.card {
            Some(card) => {
                let name = if hint.is_empty() { card.holder.clone() } else { hint };
                Kept { expiry: card.expiry.on_card(), name }
            }
            None => Kept { expiry: String::new(), name: hint },
        }
    }

    fn answer(&self, place: Place, kept: &Kept, problems: &Problems) -> Response {
        let page = view::setup(self, place, kept, problems);
        let tells = place == Place::Frame && matches!(self.outcome, SetupOutcome::Ready(_));
        let around = (place == Place::Frame).then(|| (self.request.return_address.origin(), tells));
        // A refused form is a page like any other: browsers note every 4xx as an error of the page's.
        answer(StatusCode::OK, &page, around.as_ref().map(|(origin, tells)| (origin.as_str(), *tells)))
    }
}

impl Sandbox {
    async fn setup_page(&self, setup: SetupId) -> Result<Option<SetupPage>, ProviderError> {
        let (now, host) = (self.now(), self.inner.address.host());
        self.work(move |draft| {
            let state = draft.state();
            let (Some(record), Some(outcome)) = (state.setup(&setup), state.setup_outcome(&setup, now))
            else {
                return Ok(None);
            };
            let card = match &record.request.kind {
                SetupKind::Add => None,
                SetupKind::Edit { card } => state.card(card).map(|record| record.card.clone()),
            };
            Ok(Some(SetupPage { host, request: record.request.clone(), setup, outcome, card }))
        })
        .await
    }

    async fn confirm_page(&self, attempt: PaymentAttemptId) -> Result<Option<ConfirmPage>, ProviderError> {
        let host = self.inner.address.host();
        self.work(move |draft| {
            let state = draft.state();
            let Some(ChargeRecord::Received { request, decision }) = state.charge(attempt) else {
                return Ok(None);
            };
            let card = state.card(&request.card).map(|record| (record.card.brand, record.card.last_four));
            let (request, decision) = (request.clone(), decision.clone());
            Ok(Some(ConfirmPage { host, request, decision, card }))
        })
        .await
    }
}

async fn nothing_here(State(sandbox): State<Sandbox>) -> Response {
    let page = view::plain(
        &sandbox.inner.address.host(),
        "There is nothing at this address",
        "このアドレスには何もありません。",
    );
    answer(StatusCode::NOT_FOUND, &page, None)
}

fn out_of_order(sandbox: &Sandbox, error: &ProviderError) -> Response {
    tracing::error!(%error, "the sandbox is out of order");
    let page = view::plain(
        &sandbox.inner.address.host(),
        "The sandbox cannot write its journal. Reload this page to see what was saved.",
        "サンドボックスが記録できません。再読み込みすると保存された内容が表示されます。",
    );
    answer(StatusCode::SERVICE_UNAVAILABLE, &page, None)
}

/// A page with its content policy. `around`: the origin that may show it in a frame, and whether it tells it
/// something.
fn answer(status: StatusCode, page: &Markup, around: Option<(&str, bool)>) -> Response {
    let (ancestors, tells) = around.unwrap_or(("'none'", false));
    let scripts = if tells { "script-src 'self'; " } else { "" };
    let policy = format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors {ancestors}"
    );
    let mut response = (status, Html(page.0.clone())).into_response();
    let headers = response.headers_mut();
    // An origin is ASCII, whatever its host: see `WebAddress::origin`.
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, text).into_response()
}

/// Refuses what changes something and does not come from the sandbox's own pages, and adds the headers that
/// every answer has.
async fn guard(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let mut response = if reads || is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        let reason = "This form was sent from another site. Nothing was changed.\n";
        (StatusCode::FORBIDDEN, reason).into_response()
    };
    let headers = response.headers_mut();
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(nothing);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// Browsers say so themselves; those that do not, name the origin, which has to be this host.
fn is_same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let origin = text(ORIGIN).and_then(|origin| origin.split_once("://"));
    matches!((origin, text(HOST)), (Some((_, origin)), Some(host)) if origin == host)
}

#[cfg(test)]
mod tests;
