//! A trial starts: at once where no card is asked for, otherwise with the checkout of its order.

use domain::catalog::{Key as CatalogKey, TrialCard, TrialRule};
use domain::id::{
    OrderId, OrganizationId, PaymentMethodId, PersonId, PlanId, PriceId, ProductId, SubscriptionId,
};
use domain::money::Currency;
use domain::notices::{Audience, NoticeKind};
use domain::order::{OrderKind, OrderState};
use domain::quote::PurchaseQuote;
use domain::subscription::{Channel, Conversion, State};
use domain::time::Date;
use store::Tx;
use store::audit::Record;
use store::orders::Order;
use store::subscriptions::NewSubscription;
use store::trials::{AgreedTrial, GRANTED};

use super::offer::{Tried, tried};
use super::{TrialStarted, TrialWish, notices};
use crate::asker::{Asker, Place};
use crate::calendar::Calendar;
use crate::catalog::Window;
use crate::keys::key_of;
use crate::orders::{Agreed, Beginning, PayWith};
use crate::rights::Right;
use crate::{ServiceError, Services};

/// What has to be known of a trial that starts.
#[derive(Clone, Debug)]
pub(super) struct TrialFacts {
    organization: OrganizationId,
    person: PersonId,
    product: ProductId,
    plan: PlanId,
    keys: (CatalogKey, CatalogKey),
    rule: TrialRule,
    currency: Currency,
    today: Date,
    calendar: Calendar,
    /// What it becomes at its end, and the version of the price.
    converts: Option<(PurchaseQuote, PriceId)>,
    /// JSON: what is agreed to.
    agreed: String,
}

impl TrialFacts {
    pub(super) fn new(
        window: &Window,
        place: &Place,
        tried: &Tried<'_>,
        converts: Option<(PurchaseQuote, PriceId)>,
    ) -> Result<Self, ServiceError> {
        let shelf = &window.shelf;
        let keys = (tried.product.key.clone(), tried.plan.key.clone());
        let product = *shelf.products.get(keys.0.as_str()).ok_or(ServiceError::NotFound)?;
        let plan = shelf.plans.get(&(keys.0.to_string(), keys.1.to_string()));
        Ok(Self {
            organization: place.organization.id,
            person: place.person.id,
            product,
            plan: *plan.ok_or(ServiceError::NotFound)?,
            keys,
            rule: tried.rule.clone(),
            currency: window.customer.currency,
            today: window.customer.today,
            calendar: Calendar::of(&place.organization)?,
            converts,
            agreed: serde_json::to_string(&Agreed::now(window)).map_err(ServiceError::broken)?,
        })
    }

    fn conversion(&self) -> Option<Conversion> {
        let (quote, _) = self.converts.as_ref()?;
        let (term, frequency) = (quote.term_length(), quote.frequency());
        Some(Conversion { term, frequency, seats: quote.seats })
    }
}

impl Services {
    /// Starts a trial, or begins an order where a card is asked for first: the checkout finishes that. Sending the
    /// same form again gives the same answer.
    ///
    /// [`ServiceError::TriedBefore`] where the organization has had its trial of the product.
    pub async fn start_trial(
        &self,
        asker: &Asker,
        key: &str,
        wish: &TrialWish,
    ) -> Result<TrialStarted, ServiceError> {
        asker.must(Right::Buy)?;
        let place = asker.must_place()?;
        let window = self.browse(asker).await?;
        let tried = tried(&window, &wish.product)?;
        let wanted = tried.wanted(wish)?;
        let beginning = Beginning {
            kind: OrderKind::Trial,
            channel: Channel::Trial,
            subscription: None,
            converts: wanted.is_some(),
            choice: wanted.map_or_else(|| tried.as_tried(&window), Ok)?,
        };
        if tried.rule.card == TrialCard::Required {
            let key = key_of("trial.order", place, key, wish)?;
            let before = self.store().read().await?.conn().answered(place.organization.id, &key).await?;
            if let Some(order) = before {
                return Ok(TrialStarted::Card(order));
            }
            // Refuses what cannot be had, before anything is written.
            self.quote_trial(&window, wish)?;
            self.must_be_untried(place, &window, &tried).await?;
            return self.begin_order(asker, place, key, beginning).await.map(TrialStarted::Card);
        }
        let key = key_of("trial.start", place, key, wish)?;
        let facts = TrialFacts::new(&window, place, &tried, None)?;
        let payment = serde_json::to_string(&PayWith::Nothing).map_err(ServiceError::broken)?;
        let command = self.command(asker, place.organization.id, Some(key));
        self.store()
            .write(command, move |tx| {
                let (facts, beginning, payment) = (facts.clone(), beginning.clone(), payment.clone());
                Box::pin(async move {
                    let id = tx.id(OrderId::new);
                    let order = begun(tx, &facts, beginning, id, payment).await?;
                    start(tx, &facts, &order, None).await.map(TrialStarted::Running)
                })
            })
            .await
    }

