//! What the sandbox knows: its journal, read from the beginning. Every change is an event that is applied
//! here first and written then, so that what is open now and what a restart reads cannot differ.

mod decide;

use std::collections::HashMap;

use domain::id::PaymentAttemptId;
use domain::money::Money;
use domain::time::Instant;
use uuid::Uuid;

use super::event::{Decision, Event, Line};
use super::test_card::Behavior;
use crate::provider::{
    Card, CardToken, ChargeReference, ChargeRequest, RefundOutcome, RefundRequest, SetupId, SetupKind,
    SetupOutcome, SetupRequest,
};

/// Everything.
#[derive(Default)]
pub(super) struct State {
    setups: HashMap<SetupId, SetupRecord>,
    setup_keys: HashMap<Uuid, SetupId>,
    cards: HashMap<CardToken, CardRecord>,
    charges: HashMap<PaymentAttemptId, ChargeRecord>,
    collected: HashMap<ChargeReference, Collected>,
    refunds: HashMap<Uuid, RefundRecord>,
}

/// A set-up.
pub(super) struct SetupRecord {
    /// When it was begun.
    pub(super) begun: Instant,
    /// How it was begun.
    pub(super) request: SetupRequest,
    /// How often the bank refused.
    pub(super) tries: u32,
    /// What came of it, timing out aside.
    pub(super) outcome: SetupOutcome,
}

/// A card that was accepted.
pub(super) struct CardRecord {
    /// The card as it is now.
    pub(super) card: Card,
    /// What it does.
    pub(super) behavior: Behavior,
    /// Whether it is of no use any more.
    pub(super) forgotten: bool,
}

/// A charge that was received, or can never be.
pub(super) enum ChargeRecord {
    /// Received.
    Received { request: ChargeRequest, decision: Decision },
    /// Closed before it was received.
    Forestalled,
}

/// Money that was collected.
struct Collected {
    card: CardToken,
    /// What has not been given back yet.
    left: Money,
}

struct RefundRecord {
    request: RefundRequest,
    outcome: RefundOutcome,
}

impl State {
    /// Takes a line in. An error says what does not fit to the lines before; then nothing has changed.
    pub(super) fn apply(&mut self, line: Line) -> Result<(), String> {
        match line.event {
            Event::SetupBegun { setup, request } => {
                self.setup_keys.insert(request.key, setup.clone());
                let outcome = SetupOutcome::Pending;
                self.setups.insert(setup, SetupRecord { begun: line.at, request, tries: 0, outcome });
            }
            Event::TryRefused { setup } => self.setup_mut(&setup)?.tries += 1,
            Event::SetupRefused { setup, reason } => {
                self.setup_mut(&setup)?.outcome = SetupOutcome::Refused { reason };
            }
            Event::CardAdded { setup, card, behavior } => {
                self.setup_mut(&setup)?.outcome = SetupOutcome::Ready(card.clone());
                self.cards.insert(card.token.clone(), CardRecord { card, behavior, forgotten: false });
            }
            Event::CardEdited { setup, expiry, holder, address } => {
                let SetupKind::Edit { card: token } = self.setup_mut(&setup)?.request.kind.clone() else {
                    return Err(format!("{} edits no card", setup.0));
                };
                let card = &mut self.cards.get_mut(&token).ok_or("no such card")?.card;
                (card.expiry, card.holder) = (expiry, holder);
                card.address = address;
                let outcome = SetupOutcome::Ready(card.clone());
                self.setup_mut(&setup)?.outcome = outcome;
            }
            Event::CardForgotten { card } => {
                self.cards.get_mut(&card).ok_or("no such card")?.forgotten = true;
            }
            Event::ChargeReceived { request, decision } => {
                self.count(&decision, &request);
                self.charges.insert(request.attempt, ChargeRecord::Received { request, decision });
            }
            Event::ChargeDecided { attempt, decision } => self.settle(attempt, decision)?,
            Event::ChargeForestalled { attempt } => {
                self.charges.insert(attempt, ChargeRecord::Forestalled);
            }
            Event::RefundReceived { request, outcome } => self.give_back(request, outcome)?,
        }
        Ok(())
    }

    /// The set-up of this name.
    pub(super) fn setup(&self, setup: &SetupId) -> Option<&SetupRecord> {
        self.setups.get(setup)
    }

    /// The card of this token, also if it is forgotten.
    pub(super) fn card(&self, card: &CardToken) -> Option<&CardRecord> {
        self.cards.get(card)
    }

    /// The charge of this attempt.
    pub(super) fn charge(&self, attempt: PaymentAttemptId) -> Option<&ChargeRecord> {
        self.charges.get(&attempt)
    }

    /// What came of this refund.
    pub(super) fn refund(&self, key: Uuid) -> Option<&RefundOutcome> {
        self.refunds.get(&key).map(|refund| &refund.outcome)
    }

    /// How many charges collected money, and how much is left of all of them in minor units: for tests, which
    /// compare it with what they believe to have paid.
    pub(super) fn books(&self) -> (usize, i64) {
        (self.collected.len(), self.collected.values().map(|collected| collected.left.minor()).sum())
    }

    fn setup_mut(&mut self, setup: &SetupId) -> Result<&mut SetupRecord, String> {
        self.setups.get_mut(setup).ok_or_else(|| format!("no set-up {}", setup.0))
    }

    fn settle(&mut self, attempt: PaymentAttemptId, decided: Decision) -> Result<(), String> {
        let Some(ChargeRecord::Received { request, decision: decision @ Decision::Waiting }) =
            self.charges.get_mut(&attempt)
        else {
            return Err(format!("{attempt} does not wait"));
        };
        *decision = decided.clone();
        let request = request.clone();
        self.count(&decided, &request);
        Ok(())
    }

    fn count(&mut self, decision: &Decision, request: &ChargeRequest) {
        if let Decision::Collected { reference } = decision {
            let collected = Collected { card: request.card.clone(), left: request.amount };
            self.collected.insert(reference.clone(), collected);
        }
    }

    fn give_back(&mut self, request: RefundRequest, outcome: RefundOutcome) -> Result<(), String> {
        let collected = self.collected.get_mut(&request.charge).ok_or("no such charge")?;
        if matches!(outcome, RefundOutcome::Succeeded { .. }) {
            let left = collected.left.minus(request.amount).map_err(|error| error.to_string())?;
            if left.is_negative() {
                return Err("more is given back than was collected".to_owned());
            }
            collected.left = left;
        }
        self.refunds.insert(request.key, RefundRecord { request, outcome });
        Ok(())
    }
}
