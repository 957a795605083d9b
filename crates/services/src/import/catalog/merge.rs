//! The catalog as it would stand after an import.

use domain::catalog::{Catalog, Issuer, Plan, Product, TaxKind};

/// What `file` says first, in its order, then of `stored` what it leaves out, down to plans, prices and tax rows.
pub(super) fn merge(file: &Catalog, stored: &Catalog) -> Catalog {
    Catalog {
        issuers: join(&file.issuers, &stored.issuers, |a, b| a.key == b.key, join_issuers),
        products: join(&file.products, &stored.products, |a, b| a.key == b.key, join_products),
    }
}

/// The path by keys, where a path of the merged catalog leads to something that the file does not name.
pub(super) fn stored_path(file: &Catalog, merged: &Catalog, path: &str) -> Option<String> {
    let (place, rest) = place(path, "issuers[").or_else(|| place(path, "products["))?;
    let (list, known, key) = if path.starts_with("issuers[") {
        ("issuers", file.issuers.len(), merged.issuers.get(place).map(|issuer| &issuer.key))
    } else {
        ("products", file.products.len(), merged.products.get(place).map(|product| &product.key))
    };
    (place >= known).then(|| format!("{list}[{}]{rest}", key.map_or("?", |key| key.as_str())))
}

fn place<'a>(path: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (place, rest) = path.strip_prefix(list)?.split_once(']')?;
    Some((place.parse().ok()?, rest))
}

/// The new entries, each joined with the old one it replaces, then the old ones that nothing replaces.
/// Of two new ones for one old, both stay: that they repeat a key is for the check to say.
fn join<T: Clone>(new: &[T], old: &[T], same: impl Fn(&T, &T) -> bool, both: impl Fn(&T, &T) -> T) -> Vec<T> {
    let joined = new.iter().map(|new| match old.iter().find(|old| same(new, old)) {
        Some(old) => both(new, old),
        None => new.clone(),
    });
    let left_out = old.iter().filter(|old| !new.iter().any(|new| same(new, old))).cloned();
    joined.chain(left_out).collect()
}

fn join_issuers(new: &Issuer, old: &Issuer) -> Issuer {
    let reverse = |kind: TaxKind| kind == TaxKind::ReverseCharge;
    let tax = join(
        &new.tax,
        &old.tax,
        |a, b| {
            (a.country, &a.category, a.valid_from, reverse(a.kind))
                == (b.country, &b.category, b.valid_from, reverse(b.kind))
        },
        |new, _| new.clone(),
    );
    Issuer { tax, ..new.clone() }
}

fn join_products(new: &Product, old: &Product) -> Product {
    Product { plans: join(&new.plans, &old.plans, |a, b| a.key == b.key, join_plans), ..new.clone() }
}

fn join_plans(new: &Plan, old: &Plan) -> Plan {
    let prices = join(
        &new.prices,
        &old.prices,
        |a, b| (a.currency, a.term, a.frequency) == (b.currency, b.term, b.frequency),
        |new, _| new.clone(),
    );
    Plan { prices, ..new.clone() }
}
