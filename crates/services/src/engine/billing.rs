//! A period is invoiced; a term renews with what is scheduled for it; what is owed is collected.

use domain::agenda::next_billing;
use domain::catalog::{BillingFrequency, Term};
use domain::change::ScheduledChange;
use domain::conventions::Conventions;
use domain::credit::usable;
use domain::document::{Contents, Document, Recipient, Series, Unnumbered};
use domain::dunning::DISABLED_AFTER_DAYS;
use domain::id::{DocumentId, PaymentAttemptId, PlanId, PriceId};
use domain::ledger::{posting_for_credit_used, posting_for_invoice};
use domain::money::Money;
use domain::notices::NoticeKind;
use domain::quote::{Bill, Purchase, bill_for};
use domain::subscription::{Active, PaidTerm, Run as Runs, SeatCause, SeatCount, State};
use domain::time::Date;
use store::Tx;
use store::billing::{PayingProfile, PaymentMethod};
use store::books::Cause;
use store::documents::Place as DocumentPlace;
use store::orders::NewAttempt;
use store::subscriptions::Subscription;

use super::{Run, failed_on};
use crate::ServiceError;
use crate::orders::recipient;

impl Run<'_> {
    /// The next term begins: what is scheduled is applied, licenses that have no seat any more are lost, and the
    /// first period of the term is invoiced.
    pub(super) async fn renew(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        let ticked = subscription.scheduled.as_ref().map(|scheduled| scheduled.losing.clone());
        let bought = self.enter_next_term(tx, subscription, on).await?;
        if let Some(ticked) = ticked {
            self.lose_licenses(tx, subscription, on, &ticked).await?;
        }
        let document = self.bill(tx, subscription, on, bought).await?;
        let organization = self.organization.id;
        tx.end_seats(organization, subscription.id, on).await?;
        let until = Conventions::default().window_until(on).map_err(ServiceError::broken)?;
        let seats = (SeatCause::Renewal, subscription.seats);
        tx.add_seats(organization, subscription.id, document, seats, (on, until)).await?;
        self.note(subscription, on, "subscription.renew", |record| {
            record
                .fact("document", document.to_string())
                .fact("seats", subscription.seats)
                .fact("plan", subscription.plan.to_string())
                .fact("price", subscription.price_id.to_string())
        });
        Ok(())
    }

    /// Puts a subscription into its next term, with what is scheduled for it, and says how many seats are newly bought.
    /// Nothing is written.
    pub(super) async fn enter_next_term(
        &self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<u32, ServiceError> {
        let before = subscription.seats;
        let (plan, term, frequency) = self.next_term(subscription)?;
        subscription.plan = plan;
        if let Some(price) = subscription.renewal_price.take() {
            subscription.price = self.price(tx, price).await?;
            subscription.price_id = price;
        }
        if let Some(scheduled) = subscription.scheduled.take() {
            let limits = self.sold(subscription)?.plan.seats;
            subscription.seats = scheduled.change.seats_after(before).max(limits.minimum);
        }
        let state = subscription.state.renew_as(term, frequency, on);
        subscription.state = state.map_err(ServiceError::broken)?;
        Ok(subscription.seats.saturating_sub(before))
    }

    /// The next instalment of a term falls due.
    pub(super) async fn invoice(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        let document = self.bill(tx, subscription, on, 0).await?;
        self.note(subscription, on, "subscription.invoice", |record| {
            record.fact("document", document.to_string())
        });
        Ok(())
    }

    /// The price of the next term is decided: the one in force today, or this one's where none is (SPEC 5, Renewal).
    pub(super) fn fix_price(&mut self, subscription: &mut Subscription, on: Date) {
        let next = self.next_term(subscription).ok();
        let in_force = next.and_then(|(plan, term, frequency)| self.price_in_force(plan, term, frequency));
        let price = in_force.unwrap_or(subscription.price_id);
        subscription.renewal_price = Some(price);
        self.note(subscription, on, "subscription.fix-price", |record| {
            record.fact("price", price.to_string())
        });
    }

    fn price_in_force(&self, plan: PlanId, term: Term, frequency: BillingFrequency) -> Option<PriceId> {
        let currency = self.customer.currency.code().to_owned();
        let slot = (currency, term.code().to_owned(), frequency.code().to_owned());
        self.engine.shelf.prices.get(&(plan, slot)).copied()
    }

    /// Plan, term and frequency of the next term, with what is scheduled for it.
    fn next_term(
        &self,
        subscription: &Subscription,
    ) -> Result<(PlanId, Term, BillingFrequency), ServiceError> {
        let paid = paid_term(subscription)?;
        match subscription.scheduled.as_ref().map(|scheduled| &scheduled.change) {
            Some(ScheduledChange::Plan { plan, term, frequency }) => {
                let product = self.sold(subscription)?.product.key.to_string();
                let id = self.engine.shelf.plans.get(&(product, plan.to_string()));
                let id = id.ok_or_else(|| ServiceError::broken(format!("the plan {plan} is gone")))?;
                Ok((*id, *term, *frequency))
            }
            _ => Ok((subscription.plan, paid.term, paid.frequency)),
        }
    }

    pub(super) async fn price(
        &self,
        tx: &mut Tx<'_>,
        price: PriceId,
    ) -> Result<domain::catalog::Price, ServiceError> {
        let found = tx.price(price).await?;
        found.ok_or_else(|| ServiceError::broken(format!("the price {price} is gone")))
    }

    /// Invoices the period that begins on this day, of which so many seats are newly bought, and has it collected.
    pub(crate) async fn bill(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
        bought: u32,
    ) -> Result<DocumentId, ServiceError> {
        let bill = self.bill_of(subscription, on, bought)?;
        subscription.billed_to = Some(bill.service.end());
        self.ask_for(tx, subscription, bill).await
    }

    /// What the period comes to that begins on this day, of which so many seats are newly bought.
    pub(super) fn bill_of(
        &self,
        subscription: &Subscription,
        on: Date,
        bought: u32,
    ) -> Result<Bill, ServiceError> {
        let paid = paid_term(subscription)?;
        let (number, _) = next_billing(paid, on).map_err(ServiceError::broken)?;
        let sold = self.sold(subscription)?;
        let purchase = Purchase {
            issuer: sold.issuer,
            product: sold.product,
            plan: sold.plan,
            price: &subscription.price,
            seats: SeatCount::try_from(subscription.seats).map_err(ServiceError::broken)?,
            buyer: self.customer.buyer(),
            start: paid.anchor,
        };
        bill_for(&purchase, &[], number, bought, Conventions::default()).map_err(ServiceError::broken)
    }

    /// Writes an invoice that is due today, pays what credit pays, and has the rest collected.
    pub(crate) async fn ask_for(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        bill: Bill,
    ) -> Result<DocumentId, ServiceError> {
        let organization = self.organization.id;
        let issuer = self.sold(subscription)?.issuer;
        let recipient = self.recipient(tx, subscription).await?;
        let paying = self.paying(tx, subscription).await?;
        let currency = subscription.price.currency;
        let credit = self.credit(tx, subscription).await?;
        let totals = bill.totals.clone();
        let used = usable(credit, totals.gross).map_err(ServiceError::broken)?;
        let contents = Contents {
            series: self.calendar.series(Series::Invoice),
            issuer: issuer.into(),
            recipient,
            currency,
            tax_included: subscription.price.tax_included,
            tax_rounding: issuer.tax_rounding,
            transaction_on: bill.service.start(),
            lines: bill.lines,
            totals: bill.totals,
            corrects: None,
            purchase_order: paying.profile.purchase_order.clone(),
            test_mode: self.engine.test_mode,
        };
        let place = DocumentPlace {
            organization,
            profile: subscription.profile,
            subscription: subscription.id,
            order: None,
            due_on: Some(self.today),
            corrects: None,
        };
        let document = tx.write_document(place, &Document { number: Unnumbered {}, contents }).await?;
        let postings = [
            (Cause::Invoice(document), posting_for_invoice(subscription.profile, subscription.id, &totals)),
            (Cause::CreditUsed(document), posting_for_credit_used(subscription.profile, used)),
        ];
        for (cause, posting) in postings {
            if let Some(posting) = posting.map_err(ServiceError::broken)? {
                tx.post(organization, issuer.key.as_str(), cause, self.today, &posting).await?;
            }
        }
        if used.is_positive() {
            let less = used.negated().map_err(ServiceError::broken)?;
            tx.flush().await?;
            tx.change_credit(organization, subscription.profile, less).await?;
            tx.pay_document(organization, document, used).await?;
            self.credit.remove(&subscription.profile);
        }
        let rest = totals.gross.minus(used).map_err(ServiceError::broken)?;
        if rest.is_positive() {
            subscription.owes = Some(document);
            self.collect(tx, subscription, (document, rest), &paying).await?;
        } else {
            self.tell_managers(subscription, NoticeKind::Renewed, |facts| {
                facts.document(document, totals.gross)
            });
        }
        Ok(document)
    }

    /// Whom an invoice of a subscription is addressed to.
    async fn recipient(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &Subscription,
    ) -> Result<Recipient, ServiceError> {
        let purchaser = subscription.purchaser;
        if let Some(known) = self.buyers.get(&purchaser) {
            return Ok(known.clone());
        }
        let buyer = tx.buyer_place(self.organization.id, purchaser).await?;
        let found = recipient(&buyer.ok_or_else(|| ServiceError::broken("the purchaser is gone"))?)?;
        self.buyers.insert(purchaser, found.clone());
        Ok(found)
    }

    /// The profile that pays a subscription.
    async fn paying(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &Subscription,
    ) -> Result<PayingProfile, ServiceError> {
        if let Some(known) = self.profiles.get(&subscription.profile) {
            return Ok(known.clone());
        }
        let found = tx.paying_profile(self.organization.id, subscription.profile).await?;
        let found = found.ok_or_else(|| ServiceError::broken("the billing profile is gone"))?;
        self.profiles.insert(subscription.profile, found.clone());
        Ok(found)
    }

    /// The credit of the profile that pays a subscription.
    async fn credit(&mut self, tx: &mut Tx<'_>, subscription: &Subscription) -> Result<Money, ServiceError> {
        if let Some(known) = self.credit.get(&subscription.profile) {
            return Ok(*known);
        }
        let (profile, currency) = (subscription.profile, subscription.price.currency);
        let found = tx.profile_credit(self.organization.id, profile, currency).await?;
        self.credit.insert(profile, found);
        Ok(found)
    }

    /// Has the card of the profile charged for what is owed on a document. Where there is no card that may be charged,
    /// that counts as a failure (SPEC 6, Leavers).
    async fn collect(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        (document, amount): (DocumentId, Money),
        paying: &PayingProfile,
    ) -> Result<(), ServiceError> {
        if let Some(method) = &paying.method {
            return self.attempt(tx, (document, amount), method).await;
        }
        self.without_card(subscription, document, amount);
        Ok(())
    }

    /// Writes down an attempt to collect what is owed on a document; the worker makes it.
    async fn attempt(
        &self,
        tx: &mut Tx<'_>,
        (document, amount): (DocumentId, Money),
        method: &PaymentMethod,
    ) -> Result<(), ServiceError> {
        let id = tx.id(PaymentAttemptId::new);
        let attempt = NewAttempt {
            id,
            order: None,
            document: Some(document),
            person: None,
            seal: None,
            amount,
            provider: method.provider.clone(),
            card: method.card.clone(),
            method: Some(method.id),
            on_session: false,
            ask_at: self.calendar.now(self.engine.now)?,
        };
        Ok(tx.add_attempt(self.organization.id, attempt).await?)
    }

    fn without_card(&mut self, subscription: &mut Subscription, document: DocumentId, amount: Money) {
        if let Ok(state) = subscription.state.payment_failed(DISABLED_AFTER_DAYS, self.today) {
            subscription.state = state;
        }
        subscription.dunning = Some(failed_on(subscription.dunning, self.today, true));
        self.note(subscription, self.today, "subscription.no-card", |record| {
            record.fact("document", document.to_string())
        });
        self.tell_payers(subscription, NoticeKind::NoCard, |facts| facts.document(document, amount));
    }

    /// A day of the dunning on which the card is tried again.
    pub(super) async fn retry(
        &mut self,
        tx: &mut Tx<'_>,
        subscription: &mut Subscription,
        on: Date,
    ) -> Result<(), ServiceError> {
        if let Some(dunning) = &mut subscription.dunning {
            dunning.done_to = on;
        }
        let organization = self.organization.id;
        let owes = subscription.owes;
        // The day counts as carried out, whatever comes of it.
        self.note(subscription, on, "subscription.retry", |record| {
            record.fact("document", owes.map(|document| document.to_string()))
        });
        let Some(document) = owes else { return Ok(()) };
        // The answer to an earlier attempt may be late: one at a time.
        if tx.open_attempt_of(organization, document).await?.is_some() {
            return Ok(());
        }
        let invoice = tx.invoice(organization, document).await?;
        let owed =
            invoice.map(|invoice| invoice.standing.owed()).transpose().map_err(ServiceError::broken)?;
        let Some(owed) = owed.filter(|owed| owed.is_positive()) else { return Ok(()) };
        let paying = self.paying(tx, subscription).await?;
        self.collect(tx, subscription, (document, owed), &paying).await
    }
}

/// The term that a subscription runs on.
pub(crate) fn paid_term(subscription: &Subscription) -> Result<PaidTerm, ServiceError> {
    match subscription.state {
        State::Active(Active { run: Runs::Paid(paid), .. }) => Ok(paid),
        _ => Err(ServiceError::broken(format!("{} runs on no paid term", subscription.id))),
    }
}