    /// An early answer; the statement that takes the trial is the one that decides.
    async fn must_be_untried(
        &self,
        place: &Place,
        window: &Window,
        tried: &Tried<'_>,
    ) -> Result<(), ServiceError> {
        let product = *window.shelf.products.get(tried.product.key.as_str()).ok_or(ServiceError::NotFound)?;
        let had = self.store().read().await?.conn().count_trials(place.organization.id, product).await?;
        if had < GRANTED { Ok(()) } else { Err(ServiceError::TriedBefore) }
    }
}

/// The order of a trial that starts at once.
async fn begun(
    tx: &mut Tx<'_>,
    facts: &TrialFacts,
    beginning: Beginning,
    id: OrderId,
    payment: String,
) -> Result<Order, ServiceError> {
    tx.start_order(beginning.order(id, facts.person, payment)).await?;
    tx.audit(
        Record::new("order.start", "order", id.uuid())
            .fact("kind", OrderKind::Trial.code())
            .fact("product", facts.keys.0.as_str())
            .fact("plan", facts.keys.1.as_str())
            .fact("seats", facts.rule.seats),
    );
    tx.order(facts.organization, id).await?.ok_or_else(|| ServiceError::broken("an order that is gone"))
}

/// Starts the trial of an order: one for each product and organization. The card, if one was given, pays the profile
/// from now on.
pub(super) async fn start(
    tx: &mut Tx<'_>,
    facts: &TrialFacts,
    order: &Order,
    method: Option<PaymentMethodId>,
) -> Result<SubscriptionId, ServiceError> {
    let (organization, person) = (facts.organization, facts.person);
    let subscription = tx.id(SubscriptionId::new);
    if !tx.take_trial(organization, facts.product, subscription, GRANTED).await? {
        return Err(ServiceError::TriedBefore);
    }
    let trial_price = tx.trial_price(facts.plan, facts.currency).await?;
    let state = order.state.start(subscription).map_err(|_| ServiceError::Stale)?;
    tx.start_trial(order, state, &agreed(facts, trial_price)).await?;
    let profile = tx.own_profile_paid_by(organization, person, facts.currency, method).await?;
    let new = NewSubscription {
        id: subscription,
        product: facts.product,
        plan: facts.plan,
        price: trial_price,
        profile: profile.id,
        order: order.id,
        purchaser: person,
        channel: Channel::Trial,
        state: State::trial(&facts.rule, facts.today, facts.conversion())?,
        seats: facts.rule.seats,
        billed_to: None,
        today: facts.today,
        due_at: None,
    };
    let due_at = facts.calendar.due_at(&new.agenda())?;
    let new = NewSubscription { due_at, ..new };
    tx.add_subscription(organization, &new).await?;
    tell(tx, facts, &new).await?;
    Ok(subscription)
}

fn agreed(facts: &TrialFacts, trial_price: PriceId) -> AgreedTrial {
    let (converts, price) = facts.converts.clone().unzip();
    AgreedTrial {
        plan: facts.plan,
        price: price.unwrap_or(trial_price),
        converts,
        agreed: facts.agreed.clone(),
    }
}

async fn tell(tx: &mut Tx<'_>, facts: &TrialFacts, new: &NewSubscription) -> Result<(), ServiceError> {
    let ends_on = new.state.ends_on().map_err(ServiceError::broken)?;
    let buys = facts.conversion().map(|conversion| conversion.seats.get());
    let said = serde_json::json!({
        "by": facts.person, "seats": new.seats, "ends_on": ends_on, "seats_to_buy": buys,
    });
    let told = [Audience::Managers, Audience::Administrators];
    tx.tell(facts.organization, notices(NoticeKind::TrialStarted, &told, new.id, &said)).await?;
    tx.audit(
        Record::new("trial.start", "subscription", new.id.uuid())
            .fact("order", new.order.to_string())
            .fact("product", facts.keys.0.as_str())
            .fact("plan", facts.keys.1.as_str())
            .fact("seats", new.seats)
            .fact("ends_on", ends_on.to_string())
            .fact("seats_to_buy", buys)
            .fact("purchaser", facts.person.to_string())
            .fact("profile", new.profile.to_string()),
    );
    Ok(())
}

/// The subscription of an order whose trial runs.
pub(super) const fn started(order: &Order) -> Option<SubscriptionId> {
    match order.state {
        OrderState::Started { subscription } => Some(subscription),
        _ => None,
    }
}
