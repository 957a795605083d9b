//! No provider: for commands that take no payments. Whatever is asked of it, nothing is done, and it says so.

use domain::id::PaymentAttemptId;

use crate::provider::{
    Answer, Capabilities, CardToken, ChargeOutcome, ChargeRequest, Provider, ProviderError, RefundOutcome,
    RefundRequest, Setup, SetupId, SetupOutcome, SetupRequest,
};

/// Takes no payments.
#[derive(Clone, Copy, Debug, Default)]
pub struct Closed;

fn nothing<'a, T: Send + 'a>() -> Answer<'a, T> {
    let reason = "this process takes no payments".to_owned();
    Box::pin(std::future::ready(Err(ProviderError::Unavailable(reason))))
}

impl Provider for Closed {
    fn name(&self) -> &'static str {
        "closed"
    }

    fn display_name(&self) -> &'static str {
        "-"
    }

    fn is_test(&self) -> bool {
        false
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { frame_origin: None, edits_cards: false, refunds_in_parts: false }
    }

    fn begin_setup(&self, _: SetupRequest) -> Answer<'_, Setup> {
        nothing()
    }

    fn setup_outcome(&self, _: &SetupId) -> Answer<'_, SetupOutcome> {
        nothing()
    }

    fn forget_card(&self, _: &CardToken) -> Answer<'_, ()> {
        nothing()
    }

    fn charge(&self, _: ChargeRequest) -> Answer<'_, ChargeOutcome> {
        nothing()
    }

    fn charge_outcome(&self, _: PaymentAttemptId) -> Answer<'_, Option<ChargeOutcome>> {
        nothing()
    }

    fn abandon_charge(&self, _: PaymentAttemptId) -> Answer<'_, ChargeOutcome> {
        nothing()
    }

    fn refund(&self, _: RefundRequest) -> Answer<'_, RefundOutcome> {
        nothing()
    }

    fn refund_outcome(&self, _: uuid::Uuid) -> Answer<'_, Option<RefundOutcome>> {
        nothing()
    }
}
