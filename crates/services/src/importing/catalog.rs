use std::io::Read;

use domain::catalog::Catalog;
use store::Command;
use store::shelf::Changed;

use super::{Imported, NotImported};
use crate::import::catalog::CatalogFile;
use crate::{ServiceError, Services};

impl Services {
    /// Imports a catalog (`docs/imports.md`): new versions of what changed, and nothing else (SPEC 5).
    pub async fn import_catalog(&self, input: impl Read) -> Result<Imported, NotImported> {
        let file = CatalogFile::read(input).map_err(NotImported::problems)?;
        let stored = self.store().read().await?.conn().shelf().await?;
        let findings = file.check(&stored.catalog);
        if !findings.errors.is_empty() {
            return Err(NotImported::problems(findings.errors));
        }
        let changed = self.apply_catalog(file.catalog.clone()).await?;
        Ok(Imported { recognized: file.encoding().to_string(), changed, warnings: findings.warnings })
    }

    async fn apply_catalog(&self, catalog: Catalog) -> Result<Changed, ServiceError> {
        let command = self.command_line(Command::PUBLISHER);
        self.store()
            .write(command, move |tx| {
                let catalog = catalog.clone();
                Box::pin(async move { Ok(tx.apply_catalog(&catalog).await?) })
            })
            .await
    }
}
