use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use domain::id::{ImportId, OrganizationId};
use domain::language::Language;
use domain::name::{PersonName, search_keys};
use sha2::{Digest as _, Sha256};
use store::audit::Record;
use store::imports::Staged;
use store::people::Profile;
use store::shelf::Changed;
use store::{Command, Conn};

use super::{Imported, LISTED, NotImported, new_import};
use crate::import::people::{PeopleReader, PersonRow};
use crate::import::{Problem, ProblemCode};
use crate::{ServiceError, Services};

/// How many people are staged in one unit.
const BATCH: usize = 500;
/// More leavers than these in one organization, and the import asks first (SPEC 6).
const LEAVERS: i64 = 50;
const LEAVERS_PERCENT: i64 = 5;

/// How an import of people is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleOptions {
    /// Whether it was confirmed that many people are deactivated.
    pub many_leavers: bool,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many rows have been read and checked.
    Checked(u64),
    /// All rows are right; they are being applied.
    Applying,
}

impl Services {
    /// Imports people (`docs/imports.md`): a stream of rows, checked one by one, applied as a whole.
    pub async fn import_people<R: Read>(
        &self,
        input: R,
        options: PeopleOptions,
        mut progress: impl FnMut(Step),
    ) -> Result<Imported, NotImported> {
        let mut reader = PeopleReader::open(input).map_err(NotImported::problems)?;
        self.forget_abandoned_imports().await?;
        let mut staging = Staging::new(self, new_import(self));
        let checked = staging.check(&mut reader, &mut progress).await;
        let checked = match checked {
            Ok(()) => staging.judge(options).await,
            Err(error) => Err(error),
        };
        if let Err(error) = checked {
            staging.forget().await?;
            return Err(error);
        }
        progress(Step::Applying);
        let changed = staging.changed;
        if let Err(error) = self.apply_people(staging.import, changed).await {
            staging.forget().await?;
            return Err(error.into());
        }
        // It is done, whatever comes now; the next import forgets what is left.
        if let Err(error) = staging.forget().await {
            tracing::warn!(import = %staging.import, %error, "what was staged is not forgotten yet");
        }
        Ok(Imported { recognized: reader.recognized().to_string(), changed, warnings: Vec::new() })
    }

    /// Forgets what imports have left behind that came to no end: no import takes a day.
    async fn forget_abandoned_imports(&self) -> Result<(), ServiceError> {
        let yesterday = self.environment().now().plus_seconds(-24 * 3_600);
        let first = ImportId::from_uuid(uuid::Uuid::nil());
        self.forget_staged(first, ImportId::new(yesterday, [0; 10])).await
    }

    /// Forgets what these imports have staged, from the first to the last.
    async fn forget_staged(&self, first: ImportId, last: ImportId) -> Result<(), ServiceError> {
        loop {
            let command = self.command_line(Command::PUBLISHER);
            let more = self
                .store()
                .write::<bool, ServiceError, _>(command, move |tx| {
                    Box::pin(async move { Ok(tx.forget_staged(first, last).await?) })
                })
                .await?;
            if !more {
                return Ok(());
            }
        }
    }

    async fn apply_people(&self, import: ImportId, changed: Changed) -> Result<(), ServiceError> {
        if changed.added + changed.changed == 0 {
            return Ok(());
        }
        let command = self.command_line(Command::PUBLISHER);
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    tx.apply_people(import).await?;
                    tx.audit(
                        Record::new("people.import", "import", import.uuid())
                            .fact("added", changed.added)
                            .fact("changed", changed.changed)
                            .fact("same", changed.same),
                    );
                    Ok(())
                })
            })
            .await
    }
}

/// An organization as an import meets it.
struct Met {
    id: OrganizationId,
    administrators: BTreeSet<String>,
    leaving: i64,
}

/// A file on its way into the staging rows.
struct Staging<'s> {
    services: &'s Services,
    import: ImportId,
    organizations: BTreeMap<String, Option<Met>>,
    batch: Vec<Staged>,
    changed: Changed,
    problems: Vec<Problem>,
    more: usize,
}

