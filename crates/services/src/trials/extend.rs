//! A trial is extended, once, in its last days.

use domain::id::SubscriptionId;
use domain::notices::{Audience, NoticeKind};
use store::audit::Record;

use super::notices;
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

impl Services {
    /// Extends a trial, once, in its last days (SPEC 5). Sending the same form again changes nothing.
    pub async fn extend_trial(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
    ) -> Result<(), ServiceError> {
        asker.must(Right::Buy)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let found = reader.conn().managed_subscription(organization, person, subscription).await?;
        drop(reader);
        let found = found.ok_or(ServiceError::NotFound)?;
        let rule = window.product(found.product).and_then(|product| product.trial.clone());
        let rule = rule.ok_or(ServiceError::NotFound)?;
        let (calendar, today) = (Calendar::of(&place.organization)?, window.customer.today);
        let key = key_of("trial.extend", place, key, &subscription)?;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let (rule, calendar) = (rule.clone(), calendar.clone());
                Box::pin(async move {
                    let found = tx.managed_subscription(organization, person, subscription).await?;
                    let mut found = found.ok_or(ServiceError::NotFound)?;
                    let before = found.ends_on;
                    found.state = found.state.extend_trial(&rule, today)?;
                    let due_at = calendar.due_at(&found.agenda())?;
                    tx.save_subscription(organization, &mut found, due_at).await?;
                    let facts = serde_json::json!({ "by": person, "was": before, "ends_on": found.ends_on });
                    let told = [Audience::Managers, Audience::Administrators];
                    tx.tell(organization, notices(NoticeKind::TrialExtended, &told, found.id, &facts))
                        .await?;
                    tx.audit(
                        Record::new("trial.extend", "subscription", found.id.uuid())
                            .fact("before", before.to_string())
                            .fact("ends_on", found.ends_on.to_string()),
                    );
                    Ok(())
                })
            })
            .await
    }
}
