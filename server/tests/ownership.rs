//! The real program, several times at once on one data folder: who owns it, who does the work, and that
//! nobody can tell from what they see.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Output, Stdio};
use std::sync::Arc;

use domain::time::Instant;
use payments::closed::Closed;
use services::Services;
use services::asker::Asker;
use services::environment::{Clock, Entropy, Environment};
use services::password::Passwords;
use services::paying::Paying;
use sqlx::{Connection as _, SqliteConnection};
use store::{Location, Store};
use tempfile::TempDir;

#[path = "support/program.rs"]
mod program;

use program::{serve, zaseki};

const EXAMPLES: [&str; 3] = ["catalog", "organizations", "people"];

fn run(data: &Path, words: &[&str]) -> Said {
    Said::of(zaseki(data, words).output().expect("the program runs"))
}

/// What somebody at the terminal sees.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    fn is_refusal(&self) -> bool {
        self.code == Some(1) && self.out.is_empty() && self.err.lines().count() == 1
    }
}

/// `zaseki serve`, killed with this value unless it was stopped.
struct Server(Child);

impl Server {
    /// Returns when it serves.
    fn start(data: &Path) -> Self {
        Self(serve(data, &["--listen", "127.0.0.1:0"]))
    }

    fn process(&self) -> u32 {
        self.0.id()
    }

    /// As an operator or a service manager stops it; returns when it has ended.
    fn stop(mut self) {
        let told =
            Command::new("kill").args(["-TERM", &self.process().to_string()]).status().expect("it is told");
        assert!(told.success());
        assert!(self.0.wait().expect("it ends").success());
    }

