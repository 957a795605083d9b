//! The program itself, killed while somebody buys: however far it had come, the purchase is charged once, and the
//! person finds it when they come back (SPEC 4; house rule 9).

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

#[path = "support/program.rs"]
mod program;

use program::{serve, zaseki};

const PASSWORD: &str = "four+seats+by+the+window";

/// `zaseki serve` on a port of its own, killed with this value.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Returns when it serves. Every call to the payment provider takes so long.
    fn start(data: &Path, latency: u32) -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let port = port.expect("a free port").port();
        let listen = format!("127.0.0.1:{port}");
        let child = serve(data, &["--listen", &listen, "--sandbox-latency", &latency.to_string()]);
        Self { child, port }
    }

    /// As a power cut ends it.
    fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Asks the portal, or with `sandbox` the provider's pages under their own host name.
    fn ask(&self, request: &Request<'_>) -> String {
        ask(self.port, request).expect("an answer")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[derive(Clone, Copy)]
struct Request<'a> {
    sandbox: bool,
    path: &'a str,
    cookie: &'a str,
    /// A form, if it is sent.
    form: Option<&'a str>,
}

fn ask(port: u16, request: &Request<'_>) -> std::io::Result<String> {
    let host = if request.sandbox { "localhost" } else { "127.0.0.1" };
    let (method, body) = request.form.map_or(("GET", ""), |form| ("POST", form));
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    write!(
        stream,
        "{method} {} HTTP/1.1\r\nHost: {host}:{port}\r\nSec-Fetch-Site: same-origin\r\nAccept: text/html\r\n\
         Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        request.path,
        request.cookie,
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn run(data: &Path, words: &[&str]) -> String {
    let output = zaseki(data, words).output().expect("the program runs");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {out}{}", String::from_utf8_lossy(&output.stderr));
    out
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
    rest.split_once(after).map_or(rest, |(found, _)| found)
}

/// A folder in which somebody stands before the last button of a purchase.
struct Brink {
    data: TempDir,
    cookie: String,
    order: String,
    form: String,
}

impl Brink {
    fn new() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        for (name, end) in [("catalog", "toml"), ("organizations", "toml"), ("people", "csv")] {
            let file = format!("{}/../docs/examples/{name}.{end}", env!("CARGO_MANIFEST_DIR"));
            run(data.path(), &["import", name, &file]);
        }
        let server = Server::start(data.path(), 0);
        let link = run(data.path(), &["link", "kenji.takahashi@aozora.example"]);
        let token = link.trim().rsplit('/').next().expect("a token");
        let form = format!("token={token}&password={PASSWORD}&again={PASSWORD}");
        let post = |path: &str, cookie: &str, form: &str| {
            server.ask(&Request { sandbox: false, path, cookie, form: Some(form) })
        };
        let get =
            |path: &str, cookie: &str| server.ask(&Request { sandbox: false, path, cookie, form: None });
        let answer = post("/api/use-link", "", &form);
        let cookie = between(&answer, "set-cookie: ", ";").to_owned();
        let wish = "key=k&product=paper&plan=standard&term=1-month&frequency=up-front&seats=10";
        let answer = post("/api/start-order", &cookie, wish);
        let order = between(&answer, "location: /checkout/", "\r\n").to_owned();
        let page = get(&format!("/checkout/{order}"), &cookie);
        let frame = between(&page, "<iframe", "</iframe>");
        let path = format!("/sandbox/{}", between(frame, "/sandbox/", "\""));
        let card = "number=4242424242424242&expiry=05%2F30&code=987&name=KENJI+TAKAHASHI";
        server.ask(&Request { sandbox: true, path: &path, cookie: "", form: Some(card) });
        let page = get(&format!("/checkout/{order}"), &cookie);
        let value = |name: &str| {
            let input = page.split("<input").find(|input| input.contains(&format!("name=\"{name}\"")));
            between(input.expect("the field"), "value=\"", "\"").to_owned()
        };
        let form = format!("order={order}&seal={}&quoted_at={}", value("seal"), value("quoted_at"));
        drop(server);
        Self { data, cookie, order, form }
    }

    /// The same moment once more, in a folder of its own.
    fn again(&self) -> TempDir {
        let copy = tempfile::tempdir().expect("a folder");
        copy_all(self.data.path(), copy.path());
        copy
    }
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy_all(&entry.path(), &target);
        } else if kind.is_file() {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn count(data: &Path, query: &'static str) -> i64 {
    let address = format!("sqlite:{}/zaseki.sqlite", data.display());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut database = SqliteConnection::connect(&address).await.expect("the database");
        sqlx::query_scalar(query).fetch_one(&mut database).await.expect("a count")
    })
}

