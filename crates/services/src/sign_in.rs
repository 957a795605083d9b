//! Signing in and out (SPEC 1): mail and password, one account in several organizations.

use domain::id::{AccountId, OrganizationId, PersonId};
use domain::mail::MailAddress;
use store::audit::Record;
use store::{Command, Tx};

use crate::asker::Asker;
use crate::rights::Right;
use crate::{ServiceError, Services, token};

/// A session that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// What the client keeps, and nobody else.
    pub token: String,
    /// Whether the account is in an organization already; if not, it has to choose one.
    pub placed: bool,
}

impl Services {
    /// Signs in. An unknown address, a wrong password and an account without a password get the same answer
    /// after the same work. The session that the browser had before is ended.
    pub async fn sign_in(
        &self,
        asker: &Asker,
        mail: &str,
        password: String,
    ) -> Result<Started, ServiceError> {
        // What is no address is an unknown address: the same answer after the same work.
        let mail =
            MailAddress::parse(mail).map_or_else(|_| mail.trim().to_lowercase(), |mail| mail.to_string());
        let address = asker.origin.address.as_deref();
        self.limits().may_try(Some(&mail), address)?;
        let account = self.store().read().await?.conn().account_by_mail(&mail).await?;
        let kept = account.as_ref().and_then(|account| account.password.clone());
        let right = self.passwords().check(password, kept).await?;
        match account {
            Some(account) if right => self.start_session(asker, account.id).await,
            account => {
                self.limits().failed(Some(&mail), address);
                self.note_refusal(asker, account.map(|account| account.id), mail).await?;
                Err(ServiceError::WrongPassword)
            }
        }
    }

    async fn note_refusal(
        &self,
        asker: &Asker,
        account: Option<AccountId>,
        mail: String,
    ) -> Result<(), ServiceError> {
        let command = self.command(asker, Command::PUBLISHER, None);
        let id = account.unwrap_or(AccountId::from_uuid(Command::PUBLISHER.uuid())).uuid();
        self.store()
            .write(command, move |tx| {
                let record = Record::new("session.refuse", "account", id).personal("mail", mail.clone());
                Box::pin(async move {
                    tx.audit(record);
                    Ok(())
                })
            })
            .await
    }

    /// Begins a session of an account that has proved who it is.
    pub(crate) async fn start_session(
        &self,
        asker: &Asker,
        account: AccountId,
    ) -> Result<Started, ServiceError> {
        let token = token::make(self.environment().bytes());
        let digest = token::digest(&token);
        let before = asker.signed_in.as_ref().map(|signed_in| signed_in.session);
        let command = self.command(asker, Command::PUBLISHER, None);
        let placed = self
            .store()
            .write(command, move |tx| {
                Box::pin(async move {
                    if let Some(before) = before {
                        tx.end_session(before).await?;
                    }
                    let place = only_place(tx, account).await?;
                    let session = tx.start_session(digest, account, place).await?;
                    tx.audit(
                        Record::new("session.start", "account", account.uuid())
                            .fact("session", session.to_string()),
                    );
                    Ok::<_, ServiceError>(place.is_some())
                })
            })
            .await?;
        Ok(Started { token, placed })
    }

    /// Goes to a place of one's own account.
    pub async fn choose_place(
        &self,
        asker: &Asker,
        organization: OrganizationId,
    ) -> Result<(), ServiceError> {
        asker.must(Right::UseAccount)?;
        let (session, account) = {
            let signed_in = asker.must_session()?;
            (signed_in.session, signed_in.account)
        };
        let command = self.command(asker, Command::PUBLISHER, None);
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    let places = tx.places_of_account(account).await?;
                    let place = places.iter().find(|place| place.organization == organization);
                    let place = place.ok_or(ServiceError::NotFound)?;
                    tx.move_session(session, place.organization, place.person).await?;
                    tx.audit(
                        Record::new("session.move", "account", account.uuid())
                            .fact("organization", place.organization.to_string()),
                    );
                    Ok(())
                })
            })
            .await
    }

    /// Ends the session on the server. Doing it twice is fine.
    pub async fn sign_out(&self, asker: &Asker) -> Result<(), ServiceError> {
        let Some(signed_in) = &asker.signed_in else { return Ok(()) };
        let (session, account) = (signed_in.session, signed_in.account);
        let command = self.command(asker, Command::PUBLISHER, None);
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    if tx.end_session(session).await? {
                        tx.audit(
                            Record::new("session.end", "account", account.uuid())
                                .fact("session", session.to_string()),
                        );
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// The place of an account that has just one.
async fn only_place(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Option<(OrganizationId, PersonId)>, ServiceError> {
    let places = tx.places_of_account(account).await?;
    Ok(match places.as_slice() {
        [only] => Some((only.organization, only.person)),
        _ => None,
    })
}
