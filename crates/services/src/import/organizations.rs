//! Organizations from a TOML file.

use std::io::Read;

use domain::address::Address;
use domain::catalog::Key;
use domain::country::Country;
use domain::language::Language;
use domain::mail::{MailAddress, MailDomain};
use domain::money::Currency;
use domain::tax_id::TaxId;
use domain::time::ZoneName;
use serde::Deserialize;
use toml::Spanned;

use super::problem::{Problem, ProblemCode};
use super::stated::Stated;
use super::text::Encoding;
use super::toml_file::{Pieces, TomlText, take_list};
use super::value;

/// The longest legal name or line of an address, in characters.
pub const TEXT_LIMIT: u32 = 200;

/// A file of organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationsFile {
    /// In the order of the file; each key once.
    pub organizations: Vec<OrganizationEntry>,
    /// What the file was recognized to be.
    pub encoding: Encoding,
}

/// One customer organization, as the file says it.
///
/// Nothing is compared with the database yet: that country and currency stay what they are once there is an
/// invoice (SPEC 1) is for the use case that applies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationEntry {
    /// Line of the file where it begins, from 1.
    pub line: usize,
    /// Its stable name in files.
    pub key: Key,
    /// Legal name, the addressee of every invoice.
    pub legal_name: String,
    /// Country of the sold-to address; chooses the issuer.
    pub country: Country,
    /// The address of the contract party.
    pub sold_to: Address,
    /// The currency everything is sold to it in.
    pub currency: Currency,
    /// Where its days begin and end.
    pub time_zone: ZoneName,
    /// The language of people who have not chosen one.
    pub language: Language,
    /// `Said(None)` where the file says that there is none (an empty text).
    pub tax_id: Stated<Option<TaxId>>,
    /// The domains of its people's addresses, each once.
    pub mail_domains: Stated<Vec<MailDomain>>,
    /// Mail addresses of its administrators, each once. At least one where the file says anything.
    pub administrators: Stated<Vec<MailAddress>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: Spanned<String>,
    legal_name: Spanned<String>,
    country: Spanned<String>,
    sold_to: AddressEntry,
    currency: Spanned<String>,
    time_zone: Spanned<String>,
    language: Spanned<String>,
    tax_id: Option<Spanned<String>>,
    mail_domains: Option<Spanned<Vec<Spanned<String>>>>,
    administrators: Option<Spanned<Vec<Spanned<String>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressEntry {
    postal_code: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    city: Spanned<String>,
    street: Spanned<String>,
    building: Option<Spanned<String>>,
}

/// What is left of a file without its organizations: nothing may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rest {
    #[serde(default, rename = "organizations")]
    _no_list: Vec<()>,
}

/// Reads a file of organizations (TOML, at most 8 MiB).
///
/// Errors: everything that is wrong, with line and column, in the order of the file.
pub fn read(input: impl Read) -> Result<OrganizationsFile, Vec<Problem>> {
    let text = TomlText::read(input).map_err(|problem| vec![problem])?;
    let (mut pieces, mut root) = text.parse()?;
    let list = take_list(&mut root, "organizations");
    let mut organizations = Vec::with_capacity(list.len());
    for (place, piece) in list.into_iter().enumerate() {
        let path = format!("organizations[{place}]");
        let start = piece.span().start;
        if let Some(entry) = pieces.read::<Entry>(piece, &path) {
            let line = pieces.line(start);
            let key = entry.key.clone();
            let mut checked = Checked { pieces: &mut pieces, path: &path };
            organizations.extend(checked.organization(entry, line));
            let repeated =
                organizations.iter().filter(|other| other.key.as_str() == key.get_ref()).count() > 1;
            if repeated {
                let code = ProblemCode::Repeated { value: key.get_ref().clone() };
                pieces.note(Some(key.span()), Some(&format!("{path}.key")), code);
            }
        }
    }
    pieces.read::<Rest>(root, "");
    let problems = pieces.finish();
    if problems.is_empty() {
        Ok(OrganizationsFile { organizations, encoding: text.encoding })
    } else {
        Err(problems)
    }
}

