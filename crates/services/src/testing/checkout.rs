//! The way through a checkout, as people go it: a card is typed, the last page is confirmed.

use domain::id::{OrderId, OrganizationId, PersonId, SubscriptionId};
use domain::ledger::{Account, posting_for_credit_granted};
use domain::money::{Currency, Money};
use domain::notices::NoticeKind;
use store::audit::Record;
use store::books::Cause;
use store::subscriptions::Subscription;

use super::World;
use crate::asker::Asker;
use crate::orders::{Checkout, Confirmation, Stage, Standing};
use crate::{ServiceError, Services};

/// A card that pays.
pub const GOOD: &str = "4242 4242 4242 4242";
/// A card without money.
pub const EMPTY: &str = "4000 0000 0000 9995";
/// A card whose bank asks.
pub const ASKS: &str = "4000 0000 0000 3220";

/// Confirms the last page of a checkout as it is shown now.
pub async fn last_page(
    services: &Services,
    buyer: &Asker,
    order: OrderId,
) -> Result<Confirmation, ServiceError> {
    match services.checkout(buyer, order).await?.stage {
        Stage::Confirm { quoted, .. } => Ok(Confirmation { seal: quoted.seal, quoted_at: quoted.at }),
        Stage::Trial { quoted, .. } => Ok(Confirmation { seal: quoted.seal, quoted_at: quoted.at }),
        other => Err(ServiceError::broken(format!("not the last page: {other:?}"))),
    }
}

impl World {
    /// Types a card where the checkout asks for one, and shows what comes then.
    pub async fn with_card(
        &self,
        buyer: &Asker,
        order: OrderId,
        card: &str,
    ) -> Result<Checkout, ServiceError> {
        let checkout = self.services.checkout(buyer, order).await?;
        let Stage::Card { setup, .. } = checkout.stage else { return Ok(checkout) };
        self.type_card(&setup, card).await;
        self.services.checkout(buyer, order).await
    }

    /// Confirms what the checkout shows.
    pub async fn confirm(&self, buyer: &Asker, order: OrderId) -> Result<Standing, ServiceError> {
        let confirmation = last_page(&self.services, buyer, order).await?;
        self.services.confirm_order(buyer, order, &confirmation).await
    }

    /// Everything that must be true of the data and is not: nothing.
    pub async fn broken(&self) -> Result<Vec<String>, ServiceError> {
        let verdicts = self.services.verify(|_| ()).await?;
        let broken = verdicts.into_iter().filter_map(|verdict| Some((verdict.rule, verdict.broken?)));
        Ok(broken.map(|(rule, row)| format!("{rule}: {row}")).collect())
    }

    /// Debits less credits over an organization, in yen.
    pub async fn balance(&self, organization: &str, account: Account) -> Result<i64, ServiceError> {
        let organization = self.organization(organization).await?;
        let mut reader = self.services.store().read().await?;
        Ok(reader.conn().balance(organization, account, Currency::JPY).await?.minor())
    }

    /// A subscription as it is stored.
    pub async fn subscription(
        &self,
        organization: &str,
        subscription: SubscriptionId,
    ) -> Result<Subscription, ServiceError> {
        let organization = self.organization(organization).await?;
        let mut reader = self.services.store().read().await?;
        let found = reader.conn().subscription(organization, subscription).await?;
        found.ok_or(ServiceError::NotFound)
    }

    /// What was told about something, the oldest first.
    pub async fn told(&self, organization: &str, about: uuid::Uuid) -> Result<Vec<NoticeKind>, ServiceError> {
        let organization = self.organization(organization).await?;
        let mut reader = self.services.store().read().await?;
        let notices = reader.conn().notices_about(organization, about).await?;
        Ok(notices.into_iter().map(|notice| notice.kind).collect())
    }

    /// A person of an organization.
    pub async fn person(&self, organization: &str, mail: &str) -> Result<PersonId, ServiceError> {
        let organization = self.organization(organization).await?;
        let mut reader = self.services.store().read().await?;
        let found = reader.conn().known_person(organization, mail).await?;
        Ok(found.ok_or(ServiceError::NotFound)?.id)
    }

    /// Puts a subscription into a state that a test begins with, as if its time had passed.
    pub async fn as_if(
        &self,
        organization: &str,
        subscription: SubscriptionId,
        change: impl Fn(&mut Subscription) + Clone + Send + Sync + 'static,
    ) -> Result<Subscription, ServiceError> {
        let id: OrganizationId = self.organization(organization).await?;
        let command = self.services.command_of_machine(id, None);
        self.services
            .store()
            .write::<(), ServiceError, _>(command, move |tx| {
                let change = change.clone();
                Box::pin(async move {
                    let found = tx.subscription(id, subscription).await?;
                    let mut found = found.ok_or(ServiceError::NotFound)?;
                    change(&mut found);
                    tx.save_subscription(id, &mut found, None).await?;
                    tx.audit(Record::new("test", "subscription", subscription.uuid()));
                    Ok(())
                })
            })
            .await?;
        self.subscription(organization, subscription).await
    }

    /// Gives credit to the profile of a subscription, or takes it; the books say so.
    pub async fn give_credit(
        &self,
        organization: &str,
        subscription: SubscriptionId,
        amount: Money,
    ) -> Result<(), ServiceError> {
        let organization = self.organization(organization).await?;
        let command = self.services.command_of_machine(organization, None);
        self.services
            .store()
            .write::<(), ServiceError, _>(command, move |tx| {
                Box::pin(async move {
                    let found = tx.subscription(organization, subscription).await?;
                    let profile = found.ok_or(ServiceError::NotFound)?.profile;
                    let invoices = tx.invoices_of(organization, subscription).await?;
                    let invoice = invoices.first().ok_or(ServiceError::NotFound)?;
                    let (issuer, on) = (invoice.contents.issuer.key.clone(), invoice.contents.transaction_on);
                    tx.change_credit(organization, profile, amount).await?;
                    let posting =
                        posting_for_credit_granted(profile, amount).map_err(ServiceError::broken)?;
                    if let Some(posting) = posting {
                        let cause = Cause::CreditGranted(invoice.id);
                        tx.post(organization, issuer.as_str(), cause, on, &posting).await?;
                    }
                    tx.audit(Record::new("test", "billing-profile", profile.uuid()));
                    Ok(())
                })
            })
            .await
    }
}
