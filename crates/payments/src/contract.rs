//! The contract: what every provider must do, whatever it is called (feature `contract`).
//!
//! [`run`] drives a provider through the port only, with [`Hands`] for what people do on the provider's
//! pages. It copes with answers that are lost or late, as the house has to, so that a provider can be run
//! through it on a bad line as well.

mod cards;
mod charges;
mod refunds;

use domain::id::PaymentAttemptId;
use domain::language::Language;
use domain::money::{Currency, Money};
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::provider::{
    Answer, Card, CardToken, ChargeOutcome, ChargeReference, ChargeRequest, Expiry, HolderHints, Provider,
    ProviderError, Setup, SetupKind, SetupOutcome, SetupRequest, WebAddress,
};

/// How often a call is made again before the suite gives up.
const MOST_CALLS: u32 = 20;

/// What people do on the provider's side, and what only the surroundings know.
pub trait Hands: Send + Sync {
    /// An id that was never used at this provider.
    fn fresh_id(&self) -> Uuid;

    /// A page of the portal's to come back to.
    fn return_address(&self) -> WebAddress;

    /// Types a card into the set-up's page, and sends the form.
    fn type_card<'a>(&'a self, setup: &'a Setup, card: Typing) -> BoxFuture<'a, ()>;

    /// Answers the bank on the page at this address. A page that asks nothing any more is left alone.
    fn answer_bank<'a>(&'a self, address: &'a WebAddress, approve: bool) -> BoxFuture<'a, ()>;
}

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typing {
    /// A card that behaves like this; in an edit there is no number to type.
    pub card: Wanted,
    /// The expiry.
    pub expiry: Expiry,
    /// The name on the card.
    pub holder: &'static str,
}

/// What a test card of the provider's has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Pays.
    Good,
    /// Is declined because the account is empty: softly.
    InsufficientFunds,
    /// Is declined because it was reported lost: hard.
    Lost,
    /// Makes the bank ask.
    AsksToConfirm,
}

/// A rule that the provider has broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {found}")]
pub struct Breach {
    /// The rule.
    pub rule: &'static str,
    /// What happened instead.
    pub found: String,
}

/// Whether a rule was kept.
type Kept<T = ()> = Result<T, Breach>;

/// Runs the whole contract. The first rule that is broken ends it.
pub async fn run(provider: &dyn Provider, hands: &dyn Hands) -> Kept {
    let suite = Suite { provider, hands };
    suite.a_card_is_typed_at_the_provider().await?;
    suite.an_edited_card_stays_the_same_card().await?;
    suite.a_forgotten_card_never_pays().await?;
    suite.an_attempt_charges_once().await?;
    suite.a_decline_is_final().await?;
    suite.nothing_is_charged_without_an_amount().await?;
    suite.the_bank_asks_who_is_there().await?;
    suite.an_abandoned_attempt_never_collects().await?;
    suite.a_refund_is_given_once().await?;
    suite.refunds_never_exceed_the_charge().await
}

/// A provider under test.
struct Suite<'a> {
    provider: &'a dyn Provider,
    hands: &'a dyn Hands,
}

/// Fails with the rule and what was found, unless it was kept.
fn rule(rule: &'static str, kept: bool, found: &impl std::fmt::Debug) -> Kept {
    if kept { Ok(()) } else { Err(Breach { rule, found: format!("{found:?}") }) }
}

/// The answer, or that there was none where the rule wants one.
fn answered<T>(rule: &'static str, answer: Result<T, ProviderError>) -> Kept<T> {
    answer.map_err(|error| Breach { rule, found: error.to_string() })
}

fn yen(minor: i64) -> Money {
    Money::new(minor, Currency::JPY)
}

impl<'a> Suite<'a> {
    /// Calls until something is known. Repeating is allowed because the key is the same.
    async fn surely<T>(&self, call: impl Fn(&'a dyn Provider) -> Answer<'a, T>) -> Result<T, ProviderError> {
        let mut last = ProviderError::Unavailable("never called".to_owned());
        for _ in 0..MOST_CALLS {
            match call(self.provider).await {
                Err(error @ (ProviderError::Unknown(_) | ProviderError::Unavailable(_))) => last = error,
                known => return known,
            }
        }
        Err(last)
    }

    /// Charges as the house does: an unknown outcome is asked for, and what never arrived is sent again.
    async fn charge(&self, request: &ChargeRequest) -> Result<ChargeOutcome, ProviderError> {
        let mut last = ProviderError::Unavailable("never called".to_owned());
        for _ in 0..MOST_CALLS {
            match self.provider.charge(request.clone()).await {
                Err(error) if error.is_unknown() => {
                    if let Some(outcome) = self.charge_outcome(request.attempt).await? {
                        return Ok(outcome);
                    }
                    last = error;
                }
                Err(error @ ProviderError::Unavailable(_)) => last = error,
                known => return known,
            }
        }
        Err(last)
    }

    async fn charge_outcome(
        &self,
        attempt: PaymentAttemptId,
    ) -> Result<Option<ChargeOutcome>, ProviderError> {
        self.surely(|provider| provider.charge_outcome(attempt)).await
    }

    fn fresh_attempt(&self) -> PaymentAttemptId {
        PaymentAttemptId::from_uuid(self.hands.fresh_id())
    }

    fn wish(&self, card: &CardToken, amount: Money, on_session: bool) -> ChargeRequest {
        ChargeRequest {
            attempt: self.fresh_attempt(),
            card: card.clone(),
            amount,
            on_session,
            statement: "ZASEKI CONTRACT".to_owned(),
            language: Language::English,
            return_address: self.hands.return_address(),
        }
    }

    fn setup_wish(&self, kind: SetupKind) -> SetupRequest {
        SetupRequest {
            key: self.hands.fresh_id(),
            kind,
            language: Language::Japanese,
            return_address: self.hands.return_address(),
            holder: HolderHints::default(),
        }
    }

    /// A card that behaves as wanted.
    async fn card(&self, wanted: Wanted) -> Kept<Card> {
        const RULE: &str = "a card can be added";
        let request = self.setup_wish(SetupKind::Add);
        let setup = answered(RULE, self.surely(|provider| provider.begin_setup(request.clone())).await)?;
        self.hands.type_card(&setup, typing(wanted)?).await;
        match answered(RULE, self.surely(|provider| provider.setup_outcome(&setup.id)).await)? {
            SetupOutcome::Ready(card) => Ok(card),
            other => Err(Breach { rule: RULE, found: format!("{other:?}") }),
        }
    }

    /// Money that was collected from a good card.
    async fn paid(&self, amount: Money) -> Kept<ChargeReference> {
        const RULE: &str = "a good card pays";
        let card = self.card(Wanted::Good).await?;
        match answered(RULE, self.charge(&self.wish(&card.token, amount, false)).await)? {
            ChargeOutcome::Succeeded { reference } => Ok(reference),
            other => Err(Breach { rule: RULE, found: format!("{other:?}") }),
        }
    }
}

/// What is typed for a card, good for long.
fn typing(card: Wanted) -> Kept<Typing> {
    Ok(Typing { card, expiry: expiry(2039, 5)?, holder: "佐藤 花" })
}

fn expiry(year: i16, month: i8) -> Kept<Expiry> {
    Expiry::new(year, month).ok_or(Breach { rule: "the suite types real months", found: month.to_string() })
}

#[cfg(test)]
mod tests;
