//! The real program, several times at once on one data folder: who owns it, who does the work, and that nobody
//! can tell from what they see.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Output, Stdio};

use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

const EXAMPLES: [&str; 3] = ["catalog", "organizations", "people"];

fn zaseki(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zaseki"));
    for name in ["CONFIG", "DATA", "DATABASE", "LISTEN", "PUBLIC_ADDRESS"] {
        command.env_remove(format!("ZASEKI_{name}"));
    }
    command.arg("--data").arg(data).args(words).stdin(Stdio::null());
    command
}

fn run(data: &Path, words: &[&str]) -> Said {
    Said::of(zaseki(data, words).output().unwrap())
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
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
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
        let mut child = zaseki(data, &["--listen", "127.0.0.1:0", "serve"])
            .env("LEPTOS_OUTPUT_NAME", "zaseki")
            .env("LEPTOS_SITE_ROOT", data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("Zaseki serves on "), "{line}");
        Self(child)
    }

    fn process(&self) -> u32 {
        self.0.id()
    }

    /// As an operator or a service manager stops it; returns when it has ended.
    fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.process().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.0.wait().unwrap().success());
    }

    /// As a power cut stops it.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
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
    /// Returns when 10,000 rows have been checked.
    fn start(data: &Path) -> Self {
        let mut child = zaseki(data, &["import", "people", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut file = child.stdin.take().unwrap();
        let mut rows = String::from("organization,mail,family_name,given_name\n");
        // What comes after the 10,000 fills the buffers between here and there.
        for number in 0..16_000 {
            rows.push_str(&format!("aozora,person{number}@aozora.example,Person,Number{number}\n"));
        }
        file.write_all(rows.as_bytes()).unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert_eq!(line, "  10000 rows checked\n");
        Self { child, file, said }
    }

    /// What it says from now on, while its file stays open, and its exit code.
    fn end(mut self) -> (Option<i32>, String) {
        let mut text = String::new();
        self.said.read_to_string(&mut text).unwrap();
        let code = self.child.wait().unwrap().code();
        drop(self.file);
        (code, text)
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut database = SqliteConnection::connect(&address).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap()
    })
}

const STAGED: &str =
    "SELECT (SELECT COUNT(*) FROM import_person) + (SELECT COUNT(*) FROM import_key) + (SELECT COUNT(*) FROM import_group)";
const PEOPLE: &str = "SELECT COUNT(*) FROM person";

#[test]
fn a_second_server_is_told_who_serves() {
    let data = folder();
    let server = Server::start(data.path());
    let refused = run(data.path(), &["--listen", "127.0.0.1:0", "serve"]);
    assert!(refused.is_refusal(), "{refused:?}");
    let sentence = format!(
        "zaseki: the data folder {} is in use by process {} (zaseki serve); stop it, or give another --data\n",
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
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
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
    let token = said.out.strip_prefix("https://portal.example/link/").unwrap();
    token.strip_suffix('\n').unwrap().to_owned()
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
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 4);
    assert_eq!(count(data.path(), "SELECT COUNT(*) FROM link"), 4);
    assert_eq!(count(data.path(), "SELECT COUNT(*) FROM account WHERE operator"), 2);
    let at_the_command_line = "SELECT COUNT(*) FROM audit WHERE actor_kind = 'command-line'";
    assert_eq!(count(data.path(), at_the_command_line), 6);
}

#[test]
fn an_import_says_the_same_whoever_does_it() {
    let (alone, served) = (folder(), folder());
    let server = Server::start(served.path());
    for _ in 0..2 {
        let (here, there) = (import_examples(alone.path()), import_examples(served.path()));
        assert_eq!(here, there);
        assert!(here.iter().all(|said| said.code == Some(0)), "{here:?}");
        let people = &here[2];
        assert!(people.err.contains("6 rows checked\n"), "{people:?}");
    }
    let again = run(served.path(), &["import", "people", &example("people")]);
    assert!(again.out.ends_with(": 0 added, 0 changed, 6 as they were\n"), "{again:?}");
    server.stop();
    assert_eq!(count(alone.path(), PEOPLE), 6);
    assert_eq!(count(served.path(), PEOPLE), 6);
    assert_eq!(count(served.path(), STAGED), 0);
}

