//! What the tests of this crate share: a world that repeats, and a browser without scripts.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::body::Body;
use domain::id::PaymentAttemptId;
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::time::Instant;
use futures::future::BoxFuture;
use http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) use super::journal::Sharing;
use super::{Options, Sandbox, World};
use crate::contract::{Hands, Typing, Wanted};
use crate::provider::{
    Card, CardToken, ChargeRequest, HolderHints, Provider as _, Setup, SetupKind, SetupOutcome, SetupRequest,
    WebAddress,
};

/// 24 November 2026, noon in Tokyo.
pub(crate) const NOON: i64 = 1_795_489_200_000_000;

/// A clock that stands still and bytes that count.
#[derive(Debug)]
pub(crate) struct Still {
    micros: AtomicI64,
    count: AtomicU64,
}

impl Still {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { micros: AtomicI64::new(NOON), count: AtomicU64::new(1) })
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.count.fetch_add(1, Ordering::SeqCst)))
    }

    pub(crate) fn attempt(&self) -> PaymentAttemptId {
        PaymentAttemptId::from_uuid(self.id())
    }
}

impl World for Still {
    fn now(&self) -> Instant {
        Instant::from_micros(self.micros.load(Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        let count = self.count.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        for (byte, count) in bytes.iter_mut().rev().zip(count.iter().rev()) {
            *byte = *count;
        }
    }
}

pub(crate) fn options(world: &Arc<Still>) -> Options {
    Options::new("http://localhost:3000".parse().unwrap(), world.clone())
}

/// A sandbox that nobody else has.
pub(crate) fn open(folder: &Path, world: &Arc<Still>) -> Sandbox {
    open_as(Sharing::Alone, folder, world)
}

pub(crate) fn open_as(sharing: Sharing, folder: &Path, world: &Arc<Still>) -> Sandbox {
    Sandbox::open_as(sharing, folder, options(world)).unwrap()
}

/// Runs each of these tests on a sandbox that one process has alone, and on one that others may share.
macro_rules! both_ways {
    ($($name:ident)+) => {
        both_ways! { alone, Alone: $($name)+ }
        both_ways! { shared, Shared: $($name)+ }
    };
    ($way:ident, $sharing:ident: $($name:ident)+) => {
        mod $way {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $name() {
                    super::$name($crate::sandbox::testing::Sharing::$sharing).await;
                }
            )+
        }
    };
}
pub(crate) use both_ways;

pub(crate) fn yen(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}

pub(crate) fn portal() -> WebAddress {
    "http://127.0.0.1:3000/checkout/ord_1?a=1&b=2".parse().unwrap()
}

pub(crate) fn setup_request(world: &Still, kind: SetupKind, language: Language) -> SetupRequest {
    SetupRequest { key: world.id(), kind, language, return_address: portal(), holder: HolderHints::default() }
}

pub(crate) fn charge_request(world: &Still, card: &CardToken, amount: i64) -> ChargeRequest {
    ChargeRequest {
        attempt: world.attempt(),
        card: card.clone(),
        amount: yen(amount),
        on_session: true,
        statement: "MINATO SOFTWARE".to_owned(),
        language: Language::English,
        return_address: portal(),
    }
}

/// A page as a browser gets it.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(sandbox: &Sandbox, request: Request<Body>) -> Page {
    let response = sandbox.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Page { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

pub(crate) async fn get(sandbox: &Sandbox, path: &str) -> Page {
    send(sandbox, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Sends a form of the page at this path, as a browser does.
pub(crate) async fn post(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> Page {
    post_from(sandbox, path, fields, ("sec-fetch-site", "same-origin")).await
}

pub(crate) async fn post_from(
    sandbox: &Sandbox,
    path: &str,
    fields: &[(&str, &str)],
    from: (&str, &str),
) -> Page {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "localhost:3000")
        .header(from.0, from.1)
        .body(Body::from(body))
        .unwrap();
    send(sandbox, request).await
}

pub(crate) fn path(address: &WebAddress) -> String {
    url::Url::parse(address.as_str()).unwrap().path().to_owned()
}

/// A card of this number.
pub(crate) async fn card(sandbox: &Sandbox, world: &Still, number: &str) -> Card {
    let request = setup_request(world, SetupKind::Add, Language::English);
    let setup = sandbox.begin_setup(request).await.unwrap();
    let fields = [("number", number), ("expiry", "05/30"), ("code", "987"), ("name", "Hana Sato")];
    let page = post(sandbox, &path(&setup.hosted_address), &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    match sandbox.setup_outcome(&setup.id).await.unwrap() {
        SetupOutcome::Ready(card) => card,
        other => panic!("{other:?}"),
    }
}

/// Hands that fill in the sandbox's own pages. `open` gives the sandbox of the moment.
pub(crate) struct Fingers<F> {
    pub(crate) world: Arc<Still>,
    pub(crate) open: F,
}

impl<F: Fn() -> Sandbox + Send + Sync> Hands for Fingers<F> {
    fn fresh_id(&self) -> Uuid {
        self.world.id()
    }

    fn return_address(&self) -> WebAddress {
        portal()
    }

    fn type_card<'a>(&'a self, setup: &'a Setup, typing: Typing) -> BoxFuture<'a, ()> {
        let number = match typing.card {
            Wanted::Good => "4242 4242 4242 4242",
            Wanted::InsufficientFunds => "4000 0000 0000 9995",
            Wanted::Lost => "4000 0000 0000 9987",
            Wanted::AsksToConfirm => "4000 0000 0000 3220",
        };
        Box::pin(async move {
            let expiry = typing.expiry.on_card();
            let fields = [("number", number), ("expiry", &expiry), ("code", "987"), ("name", typing.holder)];
            let frame = setup.frame_address.as_ref().unwrap();
            let page = post(&(self.open)(), &path(frame), &fields).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        })
    }

    fn answer_bank<'a>(&'a self, address: &'a WebAddress, approve: bool) -> BoxFuture<'a, ()> {
        let answer = if approve { "approve" } else { "refuse" };
        Box::pin(async move {
            let page = post(&(self.open)(), &path(address), &[("answer", answer)]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        })
    }
}
