//! Accounts, their sessions and one-time links (SPEC 1).
//!
//! Tokens never stand here, only their SHA-256: who reads the database cannot sign in with what is there.

use domain::id::{AccountId, LinkId, OrganizationId, PersonId, SessionId};
use domain::time::Instant;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::{FromRow, Row, binds};

/// A mail address with its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address, folded as `domain::mail` folds it.
    pub mail: String,
    /// The password's argon2id hash; `None` until a link has set one.
    pub password: Option<String>,
    /// Whether it acts for the publisher.
    pub operator: bool,
    /// Counts changes.
    pub version: i64,
}

impl FromRow for Account {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            mail: row.take()?,
            password: row.take()?,
            operator: row.take()?,
            version: row.take()?,
        })
    }
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id: what its owner sees of it.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// Where the account acts, once it has chosen.
    pub place: Option<(OrganizationId, PersonId)>,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used, to the minute.
    pub seen_at: Instant,
    /// When it was ended, if it was.
    pub ended_at: Option<Instant>,
    /// The account's address.
    pub mail: String,
    /// Whether the account acts for the publisher.
    pub operator: bool,
}

impl FromRow for Session {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            account: row.take()?,
            place: row.take::<Option<OrganizationId>>()?.zip(row.take::<Option<PersonId>>()?),
            created_at: row.take()?,
            seen_at: row.take()?,
            ended_at: row.take()?,
            mail: row.take()?,
            operator: row.take()?,
        })
    }
}

/// A one-time link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// Whose password it sets.
    pub account: AccountId,
    /// From when on it no longer works.
    pub expires_at: Instant,
    /// When it was used, if it was.
    pub used_at: Option<Instant>,
}

impl FromRow for Link {
    fn from_row(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.take()?, account: row.take()?, expires_at: row.take()?, used_at: row.take()? })
    }
}

impl Conn<'_> {
    /// The account with this address.
    pub async fn account_by_mail(&mut self, mail: &str) -> Result<Option<Account>, StoreError> {
        self.row(
            sql!("SELECT id, mail, password, operator, version FROM account WHERE mail = $1"),
            binds![mail],
        )
        .await?
        .map(|mut row| Account::from_row(&mut row))
        .transpose()
    }

    /// The account with this id.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.row(sql!("SELECT id, mail, password, operator, version FROM account WHERE id = $1"), binds![id])
            .await?
            .map(|mut row| Account::from_row(&mut row))
            .transpose()
    }

    /// The session whose token has this digest, ended ones too.
    pub async fn session(&mut self, token_digest: [u8; 32]) -> Result<Option<Session>, StoreError> {
        self.row(
            sql!(
                "SELECT s.id, s.account_id, s.organization_id, s.person_id, s.created_at, s.seen_at, s.ended_at,
                        a.mail, a.operator
                 FROM session s JOIN account a ON a.id = s.account_id
                 WHERE s.token_digest = $1"
            ),
            binds![token_digest],
        )
        .await?
        .map(|mut row| Session::from_row(&mut row))
        .transpose()
    }

    /// The one-time link whose token has this digest, used and expired ones too.
    pub async fn link(&mut self, token_digest: [u8; 32]) -> Result<Option<Link>, StoreError> {
        self.row(
            sql!("SELECT id, account_id, expires_at, used_at FROM link WHERE token_digest = $1"),
            binds![token_digest],
        )
        .await?
        .map(|mut row| Link::from_row(&mut row))
        .transpose()
    }
}

