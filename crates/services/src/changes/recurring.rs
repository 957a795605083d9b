//! Recurring billing (SPEC 5, Renewal): on or off while Active.

use domain::change::ChangeRefusal;
use domain::id::{OrganizationId, SubscriptionId};
use domain::notices::{Audience, NoticeKind};
use domain::subscription::{Active, Run, State};
use store::Tx;
use store::audit::Record;
use store::subscriptions::Subscription;

use super::carry::told;
use super::managed::paid_term;
use super::scheduled::json;
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

impl Services {
    /// Turns recurring billing on or off. Off drops what is scheduled, which on does not bring back.
    pub async fn set_recurring(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
        on: bool,
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageSubscription)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let calendar = Calendar::of(&place.organization)?;
        let key = key_of("subscription.recurring", place, key, &(subscription, on))?;
        let command = self.command(asker, organization, Some(key));
        self.store()
            .write(command, move |tx| {
                let calendar = calendar.clone();
                Box::pin(async move {
                    let found = tx.managed_subscription(organization, person, subscription).await?;
                    let mut found = found.ok_or(ServiceError::NotFound)?;
                    set(tx, organization, &mut found, (&calendar, on)).await
                })
            })
            .await
    }
}

/// Turns it on or off inside a unit of work; where it is so already nothing is done. A trial that was to become a
/// purchase ends by itself from then on; what it would become is chosen by buying it, so on again is refused.
pub(super) async fn set(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    subscription: &mut Subscription,
    (calendar, on): (&Calendar, bool),
) -> Result<(), ServiceError> {
    let trial = match subscription.state {
        State::Active(Active { run: Run::Trial(trial), .. }) => Some(trial),
        _ => None,
    };
    let recurring = match trial {
        Some(trial) => trial.converts_to.is_some(),
        None => paid_term(subscription)?.recurring,
    };
    if recurring == on {
        return Ok(());
    }
    let refusal = if trial.is_some() { ChangeRefusal::Trial } else { ChangeRefusal::NotActive };
    let state = subscription.state.set_recurring(on);
    subscription.state = state.map_err(|_| ServiceError::Change(refusal))?;
    let dropped = if on { None } else { subscription.schedule(None) };
    let dropped = dropped.as_ref().map(json).transpose()?;
    let due_at = calendar.due_at(&subscription.agenda())?;
    tx.save_subscription(organization, subscription, due_at).await?;
    tx.audit(
        Record::new("subscription.recurring", "subscription", subscription.id.uuid())
            .fact("before", !on)
            .fact("after", on)
            .fact("dropped", dropped.clone()),
    );
    let facts = serde_json::json!({ "on": on, "ends_on": subscription.ends_on, "dropped": dropped });
    let notice = told(NoticeKind::RecurringBilling, Audience::Managers, subscription.id, facts);
    Ok(tx.tell(organization, vec![notice]).await?)
}
