//! A page that is never finished is made again.
//!
//! Leptos makes a page of many small tasks that wake each other, and in its versions before 0.9 one of them may miss its
//! call: about once in some thousand pages on a busy machine (leptos-rs/leptos#4864). Looking at a page changes nothing,
//! so it can be made twice; whoever waits has it a moment later.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode, header};

/// After so long a page is taken for one that is never finished: a hundred times what a slow one takes.
const STUCK: Duration = Duration::from_secs(3);

/// How often it is made.
const TRIES: u32 = 3;

/// Makes a page again that is not finished. What changes something is done once.
pub(super) async fn again(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let (parts, _) = request.into_parts();
    for number in 1..=TRIES {
        let request = Request::from_parts(parts.clone(), Body::empty());
        if let Ok(page) = tokio::time::timeout(STUCK, next.clone().run(request)).await {
            return page;
        }
        tracing::warn!(path = parts.uri.path(), number, "a page was not finished");
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::any;
    use tower::ServiceExt as _;

    use super::*;

    /// What comes of a page that is stuck so often, and how often it was begun.
    async fn asked(method: Method, stuck: u32) -> (StatusCode, u32) {
        let begun = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&begun);
        let page = move || {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                if number < stuck {
                    std::future::pending::<()>().await;
                }
                "a page"
            }
        };
        let router = Router::new().route("/", any(page)).layer(from_fn(again));
        let request = Request::builder().method(method).uri("/").body(Body::empty()).expect("a request");
        let answer = tokio::time::timeout(STUCK * 5, router.oneshot(request)).await;
        let status = answer.map_or(StatusCode::REQUEST_TIMEOUT, |answer| answer.expect("an answer").status());
        (status, begun.load(Ordering::SeqCst))
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_is_never_finished_is_made_again_and_a_change_is_not() {
        assert_eq!(asked(Method::GET, 0).await, (StatusCode::OK, 1));
        assert_eq!(asked(Method::GET, 2).await, (StatusCode::OK, 3));
        assert_eq!(asked(Method::GET, 9).await, (StatusCode::SERVICE_UNAVAILABLE, 3));
        assert_eq!(asked(Method::POST, 9).await, (StatusCode::REQUEST_TIMEOUT, 1));
    }
}