impl Tx<'_> {
    /// Makes an account without a password, or finds the one that has the address. Says which it was.
    pub async fn account_for_mail(&mut self, mail: &str) -> Result<(AccountId, bool), StoreError> {
        if let Some(account) = self.account_by_mail(mail).await? {
            return Ok((account.id, false));
        }
        let id = self.id(AccountId::new);
        let at = self.at();
        let made = self
            .change(
                sql!(
                    "INSERT INTO account (id, mail, password, password_changed_at, operator, created_at, version)
                     VALUES ($1, $2, NULL, NULL, FALSE, $3, 1)
                     ON CONFLICT (mail) DO NOTHING"
                ),
                binds![id, mail, at],
            )
            .await?;
        if made == 1 {
            return Ok((id, true));
        }
        // Somebody else made it between our look and our insert.
        let account = self.account_by_mail(mail).await?.ok_or(StoreError::Stale)?;
        Ok((account.id, false))
    }

    /// Makes the account act for the publisher, or stop doing so.
    pub async fn set_operator(&mut self, account: AccountId, operator: bool) -> Result<(), StoreError> {
        self.change_one(
            sql!("UPDATE account SET operator = $2, version = version + 1 WHERE id = $1"),
            binds![account, operator],
        )
        .await
    }

    /// Sets the password, ends every session of the account (SPEC 1: a changed password ends the others) and
    /// makes every other link to it useless.
    pub async fn set_password(&mut self, account: AccountId, hash: &str) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!(
                "UPDATE account SET password = $2, password_changed_at = $3, version = version + 1
                 WHERE id = $1"
            ),
            binds![account, hash, at],
        )
        .await?;
        self.change(
            sql!("UPDATE session SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL"),
            binds![account, at],
        )
        .await?;
        self.change(
            sql!("UPDATE link SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL"),
            binds![account, at],
        )
        .await?;
        Ok(())
    }

    /// Begins a session.
    pub async fn start_session(
        &mut self,
        token_digest: [u8; 32],
        account: AccountId,
        place: Option<(OrganizationId, PersonId)>,
    ) -> Result<SessionId, StoreError> {
        let id = self.id(SessionId::new);
        let (at, agent) = (self.at(), self.command().origin.agent.clone());
        let (organization, person) = place.unzip();
        self.change_one(
            sql!(
                "INSERT INTO session (token_digest, id, account_id, organization_id, person_id, created_at,
                                      seen_at, ended_at, agent)
                 VALUES ($1, $2, $3, $4, $5, $6, $6, NULL, $7)"
            ),
            binds![token_digest, id, account, organization, person, at, agent],
        )
        .await?;
        Ok(id)
    }

    /// Moves a session to the person's place in another organization.
    pub async fn move_session(
        &mut self,
        session: SessionId,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<(), StoreError> {
        self.change_one(
            sql!(
                "UPDATE session SET organization_id = $2, person_id = $3 WHERE id = $1 AND ended_at IS NULL"
            ),
            binds![session, organization, person],
        )
        .await
    }

    /// Ends a session. Ending an ended one changes nothing; says whether it was still going on.
    pub async fn end_session(&mut self, session: SessionId) -> Result<bool, StoreError> {
        let at = self.at();
        let ended = self
            .change(
                sql!("UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL"),
                binds![session, at],
            )
            .await?;
        Ok(ended == 1)
    }

    /// Notes that a session was used. Bookkeeping: the audit does not need to know.
    pub async fn touch_session(&mut self, session: SessionId) -> Result<(), StoreError> {
        let at = self.at();
        self.keep_books(
            sql!("UPDATE session SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND seen_at < $2"),
            binds![session, at],
        )
        .await?;
        Ok(())
    }

    /// Makes a one-time link.
    pub async fn make_link(
        &mut self,
        token_digest: [u8; 32],
        account: AccountId,
        expires_at: Instant,
    ) -> Result<LinkId, StoreError> {
        let id = self.id(LinkId::new);
        let at = self.at();
        self.change_one(
            sql!(
                "INSERT INTO link (token_digest, id, account_id, created_at, expires_at, used_at)
                 VALUES ($1, $2, $3, $4, $5, NULL)"
            ),
            binds![token_digest, id, account, at, expires_at],
        )
        .await?;
        Ok(id)
    }

    /// Uses a one-time link up. [`StoreError::Stale`] if it was used or has expired.
    pub async fn use_link(&mut self, link: LinkId) -> Result<(), StoreError> {
        let at = self.at();
        self.change_one(
            sql!("UPDATE link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2"),
            binds![link, at],
        )
        .await
    }
}
