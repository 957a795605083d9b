//! Organizations and their people.

use domain::id::{AccountId, OrganizationId, PersonId};
use domain::language::Language;
use domain::name::{NameInput, PersonName};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::audit::Record;
use crate::shelf::Changed;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

/// An organization as the rules need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What import files call it.
    pub key: String,
    /// Its legal name.
    pub legal_name: String,
    /// ISO 3166 code.
    pub country: String,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA name.
    pub time_zone: String,
    /// `ja` or `en`.
    pub language: String,
    /// Its tax id, where it has one.
    pub tax_id: Option<String>,
    /// JSON: the sold-to address.
    pub address: String,
    /// JSON: the mail domains of its people.
    pub mail_domains: String,
    /// Whether a document has been issued to it: country and currency are fixed from then on (SPEC 1).
    pub has_document: bool,
    /// Counts changes.
    pub version: i64,
}

impl FromRow for Organization {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            key: row.take()?,
            legal_name: row.take()?,
            country: row.take()?,
            currency: row.take()?,
            time_zone: row.take()?,
            language: row.take()?,
            tax_id: row.take()?,
            address: row.take()?,
            mail_domains: row.take()?,
            has_document: row.take()?,
            version: row.take()?,
        })
    }
}

/// What a person is called and how they are reached: what an import says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Their address, folded as `domain::mail` folds it.
    pub mail: String,
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family name in kana.
    pub family_kana: String,
    /// Given name in kana.
    pub given_kana: String,
    /// Family name in romaji.
    pub family_romaji: String,
    /// Given name in romaji.
    pub given_romaji: String,
    /// Department.
    pub department: String,
    /// Cost center.
    pub cost_center: String,
    /// The address of their manager, who may stand further down in the file.
    pub manager_mail: Option<String>,
    /// `ja` or `en`; the organization's where none is given.
    pub language: Option<String>,
    /// IANA name; the organization's where none is given.
    pub time_zone: Option<String>,
    /// Signs in, buys nothing, is given no license (SPEC 1).
    pub guest: bool,
    /// Whether they are with the organization.
    pub active: bool,
}

impl Profile {
    /// The name, as the rules read it.
    pub fn name(&self) -> Option<PersonName> {
        PersonName::parse(NameInput {
            family: &self.family,
            given: &self.given,
            family_kana: &self.family_kana,
            given_kana: &self.given_kana,
            family_romaji: &self.family_romaji,
            given_romaji: &self.given_romaji,
        })
        .ok()
    }

    /// The name as a language writes it; the address of somebody who has none.
    pub fn display(&self, language: Language) -> String {
        self.name().map_or_else(|| self.mail.clone(), |name| name.display(language))
    }
}

/// A person: an account's place in one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their organization.
    pub organization: OrganizationId,
    /// Their account.
    pub account: AccountId,
    /// Whether they administer the organization.
    pub administrator: bool,
    /// `light` or `dark`; the device's where none is chosen.
    pub theme: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// Names and the rest.
    pub profile: Profile,
}

impl FromRow for Person {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            account: row.take()?,
            administrator: row.take()?,
            theme: row.take()?,
            version: row.take()?,
            profile: Profile::from_row(row)?,
        })
    }
}

impl FromRow for Profile {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            mail: row.take()?,
            family: row.take()?,
            given: row.take()?,
            family_kana: row.take()?,
            given_kana: row.take()?,
            family_romaji: row.take()?,
            given_romaji: row.take()?,
            department: row.take()?,
            cost_center: row.take()?,
            manager_mail: row.take()?,
            language: row.take()?,
            time_zone: row.take()?,
            guest: row.take()?,
            active: row.take()?,
        })
    }
}

/// A person in their organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The organization.
    pub organization: Organization,
    /// The person, who is active.
    pub person: Person,
    /// Whether the account has another place to go to.
    pub elsewhere: bool,
}

/// A person's place, as the list to choose from shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceOfAccount {
    /// The organization.
    pub organization: OrganizationId,
    /// Its legal name.
    pub legal_name: String,
    /// The person there.
    pub person: PersonId,
}

