//! A list of people as it is pasted or uploaded: one line each, or several on a line (SPEC 5, Assigning: beyond 20).

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// On which line it stands, from 1.
    pub(super) line: u32,
    /// The address or the name, as it stands there.
    pub(super) typed: String,
}

/// What a first line may say that is no person.
const HEADINGS: [&str; 9] =
    ["mail", "email", "e-mail", "mail address", "email address", "メール", "メールアドレス", "氏名", "name"];

/// The entries of a list. Lines are cut at tabs, commas and semicolons; where a line has addresses, they are the entries
/// and the rest (a name, a department) is left out. `Suzuki <s@example.jp>` is an address too.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let text = text.trim_start_matches('\u{feff}');
    let mut entries = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let number = u32::try_from(place).map_or(u32::MAX, |place| place.saturating_add(1));
        let cells: Vec<String> =
            line.split(['\t', ',', ';', '，', '；']).map(cell).filter(|cell| !cell.is_empty()).collect();
        let is_heading = |cell: &String| HEADINGS.contains(&cell.to_lowercase().as_str());
        if place == 0 && cells.iter().any(is_heading) && !line.contains('@') {
            continue;
        }
        let has_address = cells.iter().any(|cell| cell.contains(['@', '＠']));
        let entry = |typed: String| Entry { line: number, typed };
        entries
            .extend(cells.into_iter().filter(|cell| !has_address || cell.contains(['@', '＠'])).map(entry));
    }
    entries
}

/// A cell without the quotes of a CSV file, and without the name before an address in angle brackets.
fn cell(text: &str) -> String {
    let text = text.trim().trim_matches('"').trim();
    let bracketed = text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inside, _)| inside);
    bracketed.filter(|inside| inside.contains('@')).unwrap_or(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_people_paste_it() {
        let list = |text: &str| -> Vec<(u32, String)> {
            entries(text).into_iter().map(|entry| (entry.line, entry.typed)).collect()
        };
        let expected = |entries: &[(u32, &str)]| -> Vec<(u32, String)> {
            entries.iter().map(|(line, typed)| (*line, (*typed).to_owned())).collect()
        };
        assert_eq!(list("a@x.jp\n\nb@x.jp\r\n"), expected(&[(1, "a@x.jp"), (3, "b@x.jp")]));
        assert_eq!(list("a@x.jp, b@x.jp; c@x.jp\td@x.jp").len(), 4);
        assert_eq!(list("\u{feff}メールアドレス,部署\n\"a@x.jp\",設計部\n"), expected(&[(2, "a@x.jp")]));
        assert_eq!(list("鈴木 翔太 <s@x.jp>\n橋本 結衣"), expected(&[(1, "s@x.jp"), (2, "橋本 結衣")]));
        assert_eq!(list("鈴木 翔太，橋本 結衣"), expected(&[(1, "鈴木 翔太"), (1, "橋本 結衣")]));
        assert_eq!(list(" \n,,\n"), expected(&[]));
    }
}
