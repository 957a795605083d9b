//! A trial that is bought before its end, and what has ended and comes back: the order for it, and its quote.

use domain::change::ChangeRefusal;
use domain::conventions::Conventions;
use domain::id::{OrderId, SubscriptionId};
use domain::money::Money;
use domain::order::{Choice, OrderKind};
use domain::quote::PurchaseQuote;
use domain::subscription::{Active, Channel, Run, State, Status, TransitionError};
use domain::time::Date;
use store::orders::Order;
use store::subscriptions::Subscription;

use crate::asker::Asker;
use crate::catalog::Window;
use crate::keys::key_of;
use crate::orders::{Beginning, Wish, purchase, refusal};
use crate::rights::Right;
use crate::{ServiceError, Services};

impl Services {
    /// Begins the order that buys a trial before its end; its checkout finishes it. What the wish leaves empty is as
    /// it is: the plan that is tried. Sending the same form again gives the same order.
    pub async fn buy_trial(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
        wish: &Wish,
    ) -> Result<OrderId, ServiceError> {
        self.begin_new_term(asker, key, subscription, wish, OrderKind::Conversion).await
    }

    /// Begins the order that brings back what has ended; its checkout finishes it. What the wish leaves empty is as it
    /// was: plan, term, frequency, seats. Sending the same form again gives the same order.
    ///
    /// What was Disabled because it was not paid is [`ServiceError::PaymentDue`]: paying restores it.
    pub async fn reactivate(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
        wish: &Wish,
    ) -> Result<OrderId, ServiceError> {
        self.begin_new_term(asker, key, subscription, wish, OrderKind::Reactivation).await
    }

    /// What a new term of a subscription would cost, before there is an order for it: a trial that is bought, or what
    /// has ended and comes back. Credit is not counted yet: the last page does that. Nothing is written.
    pub fn quote_term(
        &self,
        window: &Window,
        subscription: &Subscription,
        wish: &Wish,
    ) -> Result<PurchaseQuote, ServiceError> {
        let choice = as_it_is(window, subscription, wish)?.choice(window)?;
        quote(window, subscription, &choice, Money::zero(window.customer.currency))
    }

    async fn begin_new_term(
        &self,
        asker: &Asker,
        key: &str,
        subscription: SubscriptionId,
        wish: &Wish,
        kind: OrderKind,
    ) -> Result<OrderId, ServiceError> {
        asker.must(Right::Buy)?;
        let place = asker.must_place()?;
        let (organization, person) = (place.organization.id, place.person.id);
        let action = if kind == OrderKind::Conversion { "trial.buy" } else { "subscription.reactivate" };
        let key = key_of(action, place, key, &(subscription, wish))?;
        let window = self.browse(asker).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        // What was asked before was possible then.
        if let Some(order) = conn.answered(organization, &key).await? {
            return Ok(order);
        }
        let found = conn.managed_subscription(organization, person, subscription).await?;
        drop(reader);
        let found = found.ok_or(ServiceError::NotFound)?;
        let is_trial = matches!(found.state, State::Active(Active { run: Run::Trial(_), .. }));
        if is_trial != (kind == OrderKind::Conversion) {
            return Err(TransitionError::WrongState(found.state.status()).into());
        }
        let choice = as_it_is(&window, &found, wish)?.choice(&window)?;
        // Refuses what cannot be had, before anything is written.
        quote(&window, &found, &choice, Money::zero(window.customer.currency))?;
        let (channel, subscription) = (Channel::SelfService, Some(subscription));
        let beginning = Beginning { kind, channel, subscription, choice, converts: false };
        self.begin_order(asker, place, key, beginning).await
    }

    /// What an order for a new term costs, from today on, and how much of it the buyer's credit pays.
    pub(crate) async fn quote_new_term(
        &self,
        window: &Window,
        order: &Order,
        choice: &Choice,
    ) -> Result<PurchaseQuote, ServiceError> {
        let subscription = order.subscription.ok_or(ServiceError::NotFound)?;
        let credit = self.credit_of_buyer(window, order).await?;
        let mut reader = self.store().read().await?;
        let found =
            reader.conn().managed_subscription(order.organization, order.person, subscription).await?;
        drop(reader);
        quote(window, &found.ok_or(ServiceError::NotFound)?, choice, credit)
    }
}

/// The wish, with what it leaves empty as the subscription has it.
fn as_it_is(window: &Window, subscription: &Subscription, wish: &Wish) -> Result<Wish, ServiceError> {
    let (product, plan) = window.plan(subscription.plan).ok_or(ServiceError::NotFound)?;
    let or = |wished: &str, is: &str| if wished.is_empty() { is.to_owned() } else { wished.to_owned() };
    let (term, frequency) = match subscription.channel {
        // A trial has no term.
        Channel::Trial => ("", ""),
        _ => (subscription.price.term.code(), subscription.price.frequency.code()),
    };
    Ok(Wish {
        product: or(&wish.product, product.key.as_str()),
        plan: or(&wish.plan, plan.key.as_str()),
        term: or(&wish.term, term),
        frequency: or(&wish.frequency, frequency),
        seats: or(&wish.seats, &subscription.seats.to_string()),
    })
}

fn quote(
    window: &Window,
    subscription: &Subscription,
    choice: &Choice,
    credit: Money,
) -> Result<PurchaseQuote, ServiceError> {
    if window.shelf.products.get(choice.product.as_str()) != Some(&subscription.product) {
        return Err(ServiceError::NotFound);
    }
    let today = window.customer.today;
    let start = begins_on(subscription, choice.seats.get(), today)?;
    // Of a trial nothing was bought before.
    let had = if subscription.channel == Channel::Trial { 0 } else { subscription.seats };
    purchase(window, choice, start)?.quote_again(had, today, credit, Conventions::default()).map_err(refusal)
}

/// On which day a new term for so many seats would begin, or why there is none (SPEC 5): nothing may be owed, nobody
/// may lose their license, and no other term may be running.
pub(crate) fn begins_on(subscription: &Subscription, seats: u32, today: Date) -> Result<Date, ServiceError> {
    if subscription.owes.is_some() && subscription.state.status() != Status::Deleted {
        return Err(ServiceError::PaymentDue);
    }
    let start = subscription.state.new_term_starts_on(today)?;
    match subscription.assigned.checked_sub(seats) {
        None | Some(0) => Ok(start),
        Some(free) => Err(ServiceError::Change(ChangeRefusal::BelowAssigned { free })),
    }
}
