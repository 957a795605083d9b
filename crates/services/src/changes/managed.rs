//! A subscription that somebody manages, with everything that a change of it depends on.

use domain::catalog::{Plan, Price, Product};
use domain::change::{ChangeRefusal, SeatPurchase};
use domain::conventions::Conventions;
use domain::id::{OrganizationId, SeatPurchaseId, SubscriptionId};
use domain::money::Money;
use domain::quote::{Bought, ChangeQuoteError, Charged, Held};
use domain::subscription::{Active, PaidTerm, Run, State};
use domain::time::{Date, Instant};
use store::Conn;
use store::billing::PaymentMethod;
use store::subscriptions::Subscription;

use super::ChangePane;
use crate::asker::{Asker, Place};
use crate::calendar::Calendar;
use crate::catalog::Window;
use crate::orders::CardInUse;
use crate::rights::Right;
use crate::{ServiceError, Services};

/// What a change finds.
#[derive(Clone, Debug)]
pub(crate) struct Managed {
    pub(super) place: Place,
    pub(super) window: Window,
    pub(super) calendar: Calendar,
    pub(super) subscription: Subscription,
    pub(super) facts: Facts,
    pub(super) credit: Money,
    pub(super) method: Option<PaymentMethod>,
    /// Whether a change of plan waits for its payment.
    pub(super) plan_underway: bool,
}

/// What quotes depend on beside the subscription itself.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) purchases: Vec<Bought>,
    /// Their ids, in the same order.
    pub(super) ids: Vec<SeatPurchaseId>,
    pub(crate) invoices: Vec<Charged>,
    renewal_price: Option<Price>,
    /// The last days of the windows of the purchases.
    pub(super) windows: Vec<Date>,
    /// Whether an invoice waits for its number.
    pub(super) unnumbered: bool,
}

impl Services {
    /// A subscription that the asker manages. Somebody else's is nowhere (SPEC 1).
    pub(super) async fn managed(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
    ) -> Result<Managed, ServiceError> {
        self.managed_at(asker, subscription, self.environment().now()).await
    }

    /// The same, on the day of this instant.
    pub(super) async fn managed_at(
        &self,
        asker: &Asker,
        subscription: SubscriptionId,
        at: Instant,
    ) -> Result<Managed, ServiceError> {
        asker.must(Right::ManageSubscription)?;
        let place = asker.must_place()?.clone();
        let mut window = self.browse(asker).await?;
        let calendar = Calendar::of(&place.organization)?;
        window.customer.today = calendar.today(at);
        let (organization, person) = (place.organization.id, place.person.id);
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let subscription = conn.managed_subscription(organization, person, subscription).await?;
        let subscription = subscription.ok_or(ServiceError::NotFound)?;
        let facts = Facts::read(&mut conn, organization, &subscription, window.customer.today).await?;
        let currency = subscription.price.currency;
        let credit = conn.profile_credit(organization, subscription.profile, currency).await?;
        let paying = conn.paying_profile(organization, subscription.profile).await?;
        let plan_underway = conn.has_open_plan_order(organization, subscription.id).await?;
        let method = paying.and_then(|paying| paying.method);
        Ok(Managed { place, window, calendar, subscription, facts, credit, method, plan_underway })
    }
}

impl Facts {
    /// The invoices are those that pay for this day or a later one: nothing else can come back.
    pub(crate) async fn read(
        conn: &mut Conn<'_>,
        organization: OrganizationId,
        subscription: &Subscription,
        today: Date,
    ) -> Result<Self, ServiceError> {
        let bought = conn.seat_purchases(organization, subscription.id).await?;
        let windows = bought.iter().filter(|each| each.given_back < each.seats);
        let windows = windows.map(|each| each.refund_until).collect();
        let ids = bought.iter().map(|each| each.id).collect();
        let purchases = bought.iter().map(|each| Bought {
            purchase: SeatPurchase { seats: each.seats - each.given_back, bought_on: each.bought_on },
            invoice: each.document,
        });
        let mut invoices = Vec::new();
        let mut unnumbered = false;
        for invoice in conn.invoices_of(organization, subscription.id).await? {
            if !invoice.contents.lines.iter().any(|line| line.service.end() > today) {
                continue;
            }
            unnumbered |= invoice.issued.is_none();
            let notes = conn.credit_notes_of(organization, invoice.id).await?;
            let cards = conn.card_payments(organization, invoice.id).await?;
            let by_card = cards.iter().map(|payment| payment.left);
            invoices.push(Charged {
                invoice: invoice.id,
                credited: notes.into_iter().flat_map(|note| note.lines).collect(),
                standing: invoice.standing,
                by_card: Money::sum(invoice.contents.currency, by_card).map_err(ServiceError::broken)?,
                contents: invoice.contents,
            });
        }
        let renewal_price = match subscription.renewal_price {
            Some(price) => conn.price(price).await?,
            None => None,
        };
        Ok(Self { purchases: purchases.collect(), ids, invoices, renewal_price, windows, unnumbered })
    }
}

