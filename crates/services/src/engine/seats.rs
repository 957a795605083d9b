//! What becomes of people's licenses when seats go (SPEC 5, Seats and Assigning).

use domain::id::PersonId;
use domain::license::draw_from;
use domain::notices::NoticeKind;
use domain::time::Date;
use store::Tx;
use store::subscriptions::Subscription;

use super::Run;
use crate::ServiceError;

impl Run<'_> {
    /// At a renewal with fewer seats those who are ticked lose their license, otherwise the newest first.
    pub(super) async fn lose_licenses(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        ticked: &[PersonId],
    ) -> Result<(), ServiceError> {
        let organization = self.organization.id;
        let too_many = subscription.assigned.saturating_sub(subscription.seats);
        if too_many == 0 {
            return Ok(());
        }
        let holders = tx.holders_in_order(organization, subscription.id).await?;
        for person in losing(&holders, ticked, too_many) {
            self.lose(tx, subscription, on, person).await?;
        }
        Ok(tx
            .set_assigned(organization, subscription.id, (subscription.version, subscription.assigned))
            .await?)
    }

    /// With a subscription that is Deleted every license goes that is still drawn from it.
    pub(super) async fn lose_all_licenses(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        let organization = self.organization.id;
        for person in tx.holders_in_order(organization, subscription.id).await? {
            self.lose(tx, subscription, on, person).await?;
        }
        Ok(tx
            .set_assigned(organization, subscription.id, (subscription.version, subscription.assigned))
            .await?)
    }

    /// When nobody can use a subscription any more, its people move to free seats of the same product under the same
    /// managers, in the order in which they were given their license. The rest keep theirs, without use, until the
    /// subscription comes back or is Deleted.
    pub(crate) async fn move_people(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        let organization = self.organization.id;
        if subscription.assigned == 0 {
            return Ok(());
        }
        let mut sources = tx.seats_beside(organization, (subscription.product, subscription.id)).await?;
        let before = subscription.assigned;
        for person in tx.holders_in_order(organization, subscription.id).await? {
            let Some(to) = draw_from(&sources, None).first().copied() else { break };
            if !tx.take_seat(organization, to).await? {
                sources.retain(|source| source.subscription != to);
                continue;
            }
            if let Some(source) = sources.iter_mut().find(|source| source.subscription == to) {
                source.assigned += 1;
            }
            let license = (subscription.product, person);
            tx.move_assignment(organization, license, (subscription.id, to)).await?;
            subscription.assigned -= 1;
            self.tell_person(subscription, NoticeKind::LicenseMoved, person, |facts| facts.on(on));
        }
        if subscription.assigned < before {
            let moved = before - subscription.assigned;
            let assigned = (subscription.version, subscription.assigned);
            tx.set_assigned(organization, subscription.id, assigned).await?;
            self.note(subscription, on, "subscription.move-people", |record| record.fact("people", moved));
        }
        Ok(())
    }

    async fn lose(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        person: PersonId,
    ) -> Result<(), ServiceError> {
        let license = (subscription.product, person);
        tx.lose_assignment(self.organization.id, license, subscription.id).await?;
        subscription.assigned = subscription.assigned.saturating_sub(1);
        self.note(subscription, on, "license.lose", |record| record.fact("person", person.to_string()));
        self.tell_person(subscription, NoticeKind::LicenseLost, person, |facts| facts.on(on));
        Ok(())
    }
}

/// So many of the holders, who are in the order in which they were given their license: the ticked ones that still
/// hold one, then the newest.
pub(crate) fn losing(holders: &[PersonId], ticked: &[PersonId], count: u32) -> Vec<PersonId> {
    let first = ticked.iter().filter(|person| holders.contains(person));
    let then = holders.iter().rev().filter(|person| !ticked.contains(person));
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    first.chain(then).take(count).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_ticked_go_first_and_then_the_newest() {
        let person = |number: u128| PersonId::from_uuid(Uuid::from_u128(number));
        let holders = [1, 2, 3, 4].map(person);
        assert_eq!(losing(&holders, &[], 2), [4, 3].map(person));
        assert_eq!(losing(&holders, &[person(1), person(9)], 2), [1, 4].map(person));
        assert_eq!(losing(&holders, &[person(1), person(2)], 1), [person(1)]);
        assert_eq!(losing(&holders, &[], 9).len(), 4);
    }
}
