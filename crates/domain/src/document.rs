//! Documents: invoices and credit notes, written once and never changed (SPEC 5).
//!
//! A document is complete before it has a number. The numberer gives it one, and only then it is issued: the
//! type says which of the two it is, so that nothing unnumbered can be shown or mailed.

mod pint;

pub use pint::{Pint, PintTypeCode};

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::catalog::{Issuer, Key, TaxKind};
use crate::country::Country;
use crate::credit::{CreditError, Invoiced, credit_note};
use crate::language::Localized;
use crate::line::Line;
use crate::mail::MailAddress;
use crate::money::{Currency, Money, MoneyError, Rounding};
use crate::quote::{ChangeQuote, PurchaseQuote};
use crate::tax::{self, AppliedTax, RateTotal, TaxTotals};
use crate::tax_id::TaxId;
use crate::time::{Date, Period};

crate::code::coded! {
    /// A series of numbers without gaps. Each issuer has one of each.
    pub enum Series {
        /// Invoices.
        Invoice = "invoice",
        /// Credit notes.
        CreditNote = "credit-note",
        /// Everything of organizations on a test clock: it never counts (SPEC 3).
        Test = "test",
    }
}

crate::code::coded! {
    /// What a document does.
    pub enum Kind {
        /// It asks for money, or says what was paid.
        Invoice = "invoice",
        /// It takes back all or a part of an invoice.
        CreditNote = "credit-note",
    }
}

/// A document: `Document<Unnumbered>` waits for its number, `Document<Issued>` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document<N> {
    /// Its number, or that it has none yet.
    #[serde(flatten)]
    pub number: N,
    /// What it says.
    pub contents: Contents,
}

/// Written complete with the event that caused it, and not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unnumbered {}

/// Numbered, and from then on issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The whole number, as people quote it: `MS26-0037442`.
    pub number: String,
    /// Its place in the series, from 1 without gaps.
    pub running: u64,
    /// The issuer's calendar day at the moment it was numbered.
    pub issued_on: Date,
}

/// What a document says. Parties are copied: what they are called later changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Which numbers it takes.
    pub series: Series,
    /// Who issues it.
    pub issuer: IssuerCopy,
    /// Whom it is addressed to.
    pub recipient: Recipient,
    /// The currency of every amount.
    pub currency: Currency,
    /// Whether the lines' amounts include tax.
    pub tax_included: bool,
    /// How the tax of each rate was rounded.
    pub tax_rounding: Rounding,
    /// The day of the transaction (取引年月日), in the organization's calendar.
    pub transaction_on: Date,
    /// What is charged.
    pub lines: Vec<Line>,
    /// What it comes to, tax per rate.
    pub totals: TaxTotals,
    /// The invoice that a credit note corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Corrected>,
    /// The customer's own reference.
    pub purchase_order: Option<String>,
    /// Whether no money moved: then every copy of it says so (SPEC 5, Cards).
    pub test_mode: bool,
}

impl Contents {
    /// What it does: only a credit note corrects something.
    pub const fn kind(&self) -> Kind {
        if self.corrects.is_some() { Kind::CreditNote } else { Kind::Invoice }
    }
}

/// The invoice that a credit note corrects, as a 適格返還請求書 names it (SPEC 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// Its number.
    pub number: String,
    /// The day it was issued.
    pub issued_on: Date,
    /// The day of its transaction.
    pub transaction_on: Date,
}

/// The issuer as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerCopy {
    /// Its stable name.
    pub key: Key,
    /// Its legal name.
    pub name: Localized,
    /// Its country.
    pub country: Country,
    /// Its address.
    pub address: Localized<Address>,
    /// Its registration number: in Japan the T number.
    pub registration_number: Option<String>,
    /// Whom to ask.
    pub contact: Option<MailAddress>,
    /// What its numbers begin with.
    pub number_prefix: String,
}

/// The addressee: the organization (御中), and below it department and person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The organization's legal name.
    pub name: String,
    /// Its country.
    pub country: Country,
    /// Its sold-to address.
    pub address: Address,
    /// Its tax id.
    pub tax_id: Option<TaxId>,
    /// The department.
    pub department: Option<String>,
    /// The person, as their name is shown in the organization's language.
    pub person: Option<String>,
}

impl From<&Issuer> for IssuerCopy {
    fn from(issuer: &Issuer) -> Self {
        Self {
            key: issuer.key.clone(),
            name: issuer.name.clone(),
            country: issuer.country,
            address: issuer.address.clone(),
            registration_number: issuer.tax_id().and_then(Result::ok).map(|id| id.as_str().to_owned()),
            contact: issuer.contact.clone(),
            number_prefix: issuer.number_prefix.clone(),
        }
    }
}

impl Document<Unnumbered> {
    /// The invoice of a confirmed purchase: the quote's own lines and totals, nothing computed anew.
    ///
    /// `test_mode` says whether the provider that was paid through moves no money.
    pub fn invoice(
        quote: &PurchaseQuote,
        issuer: &Issuer,
        recipient: Recipient,
        purchase_order: Option<String>,
        series: Series,
        test_mode: bool,
    ) -> Self {
        let contents = Contents {
            series,
            issuer: issuer.into(),
            recipient,
            currency: quote.currency,
            tax_included: quote.tax_included,
            tax_rounding: issuer.tax_rounding,
            transaction_on: quote.service.start(),
            lines: quote.lines.clone(),
            totals: quote.totals.clone(),
            corrects: None,
            purchase_order,
            test_mode,
        };
        Self { number: Unnumbered {}, contents }
    }

