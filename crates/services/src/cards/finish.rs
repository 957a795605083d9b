//! A card that is there is saved.

use domain::id::{BillingProfileId, CardSetupId, OrganizationId, PaymentMethodId, PersonId};
use payments::provider::Card;
use store::Tx;
use store::audit::Record;

use super::setup::{Purpose, may_wish};
use super::{CardAtProvider, CardWish};
use crate::asker::{Asker, Place};
use crate::keys::key_about;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// What was wished.
    pub wish: CardWish,
    /// The payment method.
    pub method: PaymentMethodId,
    /// The page that one came from; empty: the list of payment methods.
    pub back: String,
}

impl Services {
    /// Saves the card that was typed at the provider, once. `None`: it is not there yet, or nothing came of it; the
    /// place says why.
    pub async fn finish_card(
        &self,
        asker: &Asker,
        setup: CardSetupId,
    ) -> Result<Option<Finished>, ServiceError> {
        asker.must(Right::ManageCards)?;
        let place = asker.must_place()?.clone();
        let found = self.setup_of(&place, setup).await?;
        let Purpose { wish, back } = Purpose::of(&found)?;
        if let Some(method) = found.method {
            return Ok(Some(Finished { wish, method, back }));
        }
        let CardAtProvider::Ready(card) = self.ask_about(&found).await? else { return Ok(None) };
        let provider = self.paying().provider().name();
        let command = self.command(asker, place.organization.id, Some(key_about("card.finish", &setup)));
        let method = self
            .store()
            .write(command, move |tx| {
                let (place, card) = (place.clone(), card.clone());
                Box::pin(async move {
                    may_wish(tx, &place, wish).await?;
                    let method = save(tx, &place, wish, provider, &card).await?;
                    tx.finish_card_setup(place.organization.id, place.person.id, setup, method).await?;
                    Ok::<_, ServiceError>(method)
                })
            })
            .await?;
        Ok(Some(Finished { wish, method, back }))
    }
}

async fn save(
    tx: &mut Tx<'_>,
    place: &Place,
    wish: CardWish,
    provider: &str,
    card: &Card,
) -> Result<PaymentMethodId, ServiceError> {
    let (organization, person) = (place.organization.id, place.person.id);
    let json = serde_json::to_string(card).map_err(ServiceError::broken)?;
    let (action, method) = match wish {
        CardWish::Edit { method } => {
            tx.edit_card(organization, person, method, &json).await?;
            ("card.edit", method)
        }
        CardWish::Add { .. } | CardWish::Replace { .. } => {
            let token = card.token.secret();
            ("card.add", tx.keep_card(organization, person, provider, token, &json).await?)
        }
    };
    tx.audit(
        Record::new(action, "payment-method", method.uuid())
            .fact("brand", card.brand.code())
            .fact("last_four", card.last_four.to_string())
            .fact("expiry", card.expiry.to_string()),
    );
    match wish {
        CardWish::Add { profile: Some(profile) } => attach(tx, organization, profile, method).await?,
        CardWish::Replace { method: old } => put_in_place_of(tx, organization, person, old, method).await?,
        CardWish::Add { profile: None } | CardWish::Edit { .. } => {}
    }
    Ok(method)
}

async fn attach(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    profile: BillingProfileId,
    method: PaymentMethodId,
) -> Result<(), ServiceError> {
    tx.attach_method(organization, profile, method).await?;
    tx.audit(
        Record::new("billing-profile.method", "billing-profile", profile.uuid())
            .fact("method", method.to_string()),
    );
    Ok(())
}

/// Whatever the old one pays, the new one pays; then the old one is deleted.
pub(super) async fn put_in_place_of(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    person: PersonId,
    old: PaymentMethodId,
    new: PaymentMethodId,
) -> Result<(), ServiceError> {
    if old == new {
        return Err(ServiceError::Stale);
    }
    let profiles = tx.hand_profiles_over(organization, old, new).await?;
    tx.remove_method(organization, person, old).await?;
    tx.audit(
        Record::new("card.replace", "payment-method", old.uuid())
            .fact("by", new.to_string())
            .fact("profiles", profiles),
    );
    Ok(())
}
