use super::*;

fn read(folder: &Path) -> Result<(Journal, Vec<String>), OpenError> {
    open(Sharing::Alone, folder)
}

fn share(folder: &Path) -> (Journal, Vec<String>) {
    open(Sharing::Shared, folder).unwrap()
}

fn open(sharing: Sharing, folder: &Path) -> Result<(Journal, Vec<String>), OpenError> {
    let mut lines = Vec::new();
    let journal = Journal::open(folder, sharing, |line| note(&mut lines, line))?;
    Ok((journal, lines))
}

fn note(lines: &mut Vec<String>, line: &str) -> Result<(), String> {
    lines.push(line.to_owned());
    if line.starts_with("bad") { Err("bad".to_owned()) } else { Ok(()) }
}

/// Has a turn, adds lines in it and gives those that were read in it.
fn turn(journal: &mut Journal, added: &[&str]) -> Result<Vec<String>, OpenError> {
    let mut lines = Vec::new();
    let added: Vec<_> = added.iter().map(|line| (*line).to_owned()).collect();
    journal.turn(|line| note(&mut lines, line))?.write(&added).unwrap();
    Ok(lines)
}

fn append(folder: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(folder.join(FILE)).unwrap();
    file.write_all(bytes).unwrap();
}

fn text(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(FILE)).unwrap()
}

impl Journal {
    /// A journal whose file takes no line: what a full disk does, without filling one.
    pub(in crate::sandbox) fn that_is_full(folder: &Path) -> Self {
        let (mut journal, _lines) = share(folder);
        journal.file = File::open(&journal.path).unwrap();
        journal
    }
}

#[test]
fn lines_come_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, lines) = read(folder.path()).unwrap();
    assert!(lines.is_empty());
    assert!(turn(&mut journal, &["one", "two"]).unwrap().is_empty());
    assert!(turn(&mut journal, &[]).unwrap().is_empty());
    assert!(turn(&mut journal, &["three"]).unwrap().is_empty());
    drop(journal);
    assert_eq!(read(folder.path()).unwrap().1, ["one", "two", "three"]);
}

#[test]
fn those_that_share_read_what_the_others_add_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = share(folder.path());
    let (mut second, _) = share(folder.path());
    assert!(turn(&mut first, &["one", "two"]).unwrap().is_empty());
    assert_eq!(turn(&mut second, &["three"]).unwrap(), ["one", "two"]);
    assert!(turn(&mut second, &["four"]).unwrap().is_empty());
    assert_eq!(turn(&mut first, &[]).unwrap(), ["three", "four"]);
    assert!(turn(&mut first, &[]).unwrap().is_empty());
    let (_third, lines) = share(folder.path());
    assert_eq!(lines, ["one", "two", "three", "four"]);
}

#[test]
fn one_has_the_turn_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = share(folder.path());
    let (second, _) = share(folder.path());
    let held = first.turn(|_| Ok(())).unwrap();
    assert!(second.file.try_lock().is_err());
    drop(held);
    second.file.try_lock().unwrap();
}

#[test]
fn a_torn_line_is_cut_off_and_the_next_stands_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    drop(read(folder.path()).unwrap());
    append(folder.path(), b"one\nbad and tor");
    let (mut journal, lines) = read(folder.path()).unwrap();
    assert_eq!(lines, ["one"]);
    turn(&mut journal, &["two"]).unwrap();
    drop(journal);
    assert_eq!(text(folder.path()), format!("{HEAD}\none\ntwo\n"));

    let (mut journal, _) = share(folder.path());
    append(folder.path(), b"three\nbad and tor");
    assert_eq!(turn(&mut journal, &["4"]).unwrap(), ["three"]);
    append(folder.path(), b"bad and tor");
    assert!(turn(&mut journal, &[]).unwrap().is_empty());
    assert_eq!(text(folder.path()), format!("{HEAD}\none\ntwo\nthree\n4\n"));
}

#[test]
fn a_torn_first_line_is_a_new_journal() {
    for sharing in [Sharing::Alone, Sharing::Shared] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), &HEAD[..10]).unwrap();
        assert!(open(sharing, folder.path()).unwrap().1.is_empty());
        assert_eq!(text(folder.path()), format!("{HEAD}\n"));
    }
}

#[test]
fn damage_is_refused_and_nothing_is_changed() {
    for (damaged, line) in [("bad\ntor", 2), ("one\nbad\ntwo\n", 3), ("\u{0}\n", 0)] {
        let folder = tempfile::tempdir().unwrap();
        let whole = if line == 0 { damaged.to_owned() } else { format!("{HEAD}\n{damaged}") };
        std::fs::write(folder.path().join(FILE), &whole).unwrap();
        let error = read(folder.path()).unwrap_err();
        let expected = line.max(1);
        assert!(matches!(error, OpenError::Damaged { line, .. } if line == expected), "{error}");
        assert_eq!(text(folder.path()), whole);
    }
}

#[test]
fn damage_that_comes_while_it_is_open_is_said_in_every_turn() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = share(folder.path());
    append(folder.path(), b"one\nbad\ntwo\ntor");
    let mut lines = Vec::new();
    for _ in 0..2 {
        let error = journal.turn(|line| note(&mut lines, line)).map(|_| ()).unwrap_err();
        assert!(matches!(error, OpenError::Damaged { line: 3, .. }), "{error}");
    }
    assert_eq!(lines, ["one", "bad", "bad"]);
    assert_eq!(text(folder.path()), format!("{HEAD}\none\nbad\ntwo\ntor"));

    std::fs::write(folder.path().join(FILE), format!("{HEAD}\n")).unwrap();
    let error = turn(&mut journal, &["two"]).unwrap_err().to_string();
    assert!(error.ends_with("is damaged: lines before it are gone"), "{error}");
    assert_eq!(text(folder.path()), format!("{HEAD}\n"));
}

#[test]
fn one_alone_or_several_that_share() {
    let folder = tempfile::tempdir().unwrap();
    let in_use = |error: OpenError| {
        let expected = format!("{} is in use by another process", folder.path().join(FILE).display());
        assert_eq!(error.to_string(), expected);
    };
    let first = read(folder.path()).unwrap();
    in_use(read(folder.path()).unwrap_err());
    in_use(open(Sharing::Shared, folder.path()).unwrap_err());
    drop(first);
    let (first, second) = (share(folder.path()), share(folder.path()));
    in_use(read(folder.path()).unwrap_err());
    drop(first);
    in_use(read(folder.path()).unwrap_err());
    drop(second);
    assert!(read(folder.path()).is_ok());
}
