//! The sandbox: a small provider of our own, for demos and tests. No money moves.
//!
//! It is a provider in earnest: what it has answered for stands in its journal, so that a crash of the
//! process loses no charge and an attempt that is repeated charges once; its pages stand on another host than
//! the portal's; and its answers can be lost, late or repeated by a script.

mod book;
mod event;
mod form;
mod journal;
mod mishaps;
mod pages;
mod state;
mod test_card;
#[cfg(test)]
pub(crate) mod testing;

pub use journal::OpenError;
pub use mishaps::{Call, Mishap, Mishaps};
pub use test_card::{Behavior, TEST_CARDS, TestCard, WRONG_CODE};

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::PaymentAttemptId;
use domain::time::Instant;

use self::book::Book;
use self::event::Decision;
use self::form::Checked;
use self::state::{ChargeRecord, State};
use crate::provider::{
    Answer, Capabilities, CardToken, ChargeOutcome, ChargeReference, ChargeRequest, DeclineCode, Provider,
    ProviderError, RefundOutcome, RefundReference, RefundRequest, Setup, SetupId, SetupOutcome, SetupRequest,
    Subject, WebAddress,
};

/// What the sandbox takes from the world outside.
pub trait World: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;

    /// Fills `bytes` with what nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// How a sandbox is set up.
#[derive(Clone)]
pub struct Options {
    /// Where people's browsers find its pages: another host name than the portal's, such as
    /// `http://localhost:3000` beside `http://127.0.0.1:3000`.
    pub address: WebAddress,
    /// Time and randomness.
    pub world: Arc<dyn World>,
    /// How long every call takes, besides the disk.
    pub latency: Duration,
    /// What goes wrong.
    pub mishaps: Mishaps,
}

impl Options {
    /// No latency, no mishaps.
    pub fn new(address: WebAddress, world: Arc<dyn World>) -> Self {
        Self { address, world, latency: Duration::ZERO, mishaps: Mishaps::none() }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The sandbox. Clones are the same sandbox; its folder is free again when the last of them is gone, and the
/// router with them.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    address: WebAddress,
    world: Arc<dyn World>,
    latency: Duration,
    mishaps: Mutex<Mishaps>,
    book: Book,
}

impl Sandbox {
    /// Opens the sandbox whose journal stands in this folder; a new one where there is none.
    pub fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        let Options { address, world, latency, mishaps } = options;
        let book = Book::open(folder)?;
        Ok(Self { inner: Arc::new(Inner { address, world, latency, mishaps: Mutex::new(mishaps), book }) })
    }

    /// Its pages, for the host name of [`Options::address`]. They come with headers and checks of their own
    /// and need none of the portal's.
    pub fn router(&self) -> axum::Router {
        pages::router(self.clone())
    }

    /// The name under which people see it.
    pub const NAME: &'static str = "Sandbox Pay";

    /// From now on, this is what goes wrong.
    pub fn script(&self, mishaps: Mishaps) {
        *self.inner.mishaps.lock().unwrap_or_else(PoisonError::into_inner) = mishaps;
    }

    /// How many charges have collected money, and how much is left of all of them together, in minor units: for
    /// tests and for `bench`, which compare it with what they believe to have paid.
    pub fn collected(&self) -> (usize, i64) {
        self.inner.book.look(State::books)
    }

    fn now(&self) -> Instant {
        self.inner.world.now()
    }

    /// A name that nobody can guess.
    fn fresh(&self, prefix: &str) -> String {
        let mut bytes = [0; 16];
        self.inner.world.fill(&mut bytes);
        format!("{prefix}_{}", hex::encode(bytes))
    }

    /// Carries a request there and its answer back, with what the script says.
    async fn deliver<T, F>(&self, call: Call, act: impl Fn() -> F) -> Result<T, ProviderError>
    where
        F: Future<Output = Result<T, ProviderError>>,
    {
        let mishap = self.inner.mishaps.lock().unwrap_or_else(PoisonError::into_inner).take(call);
        if !self.inner.latency.is_zero() {
            tokio::time::sleep(self.inner.latency).await;
        }
        match mishap {
            Mishap::Fine => act().await,
            Mishap::Unreachable => Err(ProviderError::Unavailable("the line is dead".to_owned())),
            Mishap::RequestLost => Err(ProviderError::Unknown("no answer".to_owned())),
            Mishap::AnswerLost => {
                let _lost = act().await;
                Err(ProviderError::Unknown("no answer".to_owned()))
            }
            Mishap::AnswerLate(wait) => {
                let answer = act().await;
                tokio::time::sleep(wait).await;
                answer
            }
            Mishap::Repeated => {
                let (answer, _repeated) = futures::join!(act(), act());
                answer
            }
        }
    }

    async fn open_setup(&self, request: SetupRequest) -> Result<Setup, ProviderError> {
        let (key, fresh) = (request.key, SetupId(self.fresh("setup")));
        let found = self
            .inner
            .book
            .work(self.now(), |draft| {
                draft.record(draft.state().begin_setup(request, fresh)?)?;
                Ok(draft.state().setup_of_key(key).cloned())
            })
            .await?;
        let id = found.ok_or(ProviderError::NotFound(Subject::Setup))?;
        let page = |place: &str| self.inner.address.page(&format!("/sandbox/cards/{}/{place}", id.0));
        Ok(Setup { frame_address: Some(page("frame")), hosted_address: page("hosted"), id })
    }

    async fn read_setup(&self, setup: &SetupId) -> Result<SetupOutcome, ProviderError> {
        let now = self.now();
        self.inner
            .book
            .work(now, |draft| {
                draft.state().setup_outcome(setup, now).ok_or(ProviderError::NotFound(Subject::Setup))
            })
            .await
    }