/// How many charges the provider has received, as its journal has it.
fn charges(data: &Path) -> usize {
    let journal = fs::read_dir(data.join("sandbox")).into_iter().flatten().flatten();
    let text = journal.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    text.map(|text| text.matches("\"charge-received\"").count()).sum()
}

/// At which moment it is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// Before anything is written.
    AtOnce,
    /// The attempt is written down, the provider not asked yet.
    Attempted,
    /// The provider has charged, and nobody has written it down, unless that was quicker than the kill.
    Charged,
    /// It is written down; the invoice may not have its number yet.
    Paid,
    /// The person has the answer.
    Answered,
}

impl Moment {
    fn has_come(self, data: &Path, answered: bool) -> bool {
        const CONFIRMED: &str = "SELECT COUNT(*) FROM orders WHERE status <> 'draft'";
        const PAID: &str = "SELECT COUNT(*) FROM orders WHERE status = 'paid'";
        match self {
            Self::AtOnce => true,
            Self::Attempted => count(data, CONFIRMED) == 1,
            Self::Charged => charges(data) == 1,
            Self::Paid => count(data, PAID) == 1,
            Self::Answered => answered,
        }
    }
}

#[test]
fn killed_at_any_step_a_purchase_is_charged_once() {
    let brink = Brink::new();
    for moment in [Moment::AtOnce, Moment::Attempted, Moment::Charged, Moment::Paid, Moment::Answered] {
        let data = brink.again();
        // Long enough to see each step before the next.
        let server = Server::start(data.path(), 250);
        let (port, cookie, form) = (server.port, brink.cookie.clone(), brink.form.clone());
        let buying = thread::spawn(move || {
            let path = "/api/confirm-order";
            ask(port, &Request { sandbox: false, path, cookie: &cookie, form: Some(&form) })
        });
        let since = Instant::now();
        while !moment.has_come(data.path(), buying.is_finished()) {
            assert!(since.elapsed() < Duration::from_secs(20), "{moment:?} never came");
            thread::yield_now();
        }
        server.kill();
        // What the person was told, if anything: nobody waits for it.
        drop(buying.join());

        let server = Server::start(data.path(), 0);
        let cookie = brink.cookie.as_str();
        let confirm = Request { sandbox: false, path: "/api/confirm-order", cookie, form: Some(&brink.form) };
        let answer = server.ask(&confirm);
        assert!(answer.contains(&format!("location: /orders/{}", brink.order)), "{moment:?}: {answer}");
        let receipt = format!("/orders/{}", brink.order);
        let since = Instant::now();
        // The worker, which begins with the server, numbers what waits.
        while !server
            .ask(&Request { sandbox: false, path: &receipt, cookie, form: None })
            .contains("EX-0000001")
        {
            assert!(since.elapsed() < Duration::from_secs(20), "{moment:?}: the invoice got no number");
            thread::yield_now();
        }
        assert_eq!(charges(data.path()), 1, "{moment:?}");
        assert_eq!(count(data.path(), "SELECT COUNT(*) FROM subscription"), 1, "{moment:?}");
        assert_eq!(count(data.path(), "SELECT COUNT(*) FROM document"), 1, "{moment:?}");
        let verdict = run(data.path(), &["verify"]);
        assert!(!verdict.contains("BROKEN"), "{moment:?}: {verdict}");
    }
}
