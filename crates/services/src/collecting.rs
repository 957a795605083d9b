//! Collecting what is owed on a document: the attempts of the engine, and those of people who pay an invoice.
//!
//! The attempt stands in the store before the provider is asked. What the provider answers is written once, with all
//! that it brings to the invoice, the books and the subscription, which then goes on from where it waited.

use std::collections::BTreeMap;

use domain::dunning::DISABLED_AFTER_DAYS;
use domain::id::{DocumentId, OrganizationId, PaymentAttemptId, SubscriptionId};
use domain::language::Language;
use domain::ledger::posting_for_payment;
use domain::money::Money;
use domain::notices::NoticeKind;
use domain::subscription::State;
use futures::StreamExt as _;
use payments::provider::{Card, ChargeOutcome, ChargeRequest, DeclineCode};
use store::Tx;
use store::books::Cause;
use store::documents::Invoice;
use store::orders::Attempt;
use store::subscriptions::Subscription;

use crate::engine::{Engine, Happened, Run, failed_on};
use crate::orders::{Standing, next_question, text};
use crate::{ServiceError, Services};

/// How many attempts the provider is asked about at once.
const AT_ONCE: usize = 16;

impl Services {
    /// Settles one attempt that collects for a document: for whoever waits for it.
    pub(crate) async fn settle_collection(
        &self,
        attempt: &Attempt,
        document: DocumentId,
    ) -> Result<Standing, ServiceError> {
        let (organization, attempt) = (attempt.organization, attempt.id);
        self.collect_for(organization, attempt, document).await?;
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let after = conn.attempt(organization, attempt).await?.ok_or(ServiceError::NotFound)?;
        let invoice = conn.invoice(organization, document).await?;
        let subscription = invoice.and_then(|invoice| invoice.subscription);
        standing(&after, subscription, document)
    }

    /// Asks the provider about one attempt, if it is open.
    pub(crate) async fn collect_for(
        &self,
        organization: OrganizationId,
        attempt: PaymentAttemptId,
        document: DocumentId,
    ) -> Result<Vec<Happened>, ServiceError> {
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let attempt = conn.attempt(organization, attempt).await?.ok_or(ServiceError::NotFound)?;
        let issuer = conn.issuer_of(organization, document).await?;
        drop(reader);
        match attempt.settled_at {
            Some(_) => Ok(Vec::new()),
            None => self.collect_all(organization, vec![(attempt, issuer)]).await,
        }
    }

    /// Asks the provider about attempts of one organization, several at once, and writes down what is final, all in
    /// one unit of work. What is not known yet is asked for later.
    pub(crate) async fn collect_all(
        &self,
        organization: OrganizationId,
        attempts: Vec<(Attempt, Option<String>)>,
    ) -> Result<Vec<Happened>, ServiceError> {
        let mut known = Vec::with_capacity(attempts.len());
        let shelf = self.shelf().await?;
        let ask = |(attempt, issuer): (Attempt, Option<String>)| {
            let services = self.clone();
            // What the holder reads on the card's statement: who has issued the invoice.
            let issuer = issuer.and_then(|key| shelf.catalog.issuer(&key));
            let statement = issuer.map(|issuer| issuer.name.en.clone()).unwrap_or_default();
            async move {
                let outcome = services.collect_one(&attempt, statement).await;
                (attempt, outcome)
            }
        };
        let mut asked = futures::stream::iter(attempts).map(ask).buffer_unordered(AT_ONCE);
        while let Some((attempt, outcome)) = asked.next().await {
            match outcome? {
                Some(outcome) if outcome.is_final() => known.push((attempt, outcome)),
                outcome => self.ask_later(&attempt, outcome).await?,
            }
        }
        drop(asked);
        // In an order that does not depend on who answered first.
        known.sort_by_key(|(attempt, _)| attempt.id);
        self.write_collected(organization, known).await
    }

    async fn collect_one(
        &self,
        attempt: &Attempt,
        statement: String,
    ) -> Result<Option<ChargeOutcome>, ServiceError> {
        let card: Card = serde_json::from_str(&attempt.card).map_err(ServiceError::broken)?;
        let known = attempt.outcome.as_deref().map(serde_json::from_str).transpose();
        let known: Option<ChargeOutcome> = known.map_err(ServiceError::broken)?;
        let request = ChargeRequest {
            return_address: self.paying().page(&self.page_of(attempt).await?),
            attempt: attempt.id,
            card: card.token,
            amount: attempt.amount,
            on_session: attempt.on_session,
            statement,
            language: Language::English,
        };
        self.ask_provider(attempt, request, known.as_ref()).await
    }

