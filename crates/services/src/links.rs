//! One-time links with which a person sets or resets the password (SPEC 1): 24 hours, one use.

use domain::mail::MailAddress;
use domain::time::Instant;
use store::accounts::Link;
use store::audit::Record;
use store::{Command, StoreError};

use crate::asker::Asker;
use crate::sign_in::Started;
use crate::{ServiceError, Services, password, token};

/// How long a link works.
pub const LINK_SECONDS: i64 = 24 * 3_600;

/// What the page behind a link shows before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLink {
    /// Whose password it sets.
    pub mail: String,
    /// Whether the account has a password already.
    pub reset: bool,
}

impl Services {
    /// Makes a link for somebody, at the command line. The answer is the token that the address ends with.
    pub async fn make_link(&self, mail: &MailAddress) -> Result<String, ServiceError> {
        let account = self.store().read().await?.conn().account_by_mail(mail.as_str()).await?;
        let account = account.ok_or(ServiceError::NotFound)?.id;
        let token = token::make(self.environment().bytes());
        let digest = token::digest(&token);
        let command = self.command_line(Command::PUBLISHER);
        let expires_at = Instant::from_micros(command.at.as_micros() + LINK_SECONDS * 1_000_000);
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    let link = tx.make_link(digest, account, expires_at).await?;
                    tx.audit(
                        Record::new("link.make", "account", account.uuid()).fact("link", link.to_string()),
                    );
                    Ok::<_, ServiceError>(())
                })
            })
            .await?;
        Ok(token)
    }

    /// Looks at a link without using it up.
    pub async fn open_link(&self, asker: &Asker, link_token: &str) -> Result<OpenLink, ServiceError> {
        let (_, mail, reset) = self.live_link(asker, link_token).await?;
        Ok(OpenLink { mail, reset })
    }

    /// Sets the password, uses the link up, ends every other session of the account and begins one.
    pub async fn use_link(
        &self,
        asker: &Asker,
        link_token: &str,
        new_password: String,
    ) -> Result<Started, ServiceError> {
        let (link, mail, _) = self.live_link(asker, link_token).await?;
        let local_part = mail.split('@').next().unwrap_or_default();
        password::judge(&new_password, &[&mail, local_part]).map_err(ServiceError::Password)?;
        let hash = self.passwords().hash(new_password, self.environment().bytes()).await?;
        let command = self.command(asker, Command::PUBLISHER, None);
        let account = link.account;
        self.store()
            .write(command, move |tx| {
                let hash = hash.clone();
                Box::pin(async move {
                    tx.use_link(link.id).await.map_err(|error| match error {
                        StoreError::Stale => ServiceError::DeadLink,
                        other => other.into(),
                    })?;
                    tx.set_password(account, &hash).await?;
                    tx.audit(
                        Record::new("password.set", "account", account.uuid())
                            .fact("link", link.id.to_string()),
                    );
                    Ok::<_, ServiceError>(())
                })
            })
            .await?;
        self.start_session(asker, account).await
    }

    /// The link, its account's address, and whether the account has a password. Guessing is slowed down.
    async fn live_link(&self, asker: &Asker, link_token: &str) -> Result<(Link, String, bool), ServiceError> {
        let address = asker.origin.address.as_deref();
        self.limits().may_try(None, address)?;
        let found = self.find_link(link_token).await;
        if matches!(found, Err(ServiceError::DeadLink)) {
            self.limits().failed(None, address);
        }
        found
    }

    async fn find_link(&self, link_token: &str) -> Result<(Link, String, bool), ServiceError> {
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let link = conn.link(token::digest(link_token)).await?.ok_or(ServiceError::DeadLink)?;
        if link.used_at.is_some() || link.expires_at <= self.environment().now() {
            return Err(ServiceError::DeadLink);
        }
        let account = conn.account(link.account).await?.ok_or(ServiceError::DeadLink)?;
        Ok((link, account.mail, account.password.is_some()))
    }

    /// Makes the account of an address act for the publisher; makes the account if there is none.
    pub async fn add_operator(&self, mail: &MailAddress) -> Result<(), ServiceError> {
        let mail = mail.to_string();
        let command = self.command_line(Command::PUBLISHER);
        self.store()
            .write(command, move |tx| {
                let mail = mail.clone();
                Box::pin(async move {
                    let (account, _) = tx.account_for_mail(&mail).await?;
                    tx.set_operator(account, true).await?;
                    tx.audit(Record::new("operator.add", "account", account.uuid()).personal("mail", mail));
                    Ok(())
                })
            })
            .await
    }
}
