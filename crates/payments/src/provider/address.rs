//! Addresses that people are sent to, and back from.

use serde::{Deserialize, Serialize};

/// An absolute http or https address: a page of the portal's or of the provider's.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebAddress(url::Url);

/// A text that is no http or https address with a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an http or https address")]
pub struct NotAWebAddress(pub String);

impl WebAddress {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port, as browsers write an origin: `http://localhost:3000`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Host and port, as people read it: `localhost:3000`.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The page at this path of the same origin, with its query; `path` begins with a slash.
    #[must_use]
    pub fn page(&self, path: &str) -> Self {
        let mut page = self.0.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        page.set_path(path);
        page.set_query(query);
        page.set_fragment(None);
        Self(page)
    }
}

impl std::str::FromStr for WebAddress {
    type Err = NotAWebAddress;

    fn from_str(text: &str) -> Result<Self, NotAWebAddress> {
        let refused = || NotAWebAddress(text.to_owned());
        let address = url::Url::parse(text).map_err(|_| refused())?;
        let plain = address.username().is_empty() && address.password().is_none();
        let web = matches!(address.scheme(), "http" | "https") && address.host_str().is_some() && plain;
        if web { Ok(Self(address)) } else { Err(refused()) }
    }
}

impl TryFrom<String> for WebAddress {
    type Error = NotAWebAddress;

    fn try_from(text: String) -> Result<Self, NotAWebAddress> {
        text.parse()
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.0.into()
    }
}

impl std::fmt::Display for WebAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::fmt::Debug for WebAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_on_the_web_are_addresses() {
        let address: WebAddress = "http://127.0.0.1:3000/checkout/ord_1?step=card".parse().unwrap();
        assert_eq!(address.origin(), "http://127.0.0.1:3000");
        assert_eq!(address.host(), "127.0.0.1:3000");
        assert_eq!(address.page("/sandbox").as_str(), "http://127.0.0.1:3000/sandbox");
        assert_eq!(address.page("/a?pane=pay").as_str(), "http://127.0.0.1:3000/a?pane=pay");
        assert_eq!("https://a.example".parse::<WebAddress>().unwrap().origin(), "https://a.example");
        for wrong in ["", "/checkout", "javascript:alert(1)", "file:///etc/passwd", "https://a:b@c.example/"]
        {
            assert!(wrong.parse::<WebAddress>().is_err(), "{wrong}");
        }
    }
}
