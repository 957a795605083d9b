//! A place at the provider where a card is typed or edited.

use domain::address::Address;
use domain::billing::BillingRole;
use domain::field::FieldError;
use domain::id::{BillingProfileId, CardSetupId, PaymentMethodId};
use payments::provider::{
    BillingAddress, Card, HolderHints, Setup, SetupKind, SetupOutcome, SetupRefusal, SetupRequest,
};
use serde::{Deserialize, Serialize};
use store::Conn;
use store::audit::Record;
use store::cards::CardSetup;

use super::own_method;
use crate::asker::{Asker, Place};
use crate::keys::key_of;
use crate::paying::hints;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// What a card that is typed is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "kebab-case")]
pub enum CardWish {
    /// A new payment method. Adding pays nothing until it is attached.
    Add {
        /// The profile that it pays from then on, if one is named.
        profile: Option<BillingProfileId>,
    },
    /// Expiry, name and address of one are changed, never its number.
    Edit {
        /// Which one.
        method: PaymentMethodId,
    },
    /// A new one takes the place of one, which is deleted.
    Replace {
        /// Which one.
        method: PaymentMethodId,
    },
}

/// How long the lines of a card's address may be, in the order of its fields.
const ADDRESS_LIMITS: [u32; 5] = [20, 100, 100, 200, 200];

/// The address of a card's holder as it was typed, or what is wrong with it, beside which field.
pub fn read_card_address(typed: &Address) -> Result<Address, Vec<FieldError>> {
    typed.read(ADDRESS_LIMITS, true)
}

/// What is kept with a place at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Purpose {
    pub(super) wish: CardWish,
    /// The page that one came from; empty: the list of payment methods.
    pub(super) back: String,
}

impl Purpose {
    pub(super) fn of(setup: &CardSetup) -> Result<Self, ServiceError> {
        serde_json::from_str(&setup.wish).map_err(ServiceError::broken)
    }
}

/// A place at the provider, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardProgress {
    /// Which one.
    pub id: CardSetupId,
    /// What it is for.
    pub wish: CardWish,
    /// How far it is.
    pub at: CardAtProvider,
}

/// How far a card is that is typed at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardAtProvider {
    /// Nothing was typed yet.
    Waiting(Setup),
    /// It is there, and has to be saved.
    Ready(Box<Card>),
    /// Nothing will come of it.
    Refused(SetupRefusal),
    /// It was saved as this payment method.
    Saved(PaymentMethodId),
}

/// How long one may take, and how long what came of it is remembered.
const KEPT_SECONDS: i64 = 24 * 60 * 60;

impl Services {
    /// What stands in the address form at first: the address of the card that is edited, or else the organization's.
    pub async fn card_address(&self, asker: &Asker, wish: CardWish) -> Result<Address, ServiceError> {
        let (_, address) = self.card_wished(asker, wish).await?;
        Ok(address.map(|address| address.address).unwrap_or_default())
    }

    /// Begins a place at the provider for what is wished. What was typed of the address goes there with it; `back` is
    /// the page that one came from, if it is another than the list.
    pub async fn begin_card(
        &self,
        asker: &Asker,
        form: &str,
        wish: CardWish,
        typed: &Address,
        back: &str,
    ) -> Result<CardSetupId, ServiceError> {
        let address = read_card_address(typed).map_err(ServiceError::Fields)?;
        let (card, known) = self.card_wished(asker, wish).await?;
        let place = asker.must_place()?.clone();
        let hints = hints(&place)?;
        let known = known.ok_or_else(|| ServiceError::broken("an organization without an address"))?;
        let id = CardSetupId::new(self.environment().now(), self.environment().bytes());
        let request = SetupRequest {
            key: uuid::Uuid::from_bytes(self.environment().bytes()),
            kind: match (&wish, &card) {
                (CardWish::Edit { .. }, Some(card)) => SetupKind::Edit { card: card.token.clone() },
                _ => SetupKind::Add,
            },
            language: place.reads_in(),
            return_address: self.paying().page(&format!("/bills/payment-methods?pane=card&setup={id}")),
            holder: HolderHints {
                name: match (&wish, card) {
                    (CardWish::Edit { .. }, Some(card)) => card.holder,
                    _ => hints.name,
                },
                address: Some(BillingAddress { country: known.country, address }),
            },
        };
        let setup = self.paying().provider().begin_setup(request).await?;
        let setup = serde_json::to_string(&setup).map_err(ServiceError::broken)?;
        let purpose = Purpose { wish, back: back.to_owned() };
        self.write_setup(asker, &place, form, (id, purpose, typed), setup).await
    }

