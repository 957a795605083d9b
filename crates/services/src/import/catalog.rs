//! The catalog from a TOML file: the domain's own types, with each problem at its place in the file.

use std::io::Read;
use std::ops::Range;

use domain::catalog::{Catalog, Issuer, Plan, Price, Product, TaxRow};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeValue;

use super::problem::{Problem, ProblemCode};
use super::text::Encoding;
use super::toml_file::{Pieces, TomlText, take_list};

pub(super) use sentence::sentence;

mod merge;
mod sentence;

/// A catalog file whose every key and value has the right shape. [`CatalogFile::check`] says whether it makes
/// sense.
#[derive(Debug)]
pub struct CatalogFile {
    /// What the file names; what it leaves out stays as it is stored.
    pub catalog: Catalog,
    text: TomlText,
}

/// What is wrong with a catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// While there are any, nothing can be sold from it.
    pub errors: Vec<Problem>,
    /// Worth a look; it can be used all the same.
    pub warnings: Vec<Problem>,
}

impl CatalogFile {
    /// Reads a catalog file (TOML, at most 8 MiB).
    ///
    /// Errors: everything whose shape is wrong, with line and column, in the order of the file. Each table of
    /// a list is read by itself, so a mistake in one price does not hide one in the next.
    pub fn read(input: impl Read) -> Result<Self, Vec<Problem>> {
        let text = TomlText::read(input).map_err(|problem| vec![problem])?;
        let (mut pieces, mut root) = text.parse()?;
        let issuers = take_list(&mut root, "issuers");
        let products = take_list(&mut root, "products");
        let mut catalog = pieces.read::<Catalog>(root, "").unwrap_or_default();
        catalog.issuers = each(&mut pieces, issuers, "issuers", issuer);
        catalog.products = each(&mut pieces, products, "products", product);
        let problems = pieces.finish();
        if problems.is_empty() { Ok(Self { catalog, text }) } else { Err(problems) }
    }

    /// What the file was recognized to be.
    pub fn encoding(&self) -> Encoding {
        self.text.encoding
    }

    /// Checks the catalog that would stand after the import: this file, and of `stored` what it leaves out
    /// (SPEC 5). Problems of the file come with their line; one of what is stored has only its path, as
    /// `products[KEY]…`.
    pub fn check(&self, stored: &Catalog) -> Findings {
        let merged = merge::merge(&self.catalog, stored);
        let mut findings = Findings::default();
        let found = merged.validate();
        if found.is_empty() {
            return findings;
        }
        let parsed = self.text.parse().ok();
        for problem in found {
            let code = ProblemCode::Catalog(problem.code);
            let placed = match merge::stored_path(&self.catalog, &merged, &problem.path) {
                Some(path) => Problem::of_file(code).in_field(path),
                None => match &parsed {
                    Some((pieces, root)) => {
                        pieces.problem(span_of(root, &problem.path), Some(&problem.path), code)
                    }
                    None => Problem::of_file(code).in_field(&problem.path),
                },
            };
            let list = if problem.is_warning() { &mut findings.warnings } else { &mut findings.errors };
            list.push(placed);
        }
        findings
    }
}

type Piece<'i> = Spanned<DeValue<'i>>;

fn each<'i, T>(
    pieces: &mut Pieces<'i>,
    list: Vec<Piece<'i>>,
    path: &str,
    read: impl Fn(&mut Pieces<'i>, Piece<'i>, &str) -> Option<T>,
) -> Vec<T> {
    let paths = (0..).map(|place| format!("{path}[{place}]"));
    list.into_iter().zip(paths).filter_map(|(piece, path)| read(pieces, piece, &path)).collect()
}

fn issuer<'i>(pieces: &mut Pieces<'i>, mut piece: Piece<'i>, path: &str) -> Option<Issuer> {
    let rows = take_list(&mut piece, "tax");
    let issuer = pieces.read::<Issuer>(piece, path);
    let tax = each(pieces, rows, &format!("{path}.tax"), plain::<TaxRow>);
    issuer.map(|issuer| Issuer { tax, ..issuer })
}

fn product<'i>(pieces: &mut Pieces<'i>, mut piece: Piece<'i>, path: &str) -> Option<Product> {
    let plans = take_list(&mut piece, "plans");
    let product = pieces.read::<Product>(piece, path);
    let plans = each(pieces, plans, &format!("{path}.plans"), plan);
    product.map(|product| Product { plans, ..product })
}

fn plan<'i>(pieces: &mut Pieces<'i>, mut piece: Piece<'i>, path: &str) -> Option<Plan> {
    let prices = take_list(&mut piece, "prices");
    let plan = pieces.read::<Plan>(piece, path);
    let prices = each(pieces, prices, &format!("{path}.prices"), plain::<Price>);
    plan.map(|plan| Plan { prices, ..plan })
}

fn plain<'i, T: DeserializeOwned>(pieces: &mut Pieces<'i>, piece: Piece<'i>, path: &str) -> Option<T> {
    pieces.read(piece, path)
}

/// Where a path such as `products[3].plans[0].key` stands, or as much of it as the file has.
fn span_of(root: &Piece<'_>, path: &str) -> Option<Range<usize>> {
    let mut here = root;
    let mut span = None;
    for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
        let next = match (step.strip_suffix(']'), here.get_ref()) {
            (Some(place), DeValue::Array(list)) => {
                place.parse().ok().and_then(|place: usize| list.get(place))
            }
            (None, DeValue::Table(table)) => table.get(step),
            _ => None,
        };
        match next {
            Some(next) => here = next,
            None => break,
        }
        span = Some(here.span());
    }
    span
}

#[cfg(test)]
mod tests;
