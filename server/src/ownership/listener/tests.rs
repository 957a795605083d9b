use super::*;

/// Reads what arrives from an asker who says `said` and then stays or goes.
fn arrive(said: &[u8], goes: bool, told_to_stop: bool) -> (io::Result<Vec<u8>>, bool) {
    let (socket, mut other) = UnixStream::pair().unwrap();
    io::Write::write_all(&mut other, said).unwrap();
    let (_keep, stop) = watch::channel(told_to_stop);
    let other = (!goes).then_some(other);
    let asker = Asker { socket, gone: Cell::new(false), stop };
    let mut file = Arriving { from: BufReader::new(&asker.socket), left: 0, whole: false, asker: &asker };
    let mut bytes = Vec::new();
    let read = file.read_to_end(&mut bytes).map(|_| bytes);
    drop(other);
    (read, asker.gone.get())
}

#[test]
fn a_file_ends_when_it_is_whole_and_its_asker_waits() {
    let said = b"{\"bytes\":3}\nabc{\"bytes\":0}\n{\"bytes\":2}\n\n\xff\"end\"\n";
    let (read, gone) = arrive(said, false, false);
    assert_eq!(read.unwrap(), b"abc\n\xff");
    assert!(!gone);
}

#[test]
fn half_a_file_is_never_taken_for_one() {
    for said in [
        &b""[..],
        b"{\"byt",
        b"{\"bytes\":3}\n",
        b"{\"bytes\":3}\nab",
        b"{\"bytes\":2}\nab",
        b"{\"bytes\":2}\nab\"end\"\n",
    ] {
        let (read, gone) = arrive(said, true, false);
        assert_eq!(read.unwrap_err().to_string(), "whoever sent it has gone", "{said:?}");
        assert!(gone);
        let (read, gone) = arrive(said, true, true);
        assert_eq!(read.unwrap_err().to_string(), TOLD_TO_STOP, "{said:?}");
        assert!(!gone, "the asker is to be answered");
    }
}

#[test]
fn what_the_asker_could_not_read_is_said_in_its_words() {
    let (read, gone) = arrive(b"{\"bytes\":2}\nab{\"unreadable\":\"Is a directory\"}\n", false, false);
    assert_eq!(read.unwrap_err().to_string(), "Is a directory");
    assert!(!gone);
    let (read, _) = arrive(b"{\"sing\":1}\n", false, false);
    assert_eq!(read.unwrap_err().kind(), io::ErrorKind::InvalidData);
}
