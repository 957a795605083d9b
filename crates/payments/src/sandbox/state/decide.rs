//! What the sandbox does with a request: the event that it becomes, `None` where it is known already, or why
//! nothing is done.

use domain::id::PaymentAttemptId;
use domain::time::Instant;

use super::{ChargeRecord, State};
use crate::provider::{
    ChargeReference, ChargeRequest, DeclineCode, ProviderError, RefundFailure, RefundOutcome,
    RefundReference, RefundRequest, Refusal, SetupId, SetupKind, SetupOutcome, SetupRefusal, SetupRequest,
    Subject,
};
use crate::sandbox::event::{Decision, Event};
use crate::sandbox::form::Checked;
use crate::sandbox::test_card::Behavior;

/// How long a set-up waits for its card, in seconds: as long as a purchase waits for its bank (SPEC 4).
const SETUP_LASTS: i64 = 24 * 60 * 60;

/// How often the bank may refuse in one set-up.
const MOST_TRIES: u32 = 5;

/// What a request becomes.
type Decided = Result<Option<Event>, ProviderError>;

impl State {
    /// The set-up's outcome at this moment.
    pub(in crate::sandbox) fn setup_outcome(&self, setup: &SetupId, now: Instant) -> Option<SetupOutcome> {
        let record = self.setup(setup)?;
        let waited = record.outcome == SetupOutcome::Pending;
        let late = waited && record.begun.plus_seconds(SETUP_LASTS) <= now;
        let refused = SetupOutcome::Refused { reason: SetupRefusal::TimedOut };
        Some(if late { refused } else { record.outcome.clone() })
    }

    /// The set-up that this key has begun.
    pub(in crate::sandbox) fn setup_of_key(&self, key: uuid::Uuid) -> Option<&SetupId> {
        self.setup_keys.get(&key)
    }

    /// Begins a set-up under the name `fresh`.
    pub(in crate::sandbox) fn begin_setup(&self, request: SetupRequest, fresh: SetupId) -> Decided {
        if let Some(setup) = self.setup_keys.get(&request.key) {
            let same = self.setup(setup).is_some_and(|record| record.request == request);
            return if same { Ok(None) } else { Err(ProviderError::KeyReused) };
        }
        if let SetupKind::Edit { card } = &request.kind {
            self.card(card).filter(|card| !card.forgotten).ok_or(ProviderError::NotFound(Subject::Card))?;
        }
        Ok(Some(Event::SetupBegun { setup: fresh, request }))
    }

    /// What was typed was in order: a new card of the token `fresh`, or the changed one. `None`: nothing
    /// waits for it any more.
    pub(in crate::sandbox) fn accept_card(
        &self,
        setup: &SetupId,
        typed: Checked,
        fresh: crate::provider::CardToken,
        now: Instant,
    ) -> Option<Event> {
        if self.setup_outcome(setup, now)? != SetupOutcome::Pending {
            return None;
        }
        let request = &self.setup(setup)?.request;
        let setup = setup.clone();
        match (&request.kind, typed.number) {
            (SetupKind::Add, Some(number)) => {
                let card = crate::provider::Card {
                    token: fresh,
                    brand: number.test_card.brand,
                    last_four: number.last_four,
                    expiry: typed.expiry,
                    holder: typed.holder,
                    address: request.holder.address.clone(),
                };
                Some(Event::CardAdded { setup, card, behavior: number.test_card.behavior })
            }
            (SetupKind::Add, None) => None,
            (SetupKind::Edit { card }, _) => {
                let Some(record) = self.card(card).filter(|record| !record.forgotten) else {
                    return Some(Event::SetupRefused { setup, reason: SetupRefusal::CardForgotten });
                };
                let address = request.holder.address.clone().or_else(|| record.card.address.clone());
                Some(Event::CardEdited { setup, expiry: typed.expiry, holder: typed.holder, address })
            }
        }
    }

    /// The bank refused what was typed: one more try is spent, and with the last one the set-up.
    pub(in crate::sandbox) fn refuse_try(&self, setup: &SetupId, now: Instant) -> Option<Event> {
        if self.setup_outcome(setup, now)? != SetupOutcome::Pending {
            return None;
        }
        let setup = setup.clone();
        if self.setup(&setup)?.tries + 1 < MOST_TRIES {
            return Some(Event::TryRefused { setup });
        }
        Some(Event::SetupRefused { setup, reason: SetupRefusal::TooManyTries })
    }

