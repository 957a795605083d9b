//! The seal of a change's quote: see docs/decisions/0004-quotes.md.

use domain::time::Instant;
use serde::Serialize;

use super::Confirmation;
use super::managed::Managed;
use crate::keys::digest;
use crate::{ServiceError, Services};

/// By which a quote is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The seal.
    pub seal: String,
    /// When it was made.
    pub at: Instant,
    /// Until when it stands.
    pub until: Instant,
}

impl Sealed {
    /// Seals what was quoted: it is bound to who asks, to the subscription with its numbers, to what pays, to the
    /// moment, to what was wished and to every amount and day.
    pub(super) fn of<W: Serialize, Q: Serialize>(
        managed: &Managed,
        at: Instant,
        wish: &W,
        quote: &Q,
    ) -> Result<Self, ServiceError> {
        let Managed { place, subscription, .. } = managed;
        let facts = (subscription.plan, subscription.price_id, subscription.waiting, &subscription.scheduled);
        let method = managed.method.as_ref().map(|method| method.id);
        let bound = (place.organization.id, place.person.id, subscription.id, facts, method, at, wish, quote);
        let until = managed.calendar.quote_stands_until(at)?;
        Ok(Self { seal: hex::encode(digest(&bound)?), at, until })
    }
}

impl Services {
    /// Whether the quote that was confirmed is this one, and still stands.
    pub(super) fn must_stand(
        &self,
        sealed: &Sealed,
        confirmation: &Confirmation,
    ) -> Result<(), ServiceError> {
        let now = self.environment().now();
        let stands = sealed.at <= now && now < sealed.until;
        if stands && sealed.seal == confirmation.seal { Ok(()) } else { Err(ServiceError::QuoteChanged) }
    }
}
