use std::io::Read;

use store::Command;
use store::organizations::OrganizationChange;
use store::shelf::Changed;

use super::{Imported, NotImported};
use crate::import::organizations::{OrganizationEntry, read};
use crate::import::{Problem, ProblemCode, Stated};
use crate::{ServiceError, Services};

impl Services {
    /// Imports organizations (`docs/imports.md`). Country and currency of one that has a document stay
    /// (SPEC 1); an administrator who is not there yet becomes one on arriving.
    pub async fn import_organizations(&self, input: impl Read) -> Result<Imported, NotImported> {
        let file = read(input).map_err(NotImported::problems)?;
        let mut problems = Vec::new();
        for entry in &file.organizations {
            problems.extend(self.organization_problem(entry).await?);
        }
        if !problems.is_empty() {
            return Err(NotImported::problems(problems));
        }
        let changes: Vec<OrganizationChange> =
            file.organizations.iter().map(change).collect::<Result<_, _>>()?;
        let changed = self.apply_organizations(changes).await?;
        Ok(Imported { recognized: file.encoding.to_string(), changed, warnings: Vec::new() })
    }

    async fn organization_problem(&self, entry: &OrganizationEntry) -> Result<Option<Problem>, ServiceError> {
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let Some(stored) = conn.organization_by_key(entry.key.as_str()).await? else { return Ok(None) };
        if let Stated::Said(mails) = &entry.administrators {
            let mails: Vec<String> = mails.iter().map(ToString::to_string).collect();
            if !conn.guests_among(stored.id, &mails).await?.is_empty() {
                let problem = Problem::on_line(entry.line, ProblemCode::GuestAdministrator);
                return Ok(Some(problem.in_field("administrators")));
            }
        }
        if !stored.has_document {
            return Ok(None);
        }
        let field = match () {
            () if stored.country != entry.country.code() => "country",
            () if stored.currency != entry.currency.code() => "currency",
            () => return Ok(None),
        };
        Ok(Some(Problem::on_line(entry.line, ProblemCode::FixedByDocument).in_field(field)))
    }

    async fn apply_organizations(&self, changes: Vec<OrganizationChange>) -> Result<Changed, ServiceError> {
        let command = self.command_line(Command::PUBLISHER);
        self.store()
            .write(command, move |tx| {
                let changes = changes.clone();
                Box::pin(async move {
                    let mut changed = Changed::default();
                    for change in &changes {
                        tx.apply_organization(change, &mut changed).await?;
                    }
                    Ok(changed)
                })
            })
            .await
    }
}

/// What the store is told: texts, and `None` for what the file leaves out.
fn change(entry: &OrganizationEntry) -> Result<OrganizationChange, ServiceError> {
    let json = |value: serde_json::Result<String>| value.map_err(ServiceError::broken);
    Ok(OrganizationChange {
        key: entry.key.to_string(),
        legal_name: entry.legal_name.clone(),
        country: entry.country.code().to_owned(),
        currency: entry.currency.code().to_owned(),
        time_zone: entry.time_zone.as_str().to_owned(),
        language: entry.language.code().to_owned(),
        address: json(serde_json::to_string(&entry.sold_to))?,
        tax_id: match &entry.tax_id {
            Stated::LeftOut => None,
            Stated::Said(id) => Some(id.as_ref().map(|id| id.as_str().to_owned())),
        },
        mail_domains: match &entry.mail_domains {
            Stated::LeftOut => None,
            Stated::Said(domains) => Some(json(serde_json::to_string(domains))?),
        },
        administrators: match &entry.administrators {
            Stated::LeftOut => None,
            Stated::Said(mails) => Some(mails.iter().map(ToString::to_string).collect()),
        },
    })
}
