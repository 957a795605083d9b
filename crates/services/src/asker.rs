//! Who asks: found out once per request from the session, and read fresh each time, so that a right that was
//! taken away is gone with the next click (SPEC 1).

use domain::id::{AccountId, OrganizationId, SessionId};
use domain::time::Instant;
pub use store::organizations::Organization;
pub use store::people::{Person, Place, PlaceOfAccount, Profile};
use store::{Actor, Command, Key, Origin};

use crate::{ServiceError, Services, token};

/// A session ends after 12 hours without use …
pub const IDLE_SECONDS: i64 = 12 * 3_600;
/// … and 7 days after it began at the latest.
pub const LONGEST_SECONDS: i64 = 7 * 24 * 3_600;
/// A session's use is noted to the minute: that is near enough for 12 hours and spares the writer.
const TOUCH_SECONDS: i64 = 60;

/// Who asks, and from where.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The session, if somebody is signed in.
    pub signed_in: Option<SignedIn>,
    /// From where.
    pub origin: Origin,
}

/// A signed-in account.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// The account.
    pub account: AccountId,
    /// Its address.
    pub mail: String,
    /// Whether it acts for the publisher.
    pub operator: bool,
    /// The chosen place, while the person is active there.
    pub place: Option<Place>,
}

impl Asker {
    /// The chosen place.
    pub fn place(&self) -> Option<&Place> {
        self.signed_in.as_ref().and_then(|signed_in| signed_in.place.as_ref())
    }

    /// The chosen place, which a right that needs one has already asked for.
    pub fn must_place(&self) -> Result<&Place, ServiceError> {
        self.place().ok_or(ServiceError::SignedOut)
    }

    /// The session, which a right that needs one has already asked for.
    pub fn must_session(&self) -> Result<&SignedIn, ServiceError> {
        self.signed_in.as_ref().ok_or(ServiceError::SignedOut)
    }

    fn actor(&self) -> Actor {
        match (&self.signed_in, self.place()) {
            (Some(signed_in), Some(place)) => {
                Actor::Person { account: signed_in.account, person: place.person.id }
            }
            (Some(signed_in), None) => Actor::Account(signed_in.account),
            (None, _) => Actor::Stranger,
        }
    }
}

impl Services {
    /// Who holds this session token. Nobody, if the session has ended or was never begun.
    pub async fn asker(&self, session_token: Option<&str>, origin: Origin) -> Result<Asker, ServiceError> {
        let Some(session_token) = session_token else { return Ok(Asker { signed_in: None, origin }) };
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let now = self.environment().now();
        let Some(session) = conn.session(token::digest(session_token)).await? else {
            return Ok(Asker { signed_in: None, origin });
        };
        let idle = seconds_between(session.seen_at, now);
        let age = seconds_between(session.created_at, now);
        if session.ended_at.is_some() || idle >= IDLE_SECONDS || age >= LONGEST_SECONDS {
            return Ok(Asker { signed_in: None, origin });
        }
        let place = match session.place {
            Some((organization, person)) => conn.place(organization, person).await?,
            None => None,
        };
        // Whoever holds a connection asks for no other one.
        drop(reader);
        let signed_in = SignedIn {
            session: session.id,
            account: session.account,
            mail: session.mail,
            operator: session.operator,
            place,
        };
        let asker = Asker { signed_in: Some(signed_in), origin };
        // A full disk must not lock out those who only want to read.
        if idle >= TOUCH_SECONDS
            && let Err(error) = self.touch(&asker, session.id).await
        {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
        Ok(asker)
    }

    async fn touch(&self, asker: &Asker, session: SessionId) -> Result<(), ServiceError> {
        let command = self.command(asker, Command::PUBLISHER, None);
        self.store()
            .write(command, move |tx| Box::pin(async move { Ok(tx.touch_session(session).await?) }))
            .await
    }

    /// Where an account can go: the organizations in which it is an active person.
    pub async fn places(&self, asker: &Asker) -> Result<Vec<PlaceOfAccount>, ServiceError> {
        asker.must(crate::rights::Right::UseAccount)?;
        let account = asker.must_session()?.account;
        Ok(self.store().read().await?.conn().places_of_account(account).await?)
    }

    /// A command in the name of the asker.
    pub(crate) fn command(&self, asker: &Asker, organization: OrganizationId, key: Option<Key>) -> Command {
        self.command_of(asker.actor(), asker.origin.clone(), organization, key)
    }

    /// A command of somebody at the command line.
    pub(crate) fn command_line(&self, organization: OrganizationId) -> Command {
        self.command_of(Actor::CommandLine, Origin::default(), organization, None)
    }

    /// A command of the product's own.
    pub(crate) fn command_of_machine(&self, organization: OrganizationId, key: Option<Key>) -> Command {
        self.command_of(Actor::Machine, Origin::default(), organization, key)
    }

    fn command_of(
        &self,
        actor: Actor,
        origin: Origin,
        organization: OrganizationId,
        key: Option<Key>,
    ) -> Command {
        Command {
            organization,
            actor,
            origin,
            at: self.environment().now(),
            seed: self.environment().bytes(),
            key,
            reason: None,
        }
    }
}

/// Whole seconds from one instant to a later one; 0 if it is not later.
pub(crate) fn seconds_between(earlier: Instant, later: Instant) -> i64 {
    (later.as_micros() - earlier.as_micros()).max(0) / 1_000_000
}
