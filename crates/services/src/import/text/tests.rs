use super::*;

/// Gives its bytes in pieces of a few, as a pipe may.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(to.len()).min(self.0.len());
        to[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = SHIFT_JIS.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

/// The text, and the encoding once all of it has been read.
fn decoded(bytes: &[u8]) -> (String, Encoding) {
    let mut reader = TextReader::open(Trickle(bytes, 61)).unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    (text, reader.encoding())
}

#[test]
fn the_encoding_is_recognized() {
    let text = "姓,名\n髙橋,﨑\n";
    let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for (bytes, encoding) in [
        (text.as_bytes(), Encoding::Utf8),
        (&with_mark, Encoding::Utf8WithMark),
        (&cp932(text), Encoding::Cp932),
    ] {
        assert_eq!(decoded(bytes), (text.to_owned(), encoding));
    }
    assert_eq!(decoded(b"a,b\n"), ("a,b\n".to_owned(), Encoding::Utf8));
}

#[test]
fn the_encoding_is_recognized_late_in_the_file() {
    let plain = "a,b\n".repeat(40_000);
    let text = format!("{plain}表,ソ能\n");
    assert_eq!(decoded(&cp932(&text)), (text.clone(), Encoding::Cp932));
    assert_eq!(decoded(text.as_bytes()), (text, Encoding::Utf8));
}

#[test]
fn a_character_across_the_window_is_whole() {
    // Each of these shifts the three-byte characters by one against every buffer.
    for shift in 0..3 {
        let text = format!("{}{}\n", "x".repeat(shift), "髙".repeat(40_000));
        assert_eq!(decoded(text.as_bytes()), (text.clone(), Encoding::Utf8));
        let bytes = [cp932(&text[..shift]), cp932("髙").repeat(40_000), b"\n".to_vec()].concat();
        assert_eq!(decoded(&bytes), (text, Encoding::Cp932));
    }
}

#[test]
fn broken_bytes_stay_visible_and_do_not_change_the_encoding() {
    let (text, encoding) = decoded(&["東京都千代田区".as_bytes(), b"\xff\n"].concat());
    assert_eq!((text.as_str(), encoding), ("東京都千代田区\u{fffd}\n", Encoding::Utf8));
    let (text, encoding) = decoded(&[cp932("東京都千代田区").as_slice(), b"\xff\n"].concat());
    assert_eq!((text.as_str(), encoding), ("東京都千代田区\u{fffd}\n", Encoding::Cp932));
    // A character that breaks off at the end of the file.
    assert_eq!(decoded(&"東京都千代田区".as_bytes()[..20]).0, "東京都千代田\u{fffd}\n");
}

#[test]
fn lines_end_with_a_line_feed() {
    for text in ["a\nb\n", "a\r\nb\r\n", "a\rb\r", "a\nb", "a\r\nb"] {
        assert_eq!(decoded(text.as_bytes()).0, "a\nb\n");
    }
    assert_eq!(decoded(b"a\r\n\r\nb").0, "a\n\nb\n");
}

#[test]
fn the_separator_is_recognized() {
    let separator = |text: &'static str| TextReader::open(text.as_bytes()).unwrap().separator();
    assert_eq!(separator("a,b\n"), Ok(Separator::Comma));
    assert_eq!(separator("a\tb\n"), Ok(Separator::Tab));
    assert_eq!(separator("\r\n\na\tb\n"), Ok(Separator::Tab));
    assert_eq!(separator("\"a,b,c\"\tb\n1,2,3,4\n"), Ok(Separator::Tab));
    assert_eq!(separator("a\n"), Ok(Separator::Comma));
    assert_eq!(separator("a;b\n"), Err(Problem::of_file(ProblemCode::SemicolonSeparated)));
    let found = Recognized { encoding: Encoding::Utf8WithMark, separator: Separator::Tab };
    assert_eq!(found.to_string(), "UTF-8 with BOM, separated by tabs");
}

#[test]
fn what_is_no_text_is_refused() {
    let utf16: Vec<u8> = "\u{feff}a,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big_endian: Vec<u8> = "\u{feff}a,b\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, code) in [
        (b"".as_slice(), ProblemCode::EmptyFile),
        (b"\xef\xbb\xbf", ProblemCode::EmptyFile),
        (&utf16, ProblemCode::Utf16),
        (&big_endian, ProblemCode::Utf16),
        (&utf16[2..], ProblemCode::NotText),
        (b"PK\x03\x04\x14\x00", ProblemCode::Workbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ProblemCode::Workbook),
    ] {
        assert_eq!(TextReader::open(bytes).unwrap_err(), Problem::of_file(code));
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let code = ProblemCode::Unreadable { reason: "the disk is gone".to_owned() };
    assert_eq!(TextReader::open(Broken).unwrap_err().code, code);
    let start = b"a".repeat(WINDOW);
    let mut reader = TextReader::open(start.chain(Broken)).unwrap();
    assert_eq!(reader.read_to_end(&mut Vec::new()).unwrap_err().to_string(), "the disk is gone");
}

#[test]
fn small_files_are_read_whole_up_to_their_limit() {
    assert_eq!(read_whole(b"\xef\xbb\xbfa".as_slice(), 2), Ok(("a\n".to_owned(), Encoding::Utf8WithMark)));
    let large = ProblemCode::FileTooLarge { limit_mib: 1 };
    assert_eq!(read_whole(&*b"a".repeat(1024 * 1024), 1024 * 1024), Err(Problem::of_file(large)));
    let broken = [cp932("鍵 = 1\n値 = '").as_slice(), b"\xff'\n"].concat();
    assert_eq!(read_whole(&*broken, 100), Err(Problem::at(2, 6, ProblemCode::BrokenCharacter)));
}