impl Conn<'_> {
    /// The organization that import files call by this key.
    pub async fn organization_by_key(&mut self, key: &str) -> Result<Option<Organization>, StoreError> {
        self.row(
            sql!(
                "SELECT id, key, legal_name, country, currency, time_zone, language, tax_id, address,
                        mail_domains, has_document, version
                 FROM organization WHERE key = $1"
            ),
            binds![key],
        )
        .await?
        .map(|mut row| Organization::from_row(&mut row))
        .transpose()
    }

    /// The addresses of an organization's administrators, sorted.
    pub async fn administrators(&mut self, organization: OrganizationId) -> Result<Vec<String>, StoreError> {
        self.rows(
            sql!("SELECT mail FROM administrator WHERE organization_id = $1 ORDER BY mail"),
            binds![organization],
        )
        .await?
        .iter_mut()
        .map(|row| row.take())
        .collect()
    }

    /// What is stored of a person, active or not.
    pub async fn stored_profile(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Option<Profile>, StoreError> {
        self.row(
            sql!(
                "SELECT mail, family, given, family_kana, given_kana, family_romaji, given_romaji, department,
                        cost_center, manager_mail, language, time_zone, guest, active
                 FROM person WHERE organization_id = $1 AND id = $2"
            ),
            binds![organization, person],
        )
        .await?
        .map(|mut row| Profile::from_row(&mut row))
        .transpose()
    }

    /// An active person in their organization.
    pub async fn place(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Option<Place>, StoreError> {
        self.row(
            sql!(
                "SELECT o.id, o.key, o.legal_name, o.country, o.currency, o.time_zone, o.language, o.tax_id,
                        o.address, o.mail_domains, o.has_document, o.version,
                        p.organization_id, p.id, p.account_id, p.administrator, p.theme, p.version, p.mail,
                        p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active,
                        EXISTS (SELECT 1 FROM person e
                                WHERE e.account_id = p.account_id AND e.organization_id <> p.organization_id
                                  AND e.active)
                 FROM person p JOIN organization o ON o.id = p.organization_id
                 WHERE p.organization_id = $1 AND p.id = $2 AND p.active"
            ),
            binds![organization, person],
        )
        .await?
        .map(|mut row| {
            Ok(Place {
                organization: Organization::from_row(&mut row)?,
                person: Person::from_row(&mut row)?,
                elsewhere: row.take()?,
            })
        })
        .transpose()
    }

    /// Where an account is an active person, by the organizations' names; at most 100.
    pub async fn places_of_account(&mut self, account: AccountId) -> Result<Vec<PlaceOfAccount>, StoreError> {
        self.rows(
            sql!(
                "SELECT o.id, o.legal_name, p.id
                 FROM person p JOIN organization o ON o.id = p.organization_id
                 WHERE p.account_id = $1 AND p.active
                 ORDER BY o.legal_name, o.id
                 LIMIT 100"
            ),
            binds![account],
        )
        .await?
        .iter_mut()
        .map(|row| {
            Ok(PlaceOfAccount { organization: row.take()?, legal_name: row.take()?, person: row.take()? })
        })
        .collect()
    }
}

/// An organization as a file wants it: texts as columns hold them, `None` where the file says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationChange {
    /// What import files call it.
    pub key: String,
    /// Its legal name.
    pub legal_name: String,
    /// ISO 3166 code.
    pub country: String,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA name.
    pub time_zone: String,
    /// `ja` or `en`.
    pub language: String,
    /// JSON: the sold-to address.
    pub address: String,
    /// Its tax id; `Some(None)` takes it away.
    pub tax_id: Option<Option<String>>,
    /// JSON: the mail domains of its people.
    pub mail_domains: Option<String>,
    /// The addresses of its administrators.
    pub administrators: Option<Vec<String>>,
}