    /// The person typed a card that is in order.
    async fn card_typed(&self, setup: &SetupId, typed: Checked) -> Result<(), ProviderError> {
        let (now, fresh) = (self.now(), CardToken::new(self.fresh("card")));
        let work =
            |draft: &mut book::Draft<'_>| draft.record(draft.state().accept_card(setup, typed, fresh, now));
        self.inner.book.work(now, work).await
    }

    /// The person typed what the bank refuses.
    async fn card_refused(&self, setup: &SetupId) -> Result<(), ProviderError> {
        let now = self.now();
        self.inner.book.work(now, |draft| draft.record(draft.state().refuse_try(setup, now))).await
    }

    /// The person answered the bank.
    async fn bank_answered(&self, attempt: PaymentAttemptId, approved: bool) -> Result<(), ProviderError> {
        let fresh = ChargeReference(self.fresh("charge"));
        let work =
            |draft: &mut book::Draft<'_>| draft.record(draft.state().answer_bank(attempt, approved, fresh));
        self.inner.book.work(self.now(), work).await
    }

    /// What to answer about an attempt.
    fn outcome_of(&self, state: &State, attempt: PaymentAttemptId) -> Option<ChargeOutcome> {
        Some(match state.charge(attempt)? {
            ChargeRecord::Forestalled => ChargeOutcome::Declined { code: DeclineCode::Abandoned },
            ChargeRecord::Received { decision, .. } => match decision {
                Decision::Collected { reference } => {
                    ChargeOutcome::Succeeded { reference: reference.clone() }
                }
                Decision::Declined { code } => ChargeOutcome::Declined { code: *code },
                Decision::Waiting => {
                    let address = self.inner.address.page(&format!("/sandbox/confirm/{attempt}"));
                    ChargeOutcome::NeedsConfirmation { address }
                }
            },
        })
    }

    async fn collect(&self, request: ChargeRequest) -> Result<ChargeOutcome, ProviderError> {
        let (now, attempt) = (self.now(), request.attempt);
        let fresh = ChargeReference(self.fresh("charge"));
        let work = |draft: &mut book::Draft<'_>| {
            draft.record(draft.state().receive_charge(request, fresh, now)?)?;
            self.outcome_of(draft.state(), attempt).ok_or(ProviderError::NotFound(Subject::Charge))
        };
        self.inner.book.work(now, work).await
    }

    async fn close(&self, attempt: PaymentAttemptId) -> Result<ChargeOutcome, ProviderError> {
        let work = |draft: &mut book::Draft<'_>| {
            draft.record(draft.state().abandon_charge(attempt))?;
            self.outcome_of(draft.state(), attempt).ok_or(ProviderError::NotFound(Subject::Charge))
        };
        self.inner.book.work(self.now(), work).await
    }

    async fn give_back(&self, request: RefundRequest) -> Result<RefundOutcome, ProviderError> {
        let (key, fresh) = (request.key, RefundReference(self.fresh("refund")));
        let work = |draft: &mut book::Draft<'_>| {
            draft.record(draft.state().receive_refund(request, fresh)?)?;
            draft.state().refund(key).cloned().ok_or(ProviderError::NotFound(Subject::Charge))
        };
        self.inner.book.work(self.now(), work).await
    }
}

impl Provider for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn display_name(&self) -> &'static str {
        Self::NAME
    }

    fn is_test(&self) -> bool {
        true
    }

    fn capabilities(&self) -> Capabilities {
        let frame_origin = Some(self.inner.address.origin());
        Capabilities { frame_origin, edits_cards: true, refunds_in_parts: true }
    }

    fn begin_setup(&self, request: SetupRequest) -> Answer<'_, Setup> {
        Box::pin(async move { self.deliver(Call::BeginSetup, || self.open_setup(request.clone())).await })
    }

    fn setup_outcome(&self, setup: &SetupId) -> Answer<'_, SetupOutcome> {
        let setup = setup.clone();
        Box::pin(async move { self.deliver(Call::SetupOutcome, || self.read_setup(&setup)).await })
    }

    fn forget_card(&self, card: &CardToken) -> Answer<'_, ()> {
        let card = card.clone();
        let forget = move || {
            let card = card.clone();
            async move {
                let work = |draft: &mut book::Draft<'_>| draft.record(draft.state().forget_card(&card)?);
                self.inner.book.work(self.now(), work).await
            }
        };
        Box::pin(async move { self.deliver(Call::ForgetCard, forget).await })
    }

    fn charge(&self, request: ChargeRequest) -> Answer<'_, ChargeOutcome> {
        Box::pin(async move { self.deliver(Call::Charge, || self.collect(request.clone())).await })
    }

    fn charge_outcome(&self, attempt: PaymentAttemptId) -> Answer<'_, Option<ChargeOutcome>> {
        let ask = move || {
            self.inner.book.work(self.now(), move |draft| Ok(self.outcome_of(draft.state(), attempt)))
        };
        Box::pin(async move { self.deliver(Call::ChargeOutcome, ask).await })
    }

    fn abandon_charge(&self, attempt: PaymentAttemptId) -> Answer<'_, ChargeOutcome> {
        Box::pin(async move { self.deliver(Call::AbandonCharge, || self.close(attempt)).await })
    }

    fn refund(&self, request: RefundRequest) -> Answer<'_, RefundOutcome> {
        Box::pin(async move { self.deliver(Call::Refund, || self.give_back(request.clone())).await })
    }

    fn refund_outcome(&self, key: uuid::Uuid) -> Answer<'_, Option<RefundOutcome>> {
        let ask =
            move || self.inner.book.work(self.now(), move |draft| Ok(draft.state().refund(key).cloned()));
        Box::pin(async move { self.deliver(Call::RefundOutcome, ask).await })
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.inner.address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
