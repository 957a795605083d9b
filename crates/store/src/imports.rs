//! Importing people: checked into staging rows in small units, then applied in one (house rule "One door").
//!
//! The applying unit is a handful of statements over whole tables, so that 100,000 people hold the writer for
//! seconds and no memory. What was staged is forgotten afterwards, again in small units.

use domain::id::{AccountId, AuditId, ImportId, OrganizationId, PersonId, ProductId, SubscriptionId};
use domain::time::Instant;

use crate::StoreError;
use crate::audit::Record;
use crate::people::Profile;
use crate::statement::{rows, sql};
use crate::unit::{Conn, Tx};
use crate::value::{Row, Value, binds};

/// For how long it is remembered what somebody held who has left (SPEC 5: 30 days).
const REMEMBERED_SECONDS: i64 = 30 * 24 * 3_600;

/// How many staged rows of a kind are forgotten in one unit of work.
const FORGOTTEN_AT_ONCE: u32 = 2_000;

/// A person as a file wants them, waiting to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Line of the file, from 1.
    pub line: u32,
    /// Their organization.
    pub organization: OrganizationId,
    /// The person's id and version if they are known.
    pub known: Option<(PersonId, i64)>,
    /// Names and the rest.
    pub profile: Profile,
    /// Their groups.
    pub groups: Vec<String>,
    /// The folded keys by which they are found.
    pub keys: Vec<String>,
    /// What they are sorted by.
    pub sort_key: String,
    /// Of what the file says of them.
    pub digest: [u8; 32],
}

/// What is stored of a person, as far as an import asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Their id.
    pub id: PersonId,
    /// Counts changes.
    pub version: i64,
    /// Of what the last file said of them.
    pub digest: [u8; 32],
}

impl Conn<'_> {
    /// What is stored of the person with this address.
    pub async fn known_person(
        &mut self,
        organization: OrganizationId,
        mail: &str,
    ) -> Result<Option<Known>, StoreError> {
        self.row(
            sql!("SELECT id, version, digest FROM person WHERE organization_id = $1 AND mail = $2"),
            binds![organization, mail],
        )
        .await?
        .map(|mut row| Ok(Known { id: row.take()?, version: row.take()?, digest: row.take()? }))
        .transpose()
    }

    /// The groups of a person.
    pub async fn groups_of_person(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<String>, StoreError> {
        self.rows(
            sql!("SELECT name FROM person_group WHERE organization_id = $1 AND person_id = $2 ORDER BY name"),
            binds![organization, person],
        )
        .await?
        .iter_mut()
        .map(Row::take)
        .collect()
    }

    /// How many active people an organization has.
    pub async fn active_people(&mut self, organization: OrganizationId) -> Result<i64, StoreError> {
        self.row(
            sql!("SELECT COUNT(*) FROM person WHERE organization_id = $1 AND active"),
            binds![organization],
        )
        .await?
        .map_or(Ok(0), |mut row| row.take())
    }

    /// Lines whose manager is neither known nor in the file; at most `limit`, in the order of the file.
    pub async fn staged_without_manager(
        &mut self,
        import: ImportId,
        limit: u32,
    ) -> Result<Vec<(u32, String)>, StoreError> {
        self.rows(
            sql!(
                "SELECT r.line, r.manager_mail FROM import_person r
                 WHERE r.import_id = $1 AND r.manager_mail IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM person p
                                   WHERE p.organization_id = r.organization_id AND p.mail = r.manager_mail)
                   AND NOT EXISTS (SELECT 1 FROM import_person m
                                   WHERE m.import_id = r.import_id AND m.organization_id = r.organization_id
                                     AND m.mail = r.manager_mail)
                 ORDER BY r.line
                 LIMIT $2"
            ),
            binds![import, limit],
        )
        .await?
        .iter_mut()
        .map(|row| Ok((row.take()?, row.take()?)))
        .collect()
    }
}