impl OrganizationChange {
    /// What the organization will be. `stored` is what it is.
    fn over(&self, id: OrganizationId, stored: Option<&Organization>) -> Organization {
        let tax_id = self.tax_id.clone();
        Organization {
            id,
            key: self.key.clone(),
            legal_name: self.legal_name.clone(),
            country: self.country.clone(),
            currency: self.currency.clone(),
            time_zone: self.time_zone.clone(),
            language: self.language.clone(),
            tax_id: tax_id.unwrap_or_else(|| stored.and_then(|stored| stored.tax_id.clone())),
            address: self.address.clone(),
            mail_domains: self
                .mail_domains
                .clone()
                .or_else(|| stored.map(|stored| stored.mail_domains.clone()))
                .unwrap_or_else(|| "[]".to_owned()),
            has_document: stored.is_some_and(|stored| stored.has_document),
            version: stored.map_or(1, |stored| stored.version),
        }
    }
}

impl Tx<'_> {
    /// Makes an organization what a file says, if it is not so already.
    pub async fn apply_organization(
        &mut self,
        change: &OrganizationChange,
        changed: &mut Changed,
    ) -> Result<(), StoreError> {
        let stored = self.organization_by_key(&change.key).await?;
        let id = stored.as_ref().map_or_else(|| self.id(OrganizationId::new), |stored| stored.id);
        let wanted = change.over(id, stored.as_ref());
        let before = match &stored {
            Some(stored) => self.administrators(stored.id).await?,
            None => Vec::new(),
        };
        let mut administrators = change.administrators.clone().unwrap_or_else(|| before.clone());
        administrators.sort();
        let same = stored.as_ref() == Some(&wanted) && administrators == before;
        if !changed.count(stored.is_some(), same) {
            return Ok(());
        }
        self.save_organization(&wanted).await?;
        self.save_administrators(id, &administrators).await?;
        self.audit(
            Record::new("organization.import", "organization", id.uuid())
                .fact("key", change.key.as_str())
                .fact("administrators_before", before.len())
                .fact("administrators", administrators.len()),
        );
        Ok(())
    }

    async fn save_organization(&mut self, wanted: &Organization) -> Result<(), StoreError> {
        let at = self.at();
        let wanted = wanted.clone();
        self.change_one(
            sql!(
                "INSERT INTO organization (id, key, legal_name, country, currency, time_zone, language, tax_id,
                    address, mail_domains, has_document, version, changed_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)
                 ON CONFLICT (key) DO UPDATE SET legal_name = excluded.legal_name, country = excluded.country,
                    currency = excluded.currency, time_zone = excluded.time_zone, language = excluded.language,
                    tax_id = excluded.tax_id, address = excluded.address, mail_domains = excluded.mail_domains,
                    version = organization.version + 1, changed_at = excluded.changed_at"
            ),
            binds![
                wanted.id,
                wanted.key,
                wanted.legal_name,
                wanted.country,
                wanted.currency,
                wanted.time_zone,
                wanted.language,
                wanted.tax_id,
                wanted.address,
                wanted.mail_domains,
                wanted.has_document,
                at
            ],
        )
        .await
    }

    async fn save_administrators(
        &mut self,
        organization: OrganizationId,
        mails: &[String],
    ) -> Result<(), StoreError> {
        self.change(sql!("DELETE FROM administrator WHERE organization_id = $1"), binds![organization]).await?;
        for mail in mails {
            self.change(
                sql!("INSERT INTO administrator (organization_id, mail) VALUES ($1, $2)"),
                binds![organization, mail.as_str()],
            )
            .await?;
        }
        self.change(
            sql!(
                "UPDATE person SET version = version + 1, administrator = NOT administrator
                 WHERE organization_id = $1
                   AND administrator <> EXISTS (SELECT 1 FROM administrator d
                                                WHERE d.organization_id = person.organization_id
                                                  AND d.mail = person.mail)"
            ),
            binds![organization],
        )
        .await?;
        Ok(())
    }

    /// Sets how the page looks to a person: language, time zone, theme. Guarded by the version they saw.
    pub async fn set_preferences(
        &mut self,
        person: &Person,
        language: Option<&str>,
        time_zone: Option<&str>,
        theme: Option<&str>,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE person SET language = $4, time_zone = $5, theme = $6, version = version + 1,
                        changed_at = $7
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            binds![
                person.organization,
                person.id,
                person.version,
                language.map(str::to_owned),
                time_zone.map(str::to_owned),
                theme.map(str::to_owned),
                at
            ],
        )
        .await
    }
}
