//! The sandbox's pages: the same server under another host name, so that neither cookies nor scripts of the portal
//! reach the pages where cards are typed.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::HOST;
use payments::provider::WebAddress;
use tower::ServiceExt as _;

/// The pages and the host name under which they stand.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    host: String,
    router: Router,
}

impl Pages {
    pub(super) fn new(address: &WebAddress, router: Router) -> Self {
        Self { host: address.host(), router }
    }
}

/// Answers requests to the sandbox's host name, and lets all others pass.
pub(super) async fn serve(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host != Some(pages.host.as_str()) {
        return next.run(request).await;
    }
    match pages.router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
    .into_response()
}
