use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use domain::time::Instant;

use super::protocol::{Answer, Piece, receive, send};
use super::{NotClaimed, Owner};

const SINCE: Instant = Instant::from_micros(1_767_225_600_000_000);

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_folder_has_one_owner_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("deep/data");
    let owner = Owner::claim(&folder, "import organizations", SINCE).unwrap();
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("zaseki.lock")), 0o600);

    let refused = Owner::claim(&folder, "link", SINCE).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "the data folder {} is in use by process {} (zaseki import organizations)",
            folder.display(),
            std::process::id()
        )
    );
    drop(owner);

    // A shorter name leaves nothing of the longer one behind.
    let owner = Owner::claim(&folder, "link", SINCE).unwrap();
    let lock = fs::read_to_string(folder.join("zaseki.lock")).unwrap();
    let expected = format!(
        "{{\"process\":{},\"command\":\"link\",\"since\":\"2026-01-01T00:00:00Z\"}}\n",
        std::process::id()
    );
    assert_eq!(lock, expected);
    drop(owner);
}

#[test]
fn an_owner_who_has_not_said_its_name_yet_is_one_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let _owner = Owner::claim(folder.path(), "serve", SINCE).unwrap();
    fs::write(folder.path().join("zaseki.lock"), "").unwrap();
    let refused = Owner::claim(folder.path(), "link", SINCE).unwrap_err();
    assert!(refused.to_string().ends_with("is in use by another process"), "{refused}");
}

#[test]
fn what_a_killed_owner_left_behind_is_removed_by_the_next_one_only() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("zaseki.sock");
    fs::write(&socket, "").unwrap();
    let owner = Owner::claim(folder.path(), "link", SINCE).unwrap();
    assert!(!socket.exists());
    fs::write(&socket, "").unwrap();
    Owner::claim(folder.path(), "link", SINCE).unwrap_err();
    assert!(socket.exists());
    drop(owner);
}

#[test]
fn a_folder_that_was_there_keeps_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o750)).unwrap();
    let _owner = Owner::claim(folder.path(), "link", SINCE).unwrap();
    assert_eq!(mode(folder.path()), 0o750);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = Owner::claim(&file.join("data"), "link", SINCE).unwrap_err();
    assert!(matches!(refused, NotClaimed::Failed { .. }));
    let sentence = format!("{:#}", refused.advise("not said here"));
    assert!(sentence.starts_with(&format!("cannot make {}/data: ", file.display())), "{sentence}");
    assert!(!sentence.contains("not said here"), "{sentence}");
}

#[test]
fn messages_are_lines_and_a_cut_one_is_none() {
    let mut wire = Vec::new();
    send(&mut wire, &Piece::Bytes(3)).unwrap();
    wire.extend(b"\n\xff\n");
    send(&mut wire, &Answer::Note("two\nlines, 座席".to_owned())).unwrap();
    send(&mut wire, &Answer::Done).unwrap();
    let cut = wire.len() - 1;

    let mut from = &wire[..cut];
    assert_eq!(receive(&mut from).unwrap(), Some(Piece::Bytes(3)));
    from = &from[3..];
    assert_eq!(receive(&mut from).unwrap(), Some(Answer::Note("two\nlines, 座席".to_owned())));
    assert_eq!(receive::<Answer>(&mut from).unwrap(), None);
}

#[test]
fn a_message_that_is_unknown_or_endless_is_refused() {
    let unknown = receive::<Answer>(&mut &b"{\"sing\":\"la\"}\n"[..]).unwrap_err();
    assert_eq!(unknown.kind(), std::io::ErrorKind::InvalidData);
    let endless = receive::<Answer>(&mut std::io::BufReader::new(std::io::repeat(b'x'))).unwrap_err();
    assert_eq!(endless.kind(), std::io::ErrorKind::InvalidData);
}
