//! Another payment method pays a billing profile. One method may pay several (SPEC 5, Cards).

use domain::id::{BillingProfileId, PaymentMethodId};
use store::audit::Record;

use super::{ProfilePage, changeable};
use crate::asker::Asker;
use crate::invoices::PayingCard;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// What could pay a profile.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The profile as it is.
    pub page: ProfilePage,
    /// The asker's own cards, the newest first; `usual` is the one that pays it now.
    pub cards: Vec<PayingCard>,
}

impl Services {
    /// What of the asker's own could pay a profile.
    pub async fn replacement(
        &self,
        asker: &Asker,
        profile: BillingProfileId,
    ) -> Result<Replacement, ServiceError> {
        let page = self.billing_profile(asker, profile).await?;
        let place = asker.must_place()?;
        let mut reader = self.store().read().await?;
        let own = reader.conn().payment_methods(place.organization.id, place.person.id).await?;
        let pays = page.profile.method.as_ref().map(|method| method.id);
        let cards = own.into_iter().map(|method| {
            let card = serde_json::from_str(&method.card).map_err(ServiceError::broken)?;
            Ok(PayingCard { method: method.id, card, usual: Some(method.id) == pays })
        });
        let cards = cards.collect::<Result<_, ServiceError>>()?;
        Ok(Replacement { page, cards })
    }

    /// Has a profile paid by one of the asker's own methods from now on. `version` is the state in which it was seen.
    /// Errors: [`ServiceError::NoCard`] where the method is not the asker's.
    pub async fn replace_method(
        &self,
        asker: &Asker,
        key: &str,
        profile: BillingProfileId,
        version: i64,
        method: PaymentMethodId,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageBilling)?;
        let place = asker.must_place()?.clone();
        let (organization, person) = (place.organization.id, place.person.id);
        let key = key_of("billing-profile.replace", &place, key, &(profile, version, method))?;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let place = place.clone();
                Box::pin(async move {
                    let before = changeable(tx, &place, profile).await?.method;
                    let own = tx.payment_methods(organization, person).await?;
                    if own.iter().all(|own| own.id != method) {
                        return Err(ServiceError::NoCard);
                    }
                    tx.pay_profile_by(organization, profile, version, (person, method)).await?;
                    tx.audit(
                        Record::new("billing-profile.replace", "billing-profile", profile.uuid())
                            .fact("before", before.map(|method| method.id.to_string()))
                            .fact("after", method.to_string()),
                    );
                    Ok(())
                })
            })
            .await
    }
}
