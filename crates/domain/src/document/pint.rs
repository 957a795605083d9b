//! What a Japanese electronic invoice (JP PINT) says in codes.

use super::Contents;
use crate::catalog::TaxKind;
use crate::country::Country;
use crate::money::Currency;

crate::code::coded! {
    /// The invoice type code, UNTDID 1001. JP PINT knows these two; 381 is not in its list.
    pub enum PintTypeCode {
        /// An invoice. A credit note is a negative one.
        Invoice = "380",
        /// An invoice for what is all outside the scope of the tax.
        OutOfScope = "480",
    }
}

/// The codes of a document of a Japanese issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pint {
    /// Its type.
    pub type_code: PintTypeCode,
    /// The currency that tax is accounted in: always yen.
    pub tax_currency: Currency,
    /// The number of the invoice that a credit note, itself an invoice below zero, corrects.
    pub preceding: Option<String>,
}

impl Pint {
    /// The codes for this document; nothing where its issuer is not Japanese.
    pub fn of(contents: &Contents) -> Option<Self> {
        if contents.issuer.country != Country::JAPAN {
            return None;
        }
        let outside = contents.lines.iter().all(|line| line.tax.kind == TaxKind::OutsideScope);
        let type_code = if outside { PintTypeCode::OutOfScope } else { PintTypeCode::Invoice };
        let preceding = contents.corrects.as_ref().map(|invoice| invoice.number.clone());
        Some(Self { type_code, tax_currency: Currency::JPY, preceding })
    }
}
