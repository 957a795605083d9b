//! The document around every page, and the content policy that goes with it.

use leptos::config::Env;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::App;
use crate::look::Look;
use crate::request::Site;

/// The whole document. `Look` and the request are in the context.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let look = use_context::<Look>().unwrap_or_default();
    send_content_policy(&options);
    view! {
        <!DOCTYPE html>
        <html lang=look.language.code() data-theme=look.theme.attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() />
                <noscript>
                    <link rel="stylesheet" href="/no-script.css" />
                </noscript>
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Only our own files, only scripts that carry this page's number, no inline style, and no frames of others except
/// the payment provider's, where cards are typed.
/// The provider's origin, on the pages that need its frame.
fn frames() -> Option<String> {
    let parts = use_context::<http::request::Parts>()?;
    let site = use_context::<Site>()?;
    let origin = site.services.paying().provider().capabilities().frame_origin;
    let needed =
        ["/checkout/", "/bills/payment-methods"].iter().any(|page| parts.uri.path().starts_with(page));
    origin.filter(|_| needed).map(|origin| format!("; frame-src {origin}"))
}

fn send_content_policy(options: &LeptosOptions) {
    // While developing, the page listens for a new build.
    let reload = match options.env {
        Env::DEV => format!(" ws://127.0.0.1:{}", options.reload_port),
        Env::PROD => String::new(),
    };
    let nonce = use_nonce().map(|nonce| format!("'nonce-{nonce}'")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src {nonce} 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; font-src 'self'; connect-src 'self'{reload}; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'{}",
        frames().unwrap_or_default()
    );
    let response = expect_context::<leptos_axum::ResponseOptions>();
    if let Ok(policy) = http::HeaderValue::from_str(&policy) {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
    }
}
