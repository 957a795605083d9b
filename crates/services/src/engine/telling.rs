//! People are told: what is ahead of them, and what has happened.

use domain::agenda::Ahead;
use domain::id::{DocumentId, PersonId};
use domain::money::Money;
use domain::notices::{Audience, NoticeKind};
use domain::time::Date;
use serde_json::{Map, Value, json};
use store::Tx;
use store::notices::NewNotice;
use store::subscriptions::Subscription;

use super::{Run, day_of};
use crate::ServiceError;

/// The facts of a notice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts(Map<String, Value>);

impl Facts {
    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The day it is about.
    pub(crate) fn on(self, day: Date) -> Self {
        self.with("on", day.to_string())
    }

    /// An amount, with tax.
    pub(crate) fn amount(self, amount: Money) -> Self {
        self.with("amount", amount.minor()).with("currency", amount.currency().code())
    }

    /// A document and what of it is meant.
    pub(crate) fn document(self, document: DocumentId, amount: Money) -> Self {
        self.with("document", document.to_string()).amount(amount)
    }

    /// How many people.
    pub(crate) fn people(self, people: u32) -> Self {
        self.with("people", people)
    }

    /// Why a card was declined.
    pub(crate) fn reason(self, code: &str) -> Self {
        self.with("reason", code)
    }
}

impl Run<'_> {
    /// Tells the people of a subscription what is ahead.
    pub(super) async fn tell_ahead(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        ahead: Ahead,
    ) -> Result<(), ServiceError> {
        subscription.told_to = on;
        let day = day_of(ahead);
        let kind = match ahead {
            Ahead::Renewal(_) | Ahead::LosingSeats(_) => NoticeKind::RenewalAhead,
            Ahead::End(_) => NoticeKind::EndAhead,
            Ahead::Deletion(_) => NoticeKind::DeletionAhead,
            Ahead::TrialEnd(_) => NoticeKind::TrialEndAhead,
        };
        let people = subscription.assigned;
        if kind == NoticeKind::RenewalAhead {
            let amount = self.renewal_amount(tx, subscription, day).await?;
            self.tell_managers(subscription, kind, |facts| facts.on(day).amount(amount));
        } else if let Ahead::TrialEnd(_) = ahead {
            let amount = self.amount_at_trial_end(tx, subscription, day).await?;
            self.tell_managers(subscription, kind, |facts| {
                let facts = facts.on(day).people(people);
                amount.into_iter().fold(facts, Facts::amount)
            });
        } else {
            self.tell_managers(subscription, kind, |facts| facts.on(day).people(people));
        }
        if let Ahead::LosingSeats(_) = ahead {
            self.tell_losing(tx, subscription, day).await?;
        }
        self.note(subscription, on, "subscription.announce", |record| {
            record.fact("notice", kind.code()).fact("day", day.to_string())
        });
        Ok(())
    }

    /// Tells those who will lose their license at a renewal with fewer seats.
    async fn tell_losing(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &Subscription,
        day: Date,
    ) -> Result<(), ServiceError> {
        let Some(scheduled) = &subscription.scheduled else { return Ok(()) };
        let count = scheduled.change.losing(subscription.seats, subscription.assigned);
        let holders = tx.holders_in_order(self.organization.id, subscription.id).await?;
        for person in super::seats::losing(&holders, &scheduled.losing, count) {
            self.tell_person(subscription, NoticeKind::LicenseLossAhead, person, |facts| facts.on(day));
        }
        Ok(())
    }

    /// What the renewal on this day will ask for, tax included, as far as it is decided.
    async fn renewal_amount(
        &self,
        tx: &mut Tx<'_>,
        subscription: &Subscription,
        day: Date,
    ) -> Result<Money, ServiceError> {
        let mut next = subscription.clone();
        let bought = self.enter_next_term(tx, &mut next, day).await?;
        Ok(self.bill_of(&next, day, bought)?.totals.gross)
    }

    /// A day of the dunning on which people are only reminded.
    pub(super) fn remind(&mut self, subscription: &mut Subscription, on: Date) {
        if let Some(dunning) = &mut subscription.dunning {
            dunning.done_to = on;
        }
        self.note(subscription, on, "subscription.remind", |record| record);
        self.tell_payers(subscription, NoticeKind::PaymentReminder, |facts| facts.on(on));
    }

    /// Tells who manages a subscription.
    pub(crate) fn tell_managers(
        &mut self,
        subscription: &Subscription,
        kind: NoticeKind,
        facts: impl FnOnce(Facts) -> Facts,
    ) {
        self.tell(subscription, kind, (Audience::Managers, None), facts);
    }

    /// Tells the administrators of the organization.
    pub(super) fn tell_administrators(
        &mut self,
        subscription: &Subscription,
        kind: NoticeKind,
        facts: impl FnOnce(Facts) -> Facts,
    ) {
        self.tell(subscription, kind, (Audience::Administrators, None), facts);
    }

    /// Tells who owns the profile that pays a subscription.
    pub(crate) fn tell_payers(
        &mut self,
        subscription: &Subscription,
        kind: NoticeKind,
        facts: impl FnOnce(Facts) -> Facts,
    ) {
        self.tell(subscription, kind, (Audience::Payers, None), facts);
    }

    pub(super) fn tell_person(
        &mut self,
        subscription: &Subscription,
        kind: NoticeKind,
        person: PersonId,
        facts: impl FnOnce(Facts) -> Facts,
    ) {
        self.tell(subscription, kind, (Audience::Person, Some(person)), facts);
    }

    fn tell(
        &mut self,
        subscription: &Subscription,
        kind: NoticeKind,
        (audience, person): (Audience, Option<PersonId>),
        facts: impl FnOnce(Facts) -> Facts,
    ) {
        let subject = ("subscription", subscription.id.uuid());
        let facts = json!(facts(Facts::default()).0);
        self.notices.push(NewNotice { kind, audience, person, subject, facts });
    }
}
