//! What the contract says about refunds.

use domain::money::{Currency, Money};

use super::{Kept, Suite, answered, rule, yen};
use crate::provider::{ChargeReference, ProviderError, RefundOutcome, RefundRequest, Refusal, Subject};

impl Suite<'_> {
    pub(super) async fn a_refund_is_given_once(&self) -> Kept {
        const RULE: &str = "a refund is given once, however often it is sent";
        let charge = self.paid(yen(10_000)).await?;
        let request = RefundRequest { key: self.hands.fresh_id(), charge, amount: yen(10_000) };
        let refund = || self.surely(|provider| provider.refund(request.clone()));
        let ask = || self.surely(|provider| provider.refund_outcome(request.key));
        let before = answered(RULE, ask().await)?;
        rule("what was never sent is not known", before.is_none(), &before)?;
        let at_once = futures::future::join_all((0..4).map(|_| refund())).await;
        let first = answered(RULE, at_once[0].clone())?;
        rule("a refund succeeds", matches!(first, RefundOutcome::Succeeded { .. }), &first)?;
        rule(RULE, at_once.iter().all(|outcome| outcome.as_ref() == Ok(&first)), &at_once)?;
        let asked = answered(RULE, ask().await)?;
        rule("an outcome is what was answered", asked.as_ref() == Some(&first), &asked)?;
        let other = RefundRequest { amount: yen(9_999), ..request.clone() };
        let reused = self.surely(|provider| provider.refund(other.clone())).await;
        rule("a key stands for one refund", reused == Err(ProviderError::KeyReused), &reused)
    }

    pub(super) async fn refunds_never_exceed_the_charge(&self) -> Kept {
        const RULE: &str = "refunds never exceed the charge";
        let charge = self.paid(yen(10_000)).await?;
        let give = async |amount: Money, charge: &ChargeReference| {
            let request = RefundRequest { key: self.hands.fresh_id(), charge: charge.clone(), amount };
            self.surely(|provider| provider.refund(request.clone())).await
        };
        for amount in [yen(0), yen(-1)] {
            let nothing = give(amount, &charge).await;
            let refused = Err(Refusal::NotPositive.into());
            rule("only more than nothing is given back", nothing == refused, &nothing)?;
        }
        let dollars = give(Money::new(100, Currency::USD), &charge).await;
        rule("money goes back in its own currency", dollars == Err(Refusal::OtherCurrency.into()), &dollars)?;
        let parts = self.provider.capabilities().refunds_in_parts;
        let mut left = 10_000;
        for part in if parts { vec![4_000, 3_500] } else { vec![] } {
            let given = give(yen(part), &charge).await;
            rule("a part can be given back", matches!(given, Ok(RefundOutcome::Succeeded { .. })), &given)?;
            left -= part;
        }
        let too_much = give(yen(left + 1), &charge).await;
        rule(RULE, too_much == Err(Refusal::MoreThanLeft { left: yen(left) }.into()), &too_much)?;
        let rest = give(yen(left), &charge).await;
        rule("the rest can be given back", matches!(rest, Ok(RefundOutcome::Succeeded { .. })), &rest)?;
        let one_more = give(yen(1), &charge).await;
        rule(RULE, one_more == Err(Refusal::MoreThanLeft { left: yen(0) }.into()), &one_more)?;
        let unknown = give(yen(1), &ChargeReference(self.hands.fresh_id().to_string())).await;
        let not_found = Err(ProviderError::NotFound(Subject::Charge));
        rule("an unknown charge is not found", unknown == not_found, &unknown)
    }
}
