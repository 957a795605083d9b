//! What the contract says about charges.

use super::{Kept, Suite, Wanted, answered, rule, yen};
use crate::provider::{CardToken, ChargeOutcome, DeclineCode, ProviderError, Refusal, Subject, WebAddress};

/// How many ask for the same at once.
const AT_ONCE: usize = 8;

impl Suite<'_> {
    pub(super) async fn an_attempt_charges_once(&self) -> Kept {
        const RULE: &str = "an attempt charges once, however often it is sent";
        let card = self.card(Wanted::Good).await?;
        let wish = self.wish(&card.token, yen(12_650), true);
        let before = answered(RULE, self.charge_outcome(wish.attempt).await)?;
        rule("what was never sent is not known", before.is_none(), &before)?;

        let at_once = futures::future::join_all((0..AT_ONCE).map(|_| self.charge(&wish))).await;
        let first = answered(RULE, at_once[0].clone())?;
        rule("a good card pays", matches!(first, ChargeOutcome::Succeeded { .. }), &first)?;
        rule(RULE, at_once.iter().all(|outcome| outcome.as_ref() == Ok(&first)), &at_once)?;
        let mut elsewhere = wish.clone();
        elsewhere.return_address = elsewhere.return_address.page("/elsewhere");
        for wish in [&wish, &elsewhere] {
            let again = answered(RULE, self.charge(wish).await)?;
            rule(RULE, again == first, &again)?;
        }
        let asked = answered(RULE, self.charge_outcome(wish.attempt).await)?;
        rule("an outcome is what was answered", asked.as_ref() == Some(&first), &asked)?;

        let mut dearer = wish.clone();
        dearer.amount = yen(12_651);
        // Sent until it is answered, not asked for: the outcome is that of the first.
        let reused = self.surely(|provider| provider.charge(dearer.clone())).await;
        rule("an attempt stands for one charge", reused == Err(ProviderError::KeyReused), &reused)?;
        let after = answered(RULE, self.charge_outcome(wish.attempt).await)?;
        rule("a refused key changes nothing", after.as_ref() == Some(&first), &after)?;

        let next = answered(RULE, self.charge(&self.wish(&card.token, yen(12_650), true)).await)?;
        rule("another attempt is another charge", next != first, &next)
    }

    pub(super) async fn a_decline_is_final(&self) -> Kept {
        const RULE: &str = "a decline is final and says why";
        for (wanted, code, hard) in [
            (Wanted::InsufficientFunds, DeclineCode::InsufficientFunds, false),
            (Wanted::Lost, DeclineCode::Lost, true),
        ] {
            let card = self.card(wanted).await?;
            let wish = self.wish(&card.token, yen(1_980), false);
            let declined = ChargeOutcome::Declined { code };
            for _ in 0..2 {
                let outcome = answered(RULE, self.charge(&wish).await)?;
                rule(RULE, outcome == declined, &outcome)?;
            }
            let asked = answered(RULE, self.charge_outcome(wish.attempt).await)?;
            rule(RULE, asked == Some(declined), &asked)?;
            rule("hard and soft declines are told apart", code.is_hard() == hard, &code)?;
        }
        Ok(())
    }

    pub(super) async fn nothing_is_charged_without_an_amount(&self) -> Kept {
        const RULE: &str = "only more than nothing is charged";
        let card = self.card(Wanted::Good).await?;
        for amount in [yen(0), yen(-1)] {
            let wish = self.wish(&card.token, amount, true);
            let outcome = self.charge(&wish).await;
            rule(RULE, outcome == Err(Refusal::NotPositive.into()), &outcome)?;
            let asked = answered(RULE, self.charge_outcome(wish.attempt).await)?;
            rule("what was refused is not known", asked.is_none(), &asked)?;
        }
        let nobody = CardToken::new(self.hands.fresh_id().to_string());
        let outcome = self.charge(&self.wish(&nobody, yen(100), true)).await;
        let not_found = Err(ProviderError::NotFound(Subject::Card));
        rule("an unknown card is not found", outcome == not_found, &outcome)
    }

    pub(super) async fn the_bank_asks_who_is_there(&self) -> Kept {
        const RULE: &str = "a charge that has to be confirmed waits for the person";
        let card = self.card(Wanted::AsksToConfirm).await?;
        for approve in [true, false] {
            let wish = self.wish(&card.token, yen(4_620), true);
            let address = answered_waiting(RULE, self.charge(&wish).await)?;
            let still = answered_waiting(RULE, self.charge(&wish).await)?;
            rule("a repeated attempt waits at the same page", still == address, &still)?;
            self.hands.answer_bank(&address, approve).await;
            let outcome = answered(RULE, self.charge_outcome(wish.attempt).await)?;
            let refused = ChargeOutcome::Declined { code: DeclineCode::ConfirmationRefused };
            let right = match &outcome {
                Some(ChargeOutcome::Succeeded { .. }) => approve,
                Some(outcome) => !approve && *outcome == refused,
                None => false,
            };
            rule("the person's answer decides", right, &outcome)?;
            self.hands.answer_bank(&address, !approve).await;
            let again = answered(RULE, self.charge(&wish).await)?;
            rule("an answer is given once", Some(&again) == outcome.as_ref(), &again)?;
        }
        let alone = answered(RULE, self.charge(&self.wish(&card.token, yen(4_620), false)).await)?;
        let needed = ChargeOutcome::Declined { code: DeclineCode::ConfirmationNeeded };
        rule("nobody is asked who is not there", alone == needed, &alone)
    }

    pub(super) async fn an_abandoned_attempt_never_collects(&self) -> Kept {
        const RULE: &str = "an abandoned attempt never collects";
        let abandoned = ChargeOutcome::Declined { code: DeclineCode::Abandoned };
        let card = self.card(Wanted::AsksToConfirm).await?;
        let waiting = self.wish(&card.token, yen(4_620), true);
        let address = answered_waiting(RULE, self.charge(&waiting).await)?;
        for _ in 0..2 {
            let closed = self.surely(|provider| provider.abandon_charge(waiting.attempt)).await;
            rule(RULE, closed.as_ref() == Ok(&abandoned), &closed)?;
        }
        self.hands.answer_bank(&address, true).await;
        let late = answered(RULE, self.charge_outcome(waiting.attempt).await)?;
        rule(RULE, late.as_ref() == Some(&abandoned), &late)?;

        let good = self.card(Wanted::Good).await?;
        let unsent = self.wish(&good.token, yen(4_620), true);
        let closed = self.surely(|provider| provider.abandon_charge(unsent.attempt)).await;
        rule(RULE, closed.as_ref() == Ok(&abandoned), &closed)?;
        let late = answered(RULE, self.charge(&unsent).await)?;
        rule(RULE, late == abandoned, &late)?;

        let paid = self.wish(&good.token, yen(4_620), true);
        let outcome = answered(RULE, self.charge(&paid).await)?;
        let closed = self.surely(|provider| provider.abandon_charge(paid.attempt)).await;
        rule("what was paid stays paid", closed.as_ref() == Ok(&outcome) && outcome.is_final(), &closed)
    }
}

/// The page on which the bank asks.
fn answered_waiting(rule: &'static str, outcome: Result<ChargeOutcome, ProviderError>) -> Kept<WebAddress> {
    match answered(rule, outcome)? {
        ChargeOutcome::NeedsConfirmation { address } => Ok(address),
        other => Err(super::Breach { rule, found: format!("{other:?}") }),
    }
}
