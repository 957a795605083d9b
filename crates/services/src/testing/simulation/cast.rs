//! Who acts: a publisher with the documented catalog, and organizations of four people each.

use std::fmt::Write as _;

use crate::importing::PeopleOptions;
use crate::testing::World;
use crate::testing::story::CATALOG;
use crate::{ServiceError, Services};

/// Everybody.
pub(super) struct Cast {
    /// The organizations.
    pub(super) organizations: Vec<Organization>,
}

/// An organization.
pub(super) struct Organization {
    pub(super) key: String,
    /// The addresses of its people; the first administers it.
    pub(super) people: Vec<String>,
}

/// Given names, one for each person of an organization.
const NAMES: [(&str, &str); 4] = [("森", "花"), ("高橋", "健二"), ("山崎", "唯"), ("石川", "葵")];

impl Cast {
    /// Imports everybody.
    pub(super) async fn enter(world: &World, organizations: u32) -> Result<Self, ServiceError> {
        let services = &world.services;
        services.import_catalog(CATALOG).await.map_err(ServiceError::broken)?;
        let keys: Vec<String> = (0..organizations.max(1)).map(|number| format!("house-{number}")).collect();
        let file: String = keys.iter().enumerate().map(|(number, key)| about(number, key)).collect();
        services.import_organizations(file.as_bytes()).await.map_err(ServiceError::broken)?;
        let everybody: Vec<(usize, bool)> = (0..NAMES.len()).map(|number| (number, true)).collect();
        let mut cast = Self { organizations: Vec::with_capacity(keys.len()) };
        for key in keys {
            import(services, &key, &everybody).await?;
            let people = (0..NAMES.len()).map(|number| address(&key, number)).collect();
            cast.organizations.push(Organization { key, people });
        }
        Ok(cast)
    }
}

/// Says who of an organization is there.
pub(super) async fn import(
    services: &Services,
    key: &str,
    people: &[(usize, bool)],
) -> Result<(), ServiceError> {
    let mut file = "organization,mail,family_name,given_name,active\n".to_owned();
    for (number, active) in people {
        let (family, given) = NAMES[*number];
        let mail = address(key, *number);
        writeln!(file, "{key},{mail},{family},{given},{active}").map_err(ServiceError::broken)?;
    }
    let options = PeopleOptions { many_leavers: true };
    services.import_people(file.as_bytes(), options, |_| ()).await.map_err(ServiceError::broken)?;
    Ok(())
}

fn address(key: &str, number: usize) -> String {
    format!("person-{number}@{key}.example")
}

/// Every other one is in Germany, where prices include tax.
fn about(number: usize, key: &str) -> String {
    let (country, currency, zone, language) = match number % 2 {
        0 => ("JP", "JPY", "Asia/Tokyo", "ja"),
        _ => ("DE", "EUR", "Europe/Berlin", "en"),
    };
    format!(
        "[[organizations]]\nkey = \"{key}\"\nlegal_name = \"House {number}\"\ncountry = \"{country}\"\n\
         currency = \"{currency}\"\ntime_zone = \"{zone}\"\nlanguage = \"{language}\"\n\
         administrators = [\"person-0@{key}.example\"]\n\
         [organizations.sold_to]\npostal_code = \"10115\"\ncity = \"Town\"\nstreet = \"Street 1\"\n\n"
    )
}
