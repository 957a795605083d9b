//! Who asks, in which language: found out once per request.

use std::net::SocketAddr;

use anyhow::Context as _;
use app::look::{Look, Theme};
use app::request::Site;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::language::Language;
use http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderName, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, StatusCode, Uri};
use leptos::prelude::{provide_context, use_context};
use services::asker::Asker;
use services::rights::Role;
use store::Origin;

/// The header in which a configured proxy names the client.
#[derive(Clone, Debug)]
pub(super) struct Proxy(Option<HeaderName>);

impl Proxy {
    pub(super) fn new(name: Option<&str>) -> anyhow::Result<Self> {
        let name =
            name.map(|name| name.parse().with_context(|| format!("\"{name}\" is not the name of a header")));
        Ok(Self(name.transpose()?))
    }

    fn client(&self, headers: &HeaderMap, connection: SocketAddr) -> String {
        // The last entry is the one that our own proxy wrote; those before it, anybody could have written.
        let named = self.0.as_ref().and_then(|name| headers.get_all(name).iter().next_back());
        let named = named.and_then(|value| value.to_str().ok()).and_then(|value| value.rsplit(',').next());
        named.map_or_else(|| connection.ip().to_string(), |address| address.trim().to_owned())
    }
}

/// Puts who asks, and how the page looks to them, beside the request.
pub(super) async fn identify(
    State(site): State<Site>,
    State(proxy): State<Proxy>,
    ConnectInfo(connection): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let headers = request.headers();
    let origin = Origin {
        address: Some(proxy.client(headers, connection)),
        agent: headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).map(|agent| cut(agent, 200)),
    };
    let token = session_token(headers, site.cookie_name()).map(str::to_owned);
    let asker = site.services.asker(token.as_deref(), origin).await.map_err(|error| {
        tracing::error!(%error, "cannot find out who asks");
        StatusCode::SERVICE_UNAVAILABLE
    })?;
    if let Some(door) = door(&asker, request.uri()) {
        return Ok(Redirect::to(&door).into_response());
    }
    let look = look(&asker, request.uri(), request.headers());
    request.extensions_mut().insert(asker);
    request.extensions_mut().insert(look);
    Ok(next.run(request).await)
}

/// Where somebody has to go before they may see what stands at this address, whatever it is: to the sign-in,
/// which leads back, or to the choice of a place.
fn door(asker: &Asker, address: &Uri) -> Option<String> {
    let path = address.path();
    let open = ["/link/", "/api/", "/pkg/"].iter().any(|open| path.starts_with(open)) || path == "/sign-in";
    match asker.role() {
        _ if open => None,
        Role::Stranger if path == "/" => Some("/sign-in".to_owned()),
        Role::Stranger => {
            let to = address.path_and_query().map_or(path, |address| address.as_str());
            Some(format!("/sign-in?to={}", escape(to)))
        }
        Role::Account if path != "/organizations" => Some("/organizations".to_owned()),
        _ => None,
    }
}

/// An address as the value of a query.
fn escape(address: &str) -> String {
    address
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Puts into the context of a page or a server function what it takes from there.
pub(super) fn provide(site: Site) {
    if let Some(look) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Look>().copied()) {
        provide_context(look);
    }
    provide_context(site);
}

fn session_token<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The person's choice; before somebody has a place, the address's `lang`, else what the browser asks for.
fn look(asker: &Asker, address: &Uri, headers: &HeaderMap) -> Look {
    if let Some(place) = asker.place() {
        return Look {
            language: Language::from_code(place.language()).unwrap_or(Language::English),
            theme: place.person.chosen.theme.as_deref().map_or(Theme::Device, Theme::named),
        };
    }
    let query = address.query().unwrap_or_default();
    let named = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::from_code);
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Look { language: named.unwrap_or_else(|| preferred(accepted)), theme: Theme::Device }
}

/// The first of our languages that a browser names; English where it names none.
fn preferred(accepted: &str) -> Language {
    accepted
        .split(',')
        .filter_map(|entry| entry.trim().split(['-', ';']).next())
        .find_map(Language::from_code)
        .unwrap_or(Language::English)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use http::{HeaderMap, HeaderValue};

    use services::asker::Asker;

    use super::{Proxy, door, preferred, session_token};

    #[test]
    fn a_stranger_is_led_to_the_sign_in_and_back() {
        let stranger = Asker::default();
        for (address, leads) in [
            ("/", Some("/sign-in")),
            ("/catalog/draft?term=1-year", Some("/sign-in?to=/catalog/draft%3Fterm%3D1-year")),
            ("/nothing-here", Some("/sign-in?to=/nothing-here")),
            ("/sign-in?lang=en", None),
            ("/link/abc", None),
            ("/api/catalog", None),
            ("/pkg/of-an-older-build.js", None),
        ] {
            let uri = address.parse().expect("an address");
            assert_eq!(door(&stranger, &uri).as_deref(), leads, "{address}");
        }
    }

    #[test]
    fn a_browser_gets_the_first_of_our_languages_that_it_names() {
        for (accepted, language) in [
            ("ja", Language::Japanese),
            ("ja-JP,ja;q=0.9,en;q=0.8", Language::Japanese),
            ("fr-FR, en-GB;q=0.8, ja;q=0.7", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(preferred(accepted), language, "{accepted}");
        }
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", HeaderValue::from_static("a=1; zaseki=token; b=2"));
        assert_eq!(session_token(&headers, "zaseki"), Some("token"));
        assert_eq!(session_token(&headers, "zasek"), None);
    }

    #[test]
    fn a_client_is_believed_only_through_our_own_proxy() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 198.51.100.7"));
        let connection = ([127, 0, 0, 1], 1).into();
        let without = Proxy::new(None).expect("no header is fine");
        assert_eq!(without.client(&headers, connection), "127.0.0.1");
        let with = Proxy::new(Some("X-Forwarded-For")).expect("a header name is fine");
        assert_eq!(with.client(&headers, connection), "198.51.100.7");
        assert!(Proxy::new(Some("not a header")).is_err());
    }
}
