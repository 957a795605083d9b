//! Mail addresses and their domains.

use unicode_normalization::UnicodeNormalization as _;

use crate::field::FieldProblem;

/// A mail address in the one form that is compared: lower-case, half-width, without spaces around.
///
/// What is accepted is what is used for mail, not all that RFC 5321 allows: no quotes, no comments, no
/// address literals, ASCII only (an international domain in its `xn--` form), a domain with at least one dot,
/// at most 254 characters. Text that was typed full-width by mistake is folded: `ａ＠ｅｘａｍｐｌｅ．ｃｏｍ`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailAddress(String);

/// The part of mail addresses after the @, in the same form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailDomain(String);

impl MailAddress {
    /// Reads what a person or a file gave.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let address = plain(text);
        if address.is_empty() {
            return Err(FieldProblem::Missing);
        }
        if address.len() > 254 {
            return Err(FieldProblem::TooLong { most: 254 });
        }
        match address.split_once('@') {
            Some((local, domain)) if is_local_part(local) && is_domain(domain) => Ok(Self(address)),
            _ => Err(FieldProblem::NotAMailAddress),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the @.
    pub fn local_part(&self) -> &str {
        self.parts().0
    }

    /// What stands after the @.
    pub fn domain(&self) -> MailDomain {
        MailDomain(self.parts().1.to_owned())
    }

    fn parts(&self) -> (&str, &str) {
        // Every address that could be made has an @.
        self.0.split_once('@').unwrap_or((&self.0, ""))
    }
}

impl MailDomain {
    /// Reads what a person or a file gave; an @ before it is taken off.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let plain = plain(text);
        let domain = plain.strip_prefix('@').unwrap_or(&plain);
        if domain.is_empty() {
            return Err(FieldProblem::Missing);
        }
        if is_domain(domain) { Ok(Self(domain.to_owned())) } else { Err(FieldProblem::NotAMailDomain) }
    }

    /// The domain.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for MailAddress {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        Self::parse(text)
    }
}

impl std::str::FromStr for MailDomain {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        Self::parse(text)
    }
}

impl std::fmt::Display for MailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::fmt::Display for MailDomain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

crate::code::serde_as_text!(MailAddress);
crate::code::serde_as_text!(MailDomain);

/// Half-width, lower-case, without spaces around. The ideographic full stop of a Japanese keyboard is a dot.
fn plain(text: &str) -> String {
    let half_width: String = text.nfkc().flat_map(char::to_lowercase).collect();
    half_width.trim().replace('。', ".")
}

/// Dots separate; they do not begin, end or double.
fn is_local_part(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
    text.len() <= 64 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(allowed))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last_has_letters = |label: &str| label.bytes().any(|byte| byte.is_ascii_alphabetic());
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(is_label)
        && text.rsplit('.').next().is_some_and(last_has_letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_has_one_form() {
        for typed in [
            "sasaki@harukaze.example",
            " Sasaki@Harukaze.Example\n",
            "ｓａｓａｋｉ＠ｈａｒｕｋａｚｅ．ｅｘａｍｐｌｅ",
            "sasaki@harukaze。example",
        ] {
            assert_eq!(MailAddress::parse(typed).unwrap().as_str(), "sasaki@harukaze.example", "{typed}");
        }
        let mail = MailAddress::parse("O'Brien+zaseki@mail.example.co.jp").unwrap();
        assert_eq!((mail.local_part(), mail.domain().as_str()), ("o'brien+zaseki", "mail.example.co.jp"));
        assert_eq!(MailDomain::parse("@Example.COM").unwrap().as_str(), "example.com");
    }

    #[test]
    fn what_cannot_be_mailed_is_refused() {
        assert_eq!(MailAddress::parse("　"), Err(FieldProblem::Missing));
        for wrong in [
            "sasaki",
            "@example.com",
            "sasaki@",
            "sasaki@example",
            "a@b@example.com",
            "a b@example.com",
            ".a@example.com",
            "a..b@example.com",
            "a.@example.com",
            "a@-example.com",
            "a@example-.com",
            "a@example..com",
            "a@example.com.",
            "a@127.0.0.1",
            "佐々木@example.com",
            "a@例え.jp",
            "a,b@example.com",
            "<a@example.com>",
            "a\n@example.com",
            "\"a\"@example.com",
        ] {
            assert_eq!(MailAddress::parse(wrong), Err(FieldProblem::NotAMailAddress), "{wrong}");
        }
        let long = format!("a@{}.com", "a.".repeat(130));
        assert_eq!(MailAddress::parse(&long), Err(FieldProblem::TooLong { most: 254 }));
        assert_eq!(
            MailAddress::parse(&format!("{}@example.com", "a".repeat(65))),
            Err(FieldProblem::NotAMailAddress)
        );
        assert_eq!(MailDomain::parse("example"), Err(FieldProblem::NotAMailDomain));
        assert_eq!(MailDomain::parse("@"), Err(FieldProblem::Missing));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_unchanged(text in "[A-Za-z0-9ａ-ｚ.＠@+-]{1,30}") {
            if let Ok(mail) = MailAddress::parse(&text) {
                prop_assert_eq!(MailAddress::parse(mail.as_str()), Ok(mail));
            }
        }
    }
}