    /// Forgets a card.
    pub(in crate::sandbox) fn forget_card(&self, card: &crate::provider::CardToken) -> Decided {
        let record = self.card(card).ok_or(ProviderError::NotFound(Subject::Card))?;
        Ok((!record.forgotten).then(|| Event::CardForgotten { card: card.clone() }))
    }

    /// Charges, under the reference `fresh` if money moves.
    pub(in crate::sandbox) fn receive_charge(
        &self,
        request: ChargeRequest,
        fresh: ChargeReference,
        now: Instant,
    ) -> Decided {
        match self.charge(request.attempt) {
            Some(ChargeRecord::Forestalled) => return Ok(None),
            Some(ChargeRecord::Received { request: first, .. }) if same_charge(first, &request) => {
                return Ok(None);
            }
            Some(ChargeRecord::Received { .. }) => return Err(ProviderError::KeyReused),
            None => {}
        }
        if !request.amount.is_positive() {
            return Err(Refusal::NotPositive.into());
        }
        let card = self.card(&request.card).ok_or(ProviderError::NotFound(Subject::Card))?;
        let today = jiff::tz::Offset::UTC.to_datetime(now.timestamp()).date();
        let declined = |code| Decision::Declined { code };
        let decision = match card.behavior {
            _ if card.forgotten => declined(DeclineCode::CardForgotten),
            _ if card.card.expiry.is_past(today) => declined(DeclineCode::Expired),
            Behavior::Pays | Behavior::KeepsRefunds => Decision::Collected { reference: fresh },
            Behavior::Declines { code } => declined(code),
            Behavior::AsksToConfirm if request.on_session => Decision::Waiting,
            Behavior::AsksToConfirm => declined(DeclineCode::ConfirmationNeeded),
            Behavior::WrongCode => declined(DeclineCode::Declined),
        };
        Ok(Some(Event::ChargeReceived { request, decision }))
    }

    /// The person answered the bank. `None`: nothing waits for the answer.
    pub(in crate::sandbox) fn answer_bank(
        &self,
        attempt: PaymentAttemptId,
        approved: bool,
        fresh: ChargeReference,
    ) -> Option<Event> {
        let Some(ChargeRecord::Received { decision: Decision::Waiting, .. }) = self.charge(attempt) else {
            return None;
        };
        let decision = if approved {
            Decision::Collected { reference: fresh }
        } else {
            Decision::Declined { code: DeclineCode::ConfirmationRefused }
        };
        Some(Event::ChargeDecided { attempt, decision })
    }

    /// Closes an attempt.
    pub(in crate::sandbox) fn abandon_charge(&self, attempt: PaymentAttemptId) -> Option<Event> {
        match self.charge(attempt) {
            None => Some(Event::ChargeForestalled { attempt }),
            Some(ChargeRecord::Received { decision: Decision::Waiting, .. }) => {
                let decision = Decision::Declined { code: DeclineCode::Abandoned };
                Some(Event::ChargeDecided { attempt, decision })
            }
            Some(_) => None,
        }
    }

    /// Gives back, under the reference `fresh` if money moves.
    pub(in crate::sandbox) fn receive_refund(
        &self,
        request: RefundRequest,
        fresh: RefundReference,
    ) -> Decided {
        if let Some(known) = self.refunds.get(&request.key) {
            return if known.request == request { Ok(None) } else { Err(ProviderError::KeyReused) };
        }
        if !request.amount.is_positive() {
            return Err(Refusal::NotPositive.into());
        }
        let charge = self.collected.get(&request.charge).ok_or(ProviderError::NotFound(Subject::Charge))?;
        let rest = charge.left.minus(request.amount).map_err(|_| Refusal::OtherCurrency)?;
        if rest.is_negative() {
            return Err(Refusal::MoreThanLeft { left: charge.left }.into());
        }
        let keeps = self.card(&charge.card).is_some_and(|card| card.behavior == Behavior::KeepsRefunds);
        let outcome = if keeps {
            RefundOutcome::Failed { reason: RefundFailure::AccountClosed }
        } else {
            RefundOutcome::Succeeded { reference: fresh }
        };
        Ok(Some(Event::RefundReceived { request, outcome }))
    }
}

/// Whether a repeated attempt asks for the same: addresses and language may differ.
fn same_charge(first: &ChargeRequest, again: &ChargeRequest) -> bool {
    let content = |request: &ChargeRequest| (request.amount, request.on_session);
    content(first) == content(again) && first.card == again.card && first.statement == again.statement
}