    async fn write_setup(
        &self,
        asker: &Asker,
        place: &Place,
        form: &str,
        (id, purpose, typed): (CardSetupId, Purpose, &Address),
        setup: String,
    ) -> Result<CardSetupId, ServiceError> {
        let (organization, person) = (place.organization.id, place.person.id);
        let since = self.environment().now().plus_seconds(-KEPT_SECONDS);
        let key = key_of("card.begin", place, form, &(&purpose, typed))?;
        let written = serde_json::to_string(&purpose).map_err(ServiceError::broken)?;
        let wish = purpose.wish;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let content = (written.clone(), setup.clone());
                Box::pin(async move {
                    tx.begin_card_setup(organization, person, id, content, since).await?;
                    let (what, method) = match wish {
                        CardWish::Add { .. } => ("add", None),
                        CardWish::Edit { method } => ("edit", Some(method)),
                        CardWish::Replace { method } => ("replace", Some(method)),
                    };
                    tx.audit(
                        Record::new("card.begin", "card-setup", id.uuid())
                            .fact("wish", what)
                            .fact("method", method.map(|method| method.to_string())),
                    );
                    Ok(id)
                })
            })
            .await
    }

    /// The card that is edited or replaced, and the address that is known. Refuses what is not the asker's to do.
    async fn card_wished(
        &self,
        asker: &Asker,
        wish: CardWish,
    ) -> Result<(Option<Card>, Option<BillingAddress>), ServiceError> {
        asker.must(Right::ManageCards)?;
        let place = asker.must_place()?;
        let of_organization = hints(place)?.address;
        let mut reader = self.store().read().await?;
        let card = may_wish(&mut reader.conn(), place, wish).await?;
        let own = match (&wish, &card) {
            (CardWish::Edit { .. }, Some(card)) => card.address.clone(),
            _ => None,
        };
        Ok((card, own.or(of_organization)))
    }

    /// What has become of a place at the provider that the asker began.
    pub async fn card_progress(
        &self,
        asker: &Asker,
        setup: CardSetupId,
    ) -> Result<CardProgress, ServiceError> {
        asker.must(Right::ManageCards)?;
        let place = asker.must_place()?;
        let found = self.setup_of(place, setup).await?;
        let Purpose { wish, .. } = Purpose::of(&found)?;
        let at = match found.method {
            Some(method) => CardAtProvider::Saved(method),
            None => self.ask_about(&found).await?,
        };
        Ok(CardProgress { id: setup, wish, at })
    }

    pub(super) async fn setup_of(
        &self,
        place: &Place,
        setup: CardSetupId,
    ) -> Result<CardSetup, ServiceError> {
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        let found = reader.conn().card_setup(organization, person, setup).await?;
        found.ok_or(ServiceError::NotFound)
    }

    pub(super) async fn ask_about(&self, setup: &CardSetup) -> Result<CardAtProvider, ServiceError> {
        let place: Setup = serde_json::from_str(&setup.setup).map_err(ServiceError::broken)?;
        Ok(match self.paying().provider().setup_outcome(&place.id).await? {
            SetupOutcome::Pending => CardAtProvider::Waiting(place),
            SetupOutcome::Ready(card) => CardAtProvider::Ready(Box::new(card)),
            SetupOutcome::Refused { reason } => CardAtProvider::Refused(reason),
        })
    }
}

/// Whether this is the asker's to wish; gives the card that it is about.
pub(super) async fn may_wish(
    conn: &mut Conn<'_>,
    place: &Place,
    wish: CardWish,
) -> Result<Option<Card>, ServiceError> {
    let (organization, person) = (place.organization.id, place.person.id);
    match wish {
        CardWish::Edit { method } | CardWish::Replace { method } => {
            own_method(conn, organization, person, method).await.map(|(_, card)| Some(card))
        }
        CardWish::Add { profile: Some(profile) } => {
            let may =
                conn.profile_role(organization, profile, person).await?.is_some_and(BillingRole::may_change);
            if may { Ok(None) } else { Err(ServiceError::NotFound) }
        }
        CardWish::Add { profile: None } => Ok(None),
    }
}
