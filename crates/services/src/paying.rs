//! Through whom people pay, and what that provider is told about them.

use std::sync::Arc;

use domain::country::Country;
use domain::language::Language;
use payments::provider::{BillingAddress, HolderHints};
pub use payments::provider::{Brand, Card, DeclineCode, Provider, Setup, SetupRefusal, WebAddress};
use payments::sandbox;

use crate::ServiceError;
use crate::asker::Place;
use crate::environment::Environment;

/// The provider, and where it leads people back to.
#[derive(Clone, Debug)]
pub struct Paying {
    provider: Arc<dyn Provider>,
    portal: WebAddress,
}

impl Paying {
    /// `portal` is how people reach the portal.
    pub fn new(provider: Arc<dyn Provider>, portal: WebAddress) -> Self {
        Self { provider, portal }
    }

    /// The provider.
    pub fn provider(&self) -> &dyn Provider {
        self.provider.as_ref()
    }

    /// A page of the portal's, with its whole address.
    pub(crate) fn page(&self, path: &str) -> WebAddress {
        self.portal.page(path)
    }
}

/// What is known of somebody who is about to type a card: their name as cards show it, and the address of their
/// organization.
pub(crate) fn hints(place: &Place) -> Result<HolderHints, ServiceError> {
    let profile = &place.person.profile;
    let romaji = [profile.given_romaji.as_str(), profile.family_romaji.as_str()].join(" ");
    let name = if romaji.trim().is_empty() { profile.display(Language::English) } else { romaji };
    let organization = &place.organization;
    let country: Country = organization.country.parse().map_err(ServiceError::broken)?;
    let address = serde_json::from_str(&organization.address).map_err(ServiceError::broken)?;
    Ok(HolderHints { name: name.trim().to_uppercase(), address: Some(BillingAddress { country, address }) })
}

/// The sandbox has no clock and no chance of its own.
impl sandbox::World for Environment {
    fn now(&self) -> domain::time::Instant {
        self.clock.now()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.entropy.fill(bytes);
    }
}