impl<'s> Staging<'s> {
    fn new(services: &'s Services, import: ImportId) -> Self {
        Self {
            services,
            import,
            organizations: BTreeMap::new(),
            batch: Vec::with_capacity(BATCH),
            changed: Changed::default(),
            problems: Vec::new(),
            more: 0,
        }
    }

    /// Reads every row; stages what is right and changes something, notes what is wrong.
    async fn check<R: Read>(
        &mut self,
        reader: &mut PeopleReader<R>,
        progress: &mut impl FnMut(Step),
    ) -> Result<(), NotImported> {
        let mut store = self.services.store().read().await?;
        let mut conn = store.conn();
        let mut rows = 0;
        for row in reader {
            rows += 1;
            match row {
                Ok(row) => self.row(&mut conn, row).await?,
                Err(wrong) => wrong.problems.into_iter().for_each(|problem| self.note(problem)),
            }
            if self.batch.len() == BATCH {
                self.stage().await?;
            }
            if rows % 10_000 == 0 {
                progress(Step::Checked(rows));
            }
        }
        progress(Step::Checked(rows));
        self.stage().await
    }

    async fn row(&mut self, conn: &mut Conn<'_>, row: PersonRow) -> Result<(), NotImported> {
        let key = row.organization.to_string();
        if !self.organizations.contains_key(&key) {
            let met = meet(conn, &key).await?;
            self.organizations.insert(key.clone(), met);
        }
        let line = row.line;
        let Some(Some(met)) = self.organizations.get_mut(&key) else {
            self.note(
                Problem::on_line(line, ProblemCode::UnknownOrganization { key }).in_field("organization"),
            );
            return Ok(());
        };
        let digest = digest(&row);
        let mail = row.mail.to_string();
        let known = conn.known_person(met.id, &mail).await?;
        if known.as_ref().is_some_and(|known| known.digest == digest) {
            self.changed.same += 1;
            return Ok(());
        }
        let stored = match &known {
            Some(known) => conn.stored_profile(met.id, known.id).await?,
            None => None,
        };
        let groups = match &known {
            Some(known) => conn.groups_of_person(met.id, known.id).await?,
            None => Vec::new(),
        };
        let is_administrator = met.administrators.contains(&mail);
        let (organization, was_active) = (met.id, stored.as_ref().is_some_and(|stored| stored.active));
        let staged = match staged(row, organization, stored, groups, digest) {
            Ok(staged) => staged,
            Err(error) => return Err(NotImported::Failed(error)),
        };
        if staged.profile.guest && is_administrator {
            self.note(Problem::on_line(line, ProblemCode::GuestAdministrator).in_field("guest"));
            return Ok(());
        }
        met.leaving += i64::from(was_active && !staged.profile.active);
        let known = known.map(|known| (known.id, known.version));
        if known.is_some() {
            self.changed.changed += 1;
        } else {
            self.changed.added += 1;
        }
        self.batch.push(Staged { known, ..staged });
        Ok(())
    }

    async fn stage(&mut self) -> Result<(), NotImported> {
        // Once something is wrong nothing will be applied, so nothing more has to be staged.
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        if batch.is_empty() || !self.problems.is_empty() {
            return Ok(());
        }
        let command = self.services.command_line(Command::PUBLISHER);
        let import = self.import;
        let batch = std::sync::Arc::new(batch);
        self.services
            .store()
            .write(command, move |tx| {
                let batch = std::sync::Arc::clone(&batch);
                Box::pin(async move { Ok::<_, ServiceError>(tx.stage_people(import, &batch).await?) })
            })
            .await?;
        Ok(())
    }