/// Checks the values of one organization, noting what is wrong at its place.
struct Checked<'a, 'i> {
    pieces: &'a mut Pieces<'i>,
    path: &'a str,
}

impl Checked<'_, '_> {
    fn organization(&mut self, entry: Entry, line: usize) -> Option<OrganizationEntry> {
        let key = self.value("key", &entry.key, value::key);
        let legal_name = self.value("legal_name", &entry.legal_name, text);
        let country = self.value("country", &entry.country, value::country);
        let sold_to = self.address(&entry.sold_to);
        let currency = self.value("currency", &entry.currency, value::currency);
        let time_zone = self.value("time_zone", &entry.time_zone, value::time_zone);
        let language = self.value("language", &entry.language, value::language);
        let tax_id = match (&entry.tax_id, country) {
            (None, _) => Stated::LeftOut,
            (Some(text), Some(country)) if !text.get_ref().trim().is_empty() => {
                Stated::Said(self.value("tax_id", text, |text| value::tax_id(country, text)))
            }
            _ => Stated::Said(None),
        };
        let mail_domains = self.list("mail_domains", entry.mail_domains.as_ref(), value::mail_domain);
        let administrators = self.list("administrators", entry.administrators.as_ref(), value::mail);
        if let (Some(list), Stated::Said(found)) = (&entry.administrators, &administrators)
            && found.is_empty()
            && list.get_ref().is_empty()
        {
            self.problem("administrators", list, ProblemCode::Required);
        }
        Some(OrganizationEntry {
            line,
            key: key?,
            legal_name: legal_name?,
            country: country?,
            sold_to: sold_to?,
            currency: currency?,
            time_zone: time_zone?,
            language: language?,
            tax_id,
            mail_domains,
            administrators,
        })
    }

    fn address(&mut self, entry: &AddressEntry) -> Option<Address> {
        let city = self.value("sold_to.city", &entry.city, text);
        let street = self.value("sold_to.street", &entry.street, text);
        Some(Address {
            postal_code: self.line("sold_to.postal_code", entry.postal_code.as_ref()),
            region: self.line("sold_to.region", entry.region.as_ref()),
            building: self.line("sold_to.building", entry.building.as_ref()),
            city: city?,
            street: street?,
        })
    }

    /// A line that may be left out or empty.
    fn line(&mut self, name: &str, found: Option<&Spanned<String>>) -> String {
        found
            .filter(|found| !found.get_ref().trim().is_empty())
            .and_then(|found| self.value(name, found, text))
            .unwrap_or_default()
    }

    fn list<T: PartialEq>(
        &mut self,
        name: &str,
        list: Option<&Spanned<Vec<Spanned<String>>>>,
        parse: impl Fn(&str) -> Result<T, ProblemCode>,
    ) -> Stated<Vec<T>> {
        let Some(list) = list else { return Stated::LeftOut };
        let mut values = Vec::new();
        for (place, found) in list.get_ref().iter().enumerate() {
            let name = format!("{name}[{place}]");
            match self.value(&name, found, &parse) {
                Some(value) if values.contains(&value) => {
                    self.problem(&name, found, ProblemCode::Repeated { value: found.get_ref().clone() });
                }
                Some(value) => values.push(value),
                None => {}
            }
        }
        Stated::Said(values)
    }

    fn value<T>(
        &mut self,
        name: &str,
        found: &Spanned<String>,
        parse: impl Fn(&str) -> Result<T, ProblemCode>,
    ) -> Option<T> {
        let text = found.get_ref().trim();
        let result = if text.is_empty() { Err(ProblemCode::Required) } else { parse(text) };
        result.map_err(|code| self.problem(name, found, code)).ok()
    }

    fn problem<T>(&mut self, name: &str, place: &Spanned<T>, code: ProblemCode) {
        self.pieces.note(Some(place.span()), Some(&format!("{}.{name}", self.path)), code);
    }
}

fn text(text: &str) -> Result<String, ProblemCode> {
    value::line(text, TEXT_LIMIT)
}

#[cfg(test)]
mod tests;