    /// As a power cut stops it.
    fn kill(mut self) {
        self.0.kill().expect("it is killed");
        self.0.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// An import of people under way whose file has not ended yet.
struct Halfway {
    child: Child,
    file: ChildStdin,
    said: BufReader<ChildStderr>,
}

impl Halfway {
    /// Returns when 10,000 rows have been checked. An organization that nobody knows makes bad rows of them.
    fn start(data: &Path, organization: &str) -> Self {
        let mut child = zaseki(data, &["import", "people", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut file = child.stdin.take().expect("its input");
        let mut rows = String::from("organization,mail,family_name,given_name\n");
        // What comes after the 10,000 fills the buffers between here and there.
        for number in 0..16_000 {
            writeln!(rows, "{organization},person{number}@aozora.example,Person,Number{number}")
                .expect("it is written");
        }
        file.write_all(rows.as_bytes()).expect("rows are taken");
        let mut said = BufReader::new(child.stderr.take().expect("its errors"));
        let mut line = String::new();
        said.read_line(&mut line).expect("a line");
        assert_eq!(line, "  10000 rows checked\n");
        Self { child, file, said }
    }

    /// What it says from now on, while its file stays open, and its exit code.
    fn end(mut self) -> (Option<i32>, String) {
        let mut text = String::new();
        self.said.read_to_string(&mut text).expect("text");
        let code = self.child.wait().expect("it ends").code();
        drop(self.file);
        (code, text)
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn example(name: &str) -> String {
    let end = if name == "people" { "csv" } else { "toml" };
    format!("{}/../docs/examples/{name}.{end}", env!("CARGO_MANIFEST_DIR"))
}

fn import_examples(data: &Path) -> Vec<Said> {
    EXAMPLES.iter().map(|name| run(data, &["import", name, &example(name)])).collect()
}

fn count(data: &Path, query: &'static str) -> i64 {
    let address = format!("sqlite:{}/zaseki.sqlite", data.display());
    block_on(async {
        let mut database = SqliteConnection::connect(&address).await.expect("the database");
        sqlx::query_scalar(query).fetch_one(&mut database).await.expect("a count")
    })
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// A world in which no link is too old.
struct LongAgo;

impl Clock for LongAgo {
    fn now(&self) -> Instant {
        Instant::from_micros(0)
    }
}

impl Entropy for LongAgo {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Whose password the link with this token sets, as the page behind it asks.
fn mail_behind(data: &Path, token: &str) -> String {
    let environment = Environment { clock: Arc::new(LongAgo), entropy: Arc::new(LongAgo) };
    block_on(async {
        let store = Store::open(&Location::Folder(data.to_owned())).await.expect("the store");
        let portal = "http://127.0.0.1:3000".parse().expect("an address");
        let (passwords, paying) = (Passwords::new().expect("room"), Paying::new(Arc::new(Closed), portal));
        let services = Services::new(store.clone(), environment, passwords, paying);
        let link = services.open_link(&Asker::default(), token).await.expect("a link that works");
        store.close().await;
        link.mail
    })
}

const STAGED: &str = "SELECT (SELECT COUNT(*) FROM import_person) + (SELECT COUNT(*) FROM import_key) \
                      + (SELECT COUNT(*) FROM import_group)";
const PEOPLE: &str = "SELECT COUNT(*) FROM person";

#[test]
fn a_second_server_is_told_who_serves() {
    let data = folder();
    let server = Server::start(data.path());
    let refused = run(data.path(), &["--listen", "127.0.0.1:0", "serve"]);
    assert!(refused.is_refusal(), "{refused:?}");
    let sentence = format!(
        "zaseki: the data folder {} is in use by process {} (zaseki serve); stop it, or give another \
         --data\n",
        data.path().display(),
        server.process()
    );
    assert_eq!(refused.err, sentence);
}

#[test]
fn nobody_migrates_below_a_server() {
    let data = folder();
    let server = Server::start(data.path());
    let refused = run(data.path(), &["migrate"]);
    assert!(refused.is_refusal(), "{refused:?}");
    let owner = format!("is in use by process {} (zaseki serve); stop it first", server.process());
    assert!(refused.err.contains(&owner), "{refused:?}");
    server.stop();
    assert_eq!(run(data.path(), &["migrate"]).code, Some(0));
}

#[test]
fn the_socket_is_for_its_user_alone_and_goes_with_the_server() {
    let root = folder();
    let data = root.path().join("data");
    let server = Server::start(&data);
    let socket = data.join("zaseki.sock");
    assert_eq!(fs::metadata(&socket).expect("a socket").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&data).expect("a folder").permissions().mode() & 0o777, 0o700);
    server.stop();
    assert!(!socket.exists());
}

#[test]
fn a_killed_server_leaves_the_folder_to_the_next() {
    let data = folder();
    let server = Server::start(data.path());
    server.kill();
    assert!(data.path().join("zaseki.sock").exists());
    let added = run(data.path(), &["operator", "add", "ada@publisher.example"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    let server = Server::start(data.path());
    let linked = run(data.path(), &["link", "ada@publisher.example"]);
    assert_eq!(linked.code, Some(0), "{linked:?}");
    server.stop();
}

/// The token of a link that was printed and nothing else.
fn token(said: &Said) -> String {
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let token = said.out.strip_prefix("https://portal.example/link/").expect("an address");
    token.strip_suffix('\n').expect("a line").to_owned()
}

#[test]
fn a_link_is_the_same_whoever_makes_it() {
    let data = folder();
    let linked = |words: &[&str]| {
        token(&run(data.path(), &[&["--public-address", "https://portal.example/"], words].concat()))
    };
    let mut tokens = vec![
        linked(&["operator", "add", "ada@publisher.example"]),
        linked(&["link", "ada@publisher.example"]),
    ];
    let server = Server::start(data.path());
    tokens.push(linked(&["operator", "add", "grace@publisher.example"]));
    tokens.push(linked(&["link", "ada@publisher.example"]));
    let nobody = run(data.path(), &["link", "nobody@publisher.example"]);
    let nonsense = run(data.path(), &["link", "nonsense"]);
    server.stop();
    assert!(nobody.is_refusal() && nonsense.is_refusal(), "{nobody:?} {nonsense:?}");
    assert_eq!(run(data.path(), &["link", "nobody@publisher.example"]), nobody);
    assert_eq!(run(data.path(), &["link", "nonsense"]), nonsense);

    let length = tokens[0].len();
    assert!(tokens.iter().all(|token| token.len() == length), "{tokens:?}");
    let mails: Vec<_> = tokens.iter().map(|token| mail_behind(data.path(), token)).collect();
    assert_eq!(mails, ["ada", "ada", "grace", "ada"].map(|name| format!("{name}@publisher.example")));
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 4);
    assert_eq!(count(data.path(), "SELECT COUNT(*) FROM account WHERE operator"), 2);
    let at_the_command_line = "SELECT COUNT(*) FROM audit WHERE actor_kind = 'command-line'";
    assert_eq!(count(data.path(), at_the_command_line), 6);
}

#[test]
fn an_import_says_the_same_whoever_does_it() {
    let (alone, shared) = (folder(), folder());
    let server = Server::start(shared.path());
    for _ in 0..2 {
        let (here, there) = (import_examples(alone.path()), import_examples(shared.path()));
        assert_eq!(here, there);
        assert!(here.iter().all(|said| said.code == Some(0)), "{here:?}");
        let people = &here[2];
        assert!(people.err.contains("6 rows checked\n"), "{people:?}");
    }
    let again = run(shared.path(), &["import", "people", &example("people")]);
    assert!(again.out.ends_with(": 0 added, 0 changed, 6 as they were\n"), "{again:?}");
    server.stop();
    assert_eq!(count(alone.path(), PEOPLE), 6);
    assert_eq!(count(shared.path(), PEOPLE), 6);
    assert_eq!(count(shared.path(), STAGED), 0);
}

#[test]
fn standard_input_is_a_file_too() {
    let (alone, shared) = (folder(), folder());
    let server = Server::start(shared.path());
    let said = [&alone, &shared].map(|data| {
        import_examples(data.path());
        let file = fs::File::open(example("people")).expect("the example");
        Said::of(
            zaseki(data.path(), &["import", "people", "-"]).stdin(file).output().expect("the program runs"),
        )
    });
    assert_eq!(said[0], said[1]);
    assert!(said[1].out.starts_with("standard input (UTF-8"), "{said:?}");
    server.stop();
}

#[test]
fn a_bad_file_is_refused_the_same_way_whoever_reads_it() {
    let (alone, shared, files) = (folder(), folder(), folder());
    let server = Server::start(shared.path());
    import_examples(alone.path());
    import_examples(shared.path());
    let path = |name: &str| files.path().join(name).display().to_string();
    let long: String = std::iter::once("organization,mail,family_name,given_name\n".to_owned())
        .chain((0..20_000).map(|row| format!("nobody,not a mail {row},,\n")))
        .collect();
    fs::write(
        path("rows.csv"),
        "organization,mail,family_name,given_name\naozora,a b,A,B\nnone,c@d.example,C,D\n",
    )
    .expect("it is written");
    fs::write(path("long.csv"), long).expect("it is written");
    fs::write(path("header.csv"), "organisation,mail\n").expect("it is written");
    fs::write(path("empty.toml"), "").expect("it is written");
    fs::write(path("wrong.toml"), "[[organizations]]\nkey = \"A B\"\n").expect("it is written");
    for (kind, file, problems) in [
        ("people", "rows.csv", "2 problems"),
        ("people", "long.csv", "problems"),
        ("people", "header.csv", "problem"),
        ("people", ".", "1 problem"),
        ("organizations", "empty.toml", "1 problem"),
        ("organizations", "wrong.toml", "problem"),
        ("catalog", "wrong.toml", "problem"),
        ("catalog", "missing.toml", "cannot read"),
    ] {
        let words = ["import", kind, &path(file)];
        let (here, there) = (run(alone.path(), &words), run(shared.path(), &words));
        assert_eq!(here, there);
        assert_eq!((there.code, there.out.as_str()), (Some(1), ""), "{there:?}");
        let last = there.err.lines().last().expect("a line");
        assert!(last.starts_with("zaseki: ") && last.contains(problems), "{there:?}");
    }
    server.stop();
    assert_eq!(count(shared.path(), PEOPLE), 6);
    assert_eq!(count(shared.path(), STAGED), 0);
}

#[test]
fn an_import_whose_asker_goes_leaves_nothing_behind() {
    let data = folder();
    import_examples(data.path());
    let server = Server::start(data.path());
    let mut import = Halfway::start(data.path(), "aozora");
    assert!(count(data.path(), STAGED) > 0);
    import.child.kill().expect("it is killed");
    import.child.wait().expect("it ends");
    // It takes part in an orderly end that what is under way is finished.
    server.stop();
    assert_eq!(count(data.path(), STAGED), 0);
    assert_eq!(count(data.path(), PEOPLE), 6);
}

#[test]
fn a_server_that_is_stopped_lets_go_of_half_a_file() {
    let data = folder();
    import_examples(data.path());
    let server = Server::start(data.path());
    let import = Halfway::start(data.path(), "aozora");
    server.stop();
    let (code, said) = import.end();
    assert_eq!(code, Some(1));
    assert!(said.contains("zaseki serve is being stopped"), "{said}");
    assert!(said.ends_with("in standard input; nothing was imported\n"), "{said}");
    assert_eq!(count(data.path(), STAGED), 0);
    assert_eq!(count(data.path(), PEOPLE), 6);
}

#[test]
fn an_asker_hears_that_the_server_was_killed() {
    let data = folder();
    import_examples(data.path());
    let server = Server::start(data.path());
    let process = server.process();
    let import = Halfway::start(data.path(), "aozora");
    server.kill();
    let (code, said) = import.end();
    assert_eq!(code, Some(1));
    let sentence = format!(
        "zaseki: process {process} (zaseki serve) stopped before it said how this ended; run the command \
         again\n"
    );
    assert_eq!(said, sentence);
    assert_eq!(count(data.path(), PEOPLE), 6);
}

#[test]
fn a_command_that_owns_the_folder_takes_no_other_work() {
    let data = folder();
    import_examples(data.path());
    let mut import = Halfway::start(data.path(), "aozora");
    let refused = run(data.path(), &["link", "hana.mori@aozora.example"]);
    assert!(refused.is_refusal(), "{refused:?}");
    let sentence = format!(
        "zaseki: the data folder {} is in use by process {} (zaseki import people); it does not answer; \
         try again when it has ended\n",
        data.path().display(),
        import.child.id()
    );
    assert_eq!(refused.err, sentence);
    import.child.kill().expect("it is killed");
    import.child.wait().expect("it ends");
    assert_eq!(run(data.path(), &["link", "hana.mori@aozora.example"]).code, Some(0));
}

#[test]
fn a_third_file_waits_for_its_turn() {
    let data = folder();
    import_examples(data.path());
    let server = Server::start(data.path());
    let mut first = Halfway::start(data.path(), "nobody");
    let _second = Halfway::start(data.path(), "nobody");
    let mut third = zaseki(data.path(), &["import", "people", &example("people")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(third.stderr.as_mut().expect("its errors")).read_line(&mut line).expect("a line");
    assert_eq!(line, "  other files are being imported; this one waits for its turn\n");
    // What takes no file has no reason to wait.
    assert_eq!(run(data.path(), &["link", "hana.mori@aozora.example"]).code, Some(0));
    first.child.kill().expect("it is killed");
    first.child.wait().expect("it ends");
    let third = Said::of(third.wait_with_output().expect("it ends"));
    assert_eq!(third.code, Some(0), "{third:?}");
    assert!(third.out.ends_with(" 6 as they were\n"), "{third:?}");
    server.stop();
}

#[test]
fn a_message_of_another_version_is_answered() {
    let data = folder();
    let server = Server::start(data.path());
    let mut socket = UnixStream::connect(data.path().join("zaseki.sock")).expect("the socket");
    socket.write_all(b"{\"sing\":{\"song\":\"la\"}}\n").expect("it is written");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("{\"failed\":\"the running zaseki does not know this command"), "{answer}");
    server.stop();
}
