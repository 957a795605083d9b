//! The columns of a table of people, by their English and Japanese names.

use unicode_normalization::UnicodeNormalization;

use super::super::near::near;
use super::super::problem::{Problem, ProblemCode};
use super::super::rows::Row;
use super::super::value;

/// A column of a table of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Key of the organization.
    Organization,
    /// Mail address, by which a person is recognized again.
    Mail,
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Reading of the family name in kana.
    FamilyKana,
    /// Reading of the given name in kana.
    GivenKana,
    /// Family name in Latin letters.
    FamilyRomaji,
    /// Given name in Latin letters.
    GivenRomaji,
    /// Department.
    Department,
    /// Cost center.
    CostCenter,
    /// Groups, separated by semicolons.
    Groups,
    /// Mail address of the manager.
    Manager,
    /// Language of pages and mails.
    Language,
    /// Time zone of instants.
    TimeZone,
    /// Whether the person is a guest.
    Guest,
    /// Whether the person is active.
    Active,
}

impl Column {
    /// Every column, in the order of the documentation.
    pub const ALL: [Self; 16] = [
        Self::Organization,
        Self::Mail,
        Self::FamilyName,
        Self::GivenName,
        Self::FamilyKana,
        Self::GivenKana,
        Self::FamilyRomaji,
        Self::GivenRomaji,
        Self::Department,
        Self::CostCenter,
        Self::Groups,
        Self::Manager,
        Self::Language,
        Self::TimeZone,
        Self::Guest,
        Self::Active,
    ];

    /// Without these a row names nobody.
    const REQUIRED: [Self; 4] = [Self::Organization, Self::Mail, Self::FamilyName, Self::GivenName];

    /// The English name, which problems and the documentation use.
    pub const fn name(self) -> &'static str {
        self.names()[0]
    }

    /// Every name a file may use, the English one first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Organization => &["organization", "組織"],
            Self::Mail => &["mail", "メール", "メールアドレス", "email"],
            Self::FamilyName => &["family_name", "姓"],
            Self::GivenName => &["given_name", "名"],
            Self::FamilyKana => &["family_kana", "姓カナ", "姓かな", "セイ"],
            Self::GivenKana => &["given_kana", "名カナ", "名かな", "メイ"],
            Self::FamilyRomaji => &["family_romaji", "姓ローマ字"],
            Self::GivenRomaji => &["given_romaji", "名ローマ字"],
            Self::Department => &["department", "部署"],
            Self::CostCenter => &["cost_center", "コストセンター"],
            Self::Groups => &["groups", "グループ"],
            Self::Manager => &["manager", "上長"],
            Self::Language => &["language", "言語"],
            Self::TimeZone => &["time_zone", "タイムゾーン"],
            Self::Guest => &["guest", "ゲスト"],
            Self::Active => &["active", "有効"],
        }
    }

    fn find(header: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.names().contains(&header))
    }
}

/// The columns that the first line of a file names.
///
/// Capitals, full-width or half-width forms, and a space or hyphen instead of `_` make no difference.
pub(super) fn read_header(header: &Row) -> Result<Vec<Column>, Vec<Problem>> {
    let mut columns = Vec::new();
    let mut problems = Vec::new();
    // A separator at the end of the line makes an empty cell, not a column.
    let named = header.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    for cell in &header.cells[..named] {
        let folded: String =
            value::plain(cell).nfkc().collect::<String>().to_lowercase().replace([' ', '-'], "_");
        match Column::find(&folded) {
            Some(column) if columns.contains(&column) => {
                problems
                    .push(Problem::on_line(header.line, ProblemCode::RepeatedColumn { name: column.name() }));
            }
            Some(column) => columns.push(column),
            None => {
                let known = Column::ALL.iter().flat_map(|column| column.names()).copied();
                let code =
                    ProblemCode::UnknownColumn { name: cell.trim().to_owned(), near: near(&folded, known) };
                problems.push(Problem::on_line(header.line, code));
            }
        }
    }
    for column in Column::REQUIRED.into_iter().filter(|column| !columns.contains(column)) {
        problems.push(Problem::on_line(header.line, ProblemCode::MissingColumn { name: column.name() }));
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}
