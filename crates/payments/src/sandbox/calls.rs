//! What can be asked of the sandbox: by the house through the port, and by people through the pages.

use domain::id::PaymentAttemptId;

use super::Sandbox;
use super::book::Draft;
use super::event::Decision;
use super::form::Checked;
use super::mishaps::Call;
use super::state::{ChargeRecord, State};
use crate::provider::{
    Answer, Capabilities, CardToken, ChargeOutcome, ChargeReference, ChargeRequest, DeclineCode, Provider,
    ProviderError, RefundOutcome, RefundReference, RefundRequest, Setup, SetupId, SetupOutcome, SetupRequest,
    Subject, WebAddress,
};

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
        let act = move |bank: Self| bank.open_setup(request.clone());
        Box::pin(self.deliver(Call::BeginSetup, act))
    }

    fn setup_outcome(&self, setup: &SetupId) -> Answer<'_, SetupOutcome> {
        let setup = setup.clone();
        let act = move |bank: Self| bank.read_setup(setup.clone());
        Box::pin(self.deliver(Call::SetupOutcome, act))
    }

    fn forget_card(&self, card: &CardToken) -> Answer<'_, ()> {
        let card = card.clone();
        let act = move |bank: Self| bank.forget(card.clone());
        Box::pin(self.deliver(Call::ForgetCard, act))
    }

    fn charge(&self, request: ChargeRequest) -> Answer<'_, ChargeOutcome> {
        let act = move |bank: Self| bank.collect(request.clone());
        Box::pin(self.deliver(Call::Charge, act))
    }

    fn charge_outcome(&self, attempt: PaymentAttemptId) -> Answer<'_, Option<ChargeOutcome>> {
        let act = move |bank: Self| bank.read_charge(attempt);
        Box::pin(self.deliver(Call::ChargeOutcome, act))
    }

    fn abandon_charge(&self, attempt: PaymentAttemptId) -> Answer<'_, ChargeOutcome> {
        let act = move |bank: Self| bank.close(attempt);
        Box::pin(self.deliver(Call::AbandonCharge, act))
    }

    fn refund(&self, request: RefundRequest) -> Answer<'_, RefundOutcome> {
        let act = move |bank: Self| bank.give_back(request.clone());
        Box::pin(self.deliver(Call::Refund, act))
    }

    fn refund_outcome(&self, key: uuid::Uuid) -> Answer<'_, Option<RefundOutcome>> {
        let act = move |bank: Self| bank.read_refund(key);
        Box::pin(self.deliver(Call::RefundOutcome, act))
    }
}

impl Sandbox {
    /// Does one piece of work now: see [`Book::work`](super::book::Book::work).
    pub(super) async fn work<T, A>(&self, act: A) -> Result<T, ProviderError>
    where
        T: Send + 'static,
        A: FnOnce(&mut Draft<'_>) -> Result<T, ProviderError> + Send + 'static,
    {
        self.inner.book.work(self.now(), act).await
    }

    /// The person typed a card that is in order.
    pub(super) async fn card_typed(&self, setup: SetupId, typed: Checked) -> Result<(), ProviderError> {
        let (now, fresh) = (self.now(), CardToken::new(self.fresh("card")));
        self.work(move |draft| draft.record(draft.state().accept_card(&setup, typed, fresh, now))).await
    }

    /// The person typed what the bank refuses.
    pub(super) async fn card_refused(&self, setup: SetupId) -> Result<(), ProviderError> {
        let now = self.now();
        self.work(move |draft| draft.record(draft.state().refuse_try(&setup, now))).await
    }

    /// The person answered the bank.
    pub(super) async fn bank_answered(
        &self,
        attempt: PaymentAttemptId,
        approved: bool,
    ) -> Result<(), ProviderError> {
        let fresh = ChargeReference(self.fresh("charge"));
        self.work(move |draft| draft.record(draft.state().answer_bank(attempt, approved, fresh))).await
    }

    async fn open_setup(self, request: SetupRequest) -> Result<Setup, ProviderError> {
        let (key, fresh) = (request.key, SetupId(self.fresh("setup")));
        let begin = move |draft: &mut Draft<'_>| {
            draft.record(draft.state().begin_setup(request, fresh)?)?;
            draft.state().setup_of_key(key).cloned().ok_or(ProviderError::NotFound(Subject::Setup))
        };
        let id = self.work(begin).await?;
        let page = |place: &str| self.inner.address.page(&format!("/sandbox/cards/{}/{place}", id.0));
        Ok(Setup { frame_address: Some(page("frame")), hosted_address: page("hosted"), id })
    }

    async fn read_setup(self, setup: SetupId) -> Result<SetupOutcome, ProviderError> {
        let now = self.now();
        self.work(move |draft| {
            draft.state().setup_outcome(&setup, now).ok_or(ProviderError::NotFound(Subject::Setup))
        })
        .await
    }

    async fn forget(self, card: CardToken) -> Result<(), ProviderError> {
        self.work(move |draft| draft.record(draft.state().forget_card(&card)?)).await
    }

    async fn read_charge(self, attempt: PaymentAttemptId) -> Result<Option<ChargeOutcome>, ProviderError> {
        let address = self.inner.address.clone();
        self.work(move |draft| Ok(outcome_of(&address, draft.state(), attempt))).await
    }

    async fn read_refund(self, key: uuid::Uuid) -> Result<Option<RefundOutcome>, ProviderError> {
        self.work(move |draft| Ok(draft.state().refund(key).cloned())).await
    }

    async fn collect(self, request: ChargeRequest) -> Result<ChargeOutcome, ProviderError> {
        let (now, attempt) = (self.now(), request.attempt);
        let fresh = ChargeReference(self.fresh("charge"));
        let address = self.inner.address.clone();
        self.work(move |draft| {
            draft.record(draft.state().receive_charge(request, fresh, now)?)?;
            outcome_of(&address, draft.state(), attempt).ok_or(ProviderError::NotFound(Subject::Charge))
        })
        .await
    }

    async fn close(self, attempt: PaymentAttemptId) -> Result<ChargeOutcome, ProviderError> {
        let address = self.inner.address.clone();
        self.work(move |draft| {
            draft.record(draft.state().abandon_charge(attempt))?;
            outcome_of(&address, draft.state(), attempt).ok_or(ProviderError::NotFound(Subject::Charge))
        })
        .await
    }

    async fn give_back(self, request: RefundRequest) -> Result<RefundOutcome, ProviderError> {
        let (key, fresh) = (request.key, RefundReference(self.fresh("refund")));
        self.work(move |draft| {
            draft.record(draft.state().receive_refund(request, fresh)?)?;
            draft.state().refund(key).cloned().ok_or(ProviderError::NotFound(Subject::Charge))
        })
        .await
    }
}

/// What to answer about an attempt, from the bank whose pages stand at this address.
fn outcome_of(address: &WebAddress, state: &State, attempt: PaymentAttemptId) -> Option<ChargeOutcome> {
    Some(match state.charge(attempt)? {
        ChargeRecord::Forestalled => ChargeOutcome::Declined { code: DeclineCode::Abandoned },
        ChargeRecord::Received { decision, .. } => match decision {
            Decision::Collected { reference } => ChargeOutcome::Succeeded { reference: reference.clone() },
            Decision::Declined { code } => ChargeOutcome::Declined { code: *code },
            Decision::Waiting => ChargeOutcome::NeedsConfirmation {
                address: address.page(&format!("/sandbox/confirm/{attempt}")),
            },
        },
    })
}