impl Managed {
    /// The last day of the newest window that is open.
    pub(super) fn open_until(&self) -> Option<Date> {
        let today = self.window.customer.today;
        let open = self.facts.windows.iter().copied().filter(|until| *until >= today);
        open.max().filter(|_| self.paid().is_ok())
    }

    /// The card that would pay.
    pub(super) fn card(&self) -> Result<Option<CardInUse>, ServiceError> {
        let card = self.method.as_ref().map(|method| {
            let card = serde_json::from_str(&method.card).map_err(ServiceError::broken)?;
            Ok(CardInUse { card, method: Some(method.id) })
        });
        card.transpose()
    }

    pub(super) fn pane(self) -> Result<ChangePane, ServiceError> {
        let (_, plan) = self.product_and_plan()?;
        Ok(ChangePane {
            limits: plan.seats,
            open_until: self.open_until(),
            card: self.card()?,
            credit: self.credit,
            window: self.window,
            subscription: self.subscription,
        })
    }

    pub(super) fn product_and_plan(&self) -> Result<(&Product, &Plan), ServiceError> {
        let found = self.window.plan(self.subscription.plan);
        found.ok_or_else(|| ServiceError::broken("a subscription's plan is not on the shelf"))
    }

    /// The term that runs. Only what is active and paid changes.
    pub(super) fn paid(&self) -> Result<PaidTerm, ServiceError> {
        paid_term(&self.subscription)
    }

    /// The subscription as the rules see it.
    pub(super) fn held(&self) -> Result<Held<'_>, ServiceError> {
        let (product, plan) = self.product_and_plan()?;
        let Subscription { seats, assigned, waiting, billed_to, .. } = self.subscription;
        let paid = self.paid()?;
        Ok(Held {
            issuer: self.window.issuer().ok_or(ServiceError::NotFound)?,
            product,
            plan,
            price: &self.subscription.price,
            buyer: self.window.customer.buyer(),
            paid,
            billed_to: billed_to.unwrap_or(paid.anchor),
            seats,
            assigned,
            waiting,
            purchases: &self.facts.purchases,
            invoices: &self.facts.invoices,
            scheduled: self.subscription.scheduled.as_ref().map(|scheduled| &scheduled.change),
            renewal_price: self.facts.renewal_price.as_ref(),
            credit: self.credit,
            today: self.window.customer.today,
            conventions: Conventions::default(),
        })
    }

    /// Why the rules quote nothing. What is not invoiced yet waits for something: for what is owed, for the payment
    /// of more seats, or for what falls due by itself today.
    pub(super) fn refused(&self, error: ChangeQuoteError) -> ServiceError {
        let Subscription { owes, waiting, .. } = self.subscription;
        match error {
            ChangeQuoteError::Refused(ChangeRefusal::NotInvoiced) if owes.is_some() => {
                ServiceError::PaymentDue
            }
            ChangeQuoteError::Refused(ChangeRefusal::NotInvoiced) if waiting > 0 => {
                ServiceError::Change(ChangeRefusal::PaymentUnderway)
            }
            ChangeQuoteError::Refused(ChangeRefusal::NotInvoiced) => ServiceError::Stale,
            error => error.into(),
        }
    }

    /// A change of plan that waits for its payment is finished first.
    pub(super) fn must_be_alone(&self) -> Result<(), ServiceError> {
        if self.plan_underway { Err(ServiceError::Change(ChangeRefusal::PaymentUnderway)) } else { Ok(()) }
    }

    /// Changes that cost money wait while something is owed (SPEC 5, Unpaid).
    pub(super) fn must_owe_nothing(&self) -> Result<(), ServiceError> {
        if self.subscription.owes.is_some() { Err(ServiceError::PaymentDue) } else { Ok(()) }
    }
}

/// The term that runs. Only what is active and paid changes.
pub(crate) fn paid_term(subscription: &Subscription) -> Result<PaidTerm, ServiceError> {
    match subscription.state {
        State::Active(Active { run: Run::Paid(paid), .. }) => Ok(paid),
        State::Active(Active { run: Run::Trial(_), .. }) => Err(ServiceError::Change(ChangeRefusal::Trial)),
        _ => Err(ServiceError::Change(ChangeRefusal::NotActive)),
    }
}

impl From<ChangeQuoteError> for ServiceError {
    fn from(error: ChangeQuoteError) -> Self {
        match error {
            ChangeQuoteError::Refused(ChangeRefusal::Money(error)) => Self::broken(error),
            ChangeQuoteError::Refused(ChangeRefusal::Time(error)) => Self::broken(error),
            ChangeQuoteError::Refused(refusal) => Self::Change(refusal),
            ChangeQuoteError::NotSold(reason) => Self::NotSold(reason),
            ChangeQuoteError::Credit(error) => Self::broken(error),
        }
    }
}