    /// The page that waits for the outcome: where whoever pays comes back to from the bank.
    async fn page_of(&self, attempt: &Attempt) -> Result<String, ServiceError> {
        let document = attempt.document.filter(|_| attempt.on_session);
        let Some(document) = document else { return Ok("/products".to_owned()) };
        let mut reader = self.store().read().await?;
        let invoice = reader.conn().invoice(attempt.organization, document).await?;
        let subscription = invoice.and_then(|invoice| invoice.subscription);
        Ok(subscription.map_or_else(|| "/products".to_owned(), |id| format!("/products/{id}?pane=pay")))
    }

    async fn ask_later(&self, attempt: &Attempt, outcome: Option<ChargeOutcome>) -> Result<(), ServiceError> {
        let known = outcome.as_ref().map(text).transpose()?;
        let ask_at = next_question(attempt.created_at, self.environment().now());
        let (organization, id) = (attempt.organization, attempt.id);
        let command = self.command_of_machine(organization, None);
        self.store()
            .write(command, move |tx| {
                let known = known.clone();
                Box::pin(async move { Ok(tx.ask_attempt_again(organization, id, known, ask_at).await?) })
            })
            .await
    }

    async fn write_collected(
        &self,
        organization: OrganizationId,
        known: Vec<(Attempt, ChargeOutcome)>,
    ) -> Result<Vec<Happened>, ServiceError> {
        if known.is_empty() {
            return Ok(Vec::new());
        }
        let engine = self.engine().await?;
        let command = self.command_of_machine(organization, None);
        self.store()
            .write(command, move |tx| {
                let (engine, known) = (engine.clone(), known.clone());
                Box::pin(async move { write_all(tx, &engine, organization, &known).await })
            })
            .await
    }
}

async fn write_all(
    tx: &mut Tx<'_>,
    engine: &Engine,
    organization: OrganizationId,
    known: &[(Attempt, ChargeOutcome)],
) -> Result<Vec<Happened>, ServiceError> {
    let mut run = Run::begin(tx, engine, organization).await?;
    let mut found = Found::default();
    if known.len() > 1 {
        found = Found::look(tx, engine, organization).await?;
    }
    for (attempt, outcome) in known {
        // Another process may have been quicker: what it has written stands.
        let now = match found.attempts.remove(&attempt.id) {
            Some(now) => Some(now),
            None => tx.attempt(organization, attempt.id).await?,
        };
        if now.is_some_and(|now| now.settled_at.is_none()) {
            run.collected(tx, attempt, outcome, &mut found).await?;
        }
    }
    run.finish(tx).await
}

/// What the attempts of a worker are about, looked up at once. Each is taken out when it is used: what is changed is
/// looked up again.
#[derive(Default)]
struct Found {
    attempts: BTreeMap<PaymentAttemptId, Attempt>,
    invoices: BTreeMap<DocumentId, Invoice>,
    subscriptions: BTreeMap<SubscriptionId, Subscription>,
}

impl Found {
    async fn look(
        tx: &mut Tx<'_>,
        engine: &Engine,
        organization: OrganizationId,
    ) -> Result<Self, ServiceError> {
        let worker = engine.worker;
        let attempts = tx.attempts_claimed(worker, organization).await?;
        let invoices = tx.invoices_claimed(worker, organization).await?;
        let subscriptions = tx.subscriptions_paid_by_claimed(worker, organization).await?;
        Ok(Self {
            attempts: attempts.into_iter().map(|attempt| (attempt.id, attempt)).collect(),
            invoices: invoices.into_iter().map(|invoice| (invoice.id, invoice)).collect(),
            subscriptions: subscriptions.into_iter().map(|found| (found.id, found)).collect(),
        })
    }
}

