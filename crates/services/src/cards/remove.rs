//! A payment method is deleted: here at once, at the provider by the worker.

use domain::id::{OrganizationId, PaymentMethodId};
use payments::provider::{ProviderError, Subject};
use store::audit::Record;
use store::work::Work;

use super::finish::put_in_place_of;
use super::own_method;
use crate::asker::Asker;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

impl Services {
    /// Deletes a payment method of the asker's own. One that pays something is deleted only with another of the
    /// asker's own that takes its place.
    pub async fn delete_card(
        &self,
        asker: &Asker,
        form: &str,
        method: PaymentMethodId,
        instead: Option<PaymentMethodId>,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageCards)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let key = key_of("card.delete", place, form, &(method, instead))?;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                Box::pin(async move {
                    own_method(tx, organization, person, method).await?;
                    if let Some(instead) = instead {
                        own_method(tx, organization, person, instead).await?;
                        return put_in_place_of(tx, organization, person, method, instead).await;
                    }
                    let paid = tx.paid_by_methods_of(organization, person).await?;
                    if paid.iter().any(|paid| paid.method == method) {
                        return Err(ServiceError::CardInUse);
                    }
                    tx.remove_method(organization, person, method).await?;
                    tx.audit(Record::new("card.delete", "payment-method", method.uuid()));
                    Ok(())
                })
            })
            .await
    }

    /// Asks the provider to forget what was deleted.
    pub(crate) async fn forget_methods(&self, due: &[Work]) -> Result<(), ServiceError> {
        for work in due {
            self.forget_method(work.organization, PaymentMethodId::from_uuid(work.subject)).await?;
        }
        Ok(())
    }

    /// However often it is asked: what is forgotten stays forgotten.
    async fn forget_method(
        &self,
        organization: OrganizationId,
        method: PaymentMethodId,
    ) -> Result<(), ServiceError> {
        let found = self.store().read().await?.conn().removed_method(organization, method).await?;
        if let Some(found) = found {
            let card: payments::provider::Card =
                serde_json::from_str(&found.card).map_err(ServiceError::broken)?;
            match self.paying().provider().forget_card(&card.token).await {
                Ok(()) | Err(ProviderError::NotFound(Subject::Card)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let command = self.command_of_machine(organization, None);
        self.store()
            .write(command, move |tx| {
                Box::pin(async move { Ok::<_, ServiceError>(tx.forget_method(organization, method).await?) })
            })
            .await
    }
}
