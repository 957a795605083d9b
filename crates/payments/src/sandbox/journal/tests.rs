use super::*;

fn read(folder: &Path) -> Result<(Journal, Vec<String>), OpenError> {
    let mut lines = Vec::new();
    let journal = Journal::open(folder, |line| {
        lines.push(line.to_owned());
        if line.starts_with("bad") { Err("bad".to_owned()) } else { Ok(()) }
    })?;
    Ok((journal, lines))
}

fn append(folder: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(folder.join(FILE)).unwrap();
    file.write_all(bytes).unwrap();
}

#[tokio::test]
async fn lines_come_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, lines) = read(folder.path()).unwrap();
    assert!(lines.is_empty());
    let ticket = journal.enqueue(&["one".to_owned(), "two".to_owned()]);
    let ticket = ticket.max(journal.enqueue(&["three".to_owned()]));
    journal.settled(ticket).await.unwrap();
    assert_eq!(journal.enqueue(&[]), ticket);
    drop(journal);
    assert_eq!(read(folder.path()).unwrap().1, ["one", "two", "three"]);
}

#[tokio::test]
async fn a_torn_line_is_cut_off_and_the_next_stands_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    drop(read(folder.path()).unwrap());
    append(folder.path(), b"one\nbad and tor");
    let (journal, lines) = read(folder.path()).unwrap();
    assert_eq!(lines, ["one"]);
    let ticket = journal.enqueue(&["two".to_owned()]);
    journal.settled(ticket).await.unwrap();
    drop(journal);
    let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert_eq!(text, format!("{HEAD}\none\ntwo\n"));
}

#[test]
fn a_torn_first_line_is_a_new_journal() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), &HEAD[..10]).unwrap();
    assert!(read(folder.path()).unwrap().1.is_empty());
    assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), format!("{HEAD}\n"));
}

#[test]
fn damage_is_refused_and_nothing_is_changed() {
    for (text, line) in [("bad\ntor", 2), ("one\nbad\ntwo\n", 3), ("\u{0}\n", 0)] {
        let folder = tempfile::tempdir().unwrap();
        let whole = if line == 0 { text.to_owned() } else { format!("{HEAD}\n{text}") };
        std::fs::write(folder.path().join(FILE), &whole).unwrap();
        let error = read(folder.path()).unwrap_err();
        let expected = line.max(1);
        assert!(matches!(error, OpenError::Damaged { line, .. } if line == expected), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), whole);
    }
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = read(folder.path()).unwrap();
    assert!(matches!(read(folder.path()).unwrap_err(), OpenError::InUse { .. }));
    drop(first);
    assert!(read(folder.path()).is_ok());
}

#[tokio::test]
async fn after_a_failed_write_nothing_is_promised() {
    // A file that is open for reading only takes no line: what a full disk does, without filling one.
    let folder = tempfile::tempdir().unwrap();
    drop(read(folder.path()).unwrap());
    let journal = Journal::write(File::open(folder.path().join(FILE)).unwrap()).unwrap();
    for _ in 0..2 {
        let ticket = journal.enqueue(&["one".to_owned()]);
        assert!(journal.settled(ticket).await.is_err());
    }
    assert!(journal.settled(journal.enqueue(&[])).await.is_err());
}
