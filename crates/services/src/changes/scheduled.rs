//! What waits for the renewal (SPEC 5, Renewal): one change at most, a new one replaces it.

use domain::id::SubscriptionId;
use domain::notices::{Audience, NoticeKind};
use store::audit::Record;
use store::subscriptions::Scheduled;

use super::carry::told;
use super::managed::paid_term;
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

impl Services {
    /// What waits for the renewal does not happen. Where nothing waits nothing is done.
    pub async fn revoke_scheduled(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageSubscription)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let calendar = Calendar::of(&place.organization)?;
        let key = key_of("subscription.revoke", place, key, &subscription)?;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let calendar = calendar.clone();
                Box::pin(async move {
                    let found = tx.managed_subscription(organization, person, subscription).await?;
                    let mut found = found.ok_or(ServiceError::NotFound)?;
                    paid_term(&found)?;
                    let Some(revoked) = found.schedule(None) else { return Ok(()) };
                    let due_at = calendar.due_at(&found.agenda())?;
                    tx.save_subscription(organization, &mut found, due_at).await?;
                    let change = json(&revoked)?;
                    tx.audit(
                        Record::new("subscription.revoke", "subscription", subscription.uuid())
                            .fact("before", change.clone()),
                    );
                    let facts = serde_json::json!({ "revoked": change });
                    let notice = told(NoticeKind::Scheduled, Audience::Managers, subscription, facts);
                    Ok(tx.tell(organization, vec![notice]).await?)
                })
            })
            .await
    }
}

/// What was scheduled, for the audit and for notices.
pub(super) fn json(scheduled: &Scheduled) -> Result<serde_json::Value, ServiceError> {
    serde_json::to_value(&scheduled.change).map_err(ServiceError::broken)
}