    /// The invoice of a change that is charged: the quote's own lines and totals. Its transaction is of the day on
    /// which the change takes effect. The other arguments are those of [`Document::invoice`].
    pub fn invoice_of_change(
        quote: &ChangeQuote,
        issuer: &Issuer,
        recipient: Recipient,
        purchase_order: Option<String>,
        series: Series,
        test_mode: bool,
    ) -> Self {
        let contents = Contents {
            series,
            issuer: issuer.into(),
            recipient,
            currency: quote.currency,
            tax_included: quote.tax_included,
            tax_rounding: issuer.tax_rounding,
            transaction_on: quote.on,
            lines: quote.lines.clone(),
            totals: quote.totals.clone(),
            corrects: None,
            purchase_order,
            test_mode,
        };
        Self { number: Unnumbered {}, contents }
    }

    /// A credit note of an issued invoice: what comes back, in lines below zero, with the invoice's tax on it (SPEC
    /// 4). `before` has the lines of the invoice's earlier notes; `transaction_on` is the day it comes back.
    /// Errors: more than the invoice has left.
    pub fn credit_note(
        invoice: &Document<Issued>,
        before: &[Line],
        lines: Vec<Line>,
        transaction_on: Date,
    ) -> Result<Self, CreditError> {
        let Document { number: Issued { number, issued_on, .. }, contents } = invoice;
        let totals = credit_note(&contents.invoiced(), &taxed(before), &taxed(&lines))?;
        let corrects = Corrected {
            number: number.clone(),
            issued_on: *issued_on,
            transaction_on: contents.transaction_on,
        };
        let series = if contents.series == Series::Test { Series::Test } else { Series::CreditNote };
        let corrects = Some(corrects);
        let contents = Contents { series, transaction_on, lines, totals, corrects, ..contents.clone() };
        Ok(Self { number: Unnumbered {}, contents })
    }

    /// Gives it its number and so issues it. `running` is the next of the issuer's series; `today` is the
    /// issuer's calendar day.
    pub fn issue(self, running: u64, today: Date) -> Document<Issued> {
        let number = format_number(&self.contents.issuer.number_prefix, self.contents.series, running);
        Document { number: Issued { number, running, issued_on: today }, contents: self.contents }
    }
}

impl Contents {
    /// All days that the lines pay for, from the first to the last; nothing without lines.
    pub fn service(&self) -> Option<Period> {
        let start = self.lines.iter().map(|line| line.service.start()).min()?;
        let end = self.lines.iter().map(|line| line.service.end()).max()?;
        Period::new(start, end).ok()
    }

    /// Whether a line is taxed at the reduced rate, so that the mark ※ and its legend are needed (SPEC 5).
    pub fn has_reduced_rate(&self) -> bool {
        self.lines.iter().any(|line| line.tax.kind == TaxKind::Reduced)
    }

    /// How it was added up: what its credit notes depend on.
    pub const fn invoiced(&self) -> Invoiced<'_> {
        Invoiced {
            currency: self.currency,
            tax_included: self.tax_included,
            tax_rounding: self.tax_rounding,
            totals: &self.totals,
        }
    }

    /// Whether the totals are those of the lines: for `verify`, which trusts nothing that was stored. The tax of a
    /// credit note depends on its invoice and the notes before; of it only the sums are looked at here.
    pub fn adds_up(&self) -> Result<bool, MoneyError> {
        let totals = tax::total(self.currency, self.tax_included, self.tax_rounding, taxed(&self.lines))?;
        Ok(if self.corrects.is_none() { totals == self.totals } else { self.sums_agree(&totals)? })
    }

    /// Whether each rate has what its lines come to, and all the sums are right.
    fn sums_agree(&self, of_lines: &TaxTotals) -> Result<bool, MoneyError> {
        let counted = |net, gross| if self.tax_included { gross } else { net };
        let each = |totals: &TaxTotals| {
            let rates = totals.rates.iter().map(|rate| (rate.applied, counted(rate.net, rate.gross)));
            rates.collect::<Vec<_>>()
        };
        let TaxTotals { rates, net, tax, gross } = &self.totals;
        let add_up = |of: fn(&RateTotal) -> Money| Money::sum(self.currency, rates.iter().map(of));
        let with_tax = rates.iter().map(|rate| Ok(rate.net.plus(rate.tax)? == rate.gross));
        Ok(each(of_lines) == each(&self.totals)
            && add_up(|rate| rate.net)? == *net
            && add_up(|rate| rate.tax)? == *tax
            && add_up(|rate| rate.gross)? == *gross
            && with_tax.collect::<Result<Vec<bool>, MoneyError>>()?.into_iter().all(|agrees| agrees))
    }
}

fn taxed(lines: &[Line]) -> Vec<(AppliedTax, Money)> {
    lines.iter().map(|line| (line.tax, line.amount)).collect()
}

/// The whole number: the issuer's prefix, a mark of the series, and at least seven digits, so that the
/// numbers of a series sort as texts too. Invoices have no mark, credit notes `C`, tests `TEST-`.
pub fn format_number(prefix: &str, series: Series, running: u64) -> String {
    let mark = match series {
        Series::Invoice => "",
        Series::CreditNote => "C",
        Series::Test => "TEST-",
    };
    format!("{prefix}{mark}{running:07}")
}

#[cfg(test)]
mod tests;
