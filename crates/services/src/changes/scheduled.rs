//! What waits for the renewal (SPEC 5, Renewal): one change at most, a new one replaces it.

use domain::field::FieldProblem;
use domain::id::{PersonId, SubscriptionId};
use domain::notices::{Audience, NoticeKind};
use store::audit::Record;
use store::people::Profile;
use store::subscriptions::Scheduled;

use super::carry::told;
use super::managed::paid_term;
use crate::asker::Asker;
use crate::calendar::Calendar;
use crate::engine::losing;
use crate::keys::key_of;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// So many people can be looked at when it is decided who loses their license.
const MOST_SHOWN: usize = 200;

/// Who loses their license at the renewal, where there will be more people than seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Losing {
    /// How many lose it.
    pub count: u32,
    /// Those who hold one, the newest first; not more than 200.
    pub holders: Vec<LosingHolder>,
}

/// Somebody who holds a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LosingHolder {
    /// Who.
    pub person: PersonId,
    /// Names and the rest.
    pub profile: Profile,
    /// Whether they lose it as things stand.
    pub loses: bool,
}

impl Services {
    /// Who loses their license at the renewal of a subscription that the asker manages; `None`: nobody.
    pub async fn losing(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<Option<Losing>, ServiceError> {
        asker.must(Right::ManageSubscription)?;
        let place = asker.must_place()?;
        let organization = place.organization.id;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let found = conn.managed_subscription(organization, place.person.id, subscription).await?;
        let found = found.ok_or(ServiceError::NotFound)?;
        let Some(scheduled) = &found.scheduled else { return Ok(None) };
        let count = scheduled.change.losing(found.seats, found.assigned);
        if count == 0 {
            return Ok(None);
        }
        let all = conn.holders_in_order(organization, subscription).await?;
        let loses = losing(&all, &scheduled.losing, count);
        let mut holders = Vec::new();
        for person in all.into_iter().rev().take(MOST_SHOWN) {
            let known = conn.person_for_license(organization, found.product, person).await?;
            holders.extend(known.map(|known| LosingHolder {
                person,
                profile: known.profile,
                loses: loses.contains(&person),
            }));
        }
        Ok(Some(Losing { count, holders }))
    }

    /// Decides who loses their license at the renewal: these people first, then the newest (SPEC 5, Seats). Whoever holds
    /// none any more by then does not count.
    pub async fn choose_losing(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
        people: &[PersonId],
    ) -> Result<(), ServiceError> {
        asker.must(Right::ManageSubscription)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let calendar = Calendar::of(&place.organization)?;
        let key = key_of("subscription.losing", place, key, &(subscription, people))?;
        let command = self.command(asker, organization, Some(key));
        let people = people.to_vec();
        self.store()
            .write(command, move |tx| {
                let (calendar, people) = (calendar.clone(), people.clone());
                Box::pin(async move {
                    let found = tx.managed_subscription(organization, person, subscription).await?;
                    let mut found = found.ok_or(ServiceError::NotFound)?;
                    let (seats, assigned) = (found.seats, found.assigned);
                    let scheduled = found.scheduled.as_mut().ok_or(ServiceError::Stale)?;
                    let most = scheduled.change.losing(seats, assigned);
                    let holders = tx.holders_in_order(organization, subscription).await?;
                    let ticked: Vec<_> =
                        holders.into_iter().filter(|holder| people.contains(holder)).collect();
                    if usize::try_from(most).is_ok_and(|most| ticked.len() > most) {
                        let problem = FieldProblem::OutOfRange { least: 0, most };
                        return Err(ServiceError::Fields(vec![problem.of("person")]));
                    }
                    let names =
                        |people: &[PersonId]| people.iter().map(ToString::to_string).collect::<Vec<_>>();
                    let (before, after) = (names(&scheduled.losing), names(&ticked));
                    scheduled.losing = ticked;
                    let due_at = calendar.due_at(&found.agenda())?;
                    tx.save_subscription(organization, &mut found, due_at).await?;
                    tx.audit(
                        Record::new("subscription.losing", "subscription", subscription.uuid())
                            .fact("before", before)
                            .fact("after", after),
                    );
                    Ok(())
                })
            })
            .await
    }

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
