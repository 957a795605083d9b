//! The end of a trial: it becomes the purchase that was chosen when it started, or it ends (SPEC 5).

use domain::catalog::NotSoldReason;
use domain::conventions::Conventions;
use domain::document::Series;
use domain::id::DocumentId;
use domain::money::Money;
use domain::quote::{Purchase, QuoteError};
use domain::subscription::{Active, Conversion, Run, State, TrialEnd};
use domain::time::Date;
use store::Tx;
use store::people::Place;
use store::subscriptions::Subscription;

use super::term::{TermFacts, begin_term};
use crate::calendar::Calendar;
use crate::catalog::Window;
use crate::orders::{recipient, refusal};
use crate::{ServiceError, Services};

/// What a trial's end comes to.
#[derive(Clone, Debug)]
pub(crate) enum AtTrialEnd {
    /// It becomes a purchase.
    Bought(Box<ConversionFacts>),
    /// It ends as it is.
    NotBought(NotBought),
}

/// Why a trial ends without a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotBought {
    /// None was chosen.
    NotChosen,
    /// More people hold a license than seats were to be bought: so many too many.
    TooManyAssigned {
        /// How many too many.
        over: u32,
    },
    /// It is not sold to the organization any more.
    NotSold(NotSoldReason),
}

/// What [`write_conversion`] has to know. Made by [`Services::at_trial_end`].
#[derive(Clone, Debug)]
pub(crate) struct ConversionFacts {
    conversion: Conversion,
    term: TermFacts,
}

/// An invoice that was written for a trial that became a purchase: nothing of it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Converted {
    /// The invoice.
    pub(crate) document: DocumentId,
    /// What is to be collected.
    pub(crate) due: Money,
}

impl ConversionFacts {
    /// What it costs and from when on.
    pub(crate) const fn quote(&self) -> &domain::quote::PurchaseQuote {
        &self.term.quote
    }
}

impl Services {
    /// What the end of a trial comes to. Reads, and writes nothing; to be asked before the unit that carries it out.
    ///
    /// `buyer` is the subscription's purchaser in their organization ([`store::Conn::buyer_place`]), active or not. The
    /// trial ends on the end of its days, however late this is asked. It costs what was shown when it was chosen: the
    /// order of the trial keeps that version of the price.
    pub(crate) async fn at_trial_end(
        &self,
        buyer: &Place,
        subscription: &Subscription,
    ) -> Result<AtTrialEnd, ServiceError> {
        let State::Active(Active { run: Run::Trial(trial), .. }) = subscription.state else {
            return Err(ServiceError::Stale);
        };
        match trial.at_end(subscription.assigned) {
            TrialEnd::NotChosen => Ok(AtTrialEnd::NotBought(NotBought::NotChosen)),
            TrialEnd::TooManyAssigned { over } => {
                Ok(AtTrialEnd::NotBought(NotBought::TooManyAssigned { over }))
            }
            TrialEnd::Bought(conversion) => {
                match self.conversion(buyer, subscription, conversion, trial.period.end()).await {
                    Ok(facts) => Ok(AtTrialEnd::Bought(Box::new(facts))),
                    Err(ServiceError::NotSold(reason)) => {
                        Ok(AtTrialEnd::NotBought(NotBought::NotSold(reason)))
                    }
                    Err(error) => Err(error),
                }
            }
        }
    }

    async fn conversion(
        &self,
        buyer: &Place,
        subscription: &Subscription,
        conversion: Conversion,
        on: Date,
    ) -> Result<ConversionFacts, ServiceError> {
        let lost = |what: &str| ServiceError::broken(format!("the {what} of {} is gone", subscription.id));
        let organization = buyer.organization.id;
        let window = Window { shelf: self.shelf().await?, customer: self.customer(&buyer.organization)? };
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let agreed = conn.agreed_trial(organization, subscription.order).await?;
        let agreed = agreed.ok_or_else(|| lost("order"))?;
        let price = conn.price(agreed.price).await?.ok_or_else(|| lost("price"))?;
        drop(reader);
        let (product, plan) = window.plan(agreed.plan).ok_or_else(|| lost("plan"))?;
        let issuer = window.issuer().ok_or(ServiceError::NotSold(NotSoldReason::Country))?;
        let purchase = Purchase {
            issuer,
            product,
            plan,
            price: &price,
            seats: conversion.seats,
            buyer: window.customer.buyer(),
            start: on,
        };
        let quote = purchase.quote(Money::zero(price.currency), Conventions::default());
        let quote = quote.map_err(|error| match error {
            // The plan's limits have changed since: what was chosen cannot be had any more.
            QuoteError::Seats { .. } => ServiceError::NotSold(NotSoldReason::Retired),
            other => refusal(other),
        })?;
        let calendar = Calendar::of(&buyer.organization)?;
        let term = TermFacts {
            organization,
            quote,
            plan: agreed.plan,
            price: agreed.price,
            issuer: issuer.clone(),
            recipient: recipient(buyer)?,
            series: calendar.series(Series::Invoice),
            test_mode: self.paying().provider().is_test(),
            on,
            order: None,
            due_on: Some(on),
        };
        Ok(ConversionFacts { conversion, term })
    }
}

/// A trial becomes the purchase that was chosen, on the day of its end: to be called inside the unit of work that
/// carries out what falls due.
///
/// Written are the invoice (due on the day, open, without an order of its own), the posting for it (receivable to
/// deferred revenue and tax), and the purchase of the seats with its window. `subscription` is changed in memory and
/// not saved: it is Active and paid from the day of the trial's end on, with plan, price, seats and channel of the
/// purchase, `billed_to` the end of the first period, and `owes` the invoice. Assignments and managers stay as they
/// are. What is left to do: collect the money, or note that this fails; work out when it falls due next; save it; tell
/// people ([`domain::notices::NoticeKind::TrialBought`]) and the audit.
///
/// [`ServiceError::Stale`], before anything is written, where the subscription is no longer the one that the facts are
/// about: another state, another choice, or more people with a license than seats.
pub(crate) async fn write_conversion(
    tx: &mut Tx<'_>,
    facts: &ConversionFacts,
    subscription: &mut Subscription,
) -> Result<Converted, ServiceError> {
    let State::Active(Active { run: Run::Trial(trial), .. }) = subscription.state else {
        return Err(ServiceError::Stale);
    };
    let same = trial.at_end(subscription.assigned) == TrialEnd::Bought(facts.conversion);
    if !same || trial.period.end() != facts.term.on {
        return Err(ServiceError::Stale);
    }
    let profile = tx.paying_profile(facts.term.organization, subscription.profile).await?;
    let profile = profile.ok_or_else(|| ServiceError::broken("a billing profile that is gone"))?.profile;
    let document = begin_term(tx, &facts.term, &profile, subscription).await?;
    subscription.owes = Some(document);
    Ok(Converted { document, due: facts.quote().totals.gross })
}

#[cfg(all(test, feature = "testing"))]
mod tests;
