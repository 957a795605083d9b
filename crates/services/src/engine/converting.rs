//! The end of a trial: it becomes the purchase that was chosen when it started, or it ends (SPEC 5, Trials).

use domain::catalog::{NotSoldReason, Price};
use domain::conventions::Conventions;
use domain::id::PriceId;
use domain::money::Money;
use domain::notices::NoticeKind;
use domain::quote::{Purchase, PurchaseQuote, QuoteError};
use domain::subscription::{Active, Channel, Conversion, Run as Runs, SeatCause, State, TrialEnd, TrialRun};
use domain::time::Date;
use store::Tx;
use store::subscriptions::Subscription;

use super::Run;
use crate::ServiceError;

/// What a trial becomes at its end, as it was shown when it was chosen.
struct Chosen {
    price_id: PriceId,
    price: Price,
    quote: PurchaseQuote,
}

/// Why a trial that was to be bought is not.
enum NotBought {
    /// So many more people hold a license than seats were to be bought.
    TooManyAssigned(u32),
    /// It is not sold to the organization any more.
    NotSold(NotSoldReason),
}

impl Run<'_> {
    /// A trial is over that was to be bought: it is, from this day on, with its people and managers; or it ends as not
    /// bought, where more people hold a license than seats were to be bought.
    pub(super) async fn convert(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        match running(subscription)?.at_end(subscription.assigned) {
            TrialEnd::Bought(conversion) => match self.chosen(tx, subscription, conversion, on).await? {
                Ok(chosen) => self.buy(tx, subscription, chosen, on).await,
                Err(reason) => self.not_bought(tx, subscription, on, NotBought::NotSold(reason)).await,
            },
            TrialEnd::TooManyAssigned { over } => {
                self.not_bought(tx, subscription, on, NotBought::TooManyAssigned(over)).await
            }
            TrialEnd::NotChosen => self.end(tx, subscription, on).await,
        }
    }

    /// What the end of a trial will ask for, tax included; nothing where it ends by itself.
    pub(super) async fn amount_at_trial_end(
        &self,
        tx: &mut Tx<'_>,
        subscription: &Subscription,
        on: Date,
    ) -> Result<Option<Money>, ServiceError> {
        let Some(conversion) = running(subscription)?.converts_to else { return Ok(None) };
        let chosen = self.chosen(tx, subscription, conversion, on).await?;
        Ok(chosen.ok().map(|chosen| chosen.quote.totals.gross))
    }

    /// What was chosen, from this day on. It costs what was shown then: the order of the trial keeps that version of
    /// the price, as a term does.
    async fn chosen(
        &self,
        tx: &mut Tx<'_>,
        subscription: &Subscription,
        conversion: Conversion,
        on: Date,
    ) -> Result<Result<Chosen, NotSoldReason>, ServiceError> {
        let agreed = tx.agreed_trial(self.organization.id, subscription.order).await?;
        let lost = || ServiceError::broken(format!("the order of {} is gone", subscription.id));
        let price_id = agreed.ok_or_else(lost)?.price;
        let price = self.price(tx, price_id).await?;
        let sold = self.sold(subscription)?;
        let purchase = Purchase {
            issuer: sold.issuer,
            product: sold.product,
            plan: sold.plan,
            price: &price,
            seats: conversion.seats,
            buyer: self.customer.buyer(),
            start: on,
        };
        match purchase.quote(Money::zero(price.currency), Conventions::default()) {
            Ok(quote) => Ok(Ok(Chosen { price_id, price, quote })),
            Err(QuoteError::NotSold(reason)) => Ok(Err(reason)),
            // The plan has other limits by now: what was chosen is not sold any more.
            Err(QuoteError::Seats { .. }) => Ok(Err(NotSoldReason::Retired)),
            Err(error) => Err(ServiceError::broken(error)),
        }
    }

    async fn buy(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        chosen: Chosen,
        on: Date,
    ) -> Result<(), ServiceError> {
        let Chosen { price_id, price, quote } = chosen;
        let state = subscription.state.buy_trial(quote.term_length(), quote.frequency(), on);
        *subscription = Subscription {
            state: state.map_err(ServiceError::broken)?,
            price_id,
            price,
            channel: Channel::SelfService,
            seats: quote.seats.get(),
            told_to: on,
            ..subscription.clone()
        };
        let document = self.bill(tx, subscription, on, quote.seats.get()).await?;
        tx.fix_country_and_currency(self.organization.id).await?;
        let seats = (SeatCause::Start, quote.seats.get());
        tx.add_seats(self.organization.id, subscription.id, document, seats, (on, quote.refund_until))
            .await?;
        self.note(subscription, on, "trial.convert", |record| {
            record
                .fact("document", document.to_string())
                .fact("seats", quote.seats.get())
                .fact("price", price_id.to_string())
        });
        let said = quote.totals.gross;
        self.tell_managers(subscription, NoticeKind::TrialBought, |facts| {
            facts.on(on).document(document, said)
        });
        self.tell_administrators(subscription, NoticeKind::TrialBought, |facts| {
            facts.on(on).document(document, said)
        });
        Ok(())
    }

    /// It ends; people are told why it was not bought.
    async fn not_bought(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        reason: NotBought,
    ) -> Result<(), ServiceError> {
        let (code, people) = match reason {
            NotBought::TooManyAssigned(over) => ("too-many-assigned", over),
            NotBought::NotSold(_) => ("not-sold", 0),
        };
        self.note(subscription, on, "trial.not-bought", |record| {
            let record = record.fact("reason", code);
            match reason {
                NotBought::TooManyAssigned(over) => record.fact("over", over),
                NotBought::NotSold(reason) => record.fact("not_sold", reason.code()),
            }
        });
        self.end_saying(tx, subscription, on, |facts| facts.reason(code).people(people)).await
    }
}

fn running(subscription: &Subscription) -> Result<TrialRun, ServiceError> {
    match subscription.state {
        State::Active(Active { run: Runs::Trial(trial), .. }) => Ok(trial),
        _ => Err(ServiceError::broken(format!("{} is not being tried", subscription.id))),
    }
}