impl Run<'_> {
    async fn collected(
        &mut self,
        tx: &mut Tx<'_>,
        attempt: &Attempt,
        outcome: &ChargeOutcome,
        found: &mut Found,
    ) -> Result<(), ServiceError> {
        let organization = self.organization.id;
        let lost = |what: &str| ServiceError::broken(format!("the {what} of {} is gone", attempt.id));
        tx.settle_attempt(attempt, text(outcome)?).await?;
        let document = attempt.document.ok_or_else(|| lost("document"))?;
        let invoice = match found.invoices.remove(&document) {
            Some(invoice) => Some(invoice),
            None => tx.invoice(organization, document).await?,
        };
        let invoice = invoice.ok_or_else(|| lost("document"))?;
        let id = invoice.subscription.ok_or_else(|| lost("subscription"))?;
        let subscription = match found.subscriptions.remove(&id) {
            Some(subscription) => Some(subscription),
            None => tx.subscription(organization, id).await?,
        };
        let mut subscription = subscription.ok_or_else(|| lost("subscription"))?;
        match outcome {
            ChargeOutcome::Succeeded { .. } => {
                tx.pay_document(organization, document, attempt.amount).await?;
                if let Some(posting) =
                    posting_for_payment(invoice.profile, attempt.amount).map_err(ServiceError::broken)?
                {
                    let (issuer, cause) =
                        (&invoice.contents.issuer.key, Cause::Payment(document, attempt.id));
                    tx.post(organization, issuer.as_str(), cause, self.today, &posting).await?;
                }
                self.paid(&mut subscription, document, attempt.amount);
            }
            ChargeOutcome::Declined { code } => self.declined(&mut subscription, attempt, document, *code),
            ChargeOutcome::NeedsConfirmation { .. } => {
                return Err(ServiceError::broken("not a final outcome"));
            }
        }
        // What waited for the payment goes on.
        self.advance(tx, subscription).await
    }

    /// What is owed is paid: everything is restored at once.
    pub(crate) fn paid(&mut self, subscription: &mut Subscription, document: DocumentId, amount: Money) {
        if subscription.owes == Some(document) {
            subscription.owes = None;
            subscription.dunning = None;
            let was_disabled = matches!(subscription.state, State::Disabled(_));
            // What has ended for another reason stays ended; the payment stands all the same.
            if let Ok(state) = subscription.state.payment_settled() {
                subscription.state = state;
                if was_disabled {
                    self.tell_managers(subscription, NoticeKind::Restored, |facts| facts);
                }
            }
        }
        self.note(subscription, self.today, "document.pay", |record| {
            record
                .fact("document", document.to_string())
                .fact("amount", amount.minor())
                .fact("currency", amount.currency().code())
        });
        self.tell_payers(subscription, NoticeKind::Paid, |facts| facts.document(document, amount));
    }

    fn declined(
        &mut self,
        subscription: &mut Subscription,
        attempt: &Attempt,
        document: DocumentId,
        code: DeclineCode,
    ) {
        // A person who pays an invoice sees the answer at once; the machine's dunning goes on as it was.
        if attempt.person.is_none() && subscription.owes == Some(document) {
            if subscription.dunning.is_none()
                && let Ok(state) = subscription.state.payment_failed(DISABLED_AFTER_DAYS, self.today)
            {
                subscription.state = state;
            }
            subscription.dunning = Some(failed_on(subscription.dunning, self.today, code.is_hard()));
            let kind = match code {
                DeclineCode::ConfirmationNeeded => NoticeKind::ConfirmationNeeded,
                _ => NoticeKind::PaymentFailed,
            };
            self.tell_payers(subscription, kind, |facts| {
                facts.document(document, attempt.amount).reason(code.code())
            });
        }
        self.note(subscription, self.today, "document.decline", |record| {
            record.fact("document", document.to_string()).fact("reason", code.code())
        });
    }
}

/// Where an attempt stands, for whoever waits for it.
fn standing(
    attempt: &Attempt,
    subscription: Option<SubscriptionId>,
    document: DocumentId,
) -> Result<Standing, ServiceError> {
    let outcome = attempt.outcome.as_deref().map(serde_json::from_str).transpose();
    let outcome: Option<ChargeOutcome> = outcome.map_err(ServiceError::broken)?;
    Ok(match outcome {
        Some(ChargeOutcome::Succeeded { .. }) => {
            let gone = || ServiceError::broken("the subscription of an invoice is gone");
            Standing::Paid { subscription: subscription.ok_or_else(gone)?, document }
        }
        Some(ChargeOutcome::Declined { code }) => Standing::Declined { code },
        Some(ChargeOutcome::NeedsConfirmation { address }) => Standing::Bank { address },
        None => Standing::Underway,
    })
}
