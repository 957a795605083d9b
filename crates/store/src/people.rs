//! People: accounts' places in organizations (SPEC 1).

use domain::id::{AccountId, OrganizationId, PersonId};
use domain::language::Language;
use domain::name::{NameInput, PersonName};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::organizations::Organization;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

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
    /// What they have chosen for themselves; no import touches it (SPEC 2).
    pub chosen: Chosen,
    /// Counts changes.
    pub version: i64,
    /// Names and the rest.
    pub profile: Profile,
}

/// How the page looks to a person, where they have chosen it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// `ja` or `en`.
    pub language: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// `light` or `dark`.
    pub theme: Option<String>,
}

impl Place {
    /// The time zone in which the person reads instants: their choice, else what their organization says of them, else
    /// the organization's.
    pub fn time_zone(&self) -> &str {
        let chosen = self.person.chosen.time_zone.as_deref();
        chosen.or(self.person.profile.time_zone.as_deref()).unwrap_or(&self.organization.time_zone)
    }

    /// The language in which the person reads.
    pub fn reads_in(&self) -> Language {
        Language::from_code(self.language()).unwrap_or(Language::English)
    }

    /// The code of the language in which the person reads: their choice, else what their organization says of
    /// them, else the organization's.
    pub fn language(&self) -> &str {
        let chosen = self.person.chosen.language.as_deref();
        chosen.or(self.person.profile.language.as_deref()).unwrap_or(&self.organization.language)
    }
}

impl FromRow for Person {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            account: row.take()?,
            administrator: row.take()?,
            chosen: Chosen { language: row.take()?, time_zone: row.take()?, theme: row.take()? },
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
    /// Which of these addresses belong to guests of the organization.
    pub async fn guests_among(
        &mut self,
        organization: OrganizationId,
        mails: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let mut guests = Vec::new();
        for mail in mails {
            let statement =
                sql!("SELECT mail FROM person WHERE organization_id = $1 AND mail = $2 AND guest");
            if self.row(statement, binds![organization, mail.as_str()]).await?.is_some() {
                guests.push(mail.clone());
            }
        }
        Ok(guests)
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
        let place = self.buyer_place(organization, person).await?;
        Ok(place.filter(|place| place.person.profile.active))
    }

    /// The active people of an organization who are no guests.
    pub async fn people_of(&mut self, organization: OrganizationId) -> Result<Vec<PersonId>, StoreError> {
        self.rows(
            sql!(
                "SELECT id FROM person WHERE organization_id = $1 AND active AND NOT guest ORDER BY sort_key, id"
            ),
            binds![organization],
        )
        .await?
        .iter_mut()
        .map(Row::take)
        .collect()
    }

    /// A person in their organization, active or not: for what was bought before they left.
    pub async fn buyer_place(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Option<Place>, StoreError> {
        self.row(
            sql!(
                "SELECT o.id, o.key, o.legal_name, o.country, o.currency, o.time_zone, o.language, o.tax_id,
                        o.address, o.mail_domains, o.has_document, o.test_clock, o.version,
                        p.organization_id, p.id, p.account_id, p.administrator, p.chosen_language,
                        p.chosen_time_zone, p.chosen_theme, p.version, p.mail,
                        p.family, p.given, p.family_kana, p.given_kana, p.family_romaji, p.given_romaji,
                        p.department, p.cost_center, p.manager_mail, p.language, p.time_zone, p.guest, p.active,
                        EXISTS (SELECT 1 FROM person e
                                WHERE e.account_id = p.account_id AND e.organization_id <> p.organization_id
                                  AND e.active)
                 FROM person p JOIN organization o ON o.id = p.organization_id
                 WHERE p.organization_id = $1 AND p.id = $2"
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

impl Tx<'_> {
    /// Sets how the page looks to a person: language, time zone, theme. Guarded by the version they saw.
    pub async fn set_preferences(&mut self, person: &Person, chosen: &Chosen) -> Result<(), StoreError> {
        let at = self.at();
        let chosen = chosen.clone();
        self.change_one(
            sql!(
                "UPDATE person SET chosen_language = $4, chosen_time_zone = $5, chosen_theme = $6,
                        version = version + 1, changed_at = $7
                 WHERE organization_id = $1 AND id = $2 AND version = $3"
            ),
            binds![
                person.organization,
                person.id,
                person.version,
                chosen.language,
                chosen.time_zone,
                chosen.theme,
                at
            ],
        )
        .await
    }
}