impl Tx<'_> {
    /// Stages people. Bookkeeping: nothing that anybody sees changes yet.
    pub async fn stage_people(&mut self, import: ImportId, people: &[Staged]) -> Result<(), StoreError> {
        let (mut persons, mut keys, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for staged in people {
            let person = staged.known.map_or_else(|| self.id(PersonId::new), |(id, _)| id);
            keys.extend(
                staged.keys.iter().map(|key| binds![import, staged.organization, key.as_str(), person]),
            );
            groups.extend(
                staged.groups.iter().map(|name| binds![import, staged.organization, name.as_str(), person]),
            );
            persons.push(self.staged_row(import, person, staged));
        }
        self.keep_rows(
            rows!(
                "INSERT INTO import_person (import_id, line, organization_id, person_id, seen_version,
                    new_account_id, audit_id, mail, family, given, family_kana, given_kana, family_romaji,
                    given_romaji, department, cost_center, manager_mail, language, time_zone, guest, active,
                    sort_key, digest)",
                23
            ),
            persons,
        )
        .await?;
        self.keep_rows(
            rows!("INSERT INTO import_key (import_id, organization_id, folded, person_id)", 4),
            keys,
        )
        .await?;
        self.keep_rows(
            rows!("INSERT INTO import_group (import_id, organization_id, name, person_id)", 4),
            groups,
        )
        .await
    }

    fn staged_row(&mut self, import: ImportId, person: PersonId, staged: &Staged) -> Vec<Value> {
        let profile = staged.profile.clone();
        binds![
            import,
            staged.line,
            staged.organization,
            person,
            staged.known.map(|(_, version)| version),
            self.id(AccountId::new),
            self.id(AuditId::new),
            profile.mail,
            profile.family,
            profile.given,
            profile.family_kana,
            profile.given_kana,
            profile.family_romaji,
            profile.given_romaji,
            profile.department,
            profile.cost_center,
            profile.manager_mail,
            profile.language,
            profile.time_zone,
            profile.guest,
            profile.active,
            staged.sort_key.as_str(),
            staged.digest,
        ]
    }

    /// Applies what was staged: accounts for new addresses, people, their keys and groups, an audit record for
    /// each. [`StoreError::Stale`] if somebody changed one of them since they were staged.
    pub async fn apply_people(&mut self, import: ImportId) -> Result<(), StoreError> {
        self.refuse_stale_people(import).await?;
        let at = self.at();
        self.change(
            sql!(
                "INSERT INTO account (id, mail, password, password_changed_at, operator, created_at, version)
                 SELECT new_account_id, mail, NULL, NULL, FALSE, $2, 1 FROM import_person WHERE import_id = $1
                 ORDER BY organization_id, line
                 ON CONFLICT (mail) DO NOTHING"
            ),
            binds![import, at],
        )
        .await?;
        self.change(
            sql!(
                "INSERT INTO person (organization_id, id, account_id, mail, family, given, family_kana,
                    given_kana, family_romaji, given_romaji, department, cost_center, manager_mail, language,
                    time_zone, chosen_language, chosen_time_zone, chosen_theme, guest, active, administrator, sort_key, digest, version, changed_at)
                 SELECT r.organization_id, r.person_id, a.id, r.mail, r.family, r.given, r.family_kana,
                    r.given_kana, r.family_romaji, r.given_romaji, r.department, r.cost_center, r.manager_mail,
                    r.language, r.time_zone, NULL, NULL, NULL, r.guest, r.active,
                    EXISTS (SELECT 1 FROM administrator d
                            WHERE d.organization_id = r.organization_id AND d.mail = r.mail),
                    r.sort_key, r.digest, 1, $2
                 FROM import_person r JOIN account a ON a.mail = r.mail
                 WHERE r.import_id = $1
                 ON CONFLICT (organization_id, mail) DO UPDATE SET
                    family = excluded.family, given = excluded.given, family_kana = excluded.family_kana,
                    given_kana = excluded.given_kana, family_romaji = excluded.family_romaji,
                    given_romaji = excluded.given_romaji, department = excluded.department,
                    cost_center = excluded.cost_center, manager_mail = excluded.manager_mail,
                    language = excluded.language, time_zone = excluded.time_zone, guest = excluded.guest,
                    active = excluded.active, administrator = excluded.administrator,
                    sort_key = excluded.sort_key, digest = excluded.digest, version = person.version + 1,
                    changed_at = excluded.changed_at"
            ),
            binds![import, at],
        )
        .await?;
        self.apply_keys_and_groups(import).await?;
        self.free_seats_of_leavers(import).await?;
        self.give_back_what_was_freed(import).await?;
        for (organization, kind, id) in self.pass_ownership_on(import).await? {
            self.audit(Record::new("ownership.pass", kind, id).of(organization).fact("to", "administrators"));
        }
        self.keep_books(
            sql!(
                "INSERT INTO audit (organization_id, id, at, actor_kind, actor_id, action, subject_kind,
                                    subject_id, facts)
                 SELECT organization_id, audit_id, $2, 'command-line', NULL,
                        CASE WHEN seen_version IS NULL THEN 'person.add' ELSE 'person.change' END,
                        'person', person_id, $3
                 FROM import_person WHERE import_id = $1"
            ),
            binds![import, at, format!("{{\"import\":\"{import}\"}}")],
        )
        .await?;
        Ok(())
    }

    async fn refuse_stale_people(&mut self, import: ImportId) -> Result<(), StoreError> {
        let stale = self
            .row(
                sql!(
                    "SELECT COUNT(*) FROM import_person r
                     JOIN person p ON p.organization_id = r.organization_id AND p.mail = r.mail
                     WHERE r.import_id = $1 AND (r.seen_version IS NULL OR p.version <> r.seen_version)"
                ),
                binds![import],
            )
            .await?;
        let stale: i64 = stale.map_or(Ok(0), |mut row| row.take())?;
        if stale == 0 { Ok(()) } else { Err(StoreError::Stale) }
    }

    async fn apply_keys_and_groups(&mut self, import: ImportId) -> Result<(), StoreError> {
        for statement in [
            sql!(
                "DELETE FROM person_key WHERE (organization_id, person_id) IN
                    (SELECT organization_id, person_id FROM import_person
                     WHERE import_id = $1 AND seen_version IS NOT NULL)"
            ),
            sql!(
                "INSERT INTO person_key (organization_id, folded, person_id)
                 SELECT organization_id, folded, person_id FROM import_key WHERE import_id = $1"
            ),
            sql!(
                "DELETE FROM person_group WHERE (organization_id, person_id) IN
                    (SELECT organization_id, person_id FROM import_person
                     WHERE import_id = $1 AND seen_version IS NOT NULL)"
            ),
            sql!(
                "INSERT INTO person_group (organization_id, name, person_id)
                 SELECT organization_id, name, person_id FROM import_group WHERE import_id = $1"
            ),
        ] {
            self.change(statement, binds![import]).await?;
        }
        Ok(())
    }

    /// Whoever is not active any more, or a guest from now on, holds no license: their seats are free in the same unit
    /// of work, and what they held is remembered (SPEC 5).
    async fn free_seats_of_leavers(&mut self, import: ImportId) -> Result<(), StoreError> {
        let at = self.at();
        let mut leavers = self
            .rows(
                sql!(
                    "SELECT a.organization_id, a.product_id, a.person_id, a.subscription_id
                     FROM import_person r
                     JOIN assignment a ON a.organization_id = r.organization_id AND a.person_id = r.person_id
                     WHERE r.import_id = $1 AND (r.guest OR NOT r.active)
                     ORDER BY a.organization_id, a.person_id, a.product_id"
                ),
                binds![import],
            )
            .await?;
        for row in &mut leavers {
            let (organization, product, person, subscription): (
                OrganizationId,
                ProductId,
                PersonId,
                SubscriptionId,
            ) = (row.take()?, row.take()?, row.take()?, row.take()?);
            self.change_one(
                sql!(
                    "INSERT INTO freed_assignment (organization_id, product_id, person_id, id, subscription_id, source,
                                                   assigned_at, assigned_by, freed_at)
                     SELECT organization_id, product_id, person_id, id, subscription_id, source, assigned_at,
                            assigned_by, $4
                     FROM assignment WHERE organization_id = $1 AND product_id = $2 AND person_id = $3
                     ON CONFLICT (organization_id, product_id, person_id) DO UPDATE SET id = excluded.id,
                        subscription_id = excluded.subscription_id, source = excluded.source,
                        assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by,
                        freed_at = excluded.freed_at"
                ),
                binds![organization, product, person, at],
            )
            .await?;
            self.change_one(
                sql!(
                    "DELETE FROM assignment WHERE organization_id = $1 AND product_id = $2 AND person_id = $3"
                ),
                binds![organization, product, person],
            )
            .await?;
            self.give_seat_back(organization, subscription).await?;
            self.audit(
                Record::new("license.free", "person", person.uuid())
                    .of(organization)
                    .fact("product", product.to_string())
                    .fact("subscription", subscription.to_string()),
            );
        }
        Ok(())
    }

    /// Whoever comes back within 30 days gets back what they held, where a seat of the same subscription is free.
    async fn give_back_what_was_freed(&mut self, import: ImportId) -> Result<(), StoreError> {
        let since = self.at().plus_seconds(-REMEMBERED_SECONDS);
        let mut freed = self
            .rows(
                sql!(
                    "SELECT f.organization_id, f.product_id, f.person_id, f.subscription_id, f.assigned_by, f.freed_at
                     FROM import_person r
                     JOIN freed_assignment f
                       ON f.organization_id = r.organization_id AND f.person_id = r.person_id
                     WHERE r.import_id = $1 AND r.active AND NOT r.guest
                     ORDER BY f.organization_id, f.assigned_at, f.id"
                ),
                binds![import],
            )
            .await?;
        for row in &mut freed {
            let (organization, product, person, subscription): (
                OrganizationId,
                ProductId,
                PersonId,
                SubscriptionId,
            ) = (row.take()?, row.take()?, row.take()?, row.take()?);
            let (by, freed_at): (Option<PersonId>, Instant) = (row.take()?, row.take()?);
            self.change_one(
                sql!(
                    "DELETE FROM freed_assignment
                     WHERE organization_id = $1 AND product_id = $2 AND person_id = $3"
                ),
                binds![organization, product, person],
            )
            .await?;
            if freed_at < since || !self.take_seat(organization, subscription).await? {
                continue;
            }
            if self.add_assignment(organization, (product, person), subscription, by).await?.is_none() {
                self.give_seat_back(organization, subscription).await?;
                continue;
            }
            self.audit(
                Record::new("license.restore", "person", person.uuid())
                    .of(organization)
                    .fact("product", product.to_string())
                    .fact("subscription", subscription.to_string()),
            );
        }
        Ok(())
    }

    /// Forgets some of what was staged by these imports, from the first to the last, and says whether there may be
    /// more. Many rows deleted in one unit would have to be remembered until it is over.
    pub async fn forget_staged(&mut self, first: ImportId, last: ImportId) -> Result<bool, StoreError> {
        let mut forgotten = 0;
        for statement in [
            sql!(
                "DELETE FROM import_person WHERE (import_id, organization_id, mail) IN
                    (SELECT import_id, organization_id, mail FROM import_person
                     WHERE import_id >= $1 AND import_id <= $2 LIMIT $3)"
            ),
            sql!(
                "DELETE FROM import_key WHERE (import_id, organization_id, folded, person_id) IN
                    (SELECT import_id, organization_id, folded, person_id FROM import_key
                     WHERE import_id >= $1 AND import_id <= $2 LIMIT $3)"
            ),
            sql!(
                "DELETE FROM import_group WHERE (import_id, organization_id, name, person_id) IN
                    (SELECT import_id, organization_id, name, person_id FROM import_group
                     WHERE import_id >= $1 AND import_id <= $2 LIMIT $3)"
            ),
        ] {
            forgotten += self.keep_books(statement, binds![first, last, FORGOTTEN_AT_ONCE]).await?;
        }
        Ok(forgotten > 0)
    }
}
