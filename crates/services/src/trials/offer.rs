//! How a product can be tried, and what a trial would become.

use domain::catalog::NotSoldReason;
use domain::catalog::{BillingFrequency, Offer, Plan, Product, Term, TrialCard, TrialRule};
use domain::conventions::Conventions;
use domain::field::parse_seat_count;
use domain::money::Money;
use domain::order::Choice;
use domain::quote::PurchaseQuote;
use domain::subscription::SeatCount;
use domain::time::{Date, add_days};
use store::orders::Order;
use store::trials::GRANTED;

use super::{TrialOffer, TrialWish};
use crate::asker::Asker;
use crate::catalog::Window;
use crate::orders::{Agreed, purchase, refusal};
use crate::rights::Right;
use crate::{ServiceError, Services};

/// What of a product is tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried<'a> {
    pub(super) product: &'a Product,
    pub(super) plan: &'a Plan,
    pub(super) rule: &'a TrialRule,
}

/// What of a product this organization can try. Errors: nothing, or it is not sold here.
pub(super) fn tried<'a>(window: &'a Window, product: &str) -> Result<Tried<'a>, ServiceError> {
    let product = window.shelf.catalog.product(product).ok_or(ServiceError::NotFound)?;
    let rule = match window.offer(product) {
        Offer::Sold(sale) => sale.trial.ok_or(ServiceError::NotFound)?,
        Offer::TrialOnly { trial, .. } => trial,
        Offer::NotSoldHere(reason) => return Err(ServiceError::NotSold(reason)),
    };
    let plan = match &rule.plan {
        Some(key) => product.plan(key.as_str()),
        None => product.plans.first(),
    };
    let plan = plan.ok_or(ServiceError::NotFound)?;
    if plan.retired {
        return Err(ServiceError::NotSold(NotSoldReason::Retired));
    }
    Ok(Tried { product, plan, rule })
}

impl Tried<'_> {
    /// The first day after a trial that starts on this day.
    pub(super) fn ends_on(&self, start: Date) -> Result<Date, ServiceError> {
        add_days(start, self.rule.days.into()).map_err(ServiceError::broken)
    }

    /// In which terms, and paid how, it could be bought at its end.
    pub(super) fn choices(&self, window: &Window) -> Vec<(Term, BillingFrequency)> {
        let currency = window.customer.currency;
        let prices = self.plan.prices.iter().filter(|price| price.currency == currency);
        prices.map(|price| (price.term, price.frequency)).collect()
    }

    /// What would be bought at its end, as it was typed; nothing where it ends by itself.
    pub(super) fn wanted(&self, wish: &TrialWish) -> Result<Option<Choice>, ServiceError> {
        let Some((term, frequency)) = &wish.convert else { return Ok(None) };
        if self.rule.card == TrialCard::None {
            return Err(ServiceError::NoCard);
        }
        let seats = parse_seat_count(&wish.seats_to_buy);
        let seats = seats.map_err(|problem| ServiceError::Fields(vec![problem.of("seats")]))?;
        let term = Term::from_code(term).ok_or(ServiceError::NotFound)?;
        let frequency = BillingFrequency::from_code(frequency).ok_or(ServiceError::NotFound)?;
        Ok(Some(self.choice((term, frequency), seats)))
    }

    /// What the order of a trial says that is not to be bought: its plan and its seats, and the first of the choices.
    pub(super) fn as_tried(&self, window: &Window) -> Result<Choice, ServiceError> {
        let seats = SeatCount::try_from(self.rule.seats).map_err(ServiceError::broken)?;
        let first = self.choices(window).first().copied();
        Ok(self.choice(first.unwrap_or((Term::OneMonth, BillingFrequency::UpFront)), seats))
    }

    fn choice(&self, (term, frequency): (Term, BillingFrequency), seats: SeatCount) -> Choice {
        let (product, plan) = (self.product.key.clone(), self.plan.key.clone());
        Choice { product, plan, term, frequency, seats }
    }
}

impl Services {
    /// How a product can be tried by the asker's organization: the last page before a trial.
    pub async fn trial_offer(&self, asker: &Asker, product: &str) -> Result<TrialOffer, ServiceError> {
        asker.must(Right::Buy)?;
        let organization = asker.must_place()?.organization.id;
        let window = self.browse(asker).await?;
        let tried = tried(&window, product)?;
        let id = *window.shelf.products.get(product).ok_or(ServiceError::NotFound)?;
        let had = self.store().read().await?.conn().count_trials(organization, id).await?;
        let choices = match tried.rule.card {
            TrialCard::Required => tried.choices(&window),
            TrialCard::None => vec![],
        };
        let fewest = SeatCount::new(tried.plan.seats.minimum.max(1));
        let converts = match (choices.first(), fewest) {
            (Some(first), Some(seats)) => Some(at_end(&window, &tried, &tried.choice(*first, seats))?),
            _ => None,
        };
        Ok(TrialOffer {
            product: tried.product.key.clone(),
            plan: tried.plan.key.clone(),
            rule: tried.rule.clone(),
            ends_on: tried.ends_on(window.customer.today)?,
            used: had >= GRANTED,
            converts,
            choices,
            agreed: Agreed::now(&window),
            window,
        })
    }

    /// What a trial that starts today would become at its end, as it is asked for; nothing where it ends by itself.
    /// Nothing is written.
    pub fn quote_trial(
        &self,
        window: &Window,
        wish: &TrialWish,
    ) -> Result<Option<PurchaseQuote>, ServiceError> {
        let tried = tried(window, &wish.product)?;
        let wanted = tried.wanted(wish)?;
        wanted.map(|choice| at_end(window, &tried, &choice)).transpose()
    }
}

/// What the trial of an order becomes at its end; nothing where it ends by itself. Only the plan that is tried is
/// bought then.
pub(crate) fn quote_trial_end(
    window: &Window,
    order: &Order,
    choice: &Choice,
) -> Result<Option<PurchaseQuote>, ServiceError> {
    let tried = tried(window, choice.product.as_str())?;
    if choice.plan != tried.plan.key || choice.product != order.choice.product {
        return Err(ServiceError::NotFound);
    }
    order.converts.then(|| at_end(window, &tried, choice)).transpose()
}

fn at_end(window: &Window, tried: &Tried<'_>, choice: &Choice) -> Result<PurchaseQuote, ServiceError> {
    let start = tried.ends_on(window.customer.today)?;
    // What will be kept as credit by then is not known.
    let credit = Money::zero(window.customer.currency);
    purchase(window, choice, start)?.quote(credit, Conventions::default()).map_err(refusal)
}