    /// What only the whole file can tell: managers, and how many leave.
    async fn judge(&mut self, options: PeopleOptions) -> Result<(), NotImported> {
        let mut store = self.services.store().read().await?;
        let mut conn = store.conn();
        if self.problems.is_empty() {
            let limit = u32::try_from(LISTED).unwrap_or(u32::MAX);
            for (line, mail) in conn.staged_without_manager(self.import, limit).await? {
                let line = usize::try_from(line).unwrap_or(usize::MAX);
                self.note(Problem::on_line(line, ProblemCode::UnknownManager { mail }).in_field("manager"));
            }
        }
        if !self.problems.is_empty() {
            let (problems, more) = (std::mem::take(&mut self.problems), self.more);
            return Err(NotImported::Problems { problems, more });
        }
        for (key, met) in &self.organizations {
            let Some(met) = met.as_ref().filter(|met| met.leaving > 0 && !options.many_leavers) else {
                continue;
            };
            let active = conn.active_people(met.id).await?;
            if met.leaving > LEAVERS || met.leaving * 100 > active * LEAVERS_PERCENT {
                let organization = key.clone();
                return Err(NotImported::ManyLeavers { leaving: met.leaving, active, organization });
            }
        }
        Ok(())
    }

    async fn forget(&self) -> Result<(), ServiceError> {
        self.services.forget_staged(self.import, self.import).await
    }

    fn note(&mut self, problem: Problem) {
        if self.problems.len() < LISTED { self.problems.push(problem) } else { self.more += 1 }
    }
}

async fn meet(conn: &mut Conn<'_>, key: &str) -> Result<Option<Met>, ServiceError> {
    let Some(organization) = conn.organization_by_key(key).await? else { return Ok(None) };
    let administrators = conn.administrators(organization.id).await?.into_iter().collect();
    Ok(Some(Met { id: organization.id, administrators, leaving: 0 }))
}

/// Merges what a row says with what is stored.
fn staged(
    row: PersonRow,
    organization: OrganizationId,
    stored: Option<Profile>,
    stored_groups: Vec<String>,
    digest: [u8; 32],
) -> Result<Staged, ServiceError> {
    let name = row.name(stored.as_ref().and_then(Profile::name).as_ref());
    let name = name.map_err(ServiceError::Fields)?;
    let keys = search_keys(&name, Some(&row.mail));
    let sort_key = name.sort_key(Language::Japanese);
    let line = u32::try_from(row.line).unwrap_or(u32::MAX);
    let groups = row.groups.or(stored_groups);
    let stored = stored.unwrap_or_else(|| Profile { active: true, ..Profile::default() });
    let profile = Profile {
        mail: row.mail.to_string(),
        department: row.department.or(Some(stored.department)).unwrap_or_default(),
        cost_center: row.cost_center.or(Some(stored.cost_center)).unwrap_or_default(),
        manager_mail: match row.manager {
            crate::import::Stated::LeftOut => stored.manager_mail,
            crate::import::Stated::Said(manager) => manager.map(|manager| manager.to_string()),
        },
        language: match row.language {
            crate::import::Stated::LeftOut => stored.language,
            crate::import::Stated::Said(language) => language.map(|language| language.code().to_owned()),
        },
        time_zone: match row.time_zone {
            crate::import::Stated::LeftOut => stored.time_zone,
            crate::import::Stated::Said(zone) => zone.map(|zone| zone.as_str().to_owned()),
        },
        guest: row.guest.or(stored.guest),
        active: row.active.or(stored.active),
        ..names(&name)
    };
    Ok(Staged { line, organization, known: None, profile, groups, keys, sort_key, digest })
}

fn names(name: &PersonName) -> Profile {
    let part = |parts: Option<&domain::name::NameParts>| {
        parts.map_or_else(Default::default, |parts| (parts.family.clone(), parts.given.clone()))
    };
    let (family_kana, given_kana) = part(name.kana());
    let (family_romaji, given_romaji) = part(name.romaji());
    Profile {
        family: name.written().family.clone(),
        given: name.written().given.clone(),
        family_kana,
        given_kana,
        family_romaji,
        given_romaji,
        ..Profile::default()
    }
}

/// Of what a row says, wherever it stands in the file. Should its shape change with a version of the program,
/// the next import writes everybody once more and that is all.
fn digest(row: &PersonRow) -> [u8; 32] {
    let row = PersonRow { line: 0, ..row.clone() };
    Sha256::digest(format!("{row:?}")).into()
}
