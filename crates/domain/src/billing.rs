//! Billing accounts and profiles: who may do what on them, and who gets the invoices (SPEC 1).

use crate::field::FieldProblem;
use crate::mail::MailAddress;

/// How many people can get the invoices of a profile.
pub const MOST_RECIPIENTS: usize = 20;

crate::code::coded! {
    /// What an account is for.
    pub enum AccountKind {
        /// The one of the organization, owned by its administrators.
        Central = "central",
        /// That of a person who buys for themself.
        Personal = "personal",
    }
}

crate::code::coded! {
    /// What somebody is on a billing account or profile, the one who may most first. A role on an account counts on
    /// all its profiles.
    pub enum BillingRole {
        /// Everything, roles too.
        Owner = "owner",
        /// Everything but roles.
        Contributor = "contributor",
        /// See, download and pay invoices. Only on a profile.
        InvoiceManager = "invoice-manager",
        /// See.
        Reader = "reader",
    }
}

impl BillingRole {
    /// Whether addresses, recipients and the payment method may be changed.
    pub const fn may_change(self) -> bool {
        matches!(self, Self::Owner | Self::Contributor)
    }

    /// Whether invoices may be paid.
    pub const fn may_pay(self) -> bool {
        matches!(self, Self::Owner | Self::Contributor | Self::InvoiceManager)
    }

    /// Whether roles may be given and taken.
    pub const fn may_grant(self) -> bool {
        matches!(self, Self::Owner)
    }

    /// Whether it can be given on an account.
    pub const fn is_of_accounts(self) -> bool {
        !matches!(self, Self::InvoiceManager)
    }
}

/// Why one of the recipients is refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RecipientProblem {
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub reason: RecipientReason,
}

/// What is wrong with a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipientReason {
    /// It is no mail address.
    NotAMailAddress,
    /// It is longer than mail addresses are.
    TooLong,
    /// It stands there already, perhaps written another way.
    Twice,
    /// There are enough before it ([`MOST_RECIPIENTS`]).
    TooMany,
}

/// Reads the recipients of invoices as people type or paste them: one a line, or parted by spaces, commas or
/// semicolons. Nobody is fine. Errors: everything that is wrong, in the order typed.
pub fn parse_recipients(text: &str) -> Result<Vec<MailAddress>, Vec<RecipientProblem>> {
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '，' | '；');
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for typed in text.split(parts).filter(|typed| !typed.is_empty()) {
        let reason = match MailAddress::parse(typed) {
            Ok(address) if found.contains(&address) => RecipientReason::Twice,
            Ok(_) if found.len() == MOST_RECIPIENTS => RecipientReason::TooMany,
            Ok(address) => {
                found.push(address);
                continue;
            }
            Err(FieldProblem::TooLong { .. }) => RecipientReason::TooLong,
            Err(_) => RecipientReason::NotAMailAddress,
        };
        problems.push(RecipientProblem { typed: typed.to_owned(), reason });
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, Vec<(String, RecipientReason)>> {
        let found = parse_recipients(text);
        let found = found.map(|found| found.iter().map(ToString::to_string).collect());
        found
            .map_err(|problems| problems.into_iter().map(|problem| (problem.typed, problem.reason)).collect())
    }

    #[test]
    fn recipients_are_read_as_people_write_them() {
        for text in
            ["a@x.example\nb@x.example", " A@X.example ;b@x.example, ", "ａ＠ｘ．ｅｘａｍｐｌｅ、b@x.example"]
        {
            assert_eq!(read(text), Ok(vec!["a@x.example".into(), "b@x.example".into()]), "{text}");
        }
        assert_eq!(read(" \n "), Ok(Vec::new()));
    }

    #[test]
    fn everything_that_is_wrong_is_said() {
        let problems = vec![
            ("A@x.example".into(), RecipientReason::Twice),
            ("accounts".into(), RecipientReason::NotAMailAddress),
        ];
        assert_eq!(read("a@x.example A@x.example accounts"), Err(problems));
        let many: Vec<String> = (0..=MOST_RECIPIENTS).map(|number| format!("p{number}@x.example")).collect();
        assert_eq!(read(&many.join("\n")), Err(vec![("p20@x.example".into(), RecipientReason::TooMany)]));
        assert_eq!(read(&many[1..].join("\n")).map(|found| found.len()), Ok(MOST_RECIPIENTS));
    }

    #[test]
    fn who_may_what() {
        let may = |role: BillingRole| (role.may_change(), role.may_grant(), role.is_of_accounts());
        assert_eq!(may(BillingRole::Owner), (true, true, true));
        assert_eq!(may(BillingRole::Contributor), (true, false, true));
        assert_eq!(may(BillingRole::InvoiceManager), (false, false, false));
        assert_eq!(may(BillingRole::Reader), (false, false, true));
    }
}
