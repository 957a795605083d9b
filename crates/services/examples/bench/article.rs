//! What is bought many times on one day: everything about it that is the same each time.

use domain::agenda::{Agenda, NextAmount};
use domain::catalog::{BillingFrequency, Issuer, Term};
use domain::conventions::Conventions;
use domain::country::Country;
use domain::document::{Document, Recipient, Series, Unnumbered};
use domain::id::{PlanId, PriceId, ProductId};
use domain::money::{Currency, Money};
use domain::order::Choice;
use domain::quote::{Purchase, PurchaseQuote};
use domain::subscription::{SeatCount, State};
use domain::tax::Buyer;
use domain::time::{Date, Instant, Zone};
use store::people::Place;
use store::shelf::Shelf;

use crate::Failure;

/// A term of the first plan that is sold at it to an organization, for as few seats as it allows.
#[derive(Clone)]
pub(crate) struct Article {
    pub(crate) product: ProductId,
    pub(crate) plan: PlanId,
    pub(crate) price: PriceId,
    pub(crate) choice: Choice,
    pub(crate) quote: PurchaseQuote,
    pub(crate) state: State,
    pub(crate) invoice: Document<Unnumbered>,
    pub(crate) today: Date,
    /// Whether it is written as if the day had passed on which the price of the next term is decided, so that the
    /// renewal is what falls due next.
    pub(crate) is_decided: bool,
    /// When something of it falls due next.
    pub(crate) due_at: Instant,
}

impl Article {
    /// What of this term is bought at this instant.
    pub(crate) fn find(
        shelf: &Shelf,
        place: &Place,
        (term, frequency): (Term, BillingFrequency),
        now: Instant,
        is_decided: bool,
    ) -> Result<Self, Failure> {
        let organization = &place.organization;
        let (country, currency): (Country, Currency) =
            (organization.country.parse()?, organization.currency.parse()?);
        let zone = Zone::find(&organization.time_zone.parse()?)?;
        let today = zone.date(now);
        let issuer = shelf.catalog.issuer_for(country).ok_or("nobody sells there")?;
        let slot = (currency, term, frequency);
        let plans = shelf
            .catalog
            .products
            .iter()
            .flat_map(|product| product.plans.iter().map(move |plan| (product, plan)));
        let priced = plans.filter(|(product, plan)| !product.retired && !plan.retired);
        let mut sold = priced.filter_map(|(product, plan)| {
            let price = plan.prices.iter().find(|it| (it.currency, it.term, it.frequency) == slot)?;
            Some((product, plan, price))
        });
        let (product, plan, price) = sold.next().ok_or("nothing is sold for this term")?;
        let buyer = Buyer { country, tax_id: None };
        let seats = SeatCount::try_from(plan.seats.minimum)?;
        let quote = Purchase { issuer, product, plan, price, seats, buyer, start: today };
        let quote = quote.quote(Money::zero(currency), Conventions::default())?;
        let state = State::purchased(quote.paid_term, today)?;
        let next_amount = if is_decided { NextAmount::Same } else { NextAmount::Undecided };
        let agenda = Agenda { next_amount, ..Agenda::new(state, today) };
        let (due_on, _) = agenda.billed_to(quote.service.end()).next()?.ok_or("nothing falls due")?;
        let keys = (product.key.to_string(), plan.key.to_string());
        let plan_id = *shelf.plans.get(&keys).ok_or("a plan without an id")?;
        let slot = (currency.code().to_owned(), term.code().to_owned(), frequency.code().to_owned());
        Ok(Self {
            product: *shelf.products.get(product.key.as_str()).ok_or("a product without an id")?,
            plan: plan_id,
            price: *shelf.prices.get(&(plan_id, slot)).ok_or("a price without an id")?,
            choice: Choice { product: product.key.clone(), plan: plan.key.clone(), term, frequency, seats },
            invoice: invoice(&quote, issuer, place)?,
            due_at: zone.start_of(due_on)?,
            state,
            quote,
            today,
            is_decided,
        })
    }
}

fn invoice(quote: &PurchaseQuote, issuer: &Issuer, place: &Place) -> Result<Document<Unnumbered>, Failure> {
    let organization = &place.organization;
    let recipient = Recipient {
        name: organization.legal_name.clone(),
        country: organization.country.parse()?,
        address: serde_json::from_str(&organization.address)?,
        tax_id: None,
        department: None,
        person: None,
    };
    Ok(Document::<Unnumbered>::invoice(quote, issuer, recipient, None, Series::Invoice, true))
}
