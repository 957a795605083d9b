//! Organizations: the hard walls around everything that a customer owns (SPEC 1).

use domain::id::OrganizationId;
use domain::time::Date;

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
    /// The day on its test clock; `None` where it lives in real time (SPEC 3).
    pub test_clock: Option<Date>,
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
            test_clock: row.take()?,
            version: row.take()?,
        })
    }
}

impl Organization {
    /// What the audit keeps of it: nothing of this names a person.
    fn facts(&self) -> serde_json::Value {
        serde_json::json!({
            "key": self.key,
            "legal_name": self.legal_name,
            "country": self.country,
            "currency": self.currency,
            "time_zone": self.time_zone,
            "language": self.language,
            "tax_id": self.tax_id,
            "address": self.address,
            "mail_domains": self.mail_domains,
        })
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
            test_clock: stored.and_then(|stored| stored.test_clock),
            version: stored.map_or(1, |stored| stored.version),
        }
    }
}

impl Conn<'_> {
    /// The organization of this id.
    pub async fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        self.row(
            sql!(
                "SELECT id, key, legal_name, country, currency, time_zone, language, tax_id, address,
                        mail_domains, has_document, test_clock, version
                 FROM organization WHERE id = $1"
            ),
            binds![id],
        )
        .await?
        .map(|mut row| Organization::from_row(&mut row))
        .transpose()
    }

    /// The organization that import files call this.
    pub async fn organization_by_key(&mut self, key: &str) -> Result<Option<Organization>, StoreError> {
        self.row(
            sql!(
                "SELECT id, key, legal_name, country, currency, time_zone, language, tax_id, address,
                        mail_domains, has_document, test_clock, version
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
        .map(Row::take)
        .collect()
    }
}

impl Tx<'_> {
    /// Sets the day on an organization's test clock. Guarded by the day that was seen; forward only, and put on one
    /// only while there is no document. From then on no worker touches what falls due there.
    pub async fn set_test_clock(
        &mut self,
        organization: OrganizationId,
        before: Option<Date>,
        day: Date,
    ) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE organization SET test_clock = $3, version = version + 1, changed_at = $4
                 WHERE id = $1 AND (test_clock = $2 AND test_clock <= $3
                                    OR test_clock IS NULL AND $2 IS NULL AND NOT has_document)"
            ),
            binds![organization, before, day, at],
        )
        .await?;
        if before.is_none() {
            self.keep_books(
                sql!("UPDATE work SET held = TRUE WHERE organization_id = $1"),
                binds![organization],
            )
            .await?;
        }
        Ok(())
    }

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
        let mut record = Record::new("organization.import", "organization", id.uuid())
            .of(id)
            .fact("before", stored.as_ref().map(Organization::facts))
            .fact("after", wanted.facts());
        if before != administrators {
            record = record
                .personal("administrators_before", before.join(", "))
                .personal("administrators", administrators.join(", "));
        }
        self.audit(record);
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
        let at = self.at();
        self.change(sql!("DELETE FROM administrator WHERE organization_id = $1"), binds![organization])
            .await?;
        for mail in mails {
            self.change(
                sql!("INSERT INTO administrator (organization_id, mail) VALUES ($1, $2)"),
                binds![organization, mail.as_str()],
            )
            .await?;
        }
        self.change(
            sql!(
                "UPDATE person SET version = version + 1, administrator = NOT administrator, changed_at = $2
                 WHERE organization_id = $1
                   AND administrator <> EXISTS (SELECT 1 FROM administrator d
                                                WHERE d.organization_id = person.organization_id
                                                  AND d.mail = person.mail)"
            ),
            binds![organization, at],
        )
        .await?;
        Ok(())
    }
}