#[test]
fn standard_input_is_a_file_too() {
    let (alone, served) = (folder(), folder());
    let server = Server::start(served.path());
    let said = [&alone, &served].map(|data| {
        import_examples(data.path());
        let file = fs::File::open(example("people")).unwrap();
        Said::of(zaseki(data.path(), &["import", "people", "-"]).stdin(file).output().unwrap())
    });
    assert_eq!(said[0], said[1]);
    assert!(said[1].out.starts_with("standard input (UTF-8"), "{said:?}");
    server.stop();
}

#[test]
fn a_bad_file_is_refused_the_same_way_whoever_reads_it() {
    let (alone, served, files) = (folder(), folder(), folder());
    let server = Server::start(served.path());
    import_examples(alone.path());
    import_examples(served.path());
    let path = |name: &str| files.path().join(name).display().to_string();
    let long: String = std::iter::once("organization,mail,family_name,given_name\n".to_owned())
        .chain((0..20_000).map(|row| format!("nobody,not a mail {row},,\n")))
        .collect();
    fs::write(path("rows.csv"), "organization,mail,family_name,given_name\naozora,a b,A,B\nnone,c@d.example,C,D\n")
        .unwrap();
    fs::write(path("long.csv"), long).unwrap();
    fs::write(path("header.csv"), "organisation,mail\n").unwrap();
    fs::write(path("empty.toml"), "").unwrap();
    fs::write(path("wrong.toml"), "[[organizations]]\nkey = \"A B\"\n").unwrap();
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
        let (here, there) = (run(alone.path(), &words), run(served.path(), &words));
        assert_eq!(here, there);
        assert_eq!((there.code, there.out.as_str()), (Some(1), ""), "{there:?}");
        let last = there.err.lines().last().unwrap();
        assert!(last.starts_with("zaseki: ") && last.contains(problems), "{there:?}");
    }
    server.stop();
    assert_eq!(count(served.path(), PEOPLE), 6);
    assert_eq!(count(served.path(), STAGED), 0);
}

#[test]
fn an_import_whose_asker_goes_leaves_nothing_behind() {
    let data = folder();
    import_examples(data.path());
    let server = Server::start(data.path());
    let mut import = Halfway::start(data.path());
    assert!(count(data.path(), STAGED) > 0);
    import.child.kill().unwrap();
    import.child.wait().unwrap();
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
    let import = Halfway::start(data.path());
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
    let import = Halfway::start(data.path());
    server.kill();
    let (code, said) = import.end();
    assert_eq!(code, Some(1));
    let sentence = format!(
        "zaseki: process {process} (zaseki serve) stopped before it said how this ended; run the command again\n"
    );
    assert_eq!(said, sentence);
    assert_eq!(count(data.path(), PEOPLE), 6);
}

#[test]
fn a_command_that_owns_the_folder_takes_no_other_work() {
    let data = folder();
    import_examples(data.path());
    let mut import = Halfway::start(data.path());
    let refused = run(data.path(), &["link", "hana.mori@aozora.example"]);
    assert!(refused.is_refusal(), "{refused:?}");
    let sentence = format!(
        "zaseki: the data folder {} is in use by process {} (zaseki import people); it does not answer; try again \
         when it has ended\n",
        data.path().display(),
        import.child.id()
    );
    assert_eq!(refused.err, sentence);
    import.child.kill().unwrap();
    import.child.wait().unwrap();
    assert_eq!(run(data.path(), &["link", "hana.mori@aozora.example"]).code, Some(0));
}

#[test]
fn a_message_of_another_version_is_answered() {
    let data = folder();
    let server = Server::start(data.path());
    let mut socket = UnixStream::connect(data.path().join("zaseki.sock")).unwrap();
    socket.write_all(b"{\"sing\":{\"song\":\"la\"}}\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("{\"failed\":\"the running zaseki does not know this command"), "{answer}");
    server.stop();
}
