//! Single requests, as a browser without scripts sends them.

use crate::demo::SignIn;
use anyhow::{Context, Result};
use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

/// Nothing that is asked here takes longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// 200 where all is well.
    pub(super) status: u16,
    /// Status line and headers.
    head: String,
    /// What stands below them.
    pub(super) body: String,
}

impl Answer {
    /// In HTTP/1.0, which [`send`] speaks, the body stands there as it is and goes on to the end.
    fn read(bytes: &[u8]) -> Option<Answer> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split_whitespace().nth(1)?.parse().ok()?;
        Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// The values of all headers of this name.
    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        headers.filter(move |(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks for a page.
pub(super) fn get(port: u16, path: &str, cookie: Option<&str>) -> Result<Answer> {
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    send(port, &format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n{cookie}\r\n"))
}

/// Signs in; gives the cookie that says so.
pub(super) fn sign_in(port: u16, person: &SignIn) -> Result<String> {
    let body = format!("mail={}&password={}", escape(person.mail), escape(person.password));
    let answer = send(
        port,
        &format!(
            "POST /api/sign-in HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
             Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    )?;
    let cookie = answer.headers("set-cookie").find(|cookie| cookie.starts_with("zaseki="));
    let cookie = cookie.and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.with_context(|| {
        format!("{} cannot sign in: the server answered {} without a cookie", person.mail, answer.status)
    })?;
    Ok(cookie.to_owned())
}

fn send(port: u16, request: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Answer::read(&bytes).context("the server's answer is no HTTP")
}

/// A value in a form.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => escaped.push(char::from(byte)),
            // Writing to a string cannot fail.
            other => _ = write!(escaped, "%{other:02X}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_status_headers_and_a_body() {
        let bytes =
            b"HTTP/1.0 302 Found\r\nLocation: /\r\nset-cookie: a=1\r\nSet-Cookie: b=2; Path=/\r\n\r\n\
                      x\r\n\r\ny";
        let answer = Answer::read(bytes).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (302, "x\r\n\r\ny"));
        assert_eq!(answer.headers("Set-Cookie").collect::<Vec<_>>(), ["a=1", "b=2; Path=/"]);
        assert!(Answer::read(b"").is_none() && Answer::read(b"nonsense\r\n\r\n").is_none());
    }

    #[test]
    fn what_means_something_in_a_form_is_escaped() {
        assert_eq!(escape("a.b-c_d@e f"), "a.b-c_d%40e%20f");
    }
}
